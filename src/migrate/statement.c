/* Run one statement of a non-transactional task: in its own transaction, or by itself if it cannot be in one. */
#include "migrate/statement.h"

#include <string.h>

#include "base/backoff.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/destructive.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/record.h"
#include "record/untrusted.h"

#include "base/banned.h"

/* If a crash of the server loses this asynchronous commit, the last statement is repeated. */
static void
add_progress(struct pipeline *pipeline, const char *change, int done)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_own_settings(pipeline);
	pipeline_add(pipeline, STATEMENT_ASYNC_COMMIT, 0);
	record_add_progress(pipeline, change, done);
	pipeline_add(pipeline, "COMMIT", 0);
}

static char *
outcome_not_recorded(const struct task *task, int done)
{
	return mem_format("Statement %d of %zu is committed, but its progress was not recorded. The database stays at"
					  " version %d. The next %s repeats the statement.", done, task->list.count, task->step.before,
					  task->command);
}

bool
statement_record_progress(struct session *session, const struct record *record, const struct task *task,
						  const char *change, int done)
{
	const struct failure_place place = {.doing = "when its progress was recorded"};

	for (int attempt = 1;; attempt++) {
		struct pipeline pipeline = {0};
		const struct pipeline_command *failed;
		bool		again;
		bool		recorded;

		session_add_script_settings(session, &pipeline, session->options->lock_timeout);
		add_progress(&pipeline, change, done);
		failed = attempt_run(session, &pipeline);
		again = failed && attempt_pause(session, task, &failed->error, attempt);
		if (failed && !again)
			failure_give_up(session, record, task, change, outcome_not_recorded(task, done), &place,
							&failed->error);
		recorded = !failed;
		pipeline_clear(&pipeline);
		if (!again)
			return recorded;
	}
}

/*
 * Check that the advisory lock is still held, and drop an invalid index. The pipeline is run here only if its result
 * decides something; otherwise it is left for the caller.
 */
static const struct pipeline_command *
prepare_alone(struct session *session, struct pipeline *pipeline, const struct statement_list_item *statement)
{
	const struct pipeline_command *failed;
	const struct pipeline_command *found;

	advisory_lock_add_check(pipeline, session);
	if (statement->index)
		pipeline_add(pipeline, STATEMENT_FIND_INDEX, 1, statement->index);
	failed = attempt_run(session, pipeline);
	if (failed)
		return failed;
	found = &pipeline->commands[pipeline->count - 1];
	if (statement->index && pipeline_row_count(found) == 1 && !pipeline_bool(found, 0, 0)) {
		char	   *drop = mem_format("DROP INDEX CONCURRENTLY IF EXISTS %s", statement->index);

		report_note("index %s is invalid; it is dropped and built again", statement->index);
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

const struct pipeline_command *
statement_try_alone(struct session *session, struct pipeline *pipeline, const struct statement_list_item *statement,
					const char *title)
{
	const struct session_options *options = session->options;
	/* A concurrent build blocks no session while it waits, and a retry repeats all its work: let one attempt wait. */
	int			timeout = statement->concurrent ? backoff_total(options->lock_retries, options->lock_timeout)
		: options->lock_timeout;
	const struct pipeline_command *failed;

	session_add_script_settings(session, pipeline, timeout);
	untrusted_add_alone(pipeline, session, statement);
	failed = prepare_alone(session, pipeline, statement);
	if (failed)
		return failed;
	pipeline_add_text(pipeline, statement->text, strlen(statement->text))->sync_point = true;
	if (statement->index)
		pipeline_add(pipeline, STATEMENT_FIND_INDEX " AND i.indisvalid", 1,
					 statement->index)->unless_one = "the index is not valid";
	return attempt_run_building(session, pipeline, statement->index ? title : NULL);
}

static void
report_not_committed(struct session *session, const struct record *record, const struct task *task, const char *change,
					 int statement, const struct pipeline_error *error)
{
	static const struct failure_place place = {.doing = "at the commit of a statement"};

	if (statement == 0)
		failure_report_not_begun(session, task, error);
	else
		failure_give_up(session, record, task, change, error->lost
						? mem_format("It is not known whether statement %d of %zu was committed; the database stays at"
									 " version %d. The next %s resumes there.", statement, task->list.count,
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
statement_pending_check(struct session *session, const struct record *record, const struct task *task,
						const char *change, struct statement_pending *pending, const struct pipeline *pipeline)
{
	bool		committed = pending->statement < 0 || pipeline->commands[0].outcome == PIPELINE_DONE;

	session->committed = session->committed || (pending->statement >= 0
												&& (committed || pipeline_failed(pipeline)->error.lost));
	if (!committed)
		report_not_committed(session, record, task, change, pending->statement, &pipeline_failed(pipeline)->error);
	mem_free(pending->counts);
	*pending = (struct statement_pending) {.statement = -1};
	return committed;
}

bool
statement_pending_commit(struct session *session, const struct record *record, const struct task *task,
						 const char *change, struct statement_pending *pending)
{
	struct pipeline pipeline = {0};
	bool		committed;

	statement_pending_add(&pipeline, pending);
	pipeline_run(session->connection, &pipeline);
	committed = statement_pending_check(session, record, task, change, pending, &pipeline);
	pipeline_clear(&pipeline);
	return committed;
}

/* A statement that is being run. */
struct statement_run {
	struct session *session;
	const struct record *record;
	const struct task *task;
	const char *change;
	int			number;
	struct statement_pending *pending;
};

static void
give_up(const struct statement_run *run, const struct pipeline_error *error)
{
	struct failure_place place = failure_place_of(run->task, run->number);

	failure_give_up(run->session, run->record, run->task, run->change,
					failure_outcome_after(run->task, run->number, NULL, false), &place, error);
}

static bool
run_alone(const struct statement_run *run)
{
	const struct statement_list_item *statement = &run->task->list.statements[run->number];

	for (int attempt = 1;; attempt++) {
		struct pipeline pipeline = {0};
		const struct pipeline_command *failed = statement_try_alone(run->session, &pipeline, statement,
																	run->task->title);
		bool		again = failed && attempt_pause(run->session, run->task, &failed->error, attempt);
		bool		done = !failed;

		if (failed && !again)
			give_up(run, &failed->error);
		pipeline_clear(&pipeline);
		if (!again)
			return done && statement_record_progress(run->session, run->record, run->task, run->change,
													 run->number + 1);
	}
}

/*
 * The statement commits by itself, so a loss of data cannot be rolled back. Without consent to any loss it is run only
 * if its text shows that it destroys nothing: no DROP, DELETE and the like, no code that is called.
 */
static bool
run_unchecked(const struct statement_run *run, const struct pipeline_error *why)
{
	const struct statement_list_item *statement = &run->task->list.statements[run->number];
	const struct loss_guard_consent *consent = run->task->consent;
	struct pipeline_error refusal;

	if ((consent && consent->all)
		|| (destructive_of(statement->text, strlen(statement->text)) == DESTRUCTIVE_NONE
			&& !destructive_is_code(statement->text)))
		return run_alone(run);
	refusal = (struct pipeline_error) {
		.message = mem_format("it commits by itself, so data loss cannot be rolled back%s%s%s",
							  why ? " (" : "", why ? why->message : "", why ? ")" : ""),
		.hint = mem_string("To allow data loss by this statement, use --yes.")
	};
	give_up(run, &refusal);
	mem_free(refusal.message);
	mem_free(refusal.hint);
	return false;
}

/*
 * One attempt at a statement in a transaction, which is left open and records it as done. `before`: as for
 * loss_guard_add_after; if it is NULL, *probed is set to the place of loss_guard_add_before.
 */
static const struct pipeline_command *
try_in_transaction(const struct statement_run *run, struct pipeline *pipeline, const struct loss_guard *guard,
				   const char *before, size_t *probed)
{
	bool		watched = loss_guard_watches(guard);
	const struct statement_list_item *statement = &run->task->list.statements[run->number];

	statement_pending_add(pipeline, run->pending);
	session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	/* Even if the database's default differs: each check must see what other sessions have committed. */
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	advisory_lock_add_check(pipeline, run->session);
	untrusted_add(pipeline, run->session, statement, 1);
	loss_guard_add_empty(pipeline, guard);
	if (watched && !before)
		*probed = loss_guard_add_before(pipeline);
	pipeline_add_text(pipeline, statement->text, strlen(statement->text));
	session_add_record_settings(run->session, pipeline);
	pipeline_add(pipeline, ATTEMPT_DEFERRED, 0);
	record_add_progress(pipeline, run->change, run->number + 1);
	if (watched)
		loss_guard_add_after(pipeline, before);
	return attempt_run(run->session, pipeline);
}

/* Did the statement fail because it cannot run in a transaction, or because it ends one? */
static bool
cannot_be_in_transaction(const struct pipeline_error *error)
{
	return pipeline_error_is(error, SQLSTATE_ACTIVE_SQL_TRANSACTION)
		|| pipeline_error_is(error, SQLSTATE_INVALID_TRANSACTION_TERMINATION);
}

/* After the statement was run: if its transaction may be committed, it becomes pending. */
static bool
passes(const struct statement_run *run, struct loss_guard *guard, const struct pipeline *pipeline, const char *before,
	   bool *again)
{
	char	   *outcome = failure_outcome_after(run->task, run->number, NULL, false);
	bool		watched = loss_guard_watches(guard);
	bool		passed = !watched || attempt_passes(run->session, run->record, run->task, guard, pipeline, before,
													run->change, outcome, again);

	if (passed) {
		untrusted_committed(run->session);
		*run->pending = (struct statement_pending) {.statement = run->number + 1,
			.counts = watched ? mem_string(loss_guard_counts(pipeline, pipeline->count - 1)) : NULL
		};
	}
	mem_free(outcome);
	return passed;
}

/* Run it in a transaction, if it can be in one, and check that it destroys only what was agreed to. */
static bool
run_checked(const struct statement_run *run)
{
	struct loss_guard guard = {.consent = run->task->consent,.migration = run->task->tables};
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct pipeline pipeline = {.prepare = attempt_prepares(run->session, run->task)};
		char	   *before = mem_string(run->pending->counts);
		size_t		probed = 0;
		const struct pipeline_command *failed = try_in_transaction(run, &pipeline, &guard, before, &probed);
		bool		committed = statement_pending_check(run->session, run->record, run->task, run->change, run->pending,
														&pipeline);

		again = false;
		if (!failed) {
			done = passes(run, &guard, &pipeline, before ? before : loss_guard_counts(&pipeline, probed), &again);
			attempt -= again;
		} else if (committed && (prepared_give_up(run->session->connection, failed)
								 || loss_guard_filled(&guard, failed))) {
			again = true;
			attempt--;
		} else if (committed && cannot_be_in_transaction(&failed->error))
			done = run_unchecked(run, &failed->error);
		else if (committed) {
			again = attempt_pause(run->session, run->task, &failed->error, attempt);
			if (!again)
				give_up(run, &failed->error);
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
	struct statement_run run = {.session = session,.record = record,.task = task,.change = change,.number = number,
		.pending = pending
	};

	if (task->list.statements[number].concurrent)
		return statement_pending_commit(session, record, task, change, pending) && run_unchecked(&run, NULL);
	return run_checked(&run);
}
