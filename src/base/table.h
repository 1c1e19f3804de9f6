/*
 * table.h - results in columns: as wide as what is in them, cut on a terminal, so that a row is a line.
 *
 * It knows nothing of terminals: how many columns there are to print on, and whether in colour, it is told.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	TABLE_MOST_COLUMNS = 8
};

struct table_column {
	const char *title;
	bool		align_right;	/* numbers are */
	/* Where there is too little room for all: */
	bool		can_truncate;
	bool		can_hide;	/* the last such column first, when cutting does not help */
};

struct table_row;

struct table {
	const struct table_column *columns;
	size_t		column_count;
	size_t		count;
	struct table_row *rows;
};

/* What is to be noticed in a row. */
enum table_emphasis {
	TABLE_PLAIN,
	TABLE_NOTICE,				/* something is to be done */
	TABLE_ALERT					/* something is not as it should be */
};

/* table_init - an empty one; the columns are borrowed. table_clear frees what is in it. */
void		table_init(struct table *table, const struct table_column *columns, size_t count);
void		table_clear(struct table *table);

/* table_add - another row; the cells are copied. NULL is an empty one. */
void		table_add(struct table *table, enum table_emphasis mood, const char *const *cells);

/* table_note - a text of its own below the last row; copied. */
void		table_note(struct table *table, const char *text);

/*
 * table_print - write it, with its titles where it has rows. `width` is what a line may take, and what may be cut is
 * cut for it, or left out; 0: however much it takes.
 */
void		table_print(const struct table *table, FILE *stream, int width, bool colored);

#endif
