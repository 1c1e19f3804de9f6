/* The SQL that repairs a difference: each case is a line. */
#include <check.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/repair_sql.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define CHANGED(fact, is, should) fact is "\n", "+ " fact should "\n"
#define MISSING(fact) "", "+ " fact "\n"

static const struct {
	const char *live;
	const char *known;			/* after "version 0" */
	const char *sql;			/* of the only item; NULL: nothing is safe */
}			cases[] = {
	{MISSING("index t.n\tbtree (a)"), "CREATE INDEX CONCURRENTLY n ON public.t USING btree (a);"},
	{MISSING("index s.t.n\tunique btree (a)\twhere: a > 0"),
	"CREATE UNIQUE INDEX CONCURRENTLY n ON s.t USING btree (a) WHERE a > 0;"},
	{MISSING("index t.n\tbtree (a)\toptions: fillfactor=70"), NULL},
	{MISSING("table t"), "CREATE TABLE public.t (\n);"},
	{MISSING("table t\tunlogged"), NULL},
	{MISSING("table t\n+ column t.id\tinteger\tnot null\tdefault: nextval('public.s'::regclass)\n"
			 "+ column t.a\ttext\tafter: id\n"
			 "+ constraint t.t_pkey\tPRIMARY KEY (id)\n+ constraint t.f\tFOREIGN KEY (a) REFERENCES public.u(a)\n"
			 "+ index t.i\tbtree (a)\n+ sequence s\tinteger\towned by: t.id"),
	"CREATE SEQUENCE public.s AS integer;\n"
	"CREATE TABLE public.t (\n  id integer DEFAULT nextval('public.s'::regclass) NOT NULL,\n  a text,\n"
	"  CONSTRAINT t_pkey PRIMARY KEY (id)\n);\n"
	"ALTER SEQUENCE public.s OWNED BY public.t.id;\nCREATE INDEX i ON public.t USING btree (a);"},
	{MISSING("type e\tenum\n+ label e.b\tafter: a\n+ label e.a"), "CREATE TYPE public.e AS ENUM ('a', 'b');"},
	{MISSING("type e\tdomain\tbase type: text"), NULL},
	{MISSING("sequence s\tbigint"), "CREATE SEQUENCE public.s AS bigint;"},
	{MISSING("sequence s\tbigint\tstart: 7"), NULL},
	{"table t\ncolumn t.id\tinteger\n", "+ table t\n+ column t.id\tinteger\n+ sequence s\tinteger\towned by: t.id\n",
	"CREATE SEQUENCE public.s AS integer;\nALTER SEQUENCE public.s OWNED BY public.t.id;\n"
	"SELECT pg_catalog.setval('public.s', m.largest) FROM (SELECT max(id) AS largest FROM ONLY public.t) m, public.s s"
	" WHERE m.largest OPERATOR(pg_catalog.>=) (s.last_value OPERATOR(pg_catalog.+) CASE WHEN s.is_called THEN 1 ELSE 0"
	" END);"},
	{MISSING("view v\tx"), NULL},
	{MISSING("constraint t.n\tPRIMARY KEY (id)"), "CREATE UNIQUE INDEX CONCURRENTLY n ON public.t USING btree (id);\n"
	"ALTER TABLE public.t ADD CONSTRAINT n PRIMARY KEY USING INDEX n;"},
	{MISSING("constraint t.n\tUNIQUE (a, b)"), "CREATE UNIQUE INDEX CONCURRENTLY n ON public.t USING btree (a, b);\n"
	"ALTER TABLE public.t ADD CONSTRAINT n UNIQUE USING INDEX n;"},
	{MISSING("constraint t.n\tUNIQUE (a)\tdeferrable"), NULL},
	{MISSING("constraint t.n\tCHECK ((a > 0))"), "ALTER TABLE public.t ADD CONSTRAINT n CHECK ((a > 0)) NOT VALID;\n"
	"ALTER TABLE public.t VALIDATE CONSTRAINT n;"},
	{MISSING("constraint t.n\tCHECK ((a > 0))\tnot valid"),
	"ALTER TABLE public.t ADD CONSTRAINT n CHECK ((a > 0)) NOT VALID;"},
	{MISSING("column t.c\tinteger\tafter: b"), "ALTER TABLE public.t ADD COLUMN c integer;"},
	{MISSING("column t.c\tinteger\tnot null\tdefault: 7"),
	"ALTER TABLE public.t ADD COLUMN c integer DEFAULT 7 NOT NULL;"},
	{MISSING("column t.c\tinteger\tnot null"), NULL},
	{MISSING("column t.c\tinteger\tdefault: random()"),
	"ALTER TABLE public.t ADD COLUMN c integer, ALTER COLUMN c SET DEFAULT random();"},
	{MISSING("column t.c\tinteger\tnot null\tdefault: random()"), NULL},
	{MISSING("column t.c\tinteger\tidentity: always"), NULL},
	{MISSING("label e.a"), "ALTER TYPE public.e ADD VALUE 'a';"},
	{MISSING("label e.\"A'\"\"b\""), "ALTER TYPE public.e ADD VALUE 'A''\"b';"},
	{MISSING("label e.\"a\\\\b\""), "ALTER TYPE public.e ADD VALUE E'a\\\\b';"},
	/* Objects that can be created again at any time may be dropped. */
	{"index t.n\tx\n", "", "DROP INDEX CONCURRENTLY public.n;"},
	{"index s.t.n\tx\n", "", "DROP INDEX CONCURRENTLY s.n;"},
	{"constraint t.n\tx\n", "", "ALTER TABLE public.t DROP CONSTRAINT n;"},
	{"table t\n", "", NULL},
	{"column t.c\tinteger\n", "", NULL},
	{"trigger t.n\tx\n", "", NULL},
	/* but not one of a later version */
	{"index t.n\tx\n", "version 1\n+ index t.n\tx\n", NULL},
	/* nothing that a later version replaces or removes */
	{"", "+ index t.n\tbtree (a)\nversion 1\n- index t.n\tbtree (a)\n", NULL},
	{"column t.c\tinteger\n", "+ column t.c\tinteger\tdefault: 7\nversion 1\n- column t.c\tinteger\tdefault: 7\n"
	"+ column t.c\tinteger\tdefault: 8\n", NULL},
	/* unless that changes the object, or needs it */
	{"", "+ column t.c\tinteger\tafter: a\nversion 1\n- column t.c\tinteger\tafter: a\n+ column t.c\tbigint\n",
	"ALTER TABLE public.t ADD COLUMN c integer;"},
	{"column t.c\tbigint\tdefault: 7\n", "+ column t.c\tbigint\nversion 1\n- column t.c\tbigint\n"
	"+ column t.c\tbigint\tdefault: 7\nneeds column t.c\n", NULL},
	{"", "+ constraint t.n\tCHECK (a)\nversion 1\n- constraint t.n\tCHECK (a)\n+ constraint t.n\tCHECK (b)\n", NULL},
	{"", "+ index t.n\tbtree (a)\nversion 1\n- index t.n\tbtree (a)\nneeds index t.n\n",
	"CREATE INDEX CONCURRENTLY n ON public.t USING btree (a);"},
	{"", "+ column t.c\tinteger\nversion 1\n- column t.c\tinteger\n", NULL},
	{"", "+ column t.c\tinteger\nversion 1\n- column t.c\tinteger\nneeds column t.c\n",
	"ALTER TABLE public.t ADD COLUMN c integer;"},
	{"type e\tenum\n", "+ type e\tenum\n+ label e.a\nversion 1\n- type e\tenum\n- label e.a\n+ type f\tenum\n"
	"+ label f.a\nneeds type e\n", "ALTER TYPE public.e ADD VALUE 'a';"},
	/* names */
	{"index t.x\ty\n", "+ index t.n\ty\n", NULL},
	{"constraint t.x\ty\n", "+ constraint t.n\ty\n", "ALTER TABLE public.t RENAME CONSTRAINT x TO n;"},
	/* columns */
	{CHANGED("column t.c", "\tbigint", "\tinteger"), NULL},
	{CHANGED("column t.c", "\tcharacter varying(4)", "\tcharacter varying(5)"),
	"ALTER TABLE public.t ALTER COLUMN c TYPE character varying(5);"},
	{CHANGED("column t.c", "\tcharacter varying(4)", "\ttext"), "ALTER TABLE public.t ALTER COLUMN c TYPE text;"},
	{CHANGED("column t.c", "\ttext", "\tcharacter varying"),
	"ALTER TABLE public.t ALTER COLUMN c TYPE character varying;"},
	{CHANGED("column t.c", "\ttext", "\tcharacter varying(5)"), NULL},
	{CHANGED("column t.c", "\tinteger", "\ttext"), NULL},
	{CHANGED("column t.c", "\tx\tnot null", "\tx"), "ALTER TABLE public.t ALTER COLUMN c DROP NOT NULL;"},
	{CHANGED("column t.c", "\tx", "\tx\tnot null"),
	"ALTER TABLE public.t ADD CONSTRAINT fitsdb_schema_not_null CHECK (c IS NOT NULL) NOT VALID;\n"
	"ALTER TABLE public.t VALIDATE CONSTRAINT fitsdb_schema_not_null;\n"
	"ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;\n"
	"ALTER TABLE public.t DROP CONSTRAINT fitsdb_schema_not_null;"},
	{CHANGED("column t.c", "\tx\tdefault: 7", "\tx"), "ALTER TABLE public.t ALTER COLUMN c DROP DEFAULT;"},
	{CHANGED("column t.c", "\tx", "\tx\tdefault: 7"), "ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 7;"},
	{CHANGED("column t.c", "\tx\tidentity: always", "\tx"), NULL},
	{CHANGED("column t.c", "\tx", "\tx\tcomment: it's"), "COMMENT ON COLUMN public.t.c IS 'it''s';"},
	/* indexes and constraints */
	{CHANGED("index t.n", "\tbtree (a)\tinvalid", "\tbtree (a)"),
	"DROP INDEX CONCURRENTLY public.n;\nCREATE INDEX CONCURRENTLY n ON public.t USING btree (a);"},
	{CHANGED("index t.n", "\tbtree (b)", "\tbtree (a)"),
	"DROP INDEX CONCURRENTLY public.n;\nCREATE INDEX CONCURRENTLY n ON public.t USING btree (a);"},
	{CHANGED("index t.n", "\tbtree (a)\ttablespace: x", "\tbtree (a)"), NULL},
	{CHANGED("constraint t.n", "\tCHECK (a)\tnot valid", "\tCHECK (a)"), "ALTER TABLE public.t VALIDATE CONSTRAINT n;"},
	{CHANGED("constraint t.n", "\tCHECK (b)", "\tCHECK (a)"), NULL},
	{CHANGED("constraint t.n", "\tCHECK (a)", "\tCHECK (a)\tnot valid"), NULL},
	/* owners and comments */
	{CHANGED("table t", "\towner: apache", ""), "ALTER TABLE public.t OWNER TO fitsdata;"},
	{CHANGED("table s.t", "", "\towner: apache"), "ALTER TABLE s.t OWNER TO apache;"},
	{CHANGED("type e", "\tenum\towner: apache", "\tenum"), "ALTER TYPE public.e OWNER TO fitsdata;"},
	{CHANGED("view v", "\tx\towner: apache", "\tx"), "ALTER VIEW public.v OWNER TO fitsdata;"},
	{CHANGED("function f()", "\tx\towner: apache", "\tx"), NULL},
	{CHANGED("table t", "\tcomment: x", "\tcomment: y"), "COMMENT ON TABLE public.t IS 'y';"},
	/* settings of operators */
	{CHANGED("table t", "\tcomment: x", ""), NULL},
	{CHANGED("table t", "\toptions: fillfactor=50", ""), NULL},
	{CHANGED("table t", "\tunlogged", ""), NULL},
	/* triggers */
	{CHANGED("trigger t.n", "\tx\tstate: disabled", "\tx"), "ALTER TABLE public.t ENABLE TRIGGER n;"},
	{CHANGED("trigger t.n", "\tx", "\tx\tstate: always"), "ALTER TABLE public.t ENABLE ALWAYS TRIGGER n;"},
	{CHANGED("trigger t.n", "\tx", "\tx\tstate: disabled"), "ALTER TABLE public.t DISABLE TRIGGER n;"},
	{CHANGED("trigger t.n", "\tx", "\ty"), NULL},
	/* privileges: exactly the difference */
	{CHANGED("privilege table t to apache", "\tinsert", "\tdelete, insert"),
	"GRANT DELETE ON TABLE public.t TO apache;"},
	{CHANGED("privilege sequence s.x to apache", "\tselect, usage", "\tselect"),
	"REVOKE USAGE ON SEQUENCE s.x FROM apache;"},
	{CHANGED("privilege table t to apache", "\tinsert", "\tdelete"),
	"GRANT DELETE ON TABLE public.t TO apache;\nREVOKE INSERT ON TABLE public.t FROM apache;"},
	{MISSING("privilege table t to apache\tselect, update"), "GRANT SELECT, UPDATE ON TABLE public.t TO apache;"},
	{CHANGED("privilege table t to apache", "\tinsert with grant option", "\tinsert"), NULL},
	{MISSING("privilege column t.c to apache\tselect"), NULL},
	{MISSING("privilege function f() to apache\texecute"), "GRANT EXECUTE ON FUNCTION public.f() TO apache;"},
	/* where the default is not nothing */
	{"privilege language plpgsql to PUBLIC\tnone\n", "", "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;"},
	{"privilege type e to PUBLIC\tnone\n", "", "GRANT USAGE ON TYPE public.e TO PUBLIC;"},
	{"privilege schema public to PUBLIC\tnone\n", "", "GRANT USAGE ON SCHEMA public TO PUBLIC;"},
	{MISSING("privilege function f() to PUBLIC\tnone"), "REVOKE EXECUTE ON FUNCTION public.f() FROM PUBLIC;"},
	{"sequence s\tx\nprivilege sequence s to @\tselect, usage\n", "+ sequence s\tx\n",
	"GRANT UPDATE ON SEQUENCE public.s TO fitsdata;"},
	{CHANGED("privilege table t to \"a\\\\b\"", "\tinsert", "\tdelete, insert"),
	"GRANT DELETE ON TABLE public.t TO \"a\\b\";"},
	/* of the database */
	{"table t\towner: apache\ntable u\towner: apache\n", "+ table t\n+ table u\n",
	"ALTER DATABASE \"Fits\" OWNER TO apache;"},
	/* triggers of constraints */
	{CHANGED("constraint u.f", "\tFOREIGN KEY (c) REFERENCES public.t(c)\tactions: disabled",
			 "\tFOREIGN KEY (c) REFERENCES public.t(c)"), "ALTER TABLE public.t ENABLE TRIGGER ALL;"},
	{CHANGED("constraint u.f", "\tFOREIGN KEY (c) REFERENCES t(c)\tchecks: disabled",
			 "\tFOREIGN KEY (c) REFERENCES t(c)"), "ALTER TABLE public.u ENABLE TRIGGER ALL;"},
	{"constraint u.f\tUNIQUE (c)\tchecks: disabled\ntrigger u.g\tx\tstate: disabled\n",
	"+ constraint u.f\tUNIQUE (c)\n+ trigger u.g\tx\tstate: disabled\n", NULL},
};

START_TEST(test_sql)
{
	char	   *known = mem_format("version 0\n%s", cases[_i].known);
	struct given_facts given;
	struct comparison comparison;
	char	   *sql;

	given_facts_make(&given, cases[_i].live, known, 150004);
	given.sides.database = "\"Fits\"";
	compare(&comparison, &given.sides, 0);
	ck_assert_uint_eq(comparison.count, 1);
	sql = repair_sql(&comparison.items[0], &given.sides);
	ck_assert_pstr_eq(sql, cases[_i].sql);
	mem_free(sql);
	comparison.items[0].untrusted = true;
	ck_assert_ptr_null(repair_sql(&comparison.items[0], &given.sides));
	compare_clear(&comparison);
	given_facts_clear(&given);
	mem_free(known);
}
END_TEST

/* A label that is missing may have another name: a new one could never be dropped. */
START_TEST(renamed_label)
{
	struct given_facts given;
	struct comparison comparison;

	given_facts_make(&given, "type e\tenum\nlabel e.x\ntype f\tenum\n",
					 "version 0\n+ type e\tenum\n+ label e.a\n+ type f\tenum\n+ label f.a\n", 150004);
	compare(&comparison, &given.sides, 0);
	ck_assert_uint_eq(comparison.count, 3);
	for (size_t i = 0; i < comparison.count; i++) {
		char	   *sql = repair_sql(&comparison.items[i], &given.sides);

		ck_assert_pstr_eq(sql, i == 2 ? "ALTER TYPE public.f ADD VALUE 'a';" : NULL);
		mem_free(sql);
	}
	compare_clear(&comparison);
	given_facts_clear(&given);
}
END_TEST

/* What a repair that was interrupted has left. */
static const struct {
	const char *live;
	const char *known;
	const char *sql;			/* of what is missing */
}			interrupted[] = {
	{"index t.n\tunique btree (a)\n", "+ constraint t.n\tUNIQUE (a)\n",
	"ALTER TABLE public.t ADD CONSTRAINT n UNIQUE USING INDEX n;"},
	{"index t.n\tunique btree (a)\tinvalid\n", "+ constraint t.n\tUNIQUE (a)\n",
	"DROP INDEX CONCURRENTLY public.n;\nCREATE UNIQUE INDEX CONCURRENTLY n ON public.t USING btree (a);\n"
	"ALTER TABLE public.t ADD CONSTRAINT n UNIQUE USING INDEX n;"},
	/* Somebody else's. */
	{"index t.n\tunique btree (b)\n", "+ constraint t.n\tUNIQUE (a)\n", NULL},
	{"column t.c\tx\nconstraint t.fitsdb_schema_not_null\tCHECK (c IS NOT NULL)\tnot valid\n",
		"+ column t.c\tx\tnot null\n",
		"ALTER TABLE public.t DROP CONSTRAINT IF EXISTS fitsdb_schema_not_null, ADD CONSTRAINT fitsdb_schema_not_null"
		" CHECK (c IS NOT NULL) NOT VALID;\n"
		"ALTER TABLE public.t VALIDATE CONSTRAINT fitsdb_schema_not_null;\n"
		"ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;\n"
		"ALTER TABLE public.t DROP CONSTRAINT fitsdb_schema_not_null;"},
};

START_TEST(test_interrupted)
{
	char	   *known = mem_format("version 0\n%s", interrupted[_i].known);
	struct given_facts given;
	struct comparison comparison;

	given_facts_make(&given, interrupted[_i].live, known, 150004);
	compare(&comparison, &given.sides, 0);
	ck_assert_uint_eq(comparison.count, 2);
	for (size_t i = 0; i < comparison.count; i++)
		if (comparison.items[i].should) {
			char	   *sql = repair_sql(&comparison.items[i], &given.sides);

			ck_assert_pstr_eq(sql, interrupted[_i].sql);
			mem_free(sql);
		}
	compare_clear(&comparison);
	given_facts_clear(&given);
	mem_free(known);
}
END_TEST

Suite *
repair_sql_suite(void)
{
	Suite	   *suite = suite_create("repair_sql");
	TCase	   *tcase = tcase_create("repair");

	tcase_add_loop_test(tcase, test_sql, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_interrupted, 0, sizeof(interrupted) / sizeof(interrupted[0]));
	tcase_add_test(tcase, renamed_label);
	suite_add_tcase(suite, tcase);
	return suite;
}
