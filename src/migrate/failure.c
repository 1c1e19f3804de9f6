/* Report and log a task that failed. */
#include "migrate/failure.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "base/text.h"
#include "history/history.h"
#include "history/release.h"
#include "migrate/failure_constraint.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/record.h"
#include "record/untrusted.h"

#include "base/banned.h"

static char stopped_message[] = "stopped by a signal";

const struct pipeline_error failure_stopped = {.sqlstate = SQLSTATE_QUERY_CANCELED,.message = stopped_message};

const struct failure_place failure_before_first = {.doing = "before its first statement"};

bool
failure_is_stop(const struct pipeline_error *error)
{
	/* Cancelled, or not retried after a lock timeout or a deadlock. */
	return signals_stop() && (pipeline_error_is(error, SQLSTATE_QUERY_CANCELED)
							  || pipeline_error_is(error, SQLSTATE_LOCK_NOT_AVAILABLE)
							  || pipeline_error_is(error, SQLSTATE_DEADLOCK_DETECTED));
}

bool
failure_is_refusal(const struct pipeline_error *error)
{
	/* Errors without an SQLSTATE are this program's own. */
	return !error->lost && !failure_is_stop(error)
		&& (!error->sqlstate[0] || pipeline_error_is(error, SQLSTATE_LOCK_NOT_AVAILABLE)
			|| pipeline_error_is(error, SQLSTATE_DEADLOCK_DETECTED));
}

char *
failure_outcome(const struct task *task)
{
	if (task->step.before < 0)
		return mem_string("Rolled back; the database is unchanged.");
	if (task->committed)
		return mem_format("Rolled back. %s", task->committed);
	return mem_format("Rolled back; the database stays at version %d.", task->step.before);
}

/* Report the position, and print the line to which the server's error refers. */
static void
report_place(const struct failure_place *place, const struct pipeline_error *error, const char *outcome)
{
	const struct history_source *source = place->source;
	unsigned	characters = error->position > 0 ? (unsigned) error->position - 1 : 0;
	struct text_position at = text_position(source->text, source->length, place->offset,
											characters > place->lead ? characters - place->lead : 0);
	bool		in_folder = !history.snapshot || source != &history.snapshot->source;
	char	   *line;

	report_detail("%s%s%s, line %u, column %u. %s", in_folder ? history.folder : "", in_folder ? "/" : "", source->file,
				  at.line, at.column, outcome);
	if (error->position == 0)
		return;
	line = mem_copy(source->text + at.line_start, at.line_length);
	for (char *c = line; *c; c++)
		if (*c == '\t')
			*c = ' ';
	report_detail("%s", line);
	report_detail("%*s", (int) at.column, "^");
	mem_free(line);
}

/* An object that the migration needs is missing, or one that it creates exists: the schema may be another version's. */
static bool
is_unexpected(const struct pipeline_error *error)
{
	static const char *const codes[] = {
		SQLSTATE_UNDEFINED_TABLE, SQLSTATE_UNDEFINED_COLUMN, SQLSTATE_UNDEFINED_OBJECT, SQLSTATE_UNDEFINED_FUNCTION,
		SQLSTATE_INVALID_SCHEMA_NAME, SQLSTATE_DUPLICATE_TABLE, SQLSTATE_DUPLICATE_COLUMN, SQLSTATE_DUPLICATE_OBJECT,
		SQLSTATE_DUPLICATE_FUNCTION, SQLSTATE_DUPLICATE_SCHEMA
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (pipeline_error_is(error, codes[i]))
			return true;
	return false;
}

/* The next step after a failure whose cause is in the database: rows, or objects that no migration knows; or NULL. */
static const char *
next_step(const struct pipeline_error *error)
{
	if (strncmp(error->sqlstate, SQLSTATE_CLASS_INTEGRITY_VIOLATION, 2) == 0)
		return "Correct the rows that contradict the migration";
	if (pipeline_error_is(error, SQLSTATE_DEPENDENT_OBJECTS) || pipeline_error_is(error, SQLSTATE_FEATURE_NOT_SUPPORTED))
		return "Drop the dependent object (create it again after the migration)";
	if (pipeline_error_is(error, SQLSTATE_DATATYPE_MISMATCH))
		return "Change the type of the column to that of the version (\"" PROGRAM " verify\" prints both types)";
	return NULL;
}

/* `insufficient_privilege` of a DDL statement means that another role owns the object. */
static void
report_failure_hint(const struct session *session, const struct task *task, const struct failure_place *place,
					const struct pipeline_error *error)
{
	bool		denied = pipeline_error_is(error, SQLSTATE_INSUFFICIENT_PRIVILEGE);
	char	   *extra = failure_constraint_hint(session, task, error);

	if (extra)
		report_hint("%s", extra);
	else if (failure_is_stop(error))
		report_hint("Run the same command again to continue.");
	else if (pipeline_error_is(error, SQLSTATE_LOCK_NOT_AVAILABLE))
		report_hint("Run the same command again at a quieter time, or increase --lock-retries.");
	else if (denied && !error->hint && session->superuser && session->acting)
		report_hint("The migration was run as %s, the database's owner. If a superuser owns the object, give"
					" --role=LOGIN, with the name of your login role. If another role owns it, do not use --role.",
					session->acting);
	else if (denied && !error->hint)
		report_hint("Objects that a migration changes must belong to the database's owner: use ALTER ... OWNER TO.");
	else if (pipeline_error_is(error, SQLSTATE_UNDEFINED_OBJECT) && strncmp(error->message, "role ", 5) == 0)
		report_hint("Create the role first%s. Roles belong to the server, not to a database.", history.schema ? ""
					: "; for \"make\", in roles.sql in the folder of migrations");
	else if (next_step(error) && place->source && task->step.before >= 0)
		report_hint("%s; then run the same command again.", next_step(error));
	else if (is_unexpected(error) && place->source && task->step.before >= 0 && history.schema)
		report_hint("The schema may differ from version %d. \"" PROGRAM " verify\" lists the differences, \"" PROGRAM
					" identify\" finds the version that matches.", task->step.before);
	mem_free(extra);
}

void
failure_hint_between(int version)
{
	char	   *advice = release_stopped_advice(&history, version);

	if (advice)
		report_hint("%s", advice);
	mem_free(advice);
}

void
failure_report(const struct session *session, const struct task *task, const struct failure_place *place,
			   const struct pipeline_error *error, const char *outcome)
{
	if (failure_is_stop(error))
		report_error("%s was stopped by %s", task->title, signals_stop());
	else
		report_error("%s failed%s%s: %s%s%s%s", task->title, place->doing ? " " : "", place->doing ? place->doing : "",
					 error->message, error->sqlstate[0] ? " (" : "", error->sqlstate, error->sqlstate[0] ? ")" : "");
	if (error->detail)
		report_detail_lines(error->detail);
	if (error->context)
		report_detail_lines(error->context);
	if (pipeline_error_is(error, SQLSTATE_LOCK_NOT_AVAILABLE) && session->blocker)
		report_detail("The lock was held by %s", session->blocker);
	if (place->source)
		report_place(place, error, outcome);
	else
		report_detail("%s", outcome);
	if (error->hint)
		report_hint("%s", error->hint);
	report_failure_hint(session, task, place, error);
	session_hint(error);
	failure_hint_between(task->step.before);
}

void
failure_log(struct session *session, const struct record *record, const struct task *task, const char *id,
			const struct pipeline_error *error)
{
	struct record_change change = {.command = task->command,.before = task->step.before,.after = task->step.after,
		.state = "failed",.statement = -1
	};
	struct pipeline pipeline = {0};
	char	   *stopped = failure_is_stop(error) ? mem_format("stopped by %s", signals_stop()) : NULL;

	session->refused = failure_is_refusal(error);
	/* Without a record there is no log. A non-transactional task creates the log when it begins. */
	if (error->lost || (task->list.transactional ? !record->recorded : !id))
		goto done;
	change.error = stopped ? stopped : error->message;
	/* The script that failed may have changed the session's settings. */
	session_add_script_settings(session, &pipeline, session->options->lock_timeout);
	pipeline_add(&pipeline, "BEGIN ISOLATION LEVEL READ COMMITTED", 0);
	untrusted_add_record(&pipeline, session);
	if (task->list.transactional)
		record_add_change(&pipeline, &change);
	else
		record_add_end(&pipeline, id, "failed", change.error);
	pipeline_add(&pipeline, "COMMIT", 0);
	if (!pipeline_run(session->connection, &pipeline)) {
		untrusted_explain(session, &pipeline.commands[pipeline_failed(&pipeline) - pipeline.commands]);
		report_warning("could not log the failure: %s", pipeline_failed(&pipeline)->error.message);
	}
done:
	pipeline_clear(&pipeline);
	mem_free(stopped);
}

char *
failure_outcome_after(const struct task *task, int done, const char *position, bool lost)
{
	const char *next = task->step.before == task->step.after ? "starts it again" : "resumes there";

	/* The next repair looks again for what is missing, with the value that is given then. */
	if (task->committed && position)
		return mem_format("%s The rows with keys below %s%s have their values and keep them.", task->committed,
						  position, lost ? ", and possibly those of one more batch," : "");
	if (task->committed)
		return mem_string(task->committed);
	if (position)
		return mem_format("Statement %d of %zu is committed for keys below %s%s; the database stays at version %d."
						  " The next %s %s.", done + 1, task->list.count, position,
						  lost ? ", and possibly for one more batch" : "", task->step.before, task->command, next);
	if (done == 0)
		return mem_format("None of its statements is committed; the database stays at version %d.",
						  task->step.before);
	return mem_format("%d of its %zu statements %s committed; the database stays at version %d. The next %s %s.", done,
					  task->list.count, done == 1 ? "is" : "are", task->step.before, task->command, next);
}

struct failure_place
failure_place_of(const struct task *task, int number)
{
	const struct statement_list_item *statement = &task->list.statements[number];

	if (!task->source)
		return (struct failure_place) {0};
	return (struct failure_place) {.source = task->source,.offset = statement->offset,.lead = statement->lead};
}

void
failure_give_up(struct session *session, const struct record *record, const struct task *task, const char *change,
				char *outcome, const struct failure_place *place, const struct pipeline_error *error)
{
	failure_report(session, task, place, error, outcome);
	failure_log(session, record, task, change, error);
	mem_free(outcome);
}

void
failure_report_not_begun(struct session *session, const struct task *task, const struct pipeline_error *error)
{
	char	   *outcome = error->lost
		? mem_format("It is not known whether its first statement was run; the database stays at version %d."
					 " The next %s resumes there.", task->step.before, task->command)
		: mem_format("None of its statements was run; the database stays at version %d.", task->step.before);

	failure_report(session, task, &failure_before_first, error, outcome);
	mem_free(outcome);
}
