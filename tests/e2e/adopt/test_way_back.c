/*
 * A downgrade takes nothing that the database had before its upgrade: databases of both lineages, with any stamp, are
 * upgraded and brought back.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* As the data models of 2023-01 had it, but for an index that no model has. */
#define EVERYTHING "DROP INDEX ix_header_ut_datetime_nulls_last;"
#define SOME_LABELS \
	"enumtypid = 'detector_readspeed_setting'::regtype AND enumlabel IN ('medium', 'standard', 'unknown')"

/* A fresh database, and what of it a downgrade keeps. */
static const struct {
	struct fresh kind;
	int			upgrade;		/* the exit status: 1 if something is missing or different at the end */
	const char *expected;		/* a query that is true after the downgrade */
}			stamps[] = {
	{{"", 33, EVERYTHING, SOME_LABELS}, 0, "SELECT count(*) = 2 FROM exportqueue WHERE filename = 'twice.fits'"
		" AND header_fields = 'x' AND reject_new"},
	{{"", 30, EVERYTHING, SOME_LABELS}, 0, "SELECT count(after) = 2 FROM exportqueue WHERE filename = 'twice.fits'"},
	{{"", 26, EVERYTHING, SOME_LABELS}, 0, "SELECT to_regclass('ix_gmos_array_name') IS NOT NULL"},
	{{"", 22, EVERYTHING, SOME_LABELS}, 0, "SELECT count(*) = 3 FROM miscfile_plus"},
	/* renamed by 21, retyped by 37, and indexes under the other names */
	{{"", 18, EVERYTHING, SOME_LABELS}, 0, "SELECT pg_typeof(procmode)::text = 'procmode' FROM header LIMIT 1"},
	{{"", 16, EVERYTHING, SOME_LABELS}, 0, "SELECT pg_typeof(size)::text = 'bigint' FROM tapefile LIMIT 1"},
	{{"", 8, EVERYTHING, SOME_LABELS}, 0, "SELECT to_regclass('ix_archiveuser_orcid_id') IS NOT NULL"},
	{{"", 2, EVERYTHING, SOME_LABELS}, 0, "SELECT count(*) = 3 FROM target_presence"},
	/* partially present, or in another form; without the column, the upgrade is refused */
	{{"", 22, EVERYTHING "ALTER TABLE miscfile_folder ALTER description TYPE varchar(99);", NULL}, 1,
	"SELECT count(*) = 3 FROM miscfile_folder"},
	{{"", 31, EVERYTHING "ALTER TABLE ghost DROP COLUMN arm, DROP COLUMN exposure_time_red;", NULL}, 0,
	"SELECT count(*) = 3 FROM ghost"},
	{{"", 29, EVERYTHING "DROP TABLE ghost;", NULL}, 0, "SELECT to_regtype('ghost_resolution') IS NOT NULL"},
};

/* What is left by downs is of version 37. */
static bool
is_left(const char *line, bool missing, const void *context)
{
	return !missing && lines_have(context, line);
}

/* The database must have all that it had, and nothing else but what downs leave. */
static void
expect_kept(PGconn *connection, const struct lines *before)
{
	struct lines latest = {0};
	struct lines now = {0};
	char	   *difference;

	facts_load("v037", &latest);
	facts_read(connection, &now);
	difference = lines_difference(before, &now, is_left, &latest);
	ck_assert_msg(difference == NULL, "not as before (- missing, + too much):\n%s", difference);
	lines_clear(&now);
	lines_clear(&latest);
}

static char *
begin_fresh(int number, struct lines *facts, struct lines *rows)
{
	char	   *conninfo = lineage_fresh("fitsdata", &stamps[number].kind);
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	sql_exec(connection, "INSERT INTO exportqueue (filename, path, destination, inprogress, failed, header_fields,"
			 " reject_new, after, added) VALUES ('twice.fits', 'a', 'one', false, false, 'x', true, now(), now()),"
			 " ('twice.fits', 'a', 'two', false, false, 'x', true, now(), now())");
	rows_read(connection, rows);
	facts_read(connection, facts);
	PQfinish(connection);
	return conninfo;
}

START_TEST(fresh_databases)
{
	struct lines facts = {0};
	struct lines rows = {0};
	char	   *conninfo = begin_fresh(_i, &facts, &rows);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *version = mem_format("%d", stamps[_i].kind.version);

	tool_expect(conninfo, ARGS("upgrade"), stamps[_i].upgrade, "is at version 39", stamps[_i].upgrade ? "" : NULL);
	tool_expect(conninfo, ARGS("downgrade", version, "--yes"), 0, "is at version", NULL);
	expect_kept(connection, &facts);
	/* Migrations fill these in. */
	rows_expect(connection, &rows, "exportqueue.after exportqueue.sortkey gmos.array_name diskfile.datafile_timestamp");
	sql_expect(connection, stamps[_i].expected, "t");
	/* And once more. */
	tool_expect(conninfo, ARGS("upgrade"), stamps[_i].upgrade, "is at version 39", stamps[_i].upgrade ? "" : NULL);
	tool_expect(conninfo, ARGS("downgrade", version, "--yes"), 0, "is at version", NULL);
	expect_kept(connection, &facts);
	mem_free(version);
	lines_clear(&rows);
	lines_clear(&facts);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Nothing is lost, so nothing is asked; and what the record says of drops is what is left of the downs. */
START_TEST(nothing_is_asked)
{
	struct lines facts = {0};
	struct lines rows = {0};
	char	   *conninfo = begin_fresh(3, &facts, &rows);
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT string_agg(version || ':' || drops, ' ' ORDER BY version) FROM fitsdb_schema.migration"
			   " WHERE version > 22 AND drops::text <> '[]'", "");
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.migration WHERE version IN (30, 31) AND down::text = '[]'",
			   "2");
	tool_must(conninfo, ARGS("downgrade", "22"));
	lines_clear(&rows);
	lines_clear(&facts);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(migrated_databases)
{
	static const int versions[] = {36, 33, 30, 22, 20, 9, 3};
	int			version = versions[_i];
	char	   *conninfo = lineage_migrated("fitsdata", version);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *number = mem_format("%d", version);
	struct lines facts = {0};

	rows_fill(connection);
	if (version < 10)
		sql_exec(connection, "UPDATE header SET procsci = 'sq'");
	facts_read(connection, &facts);
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("downgrade", number, "--yes"), 0, "is at version", NULL);
	facts_downgrade(&facts, LATEST, version);
	if (version < 34 && version > 14)
		lines_add(&facts, mem_string("label caltype processed_standard"));
	lines_sort(&facts);
	facts_expect(connection, &facts);
	lines_clear(&facts);
	mem_free(number);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Another object has the name of one that a migration creates where it is missing: it is kept. */
static const struct {
	int			version;
	const char *name;
	const char *sql;
}			places[] = {
	{34, "ix_gmos_array_name", "CREATE INDEX ix_gmos_array_name ON diskfile (id, filename)"},
	{26, "ix_header_ut_datetime_nulls_last", "CREATE INDEX ix_header_ut_datetime_nulls_last ON diskfile (id, filename)"},
	{22, "ix_miscfile_plus_size", "CREATE TABLE ix_miscfile_plus_size (a integer)"},
	{3, "provenance", "CREATE VIEW provenance AS SELECT 1 AS id"},
	{3, "provenance", "CREATE MATERIALIZED VIEW provenance AS SELECT 1 AS id"},
	{3, "provenance_history", "CREATE SEQUENCE provenance_history"},
	{3, "provenance", "CREATE INDEX provenance ON diskfile (id, filename)"},
	{22, "miscfile_collection_users", "CREATE VIEW miscfile_collection_users AS SELECT 1 AS id"},
	{29, "ghost_resolution", "CREATE TABLE ghost_resolution (id integer)"},
};

START_TEST(another_object_in_the_place)
{
	char	   *conninfo = lineage_current("fitsdata", places[_i].version);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *version = mem_format("%d", places[_i].version);
	char	   *query = mem_format("SELECT '%s'::regclass::oid", places[_i].name);
	char	   *object;

	sql_exec(connection, places[_i].sql);
	object = sql_value(connection, query);
	for (int time = 0; time < 2; time++) {
		tool_expect(conninfo, ARGS("upgrade"), 1, "is at version 39", "has that name");
		sql_expect(connection, query, object);
		tool_expect(conninfo, ARGS("downgrade", version, "--yes"), 0, "is at version", NULL);
		sql_expect(connection, query, object);
	}
	mem_free(object);
	mem_free(query);
	mem_free(version);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* An older build, which has none of these versions, runs what is stored. */
START_TEST(by_an_older_build)
{
	struct lines facts = {0};
	struct lines rows = {0};
	char	   *conninfo = begin_fresh(1, &facts, &rows);
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("upgrade"));
	build_run("migrations-30");
	tool_expect(conninfo, ARGS("downgrade", "30"), 0, "is at version 30", NULL);
	tool_use(NULL);
	expect_kept(connection, &facts);
	sql_expect(connection, stamps[1].expected, "t");
	lines_clear(&rows);
	lines_clear(&facts);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The down of a non-transactional migration is stored before its first statement, and stays so when it is resumed. */
START_TEST(stopped_in_the_middle)
{
	char	   *conninfo = _i == 0 ? lineage_migrated("fitsdata", 31) : lineage_fresh("fitsdata", &lineage_kinds[0]);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines facts = {0};
	char	   *whole;
	char	   *stored;
	PGconn	   *blocker;

	facts_read(connection, &facts);
	blocker = block_begin(conninfo, "COMMENT ON TYPE detector_gain_setting IS ''");
	tool_expect(conninfo, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "are committed");
	block_end(blocker);
	stored = sql_value(connection, "SELECT down FROM fitsdb_schema.migration WHERE version = 32");
	ck_assert_msg((strstr(stored, "DROP COLUMN") != NULL) == (_i == 0), "%s", stored);
	tool_expect(conninfo, ARGS("upgrade"), 0, "is at version 39", "resumes after statement");
	whole = sql_value(connection, "SELECT down FROM fitsdb_schema.migration WHERE version = 32");
	ck_assert_str_eq(whole, stored);
	tool_expect(conninfo, ARGS("downgrade", "31", "--yes"), 0, "is at version 31", NULL);
	if (_i == 0) {
		facts_downgrade(&facts, LATEST, 31);
		lines_add(&facts, mem_string("label caltype processed_standard"));
		lines_sort(&facts);
		facts_expect(connection, &facts);
	} else
		expect_kept(connection, &facts);
	mem_free(whole);
	mem_free(stored);
	lines_clear(&facts);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* What was changed in the record is not run, nor is this build's own down in its place. */
START_TEST(changed_record)
{
	struct lines facts = {0};
	struct lines rows = {0};
	char	   *conninfo = begin_fresh(0, &facts, &rows);
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("upgrade"));
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET down = '[{\"sql\":\"DROP TABLE ghost\"}]'"
			 " WHERE version = 34");
	tool_expect(conninfo, ARGS("downgrade", "33"), 3, NULL, "stored down statements of version 34 do not match their"
				" checksum\ndelete the rows of these versions from table fitsdb_schema.migration");
	sql_exec(connection, "DELETE FROM fitsdb_schema.migration WHERE version = 34");
	tool_must(conninfo, ARGS("downgrade", "33"));
	lines_clear(&rows);
	lines_clear(&facts);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* The first release's down of 37 makes two stricter constraints and integers of columns: rows may forbid that. */
START_TEST(forbidden_by_rows)
{
	char	   *conninfo;
	PGconn	   *connection;

	build_run("first_release-39");
	conninfo = lineage_migrated("fitsdata", 36);
	connection = sql_connect(conninfo);
	tool_must(conninfo, ARGS("upgrade"));
	tool_use(NULL);
	sql_exec(connection, "INSERT INTO exportqueue (filename, path, destination, inprogress, failed) VALUES"
			 " ('twice.fits', 'a', 'one', false, false), ('twice.fits', 'a', 'two', false, false)");
	tool_expect(conninfo, ARGS("downgrade", "36", "--yes"), 3, NULL, "stored down of migration 37"
				" \"reconcile_with_data_models\" would fail: rows of table public.exportqueue contradict UNIQUE (filename,"
				" inprogress, failed)\n(twice.fits,f,f): 2 rows\nTo list all of these rows, run: SELECT\nNothing was"
				" changed.");
	sql_expect(connection, "SELECT version FROM migrate_version", "39");
	sql_exec(connection, "DELETE FROM exportqueue WHERE destination = 'two'");
	tool_expect(conninfo, ARGS("downgrade", "36", "--yes"), 0, "is at version 36", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* What stays is listed in short lines, with the reason, as far as it is there. */
START_TEST(what_stays)
{
	static const struct fresh fresh = {"", 28, EVERYTHING "DROP TABLE ghost;", SOME_LABELS};
	char	   *conninfo = lineage_fresh("fitsdata", &fresh);
	struct process process;

	tool_must(conninfo, ARGS("upgrade"));
	tool_run(&process, conninfo, ARGS("downgrade", "0", "--yes"));
	tool_wrote(&process, 0, "enum values remain, because PostgreSQL cannot drop them: obstype: STANDARD\n"
			   "objects remain, because no down section drops them:\n"
			   "  exportqueue: column header_fields, column md5_after_header\n"
			   "objects remain, because the database had them before the upgrade:\n  type ghost_gain_setting\n"
			   "  exportqueue: column \n  gmos: column array_name\ndatabase fitsdata is at version 0", NULL);
	ck_assert_ptr_null(strstr(process.out, "ix_archiveuser_orcid_id"));
	process_clear(&process);
	mem_free(conninfo);
}
END_TEST

Suite *
way_back_suite(void)
{
	Suite	   *suite = suite_create("way_back");
	TCase	   *tcase = tcase_create("way_back");

	tcase_add_unchecked_fixture(tcase, server_setup, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, fresh_databases, 0, (int) (sizeof(stamps) / sizeof(stamps[0])));
	tcase_add_test(tcase, nothing_is_asked);
	tcase_add_loop_test(tcase, migrated_databases, 0, 7);
	tcase_add_loop_test(tcase, another_object_in_the_place, 0, (int) (sizeof(places) / sizeof(places[0])));
	tcase_add_test(tcase, by_an_older_build);
	tcase_add_loop_test(tcase, stopped_in_the_middle, 0, 2);
	tcase_add_test(tcase, changed_record);
	tcase_add_test(tcase, forbidden_by_rows);
	tcase_add_test(tcase, what_stays);
	suite_add_tcase(suite, tcase);
	return suite;
}
