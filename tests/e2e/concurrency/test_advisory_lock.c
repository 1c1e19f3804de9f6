/*
 * One run at a time: others wait for its advisory lock, messages name the session that holds it, a signal ends the
 * wait.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "pg/advisory_lock.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"

START_TEST(lock_wait_gives_up)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	PGconn	   *connection = sql_connect(conninfo);
	struct process first;

	block_upgrade(&first, conninfo, "1");
	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-wait=1"), 3, "",
				"error: could not obtain the advisory lock\nheld by PID\nfitsdb-schema\nhint: ");
	tool_expect(conninfo, ARGS("stamp", "2", "--lock-wait=0"), 3, "", "could not obtain the advisory lock");
	sql_expect(connection, VERSION, "0");
	block_end(blocker);
	process_wait(&first);
	tool_ended(&first, 0);
	sql_expect(connection, VERSION, "1");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Any role can take an advisory lock. */
START_TEST(lock_of_an_untrusted_role)
{
	static const char *const names[] = {"a \"name\"", "fitsdb-schema"};
	char	   *conninfo = build_database(0);
	char	   *apache = server_conninfo(server_main(), "apache", "fitsdata");
	char	   *named = mem_format("%s application_name='%s'", apache, names[_i]);
	PGconn	   *thief = sql_connect(named);
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	/* It must not pass for the run of a migration that is incomplete. */
	tool_must(conninfo, ARGS("upgrade", "1"));
	sql_exec(connection, "INSERT INTO fitsdb_schema.change (id, command, version_from, version_to, state, statement,"
			 " build, from_host) VALUES (1000, 'upgrade', 1, 2, 'running', 1, 'x', '');"
			 " UPDATE fitsdb_schema.standing SET settled = false");
	sql_exec(thief, "SELECT pg_advisory_lock(" ADVISORY_LOCK_KEY ")");
	tool_run(&process, conninfo, ARGS("upgrade", "1", "--lock-wait=1"));
	tool_wrote(&process, 3, NULL, "waiting for the lock, held by PID \nuser \"apache\", application \"\n"
			   "error: could not obtain the advisory lock within 1 s: another session holds it\ndetail: The lock is held by PID \n"
			   "pg_terminate_backend(");
	ck_assert_ptr_null(strstr(process.err, "another run"));
	if (_i == 0)
		ck_assert_ptr_nonnull(strstr(process.err, "application \"a \"\"name\"\"\""));
	process_clear(&process);
	tool_expect(conninfo, ARGS("status"), 2, "incomplete\nPID \n\"apache\"\nholds the advisory lock of fitsdb-schema", "");
	tool_expect(conninfo, ARGS("status", "--json"), 2, "\"running\": false", "");
	PQfinish(connection);
	PQfinish(thief);
	mem_free(named);
	mem_free(apache);
	mem_free(conninfo);
}
END_TEST

/* A database at its target version needs no lock. If the version is in doubt, the lock is taken first. */
START_TEST(nothing_to_do_needs_no_lock)
{
	static const char *const doubts[] = {
		"UPDATE fitsdb_schema.standing SET history = 'another'",
		"UPDATE fitsdb_schema.standing SET settled = false",
		"UPDATE fitsdb_schema.standing SET version = 0",
		"DELETE FROM fitsdb_schema.standing",
	};
	char	   *conninfo = build_database(1);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE TABLE kept AS SELECT * FROM fitsdb_schema.standing");
	sql_exec(connection, "SELECT pg_advisory_lock(" ADVISORY_LOCK_KEY ")");
	for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
		tool_expect(conninfo, ARGS("upgrade", "1", "--lock-wait=0"), 0, "at version 1\nnothing to do", NULL);
		sql_exec(connection, doubts[i]);
		tool_expect(conninfo, ARGS("upgrade", "1", "--lock-wait=0"), 3, "", "could not obtain the advisory lock");
		sql_exec(connection, "DELETE FROM fitsdb_schema.standing; INSERT INTO fitsdb_schema.standing TABLE kept");
	}
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

static const int crowds[] = {2, 10};

START_TEST(runs_at_once)
{
	char	   *conninfo = build_database(0);
	PGconn	   *connection = sql_connect(conninfo);
	struct process processes[10];

	for (int i = 0; i < crowds[_i]; i++)
		tool_start(&processes[i], conninfo, ARGS("upgrade", "3"));
	for (int i = 0; i < crowds[_i]; i++) {
		process_wait(&processes[i]);
		tool_ended(&processes[i], 0);
	}
	sql_expect(connection, VERSION, "3");
	sql_expect(connection, "SELECT string_agg(version_to || state, ' ' ORDER BY id) FROM fitsdb_schema.change"
			   " WHERE command = 'upgrade'", "1done 2done 3done");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

static const struct {
	int			number;
	const char *name;
}			stops[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}};

START_TEST(signal_stops_waiting_for_another_run)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	struct process first;
	struct process second;

	block_upgrade(&first, conninfo, "1");
	tool_start(&second, conninfo, ARGS("upgrade", "1"));
	process_expect(&second, "waiting for another run");
	process_signal(&second, stops[_i].number);
	process_wait(&second);
	tool_wrote(&second, 2, "", stops[_i].name);
	process_clear(&second);
	block_end(blocker);
	process_wait(&first);
	tool_ended(&first, 0);
	mem_free(conninfo);
}
END_TEST

Suite *
advisory_lock_suite(void)
{
	Suite	   *suite = suite_create("advisory_lock");
	TCase	   *tcase = tcase_create("advisory_lock");

	tcase_add_unchecked_fixture(tcase, build_failures, build_end);
	tcase_set_timeout(tcase, 180);
	tcase_add_test(tcase, lock_wait_gives_up);
	tcase_add_loop_test(tcase, lock_of_an_untrusted_role, 0, 2);
	tcase_add_test(tcase, nothing_to_do_needs_no_lock);
	tcase_add_loop_test(tcase, runs_at_once, 0, 2);
	tcase_add_loop_test(tcase, signal_stops_waiting_for_another_run, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
