/*
 * The throwaway database that plan builds: where it can be created, that nothing else is
 * changed, and that it is always dropped.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/image.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/standby.h"
#include "support/tool.h"

#include "base/banned.h"

#define SHADOWS "SELECT count(*) FROM pg_database WHERE datname ~ '^fitsdb_schema_shadow_'"
#define SHADOW "SELECT datname FROM pg_database WHERE datname ~ '^fitsdb_schema_shadow_'"
#define PLANNED "37 reconcile_with_data_models"

static char *conninfo;			/* database fitsdata, as its owner */
static PGconn *superuser;		/* on the server, elsewhere */

static void
begin(void)
{
	char	   *server = server_conninfo(server_main(), "postgres", "postgres");

	superuser = sql_connect(server);
	sql_exec(superuser, "ALTER ROLE fitsdata CREATEDB");
	conninfo = lineage_current("fitsdata", 36);
	mem_free(server);
}

static void
end(void)
{
	sql_expect(superuser, SHADOWS, "0");
	sql_exec(superuser, "ALTER ROLE fitsdata NOCREATEDB");
	PQfinish(superuser);
	mem_free(conninfo);
}

/* Start a run, and stop it when it has just created its throwaway database. */
static void
start_and_hold(struct process *process, const char *command)
{
	char	   *before = sql_value(superuser, SHADOWS);
	char	   *more = mem_format("SELECT count(*) > %s FROM (" SHADOW ") s", before);

	tool_start(process, conninfo, ARGS(command));
	sql_await(superuser, more, "t");
	process_signal(process, SIGSTOP);
	mem_free(more);
	mem_free(before);
}

START_TEST(role_without_createdb)
{
	char	   *server;
	char	   *there;

	begin();
	sql_exec(superuser, "ALTER ROLE fitsdata NOCREATEDB");
	tool_expect(conninfo, ARGS("plan"), 3, NULL,
				"error: a scratch database is needed, and role \"fitsdata\" may not create one\n"
				"detail: It lacks CREATEDB. Nothing was changed.\n"
				"hint: ALTER ROLE ... CREATEDB gives it that; or run as a superuser, or give --shadow=CONNINFO");
	/* As a superuser; and as a role without CREATEDB, with --shadow as one that has it. */
	server = server_conninfo(server_main(), "postgres", "fitsdata");
	tool_expect(server, ARGS("plan"), 0, PLANNED, NULL);
	there = mem_format("--shadow=%s", server);
	tool_expect(conninfo, ARGS("plan", there), 0, PLANNED, NULL);
	tool_expect(conninfo, ARGS("plan", "--shadow=host=/nowhere"), 3, NULL,
				"error: could not connect to the server that --shadow names: \n/nowhere");
	mem_free(there);
	mem_free(server);
	end();
}
END_TEST

/* A role that can only read can plan, also with default_transaction_read_only. */
START_TEST(nothing_is_changed)
{
	char	   *before;

	begin();
	sql_exec(superuser, _i ? "ALTER ROLE fitsdata SET default_transaction_read_only = on"
			 : "ALTER ROLE fitsdata IN DATABASE fitsdata SET default_transaction_read_only = on");
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("plan"), 0, PLANNED, NULL);
	image_expect("fitsdata", before);
	sql_exec(superuser, "ALTER ROLE fitsdata RESET default_transaction_read_only;"
			 " ALTER ROLE fitsdata IN DATABASE fitsdata RESET default_transaction_read_only");
	end();
}
END_TEST

START_TEST(elsewhere)
{
	const struct server *other = server_start(false);
	char	   *there = server_conninfo(other, "postgres", "postgres");
	char	   *option = mem_format("--shadow=%s", there);
	PGconn	   *connection = sql_connect(there);
	struct process process;

	begin();
	sql_exec(superuser, "ALTER ROLE fitsdata NOCREATEDB");
	tool_start(&process, conninfo, ARGS("plan", option));
	sql_await(connection, SHADOWS, "1");
	process_wait(&process);
	tool_wrote(&process, 0, PLANNED, NULL);
	process_clear(&process);
	sql_expect(connection, SHADOWS, "0");
	PQfinish(connection);
	mem_free(option);
	mem_free(there);
	end();
}
END_TEST

START_TEST(of_a_standby)
{
	const struct server *primary = standby_primary();
	char	   *there = server_conninfo(primary, "postgres", "postgres");
	char	   *owner = server_conninfo(primary, "fitsdata", "fitsdata");
	char	   *option = mem_format("--shadow=%s", there);
	PGconn	   *connection = sql_connect(there);
	char	   *here;

	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	tool_must(owner, ARGS("init"));
	tool_must(owner, ARGS("downgrade", "36", "--yes"));
	here = server_conninfo(standby_start(primary), "fitsdata", "fitsdata");
	tool_expect(here, ARGS("plan"), 3, NULL,
				"error: a scratch database is needed, and the server is a hot standby, where none can be created\n"
				"hint: Give --shadow=CONNINFO with a server where this role may create one.");
	tool_expect(here, ARGS("plan", option), 0, PLANNED, NULL);
	sql_expect(connection, SHADOWS, "0");
	PQfinish(connection);
	mem_free(option);
	mem_free(here);
	mem_free(owner);
	mem_free(there);
}
END_TEST

START_TEST(dropped_after_a_signal)
{
	struct process process;

	begin();
	start_and_hold(&process, "plan");
	process_signal(&process, SIGINT);
	process_signal(&process, SIGCONT);
	process_wait(&process);
	tool_wrote(&process, 2, NULL, "error: ");
	process_clear(&process);
	end();
}
END_TEST

START_TEST(dropped_after_a_failure)
{
	struct process process;

	begin();
	start_and_hold(&process, "plan");
	/* Its session in the throwaway database is lost as soon as there is one. */
	process_signal(&process, SIGCONT);
	sql_await(superuser, "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity"
			  " WHERE datname ~ '^fitsdb_schema_shadow_'", "t");
	process_wait(&process);
	tool_wrote(&process, 2, NULL, "error: ");
	process_clear(&process);
	end();
}
END_TEST

START_TEST(no_other_session_can_connect)
{
	struct process process;
	char	   *name;
	char	   *there;
	PGconn	   *stranger;

	begin();
	start_and_hold(&process, "plan");
	name = sql_value(superuser, SHADOW);
	there = server_conninfo(server_main(), "apache", name);
	stranger = PQconnectdb(there);
	ck_assert_int_ne(PQstatus(stranger), CONNECTION_OK);
	PQfinish(stranger);
	process_signal(&process, SIGCONT);
	process_wait(&process);
	tool_ended(&process, 0);
	mem_free(there);
	mem_free(name);
	end();
}
END_TEST

/* A throwaway database in use is left alone, and dropped after its run has ended. */
START_TEST(leftover_of_a_killed_run)
{
	struct process process;
	char	   *name;
	char	   *there;

	begin();
	start_and_hold(&process, "plan");
	name = sql_value(superuser, SHADOW);
	there = mem_format("SELECT count(*) FROM pg_database WHERE datname = '%s'", name);
	tool_expect(conninfo, ARGS("plan"), 0, PLANNED, NULL);
	sql_expect(superuser, there, "1");
	sql_expect(superuser, SHADOWS, "1");
	process_signal(&process, SIGKILL);
	process_wait(&process);
	process_clear(&process);
	sql_await(superuser, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'", "0");
	sql_expect(superuser, there, "1");
	/* A database with a similar name is not dropped. */
	sql_exec(superuser, "CREATE DATABASE fitsdb_schema_shadow_mine TEMPLATE template0");
	tool_expect(conninfo, ARGS("plan", "--verbose"), 0, PLANNED, "a killed run has left a scratch database");
	sql_expect(superuser, there, "0");
	sql_expect(superuser, SHADOW, "fitsdb_schema_shadow_mine");
	sql_exec(superuser, "DROP DATABASE fitsdb_schema_shadow_mine");
	mem_free(there);
	mem_free(name);
	end();
}
END_TEST

/* A database that does not accept connections yet is the rest of a run that was killed while it created it. */
START_TEST(leftover_that_is_closed)
{
	begin();
	sql_exec(superuser, "CREATE DATABASE fitsdb_schema_shadow_999999999_0a OWNER fitsdata TEMPLATE template0"
			 " ALLOW_CONNECTIONS false");
	tool_expect(conninfo, ARGS("plan"), 0, PLANNED, NULL);
	end();
}
END_TEST

Suite *
shadow_suite(void)
{
	Suite	   *suite = suite_create("shadow");
	TCase	   *tcase = tcase_create("shadow");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, role_without_createdb);
	tcase_add_loop_test(tcase, nothing_is_changed, 0, 2);
	tcase_add_test(tcase, elsewhere);
	tcase_add_test(tcase, of_a_standby);
	tcase_add_test(tcase, dropped_after_a_signal);
	tcase_add_test(tcase, dropped_after_a_failure);
	tcase_add_test(tcase, no_other_session_can_connect);
	tcase_add_test(tcase, leftover_of_a_killed_run);
	tcase_add_test(tcase, leftover_that_is_closed);
	suite_add_tcase(suite, tcase);
	return suite;
}
