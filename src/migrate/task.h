/*
 * task.h - a task: the script of one step, and the version change that it makes. Nothing is run here.
 */
#ifndef TASK_H
#define TASK_H

#include <stdbool.h>

#include "history/history.h"
#include "history/statement_list.h"
#include "history/steps.h"
#include "migrate/loss_guard.h"
#include "record/record.h"
#include "record/stored_downs.h"

struct task {
	const char *command;		/* for the log: "init", "upgrade", "downgrade", "stamp", "repair" */
	struct steps_item step;		/* .before < 0: the database has no version yet */
	char	   *title;			/* for messages: migration 30 "add_ghost_table" */
	const struct history_source *source;	/* NULL: the statements are the database's stored down */
	const struct loss_guard *guard;	/* with what the last attempt found to be empty; NULL: nothing */
	const struct history_migration *migration;	/* to be recorded as applied; NULL: a down, snapshot, stamp */
	struct record_down *down;	/* to be recorded with it; NULL: its whole down */
	struct loss_guard_consent *consent; /* what the task may destroy, less what it has; NULL: nothing */
	struct loss_guard_migration *tables;	/* non-transactional: its tables, for the loss guard */
	bool		repair;			/* it changes neither the version nor the recorded migrations */
	char	   *committed;		/* of a repair: sentences that say what was committed before this task; or NULL */
	bool		whole;			/* the whole history up to step.after is recorded: the snapshot or a stamp */
	struct statement_list list;
	char	   *drops;			/* of a stored down: what the record says that it drops (history/drops.h); or NULL */
	const struct loss_guard_list *expected; /* what it will drop that holds nothing, or what was agreed to; or NULL */
};

/*
 * task_of_migration - return the task of a step that runs a migration of this build, up or down. The caller clears it.
 */
struct task	task_of_migration(const char *command, const struct steps_item *step);

/* task_of_snapshot - return the task that creates the schema of the snapshot in an empty database. */
struct task	task_of_snapshot(const char *command);

/* task_of_stamp - return a task without statements that changes the version from `before` (-1: none) to `after`. */
struct task	task_of_stamp(int before, int after);

/*
 * task_of_repair - return a task that repairs a database at `version`: without statements, which the caller adds. It is
 * transactional.
 */
struct task	task_of_repair(int version, const char *title);

/*
 * task_of_step - return the task of a step. The statements of a down are the stored ones, which are taken out of
 * *downs; if there are none, those of this build, which must have the version then. The caller clears the task.
 */
struct task	task_of_step(const char *command, const struct steps_item *step, const struct record *record,
						 struct stored_downs *downs);

/* task_clear - free what the task owns. */
void		task_clear(struct task *task);

/* task_update_record - set *record to what the database has recorded once the task is committed. */
void		task_update_record(struct record *record, const struct task *task);

#endif
