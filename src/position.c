#include "position.h"

#include <stdbool.h>

#include "banned.h"

static bool
starts_character(unsigned char byte)
{
	return (byte & 0xc0) != 0x80;
}

struct position
position_find(const unsigned char *text, size_t length, size_t offset, unsigned characters)
{
	struct position found = {.line = 1,.column = 1};
	size_t		at = offset < length ? offset : length;

	while (characters > 0 && at < length) {
		at++;
		while (at < length && !starts_character(text[at]))
			at++;
		characters--;
	}
	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			found.line++;
			found.column = 1;
			found.line_start = i + 1;
		} else if (starts_character(text[i]))
			found.column++;
	}
	while (found.line_start + found.line_length < length && text[found.line_start + found.line_length] != '\n')
		found.line_length++;
	return found;
}
