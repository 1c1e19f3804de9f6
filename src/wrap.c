#include "wrap.h"

#include <stdbool.h>
#include <string.h>

#include "mem.h"
#include "printable.h"

#include "banned.h"

#define ELLIPSIS "..."

static bool
starts_character(char byte)
{
	return ((unsigned char) byte & 0xc0) != 0x80;
}

int
wrap_columns(const char *text)
{
	int			columns = 0;

	for (; *text; text++)
		columns += starts_character(*text);
	return columns;
}

int
wrap_bytes(const char *text, int columns)
{
	int			bytes = 0;

	for (; text[bytes]; bytes++)
		if (starts_character(text[bytes]) && columns-- <= 0)
			break;
	return bytes;
}

char *
wrap_cut(const char *text, int columns)
{
	return mem_format("%.*s" ELLIPSIS, wrap_bytes(text, columns - (int) strlen(ELLIPSIS)), text);
}

void
wrap_write(FILE *stream, int indent, int width, const char *paragraph)
{
	int			deeper = indent + 2;
	char	   *shown = printable(paragraph);
	const char *text = shown;

	while (*text) {
		int			length = width > 0 ? wrap_bytes(text, width - indent) : (int) strlen(text);
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
