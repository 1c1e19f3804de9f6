/* Commit an open task with the next commands, and find out whether it was committed. */
#include "migrate/commit.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "migrate/failure.h"
#include "pg/advisory_lock.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/settings.h"
#include "pg/sqlstate.h"
#include "record/record.h"
#include "record/trust.h"

#include "base/banned.h"

enum {
	RECONNECTS = 30				/* one each second: a server usually recovers from a crash in that time */
};

void
commit_leave_pending(struct commit_pending *uncommitted, const struct task *task, const char *id, const char *moment,
					 const char *outcome)
{
	*uncommitted = (struct commit_pending) {.task = task,.id = mem_string(id),.moment = mem_string(moment),
		.outcome = mem_string(outcome)
	};
}

static void
commit_clear(struct commit_pending *uncommitted)
{
	mem_free(uncommitted->id);
	mem_free(uncommitted->moment);
	mem_free(uncommitted->outcome);
	mem_free(uncommitted->counts);
	*uncommitted = (struct commit_pending) {0};
}

void
commit_add(struct pipeline *pipeline, const struct commit_pending *uncommitted)
{
	struct pipeline_command *commit;

	if (!uncommitted->task)
		return;
	commit = pipeline_add(pipeline, "COMMIT", 0);
	commit->uninterruptible = true;
	commit->on_done = uncommitted->on_done;
	commit->on_done_argument = uncommitted->on_done_argument;
}

/* Reconnect and take the advisory lock: once it is held, the lost session has ended on the server too. */
static bool
reconnect(struct session *session)
{
	for (int i = 0; i < RECONNECTS && !signals_stop(); i++) {
		if (connection_reconnect(session->connection))
			return session_prepare(session, true) && settings_check(session)
				&& advisory_lock_acquire(session, true) == ADVISORY_LOCK_HELD && trust_check_record(session);
		signals_pause(1000);
	}
	report_error("could not reconnect to the server");
	return false;
}

/* It was committed if its change is in the log. */
static bool
find_change(struct session *session, const struct commit_pending *uncommitted)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	bool		committed = false;

	trust_begin_reading(session, &pipeline, "fitsdb_schema.change");
	pipeline_add(&pipeline, "SELECT FROM ONLY fitsdb_schema.change WHERE id = $1::bigint AND state = 'done'"
				 " AND coalesce($2, " RECORD_MOMENT ") = " RECORD_MOMENT, 2, uncommitted->id, uncommitted->moment);
	session_end_reading(&pipeline);
	pipeline_run(session->connection, &pipeline);
	failed = pipeline_failed(&pipeline);

	/* The first change creates the log: if there is no log, it was not committed. */
	if (failed && !pipeline_error_is(&failed->error, SQLSTATE_UNDEFINED_TABLE)
		&& !pipeline_error_is(&failed->error, SQLSTATE_INVALID_SCHEMA_NAME)) {
		report_error("could not determine whether %s was committed: %s", uncommitted->task->title,
					 failed->error.message);
		report_hint("Run \"" PROGRAM " status\" to check.");
	} else if (failed || pipeline_row_count(session_result(&pipeline)) == 0) {
		report_error("%s was not committed", uncommitted->task->title);
		report_detail("%s", uncommitted->outcome);
		report_hint("Run the same command again.");
	} else {
		report_note("reconnected: %s was committed", uncommitted->task->title);
		committed = true;
	}
	pipeline_clear(&pipeline);
	return committed;
}

/* After COMMIT failed or the connection was lost: was the task committed? False: reported and logged. */
static bool
was_committed(struct session *session, const struct record *record, const struct commit_pending *uncommitted,
			  const struct pipeline_error *error)
{
	if (!error->lost) {
		failure_report(session, uncommitted->task, &(struct failure_place) {.doing = "at its commit"}, error,
					   uncommitted->outcome);
		failure_log(session, record, uncommitted->task, uncommitted->id, error);
		return false;
	}
	report_warning("%s: the connection was lost during the commit: %s", uncommitted->task->title, error->message);
	if (!reconnect(session)) {
		report_detail("It is not known whether %s was committed.", uncommitted->task->title);
		report_hint("Run \"" PROGRAM " status\" when the server is available again.");
		return false;
	}
	return find_change(session, uncommitted);
}

bool
commit_check(struct session *session, const struct record *record, struct commit_pending *uncommitted,
			 const struct pipeline *pipeline, bool *again)
{
	bool		committed = !uncommitted->task || pipeline->commands[0].outcome == PIPELINE_DONE;

	*again = !committed && was_committed(session, record, uncommitted, &pipeline_failed(pipeline)->error);
	session->committed = session->committed || (uncommitted->task && committed) || *again;
	if (*again && uncommitted->on_done)
		uncommitted->on_done(uncommitted->on_done_argument);
	commit_clear(uncommitted);
	return committed;
}

bool
commit_finish(struct session *session, const struct record *record, struct commit_pending *uncommitted)
{
	struct pipeline pipeline = {0};
	bool		late;
	bool		committed;

	commit_add(&pipeline, uncommitted);
	pipeline_run(session->connection, &pipeline);
	committed = commit_check(session, record, uncommitted, &pipeline, &late) || late;
	pipeline_clear(&pipeline);
	return committed;
}
