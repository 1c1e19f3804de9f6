/* Questions on the text of a statement. */
#include "plan/lint_text.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "history/sql_lexer.h"
#include "schema/fact.h"

#include "base/banned.h"

/* A statement: the words from `first` to `end`; the table that is asked for. */
struct lint_text {
	const struct sql_lexer_phrase *phrase;
	size_t		first;
	size_t		end;
	bool		code;			/* it is in a block of code */
	const char *table;			/* without its schema */
};

enum {
	MOST_LEVELS = 8				/* of code in strings of code */
};

static bool
is_one_of(const struct sql_lexer_phrase *phrase, size_t at, const char *const *words)
{
	for (; *words; words++)
		if (phrase_says(phrase, at, *words))
			return true;
	return false;
}

/* Is the last part of the name that begins at `at` the table's? A format that is filled in may name any. */
static bool
is_table(const struct lint_text *text, size_t at)
{
	const struct sql_lexer_phrase *phrase = text->phrase;
	size_t		end = phrase_name_end(phrase, at);
	const struct sql_lexer_word *word;

	if (at >= text->end)
		return false;
	if (end == at)
		return phrase_symbol(phrase, at, '%');
	word = &phrase->words[end - 1];
	return word->length == strlen(text->table)
		&& strncasecmp(phrase->text + word->offset, text->table, word->length) == 0;
}

/* --- LOCK --- */

static bool
locks(const struct lint_text *text)
{
	size_t		at = text->first;

	if (!phrase_says(text->phrase, at, "lock"))
		return false;
	for (at++; at < text->end && !phrase_says(text->phrase, at, "in"); at++)
		if (is_table(text, at))
			return true;
	return false;
}

/* --- copies --- */

/* Does the statement make rows of a query? In code, SELECT INTO sets variables. */
static bool
is_copy(const struct lint_text *text)
{
	const struct sql_lexer_phrase *phrase = text->phrase;
	unsigned	depth = phrase->words[text->first].depth;

	if (phrase_says(phrase, text->first, "create"))
		return phrase_find(phrase, text->first, "as", depth) < text->end;
	if (!text->code && phrase_says(phrase, text->first, "select"))
		return phrase_find(phrase, text->first, "into", depth) < text->end;
	return (phrase_says(phrase, text->first, "insert") || phrase_says(phrase, text->first, "with"))
		&& phrase_find(phrase, text->first, "insert into", UINT_MAX) < text->end;
}

/* The bracket that is open around the word; *open: there is one. */
static size_t
opening(const struct lint_text *text, size_t at, bool *open)
{
	unsigned	depth = text->phrase->words[at].depth;

	*open = false;
	for (size_t i = at; i > text->first; i--)
		if (text->phrase->words[i - 1].depth < depth) {
			*open = depth > text->phrase->words[text->first].depth;
			return i - 1;
		}
	return text->first;
}

/* Is the bracket at `at` in a list of tables, rather than one of values? */
static bool
is_in_from(const struct lint_text *text, size_t at)
{
	static const char *const clauses[] = {"select", "values", "where", "having", "group", "order", "set", "returning",
		"limit", "offset", NULL
	};
	const struct sql_lexer_phrase *phrase = text->phrase;

	for (size_t i = at; i > text->first && phrase->words[i - 1].depth >= phrase->words[at].depth; i--) {
		if (phrase->words[i - 1].depth > phrase->words[at].depth)
			continue;
		if (phrase_says(phrase, i - 1, "from"))
			return true;
		if (is_one_of(phrase, i - 1, clauses))
			return false;
	}
	return false;
}

/* Do the rows of a query in the bracket at `at` become rows of what is around it, rather than a value? */
static bool
is_of_rows(const struct lint_text *text, size_t at)
{
	static const char *const words[] = {"from", "join", "lateral", "as", "materialized", "union", "except", "intersect",
		NULL
	};
	const struct sql_lexer_phrase *phrase = text->phrase;

	if (at == text->first || is_one_of(phrase, at - 1, words) || phrase_symbol(phrase, at - 1, '('))
		return true;
	if (phrase_says(phrase, at - 1, "all"))
		return at >= 2 && is_one_of(phrase, at - 2, words);
	if (phrase_symbol(phrase, at - 1, ','))
		return is_in_from(text, at);
	/* INSERT INTO a (SELECT ...) */
	return phrase_says(phrase, at + 1, "select") && phrase_find(phrase, text->first, "into", 0) < at
		&& phrase_find(phrase, text->first, "select", 0) > at && phrase_find(phrase, text->first, "values", 0) > at;
}

/* Do the rows of the query in which the word is become rows of the statement? */
static bool
gives_rows(const struct lint_text *text, size_t at)
{
	bool		open;

	for (at = opening(text, at, &open); open; at = opening(text, at, &open))
		if (!is_of_rows(text, at))
			return false;
	return true;
}

/* Is the word of the same query as the one at `at`? */
static bool
is_beside(const struct lint_text *text, size_t word, size_t at)
{
	return text->phrase->words[word].depth == text->phrase->words[at].depth;
}

/* Does the query of this FROM give one row, whatever there is: count(*) and the like, without GROUP BY? */
static bool
gives_one_row(const struct lint_text *text, size_t from)
{
	static const char *const aggregates[] = {"count", "sum", "min", "max", "avg", "bool_and", "bool_or", "every",
		"array_agg", "string_agg", NULL
	};
	const struct sql_lexer_phrase *phrase = text->phrase;
	bool		aggregated = false;

	for (size_t i = from; i > text->first; i--) {
		if (phrase->words[i - 1].depth < phrase->words[from].depth
			|| (is_beside(text, i - 1, from) && phrase_says(phrase, i - 1, "select")))
			break;
		if (is_beside(text, i - 1, from) && phrase_says(phrase, i - 1, "over"))
			return false;
		aggregated |= is_beside(text, i - 1, from) && is_one_of(phrase, i - 1, aggregates)
			&& phrase_symbol(phrase, i, '(');
	}
	for (size_t i = from; aggregated && i < text->end && phrase->words[i].depth >= phrase->words[from].depth; i++)
		if (is_beside(text, i, from) && phrase_says(phrase, i, "group by"))
			return false;
	return aggregated;
}

/* Does a list of tables that begins after `from` name the table, up to the next clause? */
static bool
lists_table(const struct lint_text *text, size_t from)
{
	static const char *const ends[] = {"where", "group", "having", "window", "order", "limit", "offset", "fetch", "for",
		"union", "except", "intersect", "select", "returning", "on conflict", NULL
	};
	const struct sql_lexer_phrase *phrase = text->phrase;
	bool		expected = true;

	for (size_t at = from + 1; at < text->end && phrase->words[at].depth >= phrase->words[from].depth; at++) {
		if (!is_beside(text, at, from))
			continue;
		if (is_one_of(phrase, at, ends))
			return false;
		if (phrase_says(phrase, at, "only") || phrase_says(phrase, at, "lateral"))
			continue;
		/* A name before a bracket is a function's. */
		if (expected && is_table(text, at) && !phrase_symbol(phrase, phrase_name_end(phrase, at), '('))
			return true;
		expected = phrase_symbol(phrase, at, ',') || phrase_says(phrase, at, "join");
	}
	return false;
}

static bool
copies(const struct lint_text *text)
{
	const struct sql_lexer_phrase *phrase = text->phrase;

	if (!is_copy(text))
		return false;
	for (size_t i = text->first; i < text->end; i++) {
		bool		table = phrase_says(phrase, i, "table") > 0 && i > text->first && !phrase_says(phrase, i - 1, "create");
		bool		from = phrase_says(phrase, i, "from") > 0
			&& !(i >= 2 && phrase_says(phrase, i - 1, "distinct") && !phrase_says(phrase, i - 2, "select"));

		if ((table && is_table(text, i + 1))
			|| (from && gives_rows(text, i) && lists_table(text, i) && !gives_one_row(text, i)))
			return true;
	}
	return false;
}

/* Is the test true for a statement in the string? */
static bool
any_in_string(const char *sql, const struct sql_lexer_word *string, const char *table,
			  bool (*test) (const struct lint_text *text), int level);

/* Is it true for one in the text? At level 0 it is the migration's; others are code, or strings of it. */
static bool
any(const char *sql, size_t length, const char *table, bool (*test) (const struct lint_text *text), int level);

/* --- loops --- */

static bool
reads(const struct lint_text *text)
{
	for (size_t i = text->first; i < text->end; i++)
		if (phrase_says(text->phrase, i, "from") && lists_table(text, i))
			return true;
	return false;
}

/* Does the head of a loop have a query or a condition: FOR x IN SELECT ... LOOP? A cursor or a range has none. */
static bool
has_query(const struct lint_text *head)
{
	static const char *const words[] = {"select", "values", "execute", "with", "table", NULL};

	for (size_t i = head->first; i < head->end; i++)
		if (is_one_of(head->phrase, i, words))
			return true;
	return false;
}

static bool
loops(const struct lint_text *text)
{
	static const char *const words[] = {"for", "while", "loop", NULL};
	const struct sql_lexer_phrase *phrase = text->phrase;
	struct lint_text head = *text;

	if (!text->code || !is_one_of(phrase, text->first, words))
		return false;
	for (head.end = text->first; head.end < phrase->count && !phrase_says(phrase, head.end, "loop");)
		head.end++;
	if (has_query(&head)) {
		for (size_t i = head.first; i < head.end; i++)
			if (phrase->words[i].kind == WORD_STRING
				&& any_in_string(phrase->text, &phrase->words[i], text->table, reads, MOST_LEVELS - 1))
				return true;
		return reads(&head);
	}
	head.first = 0;
	head.end = phrase->count;
	return reads(&head);
}

/* --- statements --- */

/* Does a statement begin at `at`? In code it may be behind a word, or a <<label>>. */
static bool
begins(const struct sql_lexer_phrase *phrase, size_t at, bool code)
{
	static const char *const before[] = {"begin", "then", "else", "loop", NULL};

	return at == 0 || (code && (phrase_symbol(phrase, at - 1, ';') || is_one_of(phrase, at - 1, before)
								|| (phrase_symbol(phrase, at - 1, '>') && at > 1 && phrase_symbol(phrase, at - 2, '>'))));
}

/* Within the quotes or dollars of a string. */
static bool
any_in_string(const char *sql, const struct sql_lexer_word *string, const char *table,
			  bool (*test) (const struct lint_text *text), int level)
{
	const char *text = sql + string->offset;
	const char *end = string->kind == WORD_DOLLAR ? memchr(text + 1, '$', string->length - 1) : NULL;
	const char *quote = string->kind == WORD_STRING ? memchr(text, '\'', string->length) : NULL;
	size_t		before = end ? (size_t) (end - text) + 1 : quote ? (size_t) (quote - text) + 1 : 0;
	size_t		after = end ? before : 1;

	return before > 0 && string->length >= before + after
		&& any(text + before, string->length - before - after, table, test, level);
}

static bool
any(const char *sql, size_t length, const char *table, bool (*test) (const struct lint_text *text), int level)
{
	struct sql_lexer_phrase phrase;
	bool		found = false;

	phrase_read(&phrase, sql, length);
	for (size_t i = 0; !found && i < phrase.count; i++) {
		struct lint_text text = {.phrase = &phrase,.first = i,.end = i,.code = level > 0,.table = table};

		if (begins(&phrase, i, level > 0)) {
			while (text.end < phrase.count && !phrase_symbol(&phrase, text.end, ';'))
				text.end++;
			found = test(&text);
		}
		if (!found && level < MOST_LEVELS && (level > 0 || phrase_says(&phrase, 0, "do"))
			&& (phrase.words[i].kind == WORD_STRING || phrase.words[i].kind == WORD_DOLLAR))
			found = any_in_string(sql, &phrase.words[i], table, test, level + 1);
	}
	phrase_clear(&phrase);
	return found;
}

bool
lint_text_locks(const char *sql, size_t length, const char *table)
{
	return any(sql, length, table + fact_schema(table, strlen(table)), locks, 0);
}

bool
lint_text_copies(const char *sql, size_t length, const char *table)
{
	return any(sql, length, table + fact_schema(table, strlen(table)), copies, 0);
}

static bool
begins_with(const char *sql, size_t length, const char *word)
{
	struct sql_lexer_phrase phrase;
	bool		says;

	phrase_read(&phrase, sql, length);
	says = phrase_says(&phrase, 0, word) > 0;
	phrase_clear(&phrase);
	return says;
}

bool
lint_text_loops(const char *sql, size_t length, const char *table)
{
	return !begins_with(sql, length, "do") || any(sql, length, table + fact_schema(table, strlen(table)), loops, 0);
}

bool
lint_text_inserts(const char *sql, size_t length)
{
	return begins_with(sql, length, "insert");
}
