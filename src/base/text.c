/* Measure, truncate and wrap UTF-8 text, and find positions in it. */
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/printable.h"

#include "base/banned.h"

#define ELLIPSIS "..."

static bool
starts_character(char byte)
{
	return ((unsigned char) byte & 0xc0) != 0x80;
}

int
text_columns(const char *text)
{
	int			columns = 0;

	for (; *text; text++)
		columns += starts_character(*text);
	return columns;
}

int
text_bytes(const char *text, int columns)
{
	int			bytes = 0;

	for (; text[bytes]; bytes++)
		if (starts_character(text[bytes]) && columns-- <= 0)
			break;
	return bytes;
}

char *
text_cut(const char *text, int columns)
{
	return mem_format("%.*s" ELLIPSIS, text_bytes(text, columns - (int) strlen(ELLIPSIS)), text);
}

void
text_write(FILE *stream, int indent, int width, const char *paragraph)
{
	int			deeper = indent + 2;
	char	   *shown = printable(paragraph);
	const char *text = shown;

	while (*text) {
		int			length = width > 0 ? text_bytes(text, width - indent) : (int) strlen(text);
		int			line;

		if (text[length]) {
			int			space = length;

			while (space > 0 && text[space] != ' ')
				space--;
			length = space > 0 ? space : (int) strcspn(text, " ");
		}
		line = length;
		while (line > 0 && text[line - 1] == ' ')
			line--;
		fprintf(stream, "%*s%.*s\n", indent, "", line, text);
		text += length;
		text += strspn(text, " ");
		indent = deeper;
	}
	mem_free(shown);
}

struct text_position
text_position(const unsigned char *text, size_t length, size_t offset, unsigned characters)
{
	struct text_position found = {.line = 1,.column = 1};
	size_t		at = offset < length ? offset : length;

	while (characters > 0 && at < length) {
		at++;
		while (at < length && !starts_character((char) text[at]))
			at++;
		characters--;
	}
	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			found.line++;
			found.column = 1;
			found.line_start = i + 1;
		} else if (starts_character((char) text[i]))
			found.column++;
	}
	while (found.line_start + found.line_length < length && text[found.line_start + found.line_length] != '\n')
		found.line_length++;
	return found;
}

int
text_compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *) left, *(const char *const *) right);
}
