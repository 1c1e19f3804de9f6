/*
 * transaction.h - run a transactional task: the script and its version change are committed together or not at all.
 */
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include <stdbool.h>

#include "migrate/commit.h"
#include "migrate/task.h"

/*
 * transaction_run - run the task; it is retried if a lock timed out. The transaction that *uncommitted has before is
 * committed with the first commands that are sent. Returns true if the task's own transaction is open, in *uncommitted;
 * false, reported and logged, on failure.
 *
 * If a function of the script deallocates the session's prepared statements, the transaction is rolled back and run
 * again at once without them. This does not count as a retry.
 */
bool		transaction_run(struct session *session, struct record *record, const struct task *task,
							struct commit_pending *uncommitted);

/* The index in the pipeline at which each part of the transaction begins. */
struct transaction_layout {
	size_t		script;			/* the script's statements */
	size_t		after;			/* the settings after the script */
	size_t		deferred;		/* the check of deferred constraints */
	size_t		grants;			/* the statements of grants.sql */
	size_t		record;			/* the version change and the record */
};

/*
 * transaction_compose - add the whole transaction, from BEGIN to before COMMIT, without the script's settings. The last
 * command is that of record_add_change.
 */
void		transaction_compose(struct pipeline *pipeline, const struct session *session, const struct record *record,
								const struct task *task, struct transaction_layout *layout);

#endif
