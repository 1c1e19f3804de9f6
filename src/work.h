/*
 * work.h - what all commands that change a database do around it: connect, lock, read the state, run steps.
 */
#ifndef WORK_H
#define WORK_H

#include <stdbool.h>

#include "apply.h"
#include "options.h"
#include "plan_steps.h"
#include "session.h"
#include "state.h"

struct work {
	struct session session;
	struct state state;
	bool		locked;
	struct consent consent;		/* what may be destroyed */
	struct ownership ownership;	/* what is to be handed over, once work_may has looked */
	bool		whole;			/* and migrations are to be run */
};

/*
 * work_begin - connect, get the lock, and read the state, in this order: what is read stays true. The result is an exit
 * status: STATUS_OK, or another, and reported. work_end in any case.
 */
int			work_begin(struct work *work, const struct options *options);

/*
 * work_begin_unless_at - the same; but where the database is at `version` already, beyond any doubt, there is no more
 * to do than to say so: then it is not locked, and the state says the version alone.
 */
int			work_begin_unless_at(struct work *work, const struct options *options, int version);

/* work_begin_to_stamp - the same, but a fault of the version that a stamp sets right is none. */
int			work_begin_to_stamp(struct work *work, const struct options *options);

/*
 * work_may - may the command be begun: has the role all privileges that it needs? `whole`: migrations are run;
 * otherwise only the version and the record change. The result is an exit status: STATUS_OK, or another, and reported.
 * Nothing is changed.
 */
int			work_may(struct work *work, const char *command, bool whole);

/*
 * work_may_run - does no step of the plan name an object of an untrusted role? The result is an exit status: STATUS_OK,
 * or another, and reported. Nothing is changed.
 */
int			work_may_run(struct work *work, const char *command, const struct plan *plan);

/*
 * work_take_over - what a superuser has left in the way is given to the role, if the login is one; and where others may
 * create triggers, grants.sql is run. The result is an exit status: STATUS_OK, or another, and reported.
 */
int			work_take_over(struct work *work);

/* work_read - as work_begin, but for reading only: no lock, and nothing is prepared for writing. */
int			work_read(struct work *work, const struct options *options);

/* work_read_to_stamp - the same, but a fault of the version that a stamp sets right is none. */
int			work_read_to_stamp(struct work *work, const struct options *options);

/* work_load - read all of the record, as whoever goes by it must. False, and reported, when it may not be read. */
bool		work_load(struct work *work);

void		work_end(struct work *work);

/* work_versioned - is the database under version control? False, and reported with what to do, when not. */
bool		work_versioned(struct work *work);

/*
 * work_plan_upgrade - the steps from where the database is up to `target`. Where the result is neither PLAN_STEPS nor
 * PLAN_NOTHING, there is no way, and that was reported.
 */
enum plan_verdict work_plan_upgrade(struct work *work, struct plan *plan, int target);

/* work_warn_of_partial - where there is nothing to do but something stopped half-way, say how that is settled. */
void		work_warn_of_partial(const struct work *work);

/*
 * work_run - run the steps, with a line for each. The result is an exit status. Stops between two migrations when a
 * signal asks to.
 */
int			work_run(struct work *work, const char *command, const struct plan *plan);

/*
 * work_failed - the exit status after a job has failed: STATUS_UNKNOWN where it was refused or could not get a lock,
 * nothing of this run is committed, and no migration is incomplete; else STATUS_FAILED.
 */
int			work_failed(const struct work *work);

/* work_job - the job for a step. False, and reported, when there is none. */
bool		work_job(struct work *work, struct job *job, const char *command, const struct step *step);

/* work_apply - run one job, and print its line. */
bool		work_apply(struct work *work, const struct job *job, int version, const char *name);

#endif
