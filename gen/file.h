/*
 * file.h - a whole file: read it, or replace it atomically. It knows nothing of what is in it, and reports nothing.
 */
#ifndef GEN_FILE_H
#define GEN_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * file_read - set *bytes to the bytes of the regular file at `path`, a new string of *length bytes and a NUL.
 *
 * False: it cannot be read, and errno says why; EINVAL: it is not a regular file. *bytes is then NULL.
 */
bool		file_read(const char *path, char **bytes, size_t *length);

/*
 * file_replace - make the file at `path` contain the `length` bytes at `text`.
 *
 * The bytes are written to the file `path`.new, which is then renamed. False: errno says why, and the old file is
 * unchanged.
 */
bool		file_replace(const char *path, const char *text, size_t length);

#endif
