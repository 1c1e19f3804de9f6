/*
 * task.h - one script to run, and what becomes of the version by it. It runs nothing.
 */
#ifndef TASK_H
#define TASK_H

#include <stdbool.h>

#include "history/history.h"
#include "history/statement_list.h"
#include "history/steps.h"
#include "migrate/loss_guard.h"
#include "pg/session.h"
#include "record/record.h"

/* One script to run, and what becomes of the version by it. */
struct task {
	const char *command;		/* for the log: "init", "upgrade", "downgrade" */
	struct steps_item step;			/* .before < 0: there was no version */
	char	   *title;			/* for messages: migration 30 "add_ghost_table" */
	const struct history_source *source;	/* NULL: the statements come from the database's record */
	const struct loss_guard *guard;	/* what the last try has found to be empty; NULL: nothing */
	const struct history_migration *migration;	/* what to record as applied; NULL: a down, the snapshot, a stamp */
	const struct loss_guard_consent *consent;	/* what it may destroy; NULL: nothing */
	const char *start;			/* in single statements: the tables when it was begun, as loss_guard.h has it */
	bool		whole;			/* what is recorded is the whole history up to step.after: the snapshot, a stamp */
	struct statement_list list;
};

/* task_of_migration - up or down a migration of this build. */
struct task	task_of_migration(const char *command, const struct steps_item *step);

/* task_of_snapshot - the snapshot in an empty database. */
struct task	task_of_snapshot(const char *command);

/* task_of_stamp - no statements at all, only the version: from `before`, or -1 for none, to `after`. */
struct task	task_of_stamp(int before, int after);

/*
 * task_of_record - the down of a migration as the database has it on record, where this build does not have it, or has
 * another text. False, and reported, when there is none to trust.
 */
bool		task_of_record(struct task *task, const char *command, const struct steps_item *step, struct session *session,
						   const struct record *record);

void		task_clear(struct task *task);

/* task_moved - keep *state true after the job. */
void		task_moved(struct record *record, const struct task *task);

#endif
