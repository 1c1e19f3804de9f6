/* Hashes of definitions, and their normal form. */
#include "schema/normal.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"

#include "base/banned.h"

#define WHITE_SPACE " \t\n\r\f\v"
#define DIGITS "0123456789"

void
normal_hash(const char *text, char hash[NORMAL_HASH_SIZE])
{
	char		hex[SHA256_SIZE];

	sha256_hex(text, strlen(text), hex);
	memcpy(hash, hex, NORMAL_HASH_SIZE - 1);
	hash[NORMAL_HASH_SIZE - 1] = '\0';
}

/* The length of a literal or quoted identifier, which begins with `quote`. A quote within is doubled. */
static size_t
quoted_length(const char *text, char quote)
{
	size_t		length = 1;

	while (text[length] && (text[length] != quote || text[length + 1] == quote))
		length += text[length] == quote ? 2 : 1;
	return length + (text[length] == quote);
}

/* The length of a word: a name, a keyword or an integer; 0: there is none. */
static size_t
word_length(const char *text)
{
	size_t		length = 0;

	while (text[length] && (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$" DIGITS, text[length])
							|| (unsigned char) text[length] >= 0x80))
		length++;
	return length;
}

char *
normal_form(const char *definition)
{
	char	   *form = mem_copy(definition, strlen(definition));
	char	   *end = form;

	while (*definition) {
		char		c = *definition;
		size_t		length = c == '\'' || c == '"' ? quoted_length(definition, c) : word_length(definition);

		if (length == 0) {
			if (!strchr(WHITE_SPACE "()", c))
				*end++ = c;
			definition++;
			continue;
		}
		if (definition[length] == '.' && c != '\'' && !strchr(DIGITS, c))
			definition++;
		else {
			memcpy(end, definition, length);
			end += length;
		}
		definition += length;
	}
	*end = '\0';
	return form;
}

void
normal_pair(const char *definition, char pair[NORMAL_PAIR_SIZE])
{
	char	   *form = normal_form(definition);

	normal_hash(definition, pair);
	pair[NORMAL_HASH_SIZE - 1] = '/';
	normal_hash(form, pair + NORMAL_HASH_SIZE);
	mem_free(form);
}
