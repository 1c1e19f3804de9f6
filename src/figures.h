/*
 * figures.h - how large the archive's tables are: what the server has counted and what its files take.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"

struct figure {
	char	   *table;			/* with its schema, quoted */
	bool		there;
	bool		counted;		/* the server has an estimate of its rows */
	double		rows;
	double		bytes;			/* with indexes, and the partitions' */
};

/* Zero is an empty one. */
struct figures {
	size_t		count;
	struct figure *figures;
};

/* figures_add - want to know of a table; nothing happens where it is wanted already. */
void		figures_add(struct figures *figures, const char *table);

/* figures_find - what is known of a table, or NULL; accepts NULL for its name. */
const struct figure *figures_find(const struct figures *figures, const char *table);

/* figures_read - read what was added. No table is locked, or waited for. False, and reported, on failure. */
bool		figures_read(struct figures *figures, struct session *session);

/* figures_bytes - "1.2 GB", a new string. */
char	   *figures_bytes(double bytes);

void		figures_clear(struct figures *figures);

#endif
