/* What prevents an upgrade or a downgrade besides missing objects, with what helps; and a migration that is incomplete already. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/lineage.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version::text FROM public.migrate_version"
#define CHANGES "SELECT count(*) FROM fitsdb_schema.change"
#define LATEST_OF_BUILD "database fitsdata is at version 39, the latest of this build"

/* What makes a migration fail, or lets it miss rows; and the statement that helps. */
static const struct {
	int			version;
	const char *sql;
	const char *line;
	const char *advice;
	const char *undo;
}			obstacles[] = {
	{33, "CREATE VIEW tapes AS SELECT size, data_size FROM tapefile",
		"migration 37 changes or drops column tapefile.size, which view tapes uses\n"
		"  migration 37 changes or drops column tapefile.data_size, which view tapes uses\n",
	"Drop view tapes (and create it again after the upgrade); then", "DROP VIEW tapes"},
	/* the column has its new type already, from the data models; PostgreSQL refuses this, too */
	{10, "ALTER TABLE tapefile ALTER size TYPE bigint, ALTER data_size TYPE bigint;"
		" CREATE VIEW tapes AS SELECT filename, size FROM tapefile",
		"migration 37 changes or drops column tapefile.size, which view tapes uses\n",
	"Drop view tapes (and create it again after the upgrade); then", "DROP VIEW tapes"},
	{9, "CREATE MATERIALIZED VIEW users AS SELECT procsci FROM header",
		"migration 10 changes or drops column header.procsci, which materialized view users uses\n",
	"Drop materialized view users (and create it", "DROP MATERIALIZED VIEW users"},
	{30, "ALTER TABLE exportqueue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY p ON exportqueue"
		" USING (filename = 'a')", "migration 31 changes rows of table exportqueue, and policies may hide some from its owner\n"
		"  migration 37 changes rows of table exportqueue",
		"Run \"ALTER TABLE public.exportqueue NO FORCE ROW LEVEL SECURITY\"; then",
	"ALTER TABLE public.exportqueue NO FORCE ROW LEVEL SECURITY"},
};

START_TEST(an_object_is_in_the_way)
{
	char	   *conninfo = lineage_current("fitsdata", obstacles[_i].version);
	char	   *version = mem_format("%d", obstacles[_i].version);
	char	   *refusal = mem_format("detail: %s\nerror: database \"fitsdata\" cannot be upgraded: 1 object is in the way of"
									 " pending migrations\ndetail: Nothing was changed\nhint: %s", obstacles[_i].line,
									 obstacles[_i].advice);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *changes = sql_value(connection, CHANGES);
	bool		policy = strstr(obstacles[_i].sql, "POLICY") != NULL;

	sql_exec(connection, "INSERT INTO exportqueue (filename, destination, inprogress, failed) VALUES"
			 " ('a', 'd', false, false), ('b', 'd', false, false)");
	sql_exec(connection, obstacles[_i].sql);
	tool_expect(conninfo, ARGS("plan"), 1, "an upgrade to 39 would be refused\n  migration", "");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, refusal);
	sql_expect(connection, VERSION, version);
	sql_expect(connection, CHANGES, changes);
	sql_exec(connection, obstacles[_i].undo);
	/* Row security itself is a difference. */
	tool_expect(conninfo, ARGS("upgrade"), policy, policy ? "at version 39" : LATEST_OF_BUILD, policy ? "row security" : "");
	sql_expect(connection, "SELECT count(*) FROM exportqueue WHERE after IS NOT NULL", "2");
	mem_free(changes);
	PQfinish(connection);
	mem_free(refusal);
	mem_free(version);
	mem_free(conninfo);
}
END_TEST

/* Rows or a column that do not fit; and what helps. */
static const struct {
	int			version;
	const char *sql;
	const char *line;			/* NULL: the upgrade goes through */
	const char *advice;
	const char *undo;
}			unfit[] = {
	{33, "ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_inprogress_failed_key, DROP CONSTRAINT"
		" exportqueue_filename_path_destination_key; INSERT INTO exportqueue (filename, destination, inprogress, failed)"
		" SELECT 'a', 'd', false, false FROM generate_series(1, 3)",
		"constraint exportqueue.exportqueue_filename_inprogress_failed_destination_key, which a pending migration adds: 1"
		" value occurs more than once\n    SELECT filename, inprogress, failed, destination, count(*) FROM ONLY public"
	".exportqueue WHERE", "Correct the rows that the queries show; then", "DELETE FROM exportqueue WHERE id > 1"},
	{10, "INSERT INTO ingestqueue (filename, path) VALUES ('a', ''), ('b', ''), ('a', ''), ('b', '')",
		"constraint ingestqueue.ingestqueue_filename_path_key, which a pending migration adds: 2 values occur more",
	"Correct the rows", "DELETE FROM ingestqueue WHERE id > 2"},
	/* migration 11 adds a constraint that 37 replaces, and does not have to add it */
	{10, "INSERT INTO exportqueue (filename, path, destination, inprogress, failed) VALUES ('a', '', 'd', true, false)",
	NULL, NULL, NULL},
	{33, "ALTER TABLE tapefile ALTER size TYPE text", "migration 37 changes the type of column tapefile.size to bigint, but"
		" its type text is not cast to that automatically", "Run \"ALTER TABLE public.tapefile ALTER COLUMN size TYPE"
	" integer USING size::integer\"; then", "ALTER TABLE public.tapefile ALTER COLUMN size TYPE integer USING size::integer"},
	{33, "ALTER TABLE tapefile ALTER size TYPE numeric", NULL, NULL, NULL},
};

START_TEST(rows_or_columns_do_not_fit)
{
	char	   *conninfo = lineage_current("fitsdata", unfit[_i].version);
	char	   *version = mem_format("%d", unfit[_i].version);
	char	   *refusal = mem_format("detail: %s\nerror: database \"fitsdata\" cannot be upgraded: rows or columns"
									 " contradict 1 change of pending migrations\ndetail: Nothing was changed\nhint: %s",
									 unfit[_i].line ? unfit[_i].line : "", unfit[_i].advice ? unfit[_i].advice : "");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *changes = sql_value(connection, CHANGES);

	sql_exec(connection, unfit[_i].sql);
	if (unfit[_i].line) {
		tool_expect(conninfo, ARGS("plan"), 1, "an upgrade to 39 would be refused\n; then run \"fitsdb-schema upgrade\"", "");
		tool_expect(conninfo, ARGS("plan", "--json"), 1, "rows or columns contradict 1 change of pending"
					" migrations\\n", "");
		tool_expect(conninfo, ARGS("upgrade"), 3, NULL, refusal);
		sql_expect(connection, VERSION, version);
		sql_expect(connection, CHANGES, changes);
		sql_exec(connection, unfit[_i].undo);
	}
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, LATEST_OF_BUILD, unfit[_i].line ? NULL : "");
	mem_free(changes);
	PQfinish(connection);
	mem_free(refusal);
	mem_free(version);
	mem_free(conninfo);
}
END_TEST

/* An index that an interrupted build has left is missing, unless a pending migration builds it again. */
START_TEST(an_index_is_invalid)
{
	static const struct {
		int			version;
		const char *index;
		const char *refused;
	}			indexes[] = {
		{33, "ix_tapefile_md5", "detail: table tapefile: index ix_tapefile_md5 (invalid)\n1 object of version 33 is missing"
		"\nhint: To add it, run"},
		{33, "ix_header_ut_datetime_nulls_last", NULL},
		{37, "ix_header_ut_datetime_nulls_last", "detail: table header: index ix_header_ut_datetime_nulls_last (invalid)"},
	};
	char	   *conninfo = lineage_current("fitsdata", indexes[_i].version);
	char	   *damage = mem_format("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '%s'::regclass",
									indexes[_i].index);

	server_execute("fitsdata", damage);
	if (indexes[_i].refused) {
		tool_expect(conninfo, ARGS("plan"), 1, "would be refused\n (invalid)", "");
		tool_expect(conninfo, ARGS("upgrade"), 3, NULL, indexes[_i].refused);
		tool_must(conninfo, ARGS("repair", "--yes"));
	}
	tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, indexes[_i].refused ? NULL : "dropped and built again");
	mem_free(damage);
	mem_free(conninfo);
}
END_TEST

/* Migration 30 refers to the key, but not by its name. */
START_TEST(a_key_has_another_name)
{
	char	   *conninfo = lineage_current("fitsdata", 10);

	server_execute("fitsdata", "ALTER TABLE header RENAME CONSTRAINT header_pkey TO pk_header");
	tool_expect(conninfo, ARGS("plan"), 1, "end incomplete: 0 objects missing, 1 different\n"
				"constraint header.header_pkey would be different", "");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 1, "at version 39", "constraint header_pkey is named pk_header");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "the repair is complete", "");
	tool_expect(conninfo, ARGS("verify"), 0, "", "");
	mem_free(conninfo);
}
END_TEST

/* Migration 32 stops after some statements. Repair refuses it then. */
static PGconn *
stop_at_32(const char *conninfo)
{
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE ghost IN ACCESS SHARE MODE");

	tool_expect(conninfo, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "lock timeout\n statements are"
				" committed; the database stays at version 31");
	block_end(blocker);
	return sql_connect(conninfo);
}

START_TEST(incomplete_and_missing)
{
	char	   *conninfo = lineage_current("fitsdata", 31);
	PGconn	   *connection = stop_at_32(conninfo);

	sql_exec(connection, "ALTER TABLE userprogram DROP COLUMN path");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "hint: Migration 32 is incomplete. First run \"fitsdb-schema"
				" downgrade 31\". Then, to add it, run \"fitsdb-schema upgrade --repair\"");
	tool_must(conninfo, ARGS("downgrade", "31", "--yes"));
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 0, LATEST_OF_BUILD, NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(incomplete_and_taken)
{
	char	   *conninfo = lineage_current("fitsdata", 31);
	PGconn	   *connection = stop_at_32(conninfo);

	sql_exec(connection, "ALTER TYPE ghost_gain_setting RENAME TO mine; CREATE TABLE ghost_gain_setting (id integer)");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "error: database \"fitsdata\" cannot be upgraded: 1 object is in the way"
				"\ndetail: type ghost_gain_setting would be missing, and table ghost_gain_setting has its name\n"
				"hint: Rename or drop table ghost_gain_setting; then");
	sql_exec(connection, "DROP TABLE ghost_gain_setting; ALTER TYPE mine RENAME TO ghost_gain_setting");
	tool_expect(conninfo, ARGS("upgrade"), 0, LATEST_OF_BUILD, "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* An object that is created while the upgrade runs makes the migration fail. The hint says what to do. */
START_TEST(a_failure_has_a_next_step)
{
	static const struct {
		const char *sql;
		const char *failure;
	}			failures[] = {
		{"CREATE VIEW tapes AS SELECT size FROM tapefile", "error: migration 37 \nhint: Drop the dependent object (create it"
		" again after the migration); then run the same command again"},
		{"CREATE TABLE exportqueue_filename_inprogress_failed_destination_key ()", "error: migration \nhint: The schema may"
			" differ from version \n. \"fitsdb-schema verify\" lists the differences, \"fitsdb-schema identify\" finds the"
		" version that matches."},
	};
	char	   *conninfo = lineage_current("fitsdata", 36);
	PGconn	   *connection = sql_connect(conninfo);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE tapefile IN ACCESS SHARE MODE");
	struct process process;

	block_upgrade(&process, conninfo, "37");
	sql_exec(connection, failures[_i].sql);
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 2, "", failures[_i].failure);
	process_clear(&process);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* A constraint that a person has added refuses the rows of a migration. The statements of the hint solve this. */
START_TEST(an_extra_constraint_refuses_rows)
{
	static const struct {
		int			version;
		const char *sql;
		const char *hint;
		const char *drop;
		const char *create;
	}			refusals[] = {
		{38, "INSERT INTO gmos (id, header_id, amp_read_area) VALUES (1, 1, 'a:[1:2]');"
			" ALTER TABLE gmos ADD CONSTRAINT mine CHECK (array_name IS NULL OR id > 0 AND array_name <> 'a')",
			"The constraint gmos.mine is not part of the schema", "ALTER TABLE public.gmos DROP CONSTRAINT mine",
		"ALTER TABLE public.gmos ADD CONSTRAINT mine CHECK (((array_name IS NULL) OR "},
		{24, "INSERT INTO exportqueue (id, filename, destination, inprogress, failed) VALUES (1, 'a', '', true, true),"
			" (2, 'a', 'b', true, false);"
			" ALTER TABLE exportqueue ADD sortkey text; CREATE UNIQUE INDEX \"My key\" ON exportqueue (sortkey)",
			"The index exportqueue.\"My key\" is not part of the schema", "DROP INDEX public.\"My key\"",
		"CREATE UNIQUE INDEX \"My key\" ON public.exportqueue USING btree (sortkey)"},
	};
	char	   *conninfo = lineage_current("fitsdata", refusals[_i].version);
	char	   *failure = mem_format("error: migration %d\nhint: %s. Run \"%s\", then the same command again. Afterwards,"
									 " unless rows contradict it then, create it again: \"%s", refusals[_i].version + 1,
									 refusals[_i].hint, refusals[_i].drop, refusals[_i].create);
	char	   *sql = mem_format("SET session_replication_role = replica; %s", refusals[_i].sql);

	server_execute("fitsdata", sql);
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "upgrading to 39", failure);
	server_execute("fitsdata", refusals[_i].drop);
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, LATEST_OF_BUILD, "");
	mem_free(sql);
	mem_free(failure);
	mem_free(conninfo);
}
END_TEST

/* Views and foreign keys of other tables that would make a down fail, after others have been run. */
START_TEST(a_downgrade_is_refused)
{
	char	   *conninfo = lineage_current("fitsdata", 39);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE VIEW arrays AS SELECT id, array_name FROM gmos; CREATE MATERIALIZED VIEW all_ghost AS TABLE"
			 " ghost; CREATE TABLE mine (ghost integer REFERENCES ghost (id)); CREATE VIEW harmless AS SELECT id FROM gmos;"
			 " CREATE SCHEMA \"S\"; CREATE VIEW \"S\".\"V\" AS SELECT array_name FROM gmos");
	tool_expect(conninfo, ARGS("downgrade", "18", "--yes"), 3, "", "error: database \"fitsdata\" cannot be downgraded:"
				" 4 objects use objects that the downgrade drops\n"
				"foreign key mine.mine_ghost_fkey uses ghost, which is dropped\n"
				"materialized view all_ghost uses ghost, which is dropped\n"
				"view \"S\".\"V\" uses gmos.array_name, which is dropped\n"
				"view arrays uses gmos.array_name, which is dropped\n"
				"detail: Nothing was changed.\nhint: Drop foreign key mine.mine_ghost_fkey and the others. After the"
				" downgrade, create them again if possible.");
	sql_expect(connection, VERSION, "39");
	/* What is used is not dropped. */
	tool_expect(conninfo, ARGS("downgrade", "36", "--yes"), 0, "", "");
	sql_exec(connection, "DROP MATERIALIZED VIEW all_ghost; DROP TABLE mine; DROP VIEW \"S\".\"V\"");
	tool_expect(conninfo, ARGS("downgrade", "18", "--yes"), 3, "", "cannot be downgraded: 1 object uses objects\n"
				"hint: Drop view arrays. After the downgrade, create it again if possible.");
	/* The foreign key is dropped with its own column, before the table that it refers to. */
	sql_exec(connection, "DROP VIEW arrays; ALTER TABLE ghost ADD mine timestamp UNIQUE; ALTER TABLE exportqueue ADD FOREIGN"
			 " KEY (after) REFERENCES ghost (mine)");
	tool_expect(conninfo, ARGS("downgrade", "18", "--yes"), 0, "at version 18", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
obstacles_suite(void)
{
	Suite	   *suite = suite_create("obstacles");
	TCase	   *tcase = tcase_create("obstacles");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, an_object_is_in_the_way, 0, sizeof(obstacles) / sizeof(obstacles[0]));
	tcase_add_loop_test(tcase, rows_or_columns_do_not_fit, 0, sizeof(unfit) / sizeof(unfit[0]));
	tcase_add_loop_test(tcase, an_index_is_invalid, 0, 3);
	tcase_add_test(tcase, a_key_has_another_name);
	tcase_add_test(tcase, incomplete_and_missing);
	tcase_add_test(tcase, incomplete_and_taken);
	tcase_add_loop_test(tcase, a_failure_has_a_next_step, 0, 2);
	tcase_add_loop_test(tcase, an_extra_constraint_refuses_rows, 0, 2);
	tcase_add_test(tcase, a_downgrade_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
