/* Recognize an UPDATE or DELETE of rows whose keys the statement lists. */
#include "measure/by_key.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "history/sql_lexer.h"

#include "base/banned.h"

/* Does the text of the words from `first` to before `end` say this name? */
static bool
is_name(const struct sql_lexer_phrase *phrase, size_t first, size_t end, const char *name)
{
	const char *text = phrase->text + phrase->words[first].offset;
	const struct sql_lexer_word *last = &phrase->words[end - 1];
	size_t		length = (size_t) (phrase->text + last->offset + last->length - text);

	return strlen(name) == length && strncasecmp(text, name, length) == 0;
}

/* The place after a constant that begins at `at`; `at` if there is none. */
static size_t
constant_end(const struct sql_lexer_phrase *phrase, size_t at)
{
	const char *text;

	if (at >= phrase->count)
		return at;
	text = phrase->text + phrase->words[at].offset;
	return phrase->words[at].kind == WORD_STRING || (*text >= '0' && *text <= '9') ? at + 1 : at;
}

/* The place after "= 1" or "IN (1, 2)". */
static size_t
constants_end(const struct sql_lexer_phrase *phrase, size_t at)
{
	size_t		end;

	if (phrase_symbol(phrase, at, '=')) {
		end = constant_end(phrase, at + 1);
		return end > at + 1 ? end : at;
	}
	if (!phrase_says(phrase, at, "in") || !phrase_symbol(phrase, at + 1, '('))
		return at;
	for (size_t next = at + 2; (end = constant_end(phrase, next)) > next; next = end + 1)
		if (phrase_symbol(phrase, end, ')'))
			return end + 1;
		else if (!phrase_symbol(phrase, end, ','))
			break;
	return at;
}

/* Is the column compared with constants in one of the conditions after WHERE? */
static bool
is_given(const struct sql_lexer_phrase *phrase, size_t where, const char *column)
{
	for (size_t i = where; i < phrase->count; i++) {
		size_t		end;

		if (phrase->words[i].depth > 0 || (i > where && !phrase_says(phrase, i, "and")) || i + 1 >= phrase->count
			|| !is_name(phrase, i + 1, i + 2, column))
			continue;
		end = constants_end(phrase, i + 2);
		if (end > i + 2 && (end >= phrase->count || phrase_symbol(phrase, end, ';') || phrase_says(phrase, end, "and")))
			return true;
	}
	return false;
}

/* The place of the WHERE of a statement that has one condition after the other; `count` if it has another form. */
static size_t
find_where(const struct sql_lexer_phrase *phrase, const char *table, const char *short_name)
{
	static const char *const others[] = {"from", "using", "or", "not", "case", "between", "returning", "with"};
	size_t		at = phrase_says(phrase, 0, "update") ? 1 : phrase_says(phrase, 0, "delete from");
	size_t		end;
	size_t		where;

	at += phrase_says(phrase, at, "only");
	end = phrase_name_end(phrase, at);
	where = phrase_find(phrase, end, "where", 0);
	if (at == 0 || end == at || (!is_name(phrase, at, end, table) && !is_name(phrase, at, end, short_name))
		|| (!phrase_says(phrase, end, "set") && where != end))
		return phrase->count;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (phrase_find(phrase, end, others[i], 0) < phrase->count)
			return phrase->count;
	return where;
}

static const char *
column_name(const struct probe *probe, unsigned table, long number)
{
	for (size_t i = 0; i < probe->column_count; i++)
		if (probe->columns[i].table == table && probe->columns[i].number == number && !probe->columns[i].dropped)
			return probe->columns[i].name;
	return NULL;
}

/* Are all columns of the unique index given? */
static bool
gives_key(const struct sql_lexer_phrase *phrase, size_t where, const struct probe *probe,
		  const struct probe_relation *index)
{
	const char *at = index->unique;
	bool		given = at && *at;

	while (given && *at) {
		char	   *end;
		const char *column = column_name(probe, index->table, strtol(at, &end, 10));

		given = column && is_given(phrase, where, column);
		at = end + strspn(end, " ");
	}
	return given;
}

bool
by_key_changes(const char *sql, const struct probe *probe, unsigned table)
{
	const struct probe_relation *relation = probe_relation(probe, table);
	struct sql_lexer_phrase phrase;
	bool		by_key = false;
	size_t		where;

	if (!relation)
		return false;
	phrase_read(&phrase, sql, strlen(sql));
	where = find_where(&phrase, relation->name, effects_shown(relation->name));
	for (size_t i = 0; where < phrase.count && i < probe->relation_count && !by_key; i++)
		by_key = probe->relations[i].table == table && gives_key(&phrase, where, probe, &probe->relations[i]);
	phrase_clear(&phrase);
	return by_key;
}
