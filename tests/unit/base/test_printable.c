/* Texts from outside are safe to print on a terminal. */
#include <check.h>

#include "base/mem.h"
#include "base/printable.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *text;
	const char *shown;
}			cases[] = {
	{"diskfile", "diskfile"},
	{"", ""},
	{"a\nb\tc\rd", "a\\nb\\tc\\rd"},
	{"\033[2J\007\177\001", "\\x1b[2J\\x07\\x7f\\x01"},
	/* C1: 0x9b as UTF-8 is what ESC [ is. */
	{"\302\233" "2J\302\200\302\237\302\240", "\\u009b2J\\u0080\\u009f\302\240"},
	{"\342\200\252\342\200\256\342\201\246\342\201\251", "\\u202a\\u202e\\u2066\\u2069"},
	{"\342\200\216\342\200\217\330\234", "\\u200e\\u200f\\u061c"},
	{"\342\200\250\342\200\251", "\\u2028\\u2029"},
	{"\303\251\342\202\254\360\237\230\200", "\303\251\342\202\254\360\237\230\200"},
	/* Not UTF-8: LATIN1, cut off, overlong, a surrogate. */
	{"\344b", "\\xe4b"},
	{"a\303", "a\\xc3"},
	{"\300\212", "\\xc0\\x8a"},
	{"\355\240\200", "\\xed\\xa0\\x80"},
	{"\233" "2J", "\\x9b2J"},
	{"'\\d+'", "'\\d+'"},
	{"ALTER ROLE x\nPASSWORD 'secret'", "ALTER ROLE x\\nPASSWORD '***'"},
};

START_TEST(one_line_that_moves_no_cursor)
{
	char	   *shown = printable(cases[_i].text);
	char	   *again = printable(shown);

	ck_assert_str_eq(shown, cases[_i].shown);
	ck_assert_str_eq(again, shown);
	mem_free(again);
	mem_free(shown);
}
END_TEST

START_TEST(several_lines)
{
	char	   *lines = printable_lines("a\n\tb\033\r\nPASSWORD 'secret");
	char	   *valid = printable_utf8("a\n\344\303\251\033");
	char	   *json = printable_json("{\n\"\303\251\\n\": \"\302\233\342\200\256\177\"}");

	ck_assert_str_eq(lines, "a\n\tb\\x1b\\r\nPASSWORD '***'");
	ck_assert_str_eq(valid, "a\n\\xe4\303\251\033");
	ck_assert_str_eq(json, "{\n\"\303\251\\n\": \"\\u009b\\u202e\\u007f\"}");
	mem_free(json);
	mem_free(valid);
	mem_free(lines);
}
END_TEST

static const struct {
	const char *sql;
	const char *shown;
}			statements[] = {
	{"DROP INDEX public.\"My Index\";", "DROP INDEX public.\"My Index\";"},
	{"DROP INDEX public.\"a\nsame: b\";", "DROP INDEX public.U&\"a\\000asame: b\";"},
	{"DROP INDEX \"a\\\033\"\"b\";", "DROP INDEX U&\"a\\\\\\001b\"\"b\";"},
	{"DROP INDEX \"a\\\";", "DROP INDEX \"a\\\";"},
	{"ALTER TABLE \"\342\200\256x\" OWNER TO \"y\nz\"", "ALTER TABLE U&\"\\202ex\" OWNER TO U&\"y\\000az\""},
	/* Other text is not changed. */
	{"SELECT '\"a\nb\"', E'\\'\"\n\"', $x$\"\n\"$x$;\n-- \"\n/* \"\n/* */ \n\" */ SELECT \"\n\"",
		"SELECT '\"a\nb\"', E'\\'\"\n\"', $x$\"\n\"$x$;\n-- \"\n/* \"\n/* */ \n\" */ SELECT U&\"\\000a\""},
	{"SELECT a$b$, \"\n\", c$b$", "SELECT a$b$, U&\"\\000a\", c$b$"},
	{"SELECT 'not ended", "SELECT 'not ended"},
	{"SELECT /* not ended \"\n", "SELECT /* not ended \"\n"},
	{"PASSWORD 'secret'", "PASSWORD 'secret'"},
	{"DROP INDEX \"\344\";",
		"-- A name below has bytes that are not UTF-8, shown as \\x..: replace them by hand.\n"
	"DROP INDEX U&\"\\\\xe4\";"},
};

START_TEST(sql_keeps_its_meaning)
{
	char	   *shown = printable_sql(statements[_i].sql);

	ck_assert_str_eq(shown, statements[_i].shown);
	mem_free(shown);
}
END_TEST

Suite *
printable_suite(void)
{
	Suite	   *suite = suite_create("printable");
	TCase	   *tcase = tcase_create("printable");

	tcase_add_loop_test(tcase, one_line_that_moves_no_cursor, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, several_lines);
	tcase_add_loop_test(tcase, sql_keeps_its_meaning, 0, sizeof(statements) / sizeof(statements[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
