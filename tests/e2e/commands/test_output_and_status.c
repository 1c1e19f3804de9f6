/*
 * Each command's output, on which stream, and its exit status.
 */
#include <arpa/inet.h>
#include <check.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/facts.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"

static const char *const occupants[] = {
	"CREATE TABLE stranger (id integer)",
	"CREATE TYPE stranger AS ENUM ('a')",
	"CREATE SEQUENCE stranger",
	"CREATE VIEW stranger AS SELECT 1 AS one",
	"CREATE FUNCTION stranger() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
};

START_TEST(init_refuses_what_is_not_empty)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, occupants[_i]);
	tool_expect(conninfo, ARGS("init"), 3, NULL, _i == 0 ? "error: \nnot empty\nstranger\nhint: \nstamp" :
				"error: \nnot empty\nstranger\nhint: Schema public has no tables, so no version matches it");
	tool_expect(conninfo, ARGS("status"), 3, NULL, _i == 0 ? "not under version control\nstranger\nhint: \nstamp" :
				"error: \nnot under version control\nstranger\nhint: Schema public has no tables");
	tool_expect(conninfo, ARGS("status", "--short"), 3, "not under version control, and is not empty", NULL);
	tool_expect(conninfo, ARGS("status", "--json"), 3, "\"empty\": false", "stranger");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('migrate_version', 'diskfile')", "0");
	sql_expect(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'fitsdb_schema'", "0");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* As if the result of the first one had been lost; but not after another change. */
START_TEST(init_may_be_repeated_at_once)
{
	char	   *conninfo = server_database("fitsdata");

	tool_expect(conninfo, ARGS("status"), 3, NULL, "not under version control\nhint: The database is empty\ninit");
	tool_expect(conninfo, ARGS("status", "--json"), 3, "\"empty\": true", "init");
	tool_expect(conninfo, ARGS("init"), 0, "39", NULL);
	tool_expect(conninfo, ARGS("init"), 0, "39\nnothing to do", NULL);
	tool_must(conninfo, ARGS("downgrade", "36"));
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("init"), 3, NULL, "error: \nnot empty\nhint: ");
	tool_expect(conninfo, ARGS("status"), 0, "39", NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(direction_is_checked)
{
	char	   *conninfo = lineage_current("fitsdata", 20);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("upgrade", "10"), 3, NULL, "error: \n20\nhint: \ndowngrade 10");
	tool_expect(conninfo, ARGS("downgrade", "30"), 3, NULL, "error: \n20\nhint: \nupgrade 30");
	tool_expect(conninfo, ARGS("upgrade", "40"), 3, NULL, "error: there is no version 40\nhint: \n39");
	sql_expect(connection, VERSION, "20");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(nothing_to_do_is_success)
{
	char	   *conninfo = lineage_current("fitsdata", 20);
	PGconn	   *connection = sql_connect(conninfo);
	const char *count = "SELECT count(*) FROM fitsdb_schema.change";
	char	   *before = sql_value(connection, count);

	tool_expect(conninfo, ARGS("upgrade", "20"), 0, "nothing to do", NULL);
	tool_expect(conninfo, ARGS("downgrade", "20"), 0, "nothing to do", NULL);
	sql_expect(connection, count, before);
	tool_expect(conninfo, ARGS("upgrade", "20", "--quiet"), 0, NULL, NULL);
	mem_free(before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(upgrade_prints_each_migration)
{
	char	   *conninfo = lineage_current("fitsdata", 17);

	tool_expect(conninfo, ARGS("upgrade", "20"), 0,
				"   18  add_filename_to_calcachequeue\n   19  add_force_to_preview_queue\n"
				"   20  add_processed_unknown_reduction_state\n ms\nfitsdata is at version 20", NULL);
	tool_expect(conninfo, ARGS("downgrade", "18"), 0, "   20  add_processed_unknown_reduction_state\n"
				"   19  add_force_to_preview_queue\nfitsdata is at version 18", NULL);
	tool_expect(conninfo, ARGS("upgrade", "--quiet"), 0, NULL, NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(status_of_each_kind)
{
	char	   *conninfo = lineage_current("fitsdata", 33);

	tool_expect(conninfo, ARGS("status"), 1, "33\n39", NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 1,
				"BEHIND - fitsdata at version 33, this build has 39 | version=33 latest=39 pending=6", NULL);
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("status"), 0, "39", NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 0, "version=39 latest=39 pending=0", NULL);
	tool_must(conninfo, ARGS("stamp", "36"));
	tool_expect(conninfo, ARGS("status", "--wait=1"), 1, "36", NULL);
	mem_free(conninfo);
}
END_TEST

/* A port that never answers, with the socket `*listener`; returns the connection string, to be freed. */
static char *
listen_in_silence(int *listener)
{
	struct sockaddr_in address = {.sin_family = AF_INET,.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t	length = sizeof(address);

	*listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(*listener, 0);
	ck_assert_int_eq(bind(*listener, (const struct sockaddr *) &address, length), 0);
	ck_assert_int_eq(listen(*listener, 10), 0);
	ck_assert_int_eq(getsockname(*listener, (struct sockaddr *) &address, &length), 0);
	return mem_format("host=127.0.0.1 port=%d user=fitsdata dbname=fitsdata", ntohs(address.sin_port));
}

/* Another session has locked the tables; or the server does not answer. */
START_TEST(status_does_not_hang)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE migrate_version");
	int			listener;
	char	   *silent = listen_in_silence(&listener);
	char	   *sooner = mem_format("%s connect_timeout=2", silent);
	time_t		began = time(NULL);

	tool_expect(conninfo, ARGS("status"), 3, NULL, "could not read the version: table public.migrate_version is locked by"
				" PID \nLOCK TABLE migrate_version\npg_terminate_backend");
	tool_expect(conninfo, ARGS("status", "--short"), 3, "UNKNOWN - could not read the version: \nis locked by PID", "");
	block_end(blocker);
	tool_expect(silent, ARGS("status"), 3, NULL, "could not connect: \ntimeout expired");
	tool_expect(sooner, ARGS("status", "--short"), 3, "UNKNOWN - could not connect: \ntimeout expired", NULL);
	ck_assert_int_lt(time(NULL) - began, 60);
	tool_must(conninfo, ARGS("status", "--quiet"));
	close(listener);
	mem_free(sooner);
	mem_free(silent);
	mem_free(conninfo);
}
END_TEST

/* One line, with one "|", before the performance data. */
START_TEST(a_line_for_plugins)
{
	char	   *server = server_conninfo(server_main(), "fitsdata", "postgres");
	char	   *conninfo = mem_format("%s dbname='a|b'", server);

	server_execute("postgres", "CREATE DATABASE \"a|b\" OWNER fitsdata");
	tool_expect(conninfo, ARGS("status", "--short"), 3,
				"UNKNOWN - the database is not under version control, and is empty\n",
				NULL);
	tool_must(conninfo, ARGS("init"));
	tool_expect(conninfo, ARGS("status", "--short"), 0,
				"OK - a/b at version 39, the latest of this build | version=39 latest=39 pending=0", NULL);
	server_execute("postgres", "DROP DATABASE \"a|b\"");
	tool_expect(conninfo, ARGS("status", "--short"), 3,
				"UNKNOWN - could not connect: \ndatabase \"a/b\" does not exist", NULL);
	mem_free(conninfo);
	mem_free(server);
}
END_TEST

START_TEST(status_of_changed_text)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "UPDATE fitsdb_schema.migration SET checksum = repeat('0', 64), history = repeat('0', 64)"
			 " WHERE version = 39");
	sql_exec(connection, "UPDATE fitsdb_schema.standing SET history = repeat('0', 64)");
	tool_expect(conninfo, ARGS("status"), 2, "39\nchecksum mismatch",
				"hint: If \"fitsdb-schema verify\" reports no differences, run \"fitsdb-schema stamp 39\"");
	tool_must(conninfo, ARGS("stamp", "39"));
	tool_expect(conninfo, ARGS("status"), 0, "current", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* A health check has SELECT only, and may run on a standby: nothing is written. */
START_TEST(status_only_reads)
{
	char	   *owner = lineage_current("fitsdata", 33);
	char	   *conninfo = server_conninfo(server_main(), "apache", "fitsdata");

	server_execute("postgres", "ALTER DATABASE fitsdata SET default_transaction_read_only = on");
	tool_expect(conninfo, ARGS("status"), 1, "33", NULL);
	json_decref(json_run(conninfo, "status", 1));
	json_decref(json_run(conninfo, "list", 0));
	json_decref(json_run(conninfo, "log", 0));
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

START_TEST(stamp_only_records)
{
	char	   *conninfo = lineage_base("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("stamp", "40"), 3, NULL, "error: there is no version 40");
	tool_expect(conninfo, ARGS("stamp"), 3, NULL, "error: ");
	tool_expect(conninfo, ARGS("stamp", "18"), 0, "18", NULL);
	facts_expect_version(connection, "v000");
	sql_expect(connection, VERSION, "18");
	tool_expect(conninfo, ARGS("stamp", "5"), 0, "5", NULL);
	sql_expect(connection, VERSION, "5");
	sql_expect(connection, "SELECT count(*) FROM migrate_version", "1");
	sql_expect(connection, "SELECT max(version) FROM fitsdb_schema.migration", "5");
	facts_expect_version(connection, "v000");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(list_has_all)
{
	char	   *conninfo = lineage_current("fitsdata", 18);
	json_t	   *json = json_run(conninfo, "list", 0);
	const json_t *migrations = json_is_array(json) ? json : json_object_get(json, "migrations");

	ck_assert_uint_eq(json_array_size(migrations), LATEST + 1);
	json_expect_integer(json_array_get(migrations, 17), "version", 17);
	json_expect_string(json_array_get(migrations, 17), "name", "add_datafile_timestamp");
	json_decref(json);
	tool_expect(conninfo, ARGS("list"), 0, "base\nadd_datafile_timestamp\nreconcile_with_data_models", NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(log_lists_each_change)
{
	char	   *conninfo = lineage_current("fitsdata", 18);
	json_t	   *json;

	tool_must(conninfo, ARGS("upgrade", "20"));
	tool_must(conninfo, ARGS("downgrade", "19"));
	json = json_run(conninfo, "log", 0);
	/* stamp, 18 migrations, two more, and one down */
	ck_assert_uint_eq(json_array_size(json_is_array(json) ? json : json_object_get(json, "changes")), 1 + 18 + 2 + 1);
	json_decref(json);
	tool_expect(conninfo, ARGS("log"), 0, "upgrade\ndowngrade\nstamp\nfitsdata", NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(status_as_json)
{
	char	   *conninfo = lineage_current("fitsdata", 33);
	json_t	   *json = json_run(conninfo, "status", 1);

	json_expect_integer(json, "version", 33);
	json_expect_integer(json, "latest", 39);
	json_expect_string(json, "status", "behind");
	json_expect_string(json, "database", "fitsdata");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "pending")), 6);
	json_decref(json);
	mem_free(conninfo);
}
END_TEST

/* Our own tables after a change, without times and the texts of the log. */
#define STATE \
	"SELECT version::text, name, checksum, history, down::text, down_transactional::text, build," \
	" (applied_at IS NOT NULL)::text FROM fitsdb_schema.migration" \
	" UNION ALL SELECT command, version_from::text, version_to::text, state, statement::text, build, by," \
	" (finished_at IS NOT NULL)::text FROM fitsdb_schema.change ORDER BY 1, 2, 3"

START_TEST(script_does_the_same)
{
	static const int starts[] = {0, 18, 33};
	char	   *conninfo = lineage_migrated("fitsdata", starts[_i]);
	char	   *scripted;
	char	   *upgraded;
	struct process process;
	PGconn	   *connection = sql_connect(conninfo);

	tool_run(&process, conninfo, ARGS("upgrade", "--sql"));
	tool_wrote(&process, 0, "", "");
	sql_expect(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'fitsdb_schema'", "0");
	process_must(ARGS("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo),
				 &(struct process_options) {.input = process.out});
	process_clear(&process);
	facts_expect_version(connection, "v037");
	tool_expect(conninfo, ARGS("status"), 0, "39", NULL);
	scripted = sql_lines(connection, STATE);
	PQfinish(connection);
	mem_free(conninfo);

	conninfo = lineage_migrated("fitsdata", starts[_i]);
	connection = sql_connect(conninfo);
	tool_must(conninfo, ARGS("upgrade"));
	upgraded = sql_lines(connection, STATE);
	ck_assert_str_eq(scripted, upgraded);
	mem_free(upgraded);
	mem_free(scripted);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
output_and_status_suite(void)
{
	Suite	   *suite = suite_create("output_and_status");
	TCase	   *tcase = tcase_create("commands");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, init_refuses_what_is_not_empty, 0, sizeof(occupants) / sizeof(occupants[0]));
	tcase_add_test(tcase, init_may_be_repeated_at_once);
	tcase_add_test(tcase, direction_is_checked);
	tcase_add_test(tcase, nothing_to_do_is_success);
	tcase_add_test(tcase, upgrade_prints_each_migration);
	tcase_add_test(tcase, status_of_each_kind);
	tcase_add_test(tcase, status_does_not_hang);
	tcase_add_test(tcase, a_line_for_plugins);
	tcase_add_test(tcase, status_of_changed_text);
	tcase_add_test(tcase, status_only_reads);
	tcase_add_test(tcase, status_as_json);
	tcase_add_test(tcase, stamp_only_records);
	tcase_add_test(tcase, list_has_all);
	tcase_add_test(tcase, log_lists_each_change);
	tcase_add_loop_test(tcase, script_does_the_same, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite;
}
