/* The differences between two catalogs: each case is a line or two. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/diff.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define TABLE(n) {.kind = FACT_TABLE,.name = (n),.values = {"table", "fitsdata"}}
#define TABLE_OF(n, who) {.kind = FACT_TABLE,.name = (n),.values = {"table", (who)}}
#define COLUMN_AT(t, n, at) \
	{.kind = FACT_COLUMN,.group = (t),.name = (n),.values = {"integer", "NULL"},.needs = "table\t\t" t,.position = (at)}
#define COLUMN(t, n) COLUMN_AT(t, n, 0)
#define INDEX(t, n, c) \
	{.kind = FACT_INDEX,.group = (t),.name = (n),.values = {"btree (" c ")", "valid"}, \
	.needs = "table\t\t" t "\ncolumn\t" t "\t" c}
#define UNIQUE(t, n, c) \
	{.kind = FACT_CONSTRAINT,.group = (t),.name = (n),.values = {"UNIQUE (" c ")"}, \
	.needs = "table\t\t" t "\ncolumn\t" t "\t" c}
#define FOREIGN(t, n, what, key) \
	{.kind = FACT_CONSTRAINT,.group = (t),.name = (n),.values = {what},.needs = "table\t\t" t "\n" key}
#define SEQUENCE(n, place, who) \
	{.kind = FACT_SEQUENCE,.name = (n),.values = {(place), "integer from 1 by 1", (who)},.needs = ""}
#define LABEL(t, n, at) {.kind = FACT_LABEL,.group = (t),.name = (n),.needs = "type\t\t" t,.position = (at)}
#define PRIVILEGE(t, who, what) \
	{.kind = FACT_PRIVILEGE,.group = (t),.name = (who),.values = {what},.needs = "table\t\t" t}
#define FUNCTION(n, text) {.kind = FACT_FUNCTION,.name = (n),.values = {(text), "fitsdata"}}
#define TRIGGER(t, n, f) \
	{.kind = FACT_TRIGGER,.group = (t),.name = (n),.values = {"CREATE TRIGGER " n, "enabled"}, \
	.needs = "table\t\t" t "\nfunction\t\t" f}

/* Differences are "group: text", and "note" before it; several end with \n each. */
static const struct {
	struct given_fact is[MOST_GIVEN];
	struct given_fact should[MOST_GIVEN];
	enum diff_scope scope;
	size_t		implied;
	const char *says;
}			cases[] = {
	{{TABLE("t")}, {TABLE("t")}, DIFF_ALL, 0, ""},
	/* a table hides what it has */
	{{{0}}, {TABLE("t"), COLUMN("t", "c"), INDEX("t", "i", "c"), PRIVILEGE("t", "apache", "SELECT")}, DIFF_ALL, 3,
	"t: table t is missing\n"},
	{{TABLE("t"), COLUMN("t", "c"), INDEX("t", "i", "c")}, {{0}}, DIFF_ALL, 2, "t: table t should not be there\n"},
	/* and so does a column */
	{{TABLE("t")}, {TABLE("t"), COLUMN("t", "c"), INDEX("t", "i", "c"), UNIQUE("t", "k", "c")}, DIFF_ALL, 2,
	"t: column c is missing: integer\n"},
	{{TABLE("t"), COLUMN("t", "c"), INDEX("t", "i", "c")}, {TABLE("t")}, DIFF_ALL, 1,
	"t: column c should not be there: integer\n"},
	/* an index on another column, as its own is missing */
	{{INDEX("t", "i", "d"), COLUMN("t", "d")}, {INDEX("t", "i", "c"), COLUMN("t", "c")}, DIFF_ALL, 0,
	"t: column c is missing: integer\nt: column d should not be there: integer\n"},
	{{INDEX("t", "i", "d")}, {INDEX("t", "i", "c")}, DIFF_ALL, 0,
	"t: index i: definition is btree (d), should be btree (c)\n"},
	/* names */
	{{INDEX("t", "x", "c")}, {INDEX("t", "i", "c")}, DIFF_ALL, 0,
	"note t: index i is called x, and is the same otherwise\n"},
	{{UNIQUE("t", "x", "c")}, {UNIQUE("t", "k", "c")}, DIFF_ALL, 0,
	"t: constraint k is called x, and is the same otherwise\n"},
	{{INDEX("t", "i", "c"), INDEX("t", "x", "c")}, {INDEX("t", "i", "c")}, DIFF_ALL, 0,
	"t: index x should not be there: btree (c)\n"},
	{{INDEX("t", "x", "c"), INDEX("t", "y", "c")}, {INDEX("t", "i", "c")}, DIFF_ALL, 0,
	"t: index y should not be there: btree (c)\nnote t: index i is called x, and is the same otherwise\n"},
	{{INDEX("u", "x", "c")}, {INDEX("t", "i", "c")}, DIFF_ALL, 0,
	"t: index i is missing: btree (c)\nu: index x should not be there: btree (c)\n"},
	/* a foreign key to a renamed key is missing itself */
	{{UNIQUE("t", "x", "c")}, {UNIQUE("t", "k", "c"), FOREIGN("u", "f", "FOREIGN KEY (c)", "constraint\tt\tk")},
	DIFF_ALL, 0,
	"t: constraint k is called x, and is the same otherwise\nu: constraint f is missing: FOREIGN KEY (c)\n"},
	{{{0}}, {UNIQUE("t", "k", "c"), FOREIGN("u", "f", "FOREIGN KEY (c)", "constraint\tt\tk")}, DIFF_ALL, 1,
	"t: constraint k is missing: UNIQUE (c)\n"},
	/* an extra object does not hide differences of others */
	{{TABLE("t"), FUNCTION("f()", "x"), TRIGGER("t", "g", "f()")}, {TABLE("t")}, DIFF_ALL, 0,
	"f(): function f() should not be there\nt: trigger g should not be there: CREATE TRIGGER g\n"},
	{{{0}}, {FUNCTION("f()", "x"), TRIGGER("t", "g", "f()")}, DIFF_ALL, 1, "f(): function f() is missing\n"},
	/* order */
	{{COLUMN_AT("t", "a", 1), COLUMN_AT("t", "b", 2), COLUMN_AT("t", "c", 3)},
	{COLUMN_AT("t", "a", 2), COLUMN_AT("t", "b", 1), COLUMN_AT("t", "c", 3)}, DIFF_ALL, 0,
	"note t: the columns are in another order\n"},
	{{COLUMN_AT("t", "a", 7), COLUMN_AT("t", "b", 9)}, {COLUMN_AT("t", "a", 1), COLUMN_AT("t", "b", 2)}, DIFF_ALL, 0,
	""},
	{{LABEL("e", "a", 2), LABEL("e", "b", 1)}, {LABEL("e", "a", 1), LABEL("e", "b", 2)}, DIFF_ALL, 0,
	"note e: the labels are in another order\n"},
	{{LABEL("e", "a", 1)}, {LABEL("e", "b", 1)}, DIFF_ALL, 0,
	"e: label a should not be there\ne: label b is missing\n"},
	/* owners, also of a sequence */
	{{TABLE_OF("t", "postgres")}, {TABLE("t")}, DIFF_ALL, 0, "t: table t: owner is postgres, should be fitsdata\n"},
	{{TABLE_OF("t", "postgres")}, {TABLE("t")}, DIFF_SHAPE, 0, ""},
	{{SEQUENCE("s", NULL, "fitsdata")}, {SEQUENCE("s", "t.c", NULL)}, DIFF_ALL, 0,
	"s: sequence s: owned by is none, should be t.c\n"},
	{{SEQUENCE("s", NULL, "postgres")}, {SEQUENCE("s", NULL, "fitsdata")}, DIFF_ALL, 0,
	"s: sequence s: owner is postgres, should be fitsdata\n"},
	/* privileges: of the roles that a migration names */
	{{PRIVILEGE("t", "apache", "SELECT"), PRIVILEGE("t", "reader", "SELECT")},
	{PRIVILEGE("t", "apache", "INSERT, SELECT")},
	DIFF_ALL, 0, "t: apache has SELECT, should have INSERT, SELECT\n"},
	{{PRIVILEGE("u", "apache", "SELECT"), PRIVILEGE("u", "reader", "SELECT")}, {PRIVILEGE("t", "apache", "INSERT")},
	DIFF_ALL, 0,
	"t: apache has no privileges, should have: INSERT\nu: apache has privileges, should have none: SELECT\n"},
	{{PRIVILEGE("t", "apache", "SELECT")}, {PRIVILEGE("t", "apache", "INSERT")}, DIFF_SHAPE, 0, ""},
	/* on one line */
	{{FUNCTION("f()", "BEGIN\n\tRETURN 1;\nEND\n")}, {FUNCTION("f()", "BEGIN  END")}, DIFF_ALL, 0,
	"f(): function f(): definition is BEGIN RETURN 1; END, should be BEGIN END\n"},
};

static char *
say(const struct diff *diff)
{
	char	   *all;
	size_t		length;
	FILE	   *stream = mem_stream_open(&all, &length);

	for (size_t i = 0; i < diff->count; i++) {
		char	   *text = diff_text(&diff->items[i]);

		fprintf(stream, "%s%s: %s\n", diff->items[i].note ? "note " : "", diff_group(&diff->items[i]), text);
		mem_free(text);
	}
	mem_stream_close(stream);
	return all;
}

START_TEST(test_compare)
{
	struct catalog is;
	struct catalog should;
	struct diff diff;
	char	   *said;

	given_facts_make(&is, cases[_i].is);
	given_facts_make(&should, cases[_i].should);
	diff_compare(&diff, &is, &should, cases[_i].scope);
	said = say(&diff);
	ck_assert_str_eq(said, cases[_i].says);
	ck_assert_uint_eq(diff.implied, cases[_i].implied);
	mem_free(said);
	diff_clear(&diff);
	ck_assert_uint_eq(diff.count, 0);
	catalog_clear(&should);
	catalog_clear(&is);
}
END_TEST

START_TEST(test_excuse)
{
	struct catalog is;
	struct catalog should;
	struct catalog later;
	struct diff diff;
	char	   *said;

	given_facts_make(&is,
					 (const struct given_fact[MOST_GIVEN]) {LABEL("e", "a", 1), LABEL("e", "b", 2), LABEL("e", "x", 3)});
	given_facts_make(&should, (const struct given_fact[MOST_GIVEN]) {LABEL("e", "a", 1)});
	given_facts_make(&later, (const struct given_fact[MOST_GIVEN]) {LABEL("e", "a", 1), LABEL("e", "b", 2)});
	diff_compare(&diff, &is, &should, DIFF_ALL);
	ck_assert(diff_has_extra_labels(&diff));
	ck_assert_uint_eq(diff.notes, 0);
	diff_excuse_labels(&diff, &later);
	ck_assert_uint_eq(diff.notes, 1);
	said = say(&diff);
	ck_assert_str_eq(said, "note e: label b is of a later version; PostgreSQL cannot drop it\n"
					 "e: label x should not be there\n");
	mem_free(said);
	diff_clear(&diff);
	catalog_clear(&later);
	catalog_clear(&should);
	catalog_clear(&is);
}
END_TEST

/* Of a long value, whole characters. */
START_TEST(test_long_value)
{
	struct given_fact is[MOST_GIVEN] = {FUNCTION("f()", NULL)};
	struct given_fact should[MOST_GIVEN] = {FUNCTION("f()", "y")};
	char		text[302];
	struct catalog left;
	struct catalog right;
	struct diff diff;
	char	   *said;

	text[0] = 'x';
	for (size_t i = 1; i < 301; i += 2)
		memcpy(text + i, "\u00e9", 2);
	text[301] = '\0';
	is[0].values[0] = text;
	given_facts_make(&left, is);
	given_facts_make(&right, should);
	diff_compare(&diff, &left, &right, DIFF_ALL);
	said = diff_text(&diff.items[0]);
	ck_assert_ptr_nonnull(strstr(said, "\u00e9..., should be y"));
	ck_assert_uint_lt(strlen(said), 260);
	mem_free(said);
	diff_clear(&diff);
	catalog_clear(&right);
	catalog_clear(&left);
}
END_TEST

Suite *
diff_suite(void)
{
	Suite	   *suite = suite_create("diff");
	TCase	   *tcase = tcase_create("diff");

	tcase_add_loop_test(tcase, test_compare, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_excuse);
	tcase_add_test(tcase, test_long_value);
	suite_add_tcase(suite, tcase);
	return suite;
}
