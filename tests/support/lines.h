/*
 * lines.h - a set of text lines, for comparisons of schemas.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
	char	  **items;			/* sorted, once lines_sort has been called */
	size_t		count;
};

/* lines_add - add a line, which now belongs to the set. */
void		lines_add(struct lines *lines, char *line);

/* lines_split - add each line of a text. */
void		lines_split(struct lines *lines, const char *text);

/* lines_sort - put them in order and remove duplicates; the functions below need it. */
void		lines_sort(struct lines *lines);

/* lines_have - is this one of them? */
bool		lines_have(const struct lines *lines, const char *line);

/* lines_swap - a line that must be there is replaced; `from` or `to` may be NULL. The set stays sorted. */
void		lines_swap(struct lines *lines, const char *from, const char *to);

/* Accepted differences: called with a line, and whether it is missing or too much; true: accepted. */
typedef bool lines_tolerance(const char *line, bool missing, const void *context);

/*
 * lines_difference - the lines of one set only, as text: "- missing", "+ too much", the first 20.
 *
 * Returns NULL if `tolerate` (may be NULL) accepts all differences; the caller frees it.
 */
char	   *lines_difference(const struct lines *expected, const struct lines *actual, lines_tolerance *tolerate,
							 const void *context);

/* lines_clear - free them; accepts a cleared set. */
void		lines_clear(struct lines *lines);

#endif
