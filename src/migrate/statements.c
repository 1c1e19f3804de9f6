/* Run a non-transactional task: begin or resume it, run its statements, end it. */
#include "migrate/statements.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "migrate/attempt.h"
#include "migrate/batch.h"
#include "migrate/commit.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "migrate/statement.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/record.h"
#include "record/untrusted.h"

#include "base/banned.h"

void
statements_compose_begin(struct pipeline *pipeline, const struct session *session, const struct record *record,
						 const struct task *task)
{
	struct record_change change = {.last = record->last_change,.command = task->command,.before = task->step.before,
		.after = task->step.after,.state = "running",.statement = task->step.done,
		.position = statements_resume_position(record, task)
	};

	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	advisory_lock_add_check(pipeline, session);
	untrusted_add(pipeline, session, NULL, 0);
	if (task->guard)
		loss_guard_add_empty(pipeline, task->guard);
	session_add_record_settings(session, pipeline);
	/* Fails if the version has changed since it was read. */
	if (record->versioned)
		record_add_version(pipeline, record, task->step.before, task->step.before);
	record_add_tables(pipeline, session, record);
	record_add_history(pipeline, record, task->step.before, false, false);

	/* Recorded from the start, so that any build can revert it while it is incomplete. */
	if (task->migration)
		record_add_migration(pipeline, record, task->migration, task->down, false);
	if (record->incomplete.there)
		record_add_end(pipeline, record->incomplete_change, "interrupted", NULL);
	/* It is enough that this reaches the disk before the first statement's changes. */
	pipeline_add(pipeline, STATEMENT_ASYNC_COMMIT, 0);
	record_add_incomplete(pipeline);
	record_add_change(pipeline, &change);
}

void
statements_compose_end(struct pipeline *pipeline, const struct session *session, const struct record *record,
					   const struct task *task, const char *change)
{
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	advisory_lock_add_check(pipeline, session);
	untrusted_add(pipeline, session, NULL, 0);
	if (task->guard)
		loss_guard_add_empty(pipeline, task->guard);
	session_add_record_settings(session, pipeline);
	attempt_add_grants(pipeline);
	attempt_add_outcome(pipeline, record, task);
	record_add_end(pipeline, change, "done", NULL);
}

/* Is the recorded text this build's? For a down, task_of_step has chosen the recorded text. */
static bool
is_same_text(const struct record *record, const struct task *task)
{
	return !task->migration || record_holds(record, task->migration);
}

int
statements_resume_at(const struct record *record, const struct task *task)
{
	if (task->step.done == 0 || (size_t) task->step.done > task->list.count || !is_same_text(record, task))
		return 0;
	return task->step.done;
}

const char *
statements_resume_position(const struct record *record, const struct task *task)
{
	const struct steps_incomplete *incomplete = &record->incomplete;
	const struct steps_item *step = &task->step;

	if (!incomplete->there || incomplete->version != step->version || incomplete->up != step->up
		|| step->before == step->after)
		return NULL;
	if (incomplete->statements != step->done || (size_t) step->done >= task->list.count
		|| !task->list.statements[step->done].batch.table || !is_same_text(record, task))
		return NULL;
	return record->incomplete_position;
}

/*
 * Add what is committed before the first statement. Sets *probed to the place of the probe for lost data, *logged to
 * that of the command that logs the change.
 */
static void
add_begin(struct pipeline *pipeline, struct session *session, const struct record *record, const struct task *task,
		  const struct commit_pending *uncommitted, size_t *probed, size_t *logged)
{
	commit_add(pipeline, uncommitted);
	session_add_script_settings(session, pipeline, session->options->lock_timeout);
	pipeline_add(pipeline, "BEGIN", 0);
	*probed = loss_guard_add_before(pipeline);
	pipeline_add(pipeline, "COMMIT", 0);
	statements_compose_begin(pipeline, session, record, task);
	*logged = pipeline->count - 1;
	if (loss_guard_watches(task->guard))
		loss_guard_add_after(pipeline, NULL);
}

/*
 * Record that the task begins, in a transaction that becomes pending. Sets *change to the id of its change, and
 * tables->start to the tables that exist now.
 */
static bool
begin(struct session *session, struct record *record, const struct task *wanted, struct commit_pending *uncommitted,
	  char **change, struct loss_guard_migration *tables, struct statement_pending *pending)
{
	struct loss_guard guard = {.consent = wanted->consent};
	struct task	task = *wanted;
	struct pipeline pipeline = {0};
	char	   *outcome = failure_outcome(wanted);
	size_t		probed;
	size_t		logged;
	bool		again = true;
	bool		begun = false;

	task.guard = &guard;
	for (int attempt = 1; again; attempt++) {
		const struct pipeline_command *failed;

		pipeline_clear(&pipeline);
		pipeline.prepare = attempt_prepares(session, &task);
		add_begin(&pipeline, session, record, &task, uncommitted, &probed, &logged);
		failed = attempt_run(session, &pipeline);
		if (!commit_check(session, record, uncommitted, &pipeline, &again))
			continue;
		again = failed && (prepared_give_up(session->connection, failed) || loss_guard_filled(&guard, failed)
						   || attempt_pause(session, wanted, &failed->error, attempt));
		if (failed && !again) {
			session->refused = failure_is_refusal(&failed->error);
			failure_report(session, wanted, &failure_before_first, &failed->error, outcome);
		}
		begun = !failed && (!loss_guard_watches(&guard)
							|| attempt_passes(session, record, wanted, &guard, &pipeline,
											  loss_guard_counts(&pipeline, probed), NULL, outcome, &again));
	}
	if (begun) {
		*change = mem_string(pipeline_value(&pipeline.commands[logged], 0, 0));
		tables->start = mem_string(loss_guard_counts(&pipeline, probed));
		*pending = (struct statement_pending) {.counts = loss_guard_watches(&guard)
			? mem_string(loss_guard_counts(&pipeline, pipeline.count - 1)) : NULL
		};
		record->last_change = pipeline_number(&pipeline.commands[logged], 0, 0);
	}
	loss_guard_clear(&guard);
	pipeline_clear(&pipeline);
	mem_free(outcome);
	return begun;
}

/* Add the last transaction. Sets *probed to the place of the probe for lost data, if `before` is NULL. */
static void
add_end(struct pipeline *pipeline, struct session *session, const struct record *record, const struct task *task,
		const char *change, const struct statement_pending *pending, const char *before, size_t *probed)
{
	bool		watched = loss_guard_watches(task->guard);

	statement_pending_add(pipeline, pending);
	session_add_script_settings(session, pipeline, session->options->lock_timeout);
	if (watched && !before) {
		pipeline_add(pipeline, "BEGIN", 0);
		*probed = loss_guard_add_before(pipeline);
		pipeline_add(pipeline, "COMMIT", 0);
	}
	statements_compose_end(pipeline, session, record, task, change);
	if (watched)
		loss_guard_add_after(pipeline, before);
}

/* Record the new version, and run grants.sql, in a transaction that is left open. */
static bool
end(struct session *session, const struct record *record, const struct task *task, const char *change,
	struct statement_pending *pending)
{
	const struct failure_place place = {.doing = "when its version was recorded"};
	struct loss_guard guard = {.consent = task->consent,.migration = task->tables};
	struct task	guarded = *task;
	char	   *outcome = failure_outcome_after(task, (int) task->list.count, NULL, false);
	bool		again = true;
	bool		done = false;

	guarded.guard = &guard;
	for (int attempt = 1; again; attempt++) {
		struct pipeline pipeline = {.prepare = attempt_prepares(session, task)};
		char	   *before = mem_string(pending->counts);
		size_t		probed = 0;
		const struct pipeline_command *failed;
		bool		committed;

		add_end(&pipeline, session, record, &guarded, change, pending, before, &probed);
		failed = attempt_run(session, &pipeline);
		committed = statement_pending_check(session, record, task, change, pending, &pipeline);
		again = failed && committed && (prepared_give_up(session->connection, failed)
										|| loss_guard_filled(&guard, failed)
										|| attempt_pause(session, task, &failed->error, attempt));
		if (!failed)
			done = !loss_guard_watches(&guard)
				|| attempt_passes(session, record, task, &guard, &pipeline,
								  before ? before : loss_guard_counts(&pipeline, probed), change, outcome, &again);
		else if (committed && !again)
			failure_give_up(session, record, task, change, mem_string(outcome), &place, &failed->error);
		mem_free(before);
		pipeline_clear(&pipeline);
	}
	loss_guard_clear(&guard);
	mem_free(outcome);
	return done;
}

/* Run statement `number`; if it is batched, from `position` on. False: reported and logged. */
static bool
run_statement(struct session *session, const struct record *record, const struct task *task, const char *change,
			  int number, const char *position, struct statement_pending *pending)
{
	bool		batched = task->list.statements[number].batch.table != NULL;

	if ((batched || signals_stop()) && !statement_pending_commit(session, record, task, change, pending))
		return false;
	if (signals_stop()) {
		failure_give_up(session, record, task, change, failure_outcome_after(task, number, NULL, false),
						&(struct failure_place) {0}, &failure_stopped);
		return false;
	}
	if (batched)
		return batch_run(session, record, task, change, number, position)
			&& statement_record_progress(session, record, task, change, number + 1);
	return statement_run(session, record, task, change, number, pending);
}

bool
statements_run(struct session *session, struct record *record, const struct task *wanted,
			   struct commit_pending *uncommitted)
{
	struct task	task = *wanted;
	const char *position;
	char	   *change = NULL;
	struct loss_guard_migration tables = {0};
	struct statement_pending pending = {.statement = -1};
	bool		done;

	task.step.done = statements_resume_at(record, &task);
	position = statements_resume_position(record, &task);
	if (position)
		report_note("%s resumes at key %s of statement %d of %zu", task.title, position, task.step.done + 1,
					task.list.count);
	else if (task.step.done > 0)
		report_note("%s resumes after statement %d of %zu", task.title, task.step.done, task.list.count);
	done = begin(session, record, &task, uncommitted, &change, &tables, &pending);
	task.tables = &tables;
	for (int i = task.step.done; done && (size_t) i < task.list.count; i++)
		done = run_statement(session, record, &task, change, i, i == task.step.done ? position : NULL, &pending);
	done = done && end(session, record, &task, change, &pending);
	mem_free(pending.counts);
	if (done) {
		char	   *outcome = failure_outcome_after(&task, (int) task.list.count, NULL, false);

		commit_leave_pending(uncommitted, wanted, change, NULL, outcome);
		mem_free(outcome);
	}
	mem_free(change);
	mem_free(tables.start);
	mem_free(tables.made);
	return done;
}
