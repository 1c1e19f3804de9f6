/*
 * A hot standby: reading commands give the same results as on the primary; commands that write are refused at once,
 * with the reason.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/standby.h"
#include "support/tool.h"

#include "base/banned.h"

static const struct server *primary;
static const struct server *standby;

static char *on_primary;		/* how to connect to the database there */
static char *on_standby;

/* A database at version 18 on the primary; its standby has all of it. */
static void
setup(void)
{
	char	   *base = sql_section("migrations/000_base.sql", "up");
	PGconn	   *connection;

	primary = standby_primary();
	connection = server_superuser(primary, "postgres");
	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	sql_exec(connection, "CREATE DATABASE unversioned OWNER fitsdata TEMPLATE template0");
	PQfinish(connection);
	on_primary = server_conninfo(primary, "fitsdata", "fitsdata");
	connection = sql_connect(on_primary);
	sql_exec(connection, base);
	PQfinish(connection);
	tool_must(on_primary, ARGS("stamp", "0"));
	tool_must(on_primary, ARGS("upgrade", "18"));
	standby = standby_start(primary);
	on_standby = server_conninfo(standby, "fitsdata", "fitsdata");
	mem_free(base);
}

/* The standby has replayed what the primary has written so far. */
static void
catch_up(void)
{
	PGconn	   *connection = sql_connect(on_primary);
	char	   *place = sql_value(connection, "SELECT pg_current_wal_insert_lsn()");
	char	   *replayed = mem_format("SELECT pg_last_wal_replay_lsn() >= '%s'", place);
	PGconn	   *reader = sql_connect(on_standby);

	/* Without a commit that waits for it, what was written last may stay in the buffers. */
	sql_exec(connection, "SET synchronous_commit = on; CREATE TEMPORARY TABLE t ()");
	sql_await(reader, replayed, "t");
	PQfinish(reader);
	PQfinish(connection);
	mem_free(replayed);
	mem_free(place);
}

static void
expect_same(const char *const *arguments)
{
	struct process there;
	struct process here;

	tool_run(&there, on_primary, arguments);
	tool_run(&here, on_standby, arguments);
	/* Of a script that may destroy data there is a warning. */
	tool_wrote(&here, 0, "", there.err[0] ? there.err : NULL);
	ck_assert_str_eq(here.out, there.out);
	process_clear(&here);
	process_clear(&there);
}

START_TEST(reading_works)
{
	json_t	   *json;
	char	   *unversioned = server_conninfo(standby, "fitsdata", "unversioned");

	catch_up();
	tool_expect(on_standby, ARGS("status"), 1, "behind: database fitsdata at version 18\npending: 39", NULL);
	tool_expect(on_standby, ARGS("status", "--short"), 1, "BEHIND - fitsdata at version 18\npending=21", NULL);
	tool_expect(on_standby, ARGS("status", "--wait=0"), 1, "behind: ", NULL);
	json = json_run(on_standby, "status", 1);
	json_expect_string(json, "status", "behind");
	json_expect_integer(json, "version", 18);
	json_decref(json);
	tool_expect(unversioned, ARGS("status"), 3, NULL, "not under version control");
	expect_same(ARGS("list"));
	expect_same(ARGS("list", "--json"));
	expect_same(ARGS("log"));
	expect_same(ARGS("log", "--json"));
	expect_same(ARGS("plan"));
	expect_same(ARGS("plan", "--json"));
	expect_same(ARGS("plan", "--verbose", "30"));
	mem_free(unversioned);
}
END_TEST

/* The printed script is the same as on the primary, where it is to be run. */
START_TEST(script_can_be_printed)
{
	catch_up();
	expect_same(ARGS("upgrade", "--sql"));
	expect_same(ARGS("upgrade", "20", "--sql"));
}
END_TEST

/* Everything that writes. */
static const char *const writing[][4] = {
	{"upgrade"}, {"upgrade", "18"}, {"upgrade", "20"}, {"downgrade", "17"}, {"stamp", "20"}, {"init"},
	{"upgrade", "--allow-pooler"}, {"upgrade", "--role=fitsdata"}
};

START_TEST(writing_is_refused)
{
	tool_expect(on_standby, writing[_i], 3, NULL,
				"error: cannot change anything: the server is a hot standby\nhint: Connect to the primary server.");
	tool_expect(on_standby, ARGS("status", "--short"), 1, "BEHIND - fitsdata at version 18\n", NULL);
}
END_TEST

/* A deployment waits on its standby for the upgrade of the primary. */
START_TEST(waits_for_the_primary)
{
	PGconn	   *reader = sql_connect(on_standby);
	struct process waiter;
	struct process process;

	tool_start(&waiter, on_standby, ARGS("status", "--wait=100"));
	/* It has checked at least once. */
	sql_await(reader, "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'", "t");
	ck_assert(process_running(&waiter));
	tool_run(&process, on_primary, ARGS("upgrade"));
	tool_ended(&process, 0);
	process_wait(&waiter);
	tool_wrote(&waiter, 0, "current: database fitsdata at version 39", NULL);
	process_clear(&waiter);
	tool_expect(on_standby, ARGS("upgrade"), 3, NULL, "hot standby");
	PQfinish(reader);
}
END_TEST

Suite *
standby_suite(void)
{
	Suite	   *suite = suite_create("standby");
	TCase	   *tcase = tcase_create("standby");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, reading_works);
	tcase_add_test(tcase, script_can_be_printed);
	tcase_add_loop_test(tcase, writing_is_refused, 0, sizeof(writing) / sizeof(writing[0]));
	tcase_add_test(tcase, waits_for_the_primary);
	suite_add_tcase(suite, tcase);
	return suite;
}
