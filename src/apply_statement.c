/* One statement of a migration in single statements: in a transaction of its own, or, where it must be, in none. */
#include <string.h>

#include "apply_private.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "retry.h"
#include "untrusted.h"

#include "banned.h"

/* Run a batch which, where that was still to be committed, commits first that the job is begun. */
static const struct db_command *
run_behind(struct session *session, struct db_batch *batch, const char *building, bool *begun)
{
	const struct db_command *failed = apply_run_building(session, batch, building);

	*begun = *begun || batch->commands[0].outcome == DB_DONE;
	return failed;
}

/* Is the lock still ours, is there anything to tidy up? What the batch has is run only where that must be known. */
static const struct db_command *
look_before_statement(struct session *session, struct db_batch *batch, const struct sql_statement *statement,
					  bool *begun)
{
	const struct db_command *failed;
	const struct db_command *found;

	lock_add_check(batch, session);
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX, 1, statement->index);
	else if (!session->pooled)
		return NULL;
	failed = run_behind(session, batch, NULL, begun);
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
try_alone(struct session *session, struct db_batch *batch, const struct sql_statement *statement, const char *title,
		  bool *begun)
{
	const struct session_options *options = session->options;
	/* What is done concurrently waits without holding anybody up, and should not begin all over again. */
	int			timeout = statement->concurrent ? retry_patience(options->lock_retries, options->lock_timeout)
		: options->lock_timeout;
	const struct db_command *failed;

	if (!*begun)
		db_add(batch, "COMMIT", 0)->firm = true;
	session_add_script(session, batch, timeout);
	untrusted_add_alone(batch, session, statement);
	failed = look_before_statement(session, batch, statement, begun);
	if (failed)
		return failed;
	db_add_text(batch, statement->text, strlen(statement->text))->apart = true;
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX " AND i.indisvalid", 1, statement->index)->unless_one = "the index is not valid";
	return run_behind(session, batch, statement->index ? title : NULL, begun);
}

/* A statement that is being run. */
struct running {
	struct session *session;
	const struct state *state;
	const struct job *job;
	const char *change;
	int			number;
	bool	   *begun;
};

static void
give_up(const struct running *it, const struct db_error *error)
{
	struct apply_place place = apply_place_of(it->job, it->number);

	if (!*it->begun)
		apply_report_not_begun(it->session, it->job, error);
	else
		apply_give_up(it->session, it->state, it->job, it->change,
					  apply_standing_after(it->job, it->number, NULL, false), &place, error);
}

static bool
run_alone(const struct running *it)
{
	const struct sql_statement *statement = &it->job->list.statements[it->number];

	for (int attempt = 1;; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed = try_alone(it->session, &batch, statement, it->job->title, it->begun);
		bool		again = failed && *it->begun && apply_pause(it->session, it->job, &failed->error, attempt);
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

/* The same for one that can: its transaction, with its progress, is left open. *before: the place of the probe. */
static const struct db_command *
try_in_transaction(const struct running *it, struct db_batch *batch, size_t *before)
{
	const struct sql_statement *statement = &it->job->list.statements[it->number];

	if (!*it->begun)
		db_add(batch, "COMMIT", 0)->firm = true;
	session_add_script(it->session, batch, it->session->options->lock_timeout);
	db_add(batch, "BEGIN", 0);
	lock_add_check(batch, it->session);
	if (before)
		*before = guard_add_before(batch);
	db_add_text(batch, statement->text, strlen(statement->text));
	session_add_record(it->session, batch);
	db_add(batch, APPLY_DEFERRED, 0);
	state_add_progress(batch, it->change, it->number + 1);
	if (before)
		guard_add_after(batch, NULL);
	return run_behind(it->session, batch, NULL, it->begun);
}

/* Commit the transaction of a statement that was checked. */
static bool
commit_statement(const struct running *it)
{
	struct apply_place place = {.doing = "at the commit of a statement"};
	struct db_batch batch = {0};
	bool		committed;

	db_add(&batch, "COMMIT", 0)->firm = true;
	committed = db_run(it->session->db, &batch);
	if (!committed) {
		const struct db_error *error = &db_failed(&batch)->error;

		apply_give_up(it->session, it->state, it->job, it->change, error->lost
					  ? mem_format("Whether statement %d of %zu is done is not known; the database stays at version"
								   " %d, and the next %s goes on from there.", it->number + 1, it->job->list.count,
								   it->job->step.before, it->job->command)
					  : apply_standing_after(it->job, it->number, NULL, false), &place, error);
	}
	db_batch_clear(&batch);
	return committed;
}

/* Is this the error of what cannot be in a transaction, or ends one? active_sql_transaction, invalid_transaction_... */
static bool
needs_none(const struct db_error *error)
{
	return db_is(error, "25001") || db_is(error, "2D000");
}

/* Run it in a transaction, where it can be in one, and see that it destroys nothing that was not agreed to. */
static bool
run_checked(const struct running *it)
{
	struct guard guard = {.consent = it->job->consent,.start = it->job->start};
	bool		watched = guard_watches(&guard);
	char	   *standing = apply_standing_after(it->job, it->number, NULL, false);
	bool		again = true;
	bool		done = false;

	for (int attempt = 1; again; attempt++) {
		struct db_batch batch = {0};
		size_t		before = 0;
		const struct db_command *failed = try_in_transaction(it, &batch, watched ? &before : NULL);

		again = failed && *it->begun && apply_pause(it->session, it->job, &failed->error, attempt);
		if (failed && *it->begun && needs_none(&failed->error))
			done = run_unchecked(it, &failed->error);
		else if (failed && !again)
			give_up(it, &failed->error);
		else if (!failed && (!watched || apply_passes(it->session, it->state, it->job, &guard, &batch,
													  guard_counts(&batch, before), it->change, standing, &again)))
			done = commit_statement(it);
		else if (!failed)
			attempt--;
		db_batch_clear(&batch);
	}
	mem_free(standing);
	guard_clear(&guard);
	return done;
}

bool
apply_statement(struct session *session, const struct state *state, const struct job *job, const char *change,
				int number, bool *begun)
{
	struct running running = {.session = session,.state = state,.job = job,.change = change,.number = number,
		.begun = begun
	};

	if (job->list.statements[number].concurrent)
		return run_unchecked(&running, NULL);
	return run_checked(&running);
}
