/* Remove passwords from SQL and from messages that quote it. */
#include "base/mask.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#include "base/banned.h"

#define WORD "password"
#define SPACES " \t\r\n\f\v"
#define MASK "***"

static bool
in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'
		|| (unsigned char) c >= 0x80;
}

/* The length of the white space and comments at the start of the text. */
static size_t
gap_length(const char *text)
{
	size_t		length = 0;

	for (;;) {
		const char *at = text + length;
		const char *end;

		if (*at && strchr(SPACES, *at))
			length += strspn(at, SPACES);
		else if (strncmp(at, "--", 2) == 0)
			length += strcspn(at, "\n");
		else if (strncmp(at, "/*", 2) == 0 && (end = strstr(at + 2, "*/")) != NULL)
			length += (size_t) (end - at) + 2;
		else
			return length;
	}
}

/* The offset after a string that starts with `quotes` apostrophes; without an end, the length of the text. */
static size_t
end_of_string(const char *text, size_t quotes)
{
	size_t		i = quotes;

	while (text[i]) {
		size_t		run = strspn(text + i, "'");

		if (text[i] == '\\' && text[i + 1])
			i += 2;
		else if (run == 0)
			i++;
		else if (run >= 2 * quotes)
			i += 2 * quotes;
		else if (run >= quotes)
			return i + quotes;
		else
			i += run;
	}
	return i;
}

/* The length of a string of any kind, with its prefix; 0: the text does not start with one. */
static size_t
string_length(const char *text)
{
	size_t		prefix = strncasecmp(text, "U&'", 3) == 0 ? 2
		: *text && strchr("eEnNbBxX", *text) && text[1] == '\'' ? 1 : 0;
	size_t		quotes = strspn(text + prefix, "'");
	size_t		tag = 1;

	/* It is masked already; the rest belongs to the string around it. */
	if (strncmp(text, "'" MASK "'", strlen("'" MASK "'")) == 0 && !in_word(text[strspn(text, "'*")]))
		return strlen("'" MASK "'");
	if (quotes > 0) {
		/*
		 * An odd number starts a string, which may begin with apostrophes; an even number is empty or inside a string.
		 */
		size_t		outer = quotes % 2 == 1 ? 1 : quotes;
		size_t		length = prefix + end_of_string(text + prefix, outer);

		if (outer > 1 && !text[length] && strspn(text + prefix + quotes, SPACES ";,)") > 0)
			return prefix + quotes;
		return length;
	}
	if (*text != '$')
		return 0;
	while (in_word(text[tag]))
		tag++;
	if (text[tag] == '$') {
		char	   *mark = mem_copy(text, tag + 1);
		const char *end = strstr(text + tag + 1, mark);

		mem_free(mark);
		return end ? (size_t) (end - text) + tag + 1 : strlen(text);
	}
	/* A parameter is not secret; a truncated tag does not start a string. */
	return 0;
}

/* The length of a value in a connection string. */
static size_t
value_length(const char *text)
{
	size_t		quotes = strspn(text, "'");

	if (quotes > 0)
		return string_length(text);
	return strcspn(text, SPACES "'\"&,;)");
}

/* The length of the password in a URI, of which the text is "://" and what follows, and the offset; 0: none. */
static size_t
uri_password(const char *text, size_t *before)
{
	size_t		authority = strcspn(text + 3, SPACES "'\"");
	const char *at = memrchr(text + 3, '@', authority);
	const char *colon = at ? memchr(text + 3, ':', (size_t) (at - text - 3)) : NULL;

	if (!colon)
		return 0;
	*before = (size_t) (colon - text) + 1;
	return (size_t) (at - colon) - 1;
}

/* Mask the value after the word, which has just been written; returns the number of bytes masked. */
static size_t
mask_after_word(FILE *stream, const char *text)
{
	size_t		gap = gap_length(text);
	size_t		length = string_length(text + gap);

	if (length > 0) {
		size_t		more;
		size_t		next;

		/* Strings separated by white space only are one string. */
		while ((next = gap_length(text + gap + length)) > 0 && text[gap + length + next] == '\''
			   && (more = string_length(text + gap + length + next)) > 0)
			length += next + more;
		fprintf(stream, "%.*s'" MASK "'", (int) gap, text);
		return gap + length;
	}
	gap += strspn(text + gap, SPACES);
	if (text[gap] != '=')
		return 0;
	gap++;
	gap += strspn(text + gap, SPACES);
	length = value_length(text + gap);
	if (length == 0)
		return 0;
	fprintf(stream, "%.*s" MASK, (int) gap, text);
	return gap + length;
}

char *
mask_passwords(const char *text)
{
	char	   *masked;
	size_t		size;
	FILE	   *stream;
	char		before = ' ';

	if (!text)
		return NULL;
	stream = mem_stream_open(&masked, &size);
	while (*text) {
		size_t		step = 1;
		size_t		hidden = 0;
		size_t		shown = 0;
		bool		word = !in_word(before) && strncasecmp(text, WORD, strlen(WORD)) == 0
			&& !in_word(text[strlen(WORD)]);

		if (word)
			step = strlen(WORD);
		else if (strncmp(text, "://", 3) == 0 && (hidden = uri_password(text, &shown)) > 0)
			step = shown;
		fwrite(text, 1, step, stream);
		before = text[step - 1];
		text += step;
		if (hidden > 0)
			fputs(MASK, stream);
		else if (word)
			hidden = mask_after_word(stream, text);
		if (hidden > 0)
			before = ' ';
		text += hidden;
	}
	mem_stream_close(stream);
	return masked;
}
