/*
 * count.h - how many rows of a table there are, or hold a value in a column: counted where that is soon done, otherwise
 * estimated from the server's statistics.
 *
 * It takes no lock but that of a SELECT, and waits for none, and for nothing else, longer than a few seconds.
 */
#ifndef COUNT_H
#define COUNT_H

#include <stdbool.h>

#include "session.h"

struct count {
	double		rows;			/* below 0: it could not even be estimated */
	bool		estimated;
};

/* count_rows - of a table in schema public; `column` may be NULL. False, and reported, when the connection is lost. */
bool		count_rows(struct session *session, const char *table, const char *column, struct count *count);

/* count_say - "12 rows", "about 5200000 rows (estimated)", as a new string. */
char	   *count_say(const struct count *count);

#endif
