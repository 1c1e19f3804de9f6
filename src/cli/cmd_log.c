/* log: the changes of the database, with time, state, role and host. */
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/table.h"
#include "cli/commands.h"
#include "pg/advisory_lock.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/batch_estimate.h"
#include "record/database.h"
#include "record/trust.h"

#include "base/banned.h"

/* The columns of the query, in its order. They are also the keys in JSON. */
static const char *const columns[] = {
	"id", "command", "version_from", "version_to", "state", "statement", "position", "build", "by", "from_host",
	"started_at", "finished_at", "error"
};

enum {
	ID, COMMAND, FROM, TO, STATE, STATEMENT, POSITION, BUILD, BY, HOST, STARTED, FINISHED, ERROR, COLUMN_COUNT
};

/* The progress of the change, if its migration is incomplete. */
static struct batch_estimate
estimate_progress(struct database *database, const struct pipeline_command *log, int line)
{
	struct batch_estimate estimate = {.percent = -1,.seconds_left = -1};
	const char *change = database->record.incomplete_change;

	if (change && strcmp(pipeline_text(log, line, ID), change) == 0) {
		struct advisory_lock_holder holder;

		advisory_lock_find_holder(&holder, &database->session);
		batch_estimate_read(&estimate, &database->session, &database->record, holder.is_run);
		mem_free(holder.session);
	}
	return estimate;
}

/* The columns for people. */
static const struct table_column table_columns[] = {
	{.title = "started at"}, {.title = "command"}, {.title = "version"}, {.title = "state"},
	{.title = "by",.can_truncate = true}, {.title = "from host",.can_truncate = true,.can_hide = true},
	{.title = "build",.can_truncate = true,.can_hide = true},
};

static json_t *
to_json(const struct pipeline_command *log, int line, const struct batch_estimate *estimate)
{
	json_t	   *object = json_object();

	for (int c = 0; c < COLUMN_COUNT; c++) {
		bool		number = c == ID || c == FROM || c == TO || c == STATEMENT;
		json_t	   *value = number && pipeline_value(log, line, c) ? json_integer(pipeline_number(log, line, c))
			: json_output_text(pipeline_value(log, line, c));

		json_output_set(object, columns[c], value);
	}
	json_output_set(object, "percent", json_output_number(estimate->percent));
	json_output_set(object, "seconds_left", json_output_number(estimate->seconds_left));
	return object;
}

static const char *
text(const struct pipeline_command *log, int line, int column)
{
	const char *value = pipeline_value(log, line, column);

	return value ? value : "-";
}

static enum table_emphasis
emphasis_of(const char *state)
{
	return strcmp(state, "done") == 0 ? TABLE_PLAIN : strcmp(state, "running") == 0 ? TABLE_NOTICE : TABLE_ALERT;
}

static void
add(struct table *table, const struct pipeline_command *log, int line, const struct batch_estimate *estimate)
{
	char	   *progress = batch_estimate_text(estimate);
	const char *error = pipeline_value(log, line, ERROR);
	const char *position = pipeline_value(log, line, POSITION);
	char	   *versions = mem_format("%3s -> %s", text(log, line, FROM), text(log, line, TO));

	table_add(table, emphasis_of(text(log, line, STATE)), (const char *[]) {
		text(log, line, STARTED), text(log, line, COMMAND), versions, text(log, line, STATE), text(log, line, BY),
		text(log, line, HOST), text(log, line, BUILD)
	});
	if (position) {
		char	   *note = mem_format("in statement %ld, rows with keys below %s are done%s%s",
									  pipeline_number(log, line, STATEMENT) + 1, position, progress ? ": " : "",
									  progress ? progress : "");

		table_note(table, note);
		mem_free(note);
	}
	if (error)
		table_note(table, error);
	mem_free(versions);
	mem_free(progress);
}

int
cmd_log(const struct options *options)
{
	struct database database;
	struct pipeline pipeline = {0};
	struct table table;
	const struct pipeline_command *log;
	json_t	   *array = NULL;
	int			status = database_read(&database, &options->session);

	table_init(&table, table_columns, sizeof(table_columns) / sizeof(table_columns[0]));
	if (status == STATUS_OK && !database_versioned(&database))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;
	if (!database.record.recorded) {
		if (database.record.hidden) {
			report_error("permission denied for schema fitsdb_schema");
			status = STATUS_UNKNOWN;
		} else if (options->json)
			json_output_print(json_output_array());
		else
			report_note("the change log is empty");
		goto done;
	}
	trust_begin_reading(&database.session, &pipeline, "fitsdb_schema.change");
	pipeline_add(&pipeline, "SELECT c.id, c.command, c.version_from, c.version_to, c.state, c.statement, c.position,"
				 " c.build, c.by, c.from_host, c.started_at::timestamptz(0), c.finished_at::timestamptz(0), c.error"
				 " FROM ONLY fitsdb_schema.change c ORDER BY c.id", 0);
	session_end_reading(&pipeline);
	if (!session_query(&database.session, &pipeline, "read the log")) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	log = session_result(&pipeline);
	if (options->json)
		array = json_output_array();
	for (int i = 0; i < pipeline_row_count(log); i++) {
		struct batch_estimate estimate = estimate_progress(&database, log, i);

		if (array)
			json_output_append(array, to_json(log, i, &estimate));
		else
			add(&table, log, i, &estimate);
	}
	if (array)
		json_output_print(array);
	else
		table_print(&table, stdout, report_result_width(), report_result_color());
done:
	table_clear(&table);
	pipeline_clear(&pipeline);
	database_close(&database);
	return status;
}
