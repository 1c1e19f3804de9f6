/* Effects of statements: from a struct to a line of migrations/SCHEMA, and back. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "measure/effect_text.h"
#include "plan/effects.h"
#include "schema/fact_history.h"
#include "unit/suites.h"

#include "base/banned.h"

/* The first statement begins at line 2, the second one at line 3, column 10. */
#define TEXT "-- migrate:up\nSELECT 1;\nSELECT\xc3\xa4; SELECT 2;\nSELECT 3;\n"

static const struct history_statement statements[] = {
	{.offset = 14,.length = 8,.line = 2}, {.offset = 34,.length = 8,.line = 3}, {.offset = 44,.length = 8,.line = 4}
};

static struct history_migration migration = {
	.version = 1,.source = {.text = (const unsigned char *) TEXT,.length = sizeof(TEXT) - 1},
	.up = {.transactional = true,.count = 3,.statements = statements}
};

/* Definitions with every property of both kinds. */
static const char *const tables[] = {
	"lock: ACCESS EXCLUSIVE",
	"was: \"T\"\tlock: SHARE\tscanned\trewritten\ttruncated\tinserted\tupdated\tdeleted\tby key",
	("index: other.\"i: x\"\tindex: i\tcheck: c\tforeign key: f\tvalidated\tunindexed\tprimary key: p\tvalidated"
	 "\tusing index"),
	"unique: u\texclusion: x\tnot null: \"a\\tb\"\tchecked\tnot null: n\tdropped",
	"renamed: t\tto: u\tcolumn dropped: c\tcolumn renamed: \"a to b\"\tto: d",
	"required: c\tindex dropped: other.\"i: x\"\tindex dropped: i\tdisabled: \"a trigger\"\tblocked: rule r"
};

START_TEST(a_table_is_parsed_and_written)
{
	struct effects_statement statement = {.table_count = 1,.tables = mem_alloc(sizeof(struct effects_table))};
	struct effects_table *table = statement.tables;
	char	   *text;

	table->name = mem_string("public.t");
	ck_assert(effects_parse_table(table, tables[_i]));
	text = effect_text_table(table);
	ck_assert_str_eq(text, tables[_i]);
	mem_free(text);
	effects_statement_clear(&statement);
}
END_TEST

static const char *const others[] = {
	"", "apart", "apart\tunmeasured\tcut: a\\tb: \\\\\tsetting: a\tsetting: b",
	"unmeasured\tloops\treplica\tlost: view v\ttaken along: function other.f(integer, text)"
};

START_TEST(a_statement_is_parsed_and_written)
{
	struct effects_statement statement = {0};
	char	   *text;

	ck_assert(effects_parse_statement(&statement, others[_i]));
	text = effect_text_statement(&statement);
	ck_assert_str_eq(text, others[_i]);
	mem_free(text);
	effects_statement_clear(&statement);
}
END_TEST

static const char *const wrong[] = {
	"lock: NONE AT ALL", "lock", "scanned: yes", "\tscanned", "scanned\t\tupdated", "validated", "index: i\tvalidated",
	"renamed: a", "to: b", "dropped: t", "column renamed: a\tto: b\tto: c", "apart"
};

START_TEST(what_is_wrong_is_refused)
{
	struct effects_statement statement = {.table_count = 1,.tables = mem_alloc(sizeof(struct effects_table))};

	statement.tables->name = mem_string("public.t");
	ck_assert_msg(!effects_parse_table(statement.tables, wrong[_i]), "taken: %s", wrong[_i]);
	effects_statement_clear(&statement);
}
END_TEST

#define SCHEMA \
	"version 0 base 11\nversion 1 next 22\nmeasured 10,15\n" \
	"! 2:1 other.t\tlock: SHARE\trenamed: other.t\tto: other.u\n" \
	"!10 3:10 other.u\twas: other.t\trewritten\n" \
	"!15 3:10 -\tunmeasured\n" \
	"! 4:1 a\tlock: ACCESS EXCLUSIVE\n"

START_TEST(a_migration_is_built_of_its_lines)
{
	struct fact_history facts;
	struct effects effects;
	unsigned	line;
	char	   *message;

	ck_assert(fact_history_parse(&facts, SCHEMA, strlen(SCHEMA), &line, &message));
	ck_assert_uint_eq(facts.effect_count, 4);
	ck_assert(effects_recorded(&effects, &facts, &migration, FACT_SERVERS_10, 0));
	ck_assert_uint_eq(effects.count, 3);
	ck_assert_uint_eq(effects.statements[1].table_count, 1);
	ck_assert_str_eq(effects.statements[0].tables[0].name, "other.t");
	ck_assert_str_eq(effects.statements[0].tables[0].changes[0].new_name, "other.u");
	ck_assert_str_eq(effects.statements[1].tables[0].origin, "other.t");
	ck_assert(effects.statements[1].tables[0].rewritten && !effects.statements[1].unmeasured);
	ck_assert_int_eq(effects.statements[1].tables[0].held, MODE_SHARE);
	ck_assert_str_eq(effects.statements[2].tables[0].name, "public.a");
	effects_clear(&effects);
	/* 18 was not measured, 15 is the nearest; 11 neither, and 15 is newer. */
	ck_assert(effects_recorded(&effects, &facts, &migration, FACT_SERVERS_18, 1));
	ck_assert_uint_eq(effects.servers, FACT_SERVERS_15);
	ck_assert_uint_eq(effects.statements[0].table_count, 0);
	ck_assert(effects.statements[1].unmeasured && effects.statements[1].table_count == 0);
	effects_clear(&effects);
	ck_assert(effects_recorded(&effects, &facts, &migration, FACT_SERVERS_11, 0));
	ck_assert_uint_eq(effects.servers, FACT_SERVERS_15);
	effects_clear(&effects);
	migration.version = 0;
	ck_assert(!effects_recorded(&effects, &facts, &migration, FACT_SERVERS_15, 0));
	migration.version = 1;
	fact_history_clear(&facts);
}
END_TEST

Suite *
effects_suite(void)
{
	Suite	   *suite = suite_create("effects");
	TCase	   *tcase = tcase_create("effects");

	tcase_add_loop_test(tcase, a_table_is_parsed_and_written, 0, (int) (sizeof(tables) / sizeof(tables[0])));
	tcase_add_loop_test(tcase, a_statement_is_parsed_and_written, 0, (int) (sizeof(others) / sizeof(others[0])));
	tcase_add_loop_test(tcase, what_is_wrong_is_refused, 0, (int) (sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tcase, a_migration_is_built_of_its_lines);
	suite_add_tcase(suite, tcase);
	return suite;
}
