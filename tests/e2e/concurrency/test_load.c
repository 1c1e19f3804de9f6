/*
 * The archive stays up: during an upgrade no query of the archive waits longer than the lock timeout and one second.
 * The test prints the longest wait. It takes minutes, so it runs only if it is named.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"
#include "support/traffic.h"

#include "base/banned.h"

#define ROWS 200000
#define MOST 3000				/* milliseconds: the lock timeout, which is 2 s by default, and a second */

/* The archive's usual queries, for every version from 18 on. */
static const struct traffic_kind kinds[] = {
	{"header select", "SELECT id, object, ut_datetime FROM header WHERE diskfile_id = $1"},
	{"header insert", "INSERT INTO header (diskfile_id, program_id, instrument, ut_datetime)"
	" VALUES ($1, 'GN-2020B-Q-' || $2, 'GMOS-N', now()) RETURNING id"},
	{"header update", "UPDATE header SET raw_iq = $2 % 100, object = 'object ' || $2 % 5000 WHERE id = $1"},
	{"diskfile select", "SELECT id, present, canonical FROM diskfile"
	" WHERE filename = 'N20200101S' || $1 || '.fits.bz2'"},
	{"diskfile insert", "INSERT INTO diskfile (file_id, filename, path, present, canonical, entrytime)"
	" VALUES ($1, 'S' || $2 || '.fits', '', true, true, now()) RETURNING id"},
	{"diskfile update", "UPDATE diskfile SET file_size = $2, lastmod = now() WHERE id = $1"},
	{"exportqueue select", "SELECT id, destination FROM exportqueue WHERE filename = 'N20200101S' || $1 || '.fits'"},
	{"exportqueue insert", "INSERT INTO exportqueue (filename, path, destination, inprogress, failed, added)"
	" VALUES ('S' || $2 || '.fits', '', 'https://archive.example', false, false, now()) RETURNING id"},
	{"exportqueue update", "UPDATE exportqueue SET inprogress = NOT inprogress, added = now() WHERE id = $1"},
	{"join", "SELECT header.id FROM header JOIN diskfile ON diskfile.id = diskfile_id WHERE diskfile.id = $1"},
};

/* Filled once; each test works on a copy. */
static void
setup(void)
{
	char	   *conninfo = lineage_migrated("loaded", 18);
	char	   *fill = sql_file("tests/e2e/concurrency/load.sql");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, fill);
	sql_exec(connection, "ANALYZE");
	PQfinish(connection);
	mem_free(fill);
	mem_free(conninfo);
}

static char *
copy(void)
{
	char	   *conninfo = server_database("fitsdata");

	server_execute("postgres", "DROP DATABASE fitsdata");
	server_execute("postgres", "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE loaded");
	return conninfo;
}

static void
start_traffic(struct traffic *traffic, const char *conninfo)
{
	traffic_start(traffic, conninfo, kinds, sizeof(kinds) / sizeof(kinds[0]), ROWS);
}

static void
stop_traffic(struct traffic *traffic, const char *what)
{
	char	   *heading = mem_format("PostgreSQL %d, %s", server_version(server_main()), what);
	double		longest = traffic_stop(traffic, heading);

	ck_assert_msg(longest < MOST, "a query took %.0f ms", longest);
	mem_free(heading);
}

static void
expect_latest(const char *conninfo)
{
	PGconn	   *connection = sql_connect(conninfo);

	sql_expect(connection, "SELECT version FROM migrate_version", "39");
	facts_expect_version(connection, "v037");
	sql_expect(connection, "SELECT count(*) >= 200000 FROM header", "t");
	sql_expect(connection, "SELECT count(*) >= 200000 FROM diskfile", "t");
	sql_expect(connection, "SELECT count(*) >= 200000 FROM exportqueue", "t");
	sql_expect(connection, "SELECT count(*) FROM exportqueue WHERE sortkey IS DISTINCT FROM filename AND id <= 200000",
			   "0");
	PQfinish(connection);
}

START_TEST(upgrade_under_load)
{
	char	   *conninfo = copy();
	struct traffic traffic;
	struct process process;

	start_traffic(&traffic, conninfo);
	tool_run(&process, conninfo, ARGS("upgrade"));
	printf("%s%s", process.out, process.err);
	stop_traffic(&traffic, "upgrade from 18");
	tool_ended(&process, 0);
	expect_latest(conninfo);
	mem_free(conninfo);
}
END_TEST

/* A blocker: a session, or a process that writes to a pipe. */
struct obstacle {
	PGconn	   *session;
	struct process process;
	int			pipe;
	int			pid;			/* on the server */
};

/* Before migration 25, the first that locks one of the three tables for more than a rename. */
static void
upgrade_to_obstacle(const char *conninfo)
{
	struct process process;

	tool_run(&process, conninfo, ARGS("upgrade", "24"));
	tool_ended(&process, 0);
}

/* The upgrade tries again and again, and names the blocker, until `end`. */
static void
upgrade_around(const char *conninfo, struct obstacle *obstacle, void (*end) (struct obstacle *),
			   const char *application, const char *what)
{
	char	   *named = mem_format("waiting for a lock held by PID %d (user \"fitsdata\", application \"%s\"",
								   obstacle->pid, application);
	struct traffic traffic;
	struct process process;

	start_traffic(&traffic, conninfo);
	tool_start(&process, conninfo, ARGS("upgrade"));
	process_expect(&process, named);
	process_expect(&process, "(3 of 20)");
	ck_assert(process_running(&process));
	end(obstacle);
	process_wait(&process);
	printf("%s%s", process.out, process.err);
	stop_traffic(&traffic, what);
	tool_ended(&process, 0);
	expect_latest(conninfo);
	mem_free(named);
}

static void
end_session(struct obstacle *obstacle)
{
	block_end(obstacle->session);
}

START_TEST(idle_in_transaction)
{
	char	   *conninfo = copy();
	struct obstacle obstacle = {0};

	upgrade_to_obstacle(conninfo);
	obstacle.session = block_begin(conninfo, "UPDATE exportqueue SET failed = false WHERE id = 1");
	obstacle.pid = PQbackendPID(obstacle.session);
	upgrade_around(conninfo, &obstacle, end_session, "blocker", "beside a session that is idle in transaction");
	mem_free(conninfo);
}
END_TEST

/* As pg_dump does: Debian's is too old for some servers. */
#define LIKE_PG_DUMP \
	"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET application_name = 'pg_dump';" \
	"DO $$ BEGIN EXECUTE (SELECT 'LOCK TABLE ' || string_agg(oid::regclass::text, ', ') || ' IN ACCESS SHARE MODE'" \
	" FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace); END $$"

#define NEWEST_DUMP 15

/* It goes on until its output is read. */
static void
start_dump(struct obstacle *obstacle, const char *conninfo)
{
	char	   *directory = server_directory("dump");
	char	   *fifo = mem_format("%s/fifo", directory);
	const struct process_options options = {.output = fifo};
	PGconn	   *connection = sql_connect(conninfo);
	char	   *pid;

	ck_assert_int_eq(mkfifo(fifo, 0666), 0);
	obstacle->pipe = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(obstacle->pipe, 0);
	process_start(&obstacle->process, (const char *const[]) {"pg_dump", conninfo, NULL}, &options);
	sql_await(connection, "SELECT count(*) FROM pg_locks JOIN pg_stat_activity a USING (pid)"
			  " WHERE a.application_name = 'pg_dump' AND relation = 'exportqueue'::regclass", "1");
	pid = sql_value(connection, "SELECT pid FROM pg_stat_activity WHERE application_name = 'pg_dump'");
	obstacle->pid = (int) strtol(pid, NULL, 10);
	mem_free(pid);
	PQfinish(connection);
	mem_free(fifo);
	mem_free(directory);
}

static void
end_dump(struct obstacle *obstacle)
{
	static char buffer[65536];
	ssize_t		length;

	ck_assert_int_eq(fcntl(obstacle->pipe, F_SETFL, 0), 0);
	while ((length = read(obstacle->pipe, buffer, sizeof(buffer))) > 0 || (length < 0 && errno == EINTR))
		;
	close(obstacle->pipe);
	process_wait(&obstacle->process);
	tool_ended(&obstacle->process, 0);
}

START_TEST(nightly_dump)
{
	char	   *conninfo = copy();
	struct obstacle obstacle = {0};

	upgrade_to_obstacle(conninfo);
	if (server_version(server_main()) <= NEWEST_DUMP)
		start_dump(&obstacle, conninfo);
	else {
		obstacle.session = block_begin(conninfo, LIKE_PG_DUMP);
		obstacle.pid = PQbackendPID(obstacle.session);
	}
	upgrade_around(conninfo, &obstacle, obstacle.session ? end_session : end_dump, "pg_dump", "beside pg_dump");
	mem_free(conninfo);
}
END_TEST

Suite *
load_suite(void)
{
	Suite	   *suite = suite_create("load");
	TCase	   *tcase = tcase_create("load");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, upgrade_under_load);
	tcase_add_test(tcase, idle_in_transaction);
	tcase_add_test(tcase, nightly_dump);
	suite_add_tcase(suite, tcase);
	return suite;
}
