/* One statement of a migration in single statements: in a transaction of its own, or, where it must be, in none. */
#include <string.h>

#include "apply_private.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "retry.h"
#include "untrusted.h"

#include "banned.h"

/* Is the lock still ours, is there anything to tidy up? What the batch has is run only where that must be known. */
static const struct db_command *
look_before_statement(struct session *session, struct db_batch *batch, const struct sql_statement *statement)
{
	const struct db_command *failed;
	const struct db_command *found;

	lock_add_check(batch, session);
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX, 1, statement->index);
	else if (!session->pooled)
		return NULL;
	failed = apply_run(session, batch);
	if (failed)
		return failed;
	found = &batch->commands[batch->count - 1];
	if (statement->index && db_lines(found) == 1 && !db_truth(found, 0, 0)) {
		char	   *drop = mem_format("DROP INDEX CONCURRENTLY IF EXISTS %s", statement->index);

		report_note("index %s was left half-built; it is dropped and built again", statement->index);
		db_batch_clear(batch);
		db_add(batch, drop, 0);
		mem_free(drop);
		failed = apply_run(session, batch);
		if (failed)
			return failed;
	}
	db_batch_clear(batch);
	return NULL;
}

/* One try at a statement that cannot be in a transaction. NULL: done; else the command of the batch that failed. */
static const struct db_command *
try_alone(struct session *session, struct db_batch *batch, const struct sql_statement *statement, const char *title)
{
	const struct session_options *options = session->options;
	/* What is done concurrently waits without holding anybody up, and should not begin all over again. */
	int			timeout = statement->concurrent ? retry_patience(options->lock_retries, options->lock_timeout)
		: options->lock_timeout;
	const struct db_command *failed;

	session_add_script(session, batch, timeout);
	untrusted_add_alone(batch, session, statement);
	failed = look_before_statement(session, batch, statement);
	if (failed)
		return failed;
	db_add_text(batch, statement->text, strlen(statement->text))->apart = true;
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX " AND i.indisvalid", 1, statement->index)->unless_one = "the index is not valid";
	return apply_run_building(session, batch, statement->index ? title : NULL);
}

/* The commit of what was pending has failed. */
static void
report_uncommitted(struct session *session, const struct state *state, const struct job *job, const char *change,
				   int statement, const struct db_error *error)
{
	static const struct apply_place place = {.doing = "at the commit of a statement"};

	if (statement == 0)
		apply_report_not_begun(session, job, error);
	else
		apply_give_up(session, state, job, change, error->lost
					  ? mem_format("Whether statement %d of %zu is done is not known; the database stays at version"
								   " %d, and the next %s goes on from there.", statement, job->list.count,
								   job->step.before, job->command)
					  : apply_standing_after(job, statement - 1, NULL, false), &place, error);
}

void
apply_pending_add(struct db_batch *batch, const struct apply_pending *pending)
{
	if (pending->statement >= 0)
		db_add(batch, "COMMIT", 0)->firm = true;
}

bool
apply_pending_settle(struct session *session, const struct state *state, const struct job *job, const char *change,
					 struct apply_pending *pending, const struct db_batch *batch)
{
	bool		settled = pending->statement < 0 || batch->commands[0].outcome == DB_DONE;

	session->committed = session->committed || (pending->statement >= 0 && (settled || db_failed(batch)->error.lost));
	if (!settled)
		report_uncommitted(session, state, job, change, pending->statement, &db_failed(batch)->error);
	mem_free(pending->counts);
	*pending = (struct apply_pending) {.statement = -1};
	return settled;
}

bool
apply_pending_commit(struct session *session, const struct state *state, const struct job *job, const char *change,
					 struct apply_pending *pending)
{
	struct db_batch batch = {0};
	bool		committed;

	apply_pending_add(&batch, pending);
	db_run(session->db, &batch);
	committed = apply_pending_settle(session, state, job, change, pending, &batch);
	db_batch_clear(&batch);
	return committed;
}

/* A statement that is being run. */
struct running {
	struct session *session;
	const struct state *state;
	const struct job *job;
	const char *change;
	int			number;
	struct apply_pending *pending;
};

static void
give_up(const struct running *it, const struct db_error *error)
{
	struct apply_place place = apply_place_of(it->job, it->number);

	apply_give_up(it->session, it->state, it->job, it->change,
				  apply_standing_after(it->job, it->number, NULL, false), &place, error);
}

static bool
run_alone(const struct running *it)
{
	const struct sql_statement *statement = &it->job->list.statements[it->number];

	for (int attempt = 1;; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed = try_alone(it->session, &batch, statement, it->job->title);
		bool		again = failed && apply_pause(it->session, it->job, &failed->error, attempt);
		bool		done = !failed;

		if (failed && !again)
			give_up(it, &failed->error);
		db_batch_clear(&batch);
		if (!again)
			return done && apply_note_progress(it->session, it->state, it->job, it->change, it->number + 1);
	}
}

/*
 * It commits by itself, so that nothing can be taken back. Unless somebody has agreed to lose anything, it must be one
 * whose words say that it destroys nothing, and no code that commits or that calls anything.
 */
static bool
run_unchecked(const struct running *it, const struct db_error *why)
{
	const struct sql_statement *statement = &it->job->list.statements[it->number];
	const struct consent *consent = it->job->consent;
	struct db_error refusal;

	if ((consent && consent->all) || (statement->risk == RISK_NONE && !risk_is_code(statement->text)))
		return run_alone(it);
	refusal = (struct db_error) {
		.message = mem_format("it commits by itself, so that what it destroys cannot be taken back%s%s%s",
							  why ? " (" : "", why ? why->message : "", why ? ")" : ""),
		.hint = mem_string("Give --yes to run it nevertheless.")
	};
	give_up(it, &refusal);
	mem_free(refusal.message);
	mem_free(refusal.hint);
	return false;
}

/*
 * One try at a statement that can be in a transaction, which is left open, and records it as done. `before` as in
 * guard_add_after; where it is NULL, *probed is the place of guard_add_before.
 */
static const struct db_command *
try_in_transaction(const struct running *it, struct db_batch *batch, const struct guard *guard, const char *before,
				   size_t *probed)
{
	bool		watched = guard_watches(guard);
	const struct sql_statement *statement = &it->job->list.statements[it->number];

	apply_pending_add(batch, it->pending);
	session_add_script(it->session, batch, it->session->options->lock_timeout);
	/* Whatever the database's default is: a look must see what others have committed. */
	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_add_check(batch, it->session);
	untrusted_add(batch, it->session, statement, 1);
	guard_add_empty(batch, guard);
	if (watched && !before)
		*probed = guard_add_before(batch);
	db_add_text(batch, statement->text, strlen(statement->text));
	session_add_record(it->session, batch);
	db_add(batch, APPLY_DEFERRED, 0);
	state_add_progress(batch, it->change, it->number + 1);
	if (watched)
		guard_add_after(batch, before);
	return apply_run(it->session, batch);
}

/* Is this the error of what cannot be in a transaction, or ends one? active_sql_transaction, invalid_transaction_... */
static bool
needs_none(const struct db_error *error)
{
	return db_is(error, "25001") || db_is(error, "2D000");
}

/* It was run, and nothing failed: is it pending now? */
static bool
passes(const struct running *it, struct guard *guard, const struct db_batch *batch, const char *before, bool *again)
{
	char	   *standing = apply_standing_after(it->job, it->number, NULL, false);
	bool		watched = guard_watches(guard);
	bool		passed = !watched || apply_passes(it->session, it->state, it->job, guard, batch, before, it->change,
												  standing, again);

	if (passed)
		*it->pending = (struct apply_pending) {.statement = it->number + 1,
			.counts = watched ? mem_string(guard_counts(batch, batch->count - 1)) : NULL
		};
	mem_free(standing);
	return passed;
}

/* Run it in a transaction, where it can be in one, and see that it destroys nothing that was not agreed to. */
static bool
run_checked(const struct running *it)
{
	struct guard guard = {.consent = it->job->consent,.start = it->job->start};
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {.prepare = apply_prepares(it->session, it->job)};
		char	   *before = mem_string(it->pending->counts);
		size_t		probed = 0;
		const struct db_command *failed = try_in_transaction(it, &batch, &guard, before, &probed);
		bool		went_along = apply_pending_settle(it->session, it->state, it->job, it->change, it->pending,
													  &batch);

		again = false;
		if (!failed) {
			done = passes(it, &guard, &batch, before ? before : guard_counts(&batch, probed), &again);
			attempt -= again;
		} else if (went_along && (db_prepared_give_up(it->session->db, failed)
								  || guard_filled(&guard, &failed->error))) {
			again = true;
			attempt--;
		} else if (went_along && needs_none(&failed->error))
			done = run_unchecked(it, &failed->error);
		else if (went_along) {
			again = apply_pause(it->session, it->job, &failed->error, attempt);
			if (!again)
				give_up(it, &failed->error);
		}
		mem_free(before);
		db_batch_clear(&batch);
	}
	guard_clear(&guard);
	return done;
}

bool
apply_statement(struct session *session, const struct state *state, const struct job *job, const char *change,
				int number, struct apply_pending *pending)
{
	struct running running = {.session = session,.state = state,.job = job,.change = change,.number = number,
		.pending = pending
	};

	if (job->list.statements[number].concurrent)
		return apply_pending_commit(session, state, job, change, pending) && run_unchecked(&running, NULL);
	return run_checked(&running);
}
