/* Text files: read and checked, and replaced atomically. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "base/utf8.h"

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

static bool
check_bytes(const struct source_input *input)
{
	const unsigned char *text = input->source.text;
	size_t		length = input->source.length;
	const unsigned char *nul = memchr(text, '\0', length);
	size_t		invalid = find_invalid(text, length);
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

/* Reads to the end without seeking, so the kind of file does not matter. */
static char *
read_all(FILE *stream, size_t *length)
{
	size_t		room = 16384;
	size_t		size = 0;
	char	   *bytes = mem_grow(NULL, room, 1);

	for (;;) {
		size_t		part = fread(bytes + size, 1, room - size, stream);

		if (part == 0)
			break;
		size += part;
		if (size == room) {
			room *= 2;
			bytes = mem_grow(bytes, room, 1);
		}
	}
	*length = size;
	return bytes;
}

/* Opens regular files only: a pipe could block open() or read() forever. */
static FILE *
open_regular(const char *path, bool *regular)
{
	int			file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	FILE	   *stream;

	*regular = file < 0 || fstat(file, &status) != 0 || S_ISREG(status.st_mode);
	stream = file >= 0 && *regular ? fdopen(file, "rb") : NULL;
	if (file >= 0 && !stream)
		close(file);
	return stream;
}

bool
source_read(struct source_input *input, const char *file)
{
	bool		regular;
	FILE	   *stream = open_regular(input->path, &regular);
	char	   *bytes = NULL;
	size_t		length = 0;
	bool		good = false;

	input->text = "";
	input->source = (struct history_source) {.file = file, .text = (const unsigned char *) "", .checksum = ""};
	if (stream)
		bytes = read_all(stream, &length);
	if (!regular)
		errors_add(input->errors, input->path, 0, "Replace it with a regular file.", "not a regular file");
	else if (!stream || ferror(stream))
		errors_add(input->errors, input->path, 0, "Check that the file exists and that you have permission to read it.",
				   "could not read: %s", strerror(errno));
	else if (length >= INT_MAX)
		errors_add(input->errors, input->path, 1, "Load large data by other means than a migration.",
				   "larger than 2 GB");
	else
		good = source_from_bytes(input, file, arena_copy(input->arena, bytes, length), length);
	if (stream)
		fclose(stream);
	mem_free(bytes);
	return good;
}

static bool
write_whole(const char *path, const char *text, size_t length)
{
	FILE	   *stream;
	bool		good;

	/* A file of that name may be left from an earlier run; opening a pipe would wait for a reader. */
	unlink(path);
	stream = fopen(path, "wbx");
	if (!stream)
		return false;
	good = fwrite(text, 1, length, stream) == length;
	return fclose(stream) == 0 && good;
}

bool
source_replace_file(struct errors *errors, const char *path, const char *text, size_t length)
{
	char	   *temporary = mem_format("%s.new", path);
	bool		good = write_whole(temporary, text, length) && rename(temporary, path) == 0;

	if (!good) {
		errors_add(errors, path, 0, "Check that its folder exists and is writable, and that the disk is not full.",
				   "could not write: %s", strerror(errno));
		unlink(temporary);
	}
	mem_free(temporary);
	return good;
}
