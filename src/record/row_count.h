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
#include <stddef.h>

#include "pg/session.h"

struct row_count {
	double		rows;			/* negative: there is no estimate either */
	bool		estimated;
};

/* A question and its answer. */
struct row_count_item {
	char	   *relation;		/* schema and name, quoted */
	char	   *column;			/* NULL: rows */
	double		part;			/* by the statistics: the fraction of rows with a value */
	bool		trusted;		/* queries over the table run no code of untrusted roles */
	struct row_count count;
};

/*
 * row_count_read_all - count the rows of tables, without their children and partitions, or their rows with a value in a
 * column. Must not be called in a transaction. False, and reported, if the connection is lost.
 */
bool		row_count_read_all(struct session *session, struct row_count_item *items, size_t count);

/* row_count_read - the same for one item. */
bool		row_count_read(struct session *session, const char *relation, const char *column, struct row_count *count);

/* row_count_text - "12 rows", "about 5200000 rows (estimated)", a new string. */
char	   *row_count_text(const struct row_count *count);

#endif
