/*
 * sections.h - where the up and the down section of a migration are.
 *
 * The markers are dbmate's, and found as it finds them: by line, whatever stands around the line.
 *
 *   -- migrate:up
 *   -- migrate:down transaction:false
 *
 * So are the lines that say how a statement is run in ranges of keys; what they mean is in ranges.h.
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/*
 * sections_find - set offset, length and transactional of both sections; they have no statements yet.
 *
 * Complains of what is not one up, then one down, and of SQL before them. False where a section is missing or in doubt.
 */
bool		sections_find(const struct input *input, struct section *up, struct section *down);

/*
 * sections_none - for a file without sections: all of it is `body`, one transaction.
 *
 * Complains, and returns false, where there is a marker.
 */
bool		sections_none(const struct input *input, struct section *body);

/* sections_explained - has a section without statements a comment with a word in it? */
bool		sections_explained(const struct input *input, const struct section *section);

/* A line "-- migrate:batch", whose options have not been read yet. */
struct directive {
	size_t		offset;			/* of the line */
	size_t		options;
	size_t		end;
};

/*
 * sections_next_batch - the first such line that begins at `*at` or behind, before `end`; *at is moved behind it.
 *
 * They are found as the others are: also in strings and block comments. False where there is none.
 */
bool		sections_next_batch(const struct input *input, size_t *at, size_t end, struct directive *directive);

/* sections_next_option - its next option: `length` bytes at `*option`. False behind the last one. */
bool		sections_next_option(const struct input *input, struct directive *directive, size_t *option,
								 size_t *length);

#endif
