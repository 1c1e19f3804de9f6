/*
 * replace.h - write a file whole or not at all.
 */
#ifndef REPLACE_H
#define REPLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "complain.h"

/*
 * replace_file - make the file at `path` hold the `length` bytes at `text`.
 *
 * They are written under a temporary name beside it, which then takes the file's place. Complains, and returns false,
 * where that failed; the file is then as it was.
 */
bool		replace_file(struct complaints *complaints, const char *path, const char *text, size_t length);

#endif
