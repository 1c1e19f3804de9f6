/*
 * transaction.h - run a transactional migration: it and its version change commit together, or not at all.
 */
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include <stdbool.h>

#include "migrate/commit.h"
#include "migrate/task.h"

/*
 * transaction_run - run it, trying again where a lock could not be had in time. It is not committed yet, and in *open,
 * as is what is committed along with the first that is sent: see commit.h.
 *
 * A transaction in which a function deallocates what is prepared for the session is rolled back and run again at once,
 * with nothing prepared: that is not a try for a lock.
 */
bool		transaction_run(struct session *session, struct record *record, const struct task *task,
							struct commit_pending *uncommitted);

/* Where in a batch what begins. */
struct transaction_layout {
	size_t		script;			/* the script's statements */
	size_t		deferred;		/* the constraints that these have deferred */
	size_t		after;			/* and what comes after them */
	size_t		grants;			/* those of grants.sql */
	size_t		record;			/* what records the change */
};

/*
 * transaction_compose - the whole transaction of a job that is one, from BEGIN to before COMMIT, without settings; the
 * last command is record_add_change's.
 */
void		transaction_compose(struct pipeline *pipeline, const struct session *session, const struct record *record,
								const struct task *task, struct transaction_layout *layout);

#endif
