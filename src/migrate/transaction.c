/* Run a transactional task, and leave its transaction open. */
#include "migrate/transaction.h"

#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "migrate/attempt.h"
#include "migrate/commit.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/record.h"
#include "record/untrusted.h"

#include "base/banned.h"

void
transaction_compose(struct pipeline *pipeline, const struct session *session, const struct record *record,
					const struct task *task, struct transaction_layout *layout)
{
	struct record_change change = {.last = record->last_change,.command = task->command,.before = task->step.before,
		.after = task->step.after,.state = "done",.statement = -1
	};
	bool		applied = task->step.before < 0 && task->list.count > 0;
	bool		restate = task->whole && task->list.count == 0;

	/* Even if the database's default differs: each check must see what other sessions have committed. */
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	advisory_lock_add_check(pipeline, session);
	untrusted_add(pipeline, session, task->list.statements, task->list.count);
	if (task->guard)
		loss_guard_add_empty(pipeline, task->guard);
	/* A statement fails if policies would hide rows from it. A migration would lose these. */
	pipeline_add(pipeline, "SET LOCAL row_security = off", 0);
	layout->script = pipeline->count;
	for (size_t i = 0; i < task->list.count; i++) {
		const struct statement_list_item *statement = &task->list.statements[i];

		pipeline_add_text(pipeline, statement->text, strlen(statement->text));
		untrusted_add_after(pipeline, session, statement, &task->list);
	}
	layout->after = pipeline->count;
	session_add_record_settings(session, pipeline);
	layout->deferred = pipeline->count;
	pipeline_add(pipeline, ATTEMPT_DEFERRED, 0);
	record_add_tables(pipeline, session, record);
	layout->grants = pipeline->count;
	/* Also without statements: migrate_version may be new, and default privileges may have granted too much on it. */
	attempt_add_grants(pipeline);
	layout->record = pipeline->count;
	record_add_history(pipeline, record, task->whole ? task->step.after : task->step.before, applied, restate);
	attempt_add_outcome(pipeline, record, task);
	if (record->incomplete.there)
		record_add_end(pipeline, record->incomplete_change, "interrupted", NULL);
	record_add_change(pipeline, &change);
}

/* The place of a command that failed in a pipeline of transaction_compose. */
static struct failure_place
place_of(const struct pipeline *pipeline, const struct pipeline_command *failed, const struct task *task,
		 const struct transaction_layout *layout)
{
	size_t		index = (size_t) (failed - pipeline->commands);

	/* A look before the script or within it: it is tried again, so that where it was says nothing. */
	if (failed->internal && !failed->error.sqlstate[0])
		return (struct failure_place) {0};
	if (index < layout->script)
		return (struct failure_place) {.doing = "before it began"};
	if (index < layout->after) {
		size_t		number = 0;

		for (size_t i = layout->script + 1; i <= index; i++)
			number += !pipeline->commands[i].internal;
		return failure_place_of(task, (int) number);
	}
	if (index == layout->deferred)
		return (struct failure_place) {.doing = "when deferred constraints were checked"};
	if (index >= layout->grants && index < layout->record)
		return (struct failure_place) {.source = &history.grants->source,
			.offset = history.grants->body.statements[index - layout->grants].offset
		};
	return (struct failure_place) {.doing = "when its version was recorded"};
}

/* One attempt to run the transaction. */
struct transaction_try {
	struct pipeline pipeline;
	struct transaction_layout layout;
	size_t		logged;			/* the place of the command that logs its change */
	char	   *before;			/* the tables before it, if known from the open transaction; or NULL */
	size_t		probed;			/* if not: the place of the probe that reads them */
};

static void
compose(struct transaction_try *try, struct session *session, const struct record *record, const struct task *task,
		bool watched, const struct commit_pending *uncommitted)
{
	struct pipeline *pipeline = &try->pipeline;

	/* The open transaction's last counts are still valid: between its COMMIT and this BEGIN the session is not idle. */
	try->before = mem_string(uncommitted->counts);
	commit_add(pipeline, uncommitted);
	session_add_script_settings(session, pipeline, session->options->lock_timeout);
	if (watched && !try->before) {
		pipeline_add(pipeline, "BEGIN", 0);
		try->probed = loss_guard_add_before(pipeline);
		pipeline_add(pipeline, "COMMIT", 0);
	}
	transaction_compose(pipeline, session, record, task, &try->layout);
	try->logged = pipeline->count - 1;
	if (watched)
		loss_guard_add_after(pipeline, try->before);
}

static void
try_clear(struct transaction_try *try)
{
	mem_free(try->before);
	pipeline_clear(&try->pipeline);
	*try = (struct transaction_try) {0};
}

/* Everything was run and checked: leave it open, for commit.h to commit. */
static void
leave_open(const struct transaction_try *try, struct session *session, struct record *record,
		   const struct task *task, bool watched, const char *outcome, struct commit_pending *uncommitted)
{
	const struct pipeline_command *logged = &try->pipeline.commands[try->logged];

	untrusted_committed(session);
	commit_leave_pending(uncommitted, task, pipeline_value(logged, 0, 0), pipeline_value(logged, 0, 1), outcome);
	if (watched)
		uncommitted->counts = mem_string(loss_guard_counts(&try->pipeline, try->pipeline.count - 1));
	record->last_change = pipeline_number(logged, 0, 0);
}

static bool
passes(const struct transaction_try *try, struct session *session, const struct record *record,
	   const struct task *task, struct loss_guard *guard, const char *outcome, bool *again)
{
	const char *before = try->before ? try->before : loss_guard_counts(&try->pipeline, try->probed);

	return attempt_passes(session, record, task, guard, &try->pipeline, before, NULL, outcome, again);
}

bool
transaction_run(struct session *session, struct record *record, const struct task *task,
				struct commit_pending *uncommitted)
{
	bool		prepare = attempt_prepares(session, task);
	struct loss_guard guard = {.consent = task->consent};
	struct task	guarded = *task;
	/* A stamp changes the record only. */
	bool		watched = loss_guard_watches(&guard) && (task->list.count > 0 || !task->whole);
	char	   *outcome = failure_outcome(task);
	bool		done = false;
	bool		again = true;

	if (watched)
		loss_guard_expect(&guard, task->expected);
	for (int attempt = 1; again; attempt++) {
		struct transaction_try try = {.pipeline = {.prepare = prepare}};
		const struct pipeline_command *failed;

		guarded.guard = &guard;
		compose(&try, session, record, &guarded, watched, uncommitted);
		failed = attempt_run(session, &try.pipeline);
		if (!commit_check(session, record, uncommitted, &try.pipeline, &again)) {
			try_clear(&try);
			continue;
		}
		if (failed && (prepared_give_up(session->connection, failed) || loss_guard_filled(&guard, failed))) {
			again = true;
			attempt--;
		} else
			again = failed && attempt_pause(session, task, &failed->error, attempt);
		if (failed && !again) {
			struct failure_place place = place_of(&try.pipeline, failed, task, &try.layout);

			failure_report(session, task, &place, &failed->error, outcome);
			failure_log(session, record, task, NULL, &failed->error);
		} else if (!failed && (!watched || passes(&try, session, record, task, &guard, outcome, &again))) {
			leave_open(&try, session, record, task, watched, outcome, uncommitted);
			done = true;
		} else if (!failed)
			attempt--;
		try_clear(&try);
	}
	loss_guard_clear(&guard);
	mem_free(outcome);
	return done;
}
