/* The missing objects for which an upgrade is refused: the lines, and the advice. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "schema/missing.h"
#include "schema/predict.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define T0 "version 0\n+ table t\n+ column t.a\tinteger\n+ column t.b\tinteger\n+ index t.i\tbtree (a)\n"

/* An upgrade by one step, of whose statements `done` are done; -1: its down is incomplete. */
static const struct {
	const char *live;
	const char *known;
	int			step;
	int			done;
	const char *lines;
	const char *advice;			/* a part of it; NULL: the upgrade is not refused */
}			cases[] = {
	{"table t\ncolumn t.a\tinteger\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n", 1, 0, "", NULL},
	{"", T0 "version 1\n", 1, 0, "table t\n", "To add it, run \"fitsdb-schema repair\""},
	/* of a table that is there, though version 1 creates it */
	{"table t\n", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\nrepeatable\n", 1, 0, "table t: column a\n",
	"To add it"},
	/* version 1 adds it to such a table */
	{"table t\n", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\nensures column t.a\nrepeatable\n", 1, 0, "",
	NULL},
	{"table t\ncolumn t.a\tinteger\n", "version 0\nversion 1\n+ table t\n+ column t.a\tinteger\n"
	"+ sequence s\tinteger\towned by: t.a\nrepeatable\n", 1, 0, "sequence s\n", "To add it"},
	/* a label of a type that a pending migration renames */
	{"type e\tenum\n", "version 0\n+ type e\tenum\n+ label e.a\nversion 1\n- type e\tenum\n- label e.a\n+ type f\tenum\n"
	"+ label f.a\n", 1, 0, "type e: label a\n", "To add it"},
	{"type e\tenum\ntype f\tenum\nlabel f.a\n", "version 0\n+ type e\tenum\n+ label e.a\nversion 1\n- type e\tenum\n"
	"- label e.a\n+ type f\tenum\n+ label f.a\nrepeatable\n", 1, 0, "", NULL},
	/* a table, or a part of one, or a column that a pending migration renames, and does not create where it is missing */
	{"", T0 "version 1\nversion 2\n- table t\n+ table u\nrenames table t\tto: u\n", 1, 0, "table t\n", "To add it"},
	{"table u\n", T0 "version 1\nversion 2\n- table t\n+ table u\nrenames table t\tto: u\n", 1, 0, "", NULL},
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n- table t\n- column t.a\tinteger\n+ table u\n"
	"+ column u.c\tinteger\nrenames table t\tto: u\nrenames column t.a\tto: c\n", 1, 0, "table t: column a\n", "To add it"},
	{"table t\ncolumn t.a\tinteger\ncolumn t.b\tinteger\n", T0 "version 1\n- table t\n- index t.i\tbtree (a)\n"
	"+ table u\n+ index u.j\tbtree (a)\nrenames table t\tto: u\n", 1, 0, "table t: index i\n", "To add it"},
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n- column t.a\tinteger\n"
	"+ column t.c\tinteger\nrenames column t.a\tto: c\nensures column t.c\n", 1, 0, "", NULL},
	/* of one table in one line */
	{"table t\ncolumn t.b\tinteger\n", T0 "version 1\n", 1, 0, "table t: column a, index i\n", "To add them"},
	/* a pending migration creates it where it is missing, or takes it away */
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\nensures column t.a\n", 1, 0, "", NULL},
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n- column t.a\tinteger\n", 1, 0, "", NULL},
	/* needed, and not by what is done already */
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n- column t.a\tinteger\nneeds column t.a\n",
	1, 0, "table t: column a; needed by migration 1\n", "To add it"},
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n- column t.a\tinteger\nneeds column t.a\n",
	1, 1, "", NULL},
	{"table t\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\n", T0 "version 1\n- column t.a\tinteger\nneeds column t.a\n",
	1, -1, "", NULL},
	{"", T0 "version 1\nneeds table t\n", 1, 0, "table t; needed by migration 1\n", "To add it"},
	/* a later migration needs it, creates it, or takes it away */
	{"", "version 0\n+ table t\nversion 1\nversion 2\n- table t\nneeds table t\n", 1, 0, "", NULL},
	{"", T0 "version 1\nversion 2\nensures table t\n", 1, 0, "", NULL},
	{"table t\n", "version 0\n+ table t\n+ index t.i\tbtree (a)\nversion 1\nversion 2\n- index t.i\tbtree (a)\n", 1, 0,
	"", NULL},
	/* the parts of a missing table */
	{"", T0 "version 1\nneeds table t\nneeds column t.a\nneeds index t.i\n", 1, 0, "table t; needed by migration 1\n",
	"To add it"},
	/* in another form, or in the way */
	{"table t\ncolumn t.a\tbigint\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\ntable u\n", T0
	"version 1\n+ table u\n", 1, 0, "", NULL},
	/* an index that is built apart, and another kind of object or an index has its name */
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\nrepeatable\n", 1, 0,
	"migration 1 creates index t.i, but table i has that name\n", "Rename or drop table i; then run"},
	{"table t\nview i\tx\n", "version 0\n+ table t\nversion 1\nversion 2\n+ index t.i\tbtree (a)\nrepeatable\n", 1, 0,
	"", NULL},
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\nrepeatable\n", 1, 1, "", NULL},
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ index t.i\tbtree (a)\n", 1, 0, "", NULL},
	{"table t\ntable u\nindex u.i\tbtree (a)\n", "version 0\n+ table t\n+ table u\nversion 1\n"
	"+ index t.i\tbtree (a)\nrepeatable\n", 1, 0, "", NULL},
	{"table t\ntable j\n", "version 0\n+ table t\nversion 1\n+ index t.j\tbtree (a)\nrepeatable\n", 1, 0, "", NULL},
	/* the server would give a unique constraint another name; the name of a check cannot be taken */
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ constraint t.i\tUNIQUE (a)\nrepeatable\n", 1, 0,
	"migration 1 creates constraint t.i, but table i has that name\n", "Rename or drop table i; then run"},
	{"table t\ntable i\n", "version 0\n+ table t\nversion 1\n+ constraint t.i\tCHECK (a)\n", 1, 0, "", NULL},
	/* a table, which gets an index or not */
	{"view t\tx\n", "version 0\nversion 1\n+ table t\n+ index t.j\tbtree (a)\nrepeatable\n", 1, 0,
	"migration 1 creates table t, but view t has that name\n", "Rename or drop view t; then run"},
	{"view t\tx\n", "version 0\nversion 1\n+ table t\n+ constraint t.j\tUNIQUE (a)\nrepeatable\n", 1, 0, "", NULL},
	{"materialized view t\tx\n", "version 0\nversion 1\n+ table t\n+ index t.j\tbtree (a)\nrepeatable\n", 1, 0, "",
	NULL},
	{"type t\tenum\n", "version 0\nversion 1\n+ table t\nrepeatable\n", 1, 0,
	"migration 1 creates table t, but type t has that name\n", "Rename or drop type t; then run"},
	{"type t\tcomposite\n", "version 0\nversion 1\n+ table t\nrepeatable\n", 1, 0, "", NULL},
	/* a type, which gets a label or not */
	{"table e\n", "version 0\nversion 1\n+ type e\tenum\n+ label e.a\nrepeatable\nversion 2\n+ label e.b\tafter: a\n"
	"repeatable\n", 1, 0, "", NULL},
	{"table e\nview f\tx\n", "version 0\nversion 1\n+ type e\tenum\n+ label e.a\n+ type f\tenum\nrepeatable\n", 1, 0,
	"", NULL},
	/* a view of a column that is changed, policies, an index by its name */
	{"table t\ncolumn t.used\tinteger\n", "version 0\n+ table t\n+ column t.used\tinteger\nversion 1\n"
	"- column t.used\tinteger\n+ column t.used\tbigint\n", 1, 0,
	"migration 1 changes or drops column t.used, which view user_of_t uses\n",
	"Drop view user_of_t (and create it again after the upgrade); then run"},
	{"table t\trow security\tforce row security\n", "version 0\n+ table t\nversion 1\n! 1:1 t\tupdated\n", 1, 0,
	"migration 1 changes rows of table t, and policies may hide some from its owner\n",
	"Run \"ALTER TABLE public.t NO FORCE ROW LEVEL SECURITY\"; then run"},
	{"table t\ntable x\n", "version 0\n+ table t\n+ index t.x\tbtree (a)\nversion 1\n- index t.x\tbtree (a)\n"
	"repeatable\n", 1, 0, "migration 1 renames or drops index t.x, but table x has that name\n",
	"Rename or drop table x; then run"},
	/* one that has the name of what is missing, also before what else is missing */
	{"table t\ncolumn t.b\tinteger\nview i\tx\n", T0 "version 1\nneeds index t.i\n", 1, 0,
	"index t.i would be missing, and view i has its name\nmigration 1 needs index t.i, but view i has that name\n",
	"Rename or drop view i; then run"},
	/* an invalid index */
	{"table t\ncolumn t.a\tinteger\ncolumn t.b\tinteger\nindex t.i\tbtree (a)\tinvalid\n", T0 "version 1\n", 1, 0,
	"table t: index i (invalid)\n", "To add it"},
	/* first what is missing */
	{"table i\n", "version 0\n+ table t\nversion 1\n+ table u\n+ index u.i\tbtree (a)\nrepeatable\n", 1, 0, "table t\n",
	"To add it"},
	/* a label belongs to a type; the table comes first by its name */
	{"type x\tenum\n", "version 0\n+ type x\tenum\n+ label x.a\n+ table t\n+ sequence z\tinteger\nversion 1\n", 1, 0,
	"table t\ntype x: label a\nsequence z\n", "To add them"},
	/* version 1 was recorded without having been run */
	{"table t\n", "version 0\n+ table t\nversion 1\n+ table u\nrepeatable\nversion 2\n", 2, 0, "table u\n",
	"matches version 0 better. Run \"fitsdb-schema stamp 0\", then \"fitsdb-schema upgrade\". Or add it with"},
	/* it was, since there are more objects of it */
	{"table t\ntable u\n", "version 0\n+ table t\nversion 1\n+ table u\n+ table v\nrepeatable\nversion 2\n", 2, 0,
	"table v\n", "To add it"},
	{"table t\n", "version 0\n+ table t\nversion 1\n+ table u\nrepeatable\nversion 2\n", 2, 1, "table u\n",
	"Migration 2 is incomplete. First run \"fitsdb-schema downgrade 1\". Then, to add it, run"},
};

/* Index i is built apart. */
static bool
rebuilds(int version, const char *index)
{
	(void) version;
	return strcmp(index, "i") == 0;
}

static const struct predict_ups ups = {rebuilds, given_facts_unsaid, given_facts_unsaid};

START_TEST(test_missing)
{
	struct given_facts given;
	struct prediction prediction;
	struct missing missing;
	struct steps_item step = {.version = cases[_i].step,.up = true,.before = cases[_i].step - (cases[_i].done >= 0),
		.after = cases[_i].step,.done = cases[_i].done > 0 ? cases[_i].done : 0
	};
	struct steps steps = {1, &step};
	char	   *lines = mem_string("");
	char	   *advice;

	given_facts_make(&given, cases[_i].live, cases[_i].known, 150004);
	predict(&prediction, &given.sides, given.known.version_count - 1, &ups);
	missing_find(&missing, &prediction, &given.sides, &steps, false);
	for (size_t i = 0; i < missing.line_count; i++) {
		mem_append(&lines, "", missing.lines[i]);
		mem_append(&lines, "", "\n");
	}
	ck_assert_str_eq(lines, cases[_i].lines);
	ck_assert_int_eq(missing.count > 0, cases[_i].advice != NULL);
	advice = missing_advice(&missing);
	if (cases[_i].advice)
		ck_assert_msg(strstr(advice, cases[_i].advice), "%s", advice);
	mem_free(advice);
	mem_free(lines);
	missing_clear(&missing);
	ck_assert_uint_eq(missing.line_count, 0);
	predict_clear(&prediction);
	given_facts_clear(&given);
}
END_TEST

/* The recorded version is wrong, unless our record has that its migration was run: repair would refuse, too. */
START_TEST(a_wrong_version)
{
	struct given_facts given;
	struct prediction prediction;
	struct steps_item step = {.version = 1,.up = true,.after = 1};
	struct steps steps = {1, &step};
	static const char u[] = "table u\ncolumn u.a\tinteger\ncolumn u.b\tinteger\ncolumn u.c\tinteger\ncolumn u.d\tinteger\n"
		"column u.e\tinteger\ncolumn u.f\tinteger\ncolumn u.g\tinteger\n";
	char	   *live = mem_format("table t\n%s", u);
	char	   *known = mem_string("version 0\n+ table t\n+ column t.a\tinteger\nversion 1\n");

	for (const char *line = u; *line; line = strchr(line, '\n') + 1) {
		char	   *added = mem_format("+ %.*s\n", (int) strcspn(line, "\n"), line);

		mem_append(&known, "", added);
		mem_free(added);
	}
	given_facts_make(&given, live, known, 150004);
	predict(&prediction, &given.sides, 1, &ups);
	for (int applied = 0; applied <= 1; applied++) {
		struct missing missing;
		char	   *advice;

		missing_find(&missing, &prediction, &given.sides, &steps, applied);
		advice = missing_advice(&missing);
		ck_assert_int_eq(missing.wrong, !applied);
		ck_assert_str_eq(advice, applied ? "To add it, run \"fitsdb-schema repair\" or \"fitsdb-schema upgrade"
					" --repair\". It reports the differences that it cannot repair."
						 : "The schema matches version 1 better. Run \"fitsdb-schema stamp 1\", then \"fitsdb-schema"
						 " upgrade\".");
		mem_free(advice);
		missing_clear(&missing);
	}
	predict_clear(&prediction);
	given_facts_clear(&given);
	mem_free(known);
	mem_free(live);
}
END_TEST

START_TEST(a_long_line)
{
	struct given_facts given;
	struct prediction prediction;
	struct missing missing;
	struct steps_item step = {.version = 1,.up = true,.after = 1};
	struct steps steps = {1, &step};
	char	   *known = mem_string("version 0\n+ table t\n");
	char	   *text;

	for (int i = 10; i < 22; i++) {
		char	   *column = mem_format("+ column t.c%d\tinteger\n", i);

		mem_append(&known, "", column);
		mem_free(column);
	}
	mem_append(&known, "", "version 1\n");
	given_facts_make(&given, "table t\n", known, 150004);
	predict(&prediction, &given.sides, 1, &ups);
	missing_find(&missing, &prediction, &given.sides, &steps, false);
	ck_assert_uint_eq(missing.line_count, 1);
	ck_assert_str_eq(strrchr(missing.lines[0], ','), ", column c15 and 6 more");
	text = missing_text(&missing);
	ck_assert_str_eq(text, "12 objects of version 0 are missing, and no pending migration creates them");
	mem_free(text);
	missing_clear(&missing);
	predict_clear(&prediction);
	given_facts_clear(&given);
	mem_free(known);
}
END_TEST

/* Two steps, the second of which adds a label to what is no type. */
START_TEST(a_label_of_a_table)
{
	struct given_facts given;
	struct prediction prediction;
	struct missing missing;
	struct steps_item items[] = {{.version = 1,.up = true,.after = 1}, {.version = 2,.up = true,.before = 1,.after = 2}};
	char	   *text;

	given_facts_make(&given, "table e\n", "version 0\nversion 1\n+ type e\tenum\n+ label e.a\nrepeatable\nversion 2\n"
					 "- label e.a\n+ label e.a\tafter: b\n+ label e.b\nrepeatable\n", 150004);
	predict(&prediction, &given.sides, 2, &ups);
	for (size_t count = 1; count <= 2; count++) {
		missing_find(&missing, &prediction, &given.sides, &(struct steps) {count, items}, false);
		ck_assert_uint_eq(missing.count, count - 1);
		if (count == 2) {
			text = missing_text(&missing);
			ck_assert_str_eq(text, "1 object is in the way of pending migrations");
			ck_assert_str_eq(missing.lines[0], "migration 1 creates type e, but table e has that name");
			mem_free(text);
		}
		missing_clear(&missing);
	}
	predict_clear(&prediction);
	given_facts_clear(&given);
}
END_TEST

Suite *
missing_suite(void)
{
	Suite	   *suite = suite_create("missing");
	TCase	   *tcase = tcase_create("missing");

	tcase_add_loop_test(tcase, test_missing, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, a_wrong_version);
	tcase_add_test(tcase, a_long_line);
	tcase_add_test(tcase, a_label_of_a_table);
	suite_add_tcase(suite, tcase);
	return suite;
}
