/*
 * failure.h - what is said when a migration fails: where, why, and what is and is not committed.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include "migrate/task.h"

/* Where it failed: at the statement at `offset` of `source`, or, without a source, doing what `doing` says. */
struct failure_place {
	const struct history_source *source;
	size_t		offset;
	const char *doing;
};

/*
 * failure_report - report that the job failed by `error` there. `standing` says in sentences what is committed and what
 * is not.
 */
void		failure_report(const struct session *session, const struct task *task, const struct failure_place *place,
						   const struct pipeline_error *error, const char *outcome);

/* failure_is_stop - is it the error of what was cancelled, or not tried again, because a signal asked to stop? */
bool		failure_is_stop(const struct pipeline_error *error);

/* failure_is_refusal - is it a refusal of this program's own, or that a lock could not be had? */
bool		failure_is_refusal(const struct pipeline_error *error);

/* failure_outcome - where a transaction that was rolled back leaves the database, in a new string. */
char	   *failure_outcome(const struct task *task);

/*
 * failure_outcome_after - where a job in single statements stands after so many statements and, in the next one, the
 * keys below `position` (NULL: none), in a new string. `lost`: the connection was, so one more range may be done.
 */
char	   *failure_outcome_after(const struct task *task, int done, const char *position, bool lost);

/* failure_place_of - where statement `number` of a job stands. */
struct failure_place failure_place_of(const struct task *task, int number);

/*
 * failure_log - log that a job has failed, as far as the connection and the record allow; one in single
 * statements has its change `id` in the log already.
 */
void		failure_log(struct session *session, const struct record *record, const struct task *task, const char *id,
						const struct pipeline_error *error);

/* failure_give_up - report a failure that leaves the change behind, and mark it as failed; frees `standing`. */
void		failure_give_up(struct session *session, const struct record *record, const struct task *task,
							const char *change,
							char *outcome, const struct failure_place *place, const struct pipeline_error *error);

/* failure_report_not_begun - report that it could not be committed that a job in single statements is begun. */
void		failure_report_not_begun(struct session *session, const struct task *task,
									 const struct pipeline_error *error);

/* failure_stopped - the error of what was not even begun, as a signal asked to stop. */
extern const struct pipeline_error failure_stopped;

/* failure_before_first - where a non-transactional migration failed that could not begin. */
extern const struct failure_place failure_before_first;

#endif
