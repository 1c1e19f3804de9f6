/* What has been run but is not committed yet, and how its commit comes out. */
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
	RECONNECTS = 30				/* a second apart: a server that crashed has come back by then, or needs a person */
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
clear(struct commit_pending *uncommitted)
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

/* Reconnect after the connection was lost, until the lock is ours: then the lost session is over on the server too. */
static bool
come_back(struct session *session)
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

/* Was it committed? The log has it, or has it not. */
static bool
look_for_change(struct session *session, const struct commit_pending *uncommitted)
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

	/* A first change would have created the log itself: then undefined_table says no as well. */
	if (failed && !pipeline_error_is(&failed->error, SQLSTATE_UNDEFINED_TABLE)
		&& !pipeline_error_is(&failed->error, SQLSTATE_INVALID_SCHEMA_NAME)) {
		report_error("could not look whether %s was committed: %s", uncommitted->task->title, failed->error.message);
		report_hint("Run \"" PROGRAM " status\": it will tell.");
	} else if (failed || pipeline_row_count(session_result(&pipeline)) == 0) {
		report_error("%s was not committed", uncommitted->task->title);
		report_detail("%s", uncommitted->outcome);
		report_hint("Run the same command again.");
	} else {
		report_note("reconnected: it was committed");
		committed = true;
	}
	pipeline_clear(&pipeline);
	return committed;
}

/* The commit has failed, or the connection was lost at it: is it committed nevertheless? */
static bool
find_out(struct session *session, const struct record *record, const struct commit_pending *uncommitted,
		 const struct pipeline_error *error)
{
	if (!error->lost) {
		failure_report(session, uncommitted->task, &(struct failure_place) {.doing = "at its commit"}, error,
					   uncommitted->outcome);
		failure_log(session, record, uncommitted->task, uncommitted->id, error);
		return false;
	}
	report_warning("%s: the connection was lost at the commit: %s", uncommitted->task->title, error->message);
	if (!come_back(session)) {
		report_detail("Whether %s was committed is not known.", uncommitted->task->title);
		report_hint("When the server can be reached again, \"" PROGRAM " status\" will tell.");
		return false;
	}
	return look_for_change(session, uncommitted);
}

bool
commit_settle(struct session *session, const struct record *record, struct commit_pending *uncommitted,
			  const struct pipeline *pipeline, bool *again)
{
	bool		went_along = !uncommitted->task || pipeline->commands[0].outcome == PIPELINE_DONE;

	*again = !went_along && find_out(session, record, uncommitted, &pipeline_failed(pipeline)->error);
	session->committed = session->committed || (uncommitted->task && went_along) || *again;
	if (*again && uncommitted->on_done)
		uncommitted->on_done(uncommitted->on_done_argument);
	clear(uncommitted);
	return went_along;
}

bool
commit_finish(struct session *session, const struct record *record, struct commit_pending *uncommitted)
{
	struct pipeline pipeline = {0};
	bool		late;
	bool		committed;

	commit_add(&pipeline, uncommitted);
	pipeline_run(session->connection, &pipeline);
	committed = commit_settle(session, record, uncommitted, &pipeline, &late) || late;
	pipeline_clear(&pipeline);
	return committed;
}
