/*
 * table_sizes.h - how large the archive's tables are: what the server has counted and what its files take.
 */
#ifndef TABLE_SIZES_H
#define TABLE_SIZES_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"

struct table_size {
	char	   *table;			/* with its schema, quoted */
	bool		there;
	bool		counted;		/* the server has an estimate of its rows */
	double		rows;
	double		bytes;			/* with indexes, and the partitions' */
};

/* Zero is an empty one. */
struct table_sizes {
	size_t		count;
	struct table_size *tables;
};

/* table_sizes_add - want to know of a table; nothing happens where it is wanted already. */
void		table_sizes_add(struct table_sizes *sizes, const char *table);

/* table_sizes_find - what is known of a table, or NULL; accepts NULL for its name. */
const struct table_size *table_sizes_find(const struct table_sizes *sizes, const char *table);

/* table_sizes_read - read what was added. No table is locked, or waited for. False, and reported, on failure. */
bool		table_sizes_read(struct table_sizes *sizes, struct session *session);

/* table_sizes_bytes - "1.2 GB", a new string. */
char	   *table_sizes_bytes(double bytes);

void		table_sizes_clear(struct table_sizes *sizes);

#endif
