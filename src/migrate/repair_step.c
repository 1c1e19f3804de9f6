/* Run one step of a repair. */
#include "migrate/repair_step.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"
#include "migrate/attempt.h"
#include "migrate/batch.h"
#include "migrate/failure.h"
#include "migrate/statement.h"
#include "migrate/task.h"
#include "pg/advisory_lock.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/record.h"
#include "record/untrusted.h"
#include "schema/fact.h"
#include "schema/repair_list.h"

#include "base/banned.h"

enum {
	FILL_ROWS = 20000,			/* in a batch, at most */
	STATEMENT_COLUMNS = 100		/* in a message */
};

/* A step that is being run. */
struct repair_run {
	struct migrator *migrator;
	struct session *session;
	struct record *record;
	const struct repair_step *step;
	const struct live *live;
	int			version;
};

/* What of the step is committed before statement `first`, and what a repair that follows does: a new string. */
static char *
say_committed(const struct repair_run *run, size_t first)
{
	char	   *done = NULL;
	char	   *said;
	bool		fills = false;

	for (size_t i = 0; i < run->step->list.count; i++) {
		fills = fills || run->step->list.statements[i].form == REPAIR_FILL;
		if (i < first) {
			char	   *text = text_cut(run->step->list.statements[i].text, STATEMENT_COLUMNS);

			mem_append(&done, "; ", text);
			mem_free(text);
		}
	}
	said = mem_format("%s%s%s The next repair continues%s.", done ? "Committed statements of this step: " :
					  "Nothing of this step is committed.", done ? done : "", done ? "." : "", fills
					  ? "; rows with a value keep it, and another --set changes only rows without a value" : "");
	mem_free(done);
	return said;
}

static struct task
make_task(const struct repair_run *run, size_t first, size_t count)
{
	struct task	task = task_of_repair(run->version, run->step->line);

	task.consent = &run->migrator->consent;
	task.committed = say_committed(run, first);
	task.list.statements = mem_alloc((count + 1) * sizeof(*task.list.statements));
	task.list.count = count;
	for (size_t i = 0; i < count; i++) {
		const struct repair_statement *statement = &run->step->list.statements[first + i];

		task.list.statements[i].text = mem_string(statement->text);
		task.list.statements[i].index = mem_string(statement->index);
		task.list.statements[i].concurrent = statement->form == REPAIR_CONCURRENT;
	}
	return task;
}

/* --- the log of what is no transaction --- */

static void
compose_begin(struct pipeline *pipeline, const struct repair_run *run)
{
	struct record *record = run->record;
	const struct record_change change = {.last = record->last_change,.command = "repair",.before = run->version,
		.after = run->version,.state = "running",.statement = -1
	};

	session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	advisory_lock_add_check(pipeline, run->session);
	untrusted_add(pipeline, run->session, NULL, 0);
	session_add_record_settings(run->session, pipeline);
	/* Fails if the version has changed since it was read. */
	record_add_version(pipeline, record, run->version, run->version);
	record_add_tables(pipeline, run->session, record);
	record_add_history(pipeline, record, run->version, false, false);
	if (!record->recorded) {
		char		sum[SHA256_SIZE];
		bool		known = record_history_checksum(record, run->version, sum);

		record_add_current(pipeline, run->version, known ? sum : NULL);
	}
	record_add_change(pipeline, &change);
	pipeline_add(pipeline, "COMMIT", 0);
}

/* Log that the step is running. Without a number of statements done, no build takes it for an incomplete migration. */
static bool
begin_change(const struct repair_run *run, const struct task *task, char **change)
{
	const struct pipeline_command *failed;

	for (int attempt = 1;; attempt++) {
		struct pipeline pipeline = {0};
		bool		again;

		compose_begin(&pipeline, run);
		failed = attempt_run(run->session, &pipeline);
		again = failed && attempt_pause(run->session, task, &failed->error, attempt);
		if (failed && !again) {
			run->session->refused = failure_is_refusal(&failed->error);
			failure_report(run->session, task, &(struct failure_place) {.doing = "before it began"}, &failed->error,
						   "No statement was run.");
		} else if (!failed) {
			const struct pipeline_command *logged = &pipeline.commands[pipeline.count - 2];

			*change = mem_string(pipeline_value(logged, 0, 0));
			run->record->last_change = pipeline_number(logged, 0, 0);
			run->record->recorded = run->record->complete = true;
			run->session->committed = true;
		}
		pipeline_clear(&pipeline);
		if (!again)
			return *change != NULL;
	}
}

static void
run_own(const struct repair_run *run, struct pipeline *pipeline)
{
	pipeline_add(pipeline, "COMMIT", 0);
	if (!pipeline_run(run->session->connection, pipeline)) {
		untrusted_explain(run->session, &pipeline->commands[pipeline_failed(pipeline) - pipeline->commands]);
		report_warning("could not log the repair: %s", pipeline_failed(pipeline)->error.message);
	}
	pipeline_clear(pipeline);
}

static void
begin_own(const struct repair_run *run, struct pipeline *pipeline)
{
	session_add_script_settings(run->session, pipeline, run->session->options->lock_timeout);
	pipeline_add(pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	untrusted_add_record(pipeline, run->session);
}

static void
end_change(const struct repair_run *run, const char *change)
{
	struct pipeline pipeline = {0};

	begin_own(run, &pipeline);
	/* Of a batched statement. */
	record_add_position(&pipeline, change, NULL);
	record_add_end(&pipeline, change, "done", NULL);
	run_own(run, &pipeline);
}

void
repair_step_end_interrupted(struct migrator *migrator)
{
	struct repair_run run = {.migrator = migrator,.session = &migrator->database.session};
	struct pipeline pipeline = {0};

	if (!migrator->database.record.recorded)
		return;
	begin_own(&run, &pipeline);
	record_add_repairs_end(&pipeline);
	run_own(&run, &pipeline);
}

/* --- statements --- */

static bool
run_transaction(const struct repair_run *run, size_t first, size_t count)
{
	struct task	task = make_task(run, first, count);
	bool		done = migrator_run_task(run->session, run->record, &task);

	task_clear(&task);
	return done;
}

/* A statement that cannot be in a transaction. */
static bool
run_alone(const struct repair_run *run, size_t number)
{
	struct task	task = make_task(run, number, 1);
	char	   *change = NULL;
	bool		done = false;
	bool		again = begin_change(run, &task, &change);

	task.list.transactional = false;
	for (int attempt = 1; again; attempt++) {
		struct pipeline pipeline = {0};
		const struct pipeline_command *failed = statement_try_alone(run->session, &pipeline, &task.list.statements[0],
																	task.title);

		again = failed && attempt_pause(run->session, &task, &failed->error, attempt);
		done = !failed;
		if (failed && !again) {
			failure_report(run->session, &task, &(struct failure_place) {0}, &failed->error, failed->error.lost
						   ? "It is not known whether the statement was run; the next repair checks this."
						   : task.committed);
			failure_log(run->session, run->record, &task, change, &failed->error);
		}
		pipeline_clear(&pipeline);
	}
	if (done)
		end_change(run, change);
	mem_free(change);
	task_clear(&task);
	return done;
}

/* The integer column that is the primary key of a table, as SQL: a new string; NULL: there is none. */
static char *
find_key(const struct live *live, const char *table, size_t length)
{
	static const char *const types[] = {"smallint", "integer", "bigint"};
	static const char primary_key[] = "PRIMARY KEY (";

	for (size_t i = 0; i < live->facts.count; i++) {
		const struct fact *fact = &live->facts.facts[i];
		const char *column;
		char	   *name;
		const struct fact *type;

		if (fact->kind != FACT_CONSTRAINT || fact_parent(fact) != length || memcmp(fact->name, table, length) != 0
			|| strncmp(fact->definition, primary_key, strlen(primary_key)) != 0)
			continue;
		column = fact->definition + strlen(primary_key);
		if (column[strcspn(column, ",)")] != ')')
			continue;
		name = mem_format("%.*s.%.*s", (int) length, table, (int) strcspn(column, ")"), column);
		type = fact_find(&live->facts, FACT_COLUMN, name);
		mem_free(name);
		for (size_t k = 0; type && k < sizeof(types) / sizeof(types[0]); k++)
			if (strncmp(type->definition, types[k], strlen(types[k])) == 0
				&& strchr("\t", type->definition[strlen(types[k])]))
				return fact_unescape(column, strcspn(column, ")"));
	}
	return NULL;
}

/* Update the rows in batches, if the table has a suitable key; otherwise all at once. */
static bool
run_fill(const struct repair_run *run, size_t number)
{
	const struct fact *column = run->step->item->should;
	size_t		length = fact_parent(column);
	char	   *key = find_key(run->live, column->name, length);
	struct task	task;
	struct statement_list_item *statement;
	char	   *change = NULL;
	bool		done;

	if (!key)
		return run_transaction(run, number, 1);
	task = make_task(run, number, 1);
	statement = &task.list.statements[0];
	mem_free(statement->text);
	statement->text = mem_format("%s AND %s OPERATOR(pg_catalog.>=) $1 AND %s OPERATOR(pg_catalog.<) $2",
								 run->step->list.statements[number].text, key, key);
	statement->batch = (struct statement_list_batch) {.table = fact_sql_name(column->name, length),.key = key,
		.rows = FILL_ROWS
	};
	task.list.transactional = false;
	done = begin_change(run, &task, &change) && batch_run(run->session, run->record, &task, change, 0, NULL);
	if (done)
		end_change(run, change);
	mem_free(change);
	task_clear(&task);
	return done;
}

bool
repair_step_run(struct migrator *migrator, const struct repair_step *step, int version, const struct live *live)
{
	const struct repair_list *list = &step->list;
	struct repair_run run = {.migrator = migrator,.session = &migrator->database.session,
		.record = &migrator->database.record,.step = step,.live = live,.version = version
	};
	bool		done = true;

	for (size_t i = 0, next; done && i < list->count; i = next) {
		next = i + 1;
		while (next < list->count && list->statements[next].form == REPAIR_JOINED)
			next++;
		switch (list->statements[i].form) {
			case REPAIR_ALONE:
			case REPAIR_CONCURRENT:
				done = run_alone(&run, i);
				break;
			case REPAIR_FILL:
				done = run_fill(&run, i);
				break;
			default:
				done = run_transaction(&run, i, next - i);
		}
	}
	/* A failure that was logged has taken a number. */
	if (!done)
		run.record->last_change = 0;
	return done;
}
