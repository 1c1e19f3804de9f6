/* Decode UTF-8. */
#include "base/utf8.h"

#include "base/banned.h"

/* The length of a character by its first byte; 0: no character starts with this byte. */
static size_t
length_by_first_byte(unsigned char byte)
{
	if (byte < 0x80)
		return 1;
	if (byte < 0xc0 || byte >= 0xf8)
		return 0;
	return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

size_t
utf8_character(const void *at, size_t left, unsigned *code)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = at;
	size_t		length = length_by_first_byte(bytes[0]);
	unsigned	value;

	if (length == 0 || length > left)
		return 0;
	value = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3fU);
	}
	if (length > 1 && (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)))
		return 0;
	if (code)
		*code = value;
	return length;
}
