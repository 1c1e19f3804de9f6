/*
 * batch_estimate.h - estimate the progress of an incomplete batched statement, running or not, from another session. It
 * uses the planner's estimate of the rows below the recorded key, which costs almost nothing.
 */
#ifndef BATCH_ESTIMATE_H
#define BATCH_ESTIMATE_H

#include <stdbool.h>

#include "pg/session.h"
#include "record/record.h"

struct batch_estimate {
	int			percent;		/* of the rows; -1: unknown */
	double		seconds_left;	/* negative: unknown */
};

/*
 * batch_estimate_read - store the estimate. It is unknown without statistics of the table or the privilege to read it,
 * and if this build does not have the migration. `running`: a run is executing the statement now.
 */
void		batch_estimate_read(struct batch_estimate *estimate, struct session *session, const struct record *record,
								bool running);

/*
 * batch_estimate_text - "about 43% done, about 12 min left", or the first part only, a new string; NULL if unknown.
 */
char	   *batch_estimate_text(const struct batch_estimate *estimate);

#endif
