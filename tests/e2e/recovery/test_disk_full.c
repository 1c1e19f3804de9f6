/*
 * The server runs out of disk space during an upgrade. The database is always at a version, and the same command
 * succeeds once there is space again.
 *
 * The disk is a file system in memory that only this process and its children see. Mounting it requires root.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define DISK "/mnt"				/* every system has this directory; no other process sees what is mounted there */
#define DISK_SIZE "size=512m"
#define BALLAST DISK "/ballast"
#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"

static const struct server *server; /* on that disk; NULL: there is none */

/* A file system of our own, until we end. True: it is mounted. */
static bool
mount_disk(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
		&& mount("tmpfs", DISK, "tmpfs", 0, DISK_SIZE) == 0;
}

/* A version 18 with rows, to be copied, and an empty version 0. */
static void
setup(void)
{
	char	   *conninfo;
	char	   *base = sql_section("migrations/000_base.sql", "up");
	PGconn	   *connection;

	if (!mount_disk()) {
		fprintf(stderr, "not run: the disk's part of suite disk_full (it mounts a file system, as root): %s\n",
				strerror(errno));
		return;
	}
	server = server_start_in(DISK, false);
	connection = server_superuser(server, "postgres");
	sql_exec(connection, "ALTER SYSTEM SET checkpoint_timeout = '1d'");
	sql_exec(connection, "CREATE DATABASE at0 OWNER fitsdata TEMPLATE template0");
	conninfo = server_conninfo(server, "fitsdata", "at0");
	PQfinish(connection);
	connection = sql_connect(conninfo);
	sql_exec(connection, base);
	PQfinish(connection);
	tool_must(conninfo, ARGS("stamp", "0"));
	connection = server_superuser(server, "postgres");
	sql_await(connection, OUR_SESSIONS, "0");
	sql_exec(connection, "CREATE DATABASE at18 OWNER fitsdata TEMPLATE at0");
	PQfinish(connection);
	mem_free(conninfo);
	conninfo = server_conninfo(server, "fitsdata", "at18");
	tool_must(conninfo, ARGS("upgrade", "18"));
	connection = sql_connect(conninfo);
	rows_fill(connection);
	PQfinish(connection);
	mem_free(conninfo);
	mem_free(base);
}

/* In kB. */
static unsigned long
free_room(void)
{
	struct statvfs disk;

	ck_assert_int_eq(statvfs(DISK, &disk), 0);
	return disk.f_bavail * (disk.f_bsize / 1024);
}

/* Leave so many kB free on the disk. */
static void
fill_disk(unsigned long left)
{
	unsigned long unused = free_room();
	int			file = open(BALLAST, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(file, 0);
	ck_assert_uint_gt(unused, left);
	ck_assert_int_eq(posix_fallocate(file, 0, (off_t) (unused - left) * 1024), 0);
	ck_assert_int_eq(close(file), 0);
}

/* A crashed server restarts by itself, if it can. Otherwise it has to be started. */
static void
free_disk(void)
{
	char	   *conninfo = server_conninfo(server, "postgres", "postgres");
	const struct timespec pause = {.tv_nsec = 10000000};
	time_t		deadline = time(NULL) + 60;

	ck_assert_int_eq(unlink(BALLAST), 0);
	while (PQping(conninfo) != PQPING_OK) {
		ck_assert_msg(time(NULL) < deadline, "the server does not come back");
		if (!server_running(server))
			server_begin(server);
		nanosleep(&pause, NULL);
	}
	mem_free(conninfo);
}

/* A copy of a database, with the disk's contents as settled as they get. */
static char *
make_copy(const char *original)
{
	char	   *create = mem_format("CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE %s", original);
	PGconn	   *connection = server_superuser(server, "postgres");

	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()",
			  "0");
	sql_exec(connection, "DROP DATABASE IF EXISTS fitsdata");
	sql_exec(connection, create);
	sql_exec(connection, "CHECKPOINT");
	PQfinish(connection);
	mem_free(create);
	return server_conninfo(server, "fitsdata", "fitsdata");
}

/* The number after these words in the output; -1: they are not there. */
static int
number_behind(const char *written, const char *words)
{
	const char *found = strstr(written, words);

	return found ? (int) strtol(found + strlen(words), NULL, 10) : -1;
}

/* PANIC, or the message that other sessions get after it. */
static bool
is_lost(const char *err)
{
	return strstr(err, "server closed the connection unexpectedly")
		|| strstr(err, "terminating connection because of crash")
		|| strstr(err, "could not write to file \"pg_wal/") || strstr(err, "the connection was lost during the commit");
}

/*
 * The messages for a full disk: either the server's, with its SQLSTATE and a hint, or those for a lost connection.
 * Returns the version that is reported; -1: none is.
 */
static int
expect_full(const struct process *process)
{
	const char *err = process->err;
	bool		told = (strstr(err, "No space left on device") || strstr(err, "bytes at block "))
		&& strstr(err, "(53100)");
	bool		lost = is_lost(err);
	bool		hinted = told ? strstr(err, "hint: Free space, memory or connections on the server") != NULL
		: strstr(err, "hint: Run the same command again when the server is available")
		|| strstr(err, "hint: Run the same command again.");
	int			version = number_behind(err, "stays at version ");

	/* A server without space for its own files accepts no connection, and libpq does not report the SQLSTATE. */
	if (process->status == 3 && strstr(err, "error: could not connect: ") && strstr(err, "FATAL:  could not write "))
		return -1;
	ck_assert_msg(process->status == 2 || process->status == 3, "it ended with status %d\n%s%s", process->status,
				  process->out, err);
	ck_assert_msg(strstr(err, "error: ") && (told || lost) && hinted, "it says only\n%s%s", process->out, err);
	/* The result of a commit is unknown until the server is back. */
	if (process->status == 2)
		ck_assert_msg(version >= 0 || strstr(err, "It is not known whether "), "no version\n%s%s", process->out, err);
	return version;
}

/* The version of the database, if the server runs. */
static void
expect_truth(const char *conninfo)
{
	struct process process;

	tool_run(&process, conninfo, ARGS("status"));
	ck_assert_msg(process.status <= 3, "%s", process.err);
	ck_assert_msg(process.status == 3 || strstr(process.out, "database fitsdata at version"), "%s%s", process.out,
				  process.err);
	process_clear(&process);
}

/* The results of the upgrades on a full disk. */
struct tally {
	int			points;
	int			full;			/* ended by it */
	int			lost;			/* with the connection, perhaps to come back */
	int			at[LATEST + 1]; /* in this migration */
};

/* Run an upgrade. A crashed server gets its space back at once: the program may be trying to reconnect. */
static bool
run_upgrade(struct process *process, const char *conninfo)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	bool		freed = false;

	tool_start(process, conninfo, ARGS("upgrade"));
	while (process_running(process)) {
		if (!freed && !server_running(server)) {
			free_disk();
			freed = true;
		}
		nanosleep(&pause, NULL);
	}
	process_wait(process);
	return freed;
}

/* An upgrade that the full disk ended; returns the version that it reported, or -1. */
static int
count_failure(const struct process *process, struct tally *tally)
{
	int			migration = number_behind(process->err, "migration ");

	tally->full++;
	if (migration >= 0 && migration <= LATEST)
		tally->at[migration]++;
	return expect_full(process);
}

static void
upgrade_on_full_disk(const char *conninfo, unsigned long left, const struct lines *before, struct tally *tally)
{
	struct process process;
	PGconn	   *connection;
	int			version = -1;

	fill_disk(left);
	if (!run_upgrade(&process, conninfo)) {
		expect_truth(conninfo);
		free_disk();
	}
	tally->points++;
	tally->lost += is_lost(process.err);
	if (process.status != 0)
		version = count_failure(&process, tally);
	connection = sql_connect(conninfo);
	if (version >= 0) {
		char	   *there = mem_format("%d", version);

		sql_expect(connection, "SELECT version FROM migrate_version", there);
		mem_free(there);
	}
	process_clear(&process);
	expect_truth(conninfo);
	tool_expect(conninfo, ARGS("upgrade"), 0, "at version 39", "");
	facts_expect_version(connection, "v037");
	rows_expect(connection, before, "exportqueue.sortkey");
	PQfinish(connection);
}

/* The disk space of an upgrade, in kB; it differs between servers. */
static unsigned long
measure_upgrade(const char *original)
{
	char	   *conninfo = make_copy(original);
	unsigned long before = free_room();
	unsigned long after;

	tool_must(conninfo, ARGS("upgrade"));
	after = free_room();
	ck_assert_uint_gt(before, after);
	mem_free(conninfo);
	return before - after;
}

static int
print_tally(const char *original, unsigned long takes, const struct tally *tally)
{
	int			migrations = 0;

	printf("full disk, from %s (upgrade takes %lu kB): %d points held, %d ended by it, %d lost the connection;"
		   " in migrations", original, takes, tally->points, tally->full, tally->lost);
	for (int v = 0; v <= LATEST; v++)
		if (tally->at[v] > 0) {
			printf(" %d", v);
			migrations++;
		}
	putchar('\n');
	return migrations;
}

static const char *const originals[] = {"at0", "at18"};

/* From no space at all to nearly enough. */
START_TEST(disk_is_full)
{
	const char *original = originals[_i];
	unsigned long takes;
	unsigned long parts = getenv("THOROUGH") ? 50 : 6;
	struct tally tally = {0};
	struct lines before = {0};
	PGconn	   *connection;
	char	   *conninfo;

	if (!server)
		return;
	takes = measure_upgrade(original);
	conninfo = make_copy(original);
	connection = sql_connect(conninfo);
	rows_read(connection, &before);
	PQfinish(connection);
	for (unsigned long i = 0; i < parts; i++) {
		mem_free(conninfo);
		conninfo = make_copy(original);
		upgrade_on_full_disk(conninfo, takes * i / parts, &before, &tally);
	}
	ck_assert_int_ge(print_tally(original, takes, &tally), 3);
	lines_clear(&before);
	mem_free(conninfo);
}
END_TEST

/* Less than 128 kB are left in the last file of the write-ahead log. */
#define FILL_WAL \
	"DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'" \
	" AND name > pg_walfile_name(pg_current_wal_insert_lsn()))" \
	" LOOP PERFORM pg_switch_wal(), pg_logical_emit_message(false, 'x', 'x'); END LOOP;" \
	" PERFORM pg_logical_emit_message(false, 'x', repeat('x'," \
	" 16777216 - 131072 - ((pg_current_wal_insert_lsn() - '0/0') % 16777216)::integer)); END $$"

/* Without space for its log the server panics, at any point. */
START_TEST(wal_is_full)
{
	struct lines before = {0};
	PGconn	   *connection;
	char	   *conninfo;
	char	   *path;
	char	   *log;
	struct tally tally = {0};

	if (!server)
		return;
	mem_free(make_copy("at18"));
	connection = server_superuser(server, "fitsdata");
	rows_read(connection, &before);
	sql_exec(connection, FILL_WAL);
	PQfinish(connection);
	conninfo = server_conninfo(server, "fitsdata", "fitsdata");
	upgrade_on_full_disk(conninfo, 8000, &before, &tally);
	ck_assert_int_eq(tally.lost, 1);
	path = mem_format("%s/log", server->directory);
	log = sql_file(path);
	ck_assert_msg(strstr(log, "PANIC:  could not write to file") != NULL, "the server did not give up");
	mem_free(log);
	mem_free(path);
	lines_clear(&before);
	mem_free(conninfo);
}
END_TEST

Suite *
disk_full_suite(void)
{
	Suite	   *suite = suite_create("disk_full");
	TCase	   *disk = tcase_create("disk");

	tcase_add_unchecked_fixture(disk, setup, NULL);
	tcase_set_timeout(disk, 1200);
	tcase_add_loop_test(disk, disk_is_full, 0, sizeof(originals) / sizeof(originals[0]));
	tcase_add_test(disk, wal_is_full);
	suite_add_tcase(suite, disk);
	return suite;
}
