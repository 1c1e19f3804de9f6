/*
 * building.h - how far an index has got that is being built, as seen by another session: pg_stat_progress_create_index,
 * which servers have from PostgreSQL 12 on.
 */
#ifndef BUILDING_H
#define BUILDING_H

#include "db.h"
#include "progress.h"

/* Zero is one of which nothing is known yet. */
struct building {
	const char *job;			/* what builds it, for messages; borrowed */
	char	   *title;			/* that, and the phase that it is in */
	struct progress progress;	/* of that phase */
};

/*
 * building_wait - whom it waits for in this phase, of whom `done` of `total` have gone: "waiting for 1 session that
 * holds an old snapshot", in a new string; NULL: for nobody.
 */
char	   *building_wait(const char *phase, long done, long total);

/* building_look - ask for what server process `backend` builds, and show it when it is time to. */
void		building_look(struct building *building, struct db *observer, int backend);

/* building_clear - take what was shown away. */
void		building_clear(struct building *building);

#endif
