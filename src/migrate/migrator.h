/*
 * migrator.h - the frame of every command that changes a database: connect, take the lock, read the record, check
 * privileges, run the steps. The statements of one step are run by transaction.h and statements.h.
 *
 * Functions that return int return an exit status: STATUS_OK, or another one after the error has been reported.
 */
#ifndef MIGRATOR_H
#define MIGRATOR_H

#include <stdbool.h>

#include "history/steps.h"
#include "migrate/commit.h"
#include "migrate/privileges.h"
#include "migrate/schema_check.h"
#include "migrate/schema_public.h"
#include "migrate/task.h"
#include "record/database.h"
#include "record/stored_downs.h"

/* An object that the step of a version will drop, and its rows: with the names at that step, as SQL. */
struct migrator_expected {
	int			version;
	struct loss_guard_list list;
};

struct migrator {
	struct database database;
	bool		locked;			/* the advisory lock is held */
	struct loss_guard_consent consent;	/* what may be destroyed */
	size_t		expected_count;
	struct migrator_expected *expected; /* what steps will drop; set by data_loss_find */
	struct privileges ownership;	/* the ownership to be transferred; set by migrator_may */
	struct schema_public schema;	/* who may create objects there; set by migrator_may_run */
	bool		whole;			/* migrations will be run; set by migrator_may */
	bool		repaired;		/* a repair was run before the upgrade; set by repair_first */
	struct schema_check check;	/* the schema before an upgrade; set by run_steps */
	struct stored_downs downs;	/* of a downgrade; set by its command */
	size_t		task_count;
	struct task *tasks;			/* of the plan's steps; set by migrator_make_tasks */
};

/*
 * migrator_begin - connect, take the advisory lock, and then read the record, so that it stays true. `yes`: anything
 * may be destroyed. Call migrator_end in either case.
 */
int			migrator_begin(struct migrator *migrator, const struct session_options *options, bool yes);

/*
 * migrator_begin_unless_at - the same, but if the database is certainly at `version` already, return without taking the
 * lock: then migrator->locked is false, and the record has the version only.
 */
int			migrator_begin_unless_at(struct migrator *migrator, const struct session_options *options, bool yes,
									 int version);

/* migrator_begin_to_stamp - the same as migrator_begin, but accept a faulty version, which a stamp replaces. */
int			migrator_begin_to_stamp(struct migrator *migrator, const struct session_options *options, bool yes);

/*
 * migrator_may - check that the role has every privilege that the command needs. `whole`: it runs migrations; otherwise
 * it changes the version and the record only. Nothing is changed.
 */
int			migrator_may(struct migrator *migrator, const char *command, bool whole);

/* migrator_make_tasks - make the tasks of the plan, once for all that reads or runs them. */
void		migrator_make_tasks(struct migrator *migrator, const char *command, const struct steps *plan);

/*
 * migrator_shorten_downs - after the schema was read, for an upgrade: leave out of the downs that the tasks record what
 * would take objects that the database has before them. A down that was recorded when the migration was begun stays as
 * it is. Without facts of the schema nothing is left out.
 */
void		migrator_shorten_downs(struct migrator *migrator);

/*
 * migrator_may_run - check that no task names an object of an untrusted owner, and that untrusted roles can create
 * objects in schema public only through PUBLIC, if at all. Nothing is changed.
 */
int			migrator_may_run(struct migrator *migrator);

/*
 * migrator_transfer_ownership - after migrator_may_run, the first changes: revoke CREATE on schema public from PUBLIC;
 * if the login is a superuser, transfer the ownership of objects that belong to a superuser to the role; and if other
 * roles may create triggers, run grants.sql.
 */
int			migrator_transfer_ownership(struct migrator *migrator);

/* migrator_end - release the lock, disconnect, and free everything. */
void		migrator_end(struct migrator *migrator);

/* migrator_run - run the tasks, and print a line for each. After a signal no further migration is begun. */
int			migrator_run(struct migrator *migrator);

/*
 * migrator_failed - return the exit status after a task has failed. STATUS_UNKNOWN: it was refused or could not get a
 * lock, this run has committed nothing, and no migration is incomplete. Otherwise STATUS_FAILED.
 */
int			migrator_failed(const struct migrator *migrator);

/*
 * migrator_expect - the step of `version` will drop the item, which held `item.limit` rows when they were counted; the
 * item's names belong to the migrator then. The task of that step looks whether it holds no more.
 */
void		migrator_expect(struct migrator *migrator, int version, struct loss_guard_item item);

/* migrator_run_one - run and commit one task, and print its line. Returns false, reported, if it failed. */
bool		migrator_run_one(struct migrator *migrator, const struct task *task, int version, const char *name);

/*
 * migrator_run_task - run and commit one task; it is retried if a lock timed out. Returns true if it is committed;
 * *record is then up to date. Returns false after it has reported the error and what was and was not committed.
 *
 * If a function of the script deallocates the session's prepared statements, the transaction is rolled back and run
 * again at once without them. This does not count as a retry.
 */
bool		migrator_run_task(struct session *session, struct record *record, const struct task *task);

#endif
