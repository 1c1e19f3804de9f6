/*
 * claims.h - measure on a throwaway server what a migration needs, ensures, drops and leaves behind, and what each
 * statement of its down does.
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
		const char *word;		/* "needs" and the like */
		struct fact fact;
	}		   *items;
	char	   *downs;			/* the lines about single statements of the down; NULL: none */
	bool		repeatable;
	bool		up_unknown;		/* it is not known what the up drops */
	bool		down_unknown;	/* the down fails, so that it is not known of it */
};

/*
 * claims_before - measure what the up of a version needs, ensures and drops. The database is at the version before, of
 * which `facts` are the facts. Adds to *claims. False, and reported, on failure.
 */
bool		claims_before(struct claims *claims, struct server *server, int version, const struct fact_set *facts);

/*
 * claims_after - measure whether the up is repeatable, and what each statement of its down does. The database is at
 * the version, of which `now` are the facts, and `before` those of the version before. As above.
 */
bool		claims_after(struct claims *claims, struct server *server, int version, const struct fact_set *before,
						 const struct fact_set *now);

/* claims_write - write them as lines of migrations/SCHEMA. */
void		claims_write(FILE *stream, struct claims *claims);

/* claims_clear - free them. */
void		claims_clear(struct claims *claims);

#endif
