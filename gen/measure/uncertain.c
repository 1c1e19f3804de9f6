/* Statements that may do more than is seen. */
#include "measure/uncertain.h"

#include <string.h>

#include "history/sql_lexer.h"

#include "base/banned.h"

/* Is one of the words in the body of a DO block, which is between dollars or quotes? */
static bool
body_says(const char *sql, const struct sql_lexer_word *body, const char *const *words)
{
	const char *text = sql + body->offset;
	size_t		tag = 1;
	struct sql_lexer_phrase phrase;
	bool		says = false;

	if (body->kind == WORD_DOLLAR)
		tag += (size_t) ((const char *) memchr(text + 1, '$', body->length - 1) - text);
	phrase_read(&phrase, text + tag, body->length - 2 * tag);
	for (size_t i = 0; !says && i < phrase.count; i++)
		for (const char *const *word = words; *word; word++)
			says |= phrase_says(&phrase, i, *word) > 0;
	phrase_clear(&phrase);
	return says;
}

bool
uncertain_work(const char *sql, size_t length)
{
	static const char *const words[] = {"then", "loop", "exception", "execute", "call", NULL};
	struct sql_lexer_phrase phrase;
	bool		block;
	bool		uncertain;

	phrase_read(&phrase, sql, length);
	block = phrase_says(&phrase, 0, "do");
	uncertain = phrase_says(&phrase, 0, "call") || (block && phrase_find(&phrase, 0, "language", 0) < phrase.count);
	for (size_t i = 0; block && i < phrase.count; i++)
		if (phrase.words[i].kind == WORD_DOLLAR)
			uncertain |= body_says(sql, &phrase.words[i], words);
		else
			uncertain |= phrase.words[i].kind == WORD_STRING;
	phrase_clear(&phrase);
	return uncertain;
}

bool
uncertain_loop(const char *sql, size_t length)
{
	static const char *const words[] = {"loop", NULL};
	struct sql_lexer_phrase phrase;
	bool		loops = false;

	phrase_read(&phrase, sql, length);
	for (size_t i = 0; phrase_says(&phrase, 0, "do") && i < phrase.count; i++)
		if (phrase.words[i].kind == WORD_DOLLAR || phrase.words[i].kind == WORD_STRING)
			loops |= body_says(sql, &phrase.words[i], words);
	phrase_clear(&phrase);
	return loops;
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
