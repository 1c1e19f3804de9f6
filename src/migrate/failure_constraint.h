/*
 * failure_constraint.h - an operator's own constraint or unique index that refuses the rows of a migration.
 */
#ifndef FAILURE_CONSTRAINT_H
#define FAILURE_CONSTRAINT_H

#include "migrate/task.h"
#include "pg/pipeline.h"

/*
 * failure_constraint_hint - the hint for an error that such a constraint has caused: the statements that drop it and
 * create it again; a new string. NULL: it is another error, the versions of the task have the constraint, or the server
 * does not say. The transaction of the error must have ended.
 */
char	   *failure_constraint_hint(const struct session *session, const struct task *task,
									const struct pipeline_error *error);

#endif
