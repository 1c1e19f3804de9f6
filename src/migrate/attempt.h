/*
 * attempt.h - the parts that transactional and non-transactional tasks share: run a pipeline, retry it after a lock
 * timeout, check it for lost data, and record the outcome.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stdbool.h>

#include "migrate/loss_guard.h"
#include "migrate/task.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/record.h"

/*
 * attempt_add_grants - add the statements of grants.sql, if there is such a file. In a transaction, after
 * session_add_record_settings: no object in public may replace what they call.
 */
void		attempt_add_grants(struct pipeline *pipeline);

/* Check deferred constraints before the transaction is checked for lost data; after session_add_record_settings. */
#define ATTEMPT_DEFERRED "SET CONSTRAINTS ALL IMMEDIATE"

/* attempt_add_outcome - add the version change and the record of the migration, in the task's last transaction. */
void		attempt_add_outcome(struct pipeline *pipeline, const struct record *record, const struct task *task);

/*
 * attempt_run - run a pipeline that may wait for locks: report the sessions that hold them, and let a signal cancel the
 * wait. Returns NULL, or the command that failed; its transaction is then rolled back. Nothing is reported.
 */
const struct pipeline_command *attempt_run(struct session *session, struct pipeline *pipeline);

/*
 * attempt_run_building - the same for a pipeline that builds an index: show the progress under the title `building`.
 */
const struct pipeline_command *attempt_run_building(struct session *session, struct pipeline *pipeline,
													const char *building);

/*
 * attempt_pause - after attempt number `attempt` (from 1) failed with `error`: if it should be retried, report that,
 * wait, and return true. Returns false if a retry does not help, if there were enough attempts, or if a signal asks to
 * stop; the caller reports the error.
 */
bool		attempt_pause(struct session *session, const struct task *task, const struct pipeline_error *error,
						  int attempt);

/* attempt_prepares - may the task's pipelines use prepared statements? */
bool		attempt_prepares(const struct session *session, const struct task *task);

/*
 * attempt_passes - may the open transaction be committed: has it destroyed only what was agreed to? `pipeline`, which
 * has run it, must end with loss_guard_add_after. `before`: the answer of the probe before it. `change`: the id of a
 * non-transactional task's change; NULL: none.
 *
 * If it returns false, the transaction is rolled back. With *again true it must be run again; otherwise the refusal was
 * reported, with `outcome`, and logged.
 */
bool		attempt_passes(struct session *session, const struct record *record, const struct task *task,
						   struct loss_guard *guard, const struct pipeline *pipeline, const char *before,
						   const char *change, const char *outcome, bool *again);

#endif
