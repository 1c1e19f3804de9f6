/*
 * claims.h - what a migration needs, ensures and leaves behind, measured on a throwaway server.
 */
#ifndef MEASURE_CLAIMS_H
#define MEASURE_CLAIMS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "measure/server.h"
#include "schema/fact.h"

/* Zero is empty. */
struct claims {
	struct arena arena;
	size_t		count;
	struct claims_item {
		const char *word;		/* "needs", "ensures", "leaves" or "-- down removes:" */
		struct fact fact;
	}		   *items;
	bool		repeatable;
};

/*
 * claims_before - measure what the up of a version needs and ensures. The database is at the version before, of which
 * `facts` are the facts. Adds to *claims. False, and reported, on failure.
 */
bool		claims_before(struct claims *claims, struct server *server, int version, const struct fact_set *facts);

/*
 * claims_after - measure whether the up is repeatable, and what its down leaves. The database is at the version, of
 * which `now` are the facts, and `before` those of the version before. As above.
 */
bool		claims_after(struct claims *claims, struct server *server, int version, const struct fact_set *before,
						 const struct fact_set *now);

/* claims_write - write them as lines of migrations/SCHEMA. */
void		claims_write(FILE *stream, struct claims *claims);

/* claims_clear - free them. */
void		claims_clear(struct claims *claims);

#endif
