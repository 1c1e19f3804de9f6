/*
 * What a database may hold that it should not: each is said clearly, and nothing is changed.
 */
#include <check.h>
#include <string.h>

#include "mem.h"
#include "process.h"
#include "server.h"
#include "image.h"
#include "sql.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

#define TABLE "CREATE TABLE migrate_version (repository_id varchar(250) PRIMARY KEY, repository_path text, version "
#define ROW "INSERT INTO migrate_version VALUES ('Repository for FitsStorage migration', 'dbmigration', "

#define TYPE "not of type integer\nhint: "
#define NO_TABLE "is not a table\nhint: "

static const struct {
	const char *sql;			/* run as a superuser */
	const char *message;		/* of every command */
	bool		repaired;		/* does a stamp set it right? Otherwise it refuses as well */
}			versions[] = {
	{TABLE "integer)", "has no row\nhint: ", true},
	{TABLE "integer); " ROW "NULL)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "-1)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "-2147483648)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "1); INSERT INTO migrate_version VALUES ('another', '', 2)", "more than one row\nhint:"
		" ", false},
	{TABLE "integer); " ROW "NULL); INSERT INTO migrate_version VALUES ('another', '', 2)", "more than one row", false},
	{TABLE "text); " ROW "'18')", TYPE, false},
	{TABLE "bigint); " ROW "18)", TYPE, false},
	{TABLE "numeric); " ROW "18)", TYPE, false},
	{TABLE "boolean); " ROW "true)", TYPE, false},
	{TABLE "text)", TYPE, false},
	{"CREATE TABLE migrate_version (repository_id text)", "does not exist\nADD COLUMN version integer", false},
	{"CREATE VIEW migrate_version AS SELECT 18 AS version", NO_TABLE, false},
	{"CREATE MATERIALIZED VIEW migrate_version AS SELECT 18 AS version", NO_TABLE, false},
	{"CREATE TABLE migrate_version (version integer) PARTITION BY LIST (version); CREATE TABLE part PARTITION OF"
		" migrate_version FOR VALUES IN (18); INSERT INTO part VALUES (18)", NO_TABLE, false},
	{"CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER server FOREIGN DATA WRAPPER wrapper;"
		" CREATE FOREIGN TABLE migrate_version (version integer) SERVER server", NO_TABLE, false},
	{"CREATE TYPE migrate_version AS (version integer)", NO_TABLE, false},
	{"CREATE SEQUENCE migrate_version", NO_TABLE, false},
};

/* Every command says so, and changes nothing. */
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
		tool_expect(conninfo, ARGS("stamp", "18"), 0, "is stamped with version 18", NULL);
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

/* Only a new row needs the other columns. */
START_TEST(version_alone)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("fitsdata", "GRANT ALL ON SCHEMA public TO fitsdata");
	sql_exec(connection, "CREATE TABLE migrate_version (version integer); INSERT INTO migrate_version VALUES (18)");
	tool_expect(conninfo, ARGS("status"), 1, "at version 18", NULL);
	tool_expect(conninfo, ARGS("stamp", "19"), 0, "19 instead of 18", NULL);
	sql_exec(connection, "DELETE FROM migrate_version");
	tool_expect(conninfo, ARGS("stamp", "20"), 2, NULL, "\"repository_id\"\nthe database is as it was");
	sql_expect(connection, "SELECT count(*) FROM migrate_version", "0");
	PQfinish(connection);
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
	tool_expect(conninfo, ARGS("log"), 0, NULL, "nothing is on record yet");
	tool_expect(conninfo, ARGS("init"), 3, NULL, "at version 2147483647");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "is ahead");
	tool_expect(conninfo, ARGS("downgrade", "39"), 3, NULL, "2147483647 are not on record\nNothing was changed");
	tool_expect(conninfo, ARGS("downgrade", "2147483646"), 3, NULL, "2147483647 are not on record");
	image_expect("fitsdata", before);
	tool_expect(conninfo, ARGS("stamp", "39"), 0, "39 instead of 2147483647", NULL);
	mem_free(conninfo);
}
END_TEST

/* Versions that no build writes, in a record that differs from this build's: said, and nothing is looked up by them. */
START_TEST(record_of_impossible_versions)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET checksum = 'x' WHERE version = 3;"
			 " UPDATE fitsdb_schema.migration SET version = v FROM (VALUES (1, -1), (2, 2147483647), (4,"
			 " -2147483648)) o (u, v) WHERE version = u; UPDATE fitsdb_schema.standing SET history = 'x'");
	tool_expect(conninfo, ARGS("status"), 2, "differs\nthan this build's in version 3\n", "");
	tool_expect(conninfo, ARGS("list"), 0, "differs", "");
	PQfinish(connection);
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
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "belongs to \"apache\"");
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
	tool_must(conninfo, ARGS("stamp", "39"));
	tool_expect(conninfo, ARGS("status"), 0, "current", NULL);
	tool_must(conninfo, ARGS("downgrade", "36"));
	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.migration", "40");
	mem_free(drop);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

#define NEWER(version) \
	" UPDATE fitsdb_schema.migration SET checksum = repeat('" version "', 32) WHERE version = " version ";"

/* What is changed on record of version 35, whose text is another than this build's, and what is said of it. */
static const struct {
	const char *sql;
	const char *message;
}			tampered[] = {
	{"UPDATE fitsdb_schema.migration SET down = '[{\"sql\":\"DROP TABLE diskfile CASCADE\"}]' WHERE version = 35",
		"do not match their checksum"},
	{"UPDATE fitsdb_schema.migration SET down_checksum = '' WHERE version = 35", "do not match their checksum"},
	{"ALTER TABLE fitsdb_schema.migration ALTER down_checksum DROP NOT NULL; UPDATE fitsdb_schema.migration SET"
		" down_checksum = NULL WHERE version = 35", "do not match their checksum"},
	{"ALTER TABLE fitsdb_schema.migration ALTER down DROP NOT NULL; UPDATE fitsdb_schema.migration SET"
		" down = NULL WHERE version = 35", "do not match their checksum"},
	{"ALTER TABLE fitsdb_schema.migration ALTER checksum DROP NOT NULL, ALTER name DROP NOT NULL,"
		" ALTER build DROP NOT NULL, ALTER history DROP NOT NULL, ALTER down_checksum DROP NOT NULL;"
		" UPDATE fitsdb_schema.migration SET checksum = NULL, name = NULL, history = NULL, build = NULL,"
		" down_checksum = NULL WHERE version = 35", "checksum"},
	{"UPDATE fitsdb_schema.migration SET down = '{\"sql\":1}', down_checksum ="
		" 'f6f6f57796c77ea87ea7d093cbb12ecfee164490990203d85e21b04956ef56ad' WHERE version = 35",
		"of a kind that this build does not know"},
	{"UPDATE fitsdb_schema.migration SET down = '[1]', down_checksum ="
		" '080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22' WHERE version = 35",
		"of a kind that this build does not know"},
	{"ALTER TABLE fitsdb_schema.migration DROP down_checksum", "down_checksum does not exist"},
};

/* The last step of several is looked at before the first is run. */
START_TEST(tampered_down)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *before;

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, NEWER("35") NEWER("36") NEWER("37"));
	sql_exec(connection, tampered[_i].sql);
	PQfinish(connection);
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("downgrade", "34"), 3, NULL, tampered[_i].message);
	image_expect("fitsdata", before);
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
	tool_must(conninfo, ARGS("upgrade", "39"));
	tool_expect(conninfo, ARGS("status"), 2, "differs\nin version 10", "stamp 39");
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

Suite *
oddities_suite(void)
{
	Suite	   *suite = suite_create("oddities");
	TCase	   *tcase = tcase_create("oddities");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, odd_version, 0, sizeof(versions) / sizeof(versions[0]));
	tcase_add_test(tcase, version_alone);
	tcase_add_test(tcase, largest_version);
	tcase_add_test(tcase, record_of_impossible_versions);
	tcase_add_test(tcase, version_that_is_not_the_owners);
	tcase_add_test(tcase, record_of_a_stranger);
	tcase_add_loop_test(tcase, record_is_made_anew, 0, 4);
	tcase_add_loop_test(tcase, tampered_down, 0, sizeof(tampered) / sizeof(tampered[0]));
	tcase_add_test(tcase, foreign_text_is_not_forgotten);
	tcase_add_test(tcase, stale_script_runs_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
