/* Escape text for Graphviz. */
#include "schema/diagram_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/printable.h"

#include "base/banned.h"

static bool
is_plain(char c)
{
	return c == '_' || (isascii(c) && isalnum((unsigned char) c));
}

/* Write the next character of a label (with `html`) or of a name; returns how many bytes it takes. */
static size_t
write_character(FILE *stream, const char *text, bool html)
{
	char		escape[PRINTABLE_ESCAPE];
	size_t		length = printable_next(text, escape);

	if (escape[0])
		fputs(escape, stream);
	else if (html && *text == '\\')
		/* A backslash and a letter could be an escape, like \N for the node's name: a word joiner separates them. */
		fputs("&#92;&#8288;", stream);
	else if (html && strchr("\"&<>", *text))
		fprintf(stream, "&#%d;", *text);
	else if (*text == '\\' || *text == '"')
		fprintf(stream, "\\%c", *text);
	else
		fwrite(text, 1, length, stream);
	return length;
}

void
diagram_text_label(FILE *stream, const char *text)
{
	/* A label of an enum may be empty; Graphviz requires text between tags. */
	if (text[0] == '\0')
		fputs("''", stream);
	while (*text)
		text += write_character(stream, text, true);
}

/*
 * In a name Graphviz knows only the escape of the quote. A doubled backslash stays doubled, so it does not escape a
 * quote.
 */
void
diagram_text_name(FILE *stream, const char *text)
{
	fputc('"', stream);
	while (*text)
		text += write_character(stream, text, false);
	fputc('"', stream);
}

/* After a colon comes a compass point, so a colon is escaped. */
void
diagram_text_port(FILE *stream, const char *text)
{
	/* With this prefix the name is not a compass point itself. */
	fputs("c_", stream);
	for (; *text; text++)
		if (is_plain(*text))
			fputc(*text, stream);
		else
			fprintf(stream, "%%%02x", (unsigned char) *text);
}
