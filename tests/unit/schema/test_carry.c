/* Which statements of a down are left out, and the objects that are carried from migration to migration. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "history/drops.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "schema/built_facts.h"
#include "schema/carry.h"
#include "schema/live.h"
#include "schema/predict.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

/*
 * The down of the last version has the statements "1", "2", "3" and "DROP TYPE IF EXISTS e"; `kept` has those that are
 * not left out, and then what they drop.
 */
static const struct {
	const char *live;			/* at version 0 */
	const char *known;
	const char *drops;			/* of the down */
	const char *kept;
}			cases[] = {
	/* what the up adds is dropped; what was there stays */
	{"table t\n", "version 0\n+ table t\nversion 1\n+ column t.a\ttext\ndown 1 - column t.a\n",
	"[\"drops column t.a\"]", "1 2 3 4 [\"drops column t.a\"]"},
	{"table t\ncolumn t.a\tinteger\n", "version 0\n+ table t\nversion 1\n+ column t.a\ttext\ndown 1 - column t.a\n",
	"[\"drops column t.a\",\"empties table t\"]", "2 3 4 [\"empties table t\"]"},
	/* each object for itself */
	{"column t.b\ttext\n", "version 0\nversion 1\n+ column t.a\ttext\n+ column t.b\ttext\ndown 1 - column t.a\n"
		"down 2 - column t.b\n", "[\"drops column t.a\",\"drops column t.b\"]", "1 3 4 [\"drops column t.a\"]"},
	/* what belongs to a column or a table goes or stays with it */
	{"index t.i\tbtree (b)\n", "version 0\nversion 1\n+ column t.a\ttext\n+ index t.i\tbtree (a)\n"
		"down 1 - column t.a\ndown 1 - index t.i\n", "[]", "1 2 3 4 []"},
	{"table u\nsequence s\tbigint\n", "version 0\nversion 1\n+ table t\n+ sequence s\tinteger\towned by: t.id\n"
		"down 1 - sequence s\ndown 1 - table t\n", "[]", "1 2 3 4 []"},
	/* a partially present table */
	{"table t\ncolumn t.a\ttext\n", "version 0\nversion 1\n+ table t\n+ column t.a\ttext\n+ column t.b\ttext\n"
		"down 1 - table t\n", "[\"drops table t\"]", "2 3 4 []"},
	/* retyped; found done already; of a third type */
	{"column t.a\tinteger\n", "version 0\n+ column t.a\tinteger\nversion 1\n- column t.a\tinteger\n"
		"+ column t.a\tbigint\ndown 1 - column t.a\ndown 1 + column t.a\n", "[\"rewrites table t\"]",
	"1 2 3 4 [\"rewrites table t\"]"},
	{"column t.a\tbigint\n", "version 0\n+ column t.a\tinteger\nversion 1\n- column t.a\tinteger\n"
		"+ column t.a\tbigint\ndown 1 - column t.a\ndown 1 + column t.a\n", "[\"rewrites table t\"]", "2 3 4 []"},
	{"column t.a\ttext\n", "version 0\n+ column t.a\tinteger\nversion 1\n- column t.a\tinteger\n"
		"+ column t.a\tbigint\ndown 1 - column t.a\ndown 1 + column t.a\n", "[\"rewrites table t\"]", "2 3 4 []"},
	/* the order of columns and the owner are no other form */
	{"column t.a\tinteger\tafter: x\nsequence q\tinteger\towner: o\n", "version 0\n+ column t.a\tinteger\tafter: y\n"
		"+ sequence q\tinteger\nversion 1\n- column t.a\tinteger\tafter: y\n+ column t.a\tbigint\tafter: y\n"
		"- sequence q\tinteger\n+ sequence q\tbigint\n"
		"down 1 - column t.a\ndown 1 + column t.a\ndown 2 - sequence q\ndown 2 + sequence q\n", "[]", "1 2 3 4 []"},
	/* renamed; found done already, with a DROP that is recorded to do nothing */
	{"column t.a\td\ntype d\tenum\n", "version 0\n+ column t.a\td\n+ type d\tenum\nversion 1\n- column t.a\td\n"
		"- type d\tenum\n+ type e\tenum\n+ column t.b\te\ndown 1 - type e\ndown 1 - column t.b\ndown 1 + type d\n"
		"down 1 + column t.a\n", "[\"renames column t.b\\tto: a\"]", "1 2 3 4 [\"renames column t.b\\tto: a\"]"},
	{"column t.b\te\ntype e\tenum\n", "version 0\n+ column t.a\td\n+ type d\tenum\nversion 1\n- column t.a\td\n"
		"- type d\tenum\n+ type e\tenum\n+ column t.b\te\ndown 1 - type e\ndown 1 - column t.b\ndown 1 + type d\n"
		"down 1 + column t.a\n", "[\"renames column t.b\\tto: a\"]", "2 3 []"},
	/* created again; only if the up has removed it, of a constraint in this form */
	{"constraint t.c\tUNIQUE (a)\n", "version 0\n+ constraint t.c\tUNIQUE (a)\nversion 1\n- constraint t.c\tUNIQUE (a)\n"
		"down 1 + constraint t.c\n", "[]", "1 2 3 4 []"},
	{"constraint t.c\tUNIQUE (a, b)\n", "version 0\n+ constraint t.c\tUNIQUE (a)\nversion 1\n"
		"- constraint t.c\tUNIQUE (a)\ndown 1 + constraint t.c\n", "[]", "2 3 4 []"},
	{"table t\n", "version 0\n+ index t.i\tbtree (a)\nversion 1\n- index t.i\tbtree (a)\ndown 1 + index t.i\n", "[]",
	"2 3 4 []"},
	{"table t\n", "version 0\n+ table u\n+ column u.a\ttext\n+ column u.b\ttext\nversion 1\n- table u\n"
		"- column u.a\ttext\n- column u.b\ttext\ndown 1 + table u\ndown 1 + column u.a\ndown 1 + column u.b\n", "[]",
	"2 3 4 []"},
	{"table u\ncolumn u.a\ttext\n", "version 0\n+ table u\n+ column u.a\ttext\n+ column u.b\ttext\nversion 1\n"
		"- table u\n- column u.a\ttext\n- column u.b\ttext\ndown 1 + table u\ndown 1 + column u.a\n"
		"down 1 + column u.b\n", "[]", "1 2 3 4 []"},
	/* dropped for a moment only */
	{"view v\tx\ncolumn t.a\tinteger\n", "version 0\n+ view v\tx\n+ column t.a\tinteger\nversion 1\n"
		"- column t.a\tinteger\n+ column t.a\tbigint\ndown 1 - view v\ndown 2 - column t.a\ndown 2 + column t.a\n"
		"down 3 + view v\tx\n", "[]", "1 2 3 4 []"},
	/* made by an earlier migration of the same upgrade: for that one it was not there, for this one it was */
	{"table t\n", "version 0\n+ table t\nversion 1\n+ column t.a\ttext\ndown 1 - column t.a\nversion 2\n"
		"ensures column t.a\ndown 1 - column t.a\n", "[]", "2 3 4 []"},
	{"table t\n", "version 0\n+ table t\n+ column t.a\ttext\nversion 1\nensures column t.a\nversion 2\n"
		"down 1 - column t.a\n", "[]", "2 3 4 []"},
	/* with all that belongs to it, and with the types of its columns */
	{"table u\n", "version 0\n+ table u\n+ table t\n+ column t.a\ttext\n+ column t.b\td\n+ type d\tenum\n"
		"+ label d.x\nversion 1\nensures table t\nversion 2\n- column t.a\ttext\n- column t.b\td\n- type d\tenum\n"
		"- label d.x\ndown 1 + type d\ndown 1 + label d.x\ndown 2 + column t.a\ndown 2 + column t.b\n", "[]",
	"1 2 3 4 []"},
	/* removed by an earlier one, and made again by this one */
	{"table t\n", "version 0\n+ table t\nversion 1\n- table t\nversion 2\n+ table t\ndown 1 - table t\n", "[]",
	"1 2 3 4 []"},
	/* not created, because the name is another object's: an index of another table, or another kind */
	{"table t\nindex u.i\tbtree (b)\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\nrepeatable\n"
		"down 1 - index t.i\n", "[]", "2 3 4 []"},
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\ndown 1 - index t.i\n", "[]",
	"2 3 4 []"},
	{"view t\tx\n", "version 0\nversion 1\n+ table t\n+ column t.a\ttext\n+ sequence s\tinteger\towned by: t.a\n"
		"down 1 - sequence s\ndown 1 - table t\n", "[\"drops table t\"]", "2 3 4 []"},
	{"table e\n", "version 0\nversion 1\n+ type e\tenum\ndown 1 - type e\n", "[]", "2 3 []"},
	/* nor are its parts by a later migration */
	{"view t\tx\n", "version 0\nversion 1\n+ table t\ndown 1 - table t\nversion 2\n+ column t.a\ttext\n"
		"down 1 - column t.a\n", "[\"drops column t.a\"]", "2 3 4 []"},
	/* the other object is gone before that */
	{"table u\nindex u.i\tbtree (b)\ntable t\n", "version 0\n+ table t\n+ table u\n+ index u.i\tbtree (b)\n"
		"version 1\n- index u.i\tbtree (b)\nversion 2\n+ index t.i\tbtree (a)\ndown 1 - index t.i\n", "[]",
	"1 2 3 4 []"},
	/* a constraint gets another name */
	{"table t\ntable c\n", "version 0\n+ table t\nversion 1\n+ constraint t.c\tUNIQUE (a)\ndown 1 - constraint t.c\n",
	"[]", "1 2 3 4 []"},
	/* nothing is recorded */
	{"table t\n", "version 0\n+ table t\nversion 1\n", "[]", "1 2 3 4 []"},
};

static void
add_statement(struct statement_list *list, const char *text)
{
	list->statements = mem_grow(list->statements, list->count + 1, sizeof(*list->statements));
	list->statements[list->count++] = (struct statement_list_item) {.text = mem_string(text)};
}

static const struct predict_ups ups = {given_facts_unsaid, given_facts_unsaid, given_facts_unsaid};

START_TEST(statements_left_out)
{
	struct given_facts given;
	struct prediction prediction;
	struct carry carry;
	struct statement_list down = {0};
	struct drops drops;
	char	   *text;
	char	   *json;
	size_t		length;
	size_t		left_out;
	FILE	   *stream = mem_stream_open(&text, &length);

	given_facts_make(&given, cases[_i].live, cases[_i].known, 150000);
	ck_assert(drops_from_json(&drops, cases[_i].drops));
	add_statement(&down, "1");
	add_statement(&down, "2");
	add_statement(&down, "3");
	add_statement(&down, "\n DROP TYPE IF EXISTS e");
	predict(&prediction, &given.sides, given.known.version_count - 1, &ups);
	carry_begin(&carry, &given.live, &given.known, &prediction, 0);
	while (carry.version < given.known.version_count - 2)
		carry_forward(&carry);
	left_out = carry_down(&carry, &down, &drops);
	ck_assert_uint_eq(left_out, 4 - down.count);
	for (size_t i = 0; i < down.count; i++)
		fprintf(stream, "%s ", down.statements[i].text[1] ? "4" : down.statements[i].text);
	json = drops_to_json(&drops);
	fputs(json, stream);
	mem_stream_close(stream);
	ck_assert_str_eq(text, cases[_i].kept);
	mem_free(json);
	mem_free(text);
	drops_clear(&drops);
	statement_list_clear(&down);
	carry_clear(&carry);
	predict_clear(&prediction);
	given_facts_clear(&given);
}
END_TEST

/* Nothing is left out for a database that has the schema of its version, from whichever version it is upgraded. */
START_TEST(nothing_at_the_recorded_schema)
{
	static const unsigned servers[][2] = {{FACT_SERVERS_10, 100000}, {FACT_SERVERS_15, 150000}, {FACT_SERVERS_18, 180000}};
	struct fact_history known;

	ck_assert(built_facts_load(&known));
	for (int start = 0; start < history.latest; start++) {
		struct live live = {.server = (int) servers[_i][1],.owner = "fitsdata"};
		struct carry carry;

		fact_history_at(&live.facts, &known, start, servers[_i][0]);
		carry_begin(&carry, &live, &known, NULL, start);
		for (int version = start + 1; version <= history.latest; version++) {
			const struct history_migration *migration = history_migration(version);
			struct statement_list down = statement_list_of_section(&migration->source, &migration->down);
			struct drops drops = {0};

			ck_assert_msg(carry_down(&carry, &down, &drops) == 0, "from %d: down of %d", start, version);
			statement_list_clear(&down);
			carry_forward(&carry);
		}
		carry_clear(&carry);
		fact_set_clear(&live.facts);
	}
	fact_history_clear(&known);
}
END_TEST

Suite *
carry_suite(void)
{
	Suite	   *suite = suite_create("carry");
	TCase	   *tcase = tcase_create("carry");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, statements_left_out, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tcase, nothing_at_the_recorded_schema, 0, 3);
	suite_add_tcase(suite, tcase);
	return suite;
}
