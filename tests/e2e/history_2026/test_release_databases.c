/*
 * Databases that releases of the archive's software have made, from 2023 to 2026: one stamp fits many of them, and a
 * downgrade takes nothing that they had before.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/facts_create.h"
#include "support/lineage.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define NO_CACHE "DROP TABLE calcache; DROP TYPE caltype; DROP TABLE usagelog_analysis, ipprefix;"
/* An enum without some of its labels, where nothing has these values. */
#define OTHER_MODES(labels) \
	"ALTER TABLE header ALTER processing TYPE text; ALTER TABLE reduction ALTER processing_intent TYPE text," \
	" ALTER software_mode TYPE text, ALTER processing_review_outcome TYPE text; DROP TYPE procmode;" \
	" CREATE TYPE procmode AS ENUM (" labels ");" \
	" ALTER TABLE header ALTER processing TYPE procmode USING processing::procmode;" \
	" ALTER TABLE reduction ALTER processing_intent TYPE procmode USING processing_intent::procmode," \
	" ALTER software_mode TYPE procmode USING software_mode::procmode," \
	" ALTER processing_review_outcome TYPE procmode USING processing_review_outcome::procmode;"
#define MODES_OF_3_0 OTHER_MODES("'Failed', 'Raw', 'Quick-Look', 'Science-Quality'")

/* The recipes of databases: facts of a version, and statements that remove or change objects which the release lacks. */
static const struct {
	const char *version;
	const char *stamp;
	const char *statements;
}			releases[] = {
	{"v054", "39", MODES_OF_3_0},
	{"v054", "54", MODES_OF_3_0},
	{"v054", "50", MODES_OF_3_0},	/* the wrong number */
	{"v054", "39", MODES_OF_3_0 "DROP TABLE calcache; DROP TYPE caltype;"},	/* on-site */
	{"v054", "54", MODES_OF_3_0 "DROP TABLE calcache; DROP TYPE caltype;"},
	{"v065", "39", ""},
	{"v065", "54", ""},
	{"v065", "65", ""},
	{"v065", "39", NO_CACHE "DROP TABLE glacier;"},
	{"v065", "54", NO_CACHE "DROP TABLE glacier;"},
	{"v066", "39", ""},
	{"v066", "54", ""},
	{"v066", "66", ""},
	{"v066", "39", NO_CACHE "DROP TABLE glacier;"},
	{"v066", "54", NO_CACHE "DROP TABLE glacier;"},
	/* between the releases */
	{"v054", "39", "CREATE TABLE logcomments (id serial PRIMARY KEY, header_id int REFERENCES header (id));"},
	{"v054", "39", "DROP INDEX ix_header_ut_datetime_desc_nullslast;"},
	{"v054", "39", OTHER_MODES("'Raw', 'Fail', 'Science-Quality', 'Quick-Look'")},
	{"v054", "39", "ALTER TABLE header ALTER reduction TYPE text; DROP TYPE reduction_state;"
		" CREATE TYPE reduction_state AS ENUM ('RAW', 'PREPARED', 'PROCESSED_FLAT', 'PROCESSED_BIAS', 'PROCESSED_ARC',"
		" 'PROCESSED_FRINGE', 'PROCESSED_DARK', 'PROCESSED_TELLURIC', 'PROCESSED_SCIENCE', 'PROCESSED_SLITILLUM',"
		" 'PROCESSED_BPMPROCESSED_STANDARD', 'PROCESSED_PINHOLE', 'PROCESSED_UNKNOWN');"
	" ALTER TABLE header ALTER reduction TYPE reduction_state USING reduction::reduction_state;"},
	/* release 3.5, and a day of 2025 on which it grew */
	{"v065", "54", "ALTER TABLE processinglog RENAME num_input_files TO num_raw_files; ALTER TABLE processinglog"
		" RENAME num_output_files TO num_reduced_files; ALTER TABLE processinglog ALTER id TYPE bigint;"
		" ALTER SEQUENCE processinglog_id_seq AS bigint;"
	" CREATE INDEX ix_processinglog_processing_started ON processinglog (processing_started);"},
	{"v065", "39", "ALTER TABLE monitoring DROP header_id, DROP notes; ALTER TABLE processingtag DROP description;"
	" ALTER TABLE semester DROP \"end\"; ALTER TABLE reducequeue DROP debundle, DROP tag;"},
};

/* All that the database had must be there: what a downgrade leaves besides does no harm. */
static void
expect_kept(PGconn *connection, const struct lines *before)
{
	struct lines now = {0};

	facts_read(connection, &now);
	for (size_t i = 0; i < before->count; i++)
		ck_assert_msg(lines_have(&now, before->items[i]), "the downgrade has taken: %s", before->items[i]);
	lines_clear(&now);
}

START_TEST(databases_of_releases)
{
	char	   *conninfo = server_database("release");
	PGconn	   *connection = sql_connect(conninfo);
	struct lines facts = {0};

	facts_create(connection, releases[_i].version);
	sql_exec(connection, releases[_i].statements);
	rows_fill(connection);
	facts_read(connection, &facts);
	tool_must(conninfo, ARGS("stamp", releases[_i].stamp, "--yes"));
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	facts_expect_version(connection, "v066");
	sql_expect(connection, "SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum"
			   " WHERE enumtypid = 'procmode'::regtype", "Failed Raw Quick-Look Science-Quality Quality-Assessment");
	tool_must(conninfo, ARGS("verify"));
	if (strcmp(releases[_i].stamp, "66") != 0)
		tool_expect(conninfo, ARGS("downgrade", releases[_i].stamp, "--yes"), 0, "", "");
	/* Names and types that no later release has are not brought back. */
	if (!strstr(releases[_i].statements, "PROCESSED_BPMPROCESSED") && !strstr(releases[_i].statements, "'Fail',")
		&& !strstr(releases[_i].statements, "num_raw_files"))
		expect_kept(connection, &facts);
	lines_clear(&facts);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(a_new_database)
{
	char	   *conninfo = server_database("release");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init"));
	facts_expect_version(connection, "v066");
	sql_expect(connection, "SELECT to_regnamespace('retired') IS NULL", "t");
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 0, "", "");
	sql_expect(connection, "SELECT count(*) FROM target", "9");
	sql_expect(connection, "SELECT to_regnamespace('retired') IS NULL", "t");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "does not run from version 40 on");
	facts_expect_version(connection, "v066");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Versions 54 and 65 are releases; labels that a downgrade has left are not in their way. */
START_TEST(versions_of_releases)
{
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	tool_expect(conninfo, ARGS("upgrade", "54", "--yes"), 0, "", NULL);
	facts_expect_version(connection, "v054");
	tool_expect(conninfo, ARGS("upgrade", "65", "--yes"), 0, "", NULL);
	facts_expect_version(connection, "v065");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", NULL);
	facts_expect_version(connection, "v066");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Both tables of accounts, after somebody ran create_tables of newer software on an old database. */
START_TEST(two_tables_of_accounts)
{
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "INSERT INTO archiveuser (username) VALUES ('old');"
			 " CREATE TABLE users (LIKE archiveuser); CREATE SEQUENCE users_id_seq OWNED BY users.id;"
			 " ALTER TABLE users ADD PRIMARY KEY (id), ALTER id SET DEFAULT nextval('users_id_seq');"
			 " INSERT INTO users (username) VALUES ('new');"
			 " CREATE TABLE history (LIKE provenance_history); CREATE SEQUENCE history_id_seq OWNED BY history.id;"
			 " ALTER TABLE history ADD PRIMARY KEY (id), ALTER id SET DEFAULT nextval('history_id_seq'),"
			 " ADD FOREIGN KEY (diskfile_id) REFERENCES diskfile (id)");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "", "the tables archiveuser and users both exist");
	sql_expect(connection, "SELECT concat_ws('|', (SELECT username FROM archiveuser), (SELECT username FROM users))",
			   "old|new");
	sql_exec(connection, "DELETE FROM users");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	sql_expect(connection, "SELECT username FROM users", "old");
	facts_expect_version(connection, "v066");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Materialized views of operators are made again, with their indexes, privileges and comments. */
START_TEST(views_of_usage)
{
	static const char views[] =
		"CREATE MATERIALIZED VIEW year_usage_stats AS SELECT u.id, f.size FROM usagelog u"
		" LEFT JOIN fileuploadlog f ON f.usagelog_id = u.id; CREATE UNIQUE INDEX by_id ON year_usage_stats (id, size);"
		"CREATE MATERIALIZED VIEW \"Week\" AS SELECT count(*), sum(size) FROM year_usage_stats;"
		"COMMENT ON MATERIALIZED VIEW \"Week\" IS 'it''s the operators'''; GRANT SELECT ON \"Week\" TO PUBLIC";
	static const char seen[] =
		"SELECT string_agg(concat_ws(' ', c.relname, c.relkind, c.relacl::text, obj_description(c.oid),"
		" (SELECT indexdef FROM pg_indexes WHERE tablename = c.relname)), ', ' ORDER BY c.relname)"
		" FROM pg_class c WHERE c.relkind = 'm'";
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *before;

	sql_exec(connection, views);
	sql_exec(connection, "INSERT INTO usagelog DEFAULT VALUES; REFRESH MATERIALIZED VIEW year_usage_stats");
	before = sql_value(connection, seen);
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	sql_expect(connection, seen, before);
	sql_exec(connection, "REFRESH MATERIALIZED VIEW year_usage_stats; REFRESH MATERIALIZED VIEW \"Week\"");
	sql_expect(connection, "SELECT count FROM \"Week\"", "1");
	tool_expect(conninfo, ARGS("downgrade", "62", "--yes"), 0, "", "");
	sql_expect(connection, seen, before);
	mem_free(before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

#define OWNERS "SELECT string_agg(relname || ' ' || relowner::regrole, ', ' ORDER BY relname) FROM pg_class WHERE relkind = 'm'"

/* Those that could not be given back to their owners are named, with what to do, before anything runs. */
START_TEST(views_of_other_roles)
{
	char	   *conninfo = lineage_current("release", 39);
	char	   *superuser = server_conninfo(server_main(), "postgres", "release");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE MATERIALIZED VIEW usage_a AS SELECT id FROM usagelog");
	tool_expect(conninfo, ARGS("plan"), 0, "end complete", "");
	server_execute("release", "CREATE ROLE operators; GRANT CREATE ON SCHEMA public TO operators;"
				   " GRANT SELECT ON usage_a, filedownloadlog TO operators;"
				   " CREATE MATERIALIZED VIEW usage_b AS SELECT count(*) FROM querylog; SET ROLE operators;"
				   " CREATE MATERIALIZED VIEW usage_c AS SELECT max(a.id) FROM usage_a a, filedownloadlog;"
				   " RESET ROLE; REVOKE CREATE ON SCHEMA public FROM operators");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 3, NULL,
				"migration 63 drops materialized view usage_b, which reads table querylog"
				"\nALTER MATERIALIZED VIEW public.usage_b OWNER TO fitsdata"
				"\nALTER MATERIALIZED VIEW public.usage_c OWNER TO fitsdata");
	tool_expect(conninfo, ARGS("plan"), 1, "ALTER MATERIALIZED VIEW public.usage_c OWNER TO fitsdata", NULL);
	tool_expect(superuser, ARGS("upgrade", "--role=postgres", "--yes"), 3, NULL,
				"ALTER MATERIALIZED VIEW public.usage_c");
	/* Nothing is in the way of an earlier version. */
	tool_must(conninfo, ARGS("upgrade", "62", "--yes"));
	server_execute("release", "ALTER MATERIALIZED VIEW public.usage_c OWNER TO fitsdata");
	/* Version 66 makes a table, which would be the superuser's. */
	tool_expect(superuser, ARGS("upgrade", "65", "--role=postgres", "--yes"), 0, "", "");
	sql_expect(connection, OWNERS, "usage_a fitsdata, usage_b postgres, usage_c fitsdata");
	tool_expect(superuser, ARGS("downgrade", "62", "--role=postgres", "--yes"), 0, "", "");
	sql_expect(connection, OWNERS, "usage_a fitsdata, usage_b postgres, usage_c fitsdata");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

/* Another role may have made schema retired, or objects in it, to be read or run by whoever migrates. */
START_TEST(traps_in_retired)
{
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection;

	server_execute("release", "CREATE ROLE mallory; CREATE SCHEMA retired AUTHORIZATION mallory");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "", "schema retired belongs to another role than table header");
	mem_free(conninfo);

	conninfo = server_database("release");
	connection = sql_connect(conninfo);
	facts_create(connection, "v065");
	sql_exec(connection, "CREATE SCHEMA retired; GRANT USAGE, CREATE ON SCHEMA retired TO mallory");
	server_execute("release", "SET ROLE mallory;"
				   " CREATE FUNCTION retired.f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE ''run''; END';"
				   " CREATE VIEW retired.ghost AS SELECT retired.f() AS header_id, ''::text AS arm, 1 AS res_mode;"
				   " CREATE VIEW retired.usage_views AS SELECT 1 AS position, 'DROP TABLE header'::text AS statement");
	tool_must(conninfo, ARGS("stamp", "39", "--yes"));
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	facts_expect_version(connection, "v066");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* 52 changes a type; another role's table with a column of it must not be written by whoever migrates. */
START_TEST(types_in_tables_of_other_roles)
{
	char	   *conninfo = lineage_current("release", 39);
	char	   *superuser = server_conninfo(server_main(), "postgres", "release");
	PGconn	   *connection = sql_connect(superuser);

	sql_exec(connection, "CREATE ROLE intruder; CREATE SCHEMA trap AUTHORIZATION intruder; SET ROLE intruder;"
			 " CREATE TABLE trap.ran (by text);"
			 " CREATE FUNCTION trap.run(text) RETURNS boolean LANGUAGE plpgsql AS"
			 " 'BEGIN INSERT INTO trap.ran VALUES (current_user); RETURN true; END';"
			 " CREATE TABLE trap.t (mode public.procmode, CHECK (trap.run(mode::text)));"
			 " INSERT INTO trap.t VALUES ('sq'); RESET ROLE");
	tool_expect(superuser, ARGS("upgrade", "65", "--role=postgres", "--yes"), 2, "",
				"column mode of table trap.t depends on type procmode_of_39");
	sql_expect(connection, "SELECT string_agg(by, ' ') FROM trap.ran", "intruder");
	sql_exec(connection, "DROP TABLE trap.t");
	/* The new table belongs to the superuser. */
	tool_expect(superuser, ARGS("upgrade", "65", "--role=postgres", "--yes"), 1, "", "");
	sql_exec(connection, "SET ROLE intruder; CREATE TABLE trap.t (mode public.procmode, CHECK (trap.run(mode::text)));"
			 " INSERT INTO trap.t VALUES ('Raw'); RESET ROLE");
	tool_expect(superuser, ARGS("downgrade", "51", "--role=postgres", "--yes"), 2, "", "trap.t");
	sql_expect(connection, "SELECT string_agg(by, ' ') FROM trap.ran", "intruder intruder");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

/* 63 drops a view only if it can be made again: the owner of this one may not create it a second time. */
START_TEST(views_that_cannot_be_made_again)
{
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("release", "CREATE SCHEMA usage; GRANT USAGE ON SCHEMA usage TO fitsdata;"
				   " CREATE MATERIALIZED VIEW usage.a AS SELECT id FROM usagelog;"
				   " ALTER MATERIALIZED VIEW usage.a OWNER TO fitsdata");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "", "permission denied for schema usage\nstays at version 62");
	sql_expect(connection, "SELECT count(*) FROM usage.a", "0");
	server_execute("release", "GRANT CREATE ON SCHEMA usage TO fitsdata");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	server_execute("release", "REVOKE CREATE ON SCHEMA usage FROM fitsdata");
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 2, "",
				"permission denied for schema usage\nstays at version 65");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The way back: a superuser's schema retired stays, and no row has a calibration type that older software lacks. */
START_TEST(back_to_39)
{
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("release", "CREATE SCHEMA retired; GRANT ALL ON SCHEMA retired TO fitsdata");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	sql_exec(connection, "INSERT INTO file (id, name) VALUES (1, 'f');"
			 " INSERT INTO diskfile (id, file_id, filename, path) VALUES (1, 1, 'f', '');"
			 " INSERT INTO header (id, diskfile_id) VALUES (1, 1);"
			 " INSERT INTO calcache (obs_hid, cal_hid, rank, caltype)"
			 " SELECT 1, 1, 1, t FROM unnest(enum_range(NULL::caltype)) t");
	tool_expect(conninfo, ARGS("downgrade", "39", "--yes"), 0, "", "");
	sql_expect(connection, "SELECT string_agg(caltype::text, ' ') FROM calcache"
			   " WHERE caltype::text IN ('standard', 'spectwilight', 'bpm', 'telluric', 'pinhole', 'processed_pinhole',"
			   " 'processed_telluric', 'processed_slitflat', 'processed_slit')", "");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Rows that policies hide are neither lost nor taken for no rows. */
START_TEST(hidden_rows)
{
	char	   *conninfo = lineage_current("release", 39);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE TABLE users (id serial PRIMARY KEY); INSERT INTO users DEFAULT VALUES;"
			 " ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "", "stays at version 39");
	sql_exec(connection, "ALTER TABLE users DISABLE ROW LEVEL SECURITY");
	sql_expect(connection, "SELECT count(*) FROM users", "1");
	sql_exec(connection, "DROP TABLE users;"
			 " ALTER TABLE ghost ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "", "stays at version 50");
	sql_exec(connection, "ALTER TABLE ghost NO FORCE ROW LEVEL SECURITY");
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
release_databases_suite(void)
{
	Suite	   *suite = suite_create("release_databases");
	TCase	   *tcase = tcase_create("release_databases");

	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_add_loop_test(tcase, databases_of_releases, 0, (int) (sizeof(releases) / sizeof(releases[0])));
	tcase_add_test(tcase, a_new_database);
	tcase_add_test(tcase, versions_of_releases);
	tcase_add_test(tcase, two_tables_of_accounts);
	tcase_add_test(tcase, views_of_usage);
	tcase_add_test(tcase, views_of_other_roles);
	tcase_add_test(tcase, traps_in_retired);
	tcase_add_test(tcase, types_in_tables_of_other_roles);
	tcase_add_test(tcase, views_that_cannot_be_made_again);
	tcase_add_test(tcase, back_to_39);
	tcase_add_test(tcase, hidden_rows);
	suite_add_tcase(suite, tcase);
	return suite;
}
