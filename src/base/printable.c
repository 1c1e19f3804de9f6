/* Make text from outside safe to print. */
#include "base/printable.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mask.h"
#include "base/mem.h"
#include "base/utf8.h"

#include "base/banned.h"

#define NOT_UTF8 "-- A name below has bytes that are not UTF-8, shown as \\x..: replace them by hand.\n"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* Non-ASCII characters that move the cursor, end a line or reorder the text. */
static bool
is_control(unsigned code)
{
	return (code >= 0x80 && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f
		|| (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

size_t
printable_next(const char *text, char escape[PRINTABLE_ESCAPE])
{
	static const char short_escapes[] = {['\n'] = 'n',['\r'] = 'r',['\t'] = 't'};
	unsigned	code = (unsigned char) text[0];
	size_t		length = utf8_character(text, strnlen(text, 4), &code);

	escape[0] = '\0';
	if (length == 1 && code < sizeof(short_escapes) && short_escapes[code])
		snprintf(escape, PRINTABLE_ESCAPE, "\\%c", short_escapes[code]);
	else if (length == 0 || code < ' ' || code == 0x7f)
		snprintf(escape, PRINTABLE_ESCAPE, "\\x%02x", code & 0xff);
	else if (is_control(code))
		snprintf(escape, PRINTABLE_ESCAPE, "\\u%04x", code & 0xffff);
	return length > 0 ? length : 1;
}

/* The text, escaped except for the characters in `kept`. */
static char *
escaped(const char *text, const char *kept)
{
	char	   *line;
	size_t		length;
	FILE	   *stream = mem_stream_open(&line, &length);
	size_t		size;

	for (; *text; text += size) {
		char		escape[PRINTABLE_ESCAPE];

		size = printable_next(text, escape);
		if (escape[0] && !strchr(kept, *text))
			fputs(escape, stream);
		else
			fwrite(text, 1, size, stream);
	}
	mem_stream_close(stream);
	return line;
}

static char *
masked_and_escaped(const char *text, const char *kept)
{
	char	   *masked = mask_passwords(text);
	char	   *line = escaped(masked, kept);

	mem_free(masked);
	return line;
}

char *
printable(const char *text)
{
	return masked_and_escaped(text, "");
}

char *
printable_lines(const char *text)
{
	return masked_and_escaped(text, "\n\t");
}

char *
printable_utf8(const char *text)
{
	char	   *line;
	size_t		length;
	FILE	   *stream = mem_stream_open(&line, &length);
	size_t		size;

	for (; *text; text += size) {
		size = utf8_character(text, strnlen(text, 4), NULL);
		if (size > 0)
			fwrite(text, 1, size, stream);
		else
			fprintf(stream, "\\x%02x", (unsigned char) *text);
		size = size > 0 ? size : 1;
	}
	mem_stream_close(stream);
	return line;
}

char *
printable_json(const char *json)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	size_t		size;

	for (; *json; json += size) {
		char		escape[PRINTABLE_ESCAPE];

		size = printable_next(json, escape);
		if (strncmp(escape, "\\u", 2) == 0)
			fputs(escape, stream);
		else if (*json == 0x7f)
			fputs("\\u007f", stream);
		else
			fwrite(json, 1, size, stream);
	}
	mem_stream_close(stream);
	return text;
}

/* The length of a string or quoted identifier with its quotes; without an end quote, that of the text. */
static size_t
quoted_length(const char *sql, bool backslashes)
{
	size_t		i = 1;

	while (sql[i] && (sql[i] != sql[0] || sql[i + 1] == sql[0])) {
		bool		pair = sql[i] == sql[0] || (backslashes && sql[i] == '\\' && sql[i + 1]);

		i += pair ? 2 : 1;
	}
	return sql[i] ? i + 1 : i;
}

/* The length of a dollar-quoted string with its delimiters; 0: none starts here. */
static size_t
dollar_length(const char *sql, char before)
{
	size_t		tag = sql[0] != '$' || strchr("0123456789", sql[1]) || strchr(WORD, before) ? 0
		: 1 + strspn(sql + 1, WORD);
	char	   *mark;
	const char *end;
	size_t		length;

	if (tag == 0 || sql[tag] != '$')
		return 0;
	mark = mem_copy(sql, tag + 1);
	end = strstr(sql + tag + 1, mark);
	length = end ? (size_t) (end - sql) + tag + 1 : strlen(sql);
	mem_free(mark);
	return length;
}

static size_t
comment_length(const char *sql)
{
	int			depth = 0;
	size_t		i = 0;

	if (strncmp(sql, "--", 2) == 0)
		return strcspn(sql, "\n");
	do {
		int			step = strncmp(sql + i, "/*", 2) == 0 ? 1 : strncmp(sql + i, "*/", 2) == 0 ? -1 : 0;

		depth += step;
		i += step ? 2 : 1;
	} while (depth > 0 && sql[i]);
	return i;
}

/* Write a quoted identifier of `length` bytes. False if it is not all UTF-8. */
static bool
write_identifier(FILE *stream, const char *quoted, size_t length)
{
	char	   *name = mem_copy(quoted, length);
	char	   *plain = escaped(name, "");
	bool		valid = true;
	size_t		size;

	if (strcmp(name, plain) == 0) {
		fputs(name, stream);
		goto done;
	}
	fputs("U&", stream);
	for (const char *at = name; *at; at += size) {
		char		escape[PRINTABLE_ESCAPE];
		unsigned	code = 0;

		size = printable_next(at, escape);
		if (escape[0] && utf8_character(at, strnlen(at, 4), &code) > 0)
			fprintf(stream, "\\%04x", code);
		else if (*at == '\\' || escape[0])
			fprintf(stream, "\\%s", escape[0] ? escape : "\\");
		else
			fwrite(at, 1, size, stream);
		valid = valid && (!escape[0] || code > 0);
	}
done:
	mem_free(plain);
	mem_free(name);
	return valid;
}

char *
printable_quoted(const char *name)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	fputc('"', stream);
	for (; *name; name++)
		fputs(*name == '"' ? "\"\"" : (char[]) {*name, '\0'}, stream);
	fputc('"', stream);
	mem_stream_close(stream);
	return text;
}

char *
printable_sql(const char *sql)
{
	char	   *text;
	char	   *noted;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	bool		valid = true;
	char		before = ' ';
	size_t		size;

	for (; *sql; sql += size) {
		if (*sql == '"') {
			size = quoted_length(sql, false);
			valid &= write_identifier(stream, sql, size);
			before = '"';
			continue;
		}
		size = *sql == '\'' ? quoted_length(sql, before == 'e' || before == 'E') : dollar_length(sql, before);
		if (size == 0 && (strncmp(sql, "--", 2) == 0 || strncmp(sql, "/*", 2) == 0))
			size = comment_length(sql);
		size = size > 0 ? size : 1;
		fwrite(sql, 1, size, stream);
		before = sql[size - 1];
	}
	mem_stream_close(stream);
	if (valid)
		return text;
	noted = mem_format(NOT_UTF8 "%s", text);
	mem_free(text);
	return noted;
}
