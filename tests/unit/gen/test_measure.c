/* The pure parts of the program that writes SCHEMA: which objects a script names, and facts by classes of servers. */
#include <string.h>

#include "base/mem.h"
#include "measure/named.h"
#include "measure/state.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *text;
	const char *name;
	const char *definition;
	enum fact_kind kind;
	bool		has;
}			names[] = {
	{"ALTER TABLE Gmos ADD x int", "gmos", "", FACT_TABLE, true},
	{"ALTER TABLE gmos2 ADD x int", "gmos", "", FACT_TABLE, false},
	{"ALTER TABLE other.gmos ADD x int", "other.gmos", "", FACT_TABLE, true},
	{"ALTER TABLE \"Odd \"\"name\" ADD x int", "\"Odd \"\"name\"", "", FACT_TABLE, true},
	{"ALTER TABLE \"Odd name\" ADD x int", "\"Odd name\"", "", FACT_TABLE, true},
	{"ALTER TABLE \"odd name\" ADD x int", "\"Odd name\"", "", FACT_TABLE, false},
	{"UPDATE gmos SET id = 1", "gmos.id", "integer", FACT_COLUMN, true},
	{"UPDATE niri SET id = 1", "gmos.id", "integer", FACT_COLUMN, false},
	{"UPDATE gmos SET id2 = 1", "gmos.id", "integer", FACT_COLUMN, false},
	{"DO $$ EXECUTE 'DROP INDEX ix_a' $$", "gmos.ix_a", "btree (a)", FACT_INDEX, true},
	{"ALTER TYPE t ADD VALUE 'red'", "t.red", "", FACT_LABEL, true},
	{"ALTER TYPE t ADD VALUE 'red''s'", "t.\"red's\"", "", FACT_LABEL, true},
	{"ALTER TYPE t ADD VALUE 'reddish'", "t.red", "", FACT_LABEL, false},
	{"SELECT red FROM t", "t.red", "", FACT_LABEL, false},
	{"SELECT f(1)", "f(integer, other.t)", "", FACT_FUNCTION, true},
	{"SELECT g(1)", "f(integer, other.t)", "", FACT_FUNCTION, false},
	{"ALTER TABLE a ADD b int REFERENCES gmos", "gmos.gmos_pkey", "PRIMARY KEY (id)", FACT_CONSTRAINT, true},
	{"ALTER TABLE a ADD b int REFERENCES niri", "gmos.gmos_pkey", "PRIMARY KEY (id)", FACT_CONSTRAINT, false},
	{"ALTER TABLE a ADD b int REFERENCES gmos", "gmos.c", "CHECK ((id > 0))", FACT_CONSTRAINT, false},
	{"ALTER TABLE gmos ADD b int", "gmos.gmos_pkey", "PRIMARY KEY (id)", FACT_CONSTRAINT, false},
	{"INSERT INTO gmos VALUES (1) ON CONFLICT (id) DO NOTHING", "gmos.i", "unique btree (id)", FACT_INDEX, true},
	{"ALTER TABLE public.a ADD b int", "public", "", FACT_SCHEMA, false},
	{"ALTER TABLE other.a ADD b int", "other", "", FACT_SCHEMA, true},
};

START_TEST(scripts_name_objects)
{
	char	   *text = mem_string(names[_i].text);
	struct statement_list_item statement = {.text = text};
	struct statement_list list = {.count = 1,.statements = &statement};
	struct fact fact = {names[_i].kind, names[_i].name, names[_i].definition};
	struct named named;

	named_read(&named, &list);
	ck_assert_msg(named_has(&named, &fact) == names[_i].has, "%s: %s", names[_i].text, names[_i].name);
	named_clear(&named);
	mem_free(text);
}
END_TEST

static const struct {
	enum fact_kind kind;
	const char *name;
	const char *sql;			/* NULL: it is not taken away */
}			drops[] = {
	{FACT_TABLE, "other.gmos", "DROP table other.gmos CASCADE"},
	{FACT_MATERIALIZED_VIEW, "m", "DROP materialized view m CASCADE"},
	{FACT_COLUMN, "other.gmos.id", "ALTER TABLE other.gmos DROP COLUMN id CASCADE"},
	{FACT_INDEX, "other.gmos.i", "DROP INDEX other.i CASCADE"},
	{FACT_INDEX, "gmos.\"i.j\"", "DROP INDEX \"i.j\" CASCADE"},
	{FACT_LABEL, "t.\"red's\"", "ALTER TYPE t RENAME VALUE 'red''s' TO 'taken away'"},
	{FACT_TRIGGER, "gmos.t", "DROP trigger t ON gmos"},
	{FACT_FUNCTION, "f(integer)", "DROP ROUTINE f(integer) CASCADE"},
	{FACT_PRIVILEGE, "table gmos to apache", NULL},
};

START_TEST(objects_are_taken_away)
{
	struct fact fact = {drops[_i].kind, drops[_i].name, ""};
	char	   *sql = named_drop(&fact);

	if (drops[_i].sql && sql)
		ck_assert_str_eq(sql, drops[_i].sql);
	else
		ck_assert_ptr_eq(sql, drops[_i].sql);
	mem_free(sql);
}
END_TEST

/* The text of a file after a server has printed the facts of one version. `old` may be NULL. */
static char *
merged(const char *old, const char *facts, unsigned servers)
{
	struct fact_history recorded = {0};
	struct fact_set live = {0};
	struct state nothing = {0};
	struct state before = {0};
	struct state after;
	char	   *message;
	char	   *text = NULL;
	size_t		length;
	unsigned	line;
	char	   *copy = mem_string(facts);
	FILE	   *stream = mem_stream_open(&text, &length);

	for (char *at = copy; *at;) {
		char	   *end = at + strcspn(at, "\n");
		struct fact fact;

		*end = '\0';
		ck_assert(fact_parse(at, &fact));
		fact_add(&live, fact.kind, fact.name, fact.definition);
		at = end + 1;
	}
	fact_set_sort(&live);
	if (old) {
		char	   *whole = mem_format("version 0 base 1\n%s", old);

		ck_assert(fact_history_parse(&recorded, whole, strlen(whole), &line, &message));
		state_of_history(&before, &recorded, 0);
		mem_free(whole);
	}
	state_merge(&after, &live, servers, old ? &before : NULL, NULL);
	state_write(stream, &nothing, &after);
	mem_stream_close(stream);
	state_clear(&after);
	state_clear(&before);
	fact_history_clear(&recorded);
	fact_set_clear(&live);
	mem_free(copy);
	return text;
}

static const struct {
	const char *old;
	const char *facts;
	unsigned	servers;
	const char *text;
}			merges[] = {
	/* A new fact is known of this class only, and then of more. */
	{NULL, "view v\ta\n", FACT_SERVERS_15, "+15 view v\ta\n"},
	{"+15 view v\ta\n", "view v\ta\n", FACT_SERVERS_10, "+10,15 view v\ta\n"},
	{"+10,15 view v\ta\n", "view v\ta\n", FACT_SERVERS_18, "+ view v\ta\n"},
	{"+10,15 view v\ta\n", "view v\tb\n", FACT_SERVERS_18, "+10,15 view v\ta\n+18 view v\tb\n"},
	/* Where 15 prints the same, what others print is kept; if not, it is not known any more. */
	{"+10,15 view v\ta\n+18 view v\tb\n", "view v\ta\n", FACT_SERVERS_15, "+10,15 view v\ta\n+18 view v\tb\n"},
	{"+10,15 view v\ta\n+18 view v\tb\n", "view v\tc\n", FACT_SERVERS_15, "+15 view v\tc\n"},
	/* Facts that not all have. */
	{"+ table t\n", "table t\nview v\ta\n", FACT_SERVERS_10, "+ table t\n+10 view v\ta\n~15,18 view v\n"},
	{"+15 table t\n", "table t\nview v\ta\n", FACT_SERVERS_10, "+10,15 table t\n+10 view v\ta\n~15 view v\n"},
	{"+ table t\n", "", FACT_SERVERS_18, "+10,15 table t\n~18 table t\n"},
	{"+ table t\n", "", FACT_SERVERS_15, ""},
	{"+10 table t\n~15,18 table t\n", "", FACT_SERVERS_15, "+10 table t\n~15,18 table t\n"},
	{"+10 table t\n~15,18 table t\n", "table t\n", FACT_SERVERS_15, "+15 table t\n"},
	/* Columns and labels in their order. */
	{NULL, "column t.a\tint\tafter: c\ncolumn t.b\tint\ncolumn t.c\tint\tafter: b\ncolumn u.a\tint\tafter: z\n",
	FACT_SERVERS_15, "+15 column t.b\tint\n+15 column t.c\tint\tafter: b\n+15 column t.a\tint\tafter: c\n"
	"+15 column u.a\tint\tafter: z\n"},
	{NULL, "label t.\"a b\"\tafter: c\nlabel t.c\n", FACT_SERVERS_15, "+15 label t.c\n+15 label t.\"a b\"\tafter: c\n"},
};

START_TEST(facts_of_several_servers_are_merged)
{
	char	   *text = merged(merges[_i].old, merges[_i].facts, merges[_i].servers);

	ck_assert_str_eq(text, merges[_i].text);
	mem_free(text);
}
END_TEST

Suite *
gen_measure_suite(void)
{
	Suite	   *suite = suite_create("gen_measure");
	TCase	   *tests = tcase_create("measure");

	tcase_add_loop_test(tests, scripts_name_objects, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_loop_test(tests, objects_are_taken_away, 0, sizeof(drops) / sizeof(drops[0]));
	tcase_add_loop_test(tests, facts_of_several_servers_are_merged, 0, sizeof(merges) / sizeof(merges[0]));
	suite_add_tcase(suite, tests);
	return suite;
}
