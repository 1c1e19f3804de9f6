/*
 * The migrations make the schema that the facts describe, at versions 0 and 37; a later one is what SCHEMA says of it.
 * Each step goes up, down and up again. Rows are kept in all tables that still exist.
 *
 * STEPS_FROM=40 in the environment tests only the steps from that version on, besides all else.
 */
#include <check.h>
#include <stdlib.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/lack.h"
#include "support/latest.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define PLANETS \
	"SELECT string_agg(name || '=' || ephemeris_name, ' ' ORDER BY name COLLATE \"C\") FROM target"
#define NINE \
	"Jupiter=jupiter Mars=mars Mercury=mercury Moon=moon Neptune=neptune Pluto=pluto Saturn=saturn Uranus=uranus" \
	" Venus=venus"

static void
go(const char *conninfo, const char *command, int version)
{
	char	   *target = mem_format("%d", version);

	/*
	 * Most of these databases have rows in the tables that are dropped: suite data_loss tests that. A migration may
	 * warn.
	 */
	tool_expect(conninfo, ARGS(command, target, "--yes"), 0, "", "");
	mem_free(target);
}

START_TEST(base_is_version_0)
{
	char	   *conninfo = lineage_base("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	facts_expect_version(connection, "v000");
	tool_must(conninfo, ARGS("stamp", "0"));
	facts_expect_version(connection, "v000");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(version_37_and_the_latest)
{
	char	   *conninfo = lineage_current("fitsdata", 37);
	PGconn	   *connection = sql_connect(conninfo);

	facts_expect_version(connection, "v037");
	sql_expect(connection, PLANETS, NINE);
	go(conninfo, "upgrade", lack_latest());
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	sql_expect(connection, "SELECT version FROM migrate_version", latest_number());
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(init_is_the_latest_version)
{
	char	   *conninfo = server_database("fitsdata");
	char	   *row = mem_format("Repository for FitsStorage migration|dbmigration|%s", latest_number());
	PGconn	   *connection = sql_connect(conninfo);
	struct lines rows = {0};

	tool_must(conninfo, ARGS("init"));
	latest_expect(connection);
	latest_rows(&rows);
	rows_expect(connection, &rows, NULL);
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	sql_expect(connection, "SELECT repository_id || '|' || repository_path || '|' || version FROM migrate_version", row);
	lines_clear(&rows);
	PQfinish(connection);
	mem_free(row);
	mem_free(conninfo);
}
END_TEST

START_TEST(version_33_is_of_the_migrated_lineage)
{
	char	   *conninfo = lineage_current("fitsdata", 33);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines expected = {0};

	lineage_facts_33(&expected);
	facts_expect(connection, &expected);
	go(conninfo, "upgrade", lack_latest());
	go(conninfo, "downgrade", 33);
	facts_downgrade(&expected, DESCRIBED, 33);
	latest_expect_after_down(connection, &expected);
	lines_clear(&expected);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* From the snapshot, or from the migrations: the stored down statements must be the same. */
static void
go_down_and_up(char *conninfo)
{
	PGconn	   *connection = sql_connect(conninfo);

	go(conninfo, "downgrade", 0);
	latest_expect_base(connection);
	sql_expect(connection, "SELECT version FROM migrate_version", "0");
	go(conninfo, "upgrade", DESCRIBED);
	latest_expect_described(connection);
	sql_expect(connection, PLANETS, NINE);
	go(conninfo, "upgrade", lack_latest());
	latest_expect(connection);
	PQfinish(connection);
	mem_free(conninfo);
}

START_TEST(down_and_up_again)
{
	go_down_and_up(lineage_current("fitsdata", lack_latest()));
}
END_TEST

START_TEST(down_and_up_again_after_init)
{
	char	   *conninfo = server_database("fitsdata");

	tool_must(conninfo, ARGS("init"));
	go_down_and_up(conninfo);
}
END_TEST

/* Before 10, header.procsci is a text: only its labels survive there. */
static void
fill(PGconn *connection, int version)
{
	rows_fill(connection);
	if (version >= 3 && version < 10)
		sql_exec(connection, "UPDATE header SET procsci = 'ql' WHERE procsci IS NOT NULL");
}

START_TEST(step_up_down_up)
{
	char	   *conninfo = lineage_step("fitsdata", _i - 1);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines before = {0};
	struct lines below = {0};
	struct lines above = {0};
	char	   *changed = latest_changes(_i - 1, _i, _i == 37 ? "exportqueue.after" : "");

	fill(connection, _i - 1);
	rows_read(connection, &before);
	facts_read(connection, &below);
	go(conninfo, "upgrade", _i);
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", NULL);
	rows_expect(connection, &before, changed);
	facts_read(connection, &above);
	fill(connection, _i);
	go(conninfo, "downgrade", _i - 1);
	rows_expect(connection, &before, changed);
	facts_downgrade(&below, _i, _i - 1);
	latest_expect_after_down(connection, &below);
	go(conninfo, "upgrade", _i);
	rows_expect(connection, &before, changed);
	facts_expect(connection, &above);
	mem_free(changed);
	lines_clear(&above);
	lines_clear(&below);
	lines_clear(&before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* All the way down and up with rows in every table: rows of tables that both ends have must not change. */
START_TEST(rows_survive_the_whole_way)
{
	char	   *conninfo = lineage_current("fitsdata", 37);
	PGconn	   *connection = sql_connect(conninfo);
	struct lines before = {0};
	char	   *changed = latest_changes(0, lack_latest(), "");

	rows_fill(connection);
	sql_exec(connection, "DELETE FROM target_presence; DELETE FROM target");
	go(conninfo, "upgrade", lack_latest());
	go(conninfo, "downgrade", 0);
	rows_read(connection, &before);
	sql_expect(connection, "SELECT count(*) FROM header", "3");
	go(conninfo, "upgrade", lack_latest());
	rows_expect(connection, &before, changed);
	latest_expect(connection);
	mem_free(changed);
	lines_clear(&before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

#define PROCSCI(column) "SELECT string_agg(coalesce(" column "::text, 'null'), ' ' ORDER BY id) FROM header"

START_TEST(procsci_keeps_values)
{
	char	   *conninfo = lineage_current("fitsdata", 9);
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	sql_exec(connection, "UPDATE header SET procsci = CASE id WHEN 1 THEN 'sq' WHEN 2 THEN 'qa' ELSE 'odd' END");
	go(conninfo, "upgrade", 10);
	sql_expect(connection, PROCSCI("procsci"), "sq qa null");
	sql_expect(connection, "SELECT pg_typeof(procsci) FROM header LIMIT 1", "procsci");
	go(conninfo, "downgrade", 9);
	sql_expect(connection, PROCSCI("procsci"), "sq qa null");
	go(conninfo, "upgrade", 21);
	sql_expect(connection, PROCSCI("procmode"), "sq qa null");
	sql_expect(connection, "SELECT pg_typeof(procmode) FROM header LIMIT 1", "procmode");
	go(conninfo, "downgrade", 9);
	sql_expect(connection, PROCSCI("procsci"), "sq qa null");
	sql_expect(connection, "SELECT pg_typeof(procsci) FROM header LIMIT 1", "character varying");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(sortkey_is_filled)
{
	char	   *conninfo = lineage_current("fitsdata", 24);
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	go(conninfo, "upgrade", 25);
	sql_expect(connection, "SELECT count(*) FROM exportqueue WHERE sortkey = filename", "3");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

#define QUEUE(columns, values) \
	"TRUNCATE exportqueue; INSERT INTO exportqueue (filename, destination, " columns ") VALUES " values
#define IN_QUEUE(...) "SELECT string_agg(filename || CASE WHEN after = added THEN ' as added' " __VA_ARGS__ \
	"WHEN after BETWEEN localtimestamp - interval '1 minute' AND localtimestamp THEN ' now' END, ', ' ORDER BY filename)" \
	" FROM exportqueue"

/* The software exports only files whose `after` has come. */
START_TEST(queued_files_get_a_time)
{
	char	   *conninfo = lineage_current("fitsdata", 30);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, QUEUE("added", "('a', 'x', '2022-01-01'), ('b', 'x', NULL)"));
	go(conninfo, "upgrade", 31);
	sql_expect(connection, IN_QUEUE(), "a as added, b now");
	go(conninfo, "upgrade", 36);
	sql_exec(connection, QUEUE("added, after", "('a', 'x', '2022-01-01', NULL), ('b', 'x', NULL, NULL),"
							   " ('c', 'x', '2022-01-01', '2100-01-01')"));
	go(conninfo, "upgrade", 37);
	sql_expect(connection, IN_QUEUE("WHEN after = '2100-01-01' THEN ' kept' "), "a as added, b now, c kept");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
schema_versions_suite(void)
{
	Suite	   *suite = suite_create("schema_versions");
	TCase	   *tcase = tcase_create("schema");
	const char *from = getenv("STEPS_FROM");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, base_is_version_0);
	tcase_add_test(tcase, version_37_and_the_latest);
	tcase_add_test(tcase, init_is_the_latest_version);
	tcase_add_test(tcase, version_33_is_of_the_migrated_lineage);
	tcase_add_test(tcase, down_and_up_again);
	tcase_add_test(tcase, down_and_up_again_after_init);
	tcase_add_loop_test(tcase, step_up_down_up, from ? (int) strtol(from, NULL, 10) : 1, lack_latest() + 1);
	tcase_add_test(tcase, rows_survive_the_whole_way);
	tcase_add_test(tcase, procsci_keeps_values);
	tcase_add_test(tcase, sortkey_is_filled);
	tcase_add_test(tcase, queued_files_get_a_time);
	suite_add_tcase(suite, tcase);
	return suite;
}
