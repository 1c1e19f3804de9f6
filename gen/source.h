/*
 * source.h - one SQL file: read, its line ends made LF, and its text checked for what no SQL file may hold.
 *
 * It knows nothing of markers and statements.
 */
#ifndef GEN_SOURCE_H
#define GEN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "arena.h"
#include "complain.h"

/* A file that is being parsed, and what goes with it. */
struct input {
	struct arena *arena;
	struct complaints *complaints;
	const char *path;			/* for messages */
	const char *text;			/* source.text, as char; a NUL stands behind it */
	struct source source;
};

/*
 * source_read - read the file at `input->path`, known as `file`, into `input`, whose first three members are set.
 *
 * Complains and returns false where it is no regular file, cannot be read, is empty, or is not UTF-8 without a byte order mark and NULs.
 */
bool		source_read(struct input *input, const char *file);

/*
 * source_from_bytes - the same for bytes in memory: normalise, check, and take the checksum.
 *
 * `bytes` must live as long as `input`, is changed, and has room for one byte more than `length`.
 */
bool		source_from_bytes(struct input *input, const char *file, char *bytes, size_t length);

/*
 * source_normalise - take one CR away before each LF and before the end, in place. Returns the new length.
 *
 * Other CRs stay. (`sed 's/\r$//'` does the same; arrays.sh relies on it.)
 */
size_t		source_normalise(char *bytes, size_t length);

/* source_line - in which line `offset` is, from 1. */
unsigned	source_line(const struct input *input, size_t offset);

/* source_complain - complain about the line that `offset` is in. */
#define source_complain(input, offset, ...) \
	complain((input)->complaints, (input)->path, source_line((input), (offset)), __VA_ARGS__)

#endif
