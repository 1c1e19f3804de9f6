/* Run a batched statement. */
#include "migrate/batch.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/signals.h"
#include "migrate/attempt.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/batch_key.h"
#include "record/record.h"
#include "record/untrusted.h"

#include "base/banned.h"

enum {
	/* After so many batches that reach the end, stop: inserts may never end. */
	MOST_LAST_BATCHES = 10,
	/* The end is the greatest key. It is read again when it is reached: new rows come during a long run. */
	MOST_ENDS = 3
};

/* A batched statement that is being run. */
struct batch_run {
	struct session *session;
	const struct record *record;
	const struct task *task;
	const char *change;
	int			number;
	const struct statement_list_item *statement;
	struct batch_key key;
	char	   *position;		/* keys below it are done and recorded; NULL: none */
	char	   *end;			/* the greatest key when the end was read; NULL: there was none */
	int			rows;			/* in the next batch */
	double		done;			/* rows in this run */
	double		total;			/* estimated rows of this run; 0: unknown */
	double		before;			/* estimated rows that earlier runs have done; 0: none, or unknown */
	struct progress progress;
	struct loss_guard guard;
};

/* The next batch, as the index has it now. */
struct batch {
	long		rows;			/* 0: no row is left */
	bool		last;			/* it contains the last row */
	bool		past;			/* all its rows were inserted after the end was read */
	char	   *least;			/* its least key */
	char	   *next;			/* the least key after it */
};

int
batch_next_size(int rows, int most, double milliseconds)
{
	/* Avoid a division by zero. */
	double		factor = BATCH_AIM / (milliseconds < 0.001 ? 0.001 : milliseconds);
	double		next;

	/* Near the aim or up to half beyond it, the size stays. */
	if (factor < 1 && milliseconds < 1.5 * BATCH_AIM)
		factor = 1;
	if (factor > 2)
		factor = 2;
	if (factor < 0.1)
		factor = 0.1;
	next = rows * factor;
	/* If it grows, then by at least one row. */
	if (factor > 1 && next < rows + 1.0)
		next = rows + 1.0;
	return next >= most ? most : next < 1 ? 1 : (int) next;
}

static void
batch_clear(struct batch *batch)
{
	mem_free(batch->least);
	mem_free(batch->next);
	*batch = (struct batch) {0};
}

static void
give_up(struct batch_run *run, const struct failure_place *place, const struct pipeline_error *error)
{
	failure_give_up(run->session, run->record, run->task, run->change,
					failure_outcome_after(run->task, run->number, run->position, error->lost), place, error);
}

/* Report a fault that was found before anything was run. */
static void
refuse(struct batch_run *run, char *message, char *hint)
{
	struct failure_place place = failure_place_of(run->task, run->number);

	give_up(run, &place, &(struct pipeline_error) {.message = message,.hint = hint});
	mem_free(message);
	mem_free(hint);
}

/* Append commands to a pipeline; what `what` points to is known to each. */
typedef void compose_function(struct pipeline *pipeline, const struct batch_run *run, const void *what);

/*
 * Run the commands of `compose`; retry them if a lock timed out. False: reported and logged. The caller clears the
 * pipeline in either case.
 */
static bool
run_with_retries(struct batch_run *run, struct pipeline *pipeline, compose_function *compose, const void *what)
{
	struct session *session = run->session;
	struct failure_place place = failure_place_of(run->task, run->number);

	for (int attempt = 1;; attempt++) {
		const struct pipeline_command *failed;

		pipeline_clear(pipeline);
		compose(pipeline, run, what);
		failed = attempt_run(session, pipeline);
		if (!failed)
			return true;
		if (loss_guard_filled(&run->guard, failed))
			attempt--;
		else if (!attempt_pause(session, run->task, &failed->error, attempt)) {
			give_up(run, &place, &failed->error);
			return false;
		}
	}
}

/* Here and before each batch, reset the session's settings: the statement may have changed them. */
static void
compose_facts(struct pipeline *pipeline, const struct batch_run *run, const void *what)
{
	(void) what;
	session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	batch_key_add_facts(pipeline, &run->statement->batch);
}

/*
 * Before a query of the table is planned: lock the table, so that it cannot be replaced, and then check for code of
 * untrusted owners. Planning alone may run functions of an index.
 */
static void
lock_table(struct pipeline *pipeline, const struct batch_run *run)
{
	char	   *lock = mem_format("LOCK TABLE %s IN ACCESS SHARE MODE", run->key.table);

	pipeline_add(pipeline, lock, 0);
	mem_free(lock);
}

/* The result of compose_query's query. */
static const struct pipeline_command *
query_result(const struct pipeline *pipeline)
{
	return &pipeline->commands[pipeline->count - 2];
}

/* The queries of the table between two batches. */
enum batch_query {
	QUERY_NULLS,				/* is there a row whose key is null? */
	QUERY_ALL,					/* estimate all rows */
	QUERY_REST,					/* estimate the rows that are left */
	QUERY_GREATEST,				/* the greatest key */
	QUERY_NEXT					/* the next batch */
};

/* The query is the pipeline's last command but one; see query_result. */
static void
compose_query(struct pipeline *pipeline, const struct batch_run *run, const void *what)
{
	const enum batch_query *query = what;

	if (*query == QUERY_NEXT)
		session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	lock_table(pipeline, run);
	untrusted_add(pipeline, run->session, run->statement, 1);
	switch (*query) {
		case QUERY_NULLS:
			batch_key_add_nulls(pipeline, &run->key);
			break;
		case QUERY_ALL:
			batch_key_add_estimate(pipeline, &run->key, NULL);
			break;
		case QUERY_REST:
			batch_key_add_estimate(pipeline, &run->key, run->position);
			break;
		case QUERY_GREATEST:
			batch_key_add_greatest(pipeline, &run->key);
			break;
		case QUERY_NEXT:
			batch_key_add_next(pipeline, &run->key, run->position, run->rows, run->end);
			break;
	}
	pipeline_add(pipeline, "COMMIT", 0);
}

/* Run a query of the table, with retries. False: reported and logged. The caller clears the pipeline in either case. */
static bool
run_query(struct batch_run *run, struct pipeline *pipeline, enum batch_query query)
{
	return run_with_retries(run, pipeline, compose_query, &query);
}

/*
 * Run the statement for a batch and record its progress, in one transaction that is left open. READ COMMITTED, even if
 * the database's default differs, because other sessions may change the rows meanwhile.
 */
static void
compose_batch(struct pipeline *pipeline, const struct batch_run *run, const void *what)
{
	const struct batch *batch = what;
	bool		watched = loss_guard_watches(&run->guard);
	struct pipeline_command *statement;

	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	if (watched)
		loss_guard_add_before(pipeline);
	advisory_lock_add_check(pipeline, run->session);
	lock_table(pipeline, run);
	untrusted_add(pipeline, run->session, run->statement, 1);
	loss_guard_add_empty(pipeline, &run->guard);
	statement = pipeline_add(pipeline, run->statement->text, 2, batch->least, batch->next);
	statement->bigint = batch_key_is_beyond(&run->key, batch->next);
	session_add_record_settings(run->session, pipeline);
	pipeline_add(pipeline, ATTEMPT_DEFERRED, 0);
	record_add_position(pipeline, run->change, batch->next);
	if (watched)
		loss_guard_add_after(pipeline, NULL);
}

static bool
commit_batch(struct batch_run *run)
{
	struct failure_place place = failure_place_of(run->task, run->number);
	struct pipeline pipeline = {0};
	bool		committed;

	pipeline_add(&pipeline, "COMMIT", 0);
	committed = pipeline_run(run->session->connection, &pipeline);
	if (committed)
		untrusted_committed(run->session);
	else
		give_up(run, &place, &pipeline_failed(&pipeline)->error);
	pipeline_clear(&pipeline);
	return committed;
}

/* Run a batch until its transaction passes the check for lost data, and commit it. False: reported and logged. */
static bool
run_checked(struct batch_run *run, const struct batch *batch)
{
	struct pipeline pipeline = {0};
	char	   *outcome = failure_outcome_after(run->task, run->number, run->position, false);
	bool		again = true;
	bool		done = false;

	/* A table that was empty during the last batch may have rows now. */
	loss_guard_clear(&run->guard);
	run->guard.times = 0;
	while (again) {
		again = false;
		done = run_with_retries(run, &pipeline, compose_batch, batch)
			&& (!loss_guard_watches(&run->guard)
				|| attempt_passes(run->session, run->record, run->task, &run->guard, &pipeline,
								  loss_guard_counts(&pipeline, 1), run->change, outcome, &again));
	}
	pipeline_clear(&pipeline);
	mem_free(outcome);
	return done && commit_batch(run);
}

/* Do the table and its key exist, and is the key suitable? */
static bool
check_key(struct batch_run *run)
{
	struct pipeline pipeline = {0};
	char	   *hint = NULL;
	char	   *fault = NULL;
	bool		good = run_with_retries(run, &pipeline, compose_facts, NULL);

	if (good)
		fault = batch_key_read(&run->key, run->session->connection, &run->statement->batch,
							   &pipeline.commands[pipeline.count - 1], &hint);
	if (good && !fault && run->key.nullable) {
		good = run_query(run, &pipeline, QUERY_NULLS);
		if (good && pipeline_bool(query_result(&pipeline), 0, 0)) {
			fault = mem_format("table %s has rows with a null in key column %s, so no batch contains them",
							   run->statement->batch.table, run->statement->batch.key);
			hint = mem_string("Use the primary key as the key, or set the column in these rows first.");
		}
	}
	pipeline_clear(&pipeline);
	if (fault)
		refuse(run, fault, hint);
	return good && !fault;
}

/* Set *rows to the planner's estimate for a query; 0 if it has none. */
static bool
read_estimate(struct batch_run *run, enum batch_query query, double *rows)
{
	struct pipeline pipeline = {0};
	bool		done = run_query(run, &pipeline, query);

	if (done)
		*rows = batch_key_read_estimate(query_result(&pipeline));
	pipeline_clear(&pipeline);
	return done;
}

/* Estimate how many rows are left, and how many are done. */
static bool
estimate(struct batch_run *run)
{
	double		all = 0;

	if (!read_estimate(run, QUERY_ALL, &all))
		return false;
	run->total = all;
	if (run->position && !read_estimate(run, QUERY_REST, &run->total))
		return false;
	run->before = run->total > 0 && all > run->total ? all - run->total : 0;
	return true;
}

static bool
read_end(struct batch_run *run)
{
	struct pipeline pipeline = {0};
	bool		done = run_query(run, &pipeline, QUERY_GREATEST);

	if (done) {
		mem_free(run->end);
		run->end = mem_string(pipeline_value(query_result(&pipeline), 0, 0));
	}
	pipeline_clear(&pipeline);
	return done;
}

/* Find the next batch; it has 0 rows if there is none. */
static bool
find_next(struct batch_run *run, struct batch *batch)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *found;
	bool		good = run_query(run, &pipeline, QUERY_NEXT);

	*batch = (struct batch) {0};
	if (!good)
		goto done;
	found = query_result(&pipeline);
	batch->rows = pipeline_number(found, 0, BATCH_KEY_ROWS);
	batch->last = batch->rows <= run->rows;
	batch->past = pipeline_bool(found, 0, BATCH_KEY_PAST);
	/* The query found one row more than asked for, which begins the next batch. */
	if (!batch->last && !pipeline_bool(found, 0, BATCH_KEY_ALL_EQUAL))
		batch->rows--;
	batch->least = mem_string(pipeline_value(found, 0, BATCH_KEY_LEAST));
	batch->next = mem_string(pipeline_value(found, 0, BATCH_KEY_NEXT));
	if (batch->rows > 0 && !batch->next) {
		refuse(run, mem_format("the maximum of key %s of table %s is the largest value of its type, so no batch can"
							   " end after it", run->statement->batch.key, run->statement->batch.table),
			   mem_string("Use another key, or change the key of that row."));
		good = false;
	}
done:
	pipeline_clear(&pipeline);
	return good;
}

static bool
run_batch(struct batch_run *run, const struct batch *batch)
{
	long		began = clock_milliseconds();

	if (!run_checked(run, batch))
		return false;
	mem_free(run->position);
	run->position = mem_string(batch->next);
	run->rows = batch_next_size(run->rows, run->statement->batch.rows, (double) (clock_milliseconds() - began));
	run->done += (double) batch->rows;
	progress_show(&run->progress, run->done, run->total);
	return true;
}

static bool
run_batches(struct batch_run *run)
{
	int			ends = 1;

	if (!read_end(run))
		return false;
	for (int at_end = 0; at_end < MOST_LAST_BATCHES;) {
		struct batch batch;
		bool		good = find_next(run, &batch);
		bool		more = good && batch.rows > 0;
		bool		again = more && batch.past && !batch.last && ends < MOST_ENDS;

		ends += again;
		at_end += !again && (batch.last || batch.past);
		good = good && (!again || read_end(run)) && (!more || run_batch(run, &batch));
		batch_clear(&batch);
		if (!good || !more)
			return good;
		if (run->session->options->batch_pause > 0)
			signals_pause(run->session->options->batch_pause);
		if (signals_stop()) {
			give_up(run, &(struct failure_place) {0}, &failure_stopped);
			return false;
		}
	}
	return true;
}

bool
batch_run(struct session *session, const struct record *record, const struct task *task, const char *change, int number,
		  const char *position)
{
	struct batch_run run = {
		.session = session,
		.record = record,
		.task = task,
		.change = change,
		.number = number,
		.statement = &task->list.statements[number],
		.position = mem_string(position),
		.rows = task->list.statements[number].batch.rows,
		.guard = {.consent = task->consent,.migration = task->tables},
	};
	bool		done = check_key(&run) && estimate(&run);

	if (done) {
		progress_start(&run.progress, task->title, "rows", run.total);
		run.progress.state.before = run.before;
		done = run_batches(&run);
		progress_end(&run.progress);
	}
	batch_key_clear(&run.key);
	loss_guard_clear(&run.guard);
	mem_free(run.position);
	mem_free(run.end);
	return done;
}
