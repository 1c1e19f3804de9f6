/*
 * Databases restored from a dump of the data alone, and databases with a publication: our tables have duplicate rows, or
 * cannot be changed without a key. Each command works.
 */
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

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

/* The output of pg_dump --data-only; without pg_dump, the part that matters here. */
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

/* The archive moves data so: init, and then the data alone, from a database at the same or another version. */
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
	/* As builds before 0.2.0 have made it, here and below. */
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
	tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 39, the latest of this build\n",
				NULL);
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

/* The data alone, as docs/trouble.md describes: without the records, and without the rows of init. */
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
		sql_expect(connection, "SELECT concat((SELECT count(*) FROM publication), (SELECT count(*) FROM target WHERE"
				   " name ="
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

Suite *
restored_data_suite(void)
{
	Suite	   *suite = suite_create("restored_data");
	TCase	   *tcase = tcase_create("restored_data");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, publication_of_all_tables, 0, 3);
	tcase_add_loop_test(tcase, data_restored_into_an_empty_schema, 0, 3);
	tcase_add_test(tcase, data_restored_as_documented);
	suite_add_tcase(suite, tcase);
	return suite;
}
