/* What comes before the first migration: what earlier scripts have left to a superuser, and privileges of others. */
#include "apply_private.h"
#include "mem.h"
#include "report.h"
#include "untrusted.h"

#include "banned.h"

/* One of these two transactions, from BEGIN to COMMIT. */
typedef void composer(struct db_batch *batch, const struct session *session, const struct ownership *ownership);

static void
compose_handover(struct db_batch *batch, const struct session *session, const struct ownership *ownership)
{
	(void) session;
	apply_compose_handover(batch, ownership);
}

static void
compose_grants(struct db_batch *batch, const struct session *session, const struct ownership *ownership)
{
	(void) ownership;
	apply_compose_grants(batch, session);
}

/* The login is a superuser; the role that we act as would not be allowed to take what it is not given. */
void
apply_compose_handover(struct db_batch *batch, const struct ownership *ownership)
{
	db_add(batch, "BEGIN", 0);
	db_add(batch, "SET LOCAL ROLE NONE", 0);
	for (size_t i = 0; i < ownership->count; i++)
		db_add(batch, ownership->changes[i].statement, 0);
	db_add(batch, "COMMIT", 0);
}

/* With the locks held, nobody can be about to create a trigger with a privilege that is revoked. */
void
apply_compose_grants(struct db_batch *batch, const struct session *session)
{
	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	untrusted_add(batch, session, NULL, 0);
	session_add_record(session, batch);
	apply_add_grants(batch);
	db_add(batch, "COMMIT", 0);
}

/* Run it, again where a lock could not be had in time; `lost`: what is known when the connection was lost. */
static bool
run_first(struct session *session, const char *title, composer *compose, const struct ownership *ownership,
		  const char *lost)
{
	struct job	job = {.title = mem_string(title)};
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed;

		/* In a batch of their own, as the transaction has its COMMIT with it and must not be run without them. */
		session_add_script(session, &batch, session->options->lock_timeout);
		failed = apply_run(session, &batch);
		if (!failed) {
			db_batch_clear(&batch);
			compose(&batch, session, ownership);
			failed = apply_run(session, &batch);
		}
		again = failed && apply_pause(session, &job, &failed->error, attempt);
		if (failed && !again)
			apply_report(session, &job, &(struct apply_place) {0}, &failed->error,
						 failed->error.lost ? lost : "Rolled back; nothing was changed.");
		done = !failed;
		db_batch_clear(&batch);
	}
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
	done = run_first(session, title, compose_handover, ownership,
					 "The owners are as they were, or all are changed; nothing else was.");
	for (size_t i = 0; done && i < ownership->count; i++)
		report_note("%s", ownership->changes[i].note);
	mem_free(title);
	return done;
}

bool
apply_grants(struct session *session)
{
	size_t		open = untrusted_open(session);
	size_t		left;

	if (open == 0 || !history.grants)
		return true;
	if (!run_first(session, "running grants.sql before the first migration", compose_grants, NULL,
				   "The privileges are as they were, or all are changed; nothing else was.")
		|| !untrusted_read(session, true))
		return false;
	left = untrusted_open(session);
	if (left < open)
		report_line("other roles can no longer create triggers or foreign keys on %zu table%s: grants.sql has revoked that",
					open - left, open - left == 1 ? "" : "s");
	return true;
}
