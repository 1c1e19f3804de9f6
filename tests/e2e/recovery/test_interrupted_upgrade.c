/*
 * An upgrade is interrupted by a kill, a signal, a lost connection or an error. The database is always at a version,
 * and the next upgrade finishes the work.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
#define HAS_SIZE "SELECT count(*) FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'size'"
#define COLOURS "SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum"
#define VALID(index) \
	"SELECT string_agg(indisvalid::text, ' ') FROM pg_index WHERE indexrelid = to_regclass('" index "')"
#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"

/* The session of a killed run may go on until its statement ends. */
static void
end_sessions(PGconn *connection)
{
	server_execute("fitsdata", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
				   " WHERE application_name = 'fitsdb-schema'");
	sql_await(connection, OUR_SESSIONS, "0");
}

START_TEST(killed_between_statements)
{
	char	   *conninfo = build_database(1);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE item IN SHARE MODE");
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	block_upgrade(&process, conninfo, "2");
	sql_expect(connection, COLOURS, "red green");
	process_signal(&process, SIGKILL);
	process_wait(&process);
	tool_ended(&process, 128 + SIGKILL);
	end_sessions(connection);
	tool_expect(conninfo, ARGS("status"), 2, "incomplete\nmigration 2", "hint: ");
	sql_expect(connection, VERSION, "1");
	block_end(blocker);
	tool_expect(conninfo, ARGS("upgrade", "2"), 0, "add_colours", "resumes after statement 1 of 3");
	sql_expect(connection, COLOURS, "red green blue");
	sql_expect(connection, "SELECT count(*) FROM item WHERE weight = 1", "3");
	sql_expect(connection, VERSION, "2");
	tool_expect(conninfo, ARGS("status"), 1, "2", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(killed_in_transaction)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	block_upgrade(&process, conninfo, "1");
	process_signal(&process, SIGKILL);
	process_wait(&process);
	tool_ended(&process, 128 + SIGKILL);
	tool_expect(conninfo, ARGS("status"), 1, "version 0", NULL);
	block_end(blocker);
	end_sessions(connection);
	tool_must(conninfo, ARGS("upgrade", "1"));
	sql_expect(connection, VERSION, "1");
	sql_expect(connection, HAS_SIZE, "1");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The next run waits until the killed run's session has ended. */
START_TEST(killed_but_session_goes_on)
{
	char	   *conninfo = build_database(1);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE item IN SHARE MODE");
	PGconn	   *connection = sql_connect(conninfo);
	struct process killed;
	struct process next;

	block_upgrade(&killed, conninfo, "2");
	process_signal(&killed, SIGKILL);
	process_wait(&killed);
	tool_ended(&killed, 128 + SIGKILL);
	tool_start(&next, conninfo, ARGS("upgrade", "2"));
	block_end(blocker);
	process_wait(&next);
	tool_ended(&next, 0);
	sql_expect(connection, COLOURS, "red green blue");
	sql_expect(connection, VERSION, "2");
	tool_expect(conninfo, ARGS("status"), 1, "version 2", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* From PostgreSQL 14 on the server notices that the client is gone, and releases the locks. */
START_TEST(killed_leaves_no_session)
{
	char	   *conninfo;
	PGconn	   *blocker;
	PGconn	   *connection;
	struct process process;

	if (server_version(server_main()) < 14)
		return;
	conninfo = build_database(0);
	blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	connection = sql_connect(conninfo);
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=100s"));
	sql_await(connection, OUR_SESSIONS " AND wait_event_type = 'Lock'", "1");
	process_signal(&process, SIGKILL);
	process_wait(&process);
	tool_ended(&process, 128 + SIGKILL);
	sql_await(connection, OUR_SESSIONS, "0");
	block_end(blocker);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(invalid_index_is_rebuilt)
{
	char	   *conninfo = build_database(2);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE INDEX item_name ON item (name)");
	server_execute("fitsdata", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'item_name'::regclass");
	sql_expect(connection, VALID("item_name"), "false");
	tool_expect(conninfo, ARGS("upgrade", "3"), 0, "", "index item_name is invalid");
	sql_expect(connection, VALID("item_name"), "true");
	sql_expect(connection, VERSION, "3");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(valid_index_is_kept)
{
	char	   *conninfo = build_database(2);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *before;

	sql_exec(connection, "CREATE INDEX item_name ON item (name)");
	before = sql_value(connection, "SELECT 'item_name'::regclass::oid");
	tool_must(conninfo, ARGS("upgrade", "3"));
	sql_expect(connection, "SELECT 'item_name'::regclass::oid", before);
	mem_free(before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(killed_while_building_index)
{
	char	   *conninfo = build_database(2);
	PGconn	   *blocker = block_begin(conninfo, "UPDATE item SET weight = 2 WHERE id = 1");
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "3", "--lock-timeout=100s"));
	sql_await(connection, VALID("item_name"), "false");
	process_signal(&process, SIGKILL);
	process_wait(&process);
	tool_ended(&process, 128 + SIGKILL);
	sql_expect(connection, VERSION, "2");
	end_sessions(connection);
	block_end(blocker);
	sql_expect(connection, VALID("item_name"), "false");
	tool_expect(conninfo, ARGS("upgrade", "3"), 0, "", "index item_name is invalid");
	sql_expect(connection, VALID("item_name"), "true");
	sql_expect(connection, VERSION, "3");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(failed_unique_index_is_built_again)
{
	char	   *conninfo = build_database(6);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "INSERT INTO item (name) VALUES ('one')");
	tool_expect(conninfo, ARGS("upgrade", "7"), 2, "",
				"error: migration 7 \"add_unique_index\" failed\n(23505)\n(one)");
	sql_expect(connection, VERSION, "6");
	sql_exec(connection, "DELETE FROM item WHERE id = 4");
	tool_expect(conninfo, ARGS("upgrade", "7"), 0, "", "index item_once is invalid");
	sql_expect(connection, VALID("item_once"), "true");
	sql_expect(connection, VERSION, "7");
	tool_expect(conninfo, ARGS("status"), 1, "7", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

static const struct {
	int			number;
	const char *name;
}			stops[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}};

START_TEST(signal_stops_statement)
{
	char	   *conninfo = build_database(5);
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "6"));
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1");
	process_signal(&process, stops[_i].number);
	process_wait(&process);
	tool_wrote(&process, 2, "", stops[_i].name);
	process_clear(&process);
	sql_await(connection, OUR_SESSIONS, "0");
	sql_expect(connection, VERSION, "5");
	sql_expect(connection, "SELECT to_regclass('slow')", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(failure_has_its_place)
{
	char	   *conninfo = build_database(3);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("upgrade", "4"), 2, "",
				"error: migration 4 \"fail\" failed: column \"no_such_column\" does not exist (42703)\n"
				"004_fail.sql, line 6, column 8. Rolled back; the database stays at version 3.");
	sql_expect(connection, "SELECT to_regclass('lost')", "");
	sql_expect(connection, VERSION, "3");
	sql_expect(connection, "SELECT state || ' ' || version_from || ' ' || version_to FROM fitsdb_schema.change"
			   " ORDER BY id DESC LIMIT 1", "failed 3 4");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(failure_after_a_statement)
{
	char	   *conninfo = build_database(4);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("upgrade", "5"), 2, "",
				"error: migration 5 \"fail_after_a_statement\" failed\n(42704)\n005_fail_after_a_statement.sql, line 5, column 50");
	sql_expect(connection, VERSION, "4");
	sql_expect(connection, "SELECT to_regclass('half')", "half");
	tool_expect(conninfo, ARGS("status"), 2, "incomplete", "hint: ");
	/* The cause is repaired, and the upgrade goes on from there. */
	sql_exec(connection, "CREATE DOMAIN no_such_type AS text");
	tool_expect(conninfo, ARGS("upgrade", "5"), 0, "", "resumes after statement 1 of 2");
	sql_expect(connection, VERSION, "5");
	tool_expect(conninfo, ARGS("status"), 1, "5", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(incomplete_can_be_reverted)
{
	char	   *conninfo = build_database(4);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("upgrade", "5"), 2, "", "");
	tool_must(conninfo, ARGS("downgrade", "4", "--yes"));
	sql_expect(connection, VERSION, "4");
	sql_expect(connection, "SELECT to_regclass('half')", "");
	tool_expect(conninfo, ARGS("status"), 1, "4", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(connection_is_lost)
{
	char	   *conninfo = build_database(5);
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "6"));
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1");
	server_execute("fitsdata", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
	process_wait(&process);
	tool_wrote(&process, 2, "", "error: migration 6 \"take_long\" failed\nversion 5");
	process_clear(&process);
	sql_expect(connection, VERSION, "5");
	sql_expect(connection, "SELECT to_regclass('slow')", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
interrupted_upgrade_suite(void)
{
	Suite	   *suite = suite_create("interrupted_upgrade");
	TCase	   *tcase = tcase_create("apply");

	tcase_add_unchecked_fixture(tcase, build_failures, build_end);
	tcase_set_timeout(tcase, 180);
	tcase_add_test(tcase, killed_between_statements);
	tcase_add_test(tcase, killed_in_transaction);
	tcase_add_test(tcase, killed_but_session_goes_on);
	tcase_add_test(tcase, killed_leaves_no_session);
	tcase_add_test(tcase, invalid_index_is_rebuilt);
	tcase_add_test(tcase, valid_index_is_kept);
	tcase_add_test(tcase, killed_while_building_index);
	tcase_add_test(tcase, failed_unique_index_is_built_again);
	tcase_add_loop_test(tcase, signal_stops_statement, 0, 2);
	tcase_add_test(tcase, failure_has_its_place);
	tcase_add_test(tcase, failure_after_a_statement);
	tcase_add_test(tcase, incomplete_can_be_reverted);
	tcase_add_test(tcase, connection_is_lost);
	suite_add_tcase(suite, tcase);
	return suite;
}
