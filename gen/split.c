#include "split.h"

#include <libpq-fe.h>
#include <string.h>

/* psqlscan.h expects c.h before it, which replaces printf and its family; this is all that it needs of it. */
#define pg_attribute_printf(format_at, arguments_at) __attribute__((format(printf, format_at, arguments_at)))
#include <fe_utils/psqlscan.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "history/sql_lexer.h"
#include "concurrent.h"

#include "base/banned.h"

#define COMMAND_SHOWN 20		/* characters of a meta-command that are shown */

/* The statements so far, and the line of the last offset that was asked for. */
struct progress {
	const struct input *input;
	struct statement *statements;
	size_t		count;
	size_t		room;
	size_t		offset;
	unsigned	line;
};

/* Offsets only grow, so each line is counted once. */
static unsigned
line_at(struct progress *progress, size_t offset)
{
	while (progress->offset < offset)
		if (progress->input->text[progress->offset++] == '\n')
			progress->line++;
	return progress->line;
}

static bool
refuse_open(const struct input *input, size_t offset, enum sql_lexer_kind kind)
{
	const char *what = kind == WORD_STRING ? "quoted string" : kind == WORD_QUOTED ? "quoted identifier" :
		kind == WORD_DOLLAR ? "dollar-quoted string" : "comment";

	source_complain(input, offset, "It begins here and does not end before its section does. (A line that reads as a "
					"migrate: marker ends a section, also inside a string.)", "unterminated %s", what);
	return false;
}

/*
 * Does every quote and bracket in it that opens also close? `first` is set to where its first word is, or to its end.
 * With psql's word that the text is a whole statement only parentheses can be at fault; without it, this finds where
 * the fault begins.
 */
static bool
check_closed(const struct input *input, size_t offset, size_t length, size_t *first)
{
	struct sql_lexer words;
	struct sql_lexer_word word;
	size_t		opened = 0;		/* where the outermost parenthesis is that is open */
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
			return refuse_open(input, offset + word.offset, word.kind);
		if (word.kind != WORD_SYMBOL)
			continue;
		if (c == '(' && open++ == 0)
			opened = offset + word.offset;
		if (c == ')' && open-- == 0) {
			source_complain(input, offset + word.offset, "Take it away, or add what it closes.",
							"closing parenthesis that nothing opened");
			return false;
		}
	}
	if (open > 0)
		source_complain(input, opened, "It opens here and is not closed; a semicolon inside does not end a statement.",
						"unclosed parenthesis");
	return open == 0;
}

static bool
add_statement(struct progress *progress, size_t offset, size_t length)
{
	const struct input *input = progress->input;
	size_t		end = offset + length;
	size_t		first;
	struct statement *one;

	if (!check_closed(input, offset, length, &first))
		return false;
	if (first == end)
		return true;
	while (sql_lexer_blank(input->text[end - 1]))
		end--;

	if (progress->count == progress->room) {
		progress->room = progress->room ? 2 * progress->room : 16;
		progress->statements = mem_grow(progress->statements, progress->room, sizeof(*one));
	}
	one = &progress->statements[progress->count++];
	*one = (struct statement) {.offset = first, .length = end - first, .line = line_at(progress, first)};
	concurrent_mark(input, one);
	one->risk = (unsigned char) destructive_of(input->text + first, end - first);
	return true;
}

/* What is left at the end of the section, behind the last semicolon. */
static bool
check_rest(const struct input *input, size_t offset, size_t length, PsqlScanResult result)
{
	size_t		first;

	if (!check_closed(input, offset, length, &first))
		return false;
	if (first == offset + length)
		return true;
	if (result == PSCAN_INCOMPLETE)
		source_complain(input, first, "A function body that opens with BEGIN ATOMIC closes with END; so does CASE.",
						"unterminated statement");
	else
		source_complain(input, first, "End it with a semicolon.", "the last statement has no semicolon");
	return false;
}

static bool
refuse_command(const struct input *input, size_t offset, size_t end)
{
	int			shown = 0;

	while (shown < COMMAND_SHOWN && offset + (size_t) shown < end
		   && !sql_lexer_blank(input->text[offset + (size_t) shown]))
		shown++;
	source_complain(input, offset, "Migrations are sent to the server without psql: write it in SQL, or as a DO block.",
					"psql meta-command \"%.*s\"", shown, input->text + offset);
	return false;
}

/*
 * psql_scan gives back what it reads, byte for byte, but for blanks and "--" comments before a statement. Where it does
 * not, it has put something in the place of a "\;" or of a variable. Returns how many bytes are the same.
 */
static size_t
same_bytes(const char *text, size_t left, const PQExpBufferData *echo)
{
	size_t		same = 0;

	while (same < left && same < echo->len && text[same] == echo->data[same])
		same++;
	return same;
}

static bool
scan(struct progress *progress, PsqlScanState state, PQExpBuffer echo, size_t at, size_t end)
{
	const struct input *input = progress->input;
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
		same = same_bytes(input->text + start, end - start, echo);
		at = start + same;
		if (same < echo->len || result == PSCAN_BACKSLASH)
			return refuse_command(input, at, end);
		if (result != PSCAN_SEMICOLON)
			return check_rest(input, start, same, result) && good;
		good &= add_statement(progress, start, same - 1);
	}
}

bool
split_section(const struct input *input, struct section *section)
{
	static const PsqlScanCallbacks no_variables = {.get_variable = NULL};
	struct progress progress = {.input = input, .line = 1};
	PsqlScanState state = psql_scan_create(&no_variables);
	PQExpBuffer echo = createPQExpBuffer();
	struct statement *statements;
	bool		good;

	if (!echo)
		mem_fail();
	psql_scan_setup(state, input->text + section->offset, (int) section->length, pg_char_to_encoding("UTF8"), true);
	good = scan(&progress, state, echo, section->offset, section->offset + section->length);
	psql_scan_finish(state);
	psql_scan_destroy(state);
	destroyPQExpBuffer(echo);

	statements = arena_alloc(input->arena, progress.count * sizeof(*statements));
	if (progress.count > 0)
		memcpy(statements, progress.statements, progress.count * sizeof(*statements));
	section->statements = statements;
	section->count = progress.count;
	mem_free(progress.statements);
	return good;
}
