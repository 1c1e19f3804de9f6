/*
 * errors.h - the errors of one run of the generator: collected first and printed at the end, so that one run shows all.
 *
 *   migrations/017_x.sql:9: error: CREATE TABLE without IF NOT EXISTS cannot be repeated
 *   migrations/017_x.sql:9: hint: Write CREATE TABLE IF NOT EXISTS.
 */
#ifndef ERRORS_H
#define ERRORS_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

struct errors_entry {
	const char *file;
	unsigned	line;			/* from 1; 0: the error is not in a line */
	const char *error;
	const char *hint;
	size_t		order;			/* in which the errors were found */
};

/* An all-zero struct is an empty list. */
struct errors {
	struct arena arena;			/* owns the strings of the entries */
	struct errors_entry *list;
	size_t		count;
};

/*
 * errors_add - add an error in `line` of `file`. The text is formatted from `format`, as printf does; `hint` is a
 * sentence that says how to repair the fault. All strings are copied.
 */
void		errors_add(struct errors *errors, const char *file, unsigned line, const char *hint,
					   const char *format,...) __attribute__((format(printf, 5, 6)));

/* errors_print - sort the errors by file and line, and write them to `stream`. Errors in one line keep their order. */
void		errors_print(struct errors *errors, FILE *stream);

/* errors_clear - free all entries. The list is then empty and can be used again. */
void		errors_clear(struct errors *errors);

#endif
