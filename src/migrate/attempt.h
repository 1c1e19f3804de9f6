/*
 * attempt.h - what every way of running a task has in common: it is tried, and tried again after waiting for a lock.
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
 * attempt_add_grants - what grants.sql says, if there is one, in a transaction behind session_add_record_settings: nothing in
 * public may stand in for what it calls.
 */
void		attempt_add_grants(struct pipeline *pipeline);

/* What is deferred to the commit must be done before the transaction is checked; after session_add_record_settings. */
#define ATTEMPT_DEFERRED "SET CONSTRAINTS ALL IMMEDIATE"

/* attempt_add_outcome - the version's change and the migration's record, which commit with it. */
void		attempt_add_outcome(struct pipeline *pipeline, const struct record *record, const struct task *task);

/*
 * attempt_run - run a batch that may wait for locks: say who holds them, and let a signal cancel it. NULL, or the
 * command that failed; then whatever transaction it was in is rolled back.
 */
const struct pipeline_command *attempt_run(struct session *session, struct pipeline *pipeline);

/*
 * attempt_run_building - the same for a batch in which `building`, a job's title, builds an index: say how far it got.
 */
const struct pipeline_command *attempt_run_building(struct session *session, struct pipeline *pipeline,
													const char *building);

/*
 * attempt_pause - after failing by `error` for the `attempt`th time: is another try worth it? Then say so, and wait.
 * False when it is not, when there have been enough tries, or when a signal asks to stop: the error is for the caller
 * to report.
 */
bool		attempt_pause(struct session *session, const struct task *task, const struct pipeline_error *error,
						  int attempt);

/* attempt_prepares - may what comes often be prepared in the batches of the job? */
bool		attempt_prepares(const struct session *session, const struct task *task);

/*
 * attempt_moves - may rows move between partitions: does a statement of the job say that it updates, and none
 * that it deletes?
 */
bool		attempt_moves(const struct task *task);

/*
 * attempt_passes - in the open transaction that `batch`, whose last command is loss_guard_add_after's, has run: has it
 * destroyed nothing that was not agreed to? False: it is rolled back; and either *again is true, as it is to be run
 * again, or that was reported, with `standing`, and logged, for one in single statements as its `change`.
 */
bool		attempt_passes(struct session *session, const struct record *record, const struct task *task,
						   struct loss_guard *guard,
						   const struct pipeline *pipeline, const char *before, const char *change, const char *outcome,
						   bool *again);

#endif
