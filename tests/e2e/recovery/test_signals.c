/*
 * Signals, in each kind of wait: the statement is cancelled on the server, the message describes the state of the
 * database, and the next upgrade succeeds. After a kill the server ends the session.
 */
#include <check.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
#define OUR_SESSIONS \
	"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema' AND datname = current_database()"
#define OUR_WORK OUR_SESSIONS " AND state <> 'idle' AND query LIKE "
/* The session that watches locks may still be there for a moment; no other may run or wait. */
#define NOTHING_RUNS OUR_SESSIONS " AND state <> 'idle'"

/* The statement at which an upgrade from `version` waits. */
static const struct hang {
	const char *lock;			/* by another session; NULL: it needs none */
	const char *target;
	const char *query;			/* LIKE this, is what runs then */
	const char *standing;		/* what the message says */
	int			version;
	int			after;			/* the version that the next upgrade, without the other session, leads to */
}			hangs[] = {
	/* a lock in a transaction */
	{"SELECT count(*) FROM item", "1", "'ALTER TABLE item ADD%'",
	"migration 1 \"add_size\" was stopped by \nthe database stays at version 0", 0, 1},
	/* a lock in a non-transactional migration */
	{"LOCK TABLE item IN SHARE MODE", "2", "'UPDATE item%'",
	"migration 2 \"add_colours\" was stopped by \n1 of its 3 statements is committed\nstays at version 1", 1, 2},
	/* an old transaction in the way of an index */
	{"UPDATE item SET name = name", "3", "'CREATE INDEX CONC%'",
	"migration 3 \"add_name_index\" was stopped by \nstays at version 2", 2, 3},
	/* a long statement */
	{NULL, "6", "'SELECT pg_sleep(600)%'", "migration 6 \"take_long\" was stopped by \nstays at version 5", 5, -1},
	/* a long statement, the first of a non-transactional migration */
	{NULL, "10", "'SELECT pg_sleep(600)%'", "migration 10 \"rest\" was stopped by \n"
	"None of its statements is committed\nstays at version 9", 9, -1},
};

enum {
	HANGS = sizeof(hangs) / sizeof(hangs[0])
};

static const struct {
	int			number;
	const char *name;
}			stops[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}};

/* Start an upgrade, of database fitsdata or of a copy of that name, and wait until it is blocked. */
static void
begin_hang(struct process *process, const struct hang *hang, const char *copy, char **conninfo, PGconn **blocker,
		   PGconn **connection)
{
	char	   *running = mem_format(OUR_WORK "%s", hang->query);

	*conninfo = build_database(hang->version);
	if (copy) {
		mem_free(*conninfo);
		*conninfo = server_copy(copy, "fitsdata");
	}
	*blocker = hang->lock ? block_begin(*conninfo, hang->lock) : NULL;
	*connection = sql_connect(*conninfo);
	tool_start(process, *conninfo, ARGS("upgrade", hang->target, "--lock-timeout=60s"));
	sql_await(*connection, running, "1");
	mem_free(running);
}

/* Without the other session the next upgrade succeeds, if its migration ever does. */
static void
end_hang(const struct hang *hang, char *conninfo, PGconn *blocker, PGconn *connection)
{
	char	   *target = mem_format("%d", hang->after);

	if (blocker)
		block_end(blocker);
	if (hang->after >= 0) {
		tool_expect(conninfo, ARGS("upgrade", hang->target), 0, "", "");
		sql_expect(connection, VERSION, target);
		sql_expect(connection, "SELECT count(*) FROM pg_index WHERE NOT indisvalid", "0");
	}
	PQfinish(connection);
	mem_free(target);
	mem_free(conninfo);
}

START_TEST(statement_is_cancelled)
{
	const struct hang *hang = &hangs[_i / 2];
	struct process process;
	char	   *conninfo;
	PGconn	   *blocker;
	PGconn	   *connection;

	begin_hang(&process, hang, NULL, &conninfo, &blocker, &connection);
	process_signal(&process, stops[_i % 2].number);
	process_wait(&process);
	tool_wrote(&process, 2, "", hang->standing);
	tool_wrote(&process, 2, "", stops[_i % 2].name);
	process_clear(&process);
	/* The blocker still holds its lock: the signal has ended the run. */
	sql_await(connection, NOTHING_RUNS, "0");
	if (blocker)
		ck_assert_int_eq(PQtransactionStatus(blocker), PQTRANS_INTRANS);
	end_hang(hang, conninfo, blocker, connection);
}
END_TEST

START_TEST(hangup_does_not_interrupt)
{
	const struct hang *hang = &hangs[_i];
	struct process process;
	char	   *conninfo;
	PGconn	   *blocker;
	PGconn	   *connection;

	begin_hang(&process, hang, NULL, &conninfo, &blocker, &connection);
	process_signal(&process, SIGHUP);
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, "at version", "");
	process_clear(&process);
	end_hang(hang, conninfo, NULL, connection);
}
END_TEST

START_TEST(retry_pause_is_ended)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=10ms", "--lock-retries=1000"));
	process_expect(&process, "(4 of 1000)");	/* pauses are long by now */
	process_signal(&process, stops[_i].number);
	process_wait(&process);
	tool_wrote(&process, 2, "", "was stopped by \nstays at version 0");
	process_clear(&process);
	block_end(blocker);
	tool_must(conninfo, ARGS("upgrade", "1"));
	mem_free(conninfo);
}
END_TEST

/* Wait until the program catches the signal; there is nothing on the server to see it by. */
static void
await_handler(const struct process *process, int number)
{
	char	   *path = mem_format("/proc/%d/status", (int) process->pid);
	unsigned long caught = 0;

	while (!(caught & (1UL << (number - 1)))) {
		char	   *status = sql_file(path);
		const char *field = strstr(status, "SigCgt:");

		/* Before exec the child is a copy of this process, with Check's handlers. */
		caught = field && strstr(status, "Name:\tfitsdb-schema\n") ? strtoul(field + strlen("SigCgt:"), NULL, 16) : 0;
		mem_free(status);
		ck_assert(process_running(process));
	}
	mem_free(path);
}

START_TEST(status_stops_waiting)
{
	char	   *conninfo = build_database(0);
	struct process process;

	tool_start(&process, conninfo, ARGS("status", "--wait=600"));
	await_handler(&process, stops[_i].number);
	process_signal(&process, stops[_i].number);
	process_wait(&process);
	tool_wrote(&process, 1, "version 0", NULL);
	process_clear(&process);
	mem_free(conninfo);
}
END_TEST

/* The server is stopped while it should cancel: the second signal does not wait for it. */
START_TEST(second_signal_leaves_at_once)
{
	struct process process;
	char	   *conninfo;
	PGconn	   *blocker;
	PGconn	   *connection;
	char	   *backend;

	begin_hang(&process, &hangs[0], NULL, &conninfo, &blocker, &connection);
	backend = sql_value(connection, "SELECT pid FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"
						" AND wait_event_type = 'Lock'");
	ck_assert_int_eq(kill((pid_t) strtol(backend, NULL, 10), SIGSTOP), 0);
	/* Two signals at once count as one, so they are sent until it has ended. The first alone does not end it. */
	while (process_running(&process)) {
		process_signal(&process, SIGINT);
		nanosleep(&(struct timespec) {.tv_nsec = 20000000}, NULL);
	}
	process_wait(&process);
	ck_assert_int_eq(kill((pid_t) strtol(backend, NULL, 10), SIGCONT), 0);
	tool_ended(&process, 2);
	sql_await(connection, NOTHING_RUNS, "0");
	mem_free(backend);
	end_hang(&hangs[0], conninfo, blocker, connection);
}
END_TEST

/* The terminal is closed: every write fails from then on, and the upgrade is finished. */
START_TEST(terminal_goes_away)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	PGconn	   *connection = sql_connect(conninfo);
	char		name[64];
	int			master;
	int			slave;
	struct process process;
	char	   *option = mem_format("--dbname=%s", conninfo);
	char	   *path = tool_path();

	ck_assert_int_eq(openpty(&master, &slave, name, NULL, NULL), 0);
	ck_assert_int_eq(fcntl(master, F_SETFD, FD_CLOEXEC), 0);
	process_start(&process, ARGS("setsid", path, option, "upgrade", "1", "--lock-timeout=60s"),
				  &(struct process_options) {.output = name});
	close(slave);
	sql_await(connection, OUR_WORK "'ALTER TABLE item ADD%'", "1");
	close(master);
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 2, NULL, "could not write to standard output: \nsucceeded");
	process_clear(&process);
	sql_expect(connection, VERSION, "1");
	PQfinish(connection);
	mem_free(path);
	mem_free(option);
	mem_free(conninfo);
}
END_TEST

/*
 * A kill while its statement waits or works. From PostgreSQL 14 on, the server notices within seconds, even if the
 * statement is still blocked. Before, the next upgrade waits for the session that is left, and says so. All tests run
 * at once, as each waits for the server.
 */
START_TEST(kill_ends_the_statement)
{
	static const char *const names[HANGS] = {"killed0", "killed1", "killed2", "killed3", "killed4"};
	struct process processes[HANGS];
	char	   *conninfos[HANGS];
	PGconn	   *blockers[HANGS];
	PGconn	   *connections[HANGS];
	time_t		began;

	for (int i = 0; i < HANGS; i++)
		begin_hang(&processes[i], &hangs[i], names[i], &conninfos[i], &blockers[i], &connections[i]);
	began = time(NULL);
	for (int i = 0; i < HANGS; i++) {
		process_signal(&processes[i], SIGKILL);
		process_wait(&processes[i]);
		tool_ended(&processes[i], 128 + SIGKILL);
	}
	for (int i = 0; i < HANGS; i++) {
		if (server_version(server_main()) >= 14) {
			sql_await(connections[i], OUR_SESSIONS, "0");
			ck_assert_int_le(time(NULL) - began, 8);
			continue;
		}
		tool_expect(conninfos[i], ARGS("upgrade", hangs[i].target, "--lock-wait=1"), 3, "", "held by PID\n"
					"fitsdb-schema");
		if (!blockers[i])
			server_execute(names[i], "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
						   " WHERE application_name = 'fitsdb-schema' AND datname = current_database()");
	}
	for (int i = 0; i < HANGS; i++)
		end_hang(&hangs[i], conninfos[i], blockers[i], connections[i]);
}
END_TEST

Suite *
signals_suite(void)
{
	Suite	   *suite = suite_create("signals");
	TCase	   *tcase = tcase_create("signals");

	tcase_add_unchecked_fixture(tcase, build_failures, build_end);
	tcase_set_timeout(tcase, 180);
	tcase_add_loop_test(tcase, statement_is_cancelled, 0, 2 * HANGS);
	/* All but the one that takes ten minutes. */
	tcase_add_loop_test(tcase, hangup_does_not_interrupt, 0, HANGS - 2);
	tcase_add_loop_test(tcase, retry_pause_is_ended, 0, 2);
	tcase_add_loop_test(tcase, status_stops_waiting, 0, 2);
	tcase_add_test(tcase, second_signal_leaves_at_once);
	tcase_add_test(tcase, terminal_goes_away);
	tcase_add_test(tcase, kill_ends_the_statement);
	suite_add_tcase(suite, tcase);
	return suite;
}
