/* Random SQL and random bytes are split into statements or refused. */
#include <string.h>

#include "history/sql_lexer.h"
#include "parse.h"
#include "parts.h"
#include "repeat.h"
#include "rules.h"
#include "sections.h"
#include "split.h"
#include "unit/gen_input.h"
#include "unit/suites.h"

#include "base/banned.h"

#define ROUNDS 20000
#define PIECES 24

/* Pieces that are difficult for lexers. */
static const char *const pieces[] = {
	"'", "''", "\"", "$", "$$", "$a$", "/*", "*/", "--", "\n", "\r", "\r\n", " ", "\t", "\f", "\v", ";", ";\n", "(",
	")", "[", "]", "\\", "\\;", ":", "::", ":a", ":'a'", ":{?a}", "E'", "U&'", "U&\"", "B'", "a", "1", ".", ",", "*",
	"+", "-", "/", "\303\251", "-- migrate:up\n", "-- migrate:down\n", "\n-- migrate:up transaction:false\n",
	"-- migrate:x\n", "CREATE ", "INDEX ", "CONCURRENTLY ", "IF NOT EXISTS ", "ON ", "ALTER TABLE ", "ADD ", "DROP ",
	"FUNCTION ", "BEGIN ", "ATOMIC ", "CASE ", "END ", "COPY ", "FROM STDIN", "INSERT INTO ", "REINDEX ", "TYPE ",
	"VALUE ", "RENAME ", "COLUMN ", "TABLE ", "CASCADE", "USING "
};

/* xorshift: the same numbers everywhere, so that a failure can be seen again. */
static unsigned
next_random(unsigned *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static size_t
random_text(unsigned *state, char *text)
{
	size_t		length = 0;
	unsigned	count = next_random(state) % PIECES + 1;

	while (count-- > 0) {
		const char *piece = pieces[next_random(state) % (sizeof(pieces) / sizeof(pieces[0]))];

		length = (size_t) (stpcpy(text + length, piece) - text);
	}
	return length;
}

/* Between statements there is nothing but blanks, comments and semicolons: none is lost, none overlaps. */
static void
check_statements(const struct source_input *input, const struct history_section *section, bool whole)
{
	size_t		at = section->offset;

	for (size_t i = 0; i <= section->count; i++) {
		const struct history_statement *one = i < section->count ? &section->statements[i] : NULL;
		size_t		until = one ? one->offset : section->offset + section->length;
		struct sql_lexer between;
		struct sql_lexer_word word;

		ck_assert_uint_le(at, until);
		if (!one && !whole)
			break;
		sql_lexer_start(&between, input->text + at, until - at);
		while (whole && sql_lexer_next(&between, &word))
			ck_assert_int_eq(input->text[at + word.offset], ';');
		if (!one)
			break;
		ck_assert_uint_gt(one->length, 0);
		ck_assert(!sql_lexer_blank(input->text[one->offset]) && !sql_lexer_blank(input->text[one->offset
		+ one->length - 1]));
		ck_assert_uint_eq(one->line, source_line(input, one->offset));
		at = one->offset + one->length;
	}
}

static void
judge_statements(const struct source_input *input, const struct history_section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *one = &section->statements[i];
		struct sql_lexer_phrase phrase;

		phrase_read(&phrase, input->text + one->offset, one->length);
		rules_statement(input, section, one, &phrase);
		repeat_check(input, one, &phrase, "Why.");
		phrase_clear(&phrase);
	}
}

static void
try_text(const char *text, size_t length)
{
	struct gen_input it;
	struct history_section body;
	struct history_section up;
	struct history_section down;

	gen_input_start(&it, text, length);
	if (it.input.source.length > 0) {
		size_t		before;
		bool		whole;

		if (sections_find(&it.input, &up, &down)) {
			split_section(&it.input, &up);
			split_section(&it.input, &down);
			rules_alone(&it.input, &up, &down);
			parts_split(&it.input, &down);
		}
		sections_none(&it.input, &body);
		before = it.errors.count;
		whole = split_section(&it.input, &body);
		ck_assert_int_eq(whole, it.errors.count == before);
		check_statements(&it.input, &body, whole);
		judge_statements(&it.input, &body);
	}
	gen_input_stop(&it);
}

START_TEST(pieces_of_sql_are_split_or_refused)
{
	unsigned	state = 2463534242U;
	char		text[PIECES * 64];

	for (int i = 0; i < ROUNDS; i++)
		try_text(text, random_text(&state, text));
}
END_TEST

START_TEST(bytes_are_split_or_refused)
{
	unsigned	state = 88675123U;
	char		text[64];

	for (int i = 0; i < ROUNDS; i++) {
		size_t		length = next_random(&state) % sizeof(text);

		for (size_t j = 0; j < length; j++)
			text[j] = (char) next_random(&state);
		try_text(text, length);
	}
}
END_TEST

Suite *
gen_random_sql_suite(void)
{
	Suite	   *suite = suite_create("gen_random_sql");
	TCase	   *tcase = tcase_create("fuzz");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, pieces_of_sql_are_split_or_refused);
	tcase_add_test(tcase, bytes_are_split_or_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
