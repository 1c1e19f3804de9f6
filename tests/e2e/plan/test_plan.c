/*
 * The plan of an upgrade: locks and rewrites as they are recorded, with the sizes of the archive's own tables, and how
 * it would end. Nothing is changed.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
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

enum {
	SUMMARY_LINES = 24			/* at most */
};

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
	PQfinish(connection);
	mem_free(conninfo);
	mem_free(owner);
}

START_TEST(everything_is_listed)
{
	begin_at(33);
	tool_expect(conninfo, ARGS("plan"), 0,
				"fitsdata is at version 33; an upgrade to 39 would run 6 migrations and\n  end complete\n"
				"  37 reconcile_with_data_models: blocks everything for \n"
				"  38 backfill_datafile_timestamp: changes rows of diskfile (up to about 3 in 1\n"
				"  39 backfill_gmos_array_name: changes rows of gmos (up to about 3 in 1 batch)\n"
				"  not fully measured, may do more than is known: 37\n  harmless: 5\n  daemons: \n"
				"34 add_missing_enum_labels: harmless\n20 statements that block no session\n"
				"035_add_gmos_array_name_index.sql:\n    CREATE INDEX CONCURRENTLY\n"
				"    gmos: SHARE UPDATE EXCLUSIVE; is read in full\nabout 3 rows\n"
				"36 add_missing_nulls_last_index: harmless\n"
				"37 reconcile_with_data_models: blocks everything, not fully measured\n  while it works on \n"
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
	const json_t *part;

	begin_at(33);
	json = json_run(conninfo, "plan", 0);
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
	part = json_array_get(json_object_get(part, "changes_rows"), 0);
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
	tool_expect(conninfo, ARGS("plan", "20"), 1, "", "error: \nat version 33, which is above\nhint: ");
	tool_expect(conninfo, ARGS("plan", "40"), 3, NULL, "error: there is no version 40\nhint: ");
	tool_expect(conninfo, ARGS("plan", "x"), 3, NULL, "error: \nnot a schema version\nhint: ");
	sql_exec(connection, "UPDATE migrate_version SET version = 50");
	tool_expect(conninfo, ARGS("plan", "--json"), 1, "\"version\": 50,\n\"outcome\": \"refused\",\n"
				"\"reason\": \"database \\\"fitsdata\\\" is ahead: it is at version 50, this build has 39\"",
				"error: database \"fitsdata\" is ahead");
	end();
}
END_TEST

/* The archive may lack a table that its version should have. */
START_TEST(a_need_is_missing)
{
	json_t	   *json;
	const json_t *prediction;
	const json_t *failure;

	begin_at(33);
	sql_exec(connection, "DROP TABLE tapefile CASCADE");
	tool_expect(conninfo, ARGS("plan"), 1,
				"an upgrade to 39 would run 6 migrations and\n  fail at migration 37\n"
				"  migration 37 needs table tapefile, which is missing\n  table tapefile would be missing\n"
				"37 reconcile_with_data_models: blocks everything, not fully measured; would fail\n"
				"  migration 37 needs table tapefile, which is missing\n"
				"tapefile: ACCESS EXCLUSIVE; is rewritten; does not exist in this database", "");
	json = json_run(conninfo, "plan", 1);
	prediction = json_object_get(json, "prediction");
	json_expect_string(prediction, "outcome", "fails");
	failure = json_array_get(json_object_get(prediction, "failures"), 0);
	json_expect_integer(failure, "migration", 37);
	json_expect_string(failure, "kind", "table");
	json_expect_string(failure, "name", "tapefile");
	json_expect_string(json_array_get(json_object_get(prediction, "missing"), 0), "name", "tapefile");
	failure = json_object_get(json_array_get(json_object_get(json, "migrations"), 3), "failure");
	json_expect_string(failure, "message", "migration 37 needs table tapefile, which is missing");
	json_decref(json);
	/* It is not needed up to 36, but missing. */
	tool_expect(conninfo, ARGS("plan", "36"), 1, "end incomplete: 1 object missing, 0 different\n"
				"  table tapefile would be missing", "");
	tool_expect(conninfo, ARGS("upgrade", "--yes", "--quiet"), 2, NULL,
				"migration 37 \"reconcile_with_data_models\" failed");
	end();
}
END_TEST

/* What a pending migration adds is not missing; what none adds is. */
START_TEST(the_end_would_be_incomplete)
{
	begin_at(33);
	sql_exec(connection, "DROP INDEX ix_tapefile_md5; ALTER TABLE gmos ALTER grating_order TYPE bigint");
	tool_expect(conninfo, ARGS("plan"), 1,
				"6 migrations and\n  end incomplete: 1 object missing, 1 different\n"
				"  index tapefile.ix_tapefile_md5 would be missing\n"
				"  column gmos.grating_order would be different\n34 add_missing_enum_labels: harmless", "");
	sql_exec(connection, "CREATE INDEX ix_tapefile_md5 ON tapefile (md5);"
			 " ALTER TABLE gmos ALTER grating_order TYPE integer");
	tool_expect(conninfo, ARGS("plan"), 0, "end complete", "");
	end();
}
END_TEST

/* What one more object in a database at version 9 leads to; the upgrade ends so. */
static const struct {
	const char *sql;
	const char *outcome;
	const char *line;
	int			upgrade;
}			surprises[] = {
	{"CREATE TYPE ghost AS (a integer)", "fails", "migration 30 creates table ghost, but type ghost has that name", 2},
	{"CREATE VIEW ghost AS SELECT 1 AS a", "fails", "migration 30 creates table ghost, but view ghost has that name",
	2},
	{"CREATE TABLE ix_gmos_array_name (a integer)", "fails",
	"migration 35 creates index gmos.ix_gmos_array_name, but table"
	" ix_gmos_array_name has that name", 2},
	/* Here the server chooses another name; SCHEMA does not say that none was given. */
	{"CREATE INDEX exportqueue_filename_path_destination_key ON exportqueue (id)", "fails",
		"migration 11 creates constraint exportqueue.exportqueue_filename_path_destination_key, but index"
	" exportqueue.exportqueue_filename_path_destination_key has that name", 0},
	/* Created only where the name is free, and without a word. */
	{"CREATE TABLE idx_ghost_arm (a integer)", "incomplete", "migration 32 creates index ghost.idx_ghost_arm, but table"
	" idx_ghost_arm has that name", 0},
	{"SET ROLE fitsdata; CREATE TYPE procsci AS ENUM ('sq'); RESET ROLE", "incomplete",
	"type procsci is there in another form, and would stay so", 0},
	{"SET ROLE fitsdata; CREATE DOMAIN procsci AS text; RESET ROLE", "incomplete",
		"type procsci is there in another form, and would stay so", 0},
	{"CREATE VIEW users AS SELECT procsci FROM header", "fails", "migration 10 changes or drops column header.procsci,"
	" which view users uses", 2},
	{"ALTER TABLE header ADD twice text GENERATED ALWAYS AS (procsci || 'a') STORED", "fails",
	 "migration 10 changes or drops column header.procsci, which column header.twice uses", 2},
	{"CREATE MATERIALIZED VIEW tapes AS SELECT * FROM tapefile", "fails", "migration 37 changes or drops column"
	" tapefile.size, which materialized view tapes uses", 2},
};

START_TEST(surprises_are_told)
{
	json_t	   *json;
	static const char *const lists[] = {"failures", "missing", "different"};
	const json_t *prediction;
	bool		told = false;

	begin_at(9);
	/* Since PostgreSQL 12. */
	if (strstr(surprises[_i].sql, "GENERATED") && PQserverVersion(connection) < 120000) {
		end();
		return;
	}
	sql_exec(connection, surprises[_i].sql);
	json = json_run(conninfo, "plan", 1);
	prediction = json_object_get(json, "prediction");
	json_expect_string(prediction, "outcome", surprises[_i].outcome);
	for (int list = 0; list < 3; list++) {
		const json_t *items = json_object_get(prediction, lists[list]);

		for (size_t i = 0; i < json_array_size(items); i++) {
			const json_t *item = json_array_get(items, i);

			if (strcmp(json_string_value(json_object_get(item, "text")), surprises[_i].line) == 0) {
				ck_assert_int_eq(json_is_integer(json_object_get(item, "migration")),
								 strncmp(surprises[_i].line, "migration", 9) == 0);
				told = true;
			}
		}
	}
	ck_assert_msg(told, "%s", surprises[_i].line);
	json_decref(json);
	tool_expect(conninfo, ARGS("plan"), 1, strcmp(surprises[_i].outcome, "fails") == 0 ? "fail at migration"
				: "end incomplete: ", "");
	tool_expect(conninfo, ARGS("upgrade", "--yes", "--quiet"), surprises[_i].upgrade, NULL, "");
	end();
}
END_TEST

/* Migration 21 renames the column, and its type. */
START_TEST(a_rename_is_no_obstacle)
{
	begin_at(12);
	sql_exec(connection, "CREATE VIEW users AS SELECT procsci FROM header");
	tool_expect(conninfo, ARGS("plan"), 0, "end complete", "");
	tool_must(conninfo, ARGS("upgrade"));
	end();
}
END_TEST

/* The number of lines before the first empty one. */
static int
count_summary(const char *out)
{
	const char *at = out;
	int			count = 0;

	for (; *at && *at != '\n'; count++) {
		at = strchr(at, '\n');
		ck_assert_ptr_nonnull(at);
		at++;
	}
	return count;
}

/* Whatever is wrong. */
START_TEST(the_summary_is_short)
{
	static const char *const damage[] = {
		"SELECT",
		"DROP TABLE header, diskfile, gmos, tapefile, archiveuser, exportqueue, userprogram CASCADE",
		"DO $$ DECLARE name text; BEGIN FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
		" AND tablename <> 'migrate_version' LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', name);"
		" END LOOP; END $$"
	};
	struct process process;

	begin_at(0);
	/* Without statistics. */
	sql_exec(connection, "CREATE TABLE more AS SELECT * FROM header; DELETE FROM pg_statistic");
	sql_exec(connection, damage[_i]);
	tool_run(&process, conninfo, ARGS("plan"));
	tool_wrote(&process, _i == 0 ? 0 : 1, "fitsdata is at version 0; an upgrade to 39 would run 39 migrations and\n"
			   "10 change_procsci_to_enum\nblocks everything for", "");
	ck_assert_int_le(count_summary(process.out), SUMMARY_LINES);
	process_clear(&process);
	end();
}
END_TEST

/* Where much data is rewritten, it is to be done while the archive is down. */
START_TEST(daemons_must_be_stopped)
{
	begin_at(36);
	/* Hardly anything of it can be compressed. */
	sql_exec(connection, "UPDATE tapefile SET data_md5 = (SELECT string_agg(md5(i::text), '')"
			 " FROM generate_series(1, 200000) i)");
	tool_expect(conninfo, ARGS("plan"), 0, "37 reconcile_with_data_models: blocks everything for 1\n MB (\n"
				"  stop the daemons: tables are blocked for longer than a moment by 37\n", "");
	end();
}
END_TEST

/* A statement on a table works on its children, too. */
START_TEST(children_are_counted)
{
	begin_at(36);
	sql_exec(connection, "CREATE TABLE more (much text) INHERITS (tapefile); INSERT INTO more SELECT *,"
			 " (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300000) i) FROM tapefile");
	tool_expect(conninfo, ARGS("plan"), 0, "37 reconcile_with_data_models: blocks everything for \n MB\n"
				"  stop the daemons: tables are blocked for longer than a moment by 37\n", "");
	end();
}
END_TEST

START_TEST(without_statistics)
{
	begin(lineage_current("fitsdata", 36));
	rows_fill(connection);
	tool_expect(conninfo, ARGS("plan"), 0, "  rows not counted: \n tables; run ANALYZE\n"
				"    tapefile: ACCESS EXCLUSIVE; is rewritten; \n kB, rows not counted: run ANALYZE", "");
	end();
}
END_TEST

/* A role that may connect and read the version can plan, and everything only reads. */
START_TEST(a_reader_can_plan)
{
	char	   *reader;
	char	   *before;
	struct process own;
	struct process process;

	begin_at(18);
	sql_exec(connection, "CREATE ROLE planner LOGIN; REVOKE CONNECT ON DATABASE fitsdata FROM PUBLIC;"
			 " GRANT CONNECT ON DATABASE fitsdata TO planner; REVOKE SELECT ON migrate_version FROM PUBLIC;"
			 " GRANT SELECT ON migrate_version TO planner; REVOKE USAGE ON SCHEMA fitsdb_schema FROM PUBLIC;"
			 " ALTER ROLE planner SET default_transaction_read_only = on");
	reader = server_conninfo(server_main(), "planner", "fitsdata");
	before = image_take("fitsdata");
	tool_run(&own, conninfo, ARGS("plan", "--verbose"));
	tool_run(&process, reader, ARGS("plan", "--verbose"));
	tool_wrote(&process, 0, own.out, "");
	image_expect("fitsdata", before);
	process_clear(&process);
	process_clear(&own);
	sql_exec(connection, "REVOKE ALL ON migrate_version FROM planner; REVOKE ALL ON DATABASE fitsdata FROM planner;"
			 " GRANT CONNECT ON DATABASE fitsdata TO PUBLIC; DROP ROLE planner");
	mem_free(reader);
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

/* It has no session. */
START_TEST(a_prepared_transaction_is_named)
{
	const struct server *server = server_start_with(false, "max_prepared_transactions = 5\n");
	char	   *there = server_conninfo(server, "postgres", "postgres");
	char	   *own = server_conninfo(server, "fitsdata", "fitsdata");
	PGconn	   *elsewhere = sql_connect(there);

	sql_exec(elsewhere, "CREATE DATABASE fitsdata OWNER fitsdata");
	PQfinish(elsewhere);
	tool_must(own, ARGS("init"));
	tool_must(own, ARGS("downgrade", "36", "--yes"));
	elsewhere = sql_connect(own);
	sql_exec(elsewhere, "BEGIN; LOCK TABLE tapefile IN SHARE MODE; PREPARE TRANSACTION 'it''s here'");
	PQfinish(elsewhere);
	tool_expect(own, ARGS("plan"), 0, "prepared transaction (user \n'it''s here'\n    holds SHARE on tapefile", NULL);
	mem_free(own);
	mem_free(there);
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
	/* That build has no SCHEMA, so it knows no more than what it would run. */
	tool_run(&process, conninfo, ARGS("plan", "2", "--verbose"));
	tool_wrote(&process, 3, "1 migration; how it\n  would end is not known\n  harmless: 0; not measured: 1\n"
			   "2 add_b: not measured\n    not measured\n",
			   "error: this build does not have the schemas of its versions\nhint: \nmake schema");
	ck_assert_ptr_null(strstr(process.out, "b1"));
	process_clear(&process);
	end();
}
END_TEST

/* What is batched is known without SCHEMA. */
START_TEST(batches_are_listed)
{
	begin(build_database(0));
	tool_expect(conninfo, ARGS("plan"), 3, "in batches of \n rows of \neach in its own transaction", "make schema");
	end();
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
	tcase_add_test(tcase, as_json);
	tcase_add_test(tcase, nothing_is_pending);
	tcase_add_test(tcase, refusals_of_upgrade_are_predicted);
	tcase_add_test(tcase, a_need_is_missing);
	tcase_add_test(tcase, the_end_would_be_incomplete);
	tcase_add_loop_test(tcase, surprises_are_told, 0, sizeof(surprises) / sizeof(surprises[0]));
	tcase_add_loop_test(tcase, the_summary_is_short, 0, 3);
	tcase_add_test(tcase, daemons_must_be_stopped);
	tcase_add_test(tcase, a_rename_is_no_obstacle);
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
