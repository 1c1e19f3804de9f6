/*
 * Fifty concurrent upgrades of one database, and runs that wait for a run which builds an index concurrently.
 *
 * A run that waited in the server, in pg_advisory_lock, would hold a snapshot meanwhile. CREATE INDEX CONCURRENTLY
 * waits for every older snapshot, so each would wait for the other: PostgreSQL ends one of them with "deadlock
 * detected". waiting_in_the_server_deadlocks shows that the tests would notice.
 */
#include <check.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define CROWD 50
#define WAITERS 6
#define VERSION "SELECT version FROM migrate_version"
#define INDEX "'ix_header_ut_datetime_nulls_last'"
#define LOCK_HOLDERS "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"

/*
 * A writer: the index build does not begin until it has ended. So the other runs wait already when the build waits for
 * snapshots.
 */
#define WRITER "LOCK TABLE header IN ROW EXCLUSIVE MODE"

/* Does an index build wait? */
#define INDEX_WAITS \
	"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%'" \
	" AND wait_event_type = 'Lock' AND wait_event = 'virtualxid'"

/* How many runs have tried to get the lock a second or more after that began? */
#define TRIED_SINCE \
	"SELECT count(*) FROM pg_stat_activity t, pg_stat_activity i WHERE t.query LIKE '%pg_try_advisory_lock%'" \
	" AND i.query LIKE 'CREATE INDEX CONCURRENTLY%' AND t.query_start > i.query_start + interval '1 second'" \
	" AND t.pid <> pg_backend_pid()"

/* How many deadlocks has the server logged? */
static int
deadlocks(void)
{
	char	   *path = mem_format("%s/log", server_main()->directory);
	char	   *log = sql_file(path);
	int			count = 0;

	for (const char *at = log; (at = strstr(at, "deadlock detected")); at++)
		count++;
	mem_free(log);
	mem_free(path);
	return count;
}

static void
expect_each_once(PGconn *connection)
{
	sql_expect(connection, "SELECT string_agg(version_from || '-' || version_to || state, ' ' ORDER BY id)"
			   " = (SELECT string_agg(v - 1 || '-' || v || 'done', ' ' ORDER BY v) FROM generate_series(19, 39) v)"
			   " FROM fitsdb_schema.change", "t");
}

START_TEST(fifty_upgrades)
{
	char	   *conninfo = lineage_migrated("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines rows = {0};
	struct process processes[CROWD];

	rows_fill(connection);
	rows_read(connection, &rows);
	for (int i = 0; i < CROWD; i++)
		tool_start(&processes[i], conninfo, ARGS("upgrade"));
	for (int i = 0; i < CROWD; i++) {
		process_wait(&processes[i]);
		tool_ended(&processes[i], 0);
	}
	expect_each_once(connection);
	sql_expect(connection, VERSION, "39");
	facts_expect_version(connection, "v037");
	rows_expect(connection, &rows, "exportqueue.sortkey");
	sql_expect(connection, LOCK_HOLDERS, "0");
	lines_clear(&rows);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(waiters_do_not_deadlock)
{
	char	   *conninfo = lineage_current("fitsdata", 26);
	PGconn	   *connection = sql_connect(conninfo);
	PGconn	   *blocker = block_begin(conninfo, WRITER);
	char	   *waiting = mem_format("%d", WAITERS);
	struct process builder;
	struct process waiters[WAITERS];
	int			before = deadlocks();

	tool_start(&builder, conninfo, ARGS("upgrade", "27"));
	sql_await(connection, INDEX_WAITS, "1");
	for (int i = 0; i < WAITERS; i++) {
		tool_start(&waiters[i], conninfo, ARGS("upgrade", "27"));
		process_expect(&waiters[i], "waiting for another run of this program");
	}
	sql_await(connection, TRIED_SINCE, waiting);
	sql_expect(connection, INDEX_WAITS, "1");
	block_end(blocker);
	process_wait(&builder);
	tool_wrote(&builder, 0, "add_nulls_last_index", "waiting for a lock held by PID");
	process_clear(&builder);
	for (int i = 0; i < WAITERS; i++) {
		process_wait(&waiters[i]);
		tool_wrote(&waiters[i], 0, "nothing to do", "");
		process_clear(&waiters[i]);
	}
	sql_expect(connection, "SELECT indisvalid FROM pg_index WHERE indexrelid = " INDEX "::regclass", "t");
	sql_expect(connection, VERSION, "27");
	ck_assert_int_eq(deadlocks(), before);
	mem_free(waiting);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

static void
await_deadlock(int before)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	time_t		deadline = time(NULL) + PROCESS_DEADLINE;

	while (deadlocks() == before && time(NULL) < deadline)
		nanosleep(&pause, NULL);
	ck_assert_int_gt(deadlocks(), before);
}

START_TEST(waiting_in_the_server_deadlocks)
{
	char	   *conninfo = lineage_current("fitsdata", 26);
	PGconn	   *connection = sql_connect(conninfo);
	PGconn	   *blocker = block_begin(conninfo, WRITER);
	PGconn	   *waiter = sql_connect(conninfo);
	char	   *take;
	struct process builder;
	PGresult   *result;
	int			before = deadlocks();

	tool_start(&builder, conninfo, ARGS("upgrade", "27"));
	sql_await(connection, INDEX_WAITS, "1");
	take = sql_value(connection, "SELECT format('SELECT pg_advisory_lock(%s)', classid::bigint << 32 | objid::bigint)"
					 " FROM pg_locks WHERE locktype = 'advisory'");
	ck_assert_int_eq(PQsendQuery(waiter, take), 1);
	sql_await(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "1");
	block_end(blocker);
	/* The server ends either of them. The upgrade succeeds once the other one is gone: it tries again. */
	await_deadlock(before);
	mem_free(sql_lines(connection, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
					   " WHERE query LIKE '%pg_advisory_lock(%' AND state = 'active' AND pid <> pg_backend_pid()"));
	while ((result = PQgetResult(waiter)))
		PQclear(result);
	PQfinish(waiter);
	process_wait(&builder);
	tool_ended(&builder, 0);
	sql_expect(connection, "SELECT indisvalid FROM pg_index WHERE indexrelid = " INDEX "::regclass", "t");
	mem_free(take);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
concurrent_runs_suite(void)
{
	Suite	   *suite = suite_create("concurrent_runs");
	TCase	   *tcase = tcase_create("crowd");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 180);
	tcase_add_test(tcase, fifty_upgrades);
	tcase_add_test(tcase, waiters_do_not_deadlock);
	tcase_add_test(tcase, waiting_in_the_server_deadlocks);
	suite_add_tcase(suite, tcase);
	return suite;
}
