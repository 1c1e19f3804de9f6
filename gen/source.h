/*
 * source.h - files: read a text file and check its bytes; replace a file atomically.
 *
 * Every file that the generator compiles is read here: its line ends become LF, and its text must be valid UTF-8. This
 * module knows nothing of sections and statements.
 */
#ifndef GEN_SOURCE_H
#define GEN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "base/arena.h"
#include "errors.h"

/* A file that is being parsed. The caller sets the first three members. */
struct source_input {
	struct arena *arena;		/* of everything that is parsed from the file */
	struct errors *errors;
	const char *path;			/* for messages */
	const char *text;			/* source.text as char, followed by a NUL */
	struct history_source source;
};

/* Longest part of a file, in bytes, that is quoted in an error message. */
#define SOURCE_QUOTED_MAX 40

/*
 * source_read - read the file at `input->path`, whose name in the history is `file`, into `input`.
 *
 * `file` is borrowed; the text lives in the arena. Adds an error and returns false if the file is not a regular file,
 * cannot be read, is empty, is too large, is not valid UTF-8, begins with a byte order mark, or contains a NUL byte or
 * a conflict marker of a merge.
 * input->source is set in any case; its length is 0 and its checksum "" if the file could not be read.
 */
bool		source_read(struct source_input *input, const char *file);

/*
 * source_from_bytes - the same for `length` bytes in memory.
 *
 * `bytes` is borrowed for as long as `input` is used. It is modified, and must have room for one more byte.
 */
bool		source_from_bytes(struct source_input *input, const char *file, char *bytes, size_t length);

/*
 * source_normalise - remove one CR before each LF and before the end, in place. Returns the new length.
 *
 * Other CRs are kept. `sed 's/\r$//'` does the same, and gen/arrays.sh relies on that.
 */
size_t		source_normalise(char *bytes, size_t length);

/* source_line - return the number of the line, from 1, that contains `offset`. */
unsigned	source_line(const struct source_input *input, size_t offset);

/* source_error - add an error in the line that contains `offset`; the arguments after it are those of errors_add. */
#define source_error(input, offset, ...) \
	errors_add((input)->errors, (input)->path, source_line((input), (offset)), __VA_ARGS__)

/* source_quoted - how many of `length` bytes a message quotes; the type is that of the precision of "%.*s". */
int			source_quoted(size_t length);

/*
 * source_replace_file - make the file at `path` contain the `length` bytes at `text`.
 *
 * As file_replace does it. Adds an error and returns false if that fails; the old file is then unchanged.
 */
bool		source_replace_file(struct errors *errors, const char *path, const char *text, size_t length);

#endif
