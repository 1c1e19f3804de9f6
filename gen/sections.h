/*
 * sections.h - find the up and the down section of a migration, and its "-- migrate:batch" lines.
 *
 * The markers are those of dbmate, and are found as dbmate finds them: line by line, even inside a string or a comment.
 *
 *   -- migrate:up
 *   -- migrate:down transaction:false
 *
 * The meaning of a "-- migrate:batch" line is in batch_directive.h.
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/*
 * sections_find - set offset, length and transactional of both sections. Their statements are not split yet.
 *
 * Adds an error and returns false unless the file has one up section and then one down section, with nothing but blank
 * lines and "--" comments before them; and for an unknown or indented directive, and an unknown option.
 */
bool		sections_find(const struct source_input *input, struct history_section *up, struct history_section *down);

/*
 * sections_none - for a file without sections: set `body` to the whole file, as one transaction.
 *
 * Adds an error and returns false if the file has a directive.
 */
bool		sections_none(const struct source_input *input, struct history_section *body);

/* sections_has_comment - does a section that has no statements have a comment with at least one word? */
bool		sections_has_comment(const struct source_input *input, const struct history_section *section);

/* A line "-- migrate:batch". All members are offsets in the file. */
struct sections_directive {
	size_t		offset;			/* of the line */
	size_t		options;		/* of the options that are not read yet */
	size_t		end;			/* of the line */
};

/*
 * sections_next_batch - find the first "-- migrate:batch" line that begins at or after `*at`, and before `end`.
 *
 * Advances `*at` to the line after it. Returns false if there is none.
 */
bool		sections_next_batch(const struct source_input *input, size_t *at, size_t end,
								struct sections_directive *directive);

/*
 * sections_next_option - read the next option of the line: `*length` bytes at offset `*option`.
 *
 * Returns false after the last option.
 */
bool		sections_next_option(const struct source_input *input, struct sections_directive *directive,
								 size_t *option, size_t *length);

#endif
