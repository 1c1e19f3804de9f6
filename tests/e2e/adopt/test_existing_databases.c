/*
 * Databases from the field: under sqlalchemy-migrate at any version, created from data models and stamped, or edited by
 * hand. All of them are adopted as they are.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/lack.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT string_agg(version::text, ',') FROM public.migrate_version"
#define RECORDED "SELECT string_agg(version::text, ' ' ORDER BY version) FROM fitsdb_schema.migration WHERE version > 0"

/* The software exports only files whose time has come. */
#define WAITS_FOR_EVER "SELECT count(*) FROM exportqueue WHERE after IS NULL"

/* "1 2 3 ... last" */
static char *
numbers(int last)
{
	char	   *text = mem_string(last > 0 ? "1" : "");

	for (int i = 2; i <= last; i++) {
		char	   *longer = mem_format("%s %d", text, i);

		mem_free(text);
		text = longer;
	}
	return text;
}

static void
expect_recorded(PGconn *connection, int last)
{
	char	   *expected = numbers(last);

	sql_expect(connection, RECORDED, expected);
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.migration WHERE down IS NULL AND version > 0", "0");
	mem_free(expected);
}

/* The output of the package itself; `version` may be NULL. The caller frees it. */
static char *
migrate(const char *command, const char *version)
{
	char	   *url = mem_format("postgresql+psycopg2://fitsdata@/fitsdata?host=%s", server_main()->directory);
	struct process process;
	char	   *said;

	process_run(&process, (const char *const[]) {"/usr/bin/python3", "tests/e2e/adopt/sqlalchemy_migrate.py", url, command,
		version, NULL}, NULL);
	ck_assert_msg(process.status == 0, "sqlalchemy-migrate failed (package python3-migrate):\n%s", process.err);
	said = mem_string(process.out);
	process_clear(&process);
	mem_free(url);
	return said;
}

/* The package prints a line. */
static void
expect_said(const char *said, const char *expected)
{
	ck_assert_msg(strncmp(said, expected, strlen(expected)) == 0 && strcmp(said + strlen(expected), "\n") == 0, "%s",
				  said);
}

/* To version 37, which the facts describe, and to the latest. */
static void
upgrade(const char *conninfo, PGconn *connection, int from)
{
	if (from <= 37) {
		tool_must(conninfo, ARGS("upgrade", "37"));
		facts_expect_version(connection, "v037");
		tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	}
	if (from < 37)
		sql_expect(connection, WAITS_FOR_EVER, "0");
	/* A later migration may drop a table that has rows. */
	tool_must(conninfo, ARGS("upgrade", latest_number(), "--yes"));
	latest_expect(connection);
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
}

static void
expect_rows(PGconn *connection, const struct lines *rows, int from, const char *known)
{
	char	   *changed = latest_changes(from, lack_latest(), known);

	rows_expect(connection, rows, changed);
	mem_free(changed);
}

START_TEST(migrated_lineage)
{
	char	   *conninfo = lineage_migrated("fitsdata", _i);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines rows = {0};

	rows_fill(connection);
	/* Before 10, only labels survive in this column. */
	if (_i >= 3 && _i < 10)
		sql_exec(connection, "UPDATE header SET procsci = 'sq'");
	rows_read(connection, &rows);
	upgrade(conninfo, connection, _i);
	/* Without anything to do, nothing is recorded. */
	if (_i < lack_latest())
		expect_recorded(connection, lack_latest());
	expect_rows(connection, &rows, _i, _i < 37 ? "exportqueue.after" : "");
	sql_expect(connection, VERSION, latest_number());
	tool_expect(conninfo, ARGS("status"), 0, latest_number(), NULL);
	lines_clear(&rows);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

static bool
was_there(const char *line, bool missing, const void *context)
{
	return (!missing && lines_have(context, line)) || latest_is_left(line, missing);
}

/*
 * The database is as after a downgrade to 0. This leaves the objects of versions above its stamp that it had before its
 * upgrade, and those that the downs of later versions leave.
 */
static void
expect_base(PGconn *connection, const struct lines *before)
{
	struct lines base = {0};
	struct lines now = {0};
	char	   *difference;

	facts_load("v000", &base);
	facts_downgrade(&base, DESCRIBED, 0);
	lines_sort(&base);
	facts_read(connection, &now);
	difference = lines_difference(&base, &now, was_there, before);
	ck_assert_msg(difference == NULL, "(- missing, + too much):\n%s", difference);
	lines_clear(&now);
	lines_clear(&base);
}

START_TEST(fresh_lineage)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[_i]);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines rows = {0};
	struct lines facts = {0};

	rows_fill(connection);
	rows_read(connection, &rows);
	/* From 31 on, downs of versions that were not upgraded drop all that is not of version 0. */
	if (lineage_kinds[_i].version < 31)
		facts_read(connection, &facts);
	upgrade(conninfo, connection, lineage_kinds[_i].version);
	expect_rows(connection, &rows, lineage_kinds[_i].version, lineage_kinds[_i].version < 25
				? "exportqueue.after exportqueue.sortkey" : "exportqueue.after");
	expect_recorded(connection, lack_latest());
	/* A migration may warn. */
	tool_expect(conninfo, ARGS("downgrade", "0", "--yes"), 0, "", "");
	expect_base(connection, &facts);
	lines_clear(&facts);
	lines_clear(&rows);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(first_change_records_the_past)
{
	char	   *conninfo = lineage_migrated("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);

	/* Label processed_standard is missing until 34. */
	tool_expect(conninfo, ARGS("upgrade", "19"), 1, "at version 19", "1 missing, 0 different");
	expect_recorded(connection, 19);
	lineage_forget(connection, 19);
	tool_must(conninfo, ARGS("downgrade", "18", "--yes"));
	expect_recorded(connection, 18);
	sql_expect(connection, VERSION, "18");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(reading_changes_nothing)
{
	char	   *conninfo = lineage_migrated("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("status"), 1, "at version 18", "");
	tool_expect(conninfo, ARGS("list"), 0, "add_datafile_timestamp", "");
	tool_expect(conninfo, ARGS("log"), 0, "", "");
	sql_expect(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'fitsdb_schema'", "0");
	sql_expect(connection, VERSION, "18");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(new_labels_can_be_used)
{
	char	   *conninfo = lineage_migrated("fitsdata", 19);
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	tool_expect(conninfo, ARGS("upgrade", "20"), 1, "at version 20", "label processed_standard is missing");
	sql_exec(connection, "UPDATE header SET reduction = 'PROCESSED_UNKNOWN'");
	tool_must(conninfo, ARGS("downgrade", "19", "--yes"));
	sql_expect(connection, "SELECT count(*) FROM header WHERE reduction = 'PROCESSED_UNKNOWN'", "3");
	tool_expect(conninfo, ARGS("upgrade", "20"), 1, "at version 20", "label processed_standard is missing");
	sql_expect(connection, "SELECT count(*) FROM header WHERE reduction = 'PROCESSED_UNKNOWN'", "3");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(package_reads_our_version)
{
	char	   *conninfo = lineage_migrated("fitsdata", 18);
	char	   *said = migrate("version", NULL);

	ck_assert_str_eq(said, "18\n");
	mem_free(said);
	tool_must(conninfo, ARGS("upgrade", latest_number()));
	said = migrate("version", NULL);
	expect_said(said, latest_number());
	mem_free(said);
	mem_free(conninfo);
}
END_TEST

START_TEST(package_reads_version_of_init)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *said;

	tool_must(conninfo, ARGS("init"));
	said = migrate("version", NULL);
	expect_said(said, latest_number());
	mem_free(said);
	mem_free(conninfo);
}
END_TEST

/* The table as the package itself creates it. */
START_TEST(package_made_the_table)
{
	char	   *conninfo = lineage_current("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "DROP SCHEMA fitsdb_schema CASCADE; DROP TABLE migrate_version");
	mem_free(migrate("control", "18"));
	tool_expect(conninfo, ARGS("status"), 1, "18", "");
	tool_must(conninfo, ARGS("upgrade", latest_number()));
	latest_expect(connection);
	sql_expect(connection, VERSION, latest_number());
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(edited_version_is_accepted)
{
	struct process process;
	char	   *conninfo;
	PGconn	   *connection;

	/* Later migrations rename tables that these add columns to. */
	tool_use_archive(true);
	conninfo = lineage_current("fitsdata", LATEST);
	connection = sql_connect(conninfo);
	sql_exec(connection, "UPDATE migrate_version SET version = 33");
	tool_run(&process, conninfo, ARGS("status"));
	ck_assert_int_eq(process.status, 1);
	ck_assert_msg(strstr(process.out, "by hand") || strstr(process.err, "by hand"), "status does not note it:\n%s%s",
				  process.out, process.err);
	process_clear(&process);
	/* The migrations up to 39 can be repeated. Later ones may not. */
	tool_must(conninfo, ARGS("upgrade", "39"));
	facts_expect_version(connection, "v037");
	tool_expect(conninfo, ARGS("status"), 0, "39", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(ahead_is_not_touched)
{
	char	   *conninfo = lineage_current("fitsdata", lack_latest());
	PGconn	   *connection = sql_connect(conninfo);
	char	   *log;
	char	   *log_after;

	sql_exec(connection, "UPDATE migrate_version SET version = 99");
	log = sql_lines(connection, "SELECT * FROM fitsdb_schema.change ORDER BY id");
	tool_expect(conninfo, ARGS("status"), 2, "99", "");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "error: \n99");
	sql_expect(connection, VERSION, "99");
	log_after = sql_lines(connection, "SELECT * FROM fitsdb_schema.change ORDER BY id");
	ck_assert_str_eq(log, log_after);
	latest_expect(connection);
	mem_free(log_after);
	mem_free(log);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(not_under_version_control)
{
	char	   *conninfo = lineage_base("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("status"), 3, "", "not under version control");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "not under version control");
	tool_expect(conninfo, ARGS("downgrade", "0"), 3, NULL, "not under version control");
	facts_expect_version(connection, "v000");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname = 'migrate_version'", "0");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
existing_databases_suite(void)
{
	Suite	   *suite = suite_create("existing_databases");
	TCase	   *tcase = tcase_create("adopt");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	/* Later versions are younger than sqlalchemy-migrate. */
	tcase_add_loop_test(tcase, migrated_lineage, 0, LATEST + 1);
	tcase_add_loop_test(tcase, fresh_lineage, 0, lineage_kind_count);
	tcase_add_test(tcase, first_change_records_the_past);
	tcase_add_test(tcase, reading_changes_nothing);
	tcase_add_test(tcase, new_labels_can_be_used);
	tcase_add_test(tcase, package_reads_our_version);
	tcase_add_test(tcase, package_reads_version_of_init);
	tcase_add_test(tcase, package_made_the_table);
	tcase_add_test(tcase, edited_version_is_accepted);
	tcase_add_test(tcase, ahead_is_not_touched);
	tcase_add_test(tcase, not_under_version_control);
	suite_add_tcase(suite, tcase);
	return suite;
}
