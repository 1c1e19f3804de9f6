/*
 * Every wait has a limit: another session holds a lock on a table that a command must read. The command names that
 * session and ends in time, with exit status 3. A command that is killed meanwhile leaves nothing on the server.
 */
#include <check.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	LONG_ENOUGH = 12			/* seconds: the limits are 2 and 5, and a loaded machine is slow */
};

static const char *const commands[][3] = {
	{"status"}, {"status", "--json"}, {"list"}, {"log"}, {"plan"}, {"verify"}, {"identify"}, {"upgrade"},
	{"upgrade", "--lock-timeout=500ms"}, {"upgrade", "--sql"}, {"downgrade", "0"}, {"stamp", "39"}, {"init"},
};

/* Adopted, or changed by this program before: then other tables are read. */
static char *
database(bool recorded)
{
	char	   *conninfo = lineage_migrated("fitsdata", 36);

	if (recorded)
		tool_must(conninfo, ARGS("upgrade", "37", "--quiet"));
	return conninfo;
}

static void
expect_in_time(const char *conninfo, const char *const *arguments, const char *says)
{
	time_t		began = time(NULL);

	tool_expect(conninfo, arguments, 3, "", says);
	ck_assert_int_lt(time(NULL) - began, LONG_ENOUGH);
}

/* The message says which facts the role may not see, and that it may not end the session. */
static PGconn *
blocked_by_superuser(const char *conninfo)
{
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *blocker = block_begin(superuser, "LOCK TABLE migrate_version");
	char	   *says = mem_format("is locked by PID %d\nThe lock is held by PID %d (user \"postgres\", application \n"
								  ", state and query not visible to this role)\nor end it as a superuser or as its"
								  " role (SELECT pg_terminate_backend(%d);)", PQbackendPID(blocker),
								  PQbackendPID(blocker),
								  PQbackendPID(blocker));
	struct process process;

	tool_run(&process, conninfo, ARGS("status"));
	tool_wrote(&process, 3, "", says);
	ck_assert_ptr_null(strstr(process.err, "insufficient privilege"));
	process_clear(&process);
	mem_free(says);
	mem_free(superuser);
	return blocker;
}

START_TEST(version_is_locked)
{
	char	   *conninfo = database(_i % 2 == 1);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE migrate_version");

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		expect_in_time(conninfo, commands[i],
					   "table public.migrate_version is locked by PID \nLOCK TABLE migrate_version");
	block_end(blocker);
	tool_expect(conninfo, ARGS("status"), 1, "behind", NULL);
	PQfinish(blocked_by_superuser(conninfo));
	mem_free(conninfo);
}
END_TEST

/* A session that waits for an exclusive lock makes all others wait, too. */
START_TEST(version_is_wanted)
{
	char	   *conninfo = database(true);
	PGconn	   *reader = block_begin(conninfo, "TABLE migrate_version");
	PGconn	   *writer = sql_connect(conninfo);
	PGconn	   *connection = sql_connect(conninfo);

	ck_assert_int_eq(PQsendQuery(writer, "BEGIN; LOCK TABLE migrate_version"), 1);
	sql_await(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	expect_in_time(conninfo, ARGS("status"), "table public.migrate_version is locked by PID");
	expect_in_time(conninfo, ARGS("upgrade"), "table public.migrate_version is locked by PID");
	PQfinish(connection);
	PQfinish(writer);
	block_end(reader);
	mem_free(conninfo);
}
END_TEST

START_TEST(record_is_locked)
{
	static const char *const tables[] = {"standing", "change", "migration"};
	char	   *conninfo = database(true);
	char	   *lock = mem_format("LOCK TABLE fitsdb_schema.%s", tables[_i]);
	char	   *says = mem_format("table fitsdb_schema.%s is locked by PID", tables[_i]);
	PGconn	   *blocker = block_begin(conninfo, lock);

	if (_i == 0)
		expect_in_time(conninfo, ARGS("status"), says);
	if (_i == 1)
		expect_in_time(conninfo, ARGS("log"), says);
	if (_i == 2)
		expect_in_time(conninfo, ARGS("list"), says);
	expect_in_time(conninfo, ARGS("upgrade"), says);
	expect_in_time(conninfo, ARGS("downgrade", "0"), says);
	block_end(blocker);
	mem_free(says);
	mem_free(lock);
	mem_free(conninfo);
}
END_TEST

/* To print a CHECK or an index's expression the server locks the table; it needs no lock for others. */
START_TEST(other_table_is_locked)
{
	char	   *conninfo = database(true);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE header");

	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	sql_exec(blocker, "ALTER TABLE header ADD CHECK (id > 0); COMMIT; BEGIN; LOCK TABLE header");
	expect_in_time(conninfo, ARGS("verify"), "table public.header is locked by PID");
	expect_in_time(conninfo, ARGS("identify"), "table public.header is locked by PID");
	block_end(blocker);
	mem_free(conninfo);
}
END_TEST

START_TEST(wait_is_kept)
{
	char	   *conninfo = database(true);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE migrate_version");
	time_t		began = time(NULL);

	tool_expect(conninfo, ARGS("status", "--wait=2s"), 3, "", "is locked by PID");
	ck_assert_int_lt(time(NULL) - began, 6);
	block_end(blocker);
	mem_free(conninfo);
}
END_TEST

static long
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* It must end in time, in each form, and say why. */
static void
expect_wait_kept(const char *conninfo, const char *says)
{
	static const char *const forms[] = {NULL, "--short", "--json"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct process process;
		long		began = milliseconds();

		tool_run(&process, conninfo, ARGS("status", "--wait=2s", forms[i]));
		ck_assert_int_lt(milliseconds() - began, 4500);
		tool_wrote(&process, 3, i == 0 ? NULL : says, i == 1 ? "" : says);
		process_clear(&process);
	}
}

/* Of some, every connection needs a lock before it can be told how long to wait for one. */
START_TEST(catalog_is_locked)
{
	static const char *const catalogs[] = {"pg_database", "pg_authid", "pg_db_role_setting", "pg_class",
	"pg_namespace"};
	char	   *conninfo = database(true);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	char	   *lock = mem_format("LOCK TABLE pg_catalog.%s IN ACCESS EXCLUSIVE MODE", catalogs[_i]);
	PGconn	   *blocker = block_begin(superuser, lock);

	expect_wait_kept(conninfo, "could not ");
	block_end(blocker);
	tool_expect(conninfo, ARGS("status", "--wait=1s"), 1, "behind", NULL);
	mem_free(lock);
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

START_TEST(server_is_stopped)
{
	const struct server *server = server_start(false);
	char	   *conninfo = server_conninfo(server, "postgres", "postgres");
	char	   *slow = mem_format("%s connect_timeout=30", conninfo);
	char	   *path = mem_format("%s/data/postmaster.pid", server->directory);
	char	   *lines = sql_file(path);
	pid_t		pid = (pid_t) strtol(lines, NULL, 10);

	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	expect_wait_kept(conninfo, "could not connect: \ntimeout expired");
	expect_wait_kept(slow, "could not connect: \ntimeout expired");
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	mem_free(lines);
	mem_free(path);
	mem_free(slow);
	mem_free(conninfo);
}
END_TEST

/* What listens takes the connection, and says nothing. */
START_TEST(server_is_mute)
{
	struct sockaddr_in address = {.sin_family = AF_INET,.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t	length = sizeof(address);
	int			listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char	   *conninfo;

	ck_assert_int_eq(bind(listener, (struct sockaddr *) &address, length), 0);
	ck_assert_int_eq(listen(listener, 100), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *) &address, &length), 0);
	conninfo = mem_format("host=127.0.0.1 port=%d user=fitsdata dbname=fitsdata", ntohs(address.sin_port));
	expect_wait_kept(conninfo, "could not connect: \ntimeout expired");
	close(listener);
	mem_free(conninfo);
}
END_TEST

/* Whoever serves the client is stopped as its first query comes. */
static bool
stop_backend(struct proxy_message *message, void *context)
{
	pid_t	   *pid = context;
	uint32_t	number;

	if (message->sender == PROXY_SERVER && message->type == 'K') {
		memcpy(&number, message->body, sizeof(number));
		*pid = (pid_t) ntohl(number);
	} else if (message->sender == PROXY_CLIENT && message->type == 'Q')
		ck_assert_int_eq(kill(*pid, SIGSTOP), 0);
	return false;
}

START_TEST(answer_does_not_come)
{
	char	   *conninfo = database(true);
	struct proxy *proxy = proxy_open(server_main());
	char	   *through = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	struct process process;
	pid_t		pid = 0;
	long		began = milliseconds();

	tool_start(&process, through, ARGS("status", "--wait=2s"));
	proxy_serve(proxy, &process, &(struct proxy_plan) {.look = stop_backend,.context = &pid});
	process_wait(&process);
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	ck_assert_int_lt(milliseconds() - began, 4500);
	tool_wrote(&process, 3, NULL, "could not read the version: the server did not answer in time");
	process_clear(&process);
	proxy_close(proxy);
	mem_free(through);
	mem_free(conninfo);
}
END_TEST

/* The server enforces the limits: killed health checks do not use up its connections. */
START_TEST(killed_checks_leave_nothing)
{
	char	   *conninfo = database(_i == 1);
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE migrate_version");
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	for (int i = 0; i < 5; i++) {
		tool_start(&process, conninfo, ARGS("status"));
		sql_await(connection, "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"
				  " AND wait_event_type = 'Lock'", "t");
		kill(process.pid, SIGKILL);
		process_wait(&process);
		process_clear(&process);
	}
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'", "0");
	PQfinish(connection);
	block_end(blocker);
	mem_free(conninfo);
}
END_TEST

Suite *
wait_limits_suite(void)
{
	Suite	   *suite = suite_create("wait_limits");
	TCase	   *tcase = tcase_create("waits");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase, version_is_locked, 0, 2);
	tcase_add_test(tcase, version_is_wanted);
	tcase_add_loop_test(tcase, record_is_locked, 0, 3);
	tcase_add_test(tcase, other_table_is_locked);
	tcase_add_test(tcase, wait_is_kept);
	tcase_add_loop_test(tcase, catalog_is_locked, 0, 5);
	tcase_add_test(tcase, server_is_stopped);
	tcase_add_test(tcase, server_is_mute);
	tcase_add_test(tcase, answer_does_not_come);
	tcase_add_loop_test(tcase, killed_checks_leave_nothing, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
