/* Facts as text, and the history of facts. */
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *name;
	const char *identifier;
}			identifiers[] = {
	{"gmos", "gmos"}, {"a1_b", "a1_b"}, {"user", "\"user\""}, {"date", "date"}, {"between", "\"between\""},
	{"1a", "\"1a\""}, {"", "\"\""}, {"Gmos", "\"Gmos\""}, {"a b", "\"a b\""}, {"a\"b", "\"a\"\"b\""},
	{"a.b", "\"a.b\""}, {"a\tb\\", "\"a\\tb\\\\\""}, {"é", "\"é\""},
};

START_TEST(identifiers_are_quoted_as_the_server_does)
{
	struct arena arena = {0};

	ck_assert_str_eq(fact_identifier(&arena, identifiers[_i].name), identifiers[_i].identifier);
	arena_clear(&arena);
}
END_TEST

START_TEST(texts_are_escaped_and_back)
{
	static const char *const text = "a\tb\\n\nc\r\\";
	struct arena arena = {0};
	const char *escaped = fact_escape(&arena, text);
	char	   *back = fact_unescape(escaped, strlen(escaped));

	ck_assert_str_eq(escaped, "a\\tb\\\\n\\nc\\r\\\\");
	ck_assert_str_eq(back, text);
	ck_assert_str_eq(fact_escape(&arena, "plain"), "plain");
	mem_free(back);
	arena_clear(&arena);
}
END_TEST

static const struct {
	const char *text;
	enum fact_kind kind;
	const char *name;
	size_t		parent;
	const char *definition;
}			texts[] = {
	{"table gmos", FACT_TABLE, "gmos", 0, ""},
	{"column gmos.id\tinteger\tnot null", FACT_COLUMN, "gmos.id", 4, "integer\tnot null"},
	{"column other.\"a.b\".\"c.d\"\ttext", FACT_COLUMN, "other.\"a.b\".\"c.d\"", 11, "text"},
	{"operator class other.c using btree\tx", FACT_OPERATOR_CLASS, "other.c using btree", 0, "x"},
	{"operator @@(integer, integer)\tx", FACT_OPERATOR, "@@(integer, integer)", 0, "x"},
	{"text search parser p\tx", FACT_TEXT_SEARCH_PARSER, "p", 0, "x"},
	{"materialized view v\tx", FACT_MATERIALIZED_VIEW, "v", 0, "x"},
	{"database\tcomment: x", FACT_DATABASE, "", 0, "comment: x"},
};

START_TEST(a_fact_is_parsed)
{
	char	   *text = mem_string(texts[_i].text);
	char	   *parent;
	char	   *longer;
	struct fact fact;

	ck_assert(fact_parse(text, &fact));
	ck_assert_str_eq(fact_kind_word(fact.kind), fact_kind_word(texts[_i].kind));
	ck_assert_str_eq(fact.name, texts[_i].name);
	ck_assert_str_eq(fact.definition, texts[_i].definition);
	ck_assert_uint_eq(fact_parent(&fact), texts[_i].parent);
	parent = mem_copy(fact.name, texts[_i].parent);
	longer = mem_format("%sx", parent);
	ck_assert_int_eq(fact_is_part(&fact, parent), texts[_i].parent > 0);
	ck_assert(!fact_is_part(&fact, longer));
	mem_free(longer);
	mem_free(parent);
	mem_free(text);
}
END_TEST

START_TEST(a_schema_is_found)
{
	static const struct {
		const char *name;
		size_t		schema;
		const char *sql;
	}			names[] = {
		{"gmos", 0, "public.gmos"},
		{"other.gmos", 6, "other.gmos"},
		{"\"a\"\".b\".c", 8, "\"a\"\".b\".c"},
		{"\"a.b\"", 0, "public.\"a.b\""},
		{"f(other.e)", 0, "public.f(other.e)"},
		{"\"(\".f(other.e)", 4, "\"(\".f(other.e)"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char	   *sql = fact_sql_name(names[i].name, strlen(names[i].name));

		ck_assert_uint_eq(fact_schema(names[i].name, strlen(names[i].name)), names[i].schema);
		ck_assert_str_eq(sql, names[i].sql);
		mem_free(sql);
	}
	ck_assert_uint_eq(fact_schema("a.b.c", 3), 2);
}
END_TEST

START_TEST(properties_are_found)
{
	const struct fact fact = {FACT_COLUMN, "t.a", "integer\tnot null\tdefault: ': '::text\tafter: b"};
	const struct fact table = {FACT_TABLE, "t", "owner: x"};
	const char *at = fact.definition;
	struct fact_property property;

	ck_assert(fact_next_property(&fact, &at, &property));
	ck_assert(property.label_length == 4 && memcmp(property.label, "type", 4) == 0 && property.value_length == 7);
	ck_assert(fact_next_property(&fact, &at, &property));
	ck_assert(property.label_length == 8 && property.value_length == 0);
	ck_assert(fact_property(&fact, "default", &property));
	ck_assert_int_eq(strncmp(property.value, "': '::text\t", property.value_length + 1), 0);
	ck_assert(fact_property(&fact, "type", &property) && fact_property(&fact, "after", &property));
	ck_assert(!fact_property(&fact, "owner", &property) && fact_property(&table, "owner", &property));
}
END_TEST

#define SCHEMA \
	"grants 00\nversion 0 base 11\n+ table t\n+ column t.a\tinteger\n+10,15 view v\t1/2\n+18 view v\t3/2\n" \
	"version 1 next 22\n- column t.a\tinteger\n+ column t.a\tbigint\n- view v\t1/2\nneeds column t.a\n" \
	"leaves column t.a\tbigint\nrepeatable\nversion 2 last 33\n- column t.a\tbigint\n+ view v\t5/5\n" \
	"+15,18 function f()\tx\n~10 function f()\n"

static void
expect_at(const struct fact_history *history, int version, unsigned servers, const char *expected)
{
	struct fact_set set;
	char	   *text = NULL;

	fact_history_at(&set, history, version, servers);
	for (size_t i = 0; i < set.count; i++) {
		mem_append(&text, ", ", set.facts[i].name);
		mem_append(&text, "=", set.facts[i].definition);
	}
	ck_assert_str_eq(text, expected);
	mem_free(text);
	fact_set_clear(&set);
}

START_TEST(a_history_is_parsed)
{
	struct fact_history history;
	unsigned	line;
	char	   *message;

	ck_assert(fact_history_parse(&history, SCHEMA, strlen(SCHEMA), &line, &message));
	ck_assert_ptr_null(message);
	ck_assert_int_eq(history.version_count, 3);
	ck_assert(history.versions[1].repeatable && !history.versions[2].repeatable);
	ck_assert_int_eq(strncmp(SCHEMA + history.versions[1].start, "- column t.a\tinteger\n", 21), 0);
	ck_assert_int_eq(strncmp(SCHEMA + history.versions[1].end, "version 2", 9), 0);
	ck_assert_uint_eq(history.versions[2].end, strlen(SCHEMA));
	ck_assert_uint_eq(history.claim_count, 2);
	expect_at(&history, 0, FACT_SERVERS_15, "t=, t.a=integer, v=1/2");
	expect_at(&history, 0, FACT_SERVERS_18, "t=, t.a=integer, v=3/2");
	expect_at(&history, 1, FACT_SERVERS_15, "t=, t.a=bigint");
	expect_at(&history, 2, FACT_SERVERS_10, "t=, v=5/5");
	expect_at(&history, 2, FACT_SERVERS_18, "f()=x, t=, v=5/5");
	fact_history_clear(&history);
}
END_TEST

START_TEST(a_run_and_its_neighbours_are_found)
{
	struct fact_history history;
	unsigned	line;
	char	   *message;
	const struct fact_run *column;
	const struct fact_run *view;

	ck_assert(fact_history_parse(&history, SCHEMA, strlen(SCHEMA), &line, &message));
	column = fact_history_run(&history, FACT_COLUMN, "t.a", 1);
	ck_assert_ptr_nonnull(column);
	ck_assert_str_eq(column->texts[0].definition, "bigint");
	ck_assert_ptr_eq(fact_run_before(&history, column), fact_history_run(&history, FACT_COLUMN, "t.a", 0));
	ck_assert_ptr_eq(fact_run_after(&history, column - 1), column);
	ck_assert(!fact_run_after(&history, column) && !fact_run_before(&history, column - 1));
	ck_assert_ptr_null(fact_history_run(&history, FACT_COLUMN, "t.a", 2));
	ck_assert_ptr_null(fact_history_run(&history, FACT_VIEW, "t.a", 1));
	/* The view is dropped, and created again later. */
	view = fact_history_run(&history, FACT_VIEW, "v", 2);
	ck_assert_ptr_nonnull(view);
	ck_assert_ptr_null(fact_history_run(&history, FACT_VIEW, "v", 1));
	ck_assert_ptr_eq(fact_history_run(&history, FACT_VIEW, "v", 0), view - 1);
	ck_assert(!fact_run_before(&history, view) && !fact_run_after(&history, view - 1));
	fact_history_clear(&history);
	ck_assert_ptr_null(fact_history_run(&history, FACT_VIEW, "v", 2));
}
END_TEST

#define DOWNS \
	"version 0 base 11\n+ table t\n+ column t.a\tinteger\n+ table u\tunlogged\n" \
	"version 1 next 22\n- column t.a\tinteger\n+15 column t.a\tbigint\n+18 column t.a\tint8\n+ index t.i\ta\n" \
	"down drops table t\ndown 2 - column t.a\ndown 2 + column t.a\ndown 2 + column t.b\ttext\n" \
	"down 12 - table u\t\ndown 12 + label e.x\n"

/* The facts of the history's downs, in words; a new string. */
static char *
downs_of(const struct fact_history *history)
{
	char	   *text = NULL;

	for (size_t i = 0; i < history->down_count; i++) {
		const struct fact_down *down = &history->downs[i];
		char	   *one = mem_format("%d %zu %s %s=%s%s", down->version, down->statement, down->adds ? "+" : "-",
									 down->fact.name, down->fact.definition, down->run ? " recorded" : "");

		mem_append(&text, ", ", one);
		mem_free(one);
	}
	return text;
}

START_TEST(what_down_statements_take_and_add_is_parsed)
{
	struct fact_history history;
	unsigned	line;
	char	   *message;
	char	   *text;

	ck_assert(fact_history_parse(&history, DOWNS, strlen(DOWNS), &line, &message));
	ck_assert_uint_eq(history.claim_count, 1);
	text = downs_of(&history);
	ck_assert_str_eq(text, "1 1 - t.a=bigint recorded, 1 1 + t.a=integer recorded, 1 1 + t.b=text, 1 11 - u=, "
					 "1 11 + e.x=");
	ck_assert_uint_eq(history.downs[0].run->count, 2);
	mem_free(text);
	fact_history_clear(&history);
}
END_TEST

static const struct {
	const char *line;
	const char *message;
}			wrong_downs[] = {
	{"down 0 - table t", "a line \"down STATEMENT - FACT\" is incomplete"},
	{"down 1 table t", "a line \"down STATEMENT - FACT\" is incomplete"},
	{"down 1 ~ table t", "a line \"down STATEMENT - FACT\" is incomplete"},
	{"down 1 -table t", "a line \"down STATEMENT - FACT\" is incomplete"},
	{"down 1 - chair t", "this is not a fact"},
	{"down 2 - table t\ndown 1 - table t", "the statements of the down are not in order"},
};

START_TEST(a_wrong_line_about_a_down_is_refused)
{
	struct fact_history history;
	char	   *text = mem_format("version 0 base 11\n+ table t\n%s\n", wrong_downs[_i].line);
	unsigned	line;
	char	   *message;

	ck_assert(!fact_history_parse(&history, text, strlen(text), &line, &message));
	ck_assert_str_eq(message, wrong_downs[_i].message);
	mem_free(message);
	mem_free(text);
	fact_history_clear(&history);
}
END_TEST

Suite *
fact_suite(void)
{
	Suite	   *suite = suite_create("fact");
	TCase	   *tcase = tcase_create("facts");

	tcase_add_loop_test(tcase, identifiers_are_quoted_as_the_server_does, 0,
						(int) (sizeof(identifiers) / sizeof(identifiers[0])));
	tcase_add_test(tcase, texts_are_escaped_and_back);
	tcase_add_loop_test(tcase, a_fact_is_parsed, 0, (int) (sizeof(texts) / sizeof(texts[0])));
	tcase_add_test(tcase, a_schema_is_found);
	tcase_add_test(tcase, properties_are_found);
	tcase_add_test(tcase, a_history_is_parsed);
	tcase_add_test(tcase, a_run_and_its_neighbours_are_found);
	tcase_add_test(tcase, what_down_statements_take_and_add_is_parsed);
	tcase_add_loop_test(tcase, a_wrong_line_about_a_down_is_refused, 0,
						(int) (sizeof(wrong_downs) / sizeof(wrong_downs[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
