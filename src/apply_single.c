/* One migration in single statements: each commits by itself, and how far it got is on record. */
#include <string.h>

#include "apply_private.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "retry.h"
#include "signals.h"

#include "banned.h"

void
apply_compose_begin(struct db_batch *batch, const struct state *state, const struct job *job)
{
	struct change change = {.command = job->command,.before = job->step.before,.after = job->step.after,
		.state = "running",.statement = job->step.done
	};

	db_add(batch, "BEGIN", 0);
	session_add_own(batch, true);
	state_add_missing(batch, state, job->step.before, false);

	/* On record from the start, so that any build can undo it if it stops half-way. */
	if (job->migration)
		state_add_record(batch, state, job->migration, false);
	if (state->partial.there)
		state_add_end(batch, state->partial_change, "interrupted", NULL);
	state_add_change(batch, &change);
}

void
apply_compose_end(struct db_batch *batch, const struct state *state, const struct job *job, const char *change)
{
	db_add(batch, "BEGIN", 0);
	apply_add_grants(batch);
	session_add_own(batch, true);
	apply_add_outcome(batch, state, job);
	state_add_end(batch, change, "done", NULL);
}

int
apply_resume_at(const struct state *state, const struct job *job)
{
	const struct state_migration *row = state_find(state, job->step.version);

	if (job->step.done == 0 || (size_t) job->step.done > job->list.count)
		return 0;
	if (job->migration && (!row || strcmp(row->checksum, job->source->checksum) != 0))
		return 0;
	return job->step.done;
}

static char *
standing_after(const struct job *job, int done)
{
	return mem_format("%d of its %zu statements are done and stay so; the database stays at version %d, and the next "
					  "%s goes on from there.", done, job->list.count, job->step.before, job->command);
}

static struct apply_place
place_of(const struct job *job, int statement)
{
	if (!job->source)
		return (struct apply_place) {.doing = "in the statements on record"};
	return (struct apply_place) {.source = job->source,.offset = job->list.statements[statement].offset};
}

/* Report a failure, and mark the change as failed, as far as the connection allows. */
static void
give_up(struct session *session, const struct job *job, const char *change, int done, const struct apply_place *place,
		const struct db_error *error)
{
	struct db_batch batch = {0};
	char	   *standing = change ? standing_after(job, done) : apply_standing(job);

	apply_report(job, place, error, standing);
	if (!error->lost && change) {
		session_add_script(session, &batch, session->options->lock_timeout);
		session_add_own(&batch, false);
		state_add_end(&batch, change, "failed", error->message);
		if (!db_run(session->db, &batch))
			report_warning("the failure could not be logged: %s", db_failed(&batch)->error.message);
	}
	db_batch_clear(&batch);
	mem_free(standing);
}

/* Run the batch, with everything around that a batch which may wait needs. */
static const struct db_command *
run_watched(struct session *session, struct db_batch *batch)
{
	struct lock_watch watch;

	lock_watch_start(&watch, session);
	db_interruptible(session->db, true);
	db_run(session->db, batch);
	db_interruptible(session->db, false);
	lock_watch_end(&watch);
	return db_failed(batch);
}

/* Run a transaction of our own up to before its COMMIT, again and again while locks are in the way. */
static bool
run_transaction(struct session *session, struct db_batch *batch, const struct job *job, const char *change)
{
	for (int attempt = 1;; attempt++) {
		const struct db_command *failed = run_watched(session, batch);
		struct db_batch rollback = {0};

		if (!failed)
			return true;
		db_add(&rollback, "ROLLBACK", 0);
		if (!failed->error.lost)
			db_run(session->db, &rollback);
		db_batch_clear(&rollback);
		if (!apply_pause(session, job, &failed->error, attempt)) {
			give_up(session, job, change, change ? (int) job->list.count : 0,
					&(struct apply_place) {.doing = "when its state was to be recorded"}, &failed->error);
			return false;
		}
		db_batch_forget(batch);
	}
}

static bool
begin(struct session *session, const struct state *state, const struct job *job, char **change)
{
	struct db_batch batch = {0};
	bool		begun;

	session_add_script(session, &batch, session->options->lock_timeout);
	apply_compose_begin(&batch, state, job);
	begun = run_transaction(session, &batch, job, NULL);
	if (begun) {
		*change = mem_string(db_value(&batch.commands[batch.count - 1], 0, 0));
		db_batch_clear(&batch);
		db_add(&batch, "COMMIT", 0);
		begun = db_run(session->db, &batch);
		if (!begun)
			give_up(session, job, NULL, 0, &(struct apply_place) {.doing = "before its first statement"},
					&db_failed(&batch)->error);
	}
	db_batch_clear(&batch);
	return begun;
}

/*
 * One try at a statement: drop what an interrupted try has left of its index, run it, and see that the index is valid.
 * IF NOT EXISTS skips an invalid one, so it has to be looked at either way. NULL: done; else the command that failed,
 * in the batch.
 */
static const struct db_command *
try_statement(struct session *session, struct db_batch *batch, const struct sql_statement *statement)
{
	const struct session_options *options = session->options;
	/* What is done concurrently waits without holding anybody up, and should not begin all over again. */
	int			timeout = statement->concurrent ? retry_patience(options->lock_retries, options->lock_timeout)
		: options->lock_timeout;
	const struct db_command *failed;

	session_add_script(session, batch, timeout);
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX, 1, statement->index);
	failed = run_watched(session, batch);
	if (failed)
		return failed;
	if (statement->index) {
		const struct db_command *found = &batch->commands[batch->count - 1];

		if (db_lines(found) == 1 && !db_truth(found, 0, 0)) {
			char	   *drop = mem_format("DROP INDEX CONCURRENTLY IF EXISTS %s", statement->index);

			report_note("index %s was left half-built; it is dropped and built again", statement->index);
			db_batch_clear(batch);
			db_add(batch, drop, 0);
			mem_free(drop);
			failed = run_watched(session, batch);
			if (failed)
				return failed;
		}
	}
	db_batch_clear(batch);
	db_add_text(batch, statement->text, strlen(statement->text))->apart = true;
	if (statement->index)
		db_add(batch, APPLY_FIND_INDEX " AND i.indisvalid", 1, statement->index)->unless_one = "the index is not valid";
	return run_watched(session, batch);
}

static bool
run_statement(struct session *session, const struct job *job, const char *change, int number)
{
	const struct sql_statement *statement = &job->list.statements[number];
	struct apply_place place = place_of(job, number);

	for (int attempt = 1;; attempt++) {
		struct db_batch batch = {0};
		const struct db_command *failed = try_statement(session, &batch, statement);
		bool		again = failed && apply_pause(session, job, &failed->error, attempt);

		if (failed && !again)
			give_up(session, job, change, number, &place, &failed->error);
		db_batch_clear(&batch);
		if (!again)
			return !failed;
	}
}

static bool
note_progress(struct session *session, const struct job *job, const char *change, int done)
{
	struct db_batch batch = {0};
	bool		noted;

	session_add_script(session, &batch, session->options->lock_timeout);
	session_add_own(&batch, false);
	state_add_progress(&batch, change, done);
	noted = db_run(session->db, &batch);
	if (!noted)
		give_up(session, job, change, done, &(struct apply_place) {.doing = "when its progress was to be recorded"},
				&db_failed(&batch)->error);
	db_batch_clear(&batch);
	return noted;
}

bool
apply_single(struct session *session, struct state *state, const struct job *wanted)
{
	struct job	job = *wanted;
	struct db_batch batch = {0};
	char	   *change = NULL;
	bool		done = false;

	job.step.done = apply_resume_at(state, &job);
	if (job.step.done > 0)
		report_note("%s goes on behind statement %d of %zu", job.title, job.step.done, job.list.count);
	if (!begin(session, state, &job, &change))
		goto done;

	for (int i = job.step.done; (size_t) i < job.list.count; i++) {
		if (signals_stop()) {
			give_up(session, &job, change, i, &(struct apply_place) {0}, &apply_stopped);
			goto done;
		}
		if (!run_statement(session, &job, change, i) || !note_progress(session, &job, change, i + 1))
			goto done;
	}

	session_add_script(session, &batch, session->options->lock_timeout);
	apply_compose_end(&batch, state, &job, change);
	done = run_transaction(session, &batch, &job, change) && apply_commit(session, &job, change);
done:
	db_batch_clear(&batch);
	mem_free(change);
	return done;
}
