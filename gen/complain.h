/*
 * complain.h - what the generator refuses, gathered first and printed last, so that one run shows everything.
 *
 *   migrations/017_x.sql:9: error: CREATE TABLE without IF NOT EXISTS cannot be repeated
 *   migrations/017_x.sql:9: hint: Write CREATE TABLE IF NOT EXISTS.
 */
#ifndef COMPLAIN_H
#define COMPLAIN_H

#include <stddef.h>
#include <stdio.h>

#include "arena.h"

struct complaint {
	const char *file;
	unsigned	line;			/* from 1; 0 where no line is at fault */
	const char *error;
	const char *hint;
	size_t		order;			/* in which they were found */
};

/* All zero is none. */
struct complaints {
	struct arena arena;
	struct complaint *list;
	size_t		count;
};

/*
 * complain - add one, about `line` of `file`; `format` and what follows make the error, by printf's rules.
 *
 * Everything is copied.
 */
void		complain(struct complaints *complaints, const char *file, unsigned line, const char *hint,
					 const char *format,...) __attribute__((format(printf, 5, 6)));

/* complaints_print - write them all to `stream`, sorted by file and line; what stands on one line keeps its order. */
void		complaints_print(struct complaints *complaints, FILE *stream);

/* complaints_clear - free what was added. */
void		complaints_clear(struct complaints *complaints);

#endif
