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

unsigned
source_line(const struct input *input, size_t offset)
{
	unsigned	line = 1;
	const char *end = input->text + offset;

	for (const char *at = input->text; (at = memchr(at, '\n', (size_t) (end - at))) != NULL; at++)
		line++;
	return line;
}

/* Where the first byte is that is not part of a UTF-8 character; `length` where there is none. */
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
check(const struct input *input)
{
	const unsigned char *text = input->source.text;
	size_t		length = input->source.length;
	const unsigned char *nul = memchr(text, '\0', length);
	size_t		invalid = find_invalid(text, length);
	size_t		before = input->complaints->count;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		source_complain(input, 0, "Save the file as UTF-8 without one; PostgreSQL takes it for part of the first word.",
						"byte order mark");
	if (nul)
		source_complain(input, (size_t) (nul - text), "SQL is text. The file may be UTF-16, or damaged.", "NUL byte");
	if (invalid < length)
		source_complain(input, invalid, "Convert the file with iconv, say from LATIN1.",
						"invalid UTF-8 (byte 0x%02x)", text[invalid]);
	return input->complaints->count == before;
}

bool
source_from_bytes(struct input *input, const char *file, char *bytes, size_t length)
{
	char		checksum[SHA256_SIZE];

	length = source_normalise(bytes, length);
	bytes[length] = '\0';
	sha256_hex(bytes, length, checksum);
	input->text = bytes;
	input->source = (struct source) {
		.file = file,
		.text = (const unsigned char *) bytes,
		.length = length,
		.checksum = arena_string(input->arena, checksum),
	};
	if (length == 0) {
		complain(input->complaints, input->path, 1, "Write it, or delete the file.", "empty file");
		return false;
	}
	return check(input);
}

/* The whole of a stream, however long; what it is does not matter (no seeking). */
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

/* Open it, if it is a regular file: opening or reading a pipe may wait for ever. */
static FILE *
open_regular(const char *path, bool *regular)
{
	int			file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat what;
	FILE	   *stream;

	*regular = file < 0 || fstat(file, &what) != 0 || S_ISREG(what.st_mode);
	stream = file >= 0 && *regular ? fdopen(file, "rb") : NULL;
	if (file >= 0 && !stream)
		close(file);
	return stream;
}

bool
source_read(struct input *input, const char *file)
{
	bool		regular;
	FILE	   *stream = open_regular(input->path, &regular);
	char	   *bytes = NULL;
	size_t		length = 0;
	bool		good = false;

	input->text = "";
	input->source = (struct source) {.file = file, .text = (const unsigned char *) "", .checksum = ""};
	if (stream)
		bytes = read_all(stream, &length);
	if (!regular)
		complain(input->complaints, input->path, 0, "Put a file in its place.", "not a regular file");
	else if (!stream || ferror(stream))
		complain(input->complaints, input->path, 0, "Look whether it is there, and whether you may read it.",
				 "could not read: %s", strerror(errno));
	else if (length >= INT_MAX)
		complain(input->complaints, input->path, 1, "Load data by other means.", "larger than 2 GB");
	else
		good = source_from_bytes(input, file, arena_copy(input->arena, bytes, length), length);
	if (stream)
		fclose(stream);
	mem_free(bytes);
	return good;
}
