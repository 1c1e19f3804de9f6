/*
 * row_count.h - how many rows a table has, or how many of them have a value in a column: counted where that takes
 * little time, otherwise estimated from the server's statistics.
 *
 * Nothing is planned over a table whose owner is not trusted (trust.h): the statistics have to do. The only lock is
 * that of a SELECT, and each wait ends within seconds.
 */
#ifndef ROW_COUNT_H
#define ROW_COUNT_H

#include <stdbool.h>

#include "pg/session.h"

struct row_count {
	double		rows;			/* below 0: it could not even be estimated */
	bool		estimated;
};

/*
 * row_count_read - of the table `relation` (schema and name, quoted), without its children and partitions; `column`
 * may be NULL. Not in a transaction. False, and reported, when the connection is lost.
 */
bool		row_count_read(struct session *session, const char *relation, const char *column, struct row_count *count);

/* row_count_text - "12 rows", "about 5200000 rows (estimated)", as a new string. */
char	   *row_count_text(const struct row_count *count);

#endif
