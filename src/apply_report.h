/*
 * apply_report.h - what is said when a migration fails: where, why, and what is and is not committed.
 */
#ifndef APPLY_REPORT_H
#define APPLY_REPORT_H

#include "apply.h"

/* Where it failed: at the statement at `offset` of `source`, or, without a source, doing what `doing` says. */
struct apply_place {
	const struct source *source;
	size_t		offset;
	const char *doing;
};

/*
 * apply_report - report that the job failed by `error` there. `standing` says in sentences what is committed and what
 * is not.
 */
void		apply_report(const struct session *session, const struct job *job, const struct apply_place *place,
						 const struct db_error *error, const char *standing);

/* apply_is_stop - is it the error of what was cancelled, or not tried again, because a signal asked to stop? */
bool		apply_is_stop(const struct db_error *error);

/* apply_is_refusal - is it a refusal of this program's own, or that a lock could not be had? */
bool		apply_is_refusal(const struct db_error *error);

#endif
