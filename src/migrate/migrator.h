/*
 * migrator.h - what all commands that change a database do around it: connect, lock, read the state, run steps.
 */
#ifndef MIGRATOR_H
#define MIGRATOR_H

#include <stdbool.h>

#include "history/steps.h"
#include "migrate/commit.h"
#include "migrate/privileges.h"
#include "migrate/task.h"
#include "record/database.h"

struct migrator {
	struct database database;
	bool		locked;
	struct loss_guard_consent consent;		/* what may be destroyed */
	struct privileges ownership;	/* what is to be handed over, once migrator_may has looked */
	bool		whole;			/* and migrations are to be run */
};

/*
 * migrator_begin - connect, get the lock, and read the state, in this order: what is read stays true. The result is an
 * exit status: STATUS_OK, or another, and reported. migrator_end in any case.
 */
int			migrator_begin(struct migrator *migrator, const struct session_options *options, bool yes);

/*
 * migrator_begin_unless_at - the same; but where the database is at `version` already, beyond any doubt, there is no
 * more to do than to say so: then it is not locked, and the state says the version alone.
 */
int			migrator_begin_unless_at(struct migrator *migrator, const struct session_options *options, bool yes,
									 int version);

/* migrator_begin_to_stamp - the same, but a fault of the version that a stamp sets right is none. */
int			migrator_begin_to_stamp(struct migrator *migrator, const struct session_options *options, bool yes);

/*
 * migrator_may - may the command be begun: has the role all privileges that it needs? `whole`: migrations are run;
 * otherwise only the version and the record change. The result is an exit status: STATUS_OK, or another, and reported.
 * Nothing is changed.
 */
int			migrator_may(struct migrator *migrator, const char *command, bool whole);

/*
 * migrator_may_run - does no step of the plan name an object of an untrusted role? The result is an exit status:
 * STATUS_OK, or another, and reported. Nothing is changed.
 */
int			migrator_may_run(struct migrator *migrator, const char *command, const struct steps *plan);

/*
 * migrator_transfer_ownership - what a superuser has left in the way is given to the role, if the login is one; and
 * where others may create triggers, grants.sql is run. The result is an exit status: STATUS_OK, or another, and
 * reported.
 */
int			migrator_transfer_ownership(struct migrator *migrator);

void		migrator_end(struct migrator *migrator);

/*
 * migrator_run - run the steps, with a line for each. The result is an exit status. Stops between two migrations when a
 * signal asks to.
 */
int			migrator_run(struct migrator *migrator, const char *command, const struct steps *plan);

/*
 * migrator_failed - the exit status after a job has failed: STATUS_UNKNOWN where it was refused or could not get a
 * lock, nothing of this run is committed, and no migration is incomplete; else STATUS_FAILED.
 */
int			migrator_failed(const struct migrator *migrator);

/* migrator_job - the job for a step. False, and reported, when there is none. */
bool		migrator_job(struct migrator *migrator, struct task *task, const char *command, const struct steps_item *step);

/* migrator_run_one - run one job, and print its line. */
bool		migrator_run_one(struct migrator *migrator, const struct task *task, int version, const char *name);

/*
 * migrator_run_task - run it, trying again where a lock could not be had in time. On success *state is what the
 * database has now. On failure everything there is to say has been reported: what happened, and what was and was not
 * committed.
 *
 * A transaction in which a function deallocates what is prepared for the session is rolled back and run again at once,
 * with nothing prepared: that is not a try for a lock.
 */
bool		migrator_run_task(struct session *session, struct record *record, const struct task *task);

/*
 * migrator_run_task_open - the same, but what comes last is not committed yet: on success it is in *open, and the job
 * is needed until it is committed. What was in *open is committed along with the first that is sent; where that fails,
 * the job was not begun, and *open is empty.
 */
bool		migrator_run_task_open(struct session *session, struct record *record, const struct task *task,
								   struct commit_pending *uncommitted);

#endif
