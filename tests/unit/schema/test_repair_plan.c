/* The steps that repair a database: each case is a line. */
#include <check.h>

#include "base/mem.h"
#include "schema/repair_plan.h"
#include "schema/repair_rows.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define TABLE "table t\ncolumn t.id\tinteger\tnot null\n"
#define SHOULD "+ table t\n+ column t.id\tinteger\tnot null\n"

static const struct {
	const char *live;
	const char *known;			/* after "version 0" */
	const char *plan;			/* the lines of the rounds, "|" between rounds; then "left: ..." */
}			cases[] = {
	{TABLE, SHOULD, ""},
	{TABLE "index t.mine\tx\n", SHOULD, ""},
	{TABLE, SHOULD "+ index t.i\tbtree (c)\n+ column t.c\te\tafter: id\n+ type e\tenum\n+ label e.a\n",
	"add type e|add column t.c|add index t.i|"},
	/* A foreign key between two tables that are missing. */
	{"", SHOULD "+ constraint t.p\tPRIMARY KEY (id)\n+ table u\n+ column u.a\tinteger\n"
		"+ constraint u.f\tFOREIGN KEY (a) REFERENCES public.t(id)\n"
		"+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.u(a)\n",
		"add table t, add table u|add constraint t.f, add constraint u.f|"},
	{"", SHOULD "+ sequence s\tinteger\towned by: t.id\n+ privilege sequence s to apache\tselect\n"
		"+ privilege table t to apache\tselect\n+ index t.i\tbtree (id)\toptions: fillfactor=70\n",
		"add table t|left: t: index i is missing: btree (id), options fillfactor=70: repair cannot create it as"
	" it should be"},
	{TABLE, SHOULD "+ column t.c\ttext\tafter: id\tnot null\n", "add column t.c (needs t.c)|"},
	{TABLE "index t.i\tbtree (id)\tinvalid\n", SHOULD "+ index t.i\tbtree (id)\n", "build index t.i again|"},
	{TABLE "constraint t.c\tCHECK (a)\tnot valid\n", SHOULD "+ constraint t.c\tCHECK (a)\n", "validate constraint t.c|"},
	{TABLE "constraint t.x\tCHECK (a)\n", SHOULD "+ constraint t.c\tCHECK (a)\n", "rename constraint t.x to c|"},
	{TABLE "column t.c\tbigint\tdefault: 7\n", SHOULD "+ column t.c\tinteger\n",
		"change column t.c: default|left: t: column c: type is bigint, should be integer: it cannot be changed without"
		" a rewrite or data loss"},
	{TABLE, SHOULD "+ index t.i\tbtree (id)\nversion 1\n- index t.i\tbtree (id)\n",
	"left: t: index i is missing: btree (id): the migration to version 1 replaces or removes it"},
	{TABLE "constraint t.fitsdb_schema_not_null\tCHECK (a)\tnot valid\n", SHOULD,
	"remove constraint t.fitsdb_schema_not_null|"},
	/* A label that may be renamed. */
	{"type e\tenum\nlabel e.x\n", "+ type e\tenum\n+ label e.\"A\"\n", "left: e: label \"A\" is missing; x may be this"
	" object, renamed: if it was renamed, run the first statement, otherwise the second one\n"
	"ALTER TYPE public.e RENAME VALUE 'x' TO 'A';\nALTER TYPE public.e ADD VALUE 'A';"},
	/* It is no question where a later version adds the other one, or a later migration the missing one; */
	{"type e\tenum\nlabel e.x\n", "+ type e\tenum\n+ label e.a\nversion 1\nversion 2\n+ label e.x\tafter: a\n",
	"add label e.a|"},
	{"type e\tenum\nlabel e.x\n", "+ type e\tenum\n+ label e.a\nversion 1\nensures label e.a\n", "add label e.a|"},
	/* but where it replaces it. */
	{"type e\tenum\nlabel e.x\n", "+ type e\tenum\n+ label e.a\nversion 1\n- label e.a\n+ label e.x\nneeds label e.a\n",
		"left: e: label a is missing; x may be this object, renamed: if it was renamed, run the first statement,"
		" otherwise the second one\n"
	"ALTER TYPE public.e RENAME VALUE 'x' TO 'a';\nALTER TYPE public.e ADD VALUE 'a';"},
	/* A column that may be renamed: of the same type, before one of the version, or the last one. */
	{TABLE "column t.x\ttext\tafter: id\ncolumn t.c\tdate\tafter: x\n",
		SHOULD "+ column t.a\ttext\tafter: id\n+ column t.c\tdate\tafter: a\n", "left: t: column a is missing: type"
		" text; x may be this object, renamed: if it was renamed, run the first statement, otherwise the second one\n"
	"ALTER TABLE public.t RENAME COLUMN x TO a;\nALTER TABLE public.t ADD COLUMN a text;"},
	{TABLE "column t.x\ttext\tafter: id\n", SHOULD "+ column t.a\ttext\tafter: id\tnot null\n", "left: t: column a is"
		" missing: type text, not null; x may be this object, renamed: if it was renamed, run the first statement,"
		" otherwise the second one\n"
	"ALTER TABLE public.t RENAME COLUMN x TO a;\nALTER TABLE public.t ADD COLUMN a text;"},
	/* another type, or added since */
	{TABLE "column t.x\tdate\tafter: id\n", SHOULD "+ column t.a\ttext\tafter: id\n", "add column t.a|"},
	{TABLE "column t.c\tdate\tafter: id\ncolumn t.x\ttext\tafter: c\n",
	SHOULD "+ column t.a\ttext\tafter: id\n+ column t.c\tdate\tafter: a\n", "add column t.a|"},
	{TABLE "column t.x\ttext\tafter: id\n", SHOULD "+ column t.a\ttext\tafter: id\nversion 1\nensures column t.a\n",
	"add column t.a|"},
	/* A later version renames it: this was done, or not. */
	{TABLE "column t.x\tdate\tafter: id\n", SHOULD "+ column t.a\ttext\tafter: id\nversion 1\nneeds column t.a\n"
		"renames column t.a\tto: x\n- column t.a\ttext\tafter: id\n+ column t.x\ttext\tafter: id\n",
	"left: t: column a is missing: type text: the migration to version 1 replaces or removes it"},
	{TABLE, SHOULD "+ column t.a\ttext\tafter: id\nversion 1\nneeds column t.a\n"
		"renames column t.a\tto: x\n- column t.a\ttext\tafter: id\n+ column t.x\ttext\tafter: id\n",
	"add column t.a|"},
	/* A later version renames the table that it refers to, or replaces it. */
	{TABLE, SHOULD "+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.u(id)\nversion 1\n"
		"renames table u\tto: v\n- constraint t.f\tFOREIGN KEY (id) REFERENCES public.u(id)\n"
		"+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.v(id)\n", "add constraint t.f|"},
	{TABLE, SHOULD "+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.u(id)\nversion 1\n"
		"- constraint t.f\tFOREIGN KEY (id) REFERENCES public.u(id)\n"
		"+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.v(id)\n",
	"left: t: constraint f is missing: FOREIGN KEY (id) REFERENCES public.u(id): the migration to version 1 replaces or"
	" removes it"},
	/* What is changed and names it waits, as does what needs a type of another form. */
	{TABLE "column t.x\ttext\tafter: id\nindex t.i\tbtree (x)\n",
		SHOULD "+ column t.a\ttext\tafter: id\n+ index t.i\tbtree (a)\n+ index t.k\tbtree (a)\n", "left: t: column a is"
		" missing: type text; x may be this object, renamed: if it was renamed, run the first statement, otherwise the"
		" second one\n"
		"ALTER TABLE public.t RENAME COLUMN x TO a;\nALTER TABLE public.t ADD COLUMN a text;waiting: build index t.i again;"
	" waiting: add index t.k; "},
	{TABLE "type e\tdomain\n", SHOULD "+ type e\tenum\n+ label e.a\n+ column t.c\te\tafter: id\n+ table u\n"
		"+ column u.a\te\n", "left: e: type e: kind is domain, should be enum: it cannot be changed without a rewrite"
		" or data loss" "waiting: add label e.a; waiting: add table u; waiting: add column t.c; "},
	/* A view has the name of a table: what belongs to that waits, too. */
	{TABLE "view u\tx\ncolumn u.id\tinteger\n", SHOULD "+ sequence s\tinteger\towned by: u.id\n+ table u\n"
		"+ column u.id\tinteger\tdefault: nextval('s'::regclass)\n+ constraint u.p\tPRIMARY KEY (id)\n"
		"+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.u(id)\n", "left: u: table u is missing: view u has that name:"
	" rename or drop it" "waiting: add constraint t.f; "},
	/* Of the triggers of a constraint. */
	{TABLE "constraint t.f\tFOREIGN KEY (id) REFERENCES public.t(id)\tchecks: disabled\n",
		SHOULD "+ constraint t.f\tFOREIGN KEY (id) REFERENCES public.t(id)\tchecks: enabled\n", "left: t: constraint f is not"
		" enforced when t changes: its triggers on t are disabled: only a superuser can do this: connect as a"
		" superuser, and repeat with --role=ROLE, the name of that superuser"},
};

static char *
plan_text(struct repair_plan *plan)
{
	char	   *text = mem_string("");

	for (size_t first; (first = repair_plan_round(plan, NULL, NULL)) < plan->step_count;) {
		for (size_t i = first; i < plan->step_count; i++) {
			mem_append(&text, i > first ? ", " : "", plan->steps[i].line);
			if (plan->steps[i].needs) {
				mem_append(&text, " (needs ", plan->steps[i].needs);
				mem_append(&text, "", ")");
			}
		}
		mem_append(&text, "", "|");
		repair_plan_apply(plan, first);
	}
	for (size_t i = 0; i < plan->left_count; i++) {
		char	   *left = repair_left_text(&plan->left[i], 150004);
		char	   *choice = repair_choice(plan->left[i].item);

		mem_append(&text, "left: ", left);
		mem_append(&text, choice ? "\n" : "", choice ? choice : "");
		mem_free(choice);
		mem_free(left);
	}
	repair_plan_find_waiting(plan);
	for (size_t i = 0; i < plan->waiting_count; i++) {
		mem_append(&text, "waiting: ", plan->waiting[i]);
		mem_append(&text, "", "; ");
	}
	return text;
}

START_TEST(test_plan)
{
	char	   *known = mem_format("version 0\n%s", cases[_i].known);
	struct given_facts given;
	struct repair_plan plan;
	char	   *text;

	given_facts_make(&given, cases[_i].live, known, 150004);
	repair_plan_start(&plan, &given.sides, 0, NULL, 0);
	text = plan_text(&plan);
	ck_assert_str_eq(text, cases[_i].plan);
	mem_free(text);
	repair_plan_clear(&plan);
	given_facts_clear(&given);
	mem_free(known);
}
END_TEST

/* A column gets the value that a person gives, and a step that is blocked leaves what follows from it. */
START_TEST(test_values)
{
	static const struct repair_value values[] = {{"public.t.c", "now()"}, {"t.d", "1"}};
	struct given_facts given;
	struct repair_plan plan;
	char	   *sql;
	size_t		first;

	given_facts_make(&given, TABLE, "version 0\n" SHOULD "+ column t.c\ttext\tnot null\n+ index t.i\tbtree (c)\n", 150004);
	repair_plan_start(&plan, &given.sides, 0, values, 2);
	first = repair_plan_round(&plan, NULL, NULL);
	ck_assert_uint_eq(plan.step_count, 1);
	sql = repair_list_text(&plan.steps[0].list);
	ck_assert_str_eq(sql, "ALTER TABLE public.t ADD COLUMN c text;\n"
					 "UPDATE ONLY public.t SET c = (now()) WHERE c IS NULL;\n"
					 "ALTER TABLE public.t ADD CONSTRAINT fitsdb_schema_not_null CHECK (c IS NOT NULL) NOT VALID;\n"
					 "ALTER TABLE public.t VALIDATE CONSTRAINT fitsdb_schema_not_null;\n"
					 "ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;\n"
					 "ALTER TABLE public.t DROP CONSTRAINT fitsdb_schema_not_null;");
	ck_assert_ptr_null(plan.steps[0].needs);
	ck_assert(repair_plan_uses(&plan, &values[0]) && !repair_plan_uses(&plan, &values[1]));
	plan.steps[0].blocked = true;
	repair_plan_apply(&plan, first);
	ck_assert_uint_eq(repair_plan_round(&plan, NULL, NULL), 1);
	ck_assert_uint_eq(plan.step_count, 1);
	mem_free(sql);
	repair_plan_clear(&plan);
	given_facts_clear(&given);
}
END_TEST

/* The query for rows that contradict what is missing or different. */
static const struct {
	const char *live;
	const char *known;
	const char *query;
}			rows[] = {
	{TABLE, SHOULD "+ constraint t.k\tUNIQUE (a, \"B\")\n", "SELECT a, \"B\", count(*) FROM ONLY public.t WHERE"
		" a IS NOT NULL AND \"B\" IS NOT NULL GROUP BY a, \"B\" HAVING count(*) > 1"},
	{TABLE, SHOULD "+ constraint t.k\tPRIMARY KEY (a)\n",
	"SELECT a, count(*) FROM ONLY public.t WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1"},
	{TABLE, SHOULD "+ constraint t.k\tCHECK ((a > 0))\n", "SELECT * FROM ONLY public.t WHERE NOT ((a > 0))"},
	{TABLE, SHOULD "+ constraint t.k\tCHECK ((a > 0))\tnot valid\n", NULL},
	{TABLE, SHOULD "+ constraint t.k\tFOREIGN KEY (a) REFERENCES public.u(id)\n", "SELECT f.* FROM ONLY public.t f WHERE"
		" f.a IS NOT NULL AND NOT EXISTS (SELECT FROM ONLY public.u r WHERE (r.id) = (f.a))"},
	{TABLE, SHOULD "+ index t.i\tunique btree (a)\twhere: a > 0\n", "SELECT a, count(*) FROM ONLY public.t"
		" WHERE a IS NOT NULL AND (a > 0) GROUP BY a HAVING count(*) > 1"},
	{TABLE, SHOULD "+ index t.i\tunique btree (lower(a))\n", NULL},
	{TABLE, SHOULD "+ index t.i\tbtree (a)\n", NULL},
	{TABLE, SHOULD "+ column t.c\ttext\tnot null\n", "SELECT * FROM ONLY public.t"},
	{TABLE "column t.c\ttext\n", SHOULD "+ column t.c\ttext\tnot null\n", "SELECT * FROM ONLY public.t WHERE c IS NULL"},
	{TABLE, SHOULD "+ column t.c\ttext\n", NULL},
};

START_TEST(test_rows)
{
	char	   *known = mem_format("version 0\n%s+ table u\n", rows[_i].known);
	char	   *live = mem_format("%stable u\n", rows[_i].live);
	struct given_facts given;
	struct comparison comparison;
	struct repair_rows found;

	given_facts_make(&given, live, known, 150004);
	compare(&comparison, &given.sides, 0);
	ck_assert_uint_eq(comparison.count, 1);
	found = repair_rows_of(&comparison.items[0]);
	ck_assert_pstr_eq(found.query, rows[_i].query);
	repair_rows_clear(&found);
	compare_clear(&comparison);
	given_facts_clear(&given);
	mem_free(live);
	mem_free(known);
}
END_TEST

Suite *
repair_plan_suite(void)
{
	Suite	   *suite = suite_create("repair_plan");
	TCase	   *tcase = tcase_create("plan");

	tcase_add_loop_test(tcase, test_plan, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_values);
	tcase_add_loop_test(tcase, test_rows, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
