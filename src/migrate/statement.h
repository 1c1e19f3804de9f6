/*
 * statement.h - run one statement of a non-transactional task: in a transaction, if the statement allows it, otherwise
 * by itself.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include <stdbool.h>

#include "migrate/task.h"

/* For a transaction whose COMMIT need not wait for the disk: a later COMMIT that waits writes this one too. */
#define STATEMENT_ASYNC_COMMIT "SELECT pg_catalog.set_config('synchronous_commit', 'off', true)"

/*
 * Is index $1 valid? The index is searched in the script's search path, which contains public; so the operator must be
 * qualified.
 */
#define STATEMENT_FIND_INDEX \
	"SELECT i.indisvalid FROM pg_catalog.pg_index i" \
	" WHERE i.indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)::pg_catalog.oid"

/*
 * The open transaction of a non-transactional task: it was run and checked, but not committed. Its COMMIT is sent with
 * the next statement.
 */
struct statement_pending {
	int			statement;		/* -1: none; 0: the transaction that begins the task; else a statement, from 1 */
	char	   *counts;			/* the answer of loss_guard_add_before or loss_guard_add_after in it; or NULL */
};

/* statement_pending_add - add its COMMIT, if any, as the first command. If that fails, the rest is not run. */
void		statement_pending_add(struct pipeline *pipeline, const struct statement_pending *pending);

/*
 * statement_pending_check - after such a pipeline was run: was the transaction committed? Sets *pending to none.
 * Returns true if it was, or there was none; false, reported and logged, if it was not or this is not known.
 */
bool		statement_pending_check(struct session *session, const struct record *record, const struct task *task,
									const char *change, struct statement_pending *pending,
									const struct pipeline *pipeline);

/* statement_pending_commit - commit it now, if there is one. Returns false, reported and logged, on failure. */
bool		statement_pending_commit(struct session *session, const struct record *record, const struct task *task,
									 const char *change, struct statement_pending *pending);

/*
 * statement_run - run statement `number` of a non-transactional task, and record that it is done; it is retried if a
 * lock timed out. First commits what was pending. Returns false, reported and logged, on failure.
 *
 * In a transaction: the transaction is checked for lost data, and left open in *pending. By itself: an invalid index
 * that an interrupted build has left is dropped first, and the new one must be valid, because CREATE INDEX
 * IF NOT EXISTS accepts an invalid one.
 */
bool		statement_run(struct session *session, const struct record *record, const struct task *task,
						  const char *change, int number, struct statement_pending *pending);

/*
 * statement_try_alone - one attempt at a statement that cannot be in a transaction, in an empty pipeline. `title`: for
 * the progress of an index build. Returns NULL, or the command that failed; nothing is reported.
 */
const struct pipeline_command *statement_try_alone(struct session *session, struct pipeline *pipeline,
												   const struct statement_list_item *statement, const char *title);

/*
 * statement_record_progress - record that `done` statements are done. Returns false, reported and logged, on failure:
 * the next run repeats the last of them.
 */
bool		statement_record_progress(struct session *session, const struct record *record, const struct task *task,
									  const char *change, int done);

#endif
