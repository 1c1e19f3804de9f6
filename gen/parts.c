/* One statement for each object that a down drops. */
#include "parts.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "history/sql_lexer.h"

#include "base/banned.h"

/* Objects of which one DROP can name several, separated by commas. */
static const char *const kinds[] = {
	"access method", "aggregate", "collation", "conversion", "domain", "event trigger", "extension",
	"foreign data wrapper", "foreign table", "function", "index", "language", "materialized view", "operator",
	"procedural language", "procedure", "publication", "routine", "schema", "sequence", "server", "statistics", "table",
	"text search configuration", "text search dictionary", "text search parser", "text search template", "type", "view"
};

/* A statement that is split into items: names or actions. `end` is the word after the last item. */
struct parts_statement {
	const struct source_input *input;
	const struct history_statement *whole;
	struct sql_lexer_phrase phrase;
	size_t		start;
	size_t		end;
};

/* The new statements of the section. */
struct parts_list {
	size_t		count;
	struct history_statement *statements;
};

static void
append(struct parts_list *list, const struct history_statement *statement)
{
	list->statements = mem_room(list->statements, list->count, sizeof(*statement));
	list->statements[list->count++] = *statement;
}

/* The text from the word `from` to the word before `to`, in the arena; "" if there is none. */
static const char *
words(const struct parts_statement *one, size_t from, size_t to)
{
	const struct sql_lexer_word *first = &one->phrase.words[from];
	const struct sql_lexer_word *last = &one->phrase.words[to - 1];

	return from == to ? "" : arena_copy(one->input->arena, one->phrase.text + first->offset,
										last->offset + last->length - first->offset);
}

/* Append a part, whose own words are `length` bytes at `offset` of the statement, with the words before and after. */
static void
append_part(struct parts_list *list, const struct parts_statement *one, const char *own, size_t offset, size_t length)
{
	struct history_statement part = *one->whole;
	const char *head = words(one, 0, one->start);
	const char *tail = words(one, one->end, one->phrase.count);

	part.text = arena_format(one->input->arena, "%s %s%s%s", head, own, *tail ? " " : "", tail);
	part.lead = (unsigned) text_columns(head) + 1;
	part.offset += offset;
	part.length = length;
	part.line = source_line(one->input, part.offset);
	append(list, &part);
}

/* The word after the item that begins at `at`: a comma, or the end. */
static size_t
item_end(const struct parts_statement *one, size_t at)
{
	while (at < one->end && !(phrase_symbol(&one->phrase, at, ',') && one->phrase.words[at].depth == 0))
		at++;
	return at;
}

/* Is the last word CASCADE or RESTRICT, and not a name? */
static bool
has_behaviour(const struct sql_lexer_phrase *phrase)
{
	size_t		last = phrase->count - 1;

	return (phrase_says(phrase, last, "cascade") || phrase_says(phrase, last, "restrict"))
		&& !phrase_symbol(phrase, last - 1, ',') && !phrase_symbol(phrase, last - 1, '.');
}

/* Find the names of a DROP. */
static bool
find_names(struct parts_statement *one)
{
	const struct sql_lexer_phrase *phrase = &one->phrase;
	size_t		said = 0;

	for (size_t i = 0; said == 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		said = phrase_says(phrase, 1, kinds[i]);
	one->start = 1 + said + phrase_says(phrase, 1 + said, "if exists");
	one->end = phrase->count - (one->start < phrase->count && has_behaviour(phrase));
	return said > 0;
}

/* Find the actions of an ALTER. */
static bool
find_actions(struct parts_statement *one)
{
	static const char *const altered[] = {"table", "foreign table", "type"};
	const struct sql_lexer_phrase *phrase = &one->phrase;
	size_t		said = 0;
	size_t		at;

	for (size_t i = 0; said == 0 && i < sizeof(altered) / sizeof(altered[0]); i++)
		said = phrase_says(phrase, 1, altered[i]);
	at = 1 + said + phrase_says(phrase, 1 + said, "if exists");
	at += phrase_says(phrase, at, "only");
	one->start = phrase_name_end(phrase, at);
	one->end = phrase->count;
	if (said == 0 || one->start == at)
		return false;
	one->start += phrase_symbol(phrase, one->start, '*');
	return true;
}

static void
append_item(struct parts_list *list, const struct parts_statement *one, size_t at)
{
	const char *own = words(one, at, item_end(one, at));

	append_part(list, one, own, one->phrase.words[at].offset, strlen(own));
}

/* The word for the column of an ALTER COLUMN; NULL: the action is another one. */
static const struct sql_lexer_word *
altered_column(const struct parts_statement *one, size_t at)
{
	size_t		column = at + 1 + phrase_says(&one->phrase, at + 1, "column");

	return phrase_says(&one->phrase, at, "alter") && column < one->end ? &one->phrase.words[column] : NULL;
}

/* Does the action drop something? The server runs these first, in their order: also ALTER COLUMN c DROP NOT NULL. */
static bool
drops(const struct parts_statement *one, size_t at)
{
	const struct sql_lexer_word *column = altered_column(one, at);

	return phrase_says(&one->phrase, column ? (size_t) (column - one->phrase.words) + 1 : at, "drop") > 0;
}

/* Does the action change a type with USING? */
static bool
has_using(const struct parts_statement *one, size_t at)
{
	return altered_column(one, at) && phrase_find(&one->phrase, at, "using", 0) < item_end(one, at);
}

/* Does an earlier action alter the same column? They are about one object. */
static bool
is_altered_before(const struct parts_statement *one, size_t at)
{
	const struct sql_lexer_word *column = altered_column(one, at);

	for (size_t other = one->start; column && other < at; other = item_end(one, other) + 1) {
		const struct sql_lexer_word *before = altered_column(one, other);

		if (before && before->length == column->length
			&& strncasecmp(one->phrase.text + before->offset, one->phrase.text + column->offset, column->length) == 0)
			return true;
	}
	return false;
}

/*
 * Find the actions that drop nothing: *first is the first one, *end the word after the last one; both are the end of
 * the statement if there is none. False: it is not to be split.
 */
static bool
find_rest(const struct parts_statement *one, bool transactional, size_t *first, size_t *end)
{
	size_t		count = 0;

	*first = *end = one->end;
	for (size_t at = one->start; at < one->end; at = item_end(one, at) + 1) {
		if (is_altered_before(one, at))
			return false;
		if (drops(one, at)) {
			count++;
			continue;
		}
		if (!transactional || has_using(one, at))
			return false;
		if (*first == one->end)
			*first = at;
		*end = item_end(one, at);
	}
	return count > 1 || (count == 1 && *first < one->end);
}

/* The actions that drop nothing are one part; among them, those that do are blanks, so that positions do not change. */
static void
append_rest(struct parts_list *list, const struct parts_statement *one, size_t first, size_t end)
{
	const struct sql_lexer_word *found = one->phrase.words;
	size_t		last = found[end - 1].offset + found[end - 1].length;
	char	   *own;
	size_t		length;
	FILE	   *stream = mem_stream_open(&own, &length);

	for (size_t at = first, next; at < end; at = next) {
		next = item_end(one, at) + 1;
		for (size_t i = found[at].offset; i < (next < end ? found[next].offset : last); i++)
			if (!drops(one, at))
				fputc(one->phrase.text[i], stream);
			else if (((unsigned char) one->phrase.text[i] & 0xC0) != 0x80)
				fputc(' ', stream);
	}
	mem_stream_close(stream);
	append_part(list, one, own, found[first].offset, last - found[first].offset);
	mem_free(own);
}

static void
split_actions(struct parts_list *list, const struct parts_statement *one, bool transactional)
{
	size_t		first;
	size_t		end;

	if (!find_rest(one, transactional, &first, &end))
		return;
	for (size_t at = one->start; at < one->end; at = item_end(one, at) + 1)
		if (drops(one, at))
			append_item(list, one, at);
	if (first < one->end)
		append_rest(list, one, first, end);
}

static void
split_statement(struct parts_list *list, const struct source_input *input, const struct history_section *section,
				const struct history_statement *whole)
{
	struct parts_statement one = {.input = input,.whole = whole};
	size_t		before = list->count;

	phrase_read(&one.phrase, input->text + whole->offset, whole->length);
	if (phrase_says(&one.phrase, 0, "alter") && find_actions(&one))
		split_actions(list, &one, section->transactional);
	else if (phrase_says(&one.phrase, 0, "drop") && !whole->concurrent && find_names(&one)
			 && item_end(&one, one.start) < one.end)
		for (size_t at = one.start; at < one.end; at = item_end(&one, at) + 1)
			append_item(list, &one, at);
	if (list->count == before)
		append(list, whole);
	phrase_clear(&one.phrase);
}

void
parts_split(const struct source_input *input, struct history_section *section)
{
	struct parts_list list = {0};
	struct history_statement *statements;

	for (size_t i = 0; i < section->count; i++)
		split_statement(&list, input, section, &section->statements[i]);
	statements = arena_alloc(input->arena, list.count * sizeof(*statements));
	if (list.count > 0)
		memcpy(statements, list.statements, list.count * sizeof(*statements));
	section->statements = statements;
	section->count = list.count;
	mem_free(list.statements);
}
