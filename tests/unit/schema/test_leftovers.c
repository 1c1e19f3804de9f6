/* What downgrades leave, of facts given as lines of migrations/SCHEMA. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "schema/fact_history.h"
#include "schema/leftovers.h"
#include "unit/suites.h"

#include "base/banned.h"

static const char schema[] =
	"version 0 base -\n"
	"+ table t\n+ column t.a\ttext\n"
	"+ type e\tenum\n+ type \"E.x\"\tenum\n"
	"version 1 labels -\n"
	"+ label e.a\n+ label \"E.x\".\"A b\"\n"
	"leaves label e.a\nleaves label \"E.x\".\"A b\"\nleaves column t.a\ttext\tafter: b\n"
	"version 2 more_labels -\n"
	"+ label e.\"B\"\tafter: a\n+ label e.\"c\"\"d\"\tafter: \"B\"\n"
	"leaves label e.\"B\"\tafter: a\nleaves label e.\"c\"\"d\"\tafter: \"B\"\n"
	"version 3 index -\n"
	"+ table u\n+ column u.a\ttext\n+ sequence s\tinteger\towned by: u.a\n+ sequence r\tinteger\tidentity of: u.b\n"
	"+ sequence q\tinteger\n+ index t.i\tbtree (a)\n+ function f()\tx\n"
	"leaves index t.i\tbtree (a)\nleaves function f()\tx\nleaves column u.a\ttext\nneeds table t\nensures table u\n"
	"version 4 type -\n"
	"+ type n\tenum\n"
	"version 5 label_of_new_type -\n"
	"+ label n.a\nleaves label n.a\n"
	"version 6 views -\n"
	"+ view v\tx\n+ materialized view m\tx\n"
	"version 7 on_views -\n"
	"+ rule v.r\tx\n+ index m.i\tbtree (a)\n+ view w\tx\n+ rule w.r\tx\n"
	"leaves rule v.r\tx\nleaves index m.i\tbtree (a)\nleaves rule w.r\tx\n"
	"version 8 key -\n"
	"+ constraint t.k\tx NOT VALID\ndown 1 - constraint t.k\n"
	"version 9 validate -\n"
	"- constraint t.k\n+ constraint t.k\tx\n+ constraint t.l\tx\nleaves constraint t.k\tx\nleaves constraint t.l\tx\n"
	"version 10 index -\n"
	"+ index t.j\tbtree (a)\ndown 1 - index t.j\ndown 1 + index t.j\tbtree (b)\n"
	"version 11 another_index -\n"
	"- index t.j\n+ index t.j\tbtree (c)\nleaves index t.j\tbtree (c)\n";

static const struct {
	int			from;
	int			to;
	const char *labels;
	const char *objects;
}			cases[] = {
	{5, 4, "n: a", NULL},
	{4, 3, NULL, NULL},
	{3, 2, NULL, "t: index i\nfunction f()"},
	{2, 1, "e: B, \"c\"\"d\"", NULL},
	{2, 0, "e: a, B, \"c\"\"d\"; \"E.x\": A b", NULL},
	/* a type that goes with its labels; versions that this build does not have */
	{5, 2, NULL, "t: index i\nfunction f()"},
	{99, 0, "e: a, B, \"c\"\"d\"; \"E.x\": A b", "t: index i, constraint l, index j\nfunction f()"},
	{9, 5, NULL, "t: constraint l"},
	{1, 1, NULL, NULL},
	/* on views, too, but not on one that goes with it */
	{7, 6, NULL, "v: rule r\nm: index i"},
	{7, 5, NULL, NULL},
	/* one that a down of an earlier version removes, or changes */
	{9, 8, NULL, "t: constraint l"},
	{9, 7, NULL, "t: constraint l"},
	{11, 9, NULL, "t: index j"},
};

START_TEST(test_listed)
{
	struct fact_history facts;
	unsigned	line;
	char	   *message;
	char	   *labels;
	char	   *objects;

	ck_assert_msg(fact_history_parse(&facts, schema, strlen(schema), &line, &message), "line %u: %s", line, message);
	labels = leftovers_text(&facts, NULL, cases[_i].from, cases[_i].to, LEFTOVERS_LABELS);
	objects = leftovers_text(&facts, NULL, cases[_i].from, cases[_i].to, LEFTOVERS_OBJECTS);
	ck_assert_pstr_eq(labels, cases[_i].labels);
	ck_assert_pstr_eq(objects, cases[_i].objects);
	mem_free(labels);
	mem_free(objects);
	mem_free(message);
	fact_history_clear(&facts);
}
END_TEST

/* What is there after downs to version 1. */
START_TEST(test_there)
{
	static const struct fact there[] = {
		{FACT_TYPE, "e", "enum"}, {FACT_TYPE, "n", "enum"}, {FACT_LABEL, "e.\"B\"", ""},
		{FACT_SEQUENCE, "q", "integer"}, {FACT_SEQUENCE, "r", "integer\tidentity of: u.b"},
		{FACT_SEQUENCE, "s", "integer\towned by: u.a"},
		{FACT_TABLE, "mine", ""}, {FACT_TABLE, "t", ""}, {FACT_TABLE, "u", ""}, {FACT_COLUMN, "t.a", "text"},
		{FACT_COLUMN, "u.a", "text"}, {FACT_FUNCTION, "f()", "x"}, {FACT_PRIVILEGE, "table u to r", "all"}
	};
	static const char *const texts[] = {"e: B", "function f()", "type n\nsequence q\ntable u"};
	struct fact_history facts;
	struct fact_set live = {0};
	unsigned	line;
	char	   *message;

	ck_assert(fact_history_parse(&facts, schema, strlen(schema), &line, &message));
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		fact_add(&live, there[i].kind, there[i].name, there[i].definition);
	fact_set_sort(&live);
	for (int kind = LEFTOVERS_LABELS; kind <= LEFTOVERS_EARLIER; kind++) {
		char	   *text = leftovers_text(&facts, &live, 7, 1, (enum leftovers_kind) kind);

		ck_assert_pstr_eq(text, texts[kind]);
		mem_free(text);
	}
	fact_set_clear(&live);
	mem_free(message);
	fact_history_clear(&facts);
}
END_TEST

Suite *
leftovers_suite(void)
{
	Suite	   *suite = suite_create("leftovers");
	TCase	   *tcase = tcase_create("leftovers");

	tcase_add_loop_test(tcase, test_listed, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_there);
	suite_add_tcase(suite, tcase);
	return suite;
}
