/*
 * statements.h - run a non-transactional migration: each statement commits by itself, and how far it got is recorded.
 */
#ifndef STATEMENTS_H
#define STATEMENTS_H

#include <stdbool.h>

#include "migrate/commit.h"
#include "migrate/task.h"

/*
 * statements_run - run it, from where an earlier try has stopped. What comes last is not committed yet, and in *open,
 * as is what is committed along with the first that is sent: see commit.h.
 */
bool		statements_run(struct session *session, struct record *record, const struct task *task,
						   struct commit_pending *uncommitted);

/*
 * statements_compose_begin - in single statements: what is committed before the first of them; the last command is
 * record_add_change's.
 */
void		statements_compose_begin(struct pipeline *pipeline, const struct session *session,
									 const struct record *record,
									 const struct task *task);

/* statements_compose_end - in single statements: what is to be committed behind the last of them. */
void		statements_compose_end(struct pipeline *pipeline, const struct session *session,
								   const struct record *record,
								   const struct task *task, const char *change);

/*
 * statements_resume_at - in single statements: which statement is next, if one stopped half-way and its text is the
 * same.
 */
int			statements_resume_at(const struct record *record, const struct task *task);

/* statements_resume_position - and from which key on, if that is a batched one; NULL: from the least one. */
const char *statements_resume_position(const struct record *record, const struct task *task);

#endif
