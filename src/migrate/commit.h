/*
 * commit.h - a task that has been run but not committed. Its COMMIT is sent with the next task's commands, which saves
 * a round trip for each migration.
 */
#ifndef COMMIT_H
#define COMMIT_H

#include <stdbool.h>

#include "migrate/task.h"

/* The task whose transaction is open. Zero is none. */
struct commit_pending {
	const struct task *task;	/* borrowed; NULL: none */
	char	   *id;				/* of its change in the log */
	char	   *moment;			/* of that change; NULL: the change was logged earlier */
	char	   *outcome;		/* what to report if the commit fails: the state of the database */
	char	   *counts;			/* the answer of loss_guard_add_after; or NULL */
	void		(*on_done) (void *argument);	/* called as soon as it is committed; or NULL */
	void	   *on_done_argument;
};

/*
 * commit_leave_pending - store in *uncommitted, which must be empty, that the task is open. The change with this `id`
 * and `moment` was logged in its transaction; `moment` NULL: in an earlier one. The strings are copied, the task is
 * borrowed.
 */
void		commit_leave_pending(struct commit_pending *uncommitted, const struct task *task, const char *id,
								 const char *moment, const char *outcome);

/* commit_add - if a task is open, add its COMMIT as the pipeline's first command. If it fails, the rest is not run. */
void		commit_add(struct pipeline *pipeline, const struct commit_pending *uncommitted);

/*
 * commit_check - after such a pipeline was run: was the open task committed? Empties *uncommitted.
 *
 * Returns true if it was, or none was open: the rest of the pipeline was run. Returns false with *again true if it was
 * committed but the connection was lost: the rest must be run again. Returns false with *again false if it was not
 * committed or this is not known; reported and logged.
 */
bool		commit_check(struct session *session, const struct record *record, struct commit_pending *uncommitted,
						 const struct pipeline *pipeline, bool *again);

/*
 * commit_finish - if a task is open, commit it now, and empty *uncommitted. If the connection is lost during the
 * commit, reconnect and read the log. Returns true if it is certainly committed, or none was open; false, reported and
 * logged, otherwise.
 */
bool		commit_finish(struct session *session, const struct record *record, struct commit_pending *uncommitted);

#endif
