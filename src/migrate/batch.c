#include "migrate/batch.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/signals.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "migrate/untrusted.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/batch_key.h"
#include "record/record.h"

#include "base/banned.h"

int
pace_next(int rows, int most, double milliseconds)
{
	/* What takes no time at all takes some. */
	double		factor = PACE_AIM / (milliseconds < 0.001 ? 0.001 : milliseconds);
	double		next;

	/* Within the aim or a little beyond it, it is well as it is, unless it may grow. */
	if (factor < 1 && milliseconds < 1.5 * PACE_AIM)
		factor = 1;
	if (factor > 2)
		factor = 2;
	if (factor < 0.1)
		factor = 0.1;
	next = rows * factor;
	/* What grows grows by one at least. */
	if (factor > 1 && next < rows + 1.0)
		next = rows + 1.0;
	return next >= most ? most : next < 1 ? 1 : (int) next;
}

enum {
	/* So many ranges that reach the last row; what comes in behind them is not waited for. */
	LOOKS_AT_END = 10
};

/* A statement that is being run in ranges. */
struct run {
	struct session *session;
	const struct record *record;
	const struct task *task;
	const char *change;
	int			number;
	const struct statement_list_item *statement;
	struct batch_key key;
	char	   *position;		/* keys below it are done and on record; NULL: none */
	int			rows;			/* in the next range */
	double		done;			/* rows */
	double		total;			/* about so many; 0: not known */
	double		before;			/* about so many were done by who stopped; 0: not known, or none */
	struct progress progress;
	struct loss_guard guard;
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
stop(struct run *run, const struct failure_place *place, const struct pipeline_error *error)
{
	failure_give_up(run->session, run->record, run->task, run->change,
					failure_outcome_after(run->task, run->number, run->position, error->lost), place, error);
}

/* Stop for what was found out before anything was run. */
static void
refuse(struct run *run, char *message, char *hint)
{
	struct failure_place place = failure_place_of(run->task, run->number);

	stop(run, &place, &(struct pipeline_error) {.message = message,.hint = hint});
	mem_free(message);
	mem_free(hint);
}

/*
 * Run what `compose` makes, again and again where a lock could not be had in time. False: stopped, and reported. Either
 * way the batch is to be cleared by the caller.
 */
static bool
persist(struct run *run, struct pipeline *pipeline, void (*compose) (struct pipeline *, const struct run *,
																   const struct range *), const struct range *range)
{
	struct session *session = run->session;
	struct failure_place place = failure_place_of(run->task, run->number);

	for (int attempt = 1;; attempt++) {
		const struct pipeline_command *failed;

		pipeline_clear(pipeline);
		compose(pipeline, run, range);
		failed = attempt_run(session, pipeline);
		if (!failed)
			return true;
		if (loss_guard_filled(&run->guard, &failed->error))
			attempt--;
		else if (!attempt_pause(session, run->task, &failed->error, attempt)) {
			stop(run, &place, &failed->error);
			return false;
		}
	}
}

/* What is looked up first, here and for each range, puts the session back: the last range may have changed it. */
static void
compose_facts(struct pipeline *pipeline, const struct run *run, const struct range *range)
{
	(void) range;
	session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	batch_key_add_facts(pipeline, &run->statement->batch);
}

/*
 * Around what is planned over the table: it is locked, so that nobody puts another one in its place, and then the look
 * for code of other roles says whose it is.
 */
static void
lock_table(struct pipeline *pipeline, const struct run *run)
{
	char	   *lock = mem_format("LOCK TABLE %s IN ACCESS SHARE MODE", run->key.table);

	pipeline_add(pipeline, lock, 0);
	mem_free(lock);
}

static void
begin_look(struct pipeline *pipeline, const struct run *run)
{
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_table(pipeline, run);
	untrusted_add(pipeline, run->session, run->statement, 1);
}

static void
end_look(struct pipeline *pipeline)
{
	pipeline_add(pipeline, "COMMIT", 0);
}

/* The answer to the last query of a look. */
static const struct pipeline_command *
answer_of(const struct pipeline *pipeline)
{
	return &pipeline->commands[pipeline->count - 2];
}

static void
compose_nulls(struct pipeline *pipeline, const struct run *run, const struct range *range)
{
	(void) range;
	begin_look(pipeline, run);
	batch_key_add_nulls(pipeline, &run->key);
	end_look(pipeline);
}

static void
compose_all(struct pipeline *pipeline, const struct run *run, const struct range *range)
{
	(void) range;
	begin_look(pipeline, run);
	batch_key_add_estimate(pipeline, &run->key, NULL);
	end_look(pipeline);
}

static void
compose_rest(struct pipeline *pipeline, const struct run *run, const struct range *range)
{
	(void) range;
	begin_look(pipeline, run);
	batch_key_add_estimate(pipeline, &run->key, run->position);
	end_look(pipeline);
}

static void
compose_look(struct pipeline *pipeline, const struct run *run, const struct range *range)
{
	(void) range;
	session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	begin_look(pipeline, run);
	batch_key_add_next(pipeline, &run->key, run->position, run->rows);
	end_look(pipeline);
}

/*
 * The range's rows and how far it got, in one transaction, which is left open; whatever the database's default is,
 * others may write.
 */
static void
compose_range(struct pipeline *pipeline, const struct run *run, const struct range *range)
{
	bool		watched = loss_guard_watches(&run->guard);

	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	if (watched)
		loss_guard_add_before(pipeline);
	advisory_lock_add_check(pipeline, run->session);
	lock_table(pipeline, run);
	untrusted_add(pipeline, run->session, run->statement, 1);
	loss_guard_add_empty(pipeline, &run->guard);
	pipeline_add(pipeline, run->statement->text, 2, range->least, range->behind)->bigint = batch_key_is_beyond(&run->key,
																											range->behind);
	session_add_record_settings(run->session, pipeline);
	pipeline_add(pipeline, ATTEMPT_DEFERRED, 0);
	record_add_position(pipeline, run->change, range->behind);
	if (watched)
		loss_guard_add_after(pipeline, NULL);
}

static bool
commit_range(struct run *run)
{
	struct failure_place place = failure_place_of(run->task, run->number);
	struct pipeline pipeline = {0};
	bool		committed;

	pipeline_add(&pipeline, "COMMIT", 0);
	committed = pipeline_run(run->session->connection, &pipeline);
	if (!committed)
		stop(run, &place, &pipeline_failed(&pipeline)->error);
	pipeline_clear(&pipeline);
	return committed;
}

/* Run a range until its transaction has passed the check, and commit it. False: stopped, and reported. */
static bool
persist_range(struct run *run, const struct range *range)
{
	struct pipeline pipeline = {0};
	char	   *outcome = failure_outcome_after(run->task, run->number, run->position, false);
	bool		again = true;
	bool		done = false;

	/* What a range has found to be empty may not be so for the next. */
	loss_guard_clear(&run->guard);
	run->guard.times = 0;
	while (again) {
		again = false;
		done = persist(run, &pipeline, compose_range, range)
			&& (!loss_guard_watches(&run->guard)
				|| attempt_passes(run->session, run->record, run->task, &run->guard, &pipeline,
								  loss_guard_counts(&pipeline, 1),
								  run->change, outcome, &again));
	}
	pipeline_clear(&pipeline);
	mem_free(outcome);
	return done && commit_range(run);
}

/* Are the table and its key there, and is the key one to go by? */
static bool
check_key(struct run *run)
{
	struct pipeline pipeline = {0};
	char	   *hint = NULL;
	char	   *fault;
	bool		good;

	if (!persist(run, &pipeline, compose_facts, NULL)) {
		pipeline_clear(&pipeline);
		return false;
	}
	fault = batch_key_read(&run->key, run->session->connection, &run->statement->batch,
						   &pipeline.commands[pipeline.count - 1],
						   &hint);
	if (fault) {
		pipeline_clear(&pipeline);
		refuse(run, fault, hint);
		return false;
	}
	if (!run->key.nullable) {
		pipeline_clear(&pipeline);
		return true;
	}
	good = persist(run, &pipeline, compose_nulls, NULL);
	if (good && pipeline_bool(answer_of(&pipeline), 0, 0)) {
		refuse(run, mem_format("there are rows of table %s whose %s is null, which no range would have",
							   run->statement->batch.table, run->statement->batch.key),
			   mem_string("Go by the primary key, or see to these rows first."));
		good = false;
	}
	pipeline_clear(&pipeline);
	return good;
}

/* What the planner thinks of one of these; 0 where it does not say. */
static bool
ask_planner(struct run *run, void (*compose) (struct pipeline *, const struct run *, const struct range *),
			double *rows)
{
	struct pipeline pipeline = {0};
	bool		done = persist(run, &pipeline, compose, NULL);

	if (done)
		*rows = batch_key_read_estimate(answer_of(&pipeline));
	pipeline_clear(&pipeline);
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
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;
	bool		good = persist(run, &pipeline, compose_look, NULL);

	*range = (struct range) {0};
	if (!good)
		goto done;
	found = answer_of(&pipeline);
	range->rows = pipeline_number(found, 0, BATCH_KEY_ROWS);
	range->last = range->rows <= run->rows;
	/* That one more is the first of the next range. */
	if (!range->last && !pipeline_bool(found, 0, BATCH_KEY_ALL_EQUAL))
		range->rows--;
	range->least = mem_string(pipeline_value(found, 0, BATCH_KEY_LEAST));
	range->behind = mem_string(pipeline_value(found, 0, BATCH_KEY_NEXT));
	if (range->rows > 0 && !range->behind) {
		refuse(run, mem_format("the greatest %s of table %s is the greatest that there can be, and no range"
							   " ends behind it", run->statement->batch.key, run->statement->batch.table),
			   mem_string("Go by another key, or give that row another one."));
		good = false;
	}
done:
	pipeline_clear(&pipeline);
	return good;
}

static bool
run_range(struct run *run, const struct range *range)
{
	long		began = clock_milliseconds();

	if (!persist_range(run, range))
		return false;
	mem_free(run->position);
	run->position = mem_string(range->behind);
	run->rows = pace_next(run->rows, run->statement->batch.rows, (double) (clock_milliseconds() - began));
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
			stop(run, &(struct failure_place) {0}, &failure_stopped);
			return false;
		}
	}
	return true;
}

bool
batch_run(struct session *session, const struct record *record, const struct task *task, const char *change, int number,
		  const char *position)
{
	struct run	run = {
		.session = session,
		.record = record,
		.task = task,
		.change = change,
		.number = number,
		.statement = &task->list.statements[number],
		.position = mem_string(position),
		.rows = task->list.statements[number].batch.rows,
		.guard = {.consent = task->consent,.start = task->start},
	};
	bool		done = check_key(&run) && estimate(&run);

	if (done) {
		progress_start(&run.progress, task->title, "rows", run.total);
		run.progress.state.before = run.before;
		done = run_ranges(&run);
		progress_end(&run.progress);
	}
	batch_key_clear(&run.key);
	loss_guard_clear(&run.guard);
	mem_free(run.position);
	return done;
}
