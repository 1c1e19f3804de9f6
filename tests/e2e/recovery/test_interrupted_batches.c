/*
 * Batched statements that are interrupted by a lock, a signal, a lost connection, or a kill at any message. The next
 * run goes on after the last recorded batch, and each row is changed once.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/counted.h"
#include "support/process.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
#define POSITION "SELECT position FROM fitsdb_schema.change ORDER BY id DESC LIMIT 1"
#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"

static char *conninfo;
static PGconn *connection;

static void
begin(void)
{
	conninfo = counted_database();
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* The blocker ends, and then the upgrade succeeds: each row was changed once. */
static void
expect_done(struct process *process, PGconn *blocker)
{
	block_end(blocker);
	process_wait(process);
	tool_wrote(process, 0, "count", "");
	process_clear(process);
	sql_expect(connection, COUNTED("counted"), "1:1000");
}

START_TEST(a_lock_stops_one_range)
{
	PGconn	   *blocker;

	begin();
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-timeout=2s", "--lock-retries=0"), 2, "",
				"lock timeout\nStatement 1 of 1 is committed for keys below 7\nstays at version 0\n"
				"The next upgrade resumes there\nblocker");
	sql_expect(connection, COUNTED("counted"), "0:500 1:500");
	tool_expect(conninfo, ARGS("status"), 2, "incomplete\nmigration 1 stopped in statement 1; rows with"
				" keys below 7 are done", "hint: ");
	tool_expect(conninfo, ARGS("log"), 0, "failed\nin statement 1, rows with keys below 7 are done", NULL);
	block_end(blocker);
	tool_expect(conninfo, ARGS("upgrade", "1"), 0, "count", "resumes at key 7 of statement 1 of 1");
	sql_expect(connection, COUNTED("counted"), "1:1000");
	end();
}
END_TEST

START_TEST(a_lock_is_waited_for)
{
	struct process process;
	PGconn	   *blocker;

	begin();
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=100ms", "--lock-retries=1000"));
	process_expect(&process, "trying again");
	sql_expect(connection, POSITION, "7");
	expect_done(&process, blocker);
	end();
}
END_TEST

START_TEST(a_deadlock_repeats_one_range)
{
	struct process process;
	PGconn	   *blocker;
	PGresult   *result;

	begin();
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=1min"));
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"
			  " AND wait_event_type = 'Lock'", "1");
	/* The server chooses the victim of the deadlock. */
	result = PQexec(blocker, "UPDATE counted SET n = n WHERE id = 7");
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		sql_exec(blocker, "ROLLBACK; BEGIN");
	else
		process_expect(&process, "deadlock detected; rolled back, trying again");
	PQclear(result);
	expect_done(&process, blocker);
	end();
}
END_TEST

START_TEST(a_signal_stops_between_ranges)
{
	struct process process;
	char	   *position;
	char	   *said;

	begin();
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--batch-pause=1min"));
	sql_await(connection, COUNTED_RUNNING, "t");
	process_signal(&process, SIGINT);
	process_wait(&process);
	position = sql_value(connection, POSITION);
	said = mem_format("was stopped by SIGINT\nStatement 1 of 1 is committed for keys below %s\n"
					  "Run the same command again", position);
	tool_wrote(&process, 2, "", said);
	process_clear(&process);
	tool_expect(conninfo, ARGS("upgrade", "1"), 0, "count", "resumes at key ");
	sql_expect(connection, COUNTED("counted"), "1:1000");
	mem_free(said);
	mem_free(position);
	end();
}
END_TEST

static void
run_script(const char *script, int status, const char *err)
{
	struct process psql;

	process_run(&psql, ARGS("psql", "-X", "-q", "-d", conninfo), &(struct process_options) {.input = script});
	tool_wrote(&psql, status, "", err);
	process_clear(&psql);
}

/* The printed script does the same; if it is interrupted, its progress is recorded, too. */
START_TEST(a_script_for_psql)
{
	struct process process;
	PGconn	   *blocker;

	begin();
	tool_run(&process, conninfo, ARGS("upgrade", "5", "--sql", "--lock-timeout=100ms"));
	ck_assert_int_eq(process.status, 0);
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	run_script(process.out, 3, "lock timeout");
	block_end(blocker);
	sql_expect(connection, POSITION, "7");
	process_clear(&process);

	tool_run(&process, conninfo, ARGS("upgrade", "5", "--sql"));
	run_script(process.out, 0, "");
	process_clear(&process);
	sql_expect(connection, COUNTED("counted"), "7:1000");
	tool_expect(conninfo, ARGS("status"), 1, "at version 5", NULL);
	end();
}
END_TEST

/* The point of the fault, and the process that is killed there; NULL: the connection is cut. */
struct point {
	enum proxy_sender sender;
	int			number;
	const struct process *process;
};

static bool
is_point(struct proxy_message *message, void *context)
{
	const struct point *point = context;

	return message->sender == point->sender && message->number == point->number;
}

static void
strike(void *context)
{
	const struct point *point = context;

	if (point->process)
		process_signal(point->process, SIGKILL);
}

/* Run a command through the proxy, with a fault there. Returns whether the point was reached. */
static bool
run_struck(struct proxy *proxy, const char *command, const char *version, struct point point, bool killed)
{
	char	   *through = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	struct process process = {0};
	struct point at = {.sender = point.sender,.number = point.number,.process = killed ? &process : NULL};
	struct proxy_plan plan = {.look = is_point,.strike = strike,.context = &at};
	bool		struck;

	tool_start(&process, through, ARGS(command, version));
	struck = proxy_serve(proxy, &process, &plan);
	process_wait(&process);
	ck_assert_msg(struck || process.status == 0, "%s%s", process.out, process.err);
	process_clear(&process);
	mem_free(through);
	/* After a kill at a COMMIT the server may still be at work. */
	sql_await(connection, OUR_SESSIONS, "0");
	return struck;
}

/* The number of messages of the sender in such a command, without a fault. */
static int
count_messages(struct proxy *proxy, const char *command, const char *version, enum proxy_sender sender)
{
	ck_assert(!run_struck(proxy, command, version, (struct point) {.sender = sender}, false));
	return proxy_count(proxy, sender);
}

enum {
	POINTS = 30					/* in either direction, of some hundred messages; cut and killed in turn */
};

/* A kill or a cut at one message in so many, then a rerun, and so on until it succeeds. */
START_TEST(each_row_is_done_once_whatever_happens)
{
	enum proxy_sender sender = _i == 0 ? PROXY_CLIENT : PROXY_SERVER;
	struct proxy *proxy = proxy_open(server_main());
	int			messages;
	int			held = 0;

	begin();
	messages = count_messages(proxy, "upgrade", "1", sender);
	for (int i = 0; i < POINTS; i++) {
		struct point point = {.sender = sender,.number = 1 + messages * i / POINTS};

		/* Reverted: the rows are as before, and the records are gone. */
		tool_expect(conninfo, ARGS("stamp", "0"), 0, "", NULL);
		sql_exec(connection, "UPDATE counted SET n = 0 WHERE n <> 0; DROP SCHEMA fitsdb_schema CASCADE");
		held += run_struck(proxy, "upgrade", "1", point, i % 2);
		/* The next fault is a little further on. */
		point.number = 60;
		run_struck(proxy, "upgrade", "1", point, i % 2);
		tool_expect(conninfo, ARGS("upgrade", "1"), 0, "at version 1", "");
		sql_expect(connection, COUNTED("counted"), "1:1000");
	}
	ck_assert_int_eq(held, POINTS);
	end();
	proxy_close(proxy);
}
END_TEST

/* An older build reverts an up migration that was killed at any message; the older build is killed, too. */
START_TEST(an_old_build_reverts_it)
{
	struct proxy *proxy = proxy_open(server_main());
	int			up;
	int			down;

	begin();
	tool_must(conninfo, ARGS("upgrade", "4"));
	up = count_messages(proxy, "upgrade", "5", PROXY_CLIENT);
	build_run("batches-4");
	down = count_messages(proxy, "downgrade", "4", PROXY_CLIENT);
	sql_expect(connection, COUNTED("counted"), "1:1000");
	for (int i = 0; i < POINTS; i++) {
		build_run("batches");
		run_struck(proxy, "upgrade", "5", (struct point) {PROXY_CLIENT, 1 + up * i / POINTS, NULL}, true);
		build_run("batches-4");
		run_struck(proxy, "downgrade", "4", (struct point) {PROXY_CLIENT, 1 + down * (i * 7 % POINTS) / POINTS, NULL},
				   true);
		tool_expect(conninfo, ARGS("downgrade", "4"), 0, "at version 4", NULL);
		sql_expect(connection, VERSION, "4");
		sql_expect(connection, COUNTED("counted"), "1:1000");
		tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 4", NULL);
	}
	build_run("batches");
	tool_expect(conninfo, ARGS("upgrade", "5"), 0, "at version 5", NULL);
	sql_expect(connection, COUNTED("counted"), "7:1000");
	end();
	proxy_close(proxy);
}
END_TEST

Suite *
interrupted_batches_suite(void)
{
	Suite	   *suite = suite_create("interrupted_batches");
	TCase	   *tcase = tcase_create("stops");

	tcase_add_unchecked_fixture(tcase, build_batches, build_end);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, a_lock_stops_one_range);
	tcase_add_test(tcase, a_lock_is_waited_for);
	tcase_add_test(tcase, a_deadlock_repeats_one_range);
	tcase_add_test(tcase, a_signal_stops_between_ranges);
	tcase_add_test(tcase, a_script_for_psql);
	tcase_add_loop_test(tcase, each_row_is_done_once_whatever_happens, 0, 2);
	tcase_add_test(tcase, an_old_build_reverts_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
