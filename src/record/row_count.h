/*
 * row_count.h - the number of rows of a table, or of values in a column: counted if that is fast, otherwise estimated
 * from the server's statistics.
 *
 * A table with an untrusted owner (trust.h) is not queried; the estimate is used. The only lock is that of SELECT, and
 * every wait ends within seconds.
 */
#ifndef ROW_COUNT_H
#define ROW_COUNT_H

#include <stdbool.h>

#include "pg/session.h"

struct row_count {
	double		rows;			/* negative: there is no estimate either */
	bool		estimated;
};

/*
 * row_count_read - count the rows of table `relation` (schema and name, quoted), without its children and partitions,
 * or its rows with a value in `column`, unless that is NULL. Must not be called in a transaction. False, and reported,
 * if the connection is lost.
 */
bool		row_count_read(struct session *session, const char *relation, const char *column, struct row_count *count);

/* row_count_text - "12 rows", "about 5200000 rows (estimated)", a new string. */
char	   *row_count_text(const struct row_count *count);

#endif
