#include "concurrent.h"

#include "history/sql_lexer.h"

#include "base/banned.h"

/* The name of the index that CREATE INDEX CONCURRENTLY, which `at` is behind, makes: as written. NULL without one. */
static const char *
index_name(const struct input *input, const struct sql_lexer_phrase *phrase, size_t at)
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
mark(const struct input *input, const struct sql_lexer_phrase *phrase, struct statement *statement)
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

void
concurrent_mark(const struct input *input, struct statement *statement)
{
	struct sql_lexer_phrase phrase;

	phrase_read(&phrase, input->text + statement->offset, statement->length);
	mark(input, &phrase, statement);
	phrase_clear(&phrase);
}
