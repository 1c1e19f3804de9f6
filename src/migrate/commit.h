/*
 * commit.h - a task that has been run but not committed: its COMMIT is sent along with what comes next.
 */
#ifndef COMMIT_H
#define COMMIT_H

#include <stdbool.h>

#include "migrate/task.h"

/*
 * What has been run, but is not committed: the COMMIT goes along with what is sent next, so that nobody waits for the
 * server twice. Zero is nothing.
 */
struct commit_pending {
	const struct task *task;		/* borrowed; NULL: nothing is open */
	char	   *id;				/* of its change in the log */
	char	   *moment;
	char	   *outcome;		/* where the database is if this is not committed after all */
	char	   *counts;			/* what loss_guard_add_after has answered; or NULL */
	/* Said at once when it is committed. */
	void		(*on_done) (void *argument);
	void	   *on_done_argument;
};

/*
 * commit_leave_pending - nothing is open, and now the job is: all of it is run, in a transaction in which the change
 * with this `id` and `moment` (NULL: it is on record before) was logged. All but the job is copied.
 */
void		commit_leave_pending(struct commit_pending *uncommitted, const struct task *task, const char *id,
								 const char *moment,
								 const char *outcome);

/* commit_add - begin a batch by committing what is open, if anything is; where that fails, the rest is not run. */
void		commit_add(struct pipeline *pipeline, const struct commit_pending *uncommitted);

/*
 * commit_settle - after such a batch was run: is what was open committed, and has the rest been tried? Nothing is
 * open any more. False with *again: it is committed, but the connection was lost, so the rest is still to be run. False
 * without: it is not committed, which was reported and logged.
 */
bool		commit_settle(struct session *session, const struct record *record, struct commit_pending *uncommitted,
						  const struct pipeline *pipeline, bool *again);

/*
 * commit_finish - commit what is open, if anything is; then nothing is. When the connection is lost at that moment,
 * reconnect and look. True: it is committed, for sure. False: reported and logged.
 */
bool		commit_finish(struct session *session, const struct record *record, struct commit_pending *uncommitted);

#endif
