/*
 * statement.h - one statement of a non-transactional migration, and its transaction, where it can be in one.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdbool.h>

#include "migrate/task.h"

/* For one transaction whose commit need not wait for the disk; what is committed later gets there later anyway. */
#define STATEMENT_UNHURRIED "SELECT pg_catalog.set_config('synchronous_commit', 'off', true)"

/*
 * Is index $1 valid? Its name is looked up as the script's names are, so public is in the search path, but nothing
 * there may stand in for an operator.
 */
#define STATEMENT_FIND_INDEX \
	"SELECT i.indisvalid FROM pg_catalog.pg_index i" \
	" WHERE i.indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)::pg_catalog.oid"

/*
 * In single statements, a transaction that is run and checked but not committed: its COMMIT goes along with the next
 * statement.
 */
struct statement_pending {
	int			statement;		/* -1: none; 0: that the job is begun; else this statement, from 1 */
	char	   *counts;			/* what loss_guard_add_before or loss_guard_add_after has answered in it; or NULL */
};

/* statement_pending_add - begin a batch by committing it, if there is one; where that fails, the rest is not run. */
void		statement_pending_add(struct pipeline *pipeline, const struct statement_pending *pending);

/*
 * statement_pending_settle - after such a batch was run: is what was pending committed? Nothing is pending any more.
 * False: it is not, or that is not known; reported and logged.
 */
bool		statement_pending_settle(struct session *session, const struct record *record, const struct task *task,
									 const char *change, struct statement_pending *pending,
									 const struct pipeline *pipeline);

/* statement_pending_commit - commit it, if there is one, at once. False: reported and logged. */
bool		statement_pending_commit(struct session *session, const struct record *record, const struct task *task,
									 const char *change, struct statement_pending *pending);

/*
 * statement_run - run statement `number` of a job in single statements, trying again where a lock could not be had,
 * and record that it is done. Where it can be in a transaction, it is, and checked, and pending then; what was pending
 * is committed first. False: reported and logged.
 *
 * By itself, it drops what an interrupted try has left of its index, and sees that the index is valid: IF NOT EXISTS
 * skips an invalid one.
 */
bool		statement_run(struct session *session, const struct record *record, const struct task *task,
						  const char *change, int number, struct statement_pending *pending);

/*
 * statement_note_progress - record that `done` statements are done. False, reported and logged, when that fails: the
 * last of them is run once more by the next try.
 */
bool		statement_note_progress(struct session *session, const struct record *record, const struct task *task,
									const char *change, int done);

#endif
