/*
 * Servers that accept no connection: all connections are used, it is starting up, shutting down, not running, or does
 * not answer.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/standby.h"
#include "support/tool.h"

#include "base/banned.h"

static const char *const commands[][3] = {{"status"}, {"list"}, {"log"}, {"upgrade"}, {"upgrade", "--sql"}, {"init"},
	{"downgrade", "18"}, {"stamp", "18"}};

/* Each command reports it, with the server's message and a hint, and nothing else. */
static void
expect_refusal(const char *conninfo, const char *words, const char *said)
{
	char	   *err = mem_format("error: could not connect: %s (\n%s\n"
								 "hint: Run the same command again when the server is ready.", words, said);
	char	   *brief = mem_format("UNKNOWN - could not connect: %s (\n%s", words, said);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		tool_expect(conninfo, ARGS(commands[i][0], commands[i][1]), 3, NULL, err);
	tool_expect(conninfo, ARGS("status", "--short"), 3, brief, NULL);
	tool_expect(conninfo, ARGS("status", "--json"), 3, words, err);
	mem_free(brief);
	mem_free(err);
}

#define MOST_CONNECTIONS 200

/* Three connections are reserved for superusers. */
START_TEST(connections_are_used_up)
{
	PGconn	   *others[MOST_CONNECTIONS] = {NULL};
	char	   *database = lineage_current("fitsdata", 18);
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = sql_connect(superuser);
	char	   *setting = sql_value(connection, "SHOW max_connections");
	int			room = (int) strtol(setting, NULL, 10);

	PQfinish(connection);
	ck_assert_int_le(room, MOST_CONNECTIONS);
	for (int i = 0; i < room - 3; i++)
		others[i] = sql_connect(conninfo);
	expect_refusal(conninfo, "the server has no free connection", "remaining connection slots are reserved");
	for (int i = room - 3; i < room; i++)
		others[i] = sql_connect(superuser);
	expect_refusal(superuser, "the server has no free connection", "sorry, too many clients already");
	for (int i = 0; i < room; i++)
		PQfinish(others[i]);
	connection = sql_connect(superuser);
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'", "1");
	PQfinish(connection);
	tool_must(conninfo, ARGS("upgrade"));
	mem_free(setting);
	mem_free(superuser);
	mem_free(conninfo);
	mem_free(database);
}
END_TEST

/* As it was crashed, it recovers from an archive, and that takes until there is a file "go" in its data. */
static void
begin_to_start(const struct server *server)
{
	char	   *pg_ctl = server_program("pg_ctl");
	char	   *data = mem_format("%s/data", server->directory);
	char	   *signal = mem_format("%s/recovery.signal", data);
	char	   *log = mem_format("%s/log", server->directory);
	const struct process_options as_server = {.user = "postgres",.directory = "/"};

	server_stop(server);
	process_must(ARGS("touch", signal), &as_server);
	process_must(ARGS(pg_ctl, "-D", data, "-l", log, "-W", "start"), &as_server);
	mem_free(log);
	mem_free(signal);
	mem_free(data);
	mem_free(pg_ctl);
}

/* --wait goes on waiting. Until PostgreSQL 11, there is no recovery.signal. */
START_TEST(server_is_starting_up)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	const struct server *server;
	char	   *conninfo;
	char	   *go;
	struct process process;

	if (server_version(server_main()) < 12)
		return;
	server = server_start_with(false, "wal_level = replica\n"
							   "restore_command = 'until test -e go; do sleep 0.1; done; false'\n");
	conninfo = server_conninfo(server, "postgres", "postgres");
	go = mem_format("%s/data/go", server->directory);
	tool_must(conninfo, ARGS("init"));
	begin_to_start(server);
	while (PQping(conninfo) == PQPING_NO_RESPONSE)
		nanosleep(&pause, NULL);
	expect_refusal(conninfo, "the server is starting up", "the database system is starting up");
	tool_expect(conninfo, ARGS("status", "--short", "--wait=1"), 3,
				"UNKNOWN - could not connect: the server is starting up (", NULL);
	tool_start(&process, conninfo, ARGS("status", "--short", "--wait=60"));
	process_must(ARGS("touch", go), &(struct process_options) {.user = "postgres"});
	process_wait(&process);
	tool_wrote(&process, 0, "OK - postgres at version 39", NULL);
	process_clear(&process);
	mem_free(go);
	mem_free(conninfo);
}
END_TEST

/* A standby with hot_standby = off: until PostgreSQL 13 the message was "starting up". */
START_TEST(standby_is_closed)
{
	const struct server *primary = standby_primary();
	const struct server *standby = standby_start_closed(primary);
	char	   *conninfo = server_conninfo(standby, "fitsdata", "fitsdata");

	if (server_version(primary) < 14)
		expect_refusal(conninfo, "the server is starting up", "the database system is starting up");
	else
		expect_refusal(conninfo, "the server does not accept connections", "the database system is not accepting connections");
	mem_free(conninfo);
}
END_TEST

static void
begin_shutdown(const struct server *server)
{
	char	   *pg_ctl = server_program("pg_ctl");
	char	   *data = mem_format("%s/data", server->directory);

	process_must(ARGS(pg_ctl, "-D", data, "-m", "smart", "-W", "stop"),
				 &(struct process_options) {.user = "postgres",.directory = "/"});
	mem_free(data);
	mem_free(pg_ctl);
}

/* A smart shutdown waits for connected clients, and accepts no others; then the server stops, and is started again. */
START_TEST(server_is_shutting_down)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	const struct server *server = server_start(false);
	char	   *superuser = server_conninfo(server, "postgres", "postgres");
	char	   *conninfo = server_conninfo(server, "fitsdata", "fitsdata");
	PGconn	   *connection = sql_connect(superuser);
	struct process process;

	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	tool_must(conninfo, ARGS("init"));
	begin_shutdown(server);
	while (PQping(superuser) == PQPING_OK)
		nanosleep(&pause, NULL);
	expect_refusal(conninfo, "the server is shutting down", "the database system is shutting down");
	PQfinish(connection);
	while (server_running(server))
		nanosleep(&pause, NULL);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		tool_expect(conninfo, ARGS(commands[i][0], commands[i][1]), 3, NULL,
					"error: could not connect: \n/.s.PGSQL.5432\nNo such file or directory");
	tool_start(&process, conninfo, ARGS("status", "--wait=60"));
	server_begin(server);
	process_wait(&process);
	tool_wrote(&process, 0, "current: database fitsdata at version 39", NULL);
	process_clear(&process);
	mem_free(conninfo);
	mem_free(superuser);
}
END_TEST

static pid_t
postmaster(const struct server *server)
{
	char	   *path = mem_format("%s/data/postmaster.pid", server->directory);
	FILE	   *file = fopen(path, "r");
	char		line[32];

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
	fclose(file);
	mem_free(path);
	return (pid_t) strtol(line, NULL, 10);
}

/* The seconds until status gives up; `said` is an additional environment variable. */
static time_t
time_out(const char *conninfo, const char *const *arguments, const char *const *said)
{
	struct timespec begin;
	struct timespec end;
	struct process process;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	tool_start_with(&process, conninfo, arguments, &(struct process_options) {.environment = said});
	process_wait(&process);
	clock_gettime(CLOCK_MONOTONIC, &end);
	tool_wrote(&process, 3, "UNKNOWN - could not connect: \ntimeout expired", NULL);
	process_clear(&process);
	return end.tv_sec - begin.tv_sec;
}

/* The kernel accepts connections, and no answer comes: 5 seconds, or libpq's connect_timeout. */
START_TEST(server_does_not_answer)
{
	const struct server *server = server_start(false);
	char	   *conninfo = server_conninfo(server, "postgres", "postgres");
	char	   *longer = mem_format("%s connect_timeout=8", conninfo);
	char	   *by_service = mem_format("%s service=archive", conninfo);
	char	   *file = mem_format("%s/services", server->directory);
	char	   *environment = mem_format("PGSERVICEFILE=%s", file);
	FILE	   *services = fopen(file, "w");
	pid_t		pid = postmaster(server);

	ck_assert_ptr_nonnull(services);
	fputs("[archive]\nconnect_timeout=2\n", services);
	ck_assert_int_eq(fclose(services), 0);
	tool_must(conninfo, ARGS("init"));
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	ck_assert_int_ge(time_out(conninfo, ARGS("status", "--short"), NULL), 4);
	ck_assert_int_lt(time_out(conninfo, ARGS("status", "--short"), ARGS("PGCONNECT_TIMEOUT=2")), 4);
	ck_assert_int_lt(time_out(by_service, ARGS("status", "--short"), ARGS(environment)), 4);
	ck_assert_int_ge(time_out(longer, ARGS("status", "--short"), ARGS("PGCONNECT_TIMEOUT=2")), 7);
	ck_assert_int_lt(time_out(conninfo, ARGS("status", "--short", "--wait=1"), NULL), 20);
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	tool_must(conninfo, ARGS("status", "--quiet", "--wait=60"));
	mem_free(environment);
	mem_free(file);
	mem_free(by_service);
	mem_free(longer);
	mem_free(conninfo);
}
END_TEST

Suite *
unavailable_server_suite(void)
{
	Suite	   *suite = suite_create("unavailable_server");
	TCase	   *tcase = tcase_create("outage");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, connections_are_used_up);
	tcase_add_test(tcase, server_is_starting_up);
	tcase_add_test(tcase, standby_is_closed);
	tcase_add_test(tcase, server_is_shutting_down);
	tcase_add_test(tcase, server_does_not_answer);
	suite_add_tcase(suite, tcase);
	return suite;
}
