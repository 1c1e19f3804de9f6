/*
 * apply_private.h - what the files that make up apply share. For nobody else.
 */
#ifndef APPLY_PRIVATE_H
#define APPLY_PRIVATE_H

#include "apply.h"
#include "apply_report.h"

/* apply_transaction, apply_single - apply_job_open for a job that is one transaction, or is in single statements. */
bool		apply_transaction(struct session *session, struct state *state, const struct job *job,
							  struct apply_open *open);
bool		apply_single(struct session *session, struct state *state, const struct job *job, struct apply_open *open);

/*
 * apply_run - run a batch that may wait for locks: say who holds them, and let a signal cancel it. NULL, or the command
 * that failed; then whatever transaction it was in is rolled back.
 */
const struct db_command *apply_run(struct session *session, struct db_batch *batch);

/* apply_run_building - the same for a batch in which `building`, a job's title, builds an index: say how far it got. */
const struct db_command *apply_run_building(struct session *session, struct db_batch *batch, const char *building);

/*
 * apply_passes - in the open transaction that `batch`, whose last command is guard_add_after's, has run: has it
 * destroyed nothing that was not agreed to? False: it is rolled back; and either *again is true, as it is to be run
 * again, or that was reported, with `standing`, and logged, for one in single statements as its `change`.
 */
bool		apply_passes(struct session *session, const struct state *state, const struct job *job, struct guard *guard,
						 const struct db_batch *batch, const char *before, const char *change, const char *standing,
						 bool *again);

/*
 * In single statements, a transaction that is run and checked but not committed: its COMMIT goes along with the next
 * statement.
 */
struct apply_pending {
	int			statement;		/* -1: none; 0: that the job is begun; else this statement, from 1 */
	char	   *counts;			/* what guard_add_before or guard_add_after has answered in it; or NULL */
};

/* apply_pending_add - begin a batch by committing it, if there is one; where that fails, the rest is not run. */
void		apply_pending_add(struct db_batch *batch, const struct apply_pending *pending);

/*
 * apply_pending_settle - after such a batch was run: is what was pending committed? Nothing is pending any more. False:
 * it is not, or that is not known; reported and logged.
 */
bool		apply_pending_settle(struct session *session, const struct state *state, const struct job *job,
								 const char *change, struct apply_pending *pending, const struct db_batch *batch);

/* apply_pending_commit - commit it, if there is one, at once. False: reported and logged. */
bool		apply_pending_commit(struct session *session, const struct state *state, const struct job *job,
								 const char *change, struct apply_pending *pending);

/*
 * apply_statement - run statement `number` of a job in single statements, trying again where a lock could not be had,
 * and record that it is done. Where it can be in a transaction, it is, and checked, and pending then; what was pending
 * is committed first. False: reported and logged.
 *
 * By itself, it drops what an interrupted try has left of its index, and sees that the index is valid: IF NOT EXISTS
 * skips an invalid one.
 */
bool		apply_statement(struct session *session, const struct state *state, const struct job *job,
							const char *change, int number, struct apply_pending *pending);

/*
 * apply_note_progress - record that `done` statements are done. False, reported and logged, when that fails: the last
 * of them is run once more by the next try.
 */
bool		apply_note_progress(struct session *session, const struct state *state, const struct job *job,
								const char *change, int done);

/* apply_report_not_begun - report that it could not be committed that a job in single statements is begun. */
void		apply_report_not_begun(struct session *session, const struct job *job, const struct db_error *error);

/* apply_prepares - may what comes often be prepared in the batches of the job? */
bool		apply_prepares(const struct session *session, const struct job *job);

/*
 * apply_open_leave - nothing is open, and now the job is: all of it is run, in a transaction in which the change with
 * this `id` and `moment` (NULL: it is on record before) was logged. All but the job is copied.
 */
void		apply_open_leave(struct apply_open *open, const struct job *job, const char *id, const char *moment,
							 const char *standing);

/*
 * apply_moves - may rows move between partitions: does a statement of the job say that it updates, and none
 * that it deletes?
 */
bool		apply_moves(const struct job *job);

/* apply_open_add - begin a batch by committing what is open, if anything is; where that fails, the rest is not run. */
void		apply_open_add(struct db_batch *batch, const struct apply_open *open);

/*
 * apply_open_settle - after such a batch was run: is what was open committed, and has the rest been tried? Nothing is
 * open any more. False with *again: it is committed, but the connection was lost, so the rest is still to be run. False
 * without: it is not committed, which was reported and logged.
 */
bool		apply_open_settle(struct session *session, const struct state *state, struct apply_open *open,
							  const struct db_batch *batch, bool *again);

/*
 * apply_pause - after failing by `error` for the `attempt`th time: is another try worth it? Then say so, and wait.
 * False when it is not, when there have been enough tries, or when a signal asks to stop: the error is for the caller
 * to report.
 */
bool		apply_pause(struct session *session, const struct job *job, const struct db_error *error, int attempt);

/* apply_add_outcome - the version's change and the migration's record, which commit with it. */
void		apply_add_outcome(struct db_batch *batch, const struct state *state, const struct job *job);

/* apply_stopped - the error of what was not even begun, as a signal asked to stop. */
extern const struct db_error apply_stopped;

/* apply_place_of - where statement `number` of a job stands. */
struct apply_place apply_place_of(const struct job *job, int number);

/*
 * apply_standing_after - where a job in single statements stands after so many statements and, in the next one, the
 * keys below `position` (NULL: none), in a new string. `lost`: the connection was, so one more range may be done.
 */
char	   *apply_standing_after(const struct job *job, int done, const char *position, bool lost);

/* apply_give_up - report a failure that leaves the change behind, and mark it as failed; frees `standing`. */
void		apply_give_up(struct session *session, const struct state *state, const struct job *job, const char *change,
						  char *standing, const struct apply_place *place, const struct db_error *error);

/* apply_standing - where a transaction that was rolled back leaves the database, in a new string. */
char	   *apply_standing(const struct job *job);

/*
 * apply_log_failure - log that a job has failed, as far as the connection and the record allow; one in single
 * statements has its change `id` in the log already.
 */
void		apply_log_failure(struct session *session, const struct state *state, const struct job *job, const char *id,
							  const struct db_error *error);

#endif
