/*
 * copy_out.h - read small tables by COPY: the server plans nothing.
 */
#ifndef COPY_OUT_H
#define COPY_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/connection.h"

/* What COPY has sent of a table, in binary form. */
struct copy_out_table {
	bool		whole;			/* it is a small one: this is all */
	size_t		length;
	unsigned char bytes[1024];
};

struct copy_out_field {
	const unsigned char *bytes; /* NULL: null */
	size_t		length;
};

/*
 * copy_out - run `sql`, a transaction in which so many commands COPY a table TO STDOUT in binary form, in one round
 * trip: as nothing is planned, there is no cheaper question. False where not all of it was done, for whatever reason:
 * then it is rolled back, nothing is reported, and `sqlstate` is the server's, or "". pipeline_run can be used to ask
 * again, and says if the connection is lost.
 */
bool		copy_out(struct connection *connection, const char *sql, struct copy_out_table *tables, int count,
					 char sqlstate[6]);

/*
 * copy_out_next - the fields, borrowed, of the next row of a table whose rows have so many; *at is 0 at first. False
 * after the last row, where copy_out_at_end is true, and where the bytes make no sense, where it is not.
 */
bool		copy_out_next(const struct copy_out_table *table, size_t *at, int count, struct copy_out_field *fields);
bool		copy_out_at_end(const struct copy_out_table *table, size_t at);

/* copy_out_number - a field of four bytes as an integer, which is all it can be told by. False if it has not four. */
bool		copy_out_number(const struct copy_out_field *field, int *number);

#endif
