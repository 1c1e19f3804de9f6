/*
 * A run waits for locks on tables; a signal ends the wait. The archive stays up meanwhile, and messages name the
 * blocker.
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
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
#define HAS_SIZE "SELECT count(*) FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'size'"
#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"

START_TEST(blocker_is_named)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item /* a long report */");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *pid = mem_format("PID %d", PQbackendPID(blocker));
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	process_expect(&process, pid);
	process_expect(&process, "\"fitsdata\"");
	process_expect(&process, "\"blocker\"");
	process_expect(&process, "a long report");
	sql_expect(connection, VERSION, "0");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, "add_size", "");
	process_clear(&process);
	sql_expect(connection, VERSION, "1");
	sql_expect(connection, HAS_SIZE, "1");
	PQfinish(connection);
	mem_free(pid);
	mem_free(conninfo);
}
END_TEST

/* A database of build_database's kind on a server on which transactions can be prepared. */
static char *
preparing_database(const struct server *server)
{
	char	   *conninfo = server_conninfo(server, "fitsdata", "fitsdata");
	PGconn	   *connection = server_superuser(server, "postgres");

	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata");
	PQfinish(connection);
	connection = sql_connect(conninfo);
	sql_exec(connection, "CREATE TABLE item (id serial PRIMARY KEY, name text NOT NULL)");
	PQfinish(connection);
	tool_must(conninfo, ARGS("stamp", "0"));
	return conninfo;
}

/* Of a transaction that is prepared there is no session. With one that is in nobody's way beside it. */
START_TEST(prepared_blocker_is_named)
{
	const struct server *server = server_start_with(false, "max_prepared_transactions = 5\n");
	char	   *conninfo = preparing_database(server);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "BEGIN; SELECT txid_current(); PREPARE TRANSACTION 'in nobody''s way'");
	sql_exec(connection, "BEGIN; INSERT INTO item (name) VALUES ('a'); PREPARE TRANSACTION 'it''s here'");
	for (int i = 0; i < 2; i++) {
		struct process process;

		tool_run(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=2s", "--lock-retries=0"));
		tool_wrote(&process, 3, "", "waiting for a lock held by prepared transaction (user \"fitsdata\", prepared\n"
				   "COMMIT PREPARED or ROLLBACK PREPARED, with its name) 'it''s here'\n"
				   "detail: The lock was held by prepared transaction (user \"fitsdata\"\n'it''s here'");
		ck_assert_ptr_null(strstr(process.err, "nobody"));
		process_clear(&process);
		/* The second time, nothing but the disk has kept it. */
		if (i == 0) {
			PQfinish(connection);
			server_stop(server);
			server_begin(server);
			connection = sql_connect(conninfo);
		}
	}
	sql_exec(connection, "ROLLBACK PREPARED 'it''s here'");
	sql_exec(connection, "BEGIN; LOCK TABLE migrate_version; PREPARE TRANSACTION 'version'");
	tool_expect(conninfo, ARGS("status"), 3, NULL, "is locked by prepared transaction (user \"fitsdata\"\n'version'");
	sql_exec(connection, "ROLLBACK PREPARED 'version'");
	/* Any role can do so with the advisory lock, and choose a name that looks like a password. */
	sql_exec(connection, "BEGIN; SELECT txid_current(), pg_advisory_xact_lock(" ADVISORY_LOCK_KEY ");"
			 " PREPARE TRANSACTION 'PASSWORD ''x'''");
	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-wait=0"), 3, "",
				"error: could not obtain the advisory lock within"
				" 0 s: another session's prepared transaction holds it\nheld by prepared transaction (user \"fitsdata\","
				" prepared\nROLLBACK PREPARED, with its name) 'PASSWORD\nhint: End it as a superuser or as its role");
	sql_exec(connection, "ROLLBACK PREPARED 'PASSWORD ''x'''");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* An old transaction of this database is named before anything is run, even if it blocks nothing. */
START_TEST(old_transactions_are_named)
{
	char	   *conninfo = build_database(0);
	char	   *elsewhere = server_conninfo(server_main(), "fitsdata", "postgres");
	PGconn	   *old = block_begin(conninfo, "SELECT pg_sleep(0.3) /* a long report */");
	PGconn	   *foreign = block_begin(elsewhere, "SELECT pg_sleep(0.3) /* of another database */");
	struct process process;

	tool_run(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=200ms"));
	tool_wrote(&process, 0, "add_size", "warning: a transaction has been open for longer than \nfitsdata\nblocker\n"
			   "a long report");
	ck_assert_ptr_null(strstr(process.err, "of another database"));
	process_clear(&process);
	tool_run(&process, conninfo, ARGS("upgrade", "2", "--lock-timeout=600s"));
	tool_wrote(&process, 0, "add_colours", "");
	ck_assert_str_eq(process.err, "");
	process_clear(&process);
	block_end(foreign);
	block_end(old);
	mem_free(elsewhere);
	mem_free(conninfo);
}
END_TEST

/* While the upgrade waits, others wait no longer than the lock timeout. */
START_TEST(readers_get_through)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	PGconn	   *reader = sql_connect(conninfo);
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	sql_exec(reader, "SET statement_timeout = '20s'");
	for (int i = 0; i < 20; i++)
		sql_expect(reader, "SELECT count(*) FROM item", "3");
	ck_assert(process_running(&process));
	block_end(blocker);
	process_wait(&process);
	tool_ended(&process, 0);
	PQfinish(reader);
	mem_free(conninfo);
}
END_TEST

START_TEST(retries_are_exhausted)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-timeout=100ms", "--lock-retries=1"), 3, "",
				"error: migration 1 \"add_size\" failed\n(55P03)\n001_add_size.sql, line 4, column 1\nversion 0");
	/*
	 * The failure names the blocker, with --quiet, too. A second session finds it after half of the timeout, so the
	 * timeout must be long enough for that on a busy machine.
	 */
	tool_expect(conninfo, ARGS("upgrade", "1", "--quiet", "--lock-timeout=4s", "--lock-retries=0"), 3, NULL,
				"error: \ndetail: The lock was held by PID\n\"blocker\"\nSELECT count(*) FROM item");
	sql_expect(connection, VERSION, "0");
	sql_expect(connection, HAS_SIZE, "0");
	block_end(blocker);
	tool_must(conninfo, ARGS("upgrade", "1"));
	sql_expect(connection, HAS_SIZE, "1");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

static const struct {
	const char *sql;
	const char *says;
}			waits[] = {
	{"UPDATE item SET name = name /* a long import */", "waiting for 1 session that writes to the table"},
	{"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1 /* a long import */",
	"waiting for 1 session that holds an old snapshot"},
};

/* An index build waits for others; if the server reports them, a line names them. */
START_TEST(an_index_build_reports_progress)
{
	char	   *conninfo = build_database(2);
	PGconn	   *blocker = block_begin(conninfo, waits[_i].sql);
	char	   *said = mem_format("migration 3 \"add_name_index\": the index is %s", waits[_i].says);
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "3"));
	process_expect(&process, "waiting for a lock held by PID");
	process_expect(&process, "a long import");
	if (server_version(server_main()) >= 12)
		process_expect(&process, said);
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, "add_name_index", "");
	process_clear(&process);
	mem_free(said);
	mem_free(conninfo);
}
END_TEST

static const struct {
	int			number;
	const char *name;
}			stops[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}};

START_TEST(signal_stops_waiting)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	block_upgrade(&process, conninfo, "1");
	process_signal(&process, stops[_i].number);
	process_wait(&process);
	tool_wrote(&process, 2, "", stops[_i].name);
	tool_wrote(&process, 2, "", "version 0");
	process_clear(&process);
	sql_await(connection, OUR_SESSIONS, "0");
	block_end(blocker);
	sql_expect(connection, VERSION, "0");
	sql_expect(connection, HAS_SIZE, "0");
	tool_must(conninfo, ARGS("upgrade", "1"));
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(hangup_does_not_interrupt)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, "SELECT count(*) FROM item");
	struct process process;

	block_upgrade(&process, conninfo, "1");
	process_signal(&process, SIGHUP);
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, "add_size", "");
	process_clear(&process);
	mem_free(conninfo);
}
END_TEST
/*
 * The point before the COMMIT of a migration that is sent with the next one: the statement is in a Parse message, after
 * its name.
 */
static bool
is_commit(struct proxy_message *message, void *context)
{
	(void) context;
	return message->fresh && message->type == 'P' && message->length > sizeof("COMMIT")
		&& memcmp(message->body, "\0COMMIT", sizeof("COMMIT")) == 0;
}

/* A session that waits in the server gets the lock as soon as the lost session ends. */
static void
be_next(void *context)
{
	PGconn	   *thief = context;

	ck_assert_int_eq(PQsendQuery(thief, "SELECT pg_advisory_lock(112603111318626)"), 1);
}

/* The connection is lost at a commit, and another session has the lock when the run reconnects. */
START_TEST(lost_commit_and_no_lock)
{
	char	   *conninfo = build_database(0);
	PGconn	   *thief = sql_connect(conninfo);
	struct proxy *proxy = proxy_open(server_main());
	char	   *through = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	const struct proxy_plan plan = {.look = is_commit,.strike = be_next,.context = thief};
	struct process process;

	tool_start(&process, through, ARGS("upgrade", "1", "--lock-wait=1"));
	ck_assert(proxy_serve(proxy, &process, &plan));
	process_wait(&process);
	tool_wrote(&process, 2, "",
			   "lost during the commit\ncould not obtain the advisory lock within 1 s\nThe lock is held by\n"
			   "It is not known whether migration 1 \"add_size\" was committed.");
	ck_assert_ptr_null(strstr(process.err, "Nothing was changed"));
	process_clear(&process);
	proxy_close(proxy);
	PQclear(PQgetResult(thief));
	ck_assert_ptr_null(PQgetResult(thief));
	sql_exec(thief, "SELECT pg_advisory_unlock_all()");
	PQfinish(thief);
	mem_free(through);
	tool_must(conninfo, ARGS("upgrade", "1"));
	mem_free(conninfo);
}
END_TEST

Suite *
lock_waits_suite(void)
{
	Suite	   *suite = suite_create("lock_waits");
	TCase	   *tcase = tcase_create("locks");

	tcase_add_unchecked_fixture(tcase, build_failures, build_end);
	tcase_set_timeout(tcase, 180);
	tcase_add_test(tcase, blocker_is_named);
	tcase_add_test(tcase, prepared_blocker_is_named);
	tcase_add_test(tcase, old_transactions_are_named);
	tcase_add_test(tcase, readers_get_through);
	tcase_add_test(tcase, retries_are_exhausted);
	tcase_add_loop_test(tcase, an_index_build_reports_progress, 0, 2);
	tcase_add_loop_test(tcase, signal_stops_waiting, 0, 2);
	tcase_add_test(tcase, lost_commit_and_no_lock);
	tcase_add_test(tcase, hangup_does_not_interrupt);
	suite_add_tcase(suite, tcase);
	return suite;
}
