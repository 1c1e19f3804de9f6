/* Text files: read and checked, and replaced. */
#include "source.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "file.h"

#include "base/banned.h"

size_t
source_normalise(char *bytes, size_t length)
{
	size_t		kept = 0;

	for (size_t i = 0; i < length; i++)
		if (bytes[i] != '\r' || (i + 1 < length && bytes[i + 1] != '\n'))
			bytes[kept++] = bytes[i];
	return kept;
}

int
source_quoted(size_t length)
{
	return length < SOURCE_QUOTED_MAX ? (int) length : SOURCE_QUOTED_MAX;
}

unsigned
source_line(const struct source_input *input, size_t offset)
{
	unsigned	line = 1;
	const char *end = input->text + offset;

	for (const char *at = input->text; (at = memchr(at, '\n', (size_t) (end - at))) != NULL; at++)
		line++;
	return line;
}

/* The offset of the first byte that is not part of a valid UTF-8 character; `length` if there is none. */
static size_t
find_invalid(const unsigned char *text, size_t length)
{
	size_t		at = 0;

	while (at < length) {
		size_t		size = utf8_character(text + at, length - at, NULL);

		if (size == 0)
			return at;
		at += size;
	}
	return at;
}

/* The first line that git or another tool has left where a merge has a conflict; NULL if there is none. */
static const char *
find_conflict(const char *text)
{
	const char *at = text;

	do {
		at += *at == '\n';
		if (strncmp(at, "<<<<<<< ", 8) == 0 || strncmp(at, ">>>>>>> ", 8) == 0)
			return at;
		at = strchr(at, '\n');
	} while (at);
	return NULL;
}

static bool
check_bytes(const struct source_input *input)
{
	const unsigned char *text = input->source.text;
	size_t		length = input->source.length;
	const unsigned char *nul = memchr(text, '\0', length);
	size_t		invalid = find_invalid(text, length);
	const char *conflict = find_conflict(input->text);
	size_t		before = input->errors->count;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		source_error(input, 0, "Save the file as UTF-8 without it: PostgreSQL reads it as a part of the first word.",
					 "byte order mark");
	if (nul)
		source_error(input, (size_t) (nul - text), "SQL files are text. Convert the file if it is in UTF-16, or "
					 "restore it if it is damaged.", "NUL byte");
	if (invalid < length)
		source_error(input, invalid, "Convert the file to UTF-8, for example with iconv.",
					 "invalid UTF-8 (byte 0x%02x)", text[invalid]);
	if (conflict)
		source_error(input, (size_t) (conflict - input->text), "Resolve the conflict. If it is in SCHEMA or in the "
					 "latest schema in one script, run \"make schema\", which writes them.", "conflict marker of a merge");
	return input->errors->count == before;
}

bool
source_from_bytes(struct source_input *input, const char *file, char *bytes, size_t length)
{
	char		checksum[SHA256_SIZE];

	length = source_normalise(bytes, length);
	bytes[length] = '\0';
	sha256_hex(bytes, length, checksum);
	input->text = bytes;
	input->source = (struct history_source) {
		.file = file,
		.text = (const unsigned char *) bytes,
		.length = length,
		.checksum = arena_string(input->arena, checksum),
	};
	if (length == 0) {
		errors_add(input->errors, input->path, 1, "Write the file, or delete it.", "empty file");
		return false;
	}
	return check_bytes(input);
}

bool
source_read(struct source_input *input, const char *file)
{
	char	   *bytes;
	size_t		length;
	bool		good = false;

	input->text = "";
	input->source = (struct history_source) {.file = file, .text = (const unsigned char *) "", .checksum = ""};
	if (file_read(input->path, &bytes, &length)) {
		if (length >= INT_MAX)
			errors_add(input->errors, input->path, 1, "Load large data by other means than a migration.",
					   "larger than 2 GB");
		else
			good = source_from_bytes(input, file, arena_copy(input->arena, bytes, length), length);
		mem_free(bytes);
	} else if (errno == EINVAL)
		errors_add(input->errors, input->path, 0, "Replace it with a regular file.", "not a regular file");
	else
		errors_add(input->errors, input->path, 0, "Check that the file exists and that you have permission to read it.",
				   "could not read: %s", strerror(errno));
	return good;
}

bool
source_replace_file(struct errors *errors, const char *path, const char *text, size_t length)
{
	bool		good = file_replace(path, text, length);

	if (!good)
		errors_add(errors, path, 0, "Check that its folder exists and is writable, and that the disk is not full.",
				   "could not write: %s", strerror(errno));
	return good;
}
