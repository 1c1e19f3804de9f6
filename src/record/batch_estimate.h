/*
 * batch_estimate.h - how far a batched statement has got that is being run, or has stopped half-way, as another
 * session can see it: by the planner's estimates of the rows below the key on record, so that it costs next to nothing.
 */
#ifndef BATCH_ESTIMATE_H
#define BATCH_ESTIMATE_H

#include <stdbool.h>

#include "pg/session.h"
#include "record/record.h"

struct batch_estimate {
	int			percent;		/* of its rows; -1: not known */
	double		seconds_left;	/* below 0: not known */
};

/*
 * batch_estimate_read - look. Without statistics of the table, without the right to read it, or where this build does
 * not have the migration, nothing is known. `running`: somebody is at work on it now.
 */
void		batch_estimate_read(struct batch_estimate *estimate, struct session *session, const struct record *record,
								bool running);

/*
 * batch_estimate_text - "about 43% done, about 12 min left", as far as it is known, in a new string; NULL: nothing is.
 */
char	   *batch_estimate_text(const struct batch_estimate *estimate);

#endif
