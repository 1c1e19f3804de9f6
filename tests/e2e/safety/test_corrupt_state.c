/*
 * Invalid version tables, and databases without schema public: every command reports them, and nothing is changed. The
 * records in schema fitsdb_schema are in test_corrupt_record.c.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/image.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define TABLE "CREATE TABLE migrate_version (repository_id varchar(250) PRIMARY KEY, repository_path text, version "
#define ROW "INSERT INTO migrate_version VALUES ('Repository for FitsStorage migration', 'dbmigration', "

#define TYPE "not of type integer\nhint: "
#define NO_TABLE "is not a table\nhint: "

static const struct {
	const char *sql;			/* run as a superuser */
	const char *message;		/* of every command */
	bool		repaired;		/* a stamp repairs it; otherwise it is refused, too */
}			versions[] = {
	{TABLE "integer)", "has no row\nhint: ", true},
	{TABLE "integer); " ROW "NULL)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "-1)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "-2147483648)", "null or negative\nhint: ", true},
	{"CREATE TABLE migrate_version (repository_id text, repository_path text, version integer); " ROW "1); " ROW "2)",
		"more than one row of repository \"Repository for FitsStorage migration\"\nhint: ", false},
	{TABLE "integer); " ROW "NULL); INSERT INTO migrate_version VALUES ('another', '', 2)", "null or negative", true},
	{TABLE "integer); INSERT INTO migrate_version VALUES ('another', '', 2), ('one \"more\"', '', NULL)",
		"not under version control by repository\n: \"another\", \"one \"\"more\"\"\".\nhint: ", true},
	{TABLE "text); " ROW "'18')", TYPE, false},
	{TABLE "bigint); " ROW "18)", TYPE, false},
	{TABLE "numeric); " ROW "18)", TYPE, false},
	{TABLE "boolean); " ROW "true)", TYPE, false},
	{TABLE "text)", TYPE, false},
	{"CREATE TABLE migrate_version (repository_id text)", "does not exist\nADD COLUMN version integer", false},
	{"CREATE TABLE migrate_version (version integer); INSERT INTO migrate_version VALUES (18)",
		"does not exist\nADD COLUMN repository_id", false},
	{"CREATE VIEW migrate_version AS SELECT 18 AS version", NO_TABLE, false},
	{"CREATE MATERIALIZED VIEW migrate_version AS SELECT 18 AS version", NO_TABLE, false},
	{"CREATE TABLE migrate_version (version integer) PARTITION BY LIST (version); CREATE TABLE part PARTITION OF"
		" migrate_version FOR VALUES IN (18); INSERT INTO part VALUES (18)", NO_TABLE, false},
	{"CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER server FOREIGN DATA WRAPPER wrapper;"
		" CREATE FOREIGN TABLE migrate_version (version integer) SERVER server", NO_TABLE, false},
	{"CREATE TYPE migrate_version AS (version integer)", NO_TABLE, false},
	{"CREATE SEQUENCE migrate_version", NO_TABLE, false},
};

/* Every command reports it, and changes nothing. */
static void
refuses(const char *conninfo, const char *message)
{
	char	   *before = image_take("fitsdata");

	tool_expect(conninfo, ARGS("status"), 3, NULL, message);
	tool_expect(conninfo, ARGS("status", "--short"), 3, "UNKNOWN - ", message);
	tool_expect(conninfo, ARGS("status", "--json"), 3, "\"unknown\"", message);
	tool_expect(conninfo, ARGS("list"), 3, NULL, message);
	tool_expect(conninfo, ARGS("log"), 3, NULL, message);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, message);
	tool_expect(conninfo, ARGS("upgrade", "--sql"), 3, NULL, message);
	tool_expect(conninfo, ARGS("downgrade", "0"), 3, NULL, message);
	tool_expect(conninfo, ARGS("init"), 3, NULL, message);
	image_expect("fitsdata", before);
}

START_TEST(odd_version)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *own = mem_format("SET ROLE fitsdata; %s", versions[_i].sql);
	bool		foreign = strstr(versions[_i].sql, "FOREIGN") != NULL;

	server_execute("fitsdata", "GRANT ALL ON SCHEMA public TO fitsdata");
	server_execute("fitsdata", foreign ? versions[_i].sql : own);
	refuses(conninfo, versions[_i].message);
	if (versions[_i].repaired) {
		tool_expect(conninfo, ARGS("stamp", "18"), 0, "is stamped with version 18",
					"warning: schema public has no tables; nothing was checked\n");
		tool_expect(conninfo, ARGS("status"), 1, "at version 18", NULL);
		tool_expect(conninfo, ARGS("log"), 0, " - -> 18 ", NULL);
	} else {
		char	   *before = image_take("fitsdata");

		tool_expect(conninfo, ARGS("stamp", "18"), 3, NULL, versions[_i].message);
		image_expect("fitsdata", before);
	}
	mem_free(own);
	mem_free(conninfo);
}
END_TEST

/* An empty database has no version, even with rests of our tables: no message suggests a stamp. */
START_TEST(nothing_to_stamp)
{
	static const char *const left[] = {
		"SET ROLE fitsdata; " TABLE "integer)", "SET ROLE fitsdata; CREATE SCHEMA fitsdb_schema",
		"SET ROLE fitsdata; " TABLE "integer); INSERT INTO migrate_version VALUES ('another', '', 2)"
	};
	static const char *const says[] = {
		"hint: Schema public has no other tables. To create the schema, run DROP TABLE public.migrate_version; and then"
		" \"fitsdb-schema init\".",
		"hint: The database is empty. To create the schema, run \"fitsdb-schema init\".",
		"hint: Schema public has no other tables, so no version matches it. To create the schema, run"
		" \"fitsdb-schema init\" in an empty database."
	};
	char	   *conninfo = server_database("fitsdata");
	struct process process;

	server_execute("fitsdata", "GRANT ALL ON SCHEMA public TO fitsdata");
	server_execute("fitsdata", left[_i]);
	tool_run(&process, conninfo, ARGS("status"));
	tool_wrote(&process, 3, NULL, says[_i]);
	ck_assert_ptr_null(strstr(process.err, "stamp"));
	if (_i == 0)
		server_execute("fitsdata", "DROP TABLE public.migrate_version;");
	process_clear(&process);
	if (_i < 2)
		tool_must(conninfo, ARGS("init"));
	else
		tool_expect(conninfo, ARGS("init"), 3, NULL, says[_i]);
	mem_free(conninfo);
}
END_TEST

/* The rows of other applications that use sqlalchemy-migrate are neither read nor changed. */
START_TEST(rows_of_other_repositories)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, "INSERT INTO migrate_version VALUES ('another', 'path', 39), ('Another', '', 7), ('', '',"
			 " NULL)");
	tool_must(conninfo, ARGS("downgrade", "36", "--quiet"));
	tool_expect(conninfo, ARGS("status"), 1, "at version 36", NULL);
	tool_expect(conninfo, ARGS("upgrade", "37"), 0, "at version 37", NULL);
	tool_must(conninfo, ARGS("stamp", "38"));
	sql_exec(connection, "UPDATE migrate_version SET version = NULL WHERE repository_path = 'dbmigration'");
	tool_must(conninfo, ARGS("stamp", "39"));
	tool_expect(conninfo, ARGS("status"), 0, "at version 39", NULL);
	sql_expect(connection, "SELECT string_agg(concat(repository_id, ' ', version), ', ' ORDER BY repository_id COLLATE"
			   " \"C\") FROM migrate_version", " , Another 7, Repository for FitsStorage migration 39, another 39");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Rows of a child table are not read. */
START_TEST(child_of_the_version_table)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, "CREATE TABLE child () INHERITS (migrate_version); INSERT INTO child TABLE migrate_version;"
			 " UPDATE child SET version = 3");
	tool_expect(conninfo, ARGS("status"), 0, "at version 39", NULL);
	tool_must(conninfo, ARGS("downgrade", "36", "--quiet"));
	sql_exec(connection, "UPDATE fitsdb_schema.standing SET version = 0");
	tool_expect(conninfo, ARGS("status"), 1, "at version 36", NULL);
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	sql_expect(connection, "SELECT version FROM child", "3");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(version_under_policies)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *web = server_conninfo(server_main(), "apache", "fitsdata");

	tool_must(conninfo, ARGS("init", "--quiet"));
	server_execute("fitsdata", "ALTER TABLE migrate_version ENABLE ROW LEVEL SECURITY");
	tool_expect(web, ARGS("status"), 3, NULL, "row-level security\nDISABLE ROW LEVEL SECURITY");
	tool_must(conninfo, ARGS("status", "--quiet"));
	server_execute("fitsdata", "ALTER TABLE migrate_version FORCE ROW LEVEL SECURITY");
	tool_expect(web, ARGS("status"), 3, NULL, "row-level security\n DISABLE ROW LEVEL SECURITY;");
	tool_expect(conninfo, ARGS("status"), 3, NULL, "is forced\nRun ALTER TABLE public.migrate_version NO FORCE ROW"
				" LEVEL"
				" SECURITY;");
	server_execute("fitsdata", "ALTER TABLE migrate_version NO FORCE ROW LEVEL SECURITY");
	tool_must(conninfo, ARGS("status", "--quiet"));
	server_execute("fitsdata", "ALTER TABLE migrate_version DISABLE ROW LEVEL SECURITY; REVOKE ALL ON migrate_version"
				   " FROM apache");
	tool_expect(web, ARGS("status"), 3, NULL, "permission denied\nrun: GRANT SELECT ON TABLE public.migrate_version TO"
				" apache;");
	mem_free(web);
	mem_free(conninfo);
}
END_TEST

START_TEST(largest_version)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	char	   *before;

	sql_exec(connection, TABLE "integer); " ROW "2147483647)");
	PQfinish(connection);
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("status"), 2, "ahead", "hint: ");
	tool_expect(conninfo, ARGS("status", "--json"), 2, "\"ahead\"", NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 2, "version=2147483647 latest=39 pending=0", NULL);
	tool_expect(conninfo, ARGS("list"), 0, "base", NULL);
	tool_expect(conninfo, ARGS("log"), 0, NULL, "the change log is empty");
	tool_expect(conninfo, ARGS("init"), 3, NULL, "at version 2147483647");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "is ahead");
	tool_expect(conninfo, ARGS("downgrade", "39"), 3, NULL, "2147483647 are not stored\nNothing was changed");
	tool_expect(conninfo, ARGS("downgrade", "2147483646"), 3, NULL, "2147483647 are not stored");
	image_expect("fitsdata", before);
	tool_expect(conninfo, ARGS("stamp", "39"), 3, NULL, "is ahead of this build\n"
				"The down statements of versions 40 to 2147483647 are not stored.\n--yes");
	tool_expect(conninfo, ARGS("stamp", "39", "--yes"), 0, "39 instead of 2147483647",
				"no records of versions 40 to 2147483647 existed");
	mem_free(conninfo);
}
END_TEST

/* A view would run its functions as the reader; a table of an untrusted owner may have its triggers. */
START_TEST(version_that_is_not_the_owners)
{
	char	   *conninfo = server_database("fitsdata");

	server_execute("fitsdata", "CREATE TABLE t AS SELECT 18 AS version; CREATE VIEW migrate_version AS TABLE t;"
				   " ALTER VIEW migrate_version OWNER TO fitsdata; ALTER TABLE t OWNER TO fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "relation public.migrate_version is not trusted: it is not a table");
	server_execute("fitsdata", "DROP VIEW migrate_version; ALTER TABLE t RENAME TO migrate_version;"
				   " ALTER TABLE migrate_version OWNER TO apache");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "is not trusted: its owner \"apache\" does not own the"
				" database\nReading or writing it"
				" may run code of that role.");
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
	ck_assert_ptr_nonnull(strstr(psql.err, "the version has changed: another session"));
	process_clear(&psql);
	process_clear(&script);
	sql_expect(connection, "SELECT bool_and(applied_at IS NOT NULL) FROM fitsdb_schema.migration", "t");
	tool_expect(conninfo, ARGS("status"), 1, "at version 36", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Each command that needs the schema, for the owner and for a superuser. */
static const char *const needs_public[][3] = {
	{"status"}, {"list"}, {"log"}, {"verify"}, {"identify"}, {"plan"}, {"upgrade"}, {"downgrade", "30"},
	{"stamp", "39"}, {"init"}, {"upgrade", "--sql"},
};

START_TEST(no_schema_public)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	server_execute("fitsdata", "DROP SCHEMA public");
	for (int i = 0; i < 2; i++)
		tool_expect(i == 0 ? conninfo : superuser, needs_public[_i], 3, NULL, "has no schema public\n"
					"hint: To create it, run as the database's owner or as a superuser: CREATE SCHEMA public"
					" AUTHORIZATION fitsdata; GRANT USAGE ON SCHEMA public TO PUBLIC;");
	server_execute("fitsdata", "CREATE SCHEMA archive CREATE TABLE diskfile ()");
	tool_expect(conninfo, needs_public[_i], 3, NULL, "has no schema public\nIt has table archive.diskfile\n"
				"ALTER SCHEMA ... RENAME TO public");
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

START_TEST(no_schema_public_for_programs)
{
	struct process process;
	char	   *conninfo = server_database("fitsdata");

	server_execute("fitsdata", "DROP SCHEMA public");
	tool_expect(conninfo, ARGS("status", "--short"), 3, "UNKNOWN - database \"fitsdata\" has no schema public", NULL);
	tool_run(&process, conninfo, ARGS("status", "--json"));
	tool_wrote(&process, 3, "has no schema public", "has no schema public");
	/* Also as a superuser. */
	server_execute_told("fitsdata", process.err, "superuser: ", "CREATE SCHEMA");
	process_clear(&process);
	tool_must(conninfo, ARGS("init"));
	mem_free(conninfo);
}
END_TEST

Suite *
corrupt_state_suite(void)
{
	Suite	   *suite = suite_create("corrupt_state");
	TCase	   *tcase = tcase_create("corrupt_state");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, odd_version, 0, sizeof(versions) / sizeof(versions[0]));
	tcase_add_loop_test(tcase, nothing_to_stamp, 0, 3);
	tcase_add_test(tcase, rows_of_other_repositories);
	tcase_add_test(tcase, child_of_the_version_table);
	tcase_add_test(tcase, version_under_policies);
	tcase_add_test(tcase, largest_version);
	tcase_add_test(tcase, version_that_is_not_the_owners);
	tcase_add_test(tcase, stale_script_runs_nothing);
	tcase_add_loop_test(tcase, no_schema_public, 0, sizeof(needs_public) / sizeof(needs_public[0]));
	tcase_add_test(tcase, no_schema_public_for_programs);
	suite_add_tcase(suite, tcase);
	return suite;
}
