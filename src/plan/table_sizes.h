/*
 * table_sizes.h - the sizes of tables: the server's estimate of the rows, and the bytes of their files.
 */
#ifndef TABLE_SIZES_H
#define TABLE_SIZES_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"

struct table_size {
	char	   *table;			/* with its schema, quoted */
	bool		there;			/* it exists in this database */
	bool		counted;		/* the server has an estimate of its rows */
	double		rows;
	double		bytes;			/* with its indexes and partitions */
};

/* Zero is empty. */
struct table_sizes {
	size_t		count;
	struct table_size *tables;
};

/* table_sizes_add - add a table to those to be read, unless it is there already. */
void		table_sizes_add(struct table_sizes *sizes, const char *table);

/* table_sizes_find - the entry of a table; NULL if it was not added. Accepts NULL for the name. */
const struct table_size *table_sizes_find(const struct table_sizes *sizes, const char *table);

/* table_sizes_read - read all tables that were added. It waits for no lock. Returns false, reported, on failure. */
bool		table_sizes_read(struct table_sizes *sizes, struct session *session);

/* table_sizes_bytes - format a size, as "1.2 GB": a new string. */
char	   *table_sizes_bytes(double bytes);

/* table_sizes_clear - free the contents. */
void		table_sizes_clear(struct table_sizes *sizes);

#endif
