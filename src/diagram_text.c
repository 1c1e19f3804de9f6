#include "diagram_text.h"

#include <ctype.h>
#include <stdbool.h>

#include "banned.h"

static bool
is_plain(char c)
{
	return c == '_' || (isascii(c) && isalnum((unsigned char) c));
}

static bool
is_control(char c)
{
	return (c >= 0 && c < ' ') || c == 0x7f;
}

static void
write_control(FILE *stream, char c)
{
	if (c == '\n')
		fputs("\\n", stream);
	else
		fprintf(stream, "\\x%02x", (unsigned) c);
}

void
diagram_text_label(FILE *stream, const char *text)
{
	/* A label of an enum may be empty; Graphviz wants something between the tags. */
	if (text[0] == '\0')
		fputs("''", stream);
	for (; *text; text++)
		if (is_control(*text))
			write_control(stream, *text);
		else if (*text == '\\')
			/* With a letter behind it, it would stand for the name of the node: a joiner without width parts them. */
			fputs("&#92;&#8288;", stream);
		else if (*text == '"' || *text == '&' || *text == '<' || *text == '>')
			fprintf(stream, "&#%d;", *text);
		else
			fputc(*text, stream);
}

/*
 * Graphviz takes no escape there but that of the quote; a doubled backslash stays two, and so is never before a quote.
 */
void
diagram_text_name(FILE *stream, const char *text)
{
	fputc('"', stream);
	for (; *text; text++)
		if (is_control(*text))
			write_control(stream, *text);
		else if (*text == '\\' || *text == '"')
			fprintf(stream, "\\%c", *text);
		else
			fputc(*text, stream);
	fputc('"', stream);
}

/* A colon would part it from a point of the compass. */
void
diagram_text_port(FILE *stream, const char *text)
{
	/* What is none of the compass's points itself. */
	fputs("c_", stream);
	for (; *text; text++)
		if (is_plain(*text))
			fputc(*text, stream);
		else
			fprintf(stream, "%%%02x", (unsigned char) *text);
}
