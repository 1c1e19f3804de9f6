/*
 * copy_out.h - read small tables by COPY TO STDOUT, for which the server plans no query.
 */
#ifndef COPY_OUT_H
#define COPY_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/connection.h"

/* The data of one COPY, in binary format. */
struct copy_out_table {
	bool		whole;			/* false: it was too long for `bytes` */
	size_t		length;
	unsigned char bytes[1024];
};

struct copy_out_field {
	const unsigned char *bytes; /* NULL: null */
	size_t		length;
};

/*
 * copy_out - run `sql`, a transaction with `count` commands COPY ... TO STDOUT in binary format, in one round trip, and
 * store their data in `tables`.
 *
 * False if any of it failed: then it is rolled back and nothing is reported; `sqlstate` is the server's, or "". The
 * caller may use pipeline_run afterwards, which fails if the connection is lost.
 */
bool		copy_out(struct connection *connection, const char *sql, struct copy_out_table *tables, int count,
					 char sqlstate[6]);

/*
 * copy_out_next - store the fields of the next row, borrowed, in `fields`; rows must have `count` fields. *at is 0
 * before the first row. False after the last row and on malformed data; copy_out_at_end tells which.
 */
bool		copy_out_next(const struct copy_out_table *table, size_t *at, int count, struct copy_out_field *fields);

/* copy_out_at_end - is `at` the regular end of the data, after the last row? */
bool		copy_out_at_end(const struct copy_out_table *table, size_t at);

/* copy_out_number - read a field as an integer of four bytes. False if it is null or has another length. */
bool		copy_out_number(const struct copy_out_field *field, int *number);

#endif
