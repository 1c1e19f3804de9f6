/* One statement of a migration in single statements: in a transaction of its own, or, where it must be, in none. */
#include "migrate/statement.h"

#include <string.h>

#include "base/backoff.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/destructive.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "migrate/untrusted.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/record.h"

#include "base/banned.h"

/* That `done` statements are done. Should a crash of the server take that back, the last of them is run once more. */
static void
add_progress(struct pipeline *pipeline, const char *change, int done)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_own_settings(pipeline);
	pipeline_add(pipeline, STATEMENT_UNHURRIED, 0);
	record_add_progress(pipeline, change, done);
	pipeline_add(pipeline, "COMMIT", 0);
}

static char *
not_on_record(const struct task *task, int done)
{
	return mem_format("Statement %d of %zu is done, but that is not on record: the next %s runs it once more; the "
					  "database stays at version %d.", done, task->list.count, task->command, task->step.before);
}

bool
statement_note_progress(struct session *session, const struct record *record, const struct task *task,
						const char *change,
						int done)
{
	const struct failure_place place = {.doing = "when its progress was to be recorded"};

	for (int attempt = 1;; attempt++) {
		struct pipeline pipeline = {0};
		const struct pipeline_command *failed;
		bool		again;
		bool		noted;

		session_add_script_settings(session, &pipeline, session->options->lock_timeout);
		add_progress(&pipeline, change, done);
		failed = attempt_run(session, &pipeline);
		again = failed && attempt_pause(session, task, &failed->error, attempt);
		if (failed && !again)
			failure_give_up(session, record, task, change, not_on_record(task, done), &place, &failed->error);
		noted = !failed;
		pipeline_clear(&pipeline);
		if (!again)
			return noted;
	}
}

/* Is the lock still ours, is there anything to tidy up? What the batch has is run only where that must be known. */
static const struct pipeline_command *
look_before_statement(struct session *session, struct pipeline *pipeline, const struct statement_list_item *statement)
{
	const struct pipeline_command *failed;
	const struct pipeline_command *found;

	advisory_lock_add_check(pipeline, session);
	if (statement->index)
		pipeline_add(pipeline, STATEMENT_FIND_INDEX, 1, statement->index);
	else if (!session->pooled)
		return NULL;
	failed = attempt_run(session, pipeline);
	if (failed)
		return failed;
	found = &pipeline->commands[pipeline->count - 1];
	if (statement->index && pipeline_row_count(found) == 1 && !pipeline_bool(found, 0, 0)) {
		char	   *drop = mem_format("DROP INDEX CONCURRENTLY IF EXISTS %s", statement->index);

		report_note("index %s was left half-built; it is dropped and built again", statement->index);
		pipeline_clear(pipeline);
		pipeline_add(pipeline, drop, 0);
		mem_free(drop);
		failed = attempt_run(session, pipeline);
		if (failed)
			return failed;
	}
	pipeline_clear(pipeline);
	return NULL;
}

/* One try at a statement that cannot be in a transaction. NULL: done; else the command of the batch that failed. */
static const struct pipeline_command *
try_alone(struct session *session, struct pipeline *pipeline, const struct statement_list_item *statement,
		  const char *title)
{
	const struct session_options *options = session->options;
	/* What is done concurrently waits without holding anybody up, and should not begin all over again. */
	int			timeout = statement->concurrent ? backoff_total(options->lock_retries, options->lock_timeout)
		: options->lock_timeout;
	const struct pipeline_command *failed;

	session_add_script_settings(session, pipeline, timeout);
	untrusted_add_alone(pipeline, session, statement);
	failed = look_before_statement(session, pipeline, statement);
	if (failed)
		return failed;
	pipeline_add_text(pipeline, statement->text, strlen(statement->text))->sync_point = true;
	if (statement->index)
		pipeline_add(pipeline, STATEMENT_FIND_INDEX " AND i.indisvalid", 1,
					 statement->index)->unless_one = "the index is not valid";
	return attempt_run_building(session, pipeline, statement->index ? title : NULL);
}

/* The commit of what was pending has failed. */
static void
report_uncommitted(struct session *session, const struct record *record, const struct task *task, const char *change,
				   int statement, const struct pipeline_error *error)
{
	static const struct failure_place place = {.doing = "at the commit of a statement"};

	if (statement == 0)
		failure_report_not_begun(session, task, error);
	else
		failure_give_up(session, record, task, change, error->lost
						? mem_format("Whether statement %d of %zu is done is not known; the database stays at version"
									 " %d, and the next %s goes on from there.", statement, task->list.count,
									 task->step.before, task->command)
						: failure_outcome_after(task, statement - 1, NULL, false), &place, error);
}

void
statement_pending_add(struct pipeline *pipeline, const struct statement_pending *pending)
{
	if (pending->statement >= 0)
		pipeline_add(pipeline, "COMMIT", 0)->uninterruptible = true;
}

bool
statement_pending_settle(struct session *session, const struct record *record, const struct task *task,
						 const char *change,
						 struct statement_pending *pending, const struct pipeline *pipeline)
{
	bool		settled = pending->statement < 0 || pipeline->commands[0].outcome == PIPELINE_DONE;

	session->committed = session->committed || (pending->statement >= 0
												&& (settled || pipeline_failed(pipeline)->error.lost));
	if (!settled)
		report_uncommitted(session, record, task, change, pending->statement, &pipeline_failed(pipeline)->error);
	mem_free(pending->counts);
	*pending = (struct statement_pending) {.statement = -1};
	return settled;
}

bool
statement_pending_commit(struct session *session, const struct record *record, const struct task *task,
						 const char *change,
						 struct statement_pending *pending)
{
	struct pipeline pipeline = {0};
	bool		committed;

	statement_pending_add(&pipeline, pending);
	pipeline_run(session->connection, &pipeline);
	committed = statement_pending_settle(session, record, task, change, pending, &pipeline);
	pipeline_clear(&pipeline);
	return committed;
}

/* A statement that is being run. */
struct running {
	struct session *session;
	const struct record *record;
	const struct task *task;
	const char *change;
	int			number;
	struct statement_pending *pending;
};

static void
give_up(const struct running *it, const struct pipeline_error *error)
{
	struct failure_place place = failure_place_of(it->task, it->number);

	failure_give_up(it->session, it->record, it->task, it->change,
					failure_outcome_after(it->task, it->number, NULL, false), &place, error);
}

static bool
run_alone(const struct running *it)
{
	const struct statement_list_item *statement = &it->task->list.statements[it->number];

	for (int attempt = 1;; attempt++) {
		struct pipeline pipeline = {0};
		const struct pipeline_command *failed = try_alone(it->session, &pipeline, statement, it->task->title);
		bool		again = failed && attempt_pause(it->session, it->task, &failed->error, attempt);
		bool		done = !failed;

		if (failed && !again)
			give_up(it, &failed->error);
		pipeline_clear(&pipeline);
		if (!again)
			return done && statement_note_progress(it->session, it->record, it->task, it->change, it->number + 1);
	}
}

/*
 * It commits by itself, so that nothing can be taken back. Unless somebody has agreed to lose anything, it must be one
 * whose words say that it destroys nothing, and no code that commits or that calls anything.
 */
static bool
run_unchecked(const struct running *it, const struct pipeline_error *why)
{
	const struct statement_list_item *statement = &it->task->list.statements[it->number];
	const struct loss_guard_consent *consent = it->task->consent;
	struct pipeline_error refusal;

	if ((consent && consent->all) || (statement->risk == DESTRUCTIVE_NONE && !destructive_is_code(statement->text)))
		return run_alone(it);
	refusal = (struct pipeline_error) {
		.message = mem_format("it commits by itself, so that what it destroys cannot be taken back%s%s%s",
							  why ? " (" : "", why ? why->message : "", why ? ")" : ""),
		.hint = mem_string("Give --yes to run it nevertheless.")
	};
	give_up(it, &refusal);
	mem_free(refusal.message);
	mem_free(refusal.hint);
	return false;
}

/*
 * One try at a statement that can be in a transaction, which is left open, and records it as done. `before` as in
 * loss_guard_add_after; where it is NULL, *probed is the place of loss_guard_add_before.
 */
static const struct pipeline_command *
try_in_transaction(const struct running *it, struct pipeline *pipeline, const struct loss_guard *guard,
				   const char *before,
				   size_t *probed)
{
	bool		watched = loss_guard_watches(guard);
	const struct statement_list_item *statement = &it->task->list.statements[it->number];

	statement_pending_add(pipeline, it->pending);
	session_add_script_settings(it->session, pipeline, it->session->options->lock_timeout);
	/* Whatever the database's default is: a look must see what others have committed. */
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	advisory_lock_add_check(pipeline, it->session);
	untrusted_add(pipeline, it->session, statement, 1);
	loss_guard_add_empty(pipeline, guard);
	if (watched && !before)
		*probed = loss_guard_add_before(pipeline);
	pipeline_add_text(pipeline, statement->text, strlen(statement->text));
	session_add_record_settings(it->session, pipeline);
	pipeline_add(pipeline, ATTEMPT_DEFERRED, 0);
	record_add_progress(pipeline, it->change, it->number + 1);
	if (watched)
		loss_guard_add_after(pipeline, before);
	return attempt_run(it->session, pipeline);
}

/* Is this the error of what cannot be in a transaction, or ends one? active_sql_transaction, invalid_transaction_... */
static bool
needs_none(const struct pipeline_error *error)
{
	return pipeline_error_is(error, SQLSTATE_ACTIVE_SQL_TRANSACTION)
	|| pipeline_error_is(error, SQLSTATE_INVALID_TRANSACTION_TERMINATION);
}

/* It was run, and nothing failed: is it pending now? */
static bool
passes(const struct running *it, struct loss_guard *guard, const struct pipeline *pipeline, const char *before,
	   bool *again)
{
	char	   *outcome = failure_outcome_after(it->task, it->number, NULL, false);
	bool		watched = loss_guard_watches(guard);
	bool		passed = !watched || attempt_passes(it->session, it->record, it->task, guard, pipeline, before,
													it->change,
													outcome, again);

	if (passed)
		*it->pending = (struct statement_pending) {.statement = it->number + 1,
			.counts = watched ? mem_string(loss_guard_counts(pipeline, pipeline->count - 1)) : NULL
		};
	mem_free(outcome);
	return passed;
}

/* Run it in a transaction, where it can be in one, and see that it destroys nothing that was not agreed to. */
static bool
run_checked(const struct running *it)
{
	struct loss_guard guard = {.consent = it->task->consent,.start = it->task->start};
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct pipeline pipeline = {.prepare = attempt_prepares(it->session, it->task)};
		char	   *before = mem_string(it->pending->counts);
		size_t		probed = 0;
		const struct pipeline_command *failed = try_in_transaction(it, &pipeline, &guard, before, &probed);
		bool		went_along = statement_pending_settle(it->session, it->record, it->task, it->change, it->pending,
														  &pipeline);

		again = false;
		if (!failed) {
			done = passes(it, &guard, &pipeline, before ? before : loss_guard_counts(&pipeline, probed), &again);
			attempt -= again;
		} else if (went_along && (prepared_give_up(it->session->connection, failed)
								  || loss_guard_filled(&guard, &failed->error))) {
			again = true;
			attempt--;
		} else if (went_along && needs_none(&failed->error))
			done = run_unchecked(it, &failed->error);
		else if (went_along) {
			again = attempt_pause(it->session, it->task, &failed->error, attempt);
			if (!again)
				give_up(it, &failed->error);
		}
		mem_free(before);
		pipeline_clear(&pipeline);
	}
	loss_guard_clear(&guard);
	return done;
}

bool
statement_run(struct session *session, const struct record *record, const struct task *task, const char *change,
			  int number, struct statement_pending *pending)
{
	struct running running = {.session = session,.record = record,.task = task,.change = change,.number = number,
		.pending = pending
	};

	if (task->list.statements[number].concurrent)
		return statement_pending_commit(session, record, task, change, pending) && run_unchecked(&running, NULL);
	return run_checked(&running);
}
