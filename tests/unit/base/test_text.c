/* Positions in a text, and texts in lines of a width. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "unit/suites.h"

#include "base/banned.h"

/* Positions count characters, lines end at LF. */
static const struct {
	const char *text;
	size_t		offset;
	unsigned	characters;
	unsigned	line;
	unsigned	column;
	const char *shown;
}			positions[] = {
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

START_TEST(position_is_found)
{
	struct text_position found = text_position((const unsigned char *) positions[_i].text, strlen(positions[_i].text),
											   positions[_i].offset, positions[_i].characters);

	ck_assert_uint_eq(found.line, positions[_i].line);
	ck_assert_uint_eq(found.column, positions[_i].column);
	ck_assert_uint_eq(found.line_length, strlen(positions[_i].shown));
	ck_assert_mem_eq(positions[_i].text + found.line_start, positions[_i].shown, found.line_length);
}
END_TEST

static const struct {
	const char *text;
	int			indent;
	int			width;
	const char *lines;
}			wrapped[] = {
	{"one two three", 0, 13, "one two three\n"},
	{"one two three", 0, 12, "one two\n  three\n"},
	{"one two three", 2, 9, "  one two\n    three\n"},
	{"one  two", 0, 4, "one\n  two\n"},
	{"immeasurable words", 0, 5, "immeasurable\n  words\n"},
	{"one two three", 4, 0, "    one two three\n"},
	{"one two", 8, 4, "        one\n          two\n"},
	{"\303\251\303\251\303\251 \303\251\303\251\303\251", 0, 7, "\303\251\303\251\303\251 \303\251\303\251\303\251\n"},
	{"\303\251\303\251\303\251 \303\251\303\251\303\251", 0, 6,
	"\303\251\303\251\303\251\n  \303\251\303\251\303\251\n"},
	{"", 0, 10, ""},
};

START_TEST(lines_end_between_words)
{
	char	   *lines;
	size_t		length;
	FILE	   *stream = mem_stream_open(&lines, &length);

	text_write(stream, wrapped[_i].indent, wrapped[_i].width, wrapped[_i].text);
	mem_stream_close(stream);
	ck_assert_str_eq(lines, wrapped[_i].lines);
	mem_free(lines);
}
END_TEST

START_TEST(characters_are_whole)
{
	ck_assert_int_eq(text_columns("a\303\251\342\202\254b"), 4);
	ck_assert_int_eq(text_bytes("a\303\251\342\202\254b", 0), 0);
	ck_assert_int_eq(text_bytes("a\303\251\342\202\254b", 2), 3);
	ck_assert_int_eq(text_bytes("a\303\251\342\202\254b", 3), 6);
	ck_assert_int_eq(text_bytes("a\303\251\342\202\254b", 9), 7);
}
END_TEST

START_TEST(an_ellipsis_is_at_the_end)
{
	char	   *cut = text_cut("a\303\251\342\202\254bcdef", 6);

	ck_assert_str_eq(cut, "a\303\251\342\202\254...");
	mem_free(cut);
}
END_TEST

Suite *
text_suite(void)
{
	Suite	   *suite = suite_create("text");
	TCase	   *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, position_is_found, 0, sizeof(positions) / sizeof(positions[0]));
	tcase_add_loop_test(tcase, lines_end_between_words, 0, sizeof(wrapped) / sizeof(wrapped[0]));
	tcase_add_test(tcase, characters_are_whole);
	tcase_add_test(tcase, an_ellipsis_is_at_the_end);
	suite_add_tcase(suite, tcase);
	return suite;
}
