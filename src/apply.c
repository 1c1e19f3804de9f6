/* One migration in one transaction, and what it shares with one in single statements. */
#include "apply.h"

#include <string.h>
#include <sys/random.h>

#include "apply_private.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "retry.h"
#include "signals.h"
#include "untrusted.h"

#include "banned.h"

static void
add_list(struct db_batch *batch, const struct sql_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		db_add_text(batch, list->statements[i].text, strlen(list->statements[i].text));
}

void
apply_add_grants(struct db_batch *batch)
{
	struct sql_list grants;

	if (!history.grants)
		return;
	grants = sql_list_of_section(&history.grants->source, &history.grants->body);
	add_list(batch, &grants);
	sql_list_clear(&grants);
}

void
apply_add_outcome(struct db_batch *batch, const struct state *state, const struct job *job)
{
	const struct step *step = &job->step;
	char		chain[CHECKSUM_SIZE];

	state_add_version(batch, state, step->before, step->after);
	if (job->migration)
		state_add_record(batch, state, job->migration, true);
	else
		state_add_forget(batch, step->version, job->whole);

	if (job->whole)
		state_add_standing(batch, step->after, history_chain(step->after));
	else if (job->migration) {
		state_next_chain(state, job->migration, chain);
		state_add_standing(batch, step->after, chain);
	} else
		state_add_standing(batch, step->after, state_chain(state, step->after, chain) ? chain : NULL);
}

void
apply_compose(struct db_batch *batch, const struct session *session, const struct state *state, const struct job *job,
			  struct apply_layout *layout)
{
	struct change change = {.last = state->last_change,.command = job->command,.before = job->step.before,
		.after = job->step.after,.state = "done",.statement = -1
	};
	bool		applied = job->step.before < 0 && job->list.count > 0;
	bool		restate = job->whole && job->list.count == 0;

	/* Whatever the database's default is: each look must see what others have committed. */
	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_add_check(batch, session);
	untrusted_add(batch, session, job->list.statements, job->list.count);
	if (job->guard)
		guard_add_empty(batch, job->guard);
	layout->script = batch->count;
	for (size_t i = 0; i < job->list.count; i++) {
		const struct sql_statement *statement = &job->list.statements[i];

		db_add_text(batch, statement->text, strlen(statement->text));
		untrusted_add_after(batch, session, statement, &job->list);
	}
	layout->after = batch->count;
	session_add_record(session, batch);
	layout->deferred = batch->count;
	db_add(batch, APPLY_DEFERRED, 0);
	state_add_tables(batch, session, state);
	layout->grants = batch->count;
	/* Without a statement there is nothing new to grant on. */
	if (job->list.count > 0)
		apply_add_grants(batch);
	layout->record = batch->count;
	state_add_history(batch, state, job->whole ? job->step.after : job->step.before, applied, restate);
	apply_add_outcome(batch, state, job);
	if (state->partial.there)
		state_add_end(batch, state->partial_change, "interrupted", NULL);
	state_add_change(batch, &change);
}

/* The place that the failed command of a batch that apply_compose made comes from. */
static struct apply_place
place_of(const struct db_batch *batch, const struct db_command *failed, const struct job *job,
		 const struct apply_layout *layout)
{
	size_t		index = (size_t) (failed - batch->commands);

	if (index < layout->script)
		return (struct apply_place) {.doing = "before it began"};
	if (index < layout->after) {
		size_t		number = 0;

		for (size_t i = layout->script + 1; i <= index; i++)
			number += !batch->commands[i].aside;
		if (job->source)
			return (struct apply_place) {.source = job->source,.offset = job->list.statements[number].offset};
		return (struct apply_place) {.doing = "in the statements on record"};
	}
	if (index == layout->deferred)
		return (struct apply_place) {.doing = "when deferred constraints were checked"};
	if (index >= layout->grants && index < layout->record)
		return (struct apply_place) {.source = &history.grants->source,
			.offset = history.grants->body.statements[index - layout->grants].offset
		};
	return (struct apply_place) {.doing = "when its version was to be recorded"};
}

const struct db_command *
apply_run(struct session *session, struct db_batch *batch)
{
	return apply_run_building(session, batch, NULL);
}

const struct db_command *
apply_run_building(struct session *session, struct db_batch *batch, const char *building)
{
	struct lock_watch watch;
	const struct db_command *failed;

	lock_watch_start(&watch, session, building);
	db_interruptible(session->db, true);
	db_run(session->db, batch);
	db_interruptible(session->db, false);
	lock_watch_end(&watch);

	failed = db_failed(batch);
	if (failed && !failed->error.lost) {
		struct db_batch rollback = {0};

		db_add(&rollback, "ROLLBACK", 0);
		db_run(session->db, &rollback);
		db_batch_clear(&rollback);
		untrusted_explain(&batch->commands[failed - batch->commands]);
	}
	return failed;
}

bool
apply_pause(struct session *session, const struct job *job, const struct db_error *error, int attempt)
{
	unsigned	random = 0;
	int			pause;

	if (untrusted_again(session, error))
		return true;
	/* lock_not_available, deadlock_detected */
	if (error->lost || (!db_is(error, "55P03") && !db_is(error, "40P01")))
		return false;
	if (signals_stop() || attempt > session->options->lock_retries)
		return false;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = 0;
	pause = retry_pause(attempt, random);
	report_note("%s: %s; rolled back, trying again in %.1f s (%d of %d)", job->title, error->message, pause / 1000.0,
				attempt, session->options->lock_retries);
	signals_pause(pause);
	return !signals_stop();
}

void
apply_log_failure(struct session *session, const struct state *state, const struct job *job, const char *id,
				  const struct db_error *error)
{
	struct change change = {.command = job->command,.before = job->step.before,.after = job->step.after,
		.state = "failed",.statement = -1
	};
	struct db_batch batch = {0};
	char	   *stopped = apply_is_stop(error) ? mem_format("stopped by %s", signals_stop()) : NULL;

	session->refused = apply_is_refusal(error);
	/* Without a record there is no log, but what is in single statements has begun one, unless it is not begun. */
	if (error->lost || (job->list.transactional ? !state->recorded : !id))
		goto done;
	change.error = stopped ? stopped : error->message;
	/* The script that failed may have changed the session for good before. */
	session_add_script(session, &batch, session->options->lock_timeout);
	db_add(&batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	untrusted_add_record(&batch, session);
	if (job->list.transactional)
		state_add_change(&batch, &change);
	else
		state_add_end(&batch, id, "failed", change.error);
	db_add(&batch, "COMMIT", 0);
	if (!db_run(session->db, &batch)) {
		untrusted_explain(&batch.commands[db_failed(&batch) - batch.commands]);
		report_warning("the failure could not be logged: %s", db_failed(&batch)->error.message);
	}
done:
	db_batch_clear(&batch);
	mem_free(stopped);
}

bool
apply_moves(const struct job *job)
{
	bool		updates = false;

	for (size_t i = 0; i < job->list.count; i++) {
		updates = updates || risk_updates(job->list.statements[i].text);
		if (risk_deletes(job->list.statements[i].text))
			return false;
	}
	return updates;
}

bool
apply_passes(struct session *session, const struct state *state, const struct job *job, struct guard *guard,
			 const struct db_batch *batch, const char *before, const char *change, const char *standing, bool *again)
{
	enum guard_verdict verdict = guard_check(guard, session, batch, before, apply_moves(job), job->title);

	*again = verdict == GUARD_AGAIN;
	if (verdict == GUARD_REFUSED) {
		struct db_error refusal = {.message = mem_string("it would destroy data")};

		report_detail("%s", standing);
		report_hint("If it may be lost, give --yes.");
		apply_log_failure(session, state, job, change, &refusal);
		mem_free(refusal.message);
	}
	return verdict == GUARD_PASSED;
}

bool
apply_prepares(const struct session *session, const struct job *job)
{
	/* What a function deallocates is not seen; then it is run twice. The other are the names that would be used. */
	for (size_t i = 0; i < job->list.count; i++)
		if (strcasestr(job->list.statements[i].text, "deallocate")
			|| strcasestr(job->list.statements[i].text, "prepare fitsdb_schema_"))
			return false;
	return session->prepares;
}

/* A transaction that is being tried. */
struct try {
	struct db_batch batch;
	struct apply_layout layout;
	size_t		logged;			/* where its change is logged */
	char	   *before;			/* what the tables were before, as far as that is known */
	size_t		probed;			/* where that is asked, if it is not */
};

static void
compose(struct try *try, struct session *session, const struct state *state, const struct job *job, bool watched,
		const struct apply_open *open)
{
	struct db_batch *batch = &try->batch;

	/* While what is open goes along with it, the session is not idle in between, and the counters go on. */
	try->before = mem_string(open->counts);
	apply_open_add(batch, open);
	session_add_script(session, batch, session->options->lock_timeout);
	if (watched && !try->before) {
		db_add(batch, "BEGIN", 0);
		try->probed = guard_add_before(batch);
		db_add(batch, "COMMIT", 0);
	}
	apply_compose(batch, session, state, job, &try->layout);
	try->logged = batch->count - 1;
	if (watched)
		guard_add_after(batch, try->before);
}

static void
try_clear(struct try *try)
{
	mem_free(try->before);
	db_batch_clear(&try->batch);
	*try = (struct try) {0};
}

/* All of it was run: then it is open, and to be committed. */
static void
leave_open(const struct try *try, struct state *state, const struct job *job, bool watched, const char *standing,
		   struct apply_open *open)
{
	const struct db_command *logged = &try->batch.commands[try->logged];

	apply_open_leave(open, job, db_value(logged, 0, 0), db_value(logged, 0, 1), standing);
	if (watched)
		open->counts = mem_string(guard_counts(&try->batch, try->batch.count - 1));
	state->last_change = db_number(logged, 0, 0);
}

bool
apply_transaction(struct session *session, struct state *state, const struct job *job, struct apply_open *open)
{
	bool		prepare = apply_prepares(session, job);
	struct guard guard = {.consent = job->consent};
	struct job	guarded = *job;
	/* A stamp only says what is there. */
	bool		watched = guard_watches(&guard) && (job->list.count > 0 || !job->whole);
	char	   *standing = apply_standing(job);
	bool		done = false;
	bool		again = true;

	for (int attempt = 1; again; attempt++) {
		struct try	try = {.batch = {.prepare = prepare}};
		const struct db_command *failed;

		guarded.guard = &guard;
		compose(&try, session, state, &guarded, watched, open);
		failed = apply_run(session, &try.batch);
		if (!apply_open_settle(session, state, open, &try.batch, &again)) {
			try_clear(&try);
			continue;
		}
		if (failed && (db_prepared_give_up(session->db, failed) || guard_filled(&guard, &failed->error))) {
			again = true;
			attempt--;
		} else
			again = failed && apply_pause(session, job, &failed->error, attempt);
		if (failed && !again) {
			struct apply_place place = place_of(&try.batch, failed, job, &try.layout);

			apply_report(session, job, &place, &failed->error, standing);
			apply_log_failure(session, state, job, NULL, &failed->error);
		} else if (!failed && (!watched || apply_passes(session, state, job, &guard, &try.batch, try.before ? try.before
														: guard_counts(&try.batch, try.probed), NULL, standing,
														&again))) {
			leave_open(&try, state, job, watched, standing, open);
			done = true;
		} else if (!failed)
			attempt--;
		try_clear(&try);
	}
	guard_clear(&guard);
	mem_free(standing);
	return done;
}

void
apply_moved(struct state *state, const struct job *job)
{
	bool		known = job->step.up && job->step.after <= history.latest;

	state_moved(state, job->step.after, known ? history_migration(job->step.after) : NULL);
}

bool
apply_job_open(struct session *session, struct state *state, const struct job *job, struct apply_open *open)
{
	bool		done = job->list.transactional ? apply_transaction(session, state, job, open)
		: apply_single(session, state, job, open);

	if (done)
		apply_moved(state, job);
	return done;
}

bool
apply_job(struct session *session, struct state *state, const struct job *job)
{
	struct apply_open open = {0};

	return apply_job_open(session, state, job, &open) && apply_close(session, state, &open);
}
