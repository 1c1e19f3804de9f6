/* Bytes of a file become text, or are refused. */
#include <string.h>

#include "base/sha256.h"
#include "unit/gen_input.h"
#include "unit/suites.h"

#include "base/banned.h"

struct source_case {
	const char *bytes;
	size_t		length;
	const char *text;			/* what it becomes, or NULL */
	const char *errors;
};

#define GOOD(bytes, text) {bytes, sizeof(bytes) - 1, text, ""}
#define BAD(bytes, errors) {bytes, sizeof(bytes) - 1, NULL, errors}

static const struct source_case cases[] = {
	GOOD("a\r\nb\r\n", "a\nb\n"),
	GOOD("a\rb", "a\rb"),
	GOOD("a\r\r\nb", "a\r\nb"),
	GOOD("a\r", "a"),
	GOOD("a\r\r", "a\r"),
	GOOD("\r\n", "\n"),
	GOOD("\x7f \xc2\x80 \xdf\xbf", "\x7f \xc2\x80 \xdf\xbf"),
	GOOD("\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf", "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"),
	GOOD("\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"),
	GOOD("a \xef\xbb\xbf inside", "a \xef\xbb\xbf inside"),
	GOOD("=======\n<<<<<<<\n <<<<<<< a\n>>>>>>>> b\n", "=======\n<<<<<<<\n <<<<<<< a\n>>>>>>>> b\n"),
	BAD("", "1: empty file\n"),
	BAD("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> add_note\n", "2: conflict marker of a merge\n"),
	BAD("a\n>>>>>>> add_note\n", "2: conflict marker of a merge\n"),
	BAD("\r", "1: empty file\n"),
	BAD("\xef\xbb\xbfSELECT", "1: byte order mark\n"),
	BAD("a\nb\0c\n", "2: NUL byte\n"),
	BAD("a\n\nb\xe9\n", "3: invalid UTF-8 (byte 0xe9)\n"),
	BAD("\x80", "1: invalid UTF-8 (byte 0x80)\n"),
	BAD("\xc0\xaf", "1: invalid UTF-8 (byte 0xc0)\n"),
	BAD("\xc1\xbf", "1: invalid UTF-8 (byte 0xc1)\n"),
	BAD("\xe0\x9f\xbf", "1: invalid UTF-8 (byte 0xe0)\n"),
	BAD("\xed\xa0\x80", "1: invalid UTF-8 (byte 0xed)\n"),
	BAD("\xed\xbf\xbf", "1: invalid UTF-8 (byte 0xed)\n"),
	BAD("\xf0\x8f\xbf\xbf", "1: invalid UTF-8 (byte 0xf0)\n"),
	BAD("\xf4\x90\x80\x80", "1: invalid UTF-8 (byte 0xf4)\n"),
	BAD("\xf8\x88\x80\x80\x80", "1: invalid UTF-8 (byte 0xf8)\n"),
	BAD("\xff", "1: invalid UTF-8 (byte 0xff)\n"),
	BAD("cut off \xe2\x82", "1: invalid UTF-8 (byte 0xe2)\n"),
	BAD("\xff\xfe-\0", "1: NUL byte\n1: invalid UTF-8 (byte 0xff)\n")
};

START_TEST(bytes_become_text)
{
	const struct source_case *one = &cases[_i];
	struct gen_input it;

	gen_input_start(&it, one->bytes, one->length);
	ck_assert_int_eq(it.good, one->text != NULL);
	ck_assert_str_eq(gen_input_errors(&it), one->errors);
	if (one->text) {
		char		checksum[SHA256_SIZE];

		ck_assert_uint_eq(it.input.source.length, strlen(one->text));
		ck_assert_str_eq(it.input.text, one->text);
		sha256_hex(one->text, strlen(one->text), checksum);
		ck_assert_str_eq(it.input.source.checksum, checksum);
	}
	gen_input_stop(&it);
}
END_TEST

START_TEST(lines_are_counted_from_one)
{
	struct gen_input it;

	gen_input_start(&it, "a\n\nb\n", 5);
	ck_assert_uint_eq(source_line(&it.input, 0), 1);
	ck_assert_uint_eq(source_line(&it.input, 1), 1);
	ck_assert_uint_eq(source_line(&it.input, 2), 2);
	ck_assert_uint_eq(source_line(&it.input, 3), 3);
	ck_assert_uint_eq(source_line(&it.input, 5), 4);
	gen_input_stop(&it);
}
END_TEST

Suite *
gen_source_suite(void)
{
	Suite	   *suite = suite_create("gen_source");
	TCase	   *tcase = tcase_create("source");

	tcase_add_loop_test(tcase, bytes_become_text, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tcase, lines_are_counted_from_one);
	suite_add_tcase(suite, tcase);
	return suite;
}
