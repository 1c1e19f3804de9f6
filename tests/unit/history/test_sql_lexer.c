/* SQL is split into words. */
#include <string.h>

#include "history/sql_lexer.h"
#include "unit/suites.h"

#include "base/banned.h"

/* Words as letters: Name, Quoted, String, Dollar, Comment, or the symbol itself; "!" after one that does not end. */
struct words_case {
	const char *text;
	const char *words;
};

static const struct words_case cases[] = {
	{"", ""},
	{" \t\n\f\r", ""},
	{"SELECT a1_$, \"b c\"", "NN,Q"},
	{"-- it's\nSELECT", "N"},
	{"-- a comment ends at a CR too\rSELECT", "N"},
	{"/* a /* nested */ ' */ SELECT", "N"},
	{"/* a /* nested */ ", "C!"},
	{"/*/ not closed", "C!"},
	{"a/* ' */b", "NN"},
	{"a--'\nb", "NN"},
	{"a*/* ' */b", "N*N"},
	{"'it''s'", "S"},
	{"'back\\' x", "SN"},
	{"E'it\\'s' e'\\\\' x", "SSN"},
	{"E'a'\n'it\\'s' x", "SN"},
	{"'a' -- more\n 'b' x", "SN"},
	{"'a' 'b'", "SS"},
	{"'a' /* c */\n 'b'", "SS"},
	{"n'a' B'01' x'ff' U&'d\\' x", "SSSSN"},
	{"u&\"d;\" U&\"\"", "QQ"},
	{"u & 'x' ue'\\'", "N&SNS"},
	{"\"a\"\"b\" \"", "QQ!"},
	{"'open", "S!"},
	{"E'open\\'", "S!"},
	{"$$ ; ' $$ x", "DN"},
	{"$a$ $b$ $$ $a$", "D"},
	{"$a$ $ab$ $ba$a$", "D"},
	{"$a$ open $$", "D!"},
	{"a$b$c $1 $2$", "N$1$2$"},
	{"\303\251t\303\251", "N"},
	{"a.b[1]::c", "N.N[1]::N"}
};

static char
letter(const struct sql_lexer_word *word, const char *text)
{
	static const char letters[] = {[WORD_NAME] = 'N', [WORD_QUOTED] = 'Q', [WORD_STRING] = 'S', [WORD_DOLLAR] = 'D',
		[WORD_COMMENT] = 'C'};

	if (word->kind == WORD_SYMBOL)
		return text[word->offset];
	return letters[word->kind];
}

START_TEST(words_are_found)
{
	const struct words_case *one = &cases[_i];
	char		found[64] = "";
	size_t		count = 0;
	struct sql_lexer words;
	struct sql_lexer_word word;

	sql_lexer_start(&words, one->text, strlen(one->text));
	while (sql_lexer_next(&words, &word)) {
		ck_assert_uint_lt(count, sizeof(found) - 2);
		ck_assert_uint_gt(word.length, 0);
		found[count++] = letter(&word, one->text);
		if (word.open)
			found[count++] = '!';
	}
	ck_assert_str_eq(found, one->words);
}
END_TEST

START_TEST(comments_are_given_where_asked_for)
{
	static const char text[] = "-- a\n/* b /* c */ */d--e\r'-- f' --";
	static const char *const expected[] = {"-- a", "/* b /* c */ */", "d", "--e", "'-- f'", "--"};
	struct sql_lexer words;
	struct sql_lexer_word word;
	size_t		count = 0;

	sql_lexer_start(&words, text, sizeof(text) - 1);
	words.comments = true;
	for (; sql_lexer_next(&words, &word); count++) {
		ck_assert_uint_lt(count, sizeof(expected) / sizeof(expected[0]));
		ck_assert_uint_eq(word.length, strlen(expected[count]));
		ck_assert_mem_eq(text + word.offset, expected[count], word.length);
		ck_assert_int_eq(word.kind == WORD_COMMENT, count != 2 && count != 4);
		ck_assert(!word.open);
	}
	ck_assert_uint_eq(count, sizeof(expected) / sizeof(expected[0]));
}
END_TEST

START_TEST(depth_counts_brackets)
{
	static const unsigned depths[] = {0, 0, 1, 1, 2, 1, 0, 0};
	struct sql_lexer words;
	struct sql_lexer_word word;
	size_t		i = 0;

	sql_lexer_start(&words, "a (b [c] ) d", 12);
	for (; sql_lexer_next(&words, &word); i++)
		ck_assert_uint_eq(word.depth, depths[i]);
	ck_assert_uint_eq(i, 8);
}
END_TEST

START_TEST(depth_stays_above_zero)
{
	struct sql_lexer words;
	struct sql_lexer_word word;

	sql_lexer_start(&words, ") ] a", 5);
	while (sql_lexer_next(&words, &word))
		ck_assert_uint_eq(word.depth, 0);
}
END_TEST

START_TEST(phrases_are_compared)
{
	static const char text[] = "Create /* */ UNIQUE index \"on\" (on conflict) on S.\"T\" x";
	struct sql_lexer_phrase phrase;

	phrase_read(&phrase, text, sizeof(text) - 1);
	ck_assert_uint_eq(phrase.count, 13);
	ck_assert_uint_eq(phrase_says(&phrase, 0, "create unique index"), 3);
	ck_assert_uint_eq(phrase_says(&phrase, 0, "CREATE"), 1);
	ck_assert_uint_eq(phrase_says(&phrase, 0, "creat"), 0);
	ck_assert_uint_eq(phrase_says(&phrase, 3, "on"), 0);
	ck_assert_uint_eq(phrase_says(&phrase, 12, "x y"), 0);
	ck_assert_uint_eq(phrase_says(&phrase, 99, "x"), 0);
	ck_assert_uint_eq(phrase_find(&phrase, 0, "on", 0), 8);
	ck_assert_uint_eq(phrase_find(&phrase, 0, "on conflict", 0), phrase.count);
	ck_assert_uint_eq(phrase_find(&phrase, 0, "on conflict", 1), 5);
	ck_assert(phrase_symbol(&phrase, 4, '('));
	ck_assert(!phrase_symbol(&phrase, 13, '('));
	ck_assert_uint_eq(phrase_name_end(&phrase, 9), 12);
	ck_assert_uint_eq(phrase_name_end(&phrase, 4), 4);
	phrase_clear(&phrase);
	ck_assert_ptr_null(phrase.words);
}
END_TEST

START_TEST(an_empty_phrase_says_nothing)
{
	struct sql_lexer_phrase phrase;

	phrase_read(&phrase, "-- only a comment", 17);
	ck_assert_uint_eq(phrase.count, 0);
	ck_assert_uint_eq(phrase_says(&phrase, 0, "a"), 0);
	ck_assert_uint_eq(phrase_find(&phrase, 0, "a", 9), 0);
	ck_assert_uint_eq(phrase_name_end(&phrase, 0), 0);
	phrase_clear(&phrase);
}
END_TEST

Suite *
sql_lexer_suite(void)
{
	Suite	   *suite = suite_create("sql_lexer");
	TCase	   *tcase = tcase_create("words");

	tcase_add_loop_test(tcase, words_are_found, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tcase, comments_are_given_where_asked_for);
	tcase_add_test(tcase, depth_counts_brackets);
	tcase_add_test(tcase, depth_stays_above_zero);
	tcase_add_test(tcase, phrases_are_compared);
	tcase_add_test(tcase, an_empty_phrase_says_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
