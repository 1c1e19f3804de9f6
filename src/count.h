/*
 * count.h - how many rows a table has, or how many of them have a value in a column: counted where that takes little
 * time, otherwise estimated from the server's statistics.
 *
 * Nothing is planned over a table whose owner is not trusted (trust.h): the statistics have to do. The only lock is
 * that of a SELECT, and each wait ends within seconds.
 */
#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>

#include "session.h"

struct count {
	double		rows;			/* below 0: it could not even be estimated */
	bool		estimated;
};

/*
 * count_rows - of the table `relation` (schema and name, quoted), without its children and partitions; `column` may be
 * NULL. Not in a transaction. False, and reported, when the connection is lost.
 */
bool		count_rows(struct session *session, const char *relation, const char *column, struct count *count);

/* count_say - "12 rows", "about 5200000 rows (estimated)", as a new string. */
char	   *count_say(const struct count *count);

#endif
