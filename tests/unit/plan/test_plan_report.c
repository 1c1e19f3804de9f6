/* What a plan concludes from recorded effects and the sizes of tables. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "plan/plan_report.h"
#include "schema/fact_history.h"
#include "unit/suites.h"

#include "base/banned.h"

#define TEXT "-- migrate:up\nSELECT 1;\nSELECT 2;\nSELECT 3;\n"

enum {
	STATEMENTS = 3
};

static const struct history_batch batch = {.table = "big",.key = "id",.rows = 1000};

static struct history_statement statements[STATEMENTS] = {
	{.offset = 14,.length = 8,.line = 2}, {.offset = 24,.length = 8,.line = 3}, {.offset = 34,.length = 8,.line = 4}
};

static struct history_migration migration = {
	.version = 1,.name = "next",.source = {.text = (const unsigned char *) TEXT,.length = sizeof(TEXT) - 1},
	.up = {.transactional = true,.count = STATEMENTS,.statements = statements}
};

static struct fact_history facts;
static struct plan_report report;

/* A plan of the migration, of which SCHEMA has these lines (NULL: none); two tables have a size. */
static void
begin(const char *lines, size_t first)
{
	char	   *schema = mem_format("version 0 base 11\nversion 1 next 22\n%s", lines ? lines : "");
	unsigned	line;
	char	   *message;

	ck_assert_msg(fact_history_parse(&facts, schema, strlen(schema), &line, &message), "%s", schema);
	report = (struct plan_report) {0};
	table_sizes_add(&report.sizes, "public.big");
	table_sizes_add(&report.sizes, "public.small");
	plan_report_add(&report, lines ? &facts : NULL, &migration, FACT_SERVERS_15, first);
	for (size_t i = 0; i < report.sizes.count; i++) {
		struct table_size *size = &report.sizes.tables[i];

		if (strcmp(size->table, "public.big") == 0)
			*size = (struct table_size) {size->table, true, true, 2500, 2e9};
		else if (strcmp(size->table, "public.small") == 0)
			*size = (struct table_size) {size->table, true, false, 0, 8192};
	}
	plan_report_judge(&report);
	mem_free(schema);
}

static void
end(void)
{
	plan_report_clear(&report);
	fact_history_clear(&facts);
}

static const struct {
	const char *lines;
	const char *word;
	double		bytes;
	bool		unknown;
	bool		long_enough;
	bool		unmeasured;
	size_t		first;
}			cases[] = {
	{"measured\n",.word = "harmless"},
	{"measured\n! 2:1 big\tlock: ACCESS EXCLUSIVE\n",.word = "harmless"},
	{"measured\n! 2:1 big\tlock: SHARE UPDATE EXCLUSIVE\tscanned\n",.word = "harmless"},
	{"measured\n! 2:1 big\tlock: SHARE\tscanned\n",.word = "blocks writers",.bytes = 2e9,.long_enough = true},
	{"measured\n! 2:1 small\tlock: ACCESS EXCLUSIVE\trewritten\n",.word = "blocks everything",.bytes = 8192},
	/* what an earlier statement has locked; each table counts once, under the name that it has now */
	{"measured\n! 2:1 small\tlock: ACCESS EXCLUSIVE\trenamed: small\tto: tiny\n! 3:1 tiny\twas: small\tscanned\n"
		"! 4:1 tiny\twas: small\tscanned\n",.word = "blocks everything",.bytes = 8192},
	/* an earlier pending migration makes it */
	{"measured\n! 2:1 new\tlock: SHARE\tscanned\n",.word = "blocks writers",.unknown = true},
	{"measured\n! 2:1 -\tunmeasured\n",.word = "not fully measured",.unmeasured = true},
	{"measured\n! 2:1 -\tunmeasured\n! 3:1 big\tlock: SHARE\tscanned\n",.word = "blocks writers",.bytes = 2e9,
		.long_enough = true,.unmeasured = true},
	/* only servers of other kinds were measured */
	{"measured 18\n",.word = "not fully measured",.unmeasured = true},
	{"measured 18\n!18 2:1 big\tlock: SHARE\tscanned\n",.word = "blocks writers",.bytes = 2e9,.long_enough = true,
		.unmeasured = true},
	{"measured 15,18\n",.word = "harmless"},
	/* statements that are done */
	{"measured\n! 2:1 -\tunmeasured\n! 3:1 big\tlock: SHARE\tscanned\n",.word = "harmless",.first = 2},
	{"",.word = "not measured",.unmeasured = true},
	{NULL,.word = "not measured",.unmeasured = true},
};

START_TEST(impact_is_judged)
{
	const struct plan_report_impact *impact;

	begin(cases[_i].lines, cases[_i].first);
	impact = &report.migrations[0].impact;
	ck_assert_str_eq(plan_report_word(&report.migrations[0]), cases[_i].word);
	ck_assert(impact->bytes == cases[_i].bytes);
	ck_assert_int_eq(impact->unknown, cases[_i].unknown);
	ck_assert_int_eq(impact->long_enough, cases[_i].long_enough);
	ck_assert_int_eq(impact->unmeasured, cases[_i].unmeasured);
	end();
}
END_TEST

static const struct {
	const char *line;
	const char *table;
	double		rows;
	double		batches;
	bool		batched;
}			changes[] = {
	{"! 2:1 big\tlock: SHARE\tscanned\n",.table = NULL},
	{"! 2:1 big\tlock: ROW EXCLUSIVE\tupdated\n",.table = "big",.rows = 2500},
	{"! 2:1 small\tlock: ROW EXCLUSIVE\tdeleted\n",.table = "small",.rows = -1},
	{"! 2:1 big\tlock: ROW EXCLUSIVE\tinserted\n",.table = "big",.rows = -1},
	{"! 2:1 big\tlock: ROW EXCLUSIVE\tupdated\n",.table = "big",.rows = 2500,.batches = 3,.batched = true},
	{"",.table = "big",.rows = 2500,.batches = 3,.batched = true},
};

START_TEST(rows_are_counted)
{
	char	   *lines = mem_format("measured\n%s", changes[_i].line);
	struct plan_report_rows rows;

	statements[0].batch = changes[_i].batched ? &batch : NULL;
	begin(lines, 0);
	ck_assert_int_eq(plan_report_rows(&report, &report.migrations[0], 0, &rows), changes[_i].table != NULL);
	if (changes[_i].table) {
		ck_assert_str_eq(rows.table, changes[_i].table);
		ck_assert(rows.rows == changes[_i].rows && rows.batches == changes[_i].batches);
	}
	end();
	statements[0].batch = NULL;
	mem_free(lines);
}
END_TEST

static const struct {
	const char *lines;
	bool		transactional;
	double		bytes;
}			copies[] = {
	{"! 2:1 big\tlock: ACCESS EXCLUSIVE\tscanned\n", true, 0},
	{"! 2:1 big\tlock: ACCESS EXCLUSIVE\tscanned\trewritten\n", true, 2e9},
	{"! 2:1 big\tlock: ACCESS EXCLUSIVE\trewritten\n! 3:1 small\tlock: ACCESS EXCLUSIVE\trewritten\n", true, 2e9 + 8192},
	{"! 2:1 big\tlock: ACCESS EXCLUSIVE\trewritten\n! 3:1 small\tlock: ACCESS EXCLUSIVE\trewritten\n", false, 2e9},
	{"! 2:1 new\tlock: ACCESS EXCLUSIVE\trewritten\n", true, 0},
};

START_TEST(rewrites_need_space)
{
	char	   *lines = mem_format("measured\n%s", copies[_i].lines);

	migration.up.transactional = copies[_i].transactional;
	begin(lines, 0);
	ck_assert(plan_report_space(&report) == copies[_i].bytes);
	end();
	migration.up.transactional = true;
	mem_free(lines);
}
END_TEST

/* Sizes are those of a table that has 2500 rows, or has not been analyzed. */
START_TEST(time_follows_from_rows)
{
	static const struct history_rewrite measured = {.version = 1,.microseconds = 4,.where = "elsewhere"};

	ck_assert(plan_report_seconds(&(struct plan_report_rewrite) {.counted = true,.rows = 2500,.measured = &measured}) == 0.01);
	ck_assert(plan_report_seconds(&(struct plan_report_rewrite) {.rows = 2500,.measured = &measured}) < 0);
	ck_assert(plan_report_seconds(&(struct plan_report_rewrite) {.counted = true,.rows = 2500}) < 0);
}
END_TEST

START_TEST(largest_is_first)
{
	static const int expected[] = {2, 1, 3};
	const struct plan_report_migration **largest;
	size_t		count;

	begin("measured\n! 2:1 small\tlock: SHARE\tscanned\n", 0);
	report.count = 3;
	report.migrations = mem_grow(report.migrations, 3, sizeof(*report.migrations));
	for (int i = 1; i < 3; i++)
		report.migrations[i] = (struct plan_report_migration) {
			.impact = {.lock = MODE_SHARE,.bytes = i == 1 ? 2e9 : 0}
		};
	for (int i = 0; i < 3; i++) {
		static struct history_migration other[3];

		other[i].version = i + 1;
		report.migrations[i].effects.migration = &other[i];
	}
	largest = plan_report_largest(&report, &count);
	ck_assert_uint_eq(count, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(largest[i]->effects.migration->version, expected[i]);
	mem_free(largest);
	end();
}
END_TEST

Suite *
plan_report_suite(void)
{
	Suite	   *suite = suite_create("plan_report");
	TCase	   *tcase = tcase_create("plan_report");

	tcase_add_loop_test(tcase, impact_is_judged, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, rows_are_counted, 0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_loop_test(tcase, rewrites_need_space, 0, sizeof(copies) / sizeof(copies[0]));
	tcase_add_test(tcase, time_follows_from_rows);
	tcase_add_test(tcase, largest_is_first);
	suite_add_tcase(suite, tcase);
	return suite;
}
