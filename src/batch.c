#include "batch.h"

#include <string.h>

#include "apply_private.h"
#include "batch_key.h"
#include "lock.h"
#include "mem.h"
#include "pace.h"
#include "progress.h"
#include "report.h"
#include "signals.h"
#include "untrusted.h"

#include "banned.h"

enum {
	/* So many ranges that reach the last row; what comes in behind them is not waited for. */
	LOOKS_AT_END = 10
};

/* A statement that is being run in ranges. */
struct run {
	struct session *session;
	const struct state *state;
	const struct job *job;
	const char *change;
	int			number;
	const struct sql_statement *statement;
	struct batch_key key;
	char	   *position;		/* keys below it are done and on record; NULL: none */
	int			rows;			/* in the next range */
	double		done;			/* rows */
	double		total;			/* about so many; 0: not known */
	double		before;			/* about so many were done by who stopped; 0: not known, or none */
	struct progress progress;
	struct guard guard;
};

/* A range, as the index has it now. */
struct range {
	long		rows;			/* 0: there is nothing left */
	bool		last;			/* it has the last row */
	char	   *least;
	char	   *behind;
};

static void
range_clear(struct range *range)
{
	mem_free(range->least);
	mem_free(range->behind);
	*range = (struct range) {0};
}

static void
stop(struct run *run, const struct apply_place *place, const struct db_error *error)
{
	apply_give_up(run->session, run->state, run->job, run->change,
				  apply_standing_after(run->job, run->number, run->position, error->lost), place, error);
}

/* Stop for what was found out before anything was run. */
static void
refuse(struct run *run, char *message, char *hint)
{
	struct apply_place place = apply_place_of(run->job, run->number);

	stop(run, &place, &(struct db_error) {.message = message,.hint = hint});
	mem_free(message);
	mem_free(hint);
}

/*
 * Run what `compose` makes, again and again where a lock could not be had in time. False: stopped, and reported. Either
 * way the batch is to be cleared by the caller.
 */
static bool
persist(struct run *run, struct db_batch *batch, void (*compose) (struct db_batch *, const struct run *,
																   const struct range *), const struct range *range)
{
	struct session *session = run->session;
	struct apply_place place = apply_place_of(run->job, run->number);

	for (int attempt = 1;; attempt++) {
		const struct db_command *failed;

		db_batch_clear(batch);
		compose(batch, run, range);
		failed = apply_run(session, batch);
		if (!failed)
			return true;
		if (guard_filled(&run->guard, &failed->error))
			attempt--;
		else if (!apply_pause(session, run->job, &failed->error, attempt)) {
			stop(run, &place, &failed->error);
			return false;
		}
	}
}

/* What is looked up first, here and for each range, puts the session back: the last range may have changed it. */
static void
compose_facts(struct db_batch *batch, const struct run *run, const struct range *range)
{
	(void) range;
	session_add_script(run->session, batch, run->session->options->lock_timeout);
	batch_key_add_facts(batch, &run->statement->batch);
}

/*
 * Around what is planned over the table: it is locked, so that nobody puts another one in its place, and then the look
 * for code of other roles says whose it is.
 */
static void
lock_table(struct db_batch *batch, const struct run *run)
{
	char	   *lock = mem_format("LOCK TABLE %s IN ACCESS SHARE MODE", run->key.table);

	db_add(batch, lock, 0);
	mem_free(lock);
}

static void
begin_look(struct db_batch *batch, const struct run *run)
{
	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_table(batch, run);
	untrusted_add(batch, run->session, run->statement, 1);
}

static void
end_look(struct db_batch *batch)
{
	db_add(batch, "COMMIT", 0);
}

/* The answer to the last query of a look. */
static const struct db_command *
answer_of(const struct db_batch *batch)
{
	return &batch->commands[batch->count - 2];
}

static void
compose_nulls(struct db_batch *batch, const struct run *run, const struct range *range)
{
	(void) range;
	begin_look(batch, run);
	batch_key_add_nulls(batch, &run->key);
	end_look(batch);
}

static void
compose_all(struct db_batch *batch, const struct run *run, const struct range *range)
{
	(void) range;
	begin_look(batch, run);
	batch_key_add_estimate(batch, &run->key, NULL);
	end_look(batch);
}

static void
compose_rest(struct db_batch *batch, const struct run *run, const struct range *range)
{
	(void) range;
	begin_look(batch, run);
	batch_key_add_estimate(batch, &run->key, run->position);
	end_look(batch);
}

static void
compose_look(struct db_batch *batch, const struct run *run, const struct range *range)
{
	(void) range;
	session_add_script(run->session, batch, run->session->options->lock_timeout);
	begin_look(batch, run);
	batch_key_add_look(batch, &run->key, run->position, run->rows);
	end_look(batch);
}

/*
 * The range's rows and how far it got, in one transaction, which is left open; whatever the database's default is,
 * others may write.
 */
static void
compose_range(struct db_batch *batch, const struct run *run, const struct range *range)
{
	bool		watched = guard_watches(&run->guard);

	db_add(batch, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	if (watched)
		guard_add_before(batch);
	lock_add_check(batch, run->session);
	lock_table(batch, run);
	untrusted_add(batch, run->session, run->statement, 1);
	guard_add_empty(batch, &run->guard);
	db_add(batch, run->statement->text, 2, range->least, range->behind)->big = batch_key_is_beyond(&run->key,
																								   range->behind);
	session_add_record(run->session, batch);
	db_add(batch, APPLY_DEFERRED, 0);
	state_add_position(batch, run->change, range->behind);
	if (watched)
		guard_add_after(batch, NULL);
}

static bool
commit_range(struct run *run)
{
	struct apply_place place = apply_place_of(run->job, run->number);
	struct db_batch batch = {0};
	bool		committed;

	db_add(&batch, "COMMIT", 0);
	committed = db_run(run->session->db, &batch);
	if (!committed)
		stop(run, &place, &db_failed(&batch)->error);
	db_batch_clear(&batch);
	return committed;
}

/* Run a range until its transaction has passed the check, and commit it. False: stopped, and reported. */
static bool
persist_range(struct run *run, const struct range *range)
{
	struct db_batch batch = {0};
	char	   *standing = apply_standing_after(run->job, run->number, run->position, false);
	bool		again = true;
	bool		done = false;

	/* What a range has found to be empty may not be so for the next. */
	guard_clear(&run->guard);
	run->guard.times = 0;
	while (again) {
		again = false;
		done = persist(run, &batch, compose_range, range)
			&& (!guard_watches(&run->guard)
				|| apply_passes(run->session, run->state, run->job, &run->guard, &batch, guard_counts(&batch, 1),
								run->change, standing, &again));
	}
	db_batch_clear(&batch);
	mem_free(standing);
	return done && commit_range(run);
}

/* Are the table and its key there, and is the key one to go by? */
static bool
check_key(struct run *run)
{
	struct db_batch batch = {0};
	char	   *hint = NULL;
	char	   *fault;
	bool		good;

	if (!persist(run, &batch, compose_facts, NULL)) {
		db_batch_clear(&batch);
		return false;
	}
	fault = batch_key_take(&run->key, run->session->db, &run->statement->batch, &batch.commands[batch.count - 1],
						   &hint);
	if (fault) {
		db_batch_clear(&batch);
		refuse(run, fault, hint);
		return false;
	}
	if (!run->key.nullable) {
		db_batch_clear(&batch);
		return true;
	}
	good = persist(run, &batch, compose_nulls, NULL);
	if (good && db_truth(answer_of(&batch), 0, 0)) {
		refuse(run, mem_format("there are rows of table %s whose %s is null, which no range would have",
							   run->statement->batch.table, run->statement->batch.key),
			   mem_string("Go by the primary key, or see to these rows first."));
		good = false;
	}
	db_batch_clear(&batch);
	return good;
}

/* What the planner thinks of one of these; 0 where it does not say. */
static bool
ask_planner(struct run *run, void (*compose) (struct db_batch *, const struct run *, const struct range *), double *rows)
{
	struct db_batch batch = {0};
	bool		done = persist(run, &batch, compose, NULL);

	if (done)
		*rows = batch_key_take_estimate(answer_of(&batch));
	db_batch_clear(&batch);
	return done;
}

/* About how many rows are left, and how many are done. */
static bool
estimate(struct run *run)
{
	double		all = 0;

	if (!ask_planner(run, compose_all, &all))
		return false;
	run->total = all;
	if (run->position && !ask_planner(run, compose_rest, &run->total))
		return false;
	run->before = run->total > 0 && all > run->total ? all - run->total : 0;
	return true;
}

/* The next range; its rows are 0 where there is none. */
static bool
look(struct run *run, struct range *range)
{
	struct db_batch batch = {0};
	const struct db_command *found;
	bool		good = persist(run, &batch, compose_look, NULL);

	*range = (struct range) {0};
	if (!good)
		goto done;
	found = answer_of(&batch);
	range->rows = db_number(found, 0, BATCH_LOOK_ROWS);
	range->last = range->rows <= run->rows;
	/* That one more is the first of the next range. */
	if (!range->last && !db_truth(found, 0, BATCH_LOOK_ALIKE))
		range->rows--;
	range->least = mem_string(db_value(found, 0, BATCH_LOOK_LEAST));
	range->behind = mem_string(db_value(found, 0, BATCH_LOOK_BEHIND));
	if (range->rows > 0 && !range->behind) {
		refuse(run, mem_format("the greatest %s of table %s is the greatest that there can be, and no range"
							   " ends behind it", run->statement->batch.key, run->statement->batch.table),
			   mem_string("Go by another key, or give that row another one."));
		good = false;
	}
done:
	db_batch_clear(&batch);
	return good;
}

static bool
run_range(struct run *run, const struct range *range)
{
	double		began = progress_clock();

	if (!persist_range(run, range))
		return false;
	mem_free(run->position);
	run->position = mem_string(range->behind);
	run->rows = pace_next(run->rows, run->statement->batch.rows, (progress_clock() - began) * 1000);
	run->done += (double) range->rows;
	progress_show(&run->progress, run->done, run->total);
	return true;
}

/* All ranges there are. */
static bool
run_ranges(struct run *run)
{
	for (int at_end = 0; at_end < LOOKS_AT_END;) {
		struct range range;
		bool		good = look(run, &range);
		bool		more = good && range.rows > 0;

		at_end += range.last;
		good = good && (!more || run_range(run, &range));
		range_clear(&range);
		if (!good || !more)
			return good;
		if (run->session->options->batch_pause > 0)
			signals_pause(run->session->options->batch_pause);
		if (signals_stop()) {
			stop(run, &(struct apply_place) {0}, &apply_stopped);
			return false;
		}
	}
	return true;
}

bool
batch_run(struct session *session, const struct state *state, const struct job *job, const char *change, int number,
		  const char *position)
{
	struct run	run = {
		.session = session,
		.state = state,
		.job = job,
		.change = change,
		.number = number,
		.statement = &job->list.statements[number],
		.position = mem_string(position),
		.rows = job->list.statements[number].batch.rows,
		.guard = {.consent = job->consent,.start = job->start},
	};
	bool		done = check_key(&run) && estimate(&run);

	if (done) {
		progress_start(&run.progress, job->title, "rows", run.total);
		run.progress.state.before = run.before;
		done = run_ranges(&run);
		progress_end(&run.progress);
	}
	batch_key_clear(&run.key);
	guard_clear(&run.guard);
	mem_free(run.position);
	return done;
}
