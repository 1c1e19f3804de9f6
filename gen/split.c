/* A section, split into statements by psql's lexer; its brackets and quotes are checked with ours. */
#include "split.h"

#include <libpq-fe.h>
#include <string.h>

/* psqlscan.h expects c.h, which would replace printf and the like; of c.h it needs only this macro. */
#define pg_attribute_printf(format_at, arguments_at) __attribute__((format(printf, format_at, arguments_at)))
#include <fe_utils/psqlscan.h>

#include "base/mem.h"
#include "history/sql_lexer.h"

#include "base/banned.h"

#define COMMAND_QUOTED_MAX 20	/* longest part of a meta-command that a message quotes, in bytes */

/* The statements found so far. `line` is the line of `offset`, which only grows: each line is counted once. */
struct splitter {
	const struct source_input *input;
	struct history_statement *statements;
	size_t		count;
	size_t		room;
	size_t		offset;
	unsigned	line;
};

static unsigned
line_at(struct splitter *splitter, size_t offset)
{
	while (splitter->offset < offset)
		if (splitter->input->text[splitter->offset++] == '\n')
			splitter->line++;
	return splitter->line;
}

static bool
add_open_error(const struct source_input *input, size_t offset, enum sql_lexer_kind kind)
{
	const char *name = kind == WORD_STRING ? "quoted string" : kind == WORD_QUOTED ? "quoted identifier" :
		kind == WORD_DOLLAR ? "dollar-quoted string" : "comment";

	source_error(input, offset, "It begins here and is not closed before the end of the section. (A migrate: line "
				 "ends a section, even inside a string.)", "unterminated %s", name);
	return false;
}

/*
 * Is every quote and parenthesis in the text closed? Sets `first` to the offset of its first word, or to its end. If
 * psql's lexer has found a complete statement, only a parenthesis can be at fault; if not, this finds the place.
 */
static bool
check_closed(const struct source_input *input, size_t offset, size_t length, size_t *first)
{
	struct sql_lexer words;
	struct sql_lexer_word word;
	size_t		opened = 0;		/* offset of the outermost open parenthesis */
	size_t		open = 0;
	bool		any = false;

	sql_lexer_start(&words, input->text + offset, length);
	*first = offset + length;
	while (sql_lexer_next(&words, &word)) {
		char		c = input->text[offset + word.offset];

		if (!any)
			*first = offset + word.offset;
		any = true;
		if (word.open)
			return add_open_error(input, offset + word.offset, word.kind);
		if (word.kind != WORD_SYMBOL)
			continue;
		if (c == '(' && open++ == 0)
			opened = offset + word.offset;
		if (c == ')' && open-- == 0) {
			source_error(input, offset + word.offset, "Remove it, or add the opening parenthesis.",
						 "unmatched closing parenthesis");
			return false;
		}
	}
	if (open > 0)
		source_error(input, opened, "Close it: a semicolon inside parentheses does not end a statement.",
					 "unclosed parenthesis");
	return open == 0;
}

/* The name of the new index, as written, or NULL. `at` is the word after CREATE INDEX CONCURRENTLY. */
static const char *
index_name(const struct source_input *input, const struct sql_lexer_phrase *phrase, size_t at)
{
	size_t		end;
	size_t		start;

	at += phrase_says(phrase, at, "if not exists");
	end = phrase_says(phrase, at, "on") > 0 ? at : phrase_name_end(phrase, at);
	if (end == at)
		return NULL;
	start = phrase->words[at].offset;
	return arena_copy(input->arena, phrase->text + start,
					  phrase->words[end - 1].offset + phrase->words[end - 1].length - start);
}

static void
set_concurrent(const struct source_input *input, const struct sql_lexer_phrase *phrase,
			   struct history_statement *statement)
{
	size_t		at = phrase_says(phrase, 0, "create");

	if (at > 0) {
		at += phrase_says(phrase, at, "unique");
		statement->concurrent = phrase_says(phrase, at, "index concurrently") > 0;
		if (statement->concurrent)
			statement->index = index_name(input, phrase, at + 2);
	} else if (phrase_says(phrase, 0, "reindex"))
		statement->concurrent = phrase_find(phrase, 1, "concurrently", 1) < phrase->count;
	else if (phrase_says(phrase, 0, "alter table"))
		statement->concurrent = phrase_find(phrase, 2, "detach partition", 0) < phrase->count &&
			phrase_find(phrase, 2, "concurrently", 0) < phrase->count;
	else
		statement->concurrent = phrase_says(phrase, 0, "drop index concurrently") > 0;
}

static void
mark_concurrent(const struct source_input *input, struct history_statement *statement)
{
	struct sql_lexer_phrase phrase;

	phrase_read(&phrase, input->text + statement->offset, statement->length);
	set_concurrent(input, &phrase, statement);
	phrase_clear(&phrase);
}

static bool
add_statement(struct splitter *splitter, size_t offset, size_t length)
{
	const struct source_input *input = splitter->input;
	size_t		end = offset + length;
	size_t		first;
	struct history_statement *one;

	if (!check_closed(input, offset, length, &first))
		return false;
	if (first == end)
		return true;
	while (sql_lexer_blank(input->text[end - 1]))
		end--;

	if (splitter->count == splitter->room) {
		splitter->room = splitter->room ? 2 * splitter->room : 16;
		splitter->statements = mem_grow(splitter->statements, splitter->room, sizeof(*one));
	}
	one = &splitter->statements[splitter->count++];
	*one = (struct history_statement) {.offset = first, .length = end - first, .line = line_at(splitter, first)};
	mark_concurrent(input, one);
	return true;
}

/* The text after the last semicolon of the section may contain only comments. */
static bool
check_rest(const struct source_input *input, size_t offset, size_t length, PsqlScanResult result)
{
	size_t		first;

	if (!check_closed(input, offset, length, &first))
		return false;
	if (first == offset + length)
		return true;
	if (result == PSCAN_INCOMPLETE)
		source_error(input, first, "Close each BEGIN ATOMIC and each CASE with END.",
					 "unterminated statement");
	else
		source_error(input, first, "End it with a semicolon.", "the last statement has no semicolon");
	return false;
}

static bool
add_command_error(const struct source_input *input, size_t offset, size_t end)
{
	size_t		length = 0;

	while (length < COMMAND_QUOTED_MAX && offset + length < end && !sql_lexer_blank(input->text[offset + length]))
		length++;
	source_error(input, offset, "Migrations are sent to the server without psql: write SQL, or a DO block.",
				 "psql meta-command \"%.*s\"", (int) length, input->text + offset);
	return false;
}

/*
 * psql_scan returns the text that it reads unchanged, without the blanks and "--" comments before a statement; but it
 * replaces "\;" and variables. Returns the number of bytes before the first difference.
 */
static size_t
count_same_bytes(const char *text, size_t left, const PQExpBufferData *echo)
{
	size_t		same = 0;

	while (same < left && same < echo->len && text[same] == echo->data[same])
		same++;
	return same;
}

static bool
scan(struct splitter *splitter, PsqlScanState state, PQExpBuffer echo, size_t at, size_t end)
{
	const struct source_input *input = splitter->input;
	bool		good = true;

	for (;;) {
		promptStatus_t prompt;
		PsqlScanResult result;
		size_t		start = sql_lexer_skip(input->text, end, at);
		size_t		same;

		resetPQExpBuffer(echo);
		result = psql_scan(state, echo, &prompt);
		if (PQExpBufferBroken(echo))
			mem_fail();
		same = count_same_bytes(input->text + start, end - start, echo);
		at = start + same;
		if (same < echo->len || result == PSCAN_BACKSLASH)
			return add_command_error(input, at, end);
		if (result != PSCAN_SEMICOLON)
			return check_rest(input, start, same, result) && good;
		good &= add_statement(splitter, start, same - 1);
	}
}

bool
split_section(const struct source_input *input, struct history_section *section)
{
	static const PsqlScanCallbacks no_variables = {.get_variable = NULL};
	struct splitter splitter = {.input = input, .line = 1};
	PsqlScanState state = psql_scan_create(&no_variables);
	PQExpBuffer echo = createPQExpBuffer();
	struct history_statement *statements;
	bool		good;

	if (!echo)
		mem_fail();
	psql_scan_setup(state, input->text + section->offset, (int) section->length, pg_char_to_encoding("UTF8"), true);
	good = scan(&splitter, state, echo, section->offset, section->offset + section->length);
	psql_scan_finish(state);
	psql_scan_destroy(state);
	destroyPQExpBuffer(echo);

	statements = arena_alloc(input->arena, splitter.count * sizeof(*statements));
	if (splitter.count > 0)
		memcpy(statements, splitter.statements, splitter.count * sizeof(*statements));
	section->statements = statements;
	section->count = splitter.count;
	mem_free(splitter.statements);
	return good;
}
