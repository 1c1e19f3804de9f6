/*
 * What a database may hold that it should not: each is said clearly, and nothing is changed.
 */
#include <check.h>
#include <string.h>

#include "mem.h"
#include "process.h"
#include "server.h"
#include "sql.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

#define TABLE "CREATE TABLE migrate_version (repository_id varchar(250) PRIMARY KEY, repository_path text, version "
#define ROW "INSERT INTO migrate_version VALUES ('Repository for FitsStorage migration', 'dbmigration', "

static const struct {
	const char *sql;
	const char *message;		/* of status and of upgrade */
}			versions[] = {
	{TABLE "integer)", "has no row"},
	{TABLE "integer); " ROW "1); INSERT INTO migrate_version VALUES ('another', '', 2)", "more than one row"},
	{TABLE "integer); " ROW "NULL)", "is null"},
	{TABLE "integer); " ROW "-1)", "is negative"},
	{TABLE "text); " ROW "'18')", "not of type integer"},
	{TABLE "bigint); " ROW "18)", "not of type integer"},
	{"CREATE TABLE migrate_version (repository_id text)", "does not exist"},
};

/* Says so, and leaves no record behind. */
static void
refuses(const char *conninfo, const char *message)
{
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("status"), 3, NULL, message);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, message);
	tool_expect(conninfo, ARGS("downgrade", "0"), 3, NULL, message);
	sql_expect(connection, "SELECT to_regnamespace('fitsdb_schema') IS NULL", "t");
	PQfinish(connection);
}

START_TEST(odd_version)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, versions[_i].sql);
	PQfinish(connection);
	refuses(conninfo, versions[_i].message);
	mem_free(conninfo);
}
END_TEST

START_TEST(largest_version)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, TABLE "integer); " ROW "2147483647)");
	PQfinish(connection);
	tool_expect(conninfo, ARGS("status"), 2, "ahead", "hint: ");
	tool_expect(conninfo, ARGS("status", "--json"), 2, "\"ahead\"", NULL);
	tool_expect(conninfo, ARGS("list"), 0, "base", NULL);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "is ahead");
	tool_expect(conninfo, ARGS("downgrade", "37"), 3, NULL, "2147483647 are not on record\nNothing was changed");
	mem_free(conninfo);
}
END_TEST

/* A view would run its functions as whoever asks; a stranger's table has the stranger's triggers. */
START_TEST(version_that_is_not_the_owners)
{
	char	   *conninfo = server_database("fitsdata");

	server_execute("fitsdata", "CREATE TABLE t AS SELECT 18 AS version; CREATE VIEW migrate_version AS TABLE t;"
				   " ALTER VIEW migrate_version OWNER TO fitsdata; ALTER TABLE t OWNER TO fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "is not a table");
	server_execute("fitsdata", "DROP VIEW migrate_version; ALTER TABLE t RENAME TO migrate_version;"
				   " ALTER TABLE migrate_version OWNER TO apache");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "belongs to role apache");
	mem_free(conninfo);
}
END_TEST

START_TEST(record_of_a_stranger)
{
	char	   *conninfo = server_database("fitsdata");

	server_execute("fitsdata", "CREATE SCHEMA fitsdb_schema AUTHORIZATION apache");
	tool_expect(conninfo, ARGS("stamp", "0"), 3, NULL, "belongs to \"apache\"\nhint: ");
	mem_free(conninfo);
}
END_TEST

/* Whatever of the record is gone is made anew by the next change. */
START_TEST(record_is_made_anew)
{
	static const char *const lost[] = {"migrate_version", "fitsdb_schema.change", "fitsdb_schema.migration",
	"fitsdb_schema.standing"};
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *drop = mem_format("DROP TABLE %s", lost[_i]);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, drop);
	tool_must(conninfo, ARGS("stamp", "37"));
	tool_expect(conninfo, ARGS("status"), 0, "current", NULL);
	tool_must(conninfo, ARGS("downgrade", "36"));
	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.migration", "38");
	mem_free(drop);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Text that another build applied is told for ever after, also where the versions behind it are not on record. */
START_TEST(foreign_text_is_not_forgotten)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "36", "--quiet"));
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET checksum = repeat('0', 64), history = repeat('0', 64)"
			 " WHERE version = 10; DELETE FROM fitsdb_schema.migration WHERE version > 10;"
			 "UPDATE fitsdb_schema.standing SET version = 10, history = repeat('0', 64)");
	tool_must(conninfo, ARGS("upgrade", "37"));
	tool_expect(conninfo, ARGS("status"), 2, "differs\nin version 10", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* A printed script must find the version that it was printed for, before it runs anything. */
START_TEST(stale_script_runs_nothing)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	struct process script;
	struct process psql;
	const char *const arguments[] = {"psql", "-X", "-q", "-d", conninfo, NULL};

	tool_must(conninfo, ARGS("init", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "33", "--quiet"));
	tool_run(&script, conninfo, ARGS("upgrade", "34", "--sql"));
	tool_must(conninfo, ARGS("upgrade", "36", "--quiet"));
	process_run(&psql, arguments, &(struct process_options) {.input = script.out});
	ck_assert_int_eq(psql.status, 3);
	ck_assert_ptr_nonnull(strstr(psql.err, "the version is not what it was"));
	process_clear(&psql);
	process_clear(&script);
	sql_expect(connection, "SELECT bool_and(applied_at IS NOT NULL) FROM fitsdb_schema.migration", "t");
	tool_expect(conninfo, ARGS("status"), 1, "at version 36", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* On older servers anybody may put functions and operators into public. None of ours, and none of grants.sql, is fooled. */
START_TEST(planted_functions_are_not_called)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO apache; SET ROLE apache;"
				   " CREATE TABLE called (by text); GRANT ALL ON called TO PUBLIC;"
				   " CREATE FUNCTION plant(oid, regclass) RETURNS boolean LANGUAGE sql AS"
				   " $$INSERT INTO public.called VALUES (current_user); SELECT $1 OPERATOR(pg_catalog.=) $2::oid$$;"
				   " CREATE OPERATOR = (PROCEDURE = plant, LEFTARG = oid, RIGHTARG = regclass);"
				   " CREATE FUNCTION format(text, text) RETURNS text LANGUAGE sql AS"
				   " $$INSERT INTO public.called VALUES (current_user); SELECT 'SELECT 1'::text$$;"
				   " CREATE FUNCTION format(text, regclass) RETURNS text LANGUAGE sql AS"
				   " $$INSERT INTO public.called VALUES (current_user); SELECT 'SELECT 1'::text$$;"
				   " CREATE FUNCTION has_table_privilege(text, oid, text) RETURNS boolean LANGUAGE sql AS"
				   " $$INSERT INTO public.called VALUES (current_user); SELECT true$$;"
				   " CREATE FUNCTION set_config(text, text, boolean) RETURNS text LANGUAGE sql AS"
				   " $$INSERT INTO public.called VALUES (current_user); SELECT $1$$");
	tool_must(conninfo, ARGS("downgrade", "0", "--quiet"));
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	tool_must(conninfo, ARGS("status", "--quiet"));
	tool_must(conninfo, ARGS("stamp", "37", "--quiet"));
	sql_expect(connection, "SELECT count(*) FROM called", "0");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
oddities_suite(void)
{
	Suite	   *suite = suite_create("oddities");
	TCase	   *tcase = tcase_create("oddities");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, odd_version, 0, sizeof(versions) / sizeof(versions[0]));
	tcase_add_test(tcase, largest_version);
	tcase_add_test(tcase, version_that_is_not_the_owners);
	tcase_add_test(tcase, record_of_a_stranger);
	tcase_add_loop_test(tcase, record_is_made_anew, 0, 4);
	tcase_add_test(tcase, foreign_text_is_not_forgotten);
	tcase_add_test(tcase, stale_script_runs_nothing);
	tcase_add_test(tcase, planted_functions_are_not_called);
	suite_add_tcase(suite, tcase);
	return suite;
}
