/*
 * half_way.h - how far a batched statement has got that is being run, or has stopped half-way, as another session can
 * see it: by the planner's estimates of the rows below the key on record, so that it costs next to nothing.
 */
#ifndef HALF_WAY_H
#define HALF_WAY_H

#include <stdbool.h>

#include "session.h"
#include "state.h"

struct half_way {
	int			percent;		/* of its rows; -1: not known */
	double		seconds_left;	/* below 0: not known */
};

/*
 * half_way_look - look. Without statistics of the table, without the right to read it, or where this build does not
 * have the migration, nothing is known. `running`: somebody is at work on it now.
 */
void		half_way_look(struct half_way *half_way, struct session *session, const struct state *state, bool running);

/* half_way_text - "about 43% done, about 12 min left", as far as it is known, in a new string; NULL: nothing is. */
char	   *half_way_text(const struct half_way *half_way);

#endif
