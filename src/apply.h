/*
 * apply.h - run one migration, up or down, so that afterwards it is either done, version and record included, or not
 * done; or, for one in single statements, on record how far it got.
 */
#ifndef APPLY_H
#define APPLY_H

#include <stdbool.h>

#include "guard.h"
#include "ownership.h"
#include "plan_steps.h"
#include "session.h"
#include "sql_list.h"
#include "state.h"

/* One script to run, and what becomes of the version by it. */
struct job {
	const char *command;		/* for the log: "init", "upgrade", "downgrade" */
	struct step step;			/* .before < 0: there was no version */
	char	   *title;			/* for messages: migration 30 "add_ghost_table" */
	const struct source *source;	/* NULL: the statements come from the database's record */
	const struct guard *guard;	/* what the last try has found to be empty; NULL: nothing */
	const struct migration *migration;	/* what to record as applied; NULL: a down, the snapshot, a stamp */
	const struct consent *consent;	/* what it may destroy; NULL: nothing */
	const char *start;			/* in single statements: the tables when it was begun, as guard.h has it */
	bool		whole;			/* what is recorded is the whole history up to step.after: the snapshot, a stamp */
	struct sql_list list;
};

/* job_of_migration - up or down a migration of this build. */
struct job	job_of_migration(const char *command, const struct step *step);

/* job_of_snapshot - the snapshot in an empty database. */
struct job	job_of_snapshot(const char *command);

/* job_of_stamp - no statements at all, only the version: from `before`, or -1 for none, to `after`. */
struct job	job_of_stamp(int before, int after);

/*
 * job_of_record - the down of a migration as the database has it on record, where this build does not have it, or has
 * another text. False, and reported, when there is none to trust.
 */
bool		job_of_record(struct job *job, const char *command, const struct step *step, struct session *session,
						  const struct state *state);

void		job_clear(struct job *job);

/*
 * What has been run, but is not committed: the COMMIT goes along with what is sent next, so that nobody waits for the
 * server twice. Zero is nothing.
 */
struct apply_open {
	const struct job *job;		/* borrowed; NULL: nothing is open */
	char	   *id;				/* of its change in the log */
	char	   *moment;
	char	   *standing;		/* where the database is if this is not committed after all */
	char	   *counts;			/* what guard_add_after has answered; or NULL */
	/* Said at once when it is committed. */
	void		(*hear) (void *argument);
	void	   *hear_argument;
};

/*
 * apply_job - run it, trying again where a lock could not be had in time. On success *state is what the database has
 * now. On failure everything there is to say has been reported: what happened, and what was and was not committed.
 *
 * A transaction in which a function deallocates what is prepared for the session is rolled back and run again at once,
 * with nothing prepared: that is not a try for a lock.
 */
bool		apply_job(struct session *session, struct state *state, const struct job *job);

/*
 * apply_job_open - the same, but what comes last is not committed yet: on success it is in *open, and the job is needed
 * until it is committed. What was in *open is committed along with the first that is sent; where that fails, the job
 * was not begun, and *open is empty.
 */
bool		apply_job_open(struct session *session, struct state *state, const struct job *job,
						   struct apply_open *open);

/*
 * apply_close - commit what is open, if anything is; then nothing is. When the connection is lost at that moment,
 * reconnect and look. True: it is committed, for sure. False: reported and logged.
 */
bool		apply_close(struct session *session, const struct state *state, struct apply_open *open);

/*
 * apply_handover - change the owners in one transaction, trying again where a lock could not be had in time, and say
 * so. False, and reported, when that could not be done.
 */
bool		apply_handover(struct session *session, const struct ownership *ownership);

/*
 * apply_grants - where an untrusted role may create triggers (untrusted.h), run grants.sql before anything else, in a
 * transaction of its own, trying again likewise. False, and reported, when that could not be done, or would destroy
 * what is not in the consent.
 */
bool		apply_grants(struct session *session, const struct consent *consent);

/* apply_compose_handover, apply_compose_grants - those transactions up to before COMMIT, without settings. */
void		apply_compose_handover(struct db_batch *batch, const struct ownership *ownership);
void		apply_compose_grants(struct db_batch *batch, const struct session *session, const struct guard *guard);

/* Where in a batch what begins. */
struct apply_layout {
	size_t		script;			/* the script's statements */
	size_t		deferred;		/* the constraints that these have deferred */
	size_t		after;			/* and what comes after them */
	size_t		grants;			/* those of grants.sql */
	size_t		record;			/* what records the change */
};

/*
 * apply_compose - the whole transaction of a job that is one, from BEGIN to before COMMIT, without settings; the last
 * command is state_add_change's.
 */
void		apply_compose(struct db_batch *batch, const struct session *session, const struct state *state,
						  const struct job *job, struct apply_layout *layout);

/*
 * apply_compose_begin - in single statements: what is committed before the first of them; the last command is
 * state_add_change's.
 */
void		apply_compose_begin(struct db_batch *batch, const struct session *session, const struct state *state,
								const struct job *job);

/* apply_compose_end - in single statements: what is to be committed behind the last of them. */
void		apply_compose_end(struct db_batch *batch, const struct session *session, const struct state *state,
							  const struct job *job, const char *change);

/* apply_resume_at - in single statements: which statement is next, if one stopped half-way and its text is the same. */
int			apply_resume_at(const struct state *state, const struct job *job);

/* apply_resume_position - and from which key on, if that is a batched one; NULL: from the least one. */
const char *apply_resume_position(const struct state *state, const struct job *job);

/*
 * apply_add_grants - what grants.sql says, if there is one, in a transaction behind session_add_record: nothing in
 * public may stand in for what it calls.
 */
void		apply_add_grants(struct db_batch *batch);

/* What is deferred to the commit must be done before the transaction is checked; after session_add_record. */
#define APPLY_DEFERRED "SET CONSTRAINTS ALL IMMEDIATE"

/* apply_moved - keep *state true after the job. */
void		apply_moved(struct state *state, const struct job *job);

/*
 * Is index $1 valid? Its name is looked up as the script's names are, so public is in the search path, but nothing
 * there may stand in for an operator.
 */
#define APPLY_FIND_INDEX \
	"SELECT i.indisvalid FROM pg_catalog.pg_index i" \
	" WHERE i.indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)::pg_catalog.oid"

#endif
