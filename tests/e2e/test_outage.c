/*
 * Servers that nobody can connect to: all connections are taken, it is starting up, shutting down, or not there.
 */
#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "lineage.h"
#include "mem.h"
#include "process.h"
#include "server.h"
#include "sql.h"
#include "standby.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

static const char *const commands[][3] = {{"status"}, {"list"}, {"log"}, {"upgrade"}, {"upgrade", "--sql"}, {"init"},
	{"downgrade", "18"}, {"stamp", "18"}};

/* Each command must say so and what to do, and nothing else. */
static void
expect_refusal(const char *conninfo, const char *words)
{
	char	   *err = mem_format("error: could not connect: \n%s\nhint: Run the same command again when the server is ready.",
								 words);
	char	   *brief = mem_format("UNKNOWN - could not connect: \n%s", words);

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		tool_expect(conninfo, ARGS(commands[i][0], commands[i][1]), 3, NULL, err);
	tool_expect(conninfo, ARGS("status", "--short"), 3, brief, NULL);
	tool_expect(conninfo, ARGS("status", "--json"), 3, words, err);
	mem_free(brief);
	mem_free(err);
}

#define MOST_CONNECTIONS 200

/* But for the last three, which are for superusers. */
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
	expect_refusal(conninfo, "remaining connection slots are reserved");
	for (int i = room - 3; i < room; i++)
		others[i] = sql_connect(superuser);
	expect_refusal(superuser, "sorry, too many clients already");
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

/* A standby that serves nobody: until PostgreSQL 13 it called that to be starting up. */
START_TEST(server_is_starting_up)
{
	const struct server *primary = standby_primary();
	const struct server *standby = standby_start_closed(primary);
	char	   *conninfo = server_conninfo(standby, "fitsdata", "fitsdata");

	expect_refusal(conninfo, server_version(primary) < 14 ? "the database system is starting up"
				   : "the database system is not accepting connections");
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

/* It waits for those who are connected, and lets nobody else in; then it is gone, and comes back. */
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
	expect_refusal(conninfo, "the database system is shutting down");
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

Suite *
outage_suite(void)
{
	Suite	   *suite = suite_create("outage");
	TCase	   *tcase = tcase_create("outage");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, connections_are_used_up);
	tcase_add_test(tcase, server_is_starting_up);
	tcase_add_test(tcase, server_is_shutting_down);
	suite_add_tcase(suite, tcase);
	return suite;
}
