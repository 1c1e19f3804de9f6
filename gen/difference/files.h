/*
 * files.h - the files of new migrations: which moves share one, their numbers and their text.
 */
#ifndef DIFFERENCE_FILES_H
#define DIFFERENCE_FILES_H

#include <stdbool.h>

#include "difference/side.h"
#include "difference/moves.h"

struct files_options {
	const char *folder;
	const char *name;			/* of the migration; NULL: after what it does */
	int			latest;			/* the last version before them */
};

/*
 * files_write - write the moves to new files, and print their paths. The notes of the sides are comments in the first
 * one. False, and reported, on failure; then no file is left.
 */
bool		files_write(const struct moves *moves, const struct sides *sides, const struct files_options *options);

#endif
