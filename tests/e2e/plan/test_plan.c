/*
 * The plan of an upgrade: locks and rewrites as measured in a throwaway database, with the sizes of the archive's own
 * tables. The archive's database is not changed, and nothing is left on the server.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define SHADOWS "SELECT count(*) FROM pg_database WHERE datname LIKE 'fitsdb\\_schema\\_shadow%'"

/* A database at a version, with three rows in every table, and the connection string of a superuser. */
static char *owner;
static char *conninfo;
static PGconn *connection;

static void
begin(char *database)
{
	owner = database;
	conninfo = server_conninfo(server_main(), "postgres", "fitsdata");
	connection = sql_connect(conninfo);
}

static void
begin_at(int version)
{
	begin(lineage_current("fitsdata", version));
	rows_fill(connection);
	sql_exec(connection, "ANALYZE");
}

static void
end(void)
{
	sql_expect(connection, SHADOWS, "0");
	PQfinish(connection);
	mem_free(conninfo);
	mem_free(owner);
}

START_TEST(everything_is_listed)
{
	begin_at(33);
	tool_expect(conninfo, ARGS("plan"), 0,
				"fitsdata is at version 33; an upgrade to 39\n"
				"34 add_missing_enum_labels: harmless\n20 statements that block no session\n"
				"035_add_gmos_array_name_index.sql:\n    CREATE INDEX CONCURRENTLY\n"
				"    gmos: SHARE UPDATE EXCLUSIVE; is read in full\nabout 3 rows\n"
				"36 add_missing_nulls_last_index: harmless\n"
				"37 reconcile_with_data_models: blocks everything\n  while it works on \n"
				"    ALTER TABLE tapefile ALTER COLUMN size TYPE bigint\n"
				"    tapefile: ACCESS EXCLUSIVE; is rewritten; about 3 rows\n    rewrite, allowed: \n"
				"    userprogram: SHARE; is read in full\nuserprogram: SHARE from an earlier statement\n"
				"  create-index, allowed: \n"
				"38 backfill_datafile_timestamp: harmless\n038_backfill_datafile_timestamp.sql:\n"
				"    in batches of 500 rows of diskfile, each in its own transaction\nrows are updated; about 3 rows\n"
				"39 backfill_gmos_array_name: harmless\nin batches of 500 rows of gmos, each\n"
				"No session blocks it now.", NULL);
	tool_expect(conninfo, ARGS("plan", "34", "--verbose"), 0, "ALTER TYPE obstype ADD VALUE IF NOT EXISTS", "");
	tool_expect(conninfo, ARGS("plan", "--quiet"), 0, NULL, NULL);
	sql_expect(connection, "SELECT version FROM migrate_version", "33");
	sql_expect(connection, "SELECT format_type(atttypid, NULL) FROM pg_attribute"
			   " WHERE attrelid = 'tapefile'::regclass AND attname = 'size'", "integer");
	end();
}
END_TEST

/* A lock without work is short, but the migration must get it. */
START_TEST(short_locks_are_listed)
{
	begin_at(30);
	tool_expect(conninfo, ARGS("plan", "31"), 0,
				"31 add_exportqueue_after: harmless\n  needs for a moment: ACCESS EXCLUSIVE on exportqueue", NULL);
	end();
}
END_TEST

static const json_t *
find_table(const json_t *migration, const char *name)
{
	const json_t *statements = json_object_get(migration, "statements");

	for (size_t i = 0; i < json_array_size(statements); i++) {
		const json_t *tables = json_object_get(json_array_get(statements, i), "tables");

		for (size_t k = 0; k < json_array_size(tables); k++)
			if (strcmp(json_string_value(json_object_get(json_array_get(tables, k), "table")), name) == 0)
				return json_array_get(tables, k);
	}
	ck_abort_msg("there is no table %s", name);
}

START_TEST(as_json)
{
	json_t	   *json;
	const json_t *migration;
	const json_t *table;
	const json_t *batch;

	begin_at(33);
	json = json_run(conninfo, "plan", 0);
	json_expect_string(json, "database", "fitsdata");
	json_expect_integer(json, "version", 33);
	json_expect_integer(json, "target", 39);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "waits_for")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "migrations")), 6);

	migration = json_array_get(json_object_get(json, "migrations"), 1);
	json_expect_string(migration, "verdict", "harmless");
	json_expect_string(find_table(migration, "public.gmos"), "lock", "SHARE UPDATE EXCLUSIVE");
	ck_assert(json_is_true(json_object_get(json_array_get(json_object_get(migration, "statements"), 0), "apart")));

	migration = json_array_get(json_object_get(json, "migrations"), 3);
	json_expect_string(migration, "name", "reconcile_with_data_models");
	json_expect_string(migration, "verdict", "blocks everything");
	json_expect_string(migration, "lock", "ACCESS EXCLUSIVE");
	ck_assert_int_gt(json_integer_value(json_object_get(migration, "bytes")), 0);
	table = find_table(migration, "public.tapefile");
	ck_assert(json_is_true(json_object_get(table, "rewritten")));
	ck_assert(json_is_false(json_object_get(table, "truncated")));
	json_expect_integer(table, "rows", 3);
	ck_assert_int_gt(json_integer_value(json_object_get(table, "bytes")), 0);
	table = find_table(migration, "public.ingestqueue");
	json_expect_string(table, "lock", "ACCESS EXCLUSIVE");
	ck_assert(json_is_false(json_object_get(table, "scanned")));
	ck_assert(json_is_null(json_object_get(json_array_get(json_object_get(migration, "statements"), 0), "batch")));

	migration = json_array_get(json_object_get(json, "migrations"), 4);
	batch = json_object_get(json_array_get(json_object_get(migration, "statements"), 0), "batch");
	json_expect_string(batch, "table", "diskfile");
	json_expect_string(batch, "key", "id");
	json_expect_integer(batch, "rows", 500);
	json_decref(json);
	end();
}
END_TEST

START_TEST(nothing_is_pending)
{
	json_t	   *json;

	begin_at(LATEST);
	tool_expect(conninfo, ARGS("plan"), 0, "fitsdata is at version 39: nothing is pending", NULL);
	json = json_run(conninfo, "plan", 0);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "migrations")), 0);
	json_decref(json);
	end();
}
END_TEST

START_TEST(refusals_of_upgrade_are_predicted)
{
	begin(lineage_base("fitsdata"));
	tool_expect(conninfo, ARGS("plan"), 3, NULL, "error: database \"fitsdata\" is not under version control\nhint: ");
	tool_must(conninfo, ARGS("stamp", "33"));
	tool_expect(conninfo, ARGS("plan", "20"), 3, NULL, "error: \nat version 33, which is above\nhint: ");
	tool_expect(conninfo, ARGS("plan", "40"), 3, NULL, "error: there is no version 40\nhint: ");
	tool_expect(conninfo, ARGS("plan", "x"), 3, NULL, "error: \nnot a schema version\nhint: ");
	end();
}
END_TEST

/* The archive may lack a table that its version should have. */
START_TEST(a_table_is_missing)
{
	begin_at(33);
	sql_exec(connection, "DROP TABLE tapefile");
	tool_expect(conninfo, ARGS("plan"), 0, "tapefile: ACCESS EXCLUSIVE; is rewritten; does not exist in this database",
				NULL);
	end();
}
END_TEST

START_TEST(the_blocker_is_named)
{
	PGconn	   *reader;
	PGconn	   *holder;
	char	   *pid;
	json_t	   *json;

	begin_at(33);
	reader = block_begin(conninfo, "SELECT count(*) FROM tapefile /* a long report */");
	pid = mem_format("PID %d", PQbackendPID(reader));
	tool_expect(conninfo, ARGS("plan"), 0, "It would be blocked now by:\nblocker\na long report\n"
				"    holds ACCESS SHARE on tapefile", NULL);
	tool_expect(conninfo, ARGS("plan"), 0, pid, NULL);
	/* Migration 34 does not wait for it. */
	tool_expect(conninfo, ARGS("plan", "34"), 0, "No session blocks it", NULL);
	/* An exclusive lock on a table does not delay the plan. */
	holder = block_begin(conninfo, "LOCK TABLE gmos IN ACCESS EXCLUSIVE MODE");
	json = json_run(conninfo, "plan", 0);
	ck_assert_uint_ge(json_array_size(json_object_get(json, "waits_for")), 2);
	json_decref(json);
	tool_expect(conninfo, ARGS("plan"), 0, "    holds ACCESS EXCLUSIVE on gmos", NULL);
	block_end(holder);
	block_end(reader);
	mem_free(pid);
	end();
}
END_TEST

/* A concurrent index build waits for old snapshots, on any table. */
START_TEST(an_old_snapshot_is_named)
{
	PGconn	   *reader;

	begin_at(34);
	reader = block_begin(conninfo, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM program");
	tool_expect(conninfo, ARGS("plan", "35"), 0, "blocker\n    holds an old snapshot", NULL);
	block_end(reader);
	end();
}
END_TEST

static const int signals[] = {SIGINT, SIGTERM};

START_TEST(a_signal_leaves_nothing)
{
	struct process process;

	begin_at(0);
	tool_start(&process, conninfo, ARGS("plan"));
	sql_await(connection, SHADOWS, "1");
	process_signal(&process, signals[_i]);
	process_wait(&process);
	tool_wrote(&process, 2, "", "error: stopped by SIG");
	process_clear(&process);
	end();
}
END_TEST

START_TEST(a_database_cannot_be_created)
{
	char	   *superuser;

	begin_at(36);
	server_execute("postgres", "ALTER ROLE fitsdata NOCREATEDB");
	tool_expect(owner, ARGS("plan"), 3, NULL, "error: a scratch database is needed\nfitsdata\nCREATEDB\n--shadow=");
	superuser = mem_format("--shadow=%s", conninfo);
	tool_expect(owner, ARGS("plan", superuser), 0, "37 reconcile_with_data_models", NULL);
	mem_free(superuser);
	server_execute("postgres", "ALTER ROLE fitsdata CREATEDB");
	tool_expect(owner, ARGS("plan"), 0, "37 reconcile_with_data_models", NULL);
	server_execute("postgres", "ALTER ROLE fitsdata NOCREATEDB");
	end();
}
END_TEST

/* An incomplete migration goes on after its finished statements. */
START_TEST(half_of_it_is_done)
{
	PGconn	   *blocker;
	struct process process;

	begin(build_database(1));
	blocker = block_begin(owner, "LOCK TABLE base IN ACCESS SHARE MODE");
	tool_expect(owner, ARGS("upgrade", "2", "--lock-timeout=100ms", "--lock-retries=0"), 2, "",
				"1 of its 3 statements");
	block_end(blocker);
	tool_run(&process, conninfo, ARGS("plan", "2", "--verbose"));
	tool_wrote(&process, 0, "2 add_b: harmless\nbase: ACCESS EXCLUSIVE", "");
	ck_assert_ptr_null(strstr(process.out, "b1"));
	process_clear(&process);
	end();
}
END_TEST

/* A failure at the commit, and a script that becomes another role. */
START_TEST(failures_are_predicted)
{
	begin(build_database(4));
	tool_expect(conninfo, ARGS("plan", "8"), 2, "7 fail_at_commit",
				"error: migration 7 \"fail_at_commit\" would fail: ");
	sql_expect(connection, SHADOWS, "0");
	tool_must(conninfo, ARGS("stamp", "7"));
	end();
}
END_TEST

START_TEST(a_failing_statement_is_reported)
{
	begin(build_database(3));
	tool_expect(conninfo, ARGS("plan", "4"), 2, "4 fail",
				"error: migration 4 \"fail\" would fail: \n(42703)\ndetail: \n004_fail.sql, line 5");
	end();
}
END_TEST

Suite *
plan_suite(void)
{
	Suite	   *suite = suite_create("plan");
	TCase	   *tcase = tcase_create("plan");
	TCase	   *steps = tcase_create("steps");
	TCase	   *trouble = tcase_create("failures");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, everything_is_listed);
	tcase_add_test(tcase, short_locks_are_listed);
	tcase_add_test(tcase, as_json);
	tcase_add_test(tcase, nothing_is_pending);
	tcase_add_test(tcase, refusals_of_upgrade_are_predicted);
	tcase_add_test(tcase, a_table_is_missing);
	tcase_add_test(tcase, the_blocker_is_named);
	tcase_add_test(tcase, an_old_snapshot_is_named);
	tcase_add_loop_test(tcase, a_signal_leaves_nothing, 0, 2);
	tcase_add_test(tcase, a_database_cannot_be_created);
	suite_add_tcase(suite, tcase);

	tcase_add_unchecked_fixture(steps, build_steps, build_end);
	tcase_set_timeout(steps, 120);
	tcase_add_test(steps, half_of_it_is_done);
	tcase_add_test(steps, failures_are_predicted);
	suite_add_tcase(suite, steps);

	tcase_add_unchecked_fixture(trouble, build_failures, build_end);
	tcase_set_timeout(trouble, 120);
	tcase_add_test(trouble, a_failing_statement_is_reported);
	suite_add_tcase(suite, trouble);
	return suite;
}
