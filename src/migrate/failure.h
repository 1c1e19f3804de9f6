/*
 * failure.h - report and log a task that failed: the place, the cause, and what is and is not committed.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include "migrate/task.h"

/* The place of a failure: the statement at `offset` of `source`, or, without a source, the activity `doing`. */
struct failure_place {
	const struct history_source *source;
	size_t		offset;
	unsigned	lead;			/* the first characters of the statement are elsewhere: history/history.h */
	const char *doing;			/* completes "migration 1 failed ..."; or NULL */
};

/* failure_hint_between - the database stays at a version on which no known release runs: say so, and the way back. */
void		failure_hint_between(int version);

/*
 * failure_report - report that the task failed with `error` at this place. `outcome` states in sentences what is and
 * is not committed.
 */
void		failure_report(const struct session *session, const struct task *task, const struct failure_place *place,
						   const struct pipeline_error *error, const char *outcome);

/* failure_is_stop - was the command cancelled, or not retried, because of a signal? */
bool		failure_is_stop(const struct pipeline_error *error);

/* failure_is_refusal - did this program refuse to run the task, or was a lock not obtained? */
bool		failure_is_refusal(const struct pipeline_error *error);

/* failure_outcome - return the sentence for a transaction that was rolled back, as a new string. */
char	   *failure_outcome(const struct task *task);

/*
 * failure_outcome_after - return the sentences for a non-transactional task of which `done` statements and, in the next
 * one, the keys below `position` (NULL: none) are committed, as a new string. `lost`: the connection was lost, so one
 * more batch may be committed.
 */
char	   *failure_outcome_after(const struct task *task, int done, const char *position, bool lost);

/* failure_place_of - return the place of statement `number` of a task. */
struct failure_place failure_place_of(const struct task *task, int number);

/*
 * failure_log - log that a task failed, if the connection and the record allow it. `id`: the change of a
 * non-transactional task, which is in the log already; NULL: none. A failure to log is a warning.
 */
void		failure_log(struct session *session, const struct record *record, const struct task *task, const char *id,
						const struct pipeline_error *error);

/* failure_give_up - report the failure of a non-transactional task and log it in its change. Frees `outcome`. */
void		failure_give_up(struct session *session, const struct record *record, const struct task *task,
							const char *change, char *outcome, const struct failure_place *place,
							const struct pipeline_error *error);

/* failure_report_not_begun - report that the transaction that begins a non-transactional task was not committed. */
void		failure_report_not_begun(struct session *session, const struct task *task,
									 const struct pipeline_error *error);

/* failure_stopped - the error of a command that was not sent because of a signal. */
extern const struct pipeline_error failure_stopped;

/* failure_before_first - the place of a failure before a non-transactional task's first statement. */
extern const struct failure_place failure_before_first;

#endif
