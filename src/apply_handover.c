/* What comes before the first migration: what earlier scripts have left to a superuser, and privileges of others. */
#include "apply_private.h"
#include "mem.h"
#include "report.h"
#include "untrusted.h"

#include "banned.h"

#define UNCHANGED "Rolled back; nothing was changed."

/* The login is a superuser; the role that we act as would not be allowed to take what it is not given. */
void
apply_compose_handover(struct db_batch *batch, const struct ownership *ownership)
{
	db_add(batch, "BEGIN", 0);
	db_add(batch, "SET LOCAL ROLE NONE", 0);
	for (size_t i = 0; i < ownership->count; i++)
		db_add(batch, ownership->changes[i].statement, 0);
}

/* With the locks held, nobody can be about to create a trigger with a privilege that is revoked. */
void
apply_compose_grants(struct db_batch *batch, const struct session *session, const struct guard *guard)
{
	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	if (guard) {
		guard_add_before(batch);
		guard_add_empty(batch, guard);
	}
	untrusted_add(batch, session, NULL, 0);
	session_add_record(session, batch);
	apply_add_grants(batch);
	if (guard)
		guard_add_after(batch, NULL);
}

/* One try. NULL: it is committed, or it has not passed the check; else the command of the batch that failed. */
static const struct db_command *
try_first(struct session *session, struct db_batch *batch, const struct job *job, const struct ownership *ownership,
		  struct guard *guard, bool *passed, bool *again)
{
	const struct db_command *failed;

	session_add_script(session, batch, session->options->lock_timeout);
	failed = apply_run(session, batch);
	if (failed)
		return failed;
	db_batch_clear(batch);
	if (ownership)
		apply_compose_handover(batch, ownership);
	else
		apply_compose_grants(batch, session, guard_watches(guard) ? guard : NULL);
	failed = apply_run(session, batch);
	if (failed)
		return failed;
	*passed = ownership || !guard_watches(guard)
		|| apply_passes(session, NULL, job, guard, batch, guard_counts(batch, 1), NULL, UNCHANGED, again);
	if (!*passed)
		return NULL;
	db_batch_clear(batch);
	db_add(batch, "COMMIT", 0);
	return apply_run(session, batch);
}

/*
 * Run the handover, or grants.sql where there is no ownership, again where a lock could not be had in time; `lost`:
 * what is known when the connection was lost.
 */
static bool
run_first(struct session *session, const char *title, const struct ownership *ownership,
		  const struct consent *consent, const char *lost)
{
	struct job	job = {.title = mem_string(title)};
	struct guard guard = {.consent = consent};
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed;

		again = false;
		failed = try_first(session, &batch, &job, ownership, &guard, &done, &again);
		if (failed) {
			done = false;
			again = guard_filled(&guard, &failed->error) || apply_pause(session, &job, &failed->error, attempt);
		}
		if (failed && !again)
			apply_report(session, &job, &(struct apply_place) {0}, &failed->error,
						 failed->error.lost ? lost : UNCHANGED);
		session->committed = session->committed || done || (failed && failed->error.lost);
		db_batch_clear(&batch);
	}
	guard_clear(&guard);
	mem_free(job.title);
	return done;
}

bool
apply_handover(struct session *session, const struct ownership *ownership)
{
	char	   *title;
	bool		done;

	if (ownership->count == 0)
		return true;
	title = mem_format("giving what belongs to a superuser to \"%s\"", ownership->role);
	done = run_first(session, title, ownership, NULL,
					 "The owners are as they were, or all are changed; nothing else was.");
	for (size_t i = 0; done && i < ownership->count; i++)
		report_note("%s", ownership->changes[i].note);
	mem_free(title);
	return done;
}

bool
apply_grants(struct session *session, const struct consent *consent)
{
	size_t		open = untrusted_open(session);
	size_t		left;

	if (open == 0 || !history.grants)
		return true;
	if (!run_first(session, "running grants.sql before the first migration", NULL, consent,
				   "The privileges are as they were, or all are changed; nothing else was.")
		|| !untrusted_read(session, true))
		return false;
	left = untrusted_open(session);
	if (left < open)
		report_line("other roles can no longer create triggers or foreign keys on %zu table%s: grants.sql has revoked that",
					open - left, open - left == 1 ? "" : "s");
	return true;
}
