/* Find what rows can contradict in a statement. */
#include "history/forbidden_by_rows.h"

#include <string.h>

#include "base/mem.h"
#include "history/sql_lexer.h"

#include "base/banned.h"

/* A statement that is read, and its table. */
struct reading {
	struct forbidden *forbidden;
	struct sql_lexer_phrase phrase;
	char	   *table;
};

static char *
words(const struct reading *reading, size_t from, size_t to)
{
	const struct sql_lexer_word *first = &reading->phrase.words[from];
	const struct sql_lexer_word *last = &reading->phrase.words[to - 1];

	return mem_copy(reading->phrase.text + first->offset, last->offset + last->length - first->offset);
}

/* What follows belongs to the list: `what` and `rows`. */
static void
add(struct reading *reading, char *what, char *rows)
{
	struct forbidden *forbidden = reading->forbidden;

	forbidden->items = mem_grow(forbidden->items, forbidden->count + 1, sizeof(*forbidden->items));
	forbidden->items[forbidden->count++] = (struct forbidden_item) {.table = mem_string(reading->table),.what = what,
		.rows = rows
	};
}

/* "(a, b)" at `at`: the columns, each with `after` behind it, as a new string; NULL: other expressions. */
static char *
columns(const struct reading *reading, size_t at, const char *separator, const char *after)
{
	const struct sql_lexer_phrase *phrase = &reading->phrase;
	char	   *text;
	size_t		length;
	FILE	   *stream;
	bool		plain = phrase_symbol(phrase, at, '(');

	if (!plain)
		return NULL;
	stream = mem_stream_open(&text, &length);
	do {
		size_t		end = phrase_name_end(phrase, ++at);

		plain = end == at + 1;
		if (plain) {
			char	   *name = words(reading, at, end);

			fprintf(stream, "%s%s", name, after);
			mem_free(name);
			at = end;
		}
		if (plain && phrase_symbol(phrase, at, ','))
			fputs(separator, stream);
	} while (plain && phrase_symbol(phrase, at, ','));
	mem_stream_close(stream);
	if (plain && phrase_symbol(phrase, at, ')'))
		return text;
	mem_free(text);
	return NULL;
}

static void
add_unique(struct reading *reading, size_t at, const char *word)
{
	char	   *list = columns(reading, at, ", ", "");
	char	   *present = columns(reading, at, " AND ", " IS NOT NULL");

	if (list)
		add(reading, mem_format("%s (%s)", word, list),
			mem_format("SELECT concat(ROW(%s)::text, ': ', count(*), ' rows') FROM ONLY %s WHERE %s GROUP BY %s"
					   " HAVING count(*) > 1", list, reading->table, present, list));
	mem_free(present);
	mem_free(list);
}

/* The condition is freed, too. */
static void
add_where(struct reading *reading, char *what, char *condition)
{
	add(reading, what, mem_format("SELECT t::text FROM ONLY %s t WHERE %s", reading->table, condition));
	mem_free(condition);
}

/* "SET NOT NULL", or "TYPE integer" and the like without USING, of the column at `at`; the action ends before `end`. */
static void
add_column(struct reading *reading, size_t at, size_t end)
{
	static const char *const types[] = {"type smallint", "type int2", "type integer", "type int", "type int4"};
	const struct sql_lexer_phrase *phrase = &reading->phrase;
	size_t		next = phrase_name_end(phrase, at);
	char	   *column;

	if (next != at + 1 || next >= end)
		return;
	column = words(reading, at, next);
	if (phrase_says(phrase, next, "set not null"))
		add_where(reading, mem_format("NOT NULL of column %s", column), mem_format("t.%s IS NULL", column));
	next += phrase_says(phrase, next, "set data");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (phrase_says(phrase, next, types[i]) && next + 2 == end) {
			const char *limit = i < 2 ? "32767" : "2147483647";

			add_where(reading, mem_format("type %s of column %s", i < 2 ? "smallint" : "integer", column),
					  mem_format("t.%s > %s OR t.%s < -%s - 1", column, limit, column, limit));
		}
	mem_free(column);
}

static void
read_action(struct reading *reading, size_t at, size_t end)
{
	const struct sql_lexer_phrase *phrase = &reading->phrase;
	size_t		count = phrase_says(phrase, at, "add");

	if (count) {
		at += count;
		if (phrase_says(phrase, at, "constraint"))
			at = phrase_name_end(phrase, at + 1);
		if ((count = phrase_says(phrase, at, "unique")))
			add_unique(reading, at + count, "UNIQUE");
		else if ((count = phrase_says(phrase, at, "primary key")))
			add_unique(reading, at + count, "PRIMARY KEY");
	} else if ((count = phrase_says(phrase, at, "alter"))) {
		at += count;
		add_column(reading, at + phrase_says(phrase, at, "column"), end);
	}
}

/* Sets the table, and returns the place after it; 0: there is no name. */
static size_t
read_table(struct reading *reading, size_t at)
{
	size_t		end;
	char	   *name;

	at += phrase_says(&reading->phrase, at, "if exists");
	at += phrase_says(&reading->phrase, at, "only");
	end = phrase_name_end(&reading->phrase, at);
	if (end == at)
		return 0;
	name = words(reading, at, end);
	reading->table = mem_format("%s%s", end == at + 1 ? "public." : "", name);
	mem_free(name);
	return end;
}

void
forbidden_add(struct forbidden *forbidden, const char *sql)
{
	struct reading reading = {.forbidden = forbidden};
	struct sql_lexer_phrase *phrase = &reading.phrase;
	size_t		at;

	phrase_read(phrase, sql, strlen(sql));
	if ((at = phrase_says(phrase, 0, "alter table"))) {
		at = read_table(&reading, at);
		while (at > 0 && at < phrase->count) {
			size_t		end = at;

			while (end < phrase->count && !(phrase_symbol(phrase, end, ',') && phrase->words[end].depth == 0))
				end++;
			read_action(&reading, at, end);
			at = end + 1;
		}
	} else if (phrase_says(phrase, 0, "create unique index")) {
		at = phrase_find(phrase, 0, "on", 0);
		if (at < phrase->count && (at = read_table(&reading, at + 1)) && phrase_symbol(phrase, at, '('))
			add_unique(&reading, at, "UNIQUE");
	}
	mem_free(reading.table);
	phrase_clear(phrase);
}

void
forbidden_clear(struct forbidden *forbidden)
{
	for (size_t i = 0; i < forbidden->count; i++) {
		mem_free(forbidden->items[i].table);
		mem_free(forbidden->items[i].what);
		mem_free(forbidden->items[i].rows);
	}
	mem_free(forbidden->items);
	*forbidden = (struct forbidden) {0};
}
