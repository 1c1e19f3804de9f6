/*
 * What a database may hold that it should not: each is said clearly, and nothing is changed.
 */
#include <check.h>
#include <string.h>
#include <unistd.h>

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
	bool		repaired;		/* does a stamp set it right? Otherwise it refuses as well */
}			versions[] = {
	{TABLE "integer)", "has no row\nhint: ", true},
	{TABLE "integer); " ROW "NULL)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "-1)", "null or negative\nhint: ", true},
	{TABLE "integer); " ROW "-2147483648)", "null or negative\nhint: ", true},
	{"CREATE TABLE migrate_version (repository_id text, repository_path text, version integer); " ROW "1); " ROW "2)",
		"more than one row of repository \"Repository for FitsStorage migration\"\nhint: ", false},
	{TABLE "integer); " ROW "NULL); INSERT INTO migrate_version VALUES ('another', '', 2)", "null or negative", true},
	{TABLE "integer); INSERT INTO migrate_version VALUES ('another', '', 2), ('one more', '', NULL)",
		"not under version control by repository\n: \"another\", \"one more\".\nhint: ", true},
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

/* An empty database has no version to record, whatever is left of its record: no message leads to a green check. */
START_TEST(nothing_to_stamp)
{
	static const char *const left[] = {
		"SET ROLE fitsdata; " TABLE "integer)", "SET ROLE fitsdata; CREATE SCHEMA fitsdb_schema",
		"SET ROLE fitsdata; " TABLE "integer); INSERT INTO migrate_version VALUES ('another', '', 2)"
	};
	static const char *const says[] = {
		"hint: Schema public has no other tables. To create the schema, run DROP TABLE public.migrate_version; and then"
		" \"fitsdb-schema init\".",
		"hint: It is empty: to create the schema there, run \"fitsdb-schema init\".",
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

/* Other applications that use sqlalchemy-migrate have rows of their own: they are neither read nor changed. */
START_TEST(rows_of_other_repositories)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, "INSERT INTO migrate_version VALUES ('another', 'path', 39), ('Another', '', 7), ('', '', NULL)");
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

/* Children of the table are tables of their own, for every reader. */
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
	tool_expect(conninfo, ARGS("status"), 3, NULL, "is forced\nRun ALTER TABLE public.migrate_version NO FORCE ROW LEVEL"
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

/* A publication of all tables forbids every change of a table without a key; builds before 0.2.0 made one. */
START_TEST(publication_of_all_tables)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "33", "--quiet"));
	if (_i > 0)
		sql_exec(connection, "ALTER TABLE fitsdb_schema.standing DROP COLUMN one");
	if (_i > 1)
		sql_exec(connection, "INSERT INTO fitsdb_schema.standing (version, history, settled) VALUES (39, 'x', true)");
	server_execute("fitsdata", "CREATE PUBLICATION everything FOR ALL TABLES");
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "37", "--quiet"));
	tool_must(conninfo, ARGS("stamp", "39"));
	tool_must(conninfo, ARGS("status", "--quiet"));
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.standing", "1");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* What pg_dump --data-only prints, where the server comes with it; or what of that is the question here. */
static char *
dump_data(const char *conninfo)
{
	char	   *pg_dump = server_program("pg_dump");
	const char *const arguments[] = {pg_dump, "--data-only", "--dbname", conninfo, NULL};
	struct process process;
	char	   *data;

	if (access(pg_dump, X_OK) == 0) {
		process_run(&process, arguments, &(struct process_options) {0});
		ck_assert_int_eq(process.status, 0);
		data = mem_string(process.out);
		process_clear(&process);
	} else {
		PGconn	   *connection = sql_connect(conninfo);

		data = sql_value(connection, "SELECT format('INSERT INTO fitsdb_schema.standing VALUES (%L, %L, %L)', version,"
						 " history, settled) FROM fitsdb_schema.standing");
		PQfinish(connection);
	}
	mem_free(pg_dump);
	return data;
}

/* The archive's own way to move: init, and then the data alone, of a database whose version is the same or another. */
START_TEST(data_restored_into_an_empty_schema)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *data;
	const char *const arguments[] = {"psql", "-X", "-q", "-d", conninfo, NULL};
	struct process psql;

	tool_must(conninfo, ARGS("init", "--quiet"));
	if (_i == 1)
		tool_must(conninfo, ARGS("downgrade", "37", "--quiet"));
	/* As a build before 0.2.0 has made it, here and below. */
	sql_exec(connection, "ALTER TABLE fitsdb_schema.standing DROP COLUMN one");
	PQfinish(connection);
	data = dump_data(conninfo);
	mem_free(server_database("fitsdata"));
	tool_must(conninfo, ARGS("init", "--quiet"));
	connection = sql_connect(conninfo);
	sql_exec(connection, "ALTER TABLE fitsdb_schema.standing DROP COLUMN one");
	process_run(&psql, arguments, &(struct process_options) {.input = data});
	process_clear(&psql);
	if (_i == 2)
		sql_exec(connection, "UPDATE fitsdb_schema.standing SET history = 'x', version = 12 WHERE ctid = '(0,1)'");
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.standing", "2");
	tool_expect(conninfo, ARGS("status"), 0, "current: \nseveral rows", NULL);
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "36", "--quiet"));
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.standing", "1");
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 39, the latest of this build\n", NULL);
	PQfinish(connection);
	mem_free(data);
	mem_free(conninfo);
}
END_TEST

static void
run_psql(const char *conninfo, const char *input)
{
	const char *const arguments[] = {"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, NULL};
	struct process psql;

	process_run(&psql, arguments, &(struct process_options) {.input = input});
	ck_assert_msg(psql.status == 0, "%s", psql.err);
	process_clear(&psql);
}

/* The data alone, as docs/trouble.md says: without the records, and without the rows that init has made. */
START_TEST(data_restored_as_documented)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *pg_dump = server_program("pg_dump");
	const char *const arguments[] = {pg_dump, "--data-only", "--exclude-table=public.migrate_version",
	"--exclude-schema=fitsdb_schema", "--dbname", conninfo, NULL};
	PGconn	   *connection = sql_connect(conninfo);
	struct process dump;

	if (access(pg_dump, X_OK) == 0) {
		tool_must(conninfo, ARGS("init"));
		sql_exec(connection, "INSERT INTO publication (bibcode) VALUES ('2020A&A...640A...1P'); DELETE FROM target"
				 " WHERE name = 'Pluto'");
		PQfinish(connection);
		process_run(&dump, arguments, &(struct process_options) {0});
		ck_assert_int_eq(dump.status, 0);
		mem_free(server_database("fitsdata"));
		tool_must(conninfo, ARGS("init"));
		run_psql(conninfo, "TRUNCATE target CASCADE;");
		run_psql(conninfo, dump.out);
		process_clear(&dump);
		connection = sql_connect(conninfo);
		sql_expect(connection, "SELECT concat((SELECT count(*) FROM publication), (SELECT count(*) FROM target WHERE name ="
				   " 'Pluto'))", "10");
		tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 39, the latest of this build\n",
					"");
		tool_must(conninfo, ARGS("downgrade", "38"));
		tool_must(conninfo, ARGS("upgrade"));
	}
	PQfinish(connection);
	mem_free(pg_dump);
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
	tool_expect(conninfo, ARGS("downgrade", "39"), 3, NULL, "2147483647 are not stored\nNothing was changed");
	tool_expect(conninfo, ARGS("downgrade", "2147483646"), 3, NULL, "2147483647 are not stored");
	image_expect("fitsdata", before);
	tool_expect(conninfo, ARGS("stamp", "39"), 3, NULL, "is ahead of this build\n"
				"stored for versions 40 to 2147483647\n--yes");
	tool_expect(conninfo, ARGS("stamp", "39", "--yes"), 0, "39 instead of 2147483647",
				"no records of versions 40 to 2147483647 existed");
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
	tool_expect(conninfo, ARGS("status"), 2, "differs\nnot the SQL in this build for version 3\n", "");
	tool_expect(conninfo, ARGS("list"), 0, "differs", "");
	/* Only the checksum of the whole. */
	sql_exec(connection, "DELETE FROM fitsdb_schema.migration WHERE checksum = 'x'");
	tool_expect(conninfo, ARGS("status"), 2, "differs\nchecksum of the history is not\nno version is found to differ",
				"");
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
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "relation public.migrate_version is not trusted: it is not a table");
	server_execute("fitsdata", "DROP VIEW migrate_version; ALTER TABLE t RENAME TO migrate_version;"
				   " ALTER TABLE migrate_version OWNER TO apache");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "is not trusted: its owner \"apache\" does not own the database\nReading or writing it"
				" may run code of that role.");
	mem_free(conninfo);
}
END_TEST

START_TEST(record_of_a_stranger)
{
	char	   *conninfo = server_database("fitsdata");

	server_execute("fitsdata", "CREATE SCHEMA fitsdb_schema AUTHORIZATION apache");
	tool_expect(conninfo, ARGS("stamp", "0"), 3, NULL, "schema fitsdb_schema is not trusted: its owner \"apache\"\nhint: ");
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
		"of a kind that this build does not support"},
	{"UPDATE fitsdb_schema.migration SET down = '[1]', down_checksum ="
		" '080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22' WHERE version = 35",
		"of a kind that this build does not support"},
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

/* An upgrade adds nothing to what another build's SQL has made, also where the versions after it are not recorded. */
START_TEST(foreign_text_is_not_forgotten)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *before;

	tool_must(conninfo, ARGS("init", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "36", "--quiet"));
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET checksum = repeat('0', 64), history = repeat('0', 64)"
			 " WHERE version = 10; DELETE FROM fitsdb_schema.migration WHERE version > 10;"
			 "UPDATE fitsdb_schema.standing SET version = 10, history = repeat('0', 64)");
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "checksum mismatch: \nversion 10 \ndowngrade 9\n"
				"that drops everything that versions 10 to 36 added\nstamp 36");
	tool_expect(conninfo, ARGS("upgrade", "10"), 3, NULL, "checksum mismatch");
	tool_expect(conninfo, ARGS("upgrade", "--sql"), 3, NULL, "checksum mismatch");
	tool_expect(conninfo, ARGS("plan"), 3, NULL, "checksum mismatch");
	image_expect("fitsdata", before);
	tool_must(conninfo, ARGS("stamp", "36"));
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	tool_must(conninfo, ARGS("status", "--quiet"));
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
	TCase	   *tcase = tcase_create("oddities");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, odd_version, 0, sizeof(versions) / sizeof(versions[0]));
	tcase_add_loop_test(tcase, nothing_to_stamp, 0, 3);
	tcase_add_test(tcase, rows_of_other_repositories);
	tcase_add_test(tcase, child_of_the_version_table);
	tcase_add_test(tcase, version_under_policies);
	tcase_add_loop_test(tcase, publication_of_all_tables, 0, 3);
	tcase_add_loop_test(tcase, data_restored_into_an_empty_schema, 0, 3);
	tcase_add_test(tcase, data_restored_as_documented);
	tcase_add_test(tcase, largest_version);
	tcase_add_test(tcase, record_of_impossible_versions);
	tcase_add_test(tcase, version_that_is_not_the_owners);
	tcase_add_test(tcase, record_of_a_stranger);
	tcase_add_loop_test(tcase, record_is_made_anew, 0, 4);
	tcase_add_loop_test(tcase, tampered_down, 0, sizeof(tampered) / sizeof(tampered[0]));
	tcase_add_test(tcase, foreign_text_is_not_forgotten);
	tcase_add_test(tcase, stale_script_runs_nothing);
	tcase_add_loop_test(tcase, no_schema_public, 0, sizeof(needs_public) / sizeof(needs_public[0]));
	tcase_add_test(tcase, no_schema_public_for_programs);
	suite_add_tcase(suite, tcase);
	return suite;
}
