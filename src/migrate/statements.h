/*
 * statements.h - run a non-transactional task: each statement is committed by itself, and its progress is recorded.
 */
#ifndef STATEMENTS_H
#define STATEMENTS_H

#include <stdbool.h>

#include "migrate/commit.h"
#include "migrate/task.h"

/*
 * statements_run - run the task; resume it if an earlier run was interrupted. The transaction that *uncommitted has
 * before is committed with the first commands that are sent. Returns true if every statement is committed; the last
 * transaction, with the version change, is then open in *uncommitted. Returns false, reported and logged, on failure.
 */
bool		statements_run(struct session *session, struct record *record, const struct task *task,
						   struct commit_pending *uncommitted);

/*
 * statements_compose_begin - add the transaction that records that the task begins, without its COMMIT. The last
 * command is that of record_add_change.
 */
void		statements_compose_begin(struct pipeline *pipeline, const struct session *session,
									 const struct record *record, const struct task *task);

/*
 * statements_compose_end - add the transaction that ends the task, without its COMMIT: grants.sql, the version change
 * and the record. `change`: the id of its change; NULL: the latest.
 */
void		statements_compose_end(struct pipeline *pipeline, const struct session *session,
								   const struct record *record, const struct task *task, const char *change);

/*
 * statements_resume_at - return the number of statements, from 0, that an interrupted run of the task has done. 0 if
 * the migration's text has changed since.
 */
int			statements_resume_at(const struct record *record, const struct task *task);

/*
 * statements_resume_position - return the key at which the next statement, a batched one, resumes, borrowed from
 * *record. NULL: it begins with the least key, or is not batched.
 */
const char *statements_resume_position(const struct record *record, const struct task *task);

#endif
