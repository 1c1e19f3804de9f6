/* What comes before the first migration: what earlier scripts have left to a superuser, and privileges of others. */
#include "migrate/ownership_transfer.h"

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/untrusted.h"

#include "base/banned.h"

/* CREATE on schema public may have been revoked before. */
#define UNCHANGED(session) ((session)->committed ? "Rolled back." : "Rolled back; nothing was changed.")

/* The login is a superuser; the role that we act as would not be allowed to take what it is not given. */
void
ownership_transfer_compose(struct pipeline *pipeline, const struct privileges *ownership)
{
	pipeline_add(pipeline, "BEGIN", 0);
	pipeline_add(pipeline, "SET LOCAL ROLE NONE", 0);
	for (size_t i = 0; i < ownership->count; i++)
		pipeline_add(pipeline, ownership->changes[i].statement, 0);
}

/* With the locks held, no session can be creating a trigger with a privilege that is being revoked. */
void
ownership_transfer_compose_grants(struct pipeline *pipeline, const struct session *session,
								  const struct loss_guard *guard)
{
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	if (guard) {
		loss_guard_add_before(pipeline);
		loss_guard_add_empty(pipeline, guard);
	}
	untrusted_add(pipeline, session, NULL, 0);
	session_add_record_settings(session, pipeline);
	attempt_add_grants(pipeline);
	if (guard)
		loss_guard_add_after(pipeline, NULL);
}

/* One try. NULL: it is committed, or it has not passed the check; else the command of the batch that failed. */
static const struct pipeline_command *
try_first(struct session *session, struct pipeline *pipeline, const struct task *task,
		  const struct privileges *ownership,
		  struct loss_guard *guard, bool *passed, bool *again)
{
	const struct pipeline_command *failed;

	session_add_script_settings(session, pipeline, session->options->lock_timeout);
	failed = attempt_run(session, pipeline);
	if (failed)
		return failed;
	pipeline_clear(pipeline);
	if (ownership)
		ownership_transfer_compose(pipeline, ownership);
	else
		ownership_transfer_compose_grants(pipeline, session, loss_guard_watches(guard) ? guard : NULL);
	failed = attempt_run(session, pipeline);
	if (failed)
		return failed;
	*passed = ownership || !loss_guard_watches(guard)
		|| attempt_passes(session, NULL, task, guard, pipeline, loss_guard_counts(pipeline, 1), NULL,
						  UNCHANGED(session), again);
	if (!*passed)
		return NULL;
	pipeline_clear(pipeline);
	pipeline_add(pipeline, "COMMIT", 0);
	return attempt_run(session, pipeline);
}

/*
 * Run the handover, or grants.sql where there is no ownership, again where a lock could not be had in time; `lost`:
 * what is known when the connection was lost.
 */
static bool
run_first(struct session *session, const char *title, const struct privileges *ownership,
		  struct loss_guard_consent *consent, const char *lost)
{
	struct task	task = {.title = mem_string(title)};
	struct loss_guard guard = {.consent = consent};
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct pipeline pipeline = {0};
		const struct pipeline_command *failed;

		again = false;
		failed = try_first(session, &pipeline, &task, ownership, &guard, &done, &again);
		if (failed) {
			done = false;
			again = loss_guard_filled(&guard, failed) || attempt_pause(session, &task, &failed->error, attempt);
		}
		if (failed && !again)
			failure_report(session, &task, &(struct failure_place) {0}, &failed->error,
						   failed->error.lost ? lost : UNCHANGED(session));
		session->committed = session->committed || done || (failed && failed->error.lost);
		pipeline_clear(&pipeline);
	}
	loss_guard_clear(&guard);
	mem_free(task.title);
	return done;
}

bool
ownership_transfer_run(struct session *session, const struct privileges *ownership)
{
	char	   *title;
	bool		done;

	if (ownership->count == 0)
		return true;
	title = mem_format("transferring the ownership of objects from a superuser to \"%s\"", ownership->role);
	done = run_first(session, title, ownership, NULL,
					 "All owners were changed, or none. Nothing else was changed.");
	for (size_t i = 0; done && i < ownership->count; i++)
		report_note("%s", ownership->changes[i].note);
	mem_free(title);
	return done;
}

bool
ownership_transfer_grants(struct session *session, struct loss_guard_consent *consent)
{
	size_t		uncommitted = untrusted_open(session);
	size_t		left;

	if (uncommitted == 0 || !history.grants)
		return true;
	if (!run_first(session, "running grants.sql before the first migration", NULL, consent,
				   "All privileges were changed, or none. Nothing else was changed.")
		|| !untrusted_read(session, true))
		return false;
	left = untrusted_open(session);
	if (left < uncommitted)
		report_line("grants.sql has revoked the right of other roles to create triggers or foreign keys on %zu"
					" table%s", uncommitted - left, uncommitted - left == 1 ? "" : "s");
	return true;
}
