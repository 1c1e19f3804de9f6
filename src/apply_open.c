/* What has been run but is not committed yet, and how its commit comes out. */
#include <string.h>

#include "apply_private.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "signals.h"
#include "trust.h"

#include "banned.h"

enum {
	RECONNECTS = 30				/* a second apart: a server that crashed has come back by then, or needs a person */
};

void
apply_open_leave(struct apply_open *open, const struct job *job, const char *id, const char *moment,
				 const char *standing)
{
	*open = (struct apply_open) {.job = job,.id = mem_string(id),.moment = mem_string(moment),
		.standing = mem_string(standing)
	};
}

static void
clear(struct apply_open *open)
{
	mem_free(open->id);
	mem_free(open->moment);
	mem_free(open->standing);
	mem_free(open->counts);
	*open = (struct apply_open) {0};
}

void
apply_open_add(struct db_batch *batch, const struct apply_open *open)
{
	struct db_command *commit;

	if (!open->job)
		return;
	commit = db_add(batch, "COMMIT", 0);
	commit->firm = true;
	commit->hear = open->hear;
	commit->hear_argument = open->hear_argument;
}

/* Reconnect after the connection was lost, until the lock is ours: then the lost session is over on the server too. */
static bool
come_back(struct session *session)
{
	for (int i = 0; i < RECONNECTS && !signals_stop(); i++) {
		if (db_reconnect(session->db))
			return session_prepare(session, true) && lock_acquire(session, true) == LOCK_HELD && trust_run(session);
		signals_pause(1000);
	}
	report_error("could not reconnect to the server");
	return false;
}

/* Was it committed? The log has it, or has it not. */
static bool
look_for_change(struct session *session, const struct apply_open *open)
{
	struct db_batch batch = {0};
	const struct db_command *failed;
	bool		committed = false;

	trust_begin_reading(session, &batch, "fitsdb_schema.change");
	db_add(&batch, "SELECT FROM ONLY fitsdb_schema.change WHERE id = $1::bigint AND state = 'done'"
		   " AND coalesce($2, " STATE_MOMENT ") = " STATE_MOMENT, 2, open->id, open->moment);
	session_end_reading(&batch);
	db_run(session->db, &batch);
	failed = db_failed(&batch);

	/* A first change would have created the log itself: then undefined_table says no as well. */
	if (failed && !db_is(&failed->error, "42P01") && !db_is(&failed->error, "3F000")) {
		report_error("could not look whether %s was committed: %s", open->job->title, failed->error.message);
		report_hint("Run \"" PROGRAM " status\": it will tell.");
	} else if (failed || db_lines(session_read(&batch)) == 0) {
		report_error("%s was not committed", open->job->title);
		report_detail("%s", open->standing);
		report_hint("Run the same command again.");
	} else {
		report_note("reconnected: it was committed");
		committed = true;
	}
	db_batch_clear(&batch);
	return committed;
}

/* The commit has failed, or the connection was lost at it: is it committed nevertheless? */
static bool
find_out(struct session *session, const struct state *state, const struct apply_open *open,
		 const struct db_error *error)
{
	if (!error->lost) {
		apply_report(session, open->job, &(struct apply_place) {.doing = "at its commit"}, error, open->standing);
		apply_log_failure(session, state, open->job, open->id, error);
		return false;
	}
	report_warning("%s: the connection was lost at the commit: %s", open->job->title, error->message);
	if (!come_back(session)) {
		report_detail("Whether %s was committed is not known.", open->job->title);
		report_hint("When the server can be reached again, \"" PROGRAM " status\" will tell.");
		return false;
	}
	return look_for_change(session, open);
}

bool
apply_open_settle(struct session *session, const struct state *state, struct apply_open *open,
				  const struct db_batch *batch, bool *again)
{
	bool		went_along = !open->job || batch->commands[0].outcome == DB_DONE;

	*again = !went_along && find_out(session, state, open, &db_failed(batch)->error);
	session->committed = session->committed || (open->job && went_along) || *again;
	if (*again && open->hear)
		open->hear(open->hear_argument);
	clear(open);
	return went_along;
}

bool
apply_close(struct session *session, const struct state *state, struct apply_open *open)
{
	struct db_batch batch = {0};
	bool		late;
	bool		committed;

	apply_open_add(&batch, open);
	db_run(session->db, &batch);
	committed = apply_open_settle(session, state, open, &batch, &late) || late;
	db_batch_clear(&batch);
	return committed;
}
