/*
 * The plan of an upgrade: locks and rewrites as they are recorded, with the sizes of the archive's own tables. Nothing
 * is changed. test_plan_prediction.c tests the predicted outcome.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/plan/planned.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/image.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

START_TEST(everything_is_listed)
{
	planned_begin_at(33);
	tool_expect(planned.conninfo, ARGS("plan"), 0,
				"fitsdata is at version 33; an upgrade to 39 would run 6 migrations and\n  end complete\n"
				"  37 reconcile_with_data_models: blocks everything for \n"
				"  37 reconcile_with_data_models: changes rows of exportqueue (up to about 3 in\n    one statement)\n"
				"  and 2 more that change rows\n"
				"  not fully measured; these migrations may have other effects: 37\n  harmless: 5\n  daemons: \n"
				"34 add_missing_enum_labels: harmless\n20 statements that block no session\n"
				"035_add_gmos_array_name_index.sql:\n    CREATE INDEX CONCURRENTLY\n"
				"    gmos: SHARE UPDATE EXCLUSIVE; is read in full\nabout 3 rows\n"
				"36 add_missing_nulls_last_index: harmless\n"
				"37 reconcile_with_data_models: blocks everything, not fully measured\n  while it reads or writes \n"
				"    ALTER TABLE tapefile ALTER COLUMN size TYPE bigint\n"
				"    tapefile: ACCESS EXCLUSIVE; is rewritten; about 3 rows\n    rewrite, allowed: \n"
				"    userprogram: SHARE; is read in full\nuserprogram: SHARE from an earlier statement\n"
				"  create-index, allowed: \n"
				"38 backfill_datafile_timestamp: harmless\n038_backfill_datafile_timestamp.sql:\n"
				"    in batches of 500 rows of diskfile, each in its own transaction\nrows are updated; about 3 rows\n"
				"39 backfill_gmos_array_name: harmless\nin batches of 500 rows of gmos, each\n"
				"No session would block the upgrade now.", NULL);
	tool_expect(planned.conninfo, ARGS("plan", "34", "--verbose"), 0, "ALTER TYPE obstype ADD VALUE IF NOT EXISTS", "");
	tool_expect(planned.conninfo, ARGS("plan", "--quiet"), 0, NULL, NULL);
	sql_expect(planned.connection, "SELECT version FROM migrate_version", "33");
	sql_expect(planned.connection, "SELECT format_type(atttypid, NULL) FROM pg_attribute"
			   " WHERE attrelid = 'tapefile'::regclass AND attname = 'size'", "integer");
	planned_end();
}
END_TEST

/* A lock without work is short, but the migration must get it. */
START_TEST(short_locks_are_listed)
{
	planned_begin_at(28);
	tool_expect(planned.conninfo, ARGS("plan", "29"), 0,
				"29 add_gmos_array_name: harmless\n  holds for a moment: ACCESS EXCLUSIVE on gmos", NULL);
	planned_end();
}
END_TEST

START_TEST(changed_rows_are_counted)
{
	planned_begin_at(37);
	tool_expect(planned.conninfo, ARGS("plan"), 0,
				"  38 backfill_datafile_timestamp: changes rows of diskfile (up to about 3 in 1\n"
				"  39 backfill_gmos_array_name: changes rows of gmos (up to about 3 in 1 batch)\n", NULL);
	planned_end();
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
	const json_t *part;

	planned_begin_at(33);
	json = json_run(planned.conninfo, "plan", 0);
	json_expect_string(json, "database", "fitsdata");
	json_expect_integer(json, "version", 33);
	json_expect_integer(json, "target", 39);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "waits_for")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "migrations")), 6);
	part = json_object_get(json, "prediction");
	json_expect_string(part, "outcome", "complete");
	ck_assert(json_is_null(json_object_get(part, "reason")));
	part = json_object_get(json, "summary");
	json_expect_integer(part, "migrations", 6);
	ck_assert(json_is_false(json_object_get(part, "stop_daemons")));
	json_expect_integer(json_array_get(json_object_get(part, "blocking"), 0), "version", 37);
	ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(part, "not_fully_measured"), 0)), 37);
	part = json_array_get(json_object_get(part, "changes_rows"), 1);
	json_expect_integer(part, "version", 38);
	json_expect_string(part, "table", "diskfile");
	json_expect_integer(part, "rows", 3);
	json_expect_integer(part, "batches", 1);

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
	planned_end();
}
END_TEST

START_TEST(nothing_is_pending)
{
	json_t	   *json;

	planned_begin_at(LATEST);
	tool_expect(planned.conninfo, ARGS("plan"), 0, "fitsdata is at version 39: nothing is pending", NULL);
	json = json_run(planned.conninfo, "plan", 0);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "migrations")), 0);
	json_decref(json);
	planned_end();
}
END_TEST

/* Where much data is rewritten, it is to be done while the archive is down. */
START_TEST(daemons_must_be_stopped)
{
	planned_begin_at(36);
	/* Hardly anything of it can be compressed. */
	sql_exec(planned.connection, "UPDATE tapefile SET data_md5 = (SELECT string_agg(md5(i::text), '')"
			 " FROM generate_series(1, 200000) i)");
	tool_expect(planned.conninfo, ARGS("plan"), 0, "37 reconcile_with_data_models: blocks everything for 1\n MB (\n"
				"  stop the daemons: tables are blocked for longer than a moment by 37\n", "");
	planned_end();
}
END_TEST

/* A statement on a table works on its children, too. */
START_TEST(children_are_counted)
{
	planned_begin_at(36);
	sql_exec(planned.connection, "CREATE TABLE more (much text) INHERITS (tapefile); INSERT INTO more SELECT *,"
			 " (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300000) i) FROM tapefile");
	tool_expect(planned.conninfo, ARGS("plan"), 0, "37 reconcile_with_data_models: blocks everything for \n MB\n"
				"  stop the daemons: tables are blocked for longer than a moment by 37\n", "");
	planned_end();
}
END_TEST

START_TEST(without_statistics)
{
	planned_begin(lineage_current("fitsdata", 36));
	rows_fill(planned.connection);
	tool_expect(planned.conninfo, ARGS("plan"), 0, "  rows not counted: \n tables; run ANALYZE\n"
				"    tapefile: ACCESS EXCLUSIVE; is rewritten; \n kB, rows not counted: run ANALYZE", "");
	planned_end();
}
END_TEST

/* A role that may connect and read the version can plan, and everything only reads. */
START_TEST(a_reader_can_plan)
{
	char	   *reader;
	char	   *before;
	struct process own;
	struct process process;

	planned_begin_at(18);
	sql_exec(planned.connection, "CREATE ROLE planner LOGIN; REVOKE CONNECT ON DATABASE fitsdata FROM PUBLIC;"
			 " GRANT CONNECT ON DATABASE fitsdata TO planner; REVOKE SELECT ON migrate_version FROM PUBLIC;"
			 " GRANT SELECT ON migrate_version TO planner; REVOKE USAGE ON SCHEMA fitsdb_schema FROM PUBLIC;"
			 " ALTER ROLE planner SET default_transaction_read_only = on");
	reader = server_conninfo(server_main(), "planner", "fitsdata");
	before = image_take("fitsdata");
	tool_run(&own, planned.conninfo, ARGS("plan", "--verbose"));
	tool_run(&process, reader, ARGS("plan", "--verbose"));
	tool_wrote(&process, 0, own.out, "");
	image_expect("fitsdata", before);
	process_clear(&process);
	process_clear(&own);
	sql_exec(planned.connection,
			 "REVOKE ALL ON migrate_version FROM planner; REVOKE ALL ON DATABASE fitsdata FROM planner;"
			 " GRANT CONNECT ON DATABASE fitsdata TO PUBLIC; DROP ROLE planner");
	mem_free(reader);
	planned_end();
}
END_TEST

START_TEST(the_blocker_is_named)
{
	PGconn	   *reader;
	PGconn	   *holder;
	char	   *pid;
	json_t	   *json;

	planned_begin_at(33);
	reader = block_begin(planned.conninfo, "SELECT count(*) FROM tapefile /* a long report */");
	pid = mem_format("PID %d", PQbackendPID(reader));
	tool_expect(planned.conninfo, ARGS("plan"), 0,
				"These sessions would block the upgrade now:\nblocker\na long report\n"
				"    holds ACCESS SHARE on tapefile", NULL);
	tool_expect(planned.conninfo, ARGS("plan"), 0, pid, NULL);
	/* Migration 34 does not wait for it. */
	tool_expect(planned.conninfo, ARGS("plan", "34"), 0, "No session would block", NULL);
	/* An exclusive lock on a table does not delay the plan. */
	holder = block_begin(planned.conninfo, "LOCK TABLE gmos IN ACCESS EXCLUSIVE MODE");
	json = json_run(planned.conninfo, "plan", 0);
	ck_assert_uint_ge(json_array_size(json_object_get(json, "waits_for")), 2);
	json_decref(json);
	tool_expect(planned.conninfo, ARGS("plan"), 0, "    holds ACCESS EXCLUSIVE on gmos", NULL);
	block_end(holder);
	block_end(reader);
	mem_free(pid);
	planned_end();
}
END_TEST

/* It has no session. */
START_TEST(a_prepared_transaction_is_named)
{
	const struct server *server = server_start_with(false, "max_prepared_transactions = 5\n");
	char	   *own = server_conninfo(server, "fitsdata", "fitsdata");
	PGconn	   *elsewhere = server_superuser(server, "postgres");

	sql_exec(elsewhere, "CREATE DATABASE fitsdata OWNER fitsdata");
	PQfinish(elsewhere);
	tool_must(own, ARGS("init"));
	tool_must(own, ARGS("downgrade", "36", "--yes"));
	elsewhere = sql_connect(own);
	sql_exec(elsewhere, "BEGIN; LOCK TABLE tapefile IN SHARE MODE; PREPARE TRANSACTION 'it''s here'");
	PQfinish(elsewhere);
	tool_expect(own, ARGS("plan"), 0, "prepared transaction (user \n'it''s here'\n    holds SHARE on tapefile", NULL);
	mem_free(own);
}
END_TEST

/* A concurrent index build waits for old snapshots, on any table. */
START_TEST(an_old_snapshot_is_named)
{
	PGconn	   *reader;

	planned_begin_at(34);
	reader = block_begin(planned.conninfo,
						 "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM program");
	tool_expect(planned.conninfo, ARGS("plan", "35"), 0, "blocker\n    holds an old snapshot", NULL);
	block_end(reader);
	planned_end();
}
END_TEST

/* An incomplete migration goes on after its finished statements. */
START_TEST(half_of_it_is_done)
{
	PGconn	   *blocker;
	struct process process;

	planned_begin(build_database(1));
	blocker = block_begin(planned.owner, "LOCK TABLE base IN ACCESS SHARE MODE");
	tool_expect(planned.owner, ARGS("upgrade", "2", "--lock-timeout=100ms", "--lock-retries=0"), 2, "",
				"1 of its 3 statements");
	block_end(blocker);
	/* That build has no SCHEMA, so it knows no more than what it would run. */
	tool_run(&process, planned.conninfo, ARGS("plan", "2", "--verbose"));
	tool_wrote(&process, 3, "1 migration; the\n  outcome cannot be predicted\n  harmless: 0; not measured: 1\n"
			   "2 add_b: not measured\n    not measured\n",
			   "error: this build does not have the schemas of its versions\nhint: \nmake schema");
	ck_assert_ptr_null(strstr(process.out, "b1"));
	process_clear(&process);
	planned_end();
}
END_TEST

/* What is batched is known without SCHEMA. */
START_TEST(batches_are_listed)
{
	planned_begin(build_database(0));
	tool_expect(planned.conninfo, ARGS("plan"), 3, "in batches of \n rows of \neach in its own transaction",
				"make schema");
	planned_end();
}
END_TEST

Suite *
plan_suite(void)
{
	Suite	   *suite = suite_create("plan");
	TCase	   *tcase = tcase_create("plan");
	TCase	   *steps = tcase_create("steps");
	TCase	   *batches = tcase_create("batches");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, everything_is_listed);
	tcase_add_test(tcase, short_locks_are_listed);
	tcase_add_test(tcase, changed_rows_are_counted);
	tcase_add_test(tcase, as_json);
	tcase_add_test(tcase, nothing_is_pending);
	tcase_add_test(tcase, daemons_must_be_stopped);
	tcase_add_test(tcase, children_are_counted);
	tcase_add_test(tcase, without_statistics);
	tcase_add_test(tcase, a_reader_can_plan);
	tcase_add_test(tcase, the_blocker_is_named);
	tcase_add_test(tcase, a_prepared_transaction_is_named);
	tcase_add_test(tcase, an_old_snapshot_is_named);
	suite_add_tcase(suite, tcase);

	tcase_add_unchecked_fixture(steps, build_steps, build_end);
	tcase_set_timeout(steps, 120);
	tcase_add_test(steps, half_of_it_is_done);
	suite_add_tcase(suite, steps);

	tcase_add_unchecked_fixture(batches, build_batches, build_end);
	tcase_add_test(batches, batches_are_listed);
	suite_add_tcase(suite, batches);
	return suite;
}
