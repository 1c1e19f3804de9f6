/* Sections are split into statements. */
#include <string.h>

#include "sections.h"
#include "split.h"
#include "unit/gen_input.h"
#include "unit/suites.h"

#include "base/banned.h"

/* The statements as "LINE: text" lines; the text of one that is concurrent is followed by "<index>", "<>" without. */
struct split_case {
	const char *text;
	const char *statements;
	const char *errors;
};

static const struct split_case cases[] = {
	{"SELECT 1;", "1: SELECT 1\n", ""},
	{"\n-- c\n/* d; */\n SELECT\t1 \n;\nSELECT 2;\n-- end\n", "4: SELECT\t1\n6: SELECT 2\n", ""},
	{"a; /* x */ -- y\n /* z */", "1: a\n", ""},
	{"a;;\n;b;", "1: a\n2: b\n", ""},
	{"", "", ""},
	{" \n-- c\n/* c */", "", ""},
	{"SELECT -- it's; \" $$ /*\n 1;", "1: SELECT -- it's; \" $$ /*\n 1\n", ""},
	{"SELECT 1 -- last\n;", "1: SELECT 1 -- last\n", ""},
	{"a /* one /* two; */ three; */ b; c;", "1: a /* one /* two; */ three; */ b\n1: c\n", ""},
	{"SELECT 'a;''b', \"c;\"\"d\", 1;", "1: SELECT 'a;''b', \"c;\"\"d\", 1\n", ""},
	{"SELECT 'back\\'; x;", "1: SELECT 'back\\'\n1: x\n", ""},
	{"SELECT E'it\\'s;', e'\\\\'; x;", "1: SELECT E'it\\'s;', e'\\\\'\n1: x\n", ""},
	{"SELECT E'a'\n'it\\'s;';", "1: SELECT E'a'\n'it\\'s;'\n", ""},
	{"SELECT U&'d\\0061;', U&\"d;\\0061\";", "1: SELECT U&'d\\0061;', U&\"d;\\0061\"\n", ""},
	{"DO $$ BEGIN; END; $$; x;", "1: DO $$ BEGIN; END; $$\n1: x\n", ""},
	{"DO $a$ $b$ ; $b$ $ $$ ; $a$; x;", "1: DO $a$ $b$ ; $b$ $ $$ ; $a$\n1: x\n", ""},
	{"SELECT a$b$; c$b$;", "1: SELECT a$b$\n1: c$b$\n", ""},
	{"SELECT (1; 2);", "1: SELECT (1; 2)\n", ""},
	{"SELECT a[1:n], b::int, :c, :'d';", "1: SELECT a[1:n], b::int, :c, :'d'\n", ""},
	{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END; x;",
	"1: CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END\n1: x\n", ""},
	{"CREATE OR REPLACE PROCEDURE p()\nBEGIN ATOMIC\n\tINSERT INTO t VALUES (1);\nEND;\nx;",
	"1: CREATE OR REPLACE PROCEDURE p()\nBEGIN ATOMIC\n\tINSERT INTO t VALUES (1);\nEND\n5: x\n", ""},
	{"SELECT '\303\251;', \"\346\227\245\";", "1: SELECT '\303\251;', \"\346\227\245\"\n", ""},
	{"a -- one\r; b;", "1: a -- one\n1: b\n", ""},

	{"CREATE INDEX CONCURRENTLY ix_a ON t (a);", "1: CREATE INDEX CONCURRENTLY ix_a ON t (a)<ix_a>\n", ""},
	{"create unique index concurrently /* c */ if not exists s.\"Ix;A\" on t (a);",
	"1: create unique index concurrently /* c */ if not exists s.\"Ix;A\" on t (a)<s.\"Ix;A\">\n", ""},
	{"CREATE INDEX CONCURRENTLY ON t (a);", "1: CREATE INDEX CONCURRENTLY ON t (a)<>\n", ""},
	{"DROP INDEX CONCURRENTLY a;", "1: DROP INDEX CONCURRENTLY a<>\n", ""},
	{"REINDEX (VERBOSE) TABLE CONCURRENTLY t;", "1: REINDEX (VERBOSE) TABLE CONCURRENTLY t<>\n", ""},
	{"REINDEX (CONCURRENTLY) TABLE t;", "1: REINDEX (CONCURRENTLY) TABLE t<>\n", ""},
	{"ALTER TABLE t DETACH PARTITION p CONCURRENTLY;", "1: ALTER TABLE t DETACH PARTITION p CONCURRENTLY<>\n", ""},
	{"CREATE INDEX \"concurrently\" ON t (a); REFRESH MATERIALIZED VIEW CONCURRENTLY v; SELECT 'CONCURRENTLY';",
	"1: CREATE INDEX \"concurrently\" ON t (a)\n1: REFRESH MATERIALIZED VIEW CONCURRENTLY v\n"
	"1: SELECT 'CONCURRENTLY'\n", ""},

	{"a;\nSELECT 'x\n;\n", "1: a\n", "2: unterminated quoted string\n"},
	{"a;\nSELECT \"x;\n", "1: a\n", "2: unterminated quoted identifier\n"},
	{"a;\n\n/* /* */ b;", "1: a\n", "3: unterminated comment\n"},
	{"DO\n$x$ a; $$;\n", "", "2: unterminated dollar-quoted string\n"},
	{"SELECT\n(1, (2);\na;\n", "", "2: unclosed parenthesis\n"},
	{"SELECT (\n1));\na;\n", "3: a\n", "2: unmatched closing parenthesis\n"},
	{"a;\n\nSELECT 1\n-- end\n", "1: a\n", "3: the last statement has no semicolon\n"},
	{"a;\nCREATE FUNCTION f() BEGIN ATOMIC SELECT 1;", "1: a\n", "2: unterminated statement\n"},
	{"a;\n\\d t\nb;", "1: a\n", "2: psql meta-command \"\\d\"\n"},
	{"SELECT 1 \\gset\n", "", "1: psql meta-command \"\\gset\"\n"},
	{"SELECT 1\\; SELECT 2;", "", "1: psql meta-command \"\\;\"\n"},
	{"\n SELECT :{?x};", "", "2: psql meta-command \":{?x};\"\n"},
	{"COPY t FROM STDIN;\n1\tit's\n\\.\n", "1: COPY t FROM STDIN\n", "2: unterminated quoted string\n"}
};

static const char *
render(struct gen_input *it, const struct history_section *section)
{
	const char *text = "";

	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *one = &section->statements[i];

		text = arena_format(&it->arena, "%s%u: %.*s%s%s%s\n", text, one->line, (int) one->length,
							it->input.text + one->offset, one->concurrent ? "<" : "", one->index ? one->index : "",
							one->concurrent ? ">" : "");
	}
	return text;
}

START_TEST(statements_are_split)
{
	const struct split_case *one = &cases[_i];
	struct gen_input it;
	struct history_section section;

	gen_input_start(&it, one->text, strlen(one->text));
	sections_none(&it.input, &section);
	ck_assert_int_eq(split_section(&it.input, &section), one->errors[0] == '\0');
	ck_assert_str_eq(render(&it, &section), one->statements);
	if (one->text[0])
		ck_assert_str_eq(gen_input_errors(&it), one->errors);
	gen_input_stop(&it);
}
END_TEST

START_TEST(offsets_are_of_the_file)
{
	static const char text[] = "-- migrate:up\nSELECT 1;\n\n-- migrate:down\n  SELECT 'down';\n";
	struct gen_input it;
	struct history_section up;
	struct history_section down;

	gen_input_start(&it, text, sizeof(text) - 1);
	ck_assert(sections_find(&it.input, &up, &down));
	ck_assert(split_section(&it.input, &up) && split_section(&it.input, &down));
	ck_assert_str_eq(render(&it, &up), "2: SELECT 1\n");
	ck_assert_str_eq(render(&it, &down), "5: SELECT 'down'\n");
	ck_assert_uint_eq(down.statements[0].offset, (size_t) (strstr(text, "SELECT 'down'") - text));
	gen_input_stop(&it);
}
END_TEST

Suite *
gen_split_suite(void)
{
	Suite	   *suite = suite_create("gen_split");
	TCase	   *tcase = tcase_create("split");

	tcase_add_loop_test(tcase, statements_are_split, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tcase, offsets_are_of_the_file);
	suite_add_tcase(suite, tcase);
	return suite;
}
