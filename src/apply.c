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

	db_add(batch, "BEGIN", 0);
	lock_add_check(batch, session);
	layout->script = batch->count;
	add_list(batch, &job->list);
	session_add_record(session, batch);
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
	if (index < layout->script + job->list.count) {
		if (job->source)
			return (struct apply_place) {.source = job->source,
				.offset = job->list.statements[index - layout->script].offset
			};
		return (struct apply_place) {.doing = "in the statements on record"};
	}
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
	}
	return failed;
}

bool
apply_pause(struct session *session, const struct job *job, const struct db_error *error, int attempt)
{
	unsigned	random = 0;
	int			pause;

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

	/* Without a record there is no log, but what is in single statements has begun one. */
	if (error->lost || (job->list.transactional && !state->recorded))
		goto done;
	change.error = stopped ? stopped : error->message;
	/* The script that failed may have changed the session for good before. */
	session_add_script(session, &batch, session->options->lock_timeout);
	session_add_own(&batch);
	if (job->list.transactional)
		state_add_change(&batch, &change);
	else
		state_add_end(&batch, id, "failed", change.error);
	if (!db_run(session->db, &batch))
		report_warning("the failure could not be logged: %s", db_failed(&batch)->error.message);
done:
	db_batch_clear(&batch);
	mem_free(stopped);
}

/* What came of looking at what is gone, before the commit. */
enum guard_verdict {
	GUARD_PASSED,
	GUARD_NOTHING_HELD,			/* what is gone held nothing: to be run again, now without looking */
	GUARD_REFUSED				/* reported */
};

/* The transaction is open still; but for GUARD_PASSED it is rolled back. */
static enum guard_verdict
look_before_commit(struct session *session, const struct state *state, const struct job *job, const char *before,
				   const char *standing)
{
	struct guard_loss loss;
	struct db_batch rollback = {0};
	enum guard_verdict verdict = GUARD_REFUSED;
	bool		looked = guard_after(session, before, &loss);

	if (looked && loss.count == 0)
		return GUARD_PASSED;
	db_add(&rollback, "ROLLBACK", 0);
	db_run(session->db, &rollback);
	db_batch_clear(&rollback);
	if (!looked)
		report_detail("%s", standing);
	else if (guard_report(session, &loss, job->title, standing)) {
		struct db_error refusal = {.message = mem_string("it would destroy data")};

		apply_log_failure(session, state, job, NULL, &refusal);
		mem_free(refusal.message);
	} else
		verdict = GUARD_NOTHING_HELD;
	guard_loss_clear(&loss);
	return verdict;
}

/* Is what was run to be committed, or has it destroyed something? Then it is rolled back, and perhaps run again. */
static bool
passes_guard(struct session *session, const struct state *state, const struct job *job, char **before,
			 const char *standing, bool *again)
{
	enum guard_verdict verdict = *before ? look_before_commit(session, state, job, *before, standing) : GUARD_PASSED;

	*again = verdict == GUARD_NOTHING_HELD;
	if (*again) {
		mem_free(*before);
		*before = NULL;
	}
	return verdict == GUARD_PASSED;
}

/* Does the script say that nothing is prepared any more? What a function does is not seen; then it is run twice. */
static bool
deallocates(const struct job *job)
{
	for (size_t i = 0; i < job->list.count; i++)
		if (strcasestr(job->list.statements[i].text, "deallocate"))
			return true;
	return false;
}

bool
apply_transaction(struct session *session, struct state *state, const struct job *job, struct apply_open *open)
{
	bool		prepare = session->prepares && !deallocates(job);
	char	   *standing = apply_standing(job);
	char	   *before = job->guard ? guard_before(session, job->guard) : NULL;
	bool		done = false;
	bool		again = before || !job->guard;

	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {.prepare = prepare};
		struct apply_layout layout;
		const struct db_command *failed;

		apply_open_add(&batch, open);
		session_add_script(session, &batch, session->options->lock_timeout);
		apply_compose(&batch, session, state, job, &layout);
		failed = apply_run(session, &batch);
		if (!apply_open_settle(session, state, open, &batch, &again)) {
			db_batch_clear(&batch);
			continue;
		}
		if (failed && db_prepared_give_up(session->db, failed)) {
			again = true;
			attempt--;
		} else
			again = failed && apply_pause(session, job, &failed->error, attempt);
		if (failed && !again) {
			struct apply_place place = place_of(&batch, failed, job, &layout);

			apply_report(session, job, &place, &failed->error, standing);
			apply_log_failure(session, state, job, NULL, &failed->error);
		} else if (!failed && passes_guard(session, state, job, &before, standing, &again)) {
			const struct db_command *logged = &batch.commands[batch.count - 1];

			apply_open_leave(open, job, db_value(logged, 0, 0), db_value(logged, 0, 1), standing);
			state->last_change = db_number(logged, 0, 0);
			done = true;
		}
		db_batch_clear(&batch);
	}
	mem_free(before);
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
