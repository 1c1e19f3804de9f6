/* The SQL that repairs a difference: each case is a line. */
#include <check.h>

#include "base/mem.h"
#include "schema/repair_sql.h"
#include "unit/given_facts.h"
#include "unit/suites.h"

#include "base/banned.h"

#define COLUMN(...) {.kind = FACT_COLUMN,.group = "t",.name = "c",.values = {__VA_ARGS__}}
#define FACT(k, ...) {.kind = (k),.group = "t",.name = "n",.values = {__VA_ARGS__},.sql = "MAKE"}
#define BARE(k, ...) {.kind = (k),.group = "t",.name = "n",.values = {__VA_ARGS__}}

static const struct {
	enum diff_kind kind;
	bool		note;
	int			property;
	struct given_fact is;			/* without a name: there is none */
	struct given_fact should;
	const char *sql;			/* NULL: nothing is safe */
}			cases[] = {
	{DIFF_MISSING, false, 0, {0}, FACT(FACT_INDEX, "x"), "MAKE;"},
	{DIFF_MISSING, false, 0, {0}, BARE(FACT_TABLE, "x"), NULL},
	/* Objects that can be created again at any time may be dropped. */
	{DIFF_EXTRA, false, 0, FACT(FACT_INDEX, "x"), {0}, "DROP INDEX CONCURRENTLY public.n;"},
	{DIFF_EXTRA, false, 0, FACT(FACT_CONSTRAINT, "x"), {0}, "ALTER TABLE public.t DROP CONSTRAINT n;"},
	{DIFF_EXTRA, false, 0, FACT(FACT_TABLE, "x"), {0}, NULL},
	{DIFF_EXTRA, false, 0, FACT(FACT_COLUMN, "x"), {0}, NULL},
	{DIFF_EXTRA, false, 0, FACT(FACT_TRIGGER, "x"), {0}, NULL},
	{DIFF_EXTRA, true, 0, FACT(FACT_LABEL, NULL), {0}, NULL},
	{DIFF_RENAMED, true, 0, FACT(FACT_INDEX, "x"), FACT(FACT_INDEX, "x"), NULL},
	{DIFF_RENAMED, false, 0, BARE(FACT_CONSTRAINT, "x"), BARE(FACT_CONSTRAINT, "x"),
	"ALTER TABLE public.t RENAME CONSTRAINT n TO n;"},
	{DIFF_ORDER, true, 0, COLUMN("x"), COLUMN("x"), NULL},
	/* columns */
	{DIFF_CHANGED, false, 0, COLUMN("bigint", "NULL"), COLUMN("integer", "NULL"), NULL},
	{DIFF_CHANGED, false, 1, COLUMN("x", "NOT NULL"), COLUMN("x", "NULL"),
	"ALTER TABLE public.t ALTER COLUMN c DROP NOT NULL;"},
	{DIFF_CHANGED, false, 1, COLUMN("x", "NULL"), COLUMN("x", "NOT NULL"),
	"ALTER TABLE public.t ADD CONSTRAINT fitsdb_schema_not_null CHECK (c IS NOT NULL) NOT VALID;\n"
	"ALTER TABLE public.t VALIDATE CONSTRAINT fitsdb_schema_not_null;\n"
	"ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;\n"
	"ALTER TABLE public.t DROP CONSTRAINT fitsdb_schema_not_null;"},
	{DIFF_CHANGED, false, 2, COLUMN("x", "NULL", "7"), COLUMN("x", "NULL", NULL),
	"ALTER TABLE public.t ALTER COLUMN c DROP DEFAULT;"},
	{DIFF_CHANGED, false, 2, COLUMN("x", "NULL", NULL), COLUMN("x", "NULL", "7"),
	"ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 7;"},
	{DIFF_CHANGED, false, 3, COLUMN("x", "NULL", NULL, "always"), COLUMN("x", "NULL", NULL, NULL), NULL},
	/* indexes and constraints */
	{DIFF_CHANGED, false, 1, FACT(FACT_INDEX, "x", "invalid"), FACT(FACT_INDEX, "x", "valid"),
	"DROP INDEX CONCURRENTLY public.n;\nMAKE;"},
	{DIFF_CHANGED, false, 0, FACT(FACT_CONSTRAINT, "CHECK (a) NOT VALID"), FACT(FACT_CONSTRAINT, "CHECK (a)"),
	"ALTER TABLE public.t VALIDATE CONSTRAINT n;"},
	{DIFF_CHANGED, false, 0, FACT(FACT_CONSTRAINT, "CHECK (b) NOT VALID"), FACT(FACT_CONSTRAINT, "CHECK (a)"),
	NULL},
	{DIFF_CHANGED, false, 0, FACT(FACT_CONSTRAINT, "CHECK (a)"), FACT(FACT_CONSTRAINT, "CHECK (a) NOT VALID"),
	NULL},
	/* owners */
	{DIFF_CHANGED, false, 1, BARE(FACT_TABLE, "table", "postgres"), BARE(FACT_TABLE, "table", "fitsdata"),
	"ALTER TABLE public.n OWNER TO \"fitsdata\";"},
	{DIFF_CHANGED, false, 1, BARE(FACT_TABLE, "table", "postgres"), BARE(FACT_TABLE, "table", "a\"b"), NULL},
	{DIFF_CHANGED, false, 1, BARE(FACT_TYPE, "enum", "postgres"), BARE(FACT_TYPE, "enum", "fitsdata"),
	"ALTER TYPE public.n OWNER TO \"fitsdata\";"},
	{DIFF_CHANGED, false, 2, BARE(FACT_VIEW, "view", "x", "postgres"), BARE(FACT_VIEW, "view", "x", "fitsdata"),
	"ALTER TABLE public.n OWNER TO \"fitsdata\";"},
	{DIFF_CHANGED, false, 2, BARE(FACT_SEQUENCE, NULL, "x", "postgres"),
	BARE(FACT_SEQUENCE, NULL, "x", "fitsdata"),
	"ALTER SEQUENCE public.n OWNER TO \"fitsdata\";"},
	{DIFF_CHANGED, false, 1, BARE(FACT_FUNCTION, "x", "postgres"), BARE(FACT_FUNCTION, "x", "fitsdata"), NULL},
	/* the rest */
	{DIFF_CHANGED, false, 0, BARE(FACT_TABLE, "unlogged table"), BARE(FACT_TABLE, "table"), NULL},
	{DIFF_CHANGED, false, 0, BARE(FACT_SEQUENCE, "t.c"), BARE(FACT_SEQUENCE, NULL), NULL},
	{DIFF_CHANGED, false, 0, FACT(FACT_FUNCTION, "x"), FACT(FACT_FUNCTION, "y"), "MAKE;"},
	{DIFF_CHANGED, false, 0, FACT(FACT_TRIGGER, "x", "enabled"), FACT(FACT_TRIGGER, "y", "enabled"), NULL},
	{DIFF_CHANGED, false, 1, FACT(FACT_TRIGGER, "x", "disabled"), FACT(FACT_TRIGGER, "x", "enabled"),
	"ALTER TABLE public.t ENABLE TRIGGER n;"},
	{DIFF_CHANGED, false, 1, FACT(FACT_TRIGGER, "x", "enabled"), FACT(FACT_TRIGGER, "x", "enabled always"),
	"ALTER TABLE public.t ENABLE ALWAYS TRIGGER n;"},
	{DIFF_CHANGED, false, 1, FACT(FACT_TRIGGER, "x", "enabled"), FACT(FACT_TRIGGER, "x", "enabled on a replica"),
	"ALTER TABLE public.t ENABLE REPLICA TRIGGER n;"},
	{DIFF_CHANGED, false, 1, FACT(FACT_TRIGGER, "x", "enabled"), FACT(FACT_TRIGGER, "x", "disabled"),
	"ALTER TABLE public.t DISABLE TRIGGER n;"},
	/* no privilege is revoked */
	{DIFF_CHANGED, false, 0, FACT(FACT_PRIVILEGE, "INSERT"), FACT(FACT_PRIVILEGE, "DELETE, INSERT"), "MAKE;"},
	{DIFF_CHANGED, false, 0, FACT(FACT_PRIVILEGE, "INSERT, UPDATE"), FACT(FACT_PRIVILEGE, "INSERT"), NULL},
	{DIFF_CHANGED, false, 0, FACT(FACT_PRIVILEGE, "INSERT with grant option"), FACT(FACT_PRIVILEGE, "INSERT"),
	NULL},
	{DIFF_CHANGED, false, 0, FACT(FACT_PRIVILEGE, "INS"), FACT(FACT_PRIVILEGE, "INSERT"), NULL},
};

START_TEST(test_sql)
{
	struct given_fact is[MOST_GIVEN] = {cases[_i].is};
	struct given_fact should[MOST_GIVEN] = {cases[_i].should};
	struct catalog left;
	struct catalog right;
	struct diff_item difference = {.kind = cases[_i].kind,.note = cases[_i].note,.property = cases[_i].property};
	char	   *sql;

	given_facts_make(&left, is);
	given_facts_make(&right, should);
	difference.is = left.count ? left.facts : NULL;
	difference.should = right.count ? right.facts : NULL;
	sql = repair_sql(&difference);
	ck_assert_pstr_eq(sql, cases[_i].sql);
	mem_free(sql);
	catalog_clear(&right);
	catalog_clear(&left);
}
END_TEST

Suite *
repair_sql_suite(void)
{
	Suite	   *suite = suite_create("repair_sql");
	TCase	   *tcase = tcase_create("settle");

	tcase_add_loop_test(tcase, test_sql, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
