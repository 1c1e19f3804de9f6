/* Positions count characters, lines end at LF. */
#include <check.h>
#include <string.h>

#include "base/text.h"
#include "suites.h"

static const struct {
	const char *text;
	size_t		offset;
	unsigned	characters;
	unsigned	line;
	unsigned	column;
	const char *shown;
}			cases[] = {
	{"SELECT 1", 0, 0, 1, 1, "SELECT 1"},
	{"SELECT 1", 0, 7, 1, 8, "SELECT 1"},
	{"a\nbc\nd", 2, 0, 2, 1, "bc"},
	{"a\nbc\nd", 2, 1, 2, 2, "bc"},
	{"a\nbc\nd", 2, 3, 3, 1, "d"},
	{"-- \xc3\xa9\xc3\xa9\nSELECT \xe2\x82\xac x", 8, 9, 2, 10, "SELECT \xe2\x82\xac x"},
	{"\xf0\x9f\x94\xad x", 0, 2, 1, 3, "\xf0\x9f\x94\xad x"},
	{"short", 0, 99, 1, 6, "short"},
	{"short\n", 99, 0, 2, 1, ""},
	{"", 0, 0, 1, 1, ""},
};

START_TEST(test_find)
{
	struct text_position found = text_position((const unsigned char *) cases[_i].text, strlen(cases[_i].text),
											   cases[_i].offset, cases[_i].characters);

	ck_assert_uint_eq(found.line, cases[_i].line);
	ck_assert_uint_eq(found.column, cases[_i].column);
	ck_assert_uint_eq(found.line_length, strlen(cases[_i].shown));
	ck_assert_mem_eq(cases[_i].text + found.line_start, cases[_i].shown, found.line_length);
}
END_TEST

Suite *
position_suite(void)
{
	Suite	   *suite = suite_create("position");
	TCase	   *tcase = tcase_create("find");

	tcase_add_loop_test(tcase, test_find, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
