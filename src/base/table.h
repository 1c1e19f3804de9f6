/*
 * table.h - print results in columns. Columns are as wide as their widest cell; on a terminal they are truncated, so
 * that each row is one line.
 *
 * It knows nothing of terminals: the caller passes the width, and whether colours are allowed.
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
	bool		align_right;	/* for numbers */
	/* If the rows are too wide: */
	bool		can_truncate;
	bool		can_hide;		/* if truncating is not enough; the last such column is hidden first */
};

struct table_row;

struct table {
	const struct table_column *columns;
	size_t		column_count;
	size_t		count;
	struct table_row *rows;
};

/* How a row is highlighted where colours are allowed. */
enum table_emphasis {
	TABLE_PLAIN,
	TABLE_NOTICE,				/* something remains to be done */
	TABLE_ALERT					/* something is wrong */
};

/* table_init - an empty table; `columns` is borrowed. table_clear frees its rows. */
void		table_init(struct table *table, const struct table_column *columns, size_t count);
void		table_clear(struct table *table);

/* table_add - append a row with a cell for each column; the cells are copied, NULL is an empty cell. */
void		table_add(struct table *table, enum table_emphasis emphasis, const char *const *cells);

/* table_note - append a text of its own below the last row; it is copied. */
void		table_note(struct table *table, const char *text);

/*
 * table_print - write the titles and the rows; nothing if there are no rows. Lines have at most `width` columns, as far
 * as columns can be truncated or hidden; 0: no limit.
 */
void		table_print(const struct table *table, FILE *stream, int width, bool colored);

#endif
