/* Run a pipeline of a task, retry it after a lock timeout, check it for lost data, and record the outcome. */
#include "migrate/attempt.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sha256.h"
#include "history/destructive.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"
#include "pg/pipeline.h"
#include "record/record.h"
#include "record/untrusted.h"

#include "base/banned.h"

static void
add_list(struct pipeline *pipeline, const struct statement_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		pipeline_add_text(pipeline, list->statements[i].text, strlen(list->statements[i].text));
}

void
attempt_add_grants(struct pipeline *pipeline)
{
	struct statement_list grants;

	if (!history.grants)
		return;
	grants = statement_list_of_section(&history.grants->source, &history.grants->body);
	add_list(pipeline, &grants);
	statement_list_clear(&grants);
}

void
attempt_add_outcome(struct pipeline *pipeline, const struct record *record, const struct task *task)
{
	const struct steps_item *step = &task->step;
	char		history_sum[SHA256_SIZE];

	record_add_version(pipeline, record, step->before, step->after);
	if (task->migration)
		record_add_migration(pipeline, record, task->migration, task->down, true);
	else if (!task->repair)
		record_add_removal(pipeline, step->version, task->whole);

	if (task->whole)
		record_add_current(pipeline, step->after, history_checksum(step->after));
	else if (task->migration) {
		record_next_history_checksum(record, task->migration, history_sum);
		record_add_current(pipeline, step->after, history_sum);
	} else {
		bool		known = record_history_checksum(record, step->after, history_sum);

		record_add_current(pipeline, step->after, known ? history_sum : NULL);
	}
}

const struct pipeline_command *
attempt_run_building(struct session *session, struct pipeline *pipeline, const char *building)
{
	struct lock_watch watch;
	const struct pipeline_command *failed;

	lock_watch_start(&watch, session, building);
	connection_set_interruptible(session->connection, true);
	pipeline_run(session->connection, pipeline);
	connection_set_interruptible(session->connection, false);
	lock_watch_end(&watch);

	failed = pipeline_failed(pipeline);
	if (failed && !failed->error.lost) {
		struct pipeline rollback = {0};

		pipeline_add(&rollback, "ROLLBACK", 0);
		pipeline_run(session->connection, &rollback);
		pipeline_clear(&rollback);
		untrusted_explain(session, &pipeline->commands[failed - pipeline->commands]);
	}
	return failed;
}

bool
attempt_pause(struct session *session, const struct task *task, const struct pipeline_error *error, int attempt)
{
	return untrusted_again(session, error) || lock_watch_pause(session, task->title, error, attempt);
}

/* May the task move rows between partitions? True if one of its statements updates rows and none deletes rows. */
static bool
may_move_rows(const struct task *task)
{
	bool		updates = false;

	for (size_t i = 0; i < task->list.count; i++) {
		updates = updates || destructive_updates(task->list.statements[i].text);
		if (destructive_deletes(task->list.statements[i].text))
			return false;
	}
	return updates;
}

bool
attempt_passes(struct session *session, const struct record *record, const struct task *task, struct loss_guard *guard,
			   const struct pipeline *pipeline, const char *before, const char *change, const char *outcome,
			   bool *again)
{
	enum loss_guard_verdict verdict = loss_guard_check(guard, session, pipeline, before, may_move_rows(task),
													   task->title);

	*again = verdict == LOSS_GUARD_AGAIN;
	if (verdict == LOSS_GUARD_REFUSED) {
		struct pipeline_error refusal = {.message = mem_string("it would destroy data")};

		report_detail("%s", outcome);
		report_hint("To allow this data loss, use --yes.");
		failure_log(session, record, task, change, &refusal);
		mem_free(refusal.message);
	}
	return verdict == LOSS_GUARD_PASSED;
}

bool
attempt_prepares(const struct session *session, const struct task *task)
{
	/*
	 * A script that deallocates prepared statements, or uses their names, runs without them. A function that does so is
	 * not detected here: prepared_give_up then has the transaction run again.
	 */
	for (size_t i = 0; i < task->list.count; i++)
		if (strcasestr(task->list.statements[i].text, "deallocate")
			|| strcasestr(task->list.statements[i].text, "prepare fitsdb_schema_"))
			return false;
	return session->prepares;
}

const struct pipeline_command *
attempt_run(struct session *session, struct pipeline *pipeline)
{
	return attempt_run_building(session, pipeline, NULL);
}
