/* One migration in single statements: each commits by itself, and how far it got is on record. */
#include <string.h>

#include "apply_private.h"
#include "batch.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "signals.h"
#include "untrusted.h"

#include "banned.h"

/* For one transaction whose commit need not wait for the disk; what is committed later gets there later anyway. */
#define UNHURRIED "SELECT pg_catalog.set_config('synchronous_commit', 'off', true)"

void
apply_compose_begin(struct db_batch *batch, const struct session *session, const struct state *state,
					const struct job *job)
{
	struct change change = {.last = state->last_change,.command = job->command,.before = job->step.before,
		.after = job->step.after,.state = "running",.statement = job->step.done,
		.position = apply_resume_position(state, job)
	};

	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_add_check(batch, session);
	untrusted_add(batch, session, NULL, 0);
	if (job->guard)
		guard_add_empty(batch, job->guard);
	session_add_record(session, batch);
	/* It must still be at the version that this was planned for. */
	if (state->versioned)
		state_add_version(batch, state, job->step.before, job->step.before);
	state_add_tables(batch, session, state);
	state_add_history(batch, state, job->step.before, false, false);

	/* On record from the start, so that any build can undo it if it stops half-way. */
	if (job->migration)
		state_add_record(batch, state, job->migration, false);
	if (state->partial.there)
		state_add_end(batch, state->partial_change, "interrupted", NULL);
	/* It reaches the disk before what the first statement does, which is all that matters. */
	db_add(batch, UNHURRIED, 0);
	state_add_unsettled(batch);
	state_add_change(batch, &change);
}

void
apply_compose_end(struct db_batch *batch, const struct session *session, const struct state *state,
				  const struct job *job, const char *change)
{
	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_add_check(batch, session);
	untrusted_add(batch, session, NULL, 0);
	if (job->guard)
		guard_add_empty(batch, job->guard);
	session_add_record(session, batch);
	apply_add_grants(batch);
	apply_add_outcome(batch, state, job);
	state_add_end(batch, change, "done", NULL);
}

/* Is what is on record as begun this build's text? A down is chosen by what is on record. */
static bool
is_same_text(const struct state *state, const struct job *job)
{
	const struct state_migration *row = state_find(state, job->step.version);

	return !job->migration || (row && strcmp(row->checksum, job->source->checksum) == 0);
}

int
apply_resume_at(const struct state *state, const struct job *job)
{
	if (job->step.done == 0 || (size_t) job->step.done > job->list.count || !is_same_text(state, job))
		return 0;
	return job->step.done;
}

const char *
apply_resume_position(const struct state *state, const struct job *job)
{
	const struct partial *partial = &state->partial;
	const struct step *step = &job->step;

	if (!partial->there || partial->version != step->version || partial->up != step->up || step->before == step->after)
		return NULL;
	if (partial->statements != step->done || (size_t) step->done >= job->list.count
		|| !job->list.statements[step->done].batch.table || !is_same_text(state, job))
		return NULL;
	return state->partial_position;
}

char *
apply_standing_after(const struct job *job, int done, const char *position, bool lost)
{
	const char *next = job->step.before == job->step.after ? "begins it again" : "goes on from there";

	if (position)
		return mem_format("Of statement %d of %zu the keys below %s are done and stay so%s; the database stays at "
						  "version %d, and the next %s %s.", done + 1, job->list.count, position,
						  lost ? ", and perhaps those of one range more" : "", job->step.before, job->command, next);
	if (done == 0)
		return mem_format("None of its statements is done; the database stays at version %d.", job->step.before);
	return mem_format("%d of its %zu statements are done and stay so; the database stays at version %d, and the next "
					  "%s %s.", done, job->list.count, job->step.before, job->command, next);
}

static char *
standing_after(const struct job *job, int done)
{
	return apply_standing_after(job, done, NULL, false);
}

struct apply_place
apply_place_of(const struct job *job, int number)
{
	if (!job->source)
		return (struct apply_place) {.doing = "in the statements on record"};
	return (struct apply_place) {.source = job->source,.offset = job->list.statements[number].offset};
}

void
apply_give_up(struct session *session, const struct state *state, const struct job *job, const char *change,
			  char *standing, const struct apply_place *place, const struct db_error *error)
{
	apply_report(session, job, place, error, standing);
	apply_log_failure(session, state, job, change, error);
	mem_free(standing);
}

static const struct apply_place before_first = {.doing = "before its first statement"};

void
apply_report_not_begun(struct session *session, const struct job *job, const struct db_error *error)
{
	char	   *standing = error->lost
		? mem_format("Whether its first statement was run is not known; the database stays at version %d,"
					 " and the next %s goes on from there.", job->step.before, job->command)
		: mem_format("None of its statements was run; the database stays at version %d.", job->step.before);

	apply_report(session, job, &before_first, error, standing);
	mem_free(standing);
}

/* What is committed before the first statement; where in the batch the tables are looked at, and the change logged. */
static void
add_begin(struct db_batch *batch, struct session *session, const struct state *state, const struct job *job,
		  const struct apply_open *open, size_t *probed, size_t *logged)
{
	apply_open_add(batch, open);
	session_add_script(session, batch, session->options->lock_timeout);
	db_add(batch, "BEGIN", 0);
	*probed = guard_add_before(batch);
	db_add(batch, "COMMIT", 0);
	apply_compose_begin(batch, session, state, job);
	*logged = batch->count - 1;
	if (guard_watches(job->guard))
		guard_add_after(batch, NULL);
}

/*
 * Put on record that it is begun; that is still to be committed, and pending then. The id of its change is in *change,
 * and what tables there were in *start.
 */
static bool
begin(struct session *session, struct state *state, const struct job *wanted, struct apply_open *open, char **change,
	  char **start, struct apply_pending *pending)
{
	struct guard guard = {.consent = wanted->consent};
	struct job	job = *wanted;
	struct db_batch batch = {0};
	char	   *standing = apply_standing(wanted);
	size_t		probed;
	size_t		logged;
	bool		again = true;
	bool		begun = false;

	job.guard = &guard;
	for (int attempt = 1; again; attempt++) {
		const struct db_command *failed;

		db_batch_clear(&batch);
		batch.prepare = apply_prepares(session, &job);
		add_begin(&batch, session, state, &job, open, &probed, &logged);
		failed = apply_run(session, &batch);
		if (!apply_open_settle(session, state, open, &batch, &again))
			continue;
		again = failed && (db_prepared_give_up(session->db, failed) || guard_filled(&guard, &failed->error)
						   || apply_pause(session, wanted, &failed->error, attempt));
		if (failed && !again) {
			session->refused = apply_is_refusal(&failed->error);
			apply_report(session, wanted, &before_first, &failed->error, standing);
		}
		begun = !failed && (!guard_watches(&guard)
							|| apply_passes(session, state, wanted, &guard, &batch, guard_counts(&batch, probed), NULL,
											standing, &again));
	}
	if (begun) {
		*change = mem_string(db_value(&batch.commands[logged], 0, 0));
		*start = mem_string(guard_counts(&batch, probed));
		*pending = (struct apply_pending) {.counts = guard_watches(&guard)
			? mem_string(guard_counts(&batch, batch.count - 1)) : NULL
		};
		state->last_change = db_number(&batch.commands[logged], 0, 0);
	}
	guard_clear(&guard);
	db_batch_clear(&batch);
	mem_free(standing);
	return begun;
}

/* That `done` statements are done. Should a crash of the server take that back, the last of them is run once more. */
static void
add_progress(struct db_batch *batch, const char *change, int done)
{
	db_add(batch, "BEGIN", 0);
	session_add_own(batch);
	db_add(batch, UNHURRIED, 0);
	state_add_progress(batch, change, done);
	db_add(batch, "COMMIT", 0);
}

static char *
not_on_record(const struct job *job, int done)
{
	return mem_format("Statement %d of %zu is done, but that is not on record: the next %s runs it once more; the "
					  "database stays at version %d.", done, job->list.count, job->command, job->step.before);
}

bool
apply_note_progress(struct session *session, const struct state *state, const struct job *job, const char *change,
					int done)
{
	const struct apply_place place = {.doing = "when its progress was to be recorded"};

	for (int attempt = 1;; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed;
		bool		again;
		bool		noted;

		session_add_script(session, &batch, session->options->lock_timeout);
		add_progress(&batch, change, done);
		failed = apply_run(session, &batch);
		again = failed && apply_pause(session, job, &failed->error, attempt);
		if (failed && !again)
			apply_give_up(session, state, job, change, not_on_record(job, done), &place, &failed->error);
		noted = !failed;
		db_batch_clear(&batch);
		if (!again)
			return noted;
	}
}

/* The version's change, its record and the grants, in a transaction, which is left open. */
static bool
end(struct session *session, const struct state *state, const struct job *job, const char *change,
	struct apply_pending *pending)
{
	const struct apply_place place = {.doing = "when its version was to be recorded"};
	struct guard guard = {.consent = job->consent,.start = job->start};
	struct job	guarded = *job;
	char	   *standing = standing_after(job, (int) job->list.count);
	bool		again = true;
	bool		done = false;

	guarded.guard = &guard;
	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {.prepare = apply_prepares(session, job)};
		char	   *before = mem_string(pending->counts);
		size_t		probed = 0;
		const struct db_command *failed;
		bool		went_along;

		apply_pending_add(&batch, pending);
		session_add_script(session, &batch, session->options->lock_timeout);
		if (guard_watches(&guard) && !before) {
			db_add(&batch, "BEGIN", 0);
			probed = guard_add_before(&batch);
			db_add(&batch, "COMMIT", 0);
		}
		apply_compose_end(&batch, session, state, &guarded, change);
		if (guard_watches(&guard))
			guard_add_after(&batch, before);
		failed = apply_run(session, &batch);
		went_along = apply_pending_settle(session, state, job, change, pending, &batch);
		again = failed && went_along && (db_prepared_give_up(session->db, failed) || guard_filled(&guard, &failed->error)
										 || apply_pause(session, job, &failed->error, attempt));
		if (!failed)
			done = !guard_watches(&guard) || apply_passes(session, state, job, &guard, &batch, before ? before
														  : guard_counts(&batch, probed), change, standing, &again);
		else if (went_along && !again)
			apply_give_up(session, state, job, change, mem_string(standing), &place, &failed->error);
		mem_free(before);
		db_batch_clear(&batch);
	}
	guard_clear(&guard);
	mem_free(standing);
	return done;
}

bool
apply_single(struct session *session, struct state *state, const struct job *wanted, struct apply_open *open)
{
	struct job	job = *wanted;
	const char *position;
	char	   *change = NULL;
	char	   *start = NULL;
	struct apply_pending pending = {.statement = -1};
	bool		done;

	job.step.done = apply_resume_at(state, &job);
	position = apply_resume_position(state, &job);
	if (position)
		report_note("%s goes on at key %s of statement %d of %zu", job.title, position, job.step.done + 1,
					job.list.count);
	else if (job.step.done > 0)
		report_note("%s goes on behind statement %d of %zu", job.title, job.step.done, job.list.count);
	done = begin(session, state, &job, open, &change, &start, &pending);
	job.start = start;
	for (int i = job.step.done; done && (size_t) i < job.list.count; i++) {
		bool		batched = job.list.statements[i].batch.table != NULL;

		if (batched || signals_stop())
			done = apply_pending_commit(session, state, &job, change, &pending);
		if (done && signals_stop()) {
			apply_give_up(session, state, &job, change, standing_after(&job, i), &(struct apply_place) {0},
						  &apply_stopped);
			done = false;
		} else if (done && batched)
			done = batch_run(session, state, &job, change, i, i == job.step.done ? position : NULL)
				&& apply_note_progress(session, state, &job, change, i + 1);
		else if (done)
			done = apply_statement(session, state, &job, change, i, &pending);
	}
	done = done && end(session, state, &job, change, &pending);
	mem_free(pending.counts);
	if (done) {
		char	   *standing = standing_after(&job, (int) job.list.count);

		apply_open_leave(open, wanted, change, NULL, standing);
		mem_free(standing);
	}
	mem_free(change);
	mem_free(start);
	return done;
}
