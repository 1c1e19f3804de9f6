/*
 * Through PgBouncer: reading commands work and leave the shared sessions unchanged. Commands that write are refused,
 * except with --allow-pooler in session mode.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/pgbouncer.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
#define LOCKS "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
#define IN_OUR_SCHEMA "SELECT count(*) FROM pg_namespace WHERE nspname = 'fitsdb_schema'"

/* The state of a server session, as the pooler's next client finds it. */
#define SETTINGS \
	"SELECT concat_ws(' ', current_setting('search_path'), current_setting('lock_timeout')," \
	" current_setting('statement_timeout'), current_user)"
#define UNTOUCHED "\"$user\", public 0 0 fitsdata"

static const char *const modes[] = {"session", "transaction"};

/* Everything that writes. */
static const char *const writing[][3] = {
	{"upgrade"}, {"init"}, {"downgrade", "17"}, {"stamp", "20"}, {"upgrade", "18"}
};

/* A database from the field, and a pooler with one session: each client gets the same one. */
static char *
setup(struct pgbouncer *pooler, const char *mode, int size)
{
	char	   *direct = lineage_migrated("fitsdata", 18);

	pgbouncer_start(pooler, mode, size);
	return direct;
}

static void
expect_untouched(const struct pgbouncer *pooler, const char *direct)
{
	char	   *conninfo = pgbouncer_conninfo(pooler, "fitsdata", "fitsdata");
	PGconn	   *neighbour = sql_connect(conninfo);
	PGconn	   *connection = sql_connect(direct);

	sql_expect(neighbour, SETTINGS, UNTOUCHED);
	sql_expect(connection, VERSION, "18");
	sql_expect(connection, IN_OUR_SCHEMA, "0");
	sql_expect(connection, LOCKS, "0");
	PQfinish(connection);
	PQfinish(neighbour);
	mem_free(conninfo);
}

START_TEST(writing_is_refused)
{
	struct pgbouncer pooler;
	char	   *direct = setup(&pooler, modes[_i], 1);
	char	   *conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");

	for (size_t i = 0; i < sizeof(writing) / sizeof(writing[0]); i++)
		tool_expect(conninfo, writing[i], 3, NULL,
					"error: cannot use a connection pooler\nhint: Connect directly to the server");
	expect_untouched(&pooler, direct);
	pgbouncer_end(&pooler);
	mem_free(conninfo);
	mem_free(direct);
}
END_TEST

static const int sizes[] = {1, 5};

/* --allow-pooler does not help: shared sessions are detected. */
START_TEST(shared_sessions_are_refused_though_allowed)
{
	struct pgbouncer pooler;
	char	   *direct = setup(&pooler, "transaction", sizes[_i]);
	char	   *conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");

	for (size_t i = 0; i < sizeof(writing) / sizeof(writing[0]); i++) {
		const char *const *words = writing[i];

		tool_expect(conninfo, ARGS("--allow-pooler", words[0], words[1]), 3, NULL,
					"error: cannot use this connection pooler: it shares server sessions between clients\n"
					"hint: Connect directly to the server, or to a pool in session mode");
	}
	expect_untouched(&pooler, direct);
	pgbouncer_end(&pooler);
	mem_free(conninfo);
	mem_free(direct);
}
END_TEST

/* With one session in the pool there is no second one for the check and for the blocker: it still works. */
START_TEST(session_mode_can_be_allowed)
{
	struct pgbouncer pooler;
	char	   *direct = setup(&pooler, "session", sizes[_i]);
	char	   *conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");
	char	   *other = server_database("other");
	char	   *empty = pgbouncer_conninfo(&pooler, "fitsdata", "other");
	PGconn	   *connection = sql_connect(direct);

	tool_expect(conninfo, ARGS("upgrade", "--allow-pooler"), 0, "", NULL);
	facts_expect_version(connection, "v037");
	tool_expect(conninfo, ARGS("downgrade", "36", "--allow-pooler"), 0, "", NULL);
	tool_expect(conninfo, ARGS("stamp", "39", "--allow-pooler"), 0, "", NULL);
	sql_expect(connection, VERSION, "39");
	sql_expect(connection, LOCKS, "0");
	PQfinish(connection);
	tool_expect(empty, ARGS("init", "--allow-pooler"), 0, "", NULL);
	connection = sql_connect(other);
	facts_expect_version(connection, "v037");
	PQfinish(connection);
	pgbouncer_end(&pooler);
	mem_free(empty);
	mem_free(other);
	mem_free(conninfo);
	mem_free(direct);
}
END_TEST

/* The pooler reports another process id than the server's; finding the blocker needs the right one. */
START_TEST(blocker_is_named_through_it)
{
	struct pgbouncer pooler;
	char	   *direct = setup(&pooler, "session", 5);
	char	   *conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");
	PGconn	   *blocker = block_begin(direct, "SELECT count(*) FROM previewqueue");
	char	   *pid = mem_format("waiting for a lock held by PID %d", PQbackendPID(blocker));
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "19", "--allow-pooler", "--lock-timeout=1s"));
	process_expect(&process, pid);
	block_end(blocker);
	process_wait(&process);
	/* Label processed_standard is missing until 34. */
	tool_wrote(&process, 1, "at version 19", "1 missing, 0 different");
	process_clear(&process);
	pgbouncer_end(&pooler);
	mem_free(pid);
	mem_free(conninfo);
	mem_free(direct);
}
END_TEST

#define COLUMN(table, name) \
	"SELECT count(*) FROM pg_attribute WHERE attrelid = '" table "'::regclass AND attname = '" name "'"

/* A transactional and a non-transactional migration; the lock that it waits for; the message. */
static const struct {
	int			from;
	const char *to;
	const char *wanted;
	int			status;
	const char *said;
	const char *not_run;		/* none of these may exist */
}			changes[] = {
	{18, "19", "LOCK TABLE previewqueue IN ACCESS SHARE MODE", 3, "error: migration 19\nat version 18",
	COLUMN("previewqueue", "force")},
	{31, "32", "LOCK TABLE ghost IN ACCESS SHARE MODE", 2,
	"error: migration 32\n committed; the database stays at version 31",
	COLUMN("ghost", "arm")},
};

/*
 * The worst: sessions become shared during an upgrade, and another client takes ours between two transactions. The next
 * one is begun by a session without our lock and settings, and must not be committed.
 */
START_TEST(change_of_session_is_noticed)
{
	char	   *direct = lineage_migrated("fitsdata", changes[_i].from);
	char	   *version = mem_format("%d", changes[_i].from);
	PGconn	   *blocker = block_begin(direct, changes[_i].wanted);
	PGconn	   *connection = sql_connect(direct);
	PGconn	   *thief;
	struct pgbouncer pooler;
	struct process process;
	char	   *conninfo;

	pgbouncer_start(&pooler, "session", 5);
	conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");
	tool_start(&process, conninfo, ARGS("upgrade", changes[_i].to, "--allow-pooler", "--lock-timeout=2s"));
	process_expect(&process, "waiting for a lock");
	pgbouncer_share(&pooler);
	process_expect(&process, "trying again");
	thief = sql_connect(conninfo);
	sql_exec(thief, "BEGIN");
	sql_expect(thief, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()", "1");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, changes[_i].status, "", "the connection pooler has switched to another server session, so the advisory lock is lost");
	tool_wrote(&process, changes[_i].status, "", changes[_i].said);
	process_clear(&process);
	sql_expect(connection, VERSION, version);
	sql_expect(connection, changes[_i].not_run, "0");
	PQfinish(thief);
	PQfinish(connection);
	pgbouncer_end(&pooler);
	mem_free(conninfo);
	mem_free(version);
	mem_free(direct);
}
END_TEST

/* Health checks use the pooler. Each of these commands must leave the session as it was. */
START_TEST(reading_works)
{
	static const char *const reading[][4] = {{"list"}, {"log"}, {"status"}, {"status", "--json"},
		{"upgrade", "20", "--sql"}};
	struct pgbouncer pooler;
	char	   *direct = lineage_current("fitsdata", 18);
	char	   *conninfo;

	pgbouncer_start(&pooler, modes[_i], 1);
	conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");
	tool_expect(conninfo, ARGS("status", "--short"), 1, "BEHIND - fitsdata at version 18\nversion=18", NULL);
	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++) {
		bool		status = strcmp(reading[i][0], "status") == 0;
		PGconn	   *neighbour;

		tool_expect(conninfo, reading[i], status ? 1 : 0, "", NULL);
		neighbour = sql_connect(conninfo);
		sql_expect(neighbour, SETTINGS, UNTOUCHED);
		PQfinish(neighbour);
	}
	tool_must(direct, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("status"), 0, "current: ", NULL);
	pgbouncer_end(&pooler);
	mem_free(conninfo);
	mem_free(direct);
}
END_TEST

/* PgBouncer accepts no server options; psql fails in the same way. */
START_TEST(options_are_not_passed_on)
{
	static const char *const environment[] = {"PGOPTIONS=-c geqo=off", NULL};
	const struct process_options options = {.environment = environment};
	struct pgbouncer pooler;
	char	   *direct = setup(&pooler, "transaction", 5);
	char	   *conninfo = pgbouncer_conninfo(&pooler, "fitsdata", "fitsdata");
	struct process process;

	tool_run_with(&process, NULL, conninfo, ARGS("status", "--short"), &options);
	tool_wrote(&process, 3, "UNKNOWN - could not connect: \nunsupported startup parameter", NULL);
	process_clear(&process);
	pgbouncer_end(&pooler);
	mem_free(conninfo);
	mem_free(direct);
}
END_TEST

Suite *
pooler_suite(void)
{
	Suite	   *suite = suite_create("pooler");
	TCase	   *tcase = tcase_create("pooler");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, writing_is_refused, 0, 2);
	tcase_add_loop_test(tcase, shared_sessions_are_refused_though_allowed, 0, 2);
	tcase_add_loop_test(tcase, session_mode_can_be_allowed, 0, 2);
	tcase_add_test(tcase, blocker_is_named_through_it);
	tcase_add_loop_test(tcase, change_of_session_is_noticed, 0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_loop_test(tcase, reading_works, 0, 2);
	tcase_add_test(tcase, options_are_not_passed_on);
	suite_add_tcase(suite, tcase);
	return suite;
}
