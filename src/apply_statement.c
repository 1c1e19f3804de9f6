/* One statement of a migration in single statements, tried once. */
#include <string.h>

#include "apply_private.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "retry.h"

#include "banned.h"

/* Run a batch which, where that was still to be committed, commits first that the job is begun. */
static const struct db_command *
run_behind(struct session *session, struct db_batch *batch, const char *building, bool *begun)
{
	const struct db_command *failed = apply_run_building(session, batch, building);

	*begun = *begun || batch->commands[0].outcome == DB_DONE;
	return failed;
}

/* Is the lock still ours, is there anything to tidy up? What the batch has is run only where that must be known. */
static const struct db_command *
look_before_statement(struct session *session, struct db_batch *batch, const struct sql_statement *statement,
					  bool *begun)
{
	const struct db_command *failed;
	const struct db_command *found;

	lock_add_check(batch, session);
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX, 1, statement->index);
	else if (!session->pooled)
		return NULL;
	failed = run_behind(session, batch, NULL, begun);
	if (failed)
		return failed;
	found = &batch->commands[batch->count - 1];
	if (statement->index && db_lines(found) == 1 && !db_truth(found, 0, 0)) {
		char	   *drop = mem_format("DROP INDEX CONCURRENTLY IF EXISTS %s", statement->index);

		report_note("index %s was left half-built; it is dropped and built again", statement->index);
		db_batch_clear(batch);
		db_add(batch, drop, 0);
		mem_free(drop);
		failed = apply_run(session, batch);
		if (failed)
			return failed;
	}
	db_batch_clear(batch);
	return NULL;
}

const struct db_command *
apply_try_statement(struct session *session, struct db_batch *batch, const struct sql_statement *statement,
					const char *title, bool *begun)
{
	const struct session_options *options = session->options;
	/* What is done concurrently waits without holding anybody up, and should not begin all over again. */
	int			timeout = statement->concurrent ? retry_patience(options->lock_retries, options->lock_timeout)
		: options->lock_timeout;
	const struct db_command *failed;

	if (!*begun)
		db_add(batch, "COMMIT", 0)->firm = true;
	session_add_script(session, batch, timeout);
	failed = look_before_statement(session, batch, statement, begun);
	if (failed)
		return failed;
	db_add_text(batch, statement->text, strlen(statement->text))->apart = true;
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX " AND i.indisvalid", 1, statement->index)->unless_one = "the index is not valid";
	return run_behind(session, batch, statement->index ? title : NULL, begun);
}
