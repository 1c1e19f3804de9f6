/*
 * forbidden_by_rows.h - the rows for which a statement would fail, by its words. Pure.
 *
 * Known are UNIQUE, PRIMARY KEY, SET NOT NULL and TYPE with a narrower integer in ALTER TABLE, and CREATE UNIQUE INDEX,
 * for plain columns. The statements in code (DO) are not.
 */
#ifndef FORBIDDEN_BY_ROWS_H
#define FORBIDDEN_BY_ROWS_H

#include <stddef.h>

/* All are SQL. */
struct forbidden_item {
	char	   *table;			/* with its schema */
	char	   *what;			/* that rows contradict: "UNIQUE (a, b)" */
	char	   *rows;			/* a query for these rows, each as one text, without a limit */
};

/* Zero is none. */
struct forbidden {
	size_t		count;
	struct forbidden_item *items;
};

/* forbidden_add - append what rows can contradict in a statement. forbidden_clear frees it. */
void		forbidden_add(struct forbidden *forbidden, const char *sql);
void		forbidden_clear(struct forbidden *forbidden);

#endif
