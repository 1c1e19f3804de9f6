/*
 * rows.h - put rows into every table, and see later that they are still there.
 *
 * The values are made up from the columns' types, so that they fit any version of the schema.
 */
#ifndef ROWS_H
#define ROWS_H

#include <libpq-fe.h>

#include "support/lines.h"

/* rows_fill - put three rows into every table of schema public that has none. */
void		rows_fill(PGconn *connection);

/* rows_read - a line for each table's number of rows and for each column's values; sorted. */
void		rows_read(PGconn *connection, struct lines *lines);

/*
 * rows_expect - the rows that were read before must still be there, in all tables and columns that still exist.
 *
 * `except` lists columns that may have changed ("exportqueue.after exportqueue.sortkey"), or is NULL.
 */
void		rows_expect(PGconn *connection, const struct lines *before, const char *except);

#endif
