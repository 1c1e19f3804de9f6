/* Statements that may do more than is seen. */
#include "measure/uncertain.h"

#include <string.h>

#include "history/sql_lexer.h"

#include "base/banned.h"

/* The body of a DO block: what is between the dollars. */
static bool
is_uncertain_body(const char *sql, const struct sql_lexer_word *body)
{
	static const char *const words[] = {"then", "loop", "exception", "execute", "call"};
	const char *text = sql + body->offset;
	size_t		tag = (size_t) ((const char *) memchr(text + 1, '$', body->length - 1) - text) + 1;
	struct sql_lexer_phrase phrase;
	bool		uncertain = false;

	phrase_read(&phrase, text + tag, body->length - 2 * tag);
	for (size_t i = 0; !uncertain && i < phrase.count; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			uncertain |= phrase_says(&phrase, i, words[k]) > 0;
	phrase_clear(&phrase);
	return uncertain;
}

bool
uncertain_work(const char *sql, size_t length)
{
	struct sql_lexer_phrase phrase;
	bool		block;
	bool		uncertain;

	phrase_read(&phrase, sql, length);
	block = phrase_says(&phrase, 0, "do");
	uncertain = phrase_says(&phrase, 0, "call") || (block && phrase_find(&phrase, 0, "language", 0) < phrase.count);
	for (size_t i = 0; block && i < phrase.count; i++)
		if (phrase.words[i].kind == WORD_DOLLAR)
			uncertain |= is_uncertain_body(sql, &phrase.words[i]);
		else
			uncertain |= phrase.words[i].kind == WORD_STRING;
	phrase_clear(&phrase);
	return uncertain;
}

bool
uncertain_settings(const char *sql, size_t length)
{
	static const char *const words[] = {"set", "reset", "discard", "select", "do", "call", "with", "execute", "load"};
	struct sql_lexer_phrase phrase;
	bool		uncertain = false;

	phrase_read(&phrase, sql, length);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		uncertain |= phrase_says(&phrase, 0, words[i]) > 0;
	phrase_clear(&phrase);
	return uncertain;
}
