/* The schema is compared before and after an upgrade: missing objects prevent it, and the end is not called current. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version::text FROM public.migrate_version"
#define CHANGES "SELECT count(*) FROM fitsdb_schema.change"
#define LATEST_OF_BUILD "database fitsdata is at version 39, the latest of this build"

/* What a damage at a version leads to: `refused` is a part of the list of missing objects; otherwise status and stderr. */
static const struct {
	int			version;
	int			status;
	const char *damage;
	const char *refused;
	const char *err;			/* NULL: nothing */
}			cases[] = {
	/* a column that no pending migration creates; one of them needs it */
	{33, 3, "ALTER TABLE userprogram DROP COLUMN path", "detail: table userprogram: column path; needed by migration 37\n"
	"1 object of version 33 is missing, and no pending migration creates it", NULL},
	/* none needs it */
	{33, 3, "DROP INDEX ix_tapefile_md5", "detail: table tapefile: index ix_tapefile_md5\n1 object", NULL},
	{33, 3, "ALTER TABLE tapefile DROP COLUMN md5", "detail: table tapefile: column md5, index ix_tapefile_md5\n2 objects",
	NULL},
	/* nothing is listed that follows from another one */
	{33, 3, "DROP TABLE tapefile CASCADE", "detail: table tapefile; needed by migration 37\n1 object", NULL},
	{20, 3, "ALTER TABLE header DROP COLUMN procsci",
	"detail: table header: column procsci; needed by migration 21\n1 object", NULL},
	{24, 3, "DROP TABLE miscfile_plus; ALTER TABLE miscfile_folder DROP COLUMN release",
		"detail: table miscfile_folder: column release\n  table miscfile_plus\n2 objects of version 24 are missing, and no"
	" pending migration creates them", NULL},
	/* a pending migration renames its type, or would create it if its table were not there */
	{20, 3, "DELETE FROM pg_enum WHERE enumtypid = 'procsci'::regtype AND enumlabel = 'ql'",
	"detail: type procsci: label ql\n1 object of version 20", NULL},
	{22, 3, "CREATE TABLE miscfile_plus (id serial PRIMARY KEY, collection_id integer, folder_id integer, filename text,"
	" description text)", "detail: table miscfile_plus: column last_modified, column program_id\nof version 23 are missing", NULL},
	/* a pending migration creates it */
	{33, 0, "DROP INDEX ix_header_ut_datetime_nulls_last", NULL, NULL},
	{31, 0, "DROP TABLE ghost; DROP TYPE ghost_read_speed_setting, ghost_gain_setting, ghost_resolution", NULL, NULL},
	/* the latest version does not have it */
	{33, 0, "ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_path_destination_key", NULL, NULL},
	/* it is there in another form, or in the way */
	{36, 1, "ALTER TABLE gmos ALTER grating_order TYPE bigint", NULL,
		"warning: column gmos.grating_order differs from version 39, and no pending migration changes it\n"
		"error: the schema of database \"fitsdata\" is not that of version 39: 0 missing, 1 different\n"
	"detail: gmos: column grating_order: type is bigint, should be integer\nhint: To add the missing objects, run"
	" \"fitsdb-schema repair\""},
	{29, 1, "CREATE TABLE ix_userprogram_path (a integer)", NULL,
		"warning: migration 37 creates index userprogram.ix_userprogram_path, but table ix_userprogram_path has that name\n"
	"1 missing, 0 different\ndetail: userprogram: index ix_userprogram_path is missing\n1 extra object or privilege, not part of"
	" version 39"},
	/* nor is one that refuses rows, but the schema is another one at the end */
	{10, 1, "CREATE UNIQUE INDEX mine ON exportqueue (filename, path, destination)", NULL,
		"warning: extra index exportqueue.mine would remain and refuse rows that the schema allows\n0 missing, 1 different\n"
	"detail: exportqueue: index mine is not part of version 39"},
	/* extra objects are no obstacle */
	{38, 0, "CREATE TABLE mine (a integer); CREATE INDEX of_mine ON gmos (id)", NULL,
	"2 extra objects or privileges, not part of version 39: \"fitsdb-schema verify\" lists them"},
};

START_TEST(damage_is_found)
{
	char	   *conninfo = lineage_current("fitsdata", cases[_i].version);
	char	   *version = mem_format("%d", cases[_i].version);
	char	   *refusal = mem_format("%s\nerror: database \"fitsdata\" cannot be upgraded\ndetail: Nothing was changed\n"
									 "hint: To add ", cases[_i].refused ? cases[_i].refused : "");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *changes = sql_value(connection, CHANGES);

	rows_fill(connection);
	/* Only a superuser may change the catalogs. */
	if (strncmp(cases[_i].damage, "DELETE", 6) == 0)
		server_execute("fitsdata", cases[_i].damage);
	else
		sql_exec(connection, cases[_i].damage);
	tool_expect(conninfo, ARGS("plan"), cases[_i].refused || cases[_i].status != 0,
				cases[_i].refused ? "an upgrade to 39 would be refused\nrun \"fitsdb-schema repair\"" : "an upgrade to 39 would"
				" run", "");
	if (cases[_i].refused) {
		tool_expect(conninfo, ARGS("upgrade"), 3, NULL, refusal);
		sql_expect(connection, VERSION, version);
		sql_expect(connection, CHANGES, changes);
	} else
		tool_expect(conninfo, ARGS("upgrade"), cases[_i].status, cases[_i].status == 0 ? LATEST_OF_BUILD : "upgrading to 39",
					cases[_i].err);
	if (cases[_i].status == 1)
		sql_expect(connection, VERSION, "39");
	mem_free(changes);
	PQfinish(connection);
	mem_free(refusal);
	mem_free(version);
	mem_free(conninfo);
}
END_TEST

/* Settings on which no query depends are notes. Others are differences, listed with the statement that resets them. */
START_TEST(settings_of_operators)
{
	char	   *conninfo = lineage_current("fitsdata", 33);

	server_execute("fitsdata", "ALTER TABLE header SET (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 90,"
				   " toast.autovacuum_enabled = false); ALTER TABLE header ALTER camera SET STATISTICS 500, ALTER camera SET"
				   " (n_distinct = 5), REPLICA IDENTITY FULL; CLUSTER gmos USING gmos_pkey; ALTER SEQUENCE header_id_seq"
				   " CACHE 10; COMMENT ON TABLE header IS 'big'; COMMENT ON COLUMN header.camera IS 'c'; COMMENT ON TYPE caltype"
				   " IS 't'; COMMENT ON INDEX ix_header_camera IS 'i'; ALTER INDEX ix_header_camera SET (fillfactor = 80)");
	tool_expect(conninfo, ARGS("plan"), 0, "end complete", "");
	tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, "");
	tool_expect(conninfo, ARGS("verify"), 0, "note: table header: options is autovacuum_vacuum_scale_factor=0.01,"
				" fillfactor=90; the version does not set it, and no query depends on it\n"
				"note: table header: toast options is autovacuum_enabled=false; the version does not set it\n"
				"note: table header: replica identity is full; the version\n"
				"note: table header: comment is big; the version\n"
				"note: column camera: statistics is 500; the version\n"
				"note: constraint gmos_pkey: clustered is set; the version\n"
				"note: sequence header_id_seq: cache is 10; the version", "");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "nothing to repair", "");
	server_execute("fitsdata", "ALTER TABLE header REPLICA IDENTITY NOTHING, ALTER camera SET STORAGE PLAIN, ENABLE ROW LEVEL"
				   " SECURITY; ALTER SEQUENCE header_id_seq INCREMENT 2");
	tool_expect(conninfo, ARGS("downgrade", "37", "--yes"), 0, "", "");
	tool_expect(conninfo, ARGS("plan"), 1, "0 objects missing, 3 different", "");
	tool_expect(conninfo, ARGS("upgrade"), 1, "at version 39", "0 missing, 4 different\nrow security should not be set; \"ALTER"
				" TABLE public.header DISABLE ROW LEVEL SECURITY\" turns it off\nreplica identity is nothing\nstorage is plain");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "DISABLE ROW LEVEL SECURITY\" turns it off: run it yourself", NULL);
	tool_expect(conninfo, ARGS("verify"), 1, "storage is plain, should be", "");
	mem_free(conninfo);
}
END_TEST

/* Another kind of object has the name of one that a pending migration creates, and makes that or a later one fail. */
static const struct {
	int			version;
	int			goes_on;		/* up to this version there is only a warning; 0: to none */
	const char *sql;
	const char *object;
	const char *line;
}			taken[] = {
	{34, 0, "CREATE TABLE ix_gmos_array_name (id integer)", "table ix_gmos_array_name",
	"migration 35 creates index gmos.ix_gmos_array_name, but table ix_gmos_array_name has that name"},
	{26, 0, "CREATE VIEW ix_header_ut_datetime_nulls_last AS SELECT 1 AS id", "view ix_header_ut_datetime_nulls_last",
	"migration 27 creates index header.ix_header_ut_datetime_nulls_last, but view"},
	{26, 34, "CREATE SEQUENCE ix_gmos_array_name", "sequence ix_gmos_array_name", "migration 35 creates"},
	{29, 0, "CREATE VIEW ghost AS SELECT 1 AS id", "view ghost", "migration 30 creates table ghost, but view ghost"},
	{29, 0, "CREATE TYPE ghost AS ENUM ()", "type ghost", "migration 30 creates table ghost, but type ghost"},
	{22, 0, "CREATE INDEX miscfile_plus ON file (id, name)", "index file.miscfile_plus", "migration 23 creates table"},
	{29, 31, "CREATE TABLE ghost_gain_setting (id integer)", "table ghost_gain_setting",
	"migration 30 creates type ghost_gain_setting, but table ghost_gain_setting has that name"},
	{29, 31, "CREATE TABLE ghost_read_speed_setting (id integer)", "table ghost_read_speed_setting", "migration 30 creates"},
	/* the server would choose another name for the constraint, and no later migration would drop it */
	{10, 0, "CREATE INDEX exportqueue_filename_path_destination_key ON exportqueue (path)",
		"index exportqueue.exportqueue_filename_path_destination_key", "migration 11 creates constraint exportqueue"
	".exportqueue_filename_path_destination_key, but index exportqueue.exportqueue_filename_path_dest"},
	{33, 0, "CREATE TABLE exportqueue_filename_inprogress_failed_destination_key (id integer)",
		"table exportqueue_filename_inprogress_failed_destination_key", "migration 37 creates constraint exportqueue"
	".exportqueue_filename_inprogress_failed_destination_key, but table"},
	/* a later one would give it another name */
	{16, 0, "CREATE TABLE idx_diskfile_datafile_timestamp (id integer)", "table idx_diskfile_datafile_timestamp",
	"migration 37 renames or drops index diskfile.idx_diskfile_datafile_timestamp, but table"},
	{8, 0, "CREATE INDEX idx_archiveuser_orcid_id ON file (name)", "index file.idx_archiveuser_orcid_id",
	"migration 37 renames or drops index archiveuser.idx_archiveuser_orcid_id, but index file.idx_archiveuser"},
};

START_TEST(a_name_is_taken)
{
	char	   *conninfo = lineage_current("fitsdata", taken[_i].version);
	char	   *version = mem_format("%d", taken[_i].version);
	char	   *goes_on = mem_format("%d", taken[_i].goes_on);
	char	   *refusal = mem_format("detail: %s\nerror: database \"fitsdata\" cannot be upgraded: 1 object is in the"
									 " way of pending migrations\ndetail: Nothing was changed\n"
									 "hint: Rename or drop %s; then run", taken[_i].line, taken[_i].object);
	char	   *hint = mem_format("an upgrade to 39 would be refused\nRename or drop %s; then", taken[_i].object);
	const char *space = strchr(taken[_i].object, ' ');
	const char *dot = strchr(taken[_i].object, '.');
	char	   *away = mem_format("ALTER %.*s %s RENAME TO mine", (int) (space - taken[_i].object), taken[_i].object,
								  (dot ? dot : space) + 1);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *changes = sql_value(connection, CHANGES);

	sql_exec(connection, taken[_i].sql);
	tool_expect(conninfo, ARGS("plan"), 1, hint, "");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, refusal);
	sql_expect(connection, VERSION, version);
	sql_expect(connection, CHANGES, changes);
	if (taken[_i].goes_on > 0)
		tool_expect(conninfo, ARGS("upgrade", goes_on), taken[_i].goes_on == 31, "", "");
	else {
		sql_exec(connection, away);
		tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, "1 extra object or privilege");
	}
	mem_free(changes);
	PQfinish(connection);
	mem_free(away);
	mem_free(hint);
	mem_free(refusal);
	mem_free(goes_on);
	mem_free(version);
	mem_free(conninfo);
}
END_TEST

/* Only a schema that was compared is called that of the latest version. */
START_TEST(different_at_the_end)
{
	char	   *conninfo = lineage_current("fitsdata", 36);
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	sql_exec(connection, "ALTER TABLE gmos ALTER grating_order TYPE bigint");
	tool_run(&process, conninfo, ARGS("upgrade"));
	tool_wrote(&process, 1, "database fitsdata is at version 39", "");
	ck_assert_ptr_null(strstr(process.out, "latest"));
	process_clear(&process);
	/* Nothing is compared where there is nothing to do. */
	tool_run(&process, conninfo, ARGS("upgrade"));
	tool_wrote(&process, 0, "database fitsdata: nothing to do at version 39", NULL);
	ck_assert_ptr_null(strstr(process.out, "latest"));
	process_clear(&process);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Up to a version below the latest: what a later migration creates or replaces does not prevent it. */
START_TEST(on_the_way)
{
	char	   *conninfo = lineage_migrated("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("upgrade", "20"), 1, "database fitsdata is at version 20", "is not that of version 20: 1"
				" missing, 0 different\ndetail: caltype: label processed_standard is missing");
	sql_exec(connection, "DROP INDEX ix_tapefile_md5");
	tool_expect(conninfo, ARGS("upgrade", "22"), 3, NULL, "table tapefile: index ix_tapefile_md5\n1 object of version 20");
	tool_expect(conninfo, ARGS("plan", "22"), 1, "an upgrade to 22 would be refused\n  table tapefile: index"
				" ix_tapefile_md5", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* An object that only a later migration replaces prevents no upgrade to a version below it, and is not repaired. */
START_TEST(replaced_later)
{
	char	   *conninfo = lineage_migrated("fitsdata", 31);

	server_execute("fitsdata", "ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_inprogress_failed_key, DROP"
				   " CONSTRAINT exportqueue_filename_path_destination_key; DROP INDEX idx_archiveuser_orcid_id");
	tool_expect(conninfo, ARGS("plan", "34"), 0, "an upgrade to 34 would run 3 migrations and\nend complete", "");
	tool_expect(conninfo, ARGS("upgrade", "34"), 0, "database fitsdata is at version 34", "3 objects are not as in version"
				" 34, and a later migration replaces them: \"fitsdb-schema verify\" lists them");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "nothing to repair at version 34\nnote: ", "");
	tool_expect(conninfo, ARGS("verify"), 1, "exportqueue_filename_inprogress_failed_key is missing", "");
	tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(a_long_list_is_cut)
{
	char	   *conninfo = lineage_current("fitsdata", 33);
	json_t	   *json;
	const json_t *prediction;

	server_execute("fitsdata", "DO $$ DECLARE name text; BEGIN FOR name IN SELECT tablename FROM pg_tables"
				   " WHERE schemaname = 'public' AND tablename <> 'migrate_version' ORDER BY 1 LIMIT 30 LOOP"
				   " EXECUTE format('DROP TABLE %I CASCADE', name); END LOOP; END $$");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "And objects of \n more tables or types: \"fitsdb-schema verify\" lists"
				" them\nNothing was changed");
	json = json_run(conninfo, "plan", 1);
	prediction = json_object_get(json, "prediction");
	json_expect_string(prediction, "outcome", "refused");
	ck_assert(strstr(json_string_value(json_object_get(prediction, "reason")), "objects of version 33 are missing"));
	ck_assert(json_is_null(json_object_get(prediction, "stamp")));
	ck_assert_uint_ge(json_array_size(json_object_get(prediction, "missing")), 30);
	json_decref(json);
	mem_free(conninfo);
}
END_TEST

/* The database was stamped with a version that it was not at. */
START_TEST(a_stamp_is_better)
{
	char	   *conninfo = lineage_current("fitsdata", 21);
	PGconn	   *connection = sql_connect(conninfo);
	json_t	   *json;

	lineage_forget(connection, 25);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "objects of version 25 are missing\ndetail: Nothing was changed\n"
				"hint: The schema matches version 21 better. Run \"fitsdb-schema stamp 21\", then \"fitsdb-schema"
				" upgrade\"");
	tool_expect(conninfo, ARGS("plan"), 1, "would be refused\n\"fitsdb-schema stamp 21\"", "");
	json = json_run(conninfo, "plan", 1);
	json_expect_integer(json_object_get(json, "prediction"), "stamp", 21);
	json_decref(json);
	tool_must(conninfo, ARGS("stamp", "21"));
	tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Migrations that have been run already need nothing. */
START_TEST(a_stamp_is_too_low)
{
	static const int stamps[] = {0, 9, 15, 20, 31};
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);

	lineage_forget(connection, stamps[_i]);
	tool_expect(conninfo, ARGS("plan"), 0, "end complete", "");
	tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The server locks a table to print the definition of a view of it. */
static char *
with_view(int version)
{
	char	   *conninfo = lineage_current("fitsdata", version);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE VIEW report AS SELECT name FROM file");
	PQfinish(connection);
	return conninfo;
}

START_TEST(a_lock_is_waited_for)
{
	char	   *conninfo = with_view(38);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE file");
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	tool_expect(conninfo, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=1"), 3, NULL,
				"schema check: canceling statement due to lock timeout; rolled back, trying again in\n"
				"error: could not read the schema: table public.file is locked by PID");
	sql_expect(connection, VERSION, "38");
	tool_start(&process, conninfo, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, LATEST_OF_BUILD, "1 extra object or privilege, not part of version 39");
	process_clear(&process);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The migration is done, and the message says so; but nothing is said of the schema. */
START_TEST(locked_at_the_end)
{
	char	   *conninfo = with_view(16);
	PGconn	   *first = block_begin(conninfo, "LOCK TABLE diskfile IN ACCESS SHARE MODE");
	PGconn	   *second;
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "17", "--lock-timeout=200ms", "--lock-retries=1000"));
	process_expect(&process, "add_datafile_timestamp");
	process_expect(&process, "trying again");
	second = block_begin(conninfo, "LOCK TABLE file");
	block_end(first);
	sql_await(connection, VERSION, "17");
	process_expect(&process, "schema check: canceling statement");
	process_signal(&process, 2);
	process_wait(&process);
	tool_wrote(&process, 2, "database fitsdata is at version 17", "Database \"fitsdata\" is at version 17, but its schema was"
			   " not checked\nhint: ");
	process_clear(&process);
	block_end(second);
	tool_expect(conninfo, ARGS("upgrade", "17"), 0, "nothing to do at version 17", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* A build without SCHEMA knows no facts, so it compares nothing. */
START_TEST(without_facts)
{
	char	   *conninfo = build_database(3);

	server_execute("fitsdata", "DROP TABLE a1");
	tool_expect(conninfo, ARGS("upgrade", "4"), 0, "database fitsdata is at version 4", NULL);
	mem_free(conninfo);
}
END_TEST

Suite *
schema_check_suite(void)
{
	Suite	   *suite = suite_create("schema_check");
	TCase	   *tcase = tcase_create("schema_check");
	TCase	   *steps = tcase_create("steps");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, damage_is_found, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, a_name_is_taken, 0, sizeof(taken) / sizeof(taken[0]));
	tcase_add_test(tcase, different_at_the_end);
	tcase_add_test(tcase, on_the_way);
	tcase_add_test(tcase, settings_of_operators);
	tcase_add_test(tcase, replaced_later);
	tcase_add_test(tcase, a_long_list_is_cut);
	tcase_add_test(tcase, a_stamp_is_better);
	tcase_add_loop_test(tcase, a_stamp_is_too_low, 0, 5);
	tcase_add_test(tcase, a_lock_is_waited_for);
	tcase_add_test(tcase, locked_at_the_end);
	tcase_add_unchecked_fixture(steps, build_steps, build_end);
	tcase_add_test(steps, without_facts);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, steps);
	return suite;
}
