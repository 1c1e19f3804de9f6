/* Texts in lines of a width. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "suites.h"

#include "base/banned.h"

static const struct {
	const char *text;
	int			indent;
	int			width;
	const char *lines;
}			cases[] = {
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

	text_write(stream, cases[_i].indent, cases[_i].width, cases[_i].text);
	mem_stream_close(stream);
	ck_assert_str_eq(lines, cases[_i].lines);
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
wrap_suite(void)
{
	Suite	   *suite = suite_create("wrap");
	TCase	   *tcase = tcase_create("wrap");

	tcase_add_loop_test(tcase, lines_end_between_words, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, characters_are_whole);
	tcase_add_test(tcase, an_ellipsis_is_at_the_end);
	suite_add_tcase(suite, tcase);
	return suite;
}
