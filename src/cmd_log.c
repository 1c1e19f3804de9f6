/* log: what was done to the database, when, by whom. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "half_way.h"
#include "lock.h"
#include "mem.h"
#include "output.h"
#include "table.h"
#include "trust.h"
#include "work.h"

#include "banned.h"

/* The columns of the query, in its order; for JSON by these names. */
static const char *const columns[] = {
	"id", "command", "version_from", "version_to", "state", "statement", "position", "build", "by", "from_host",
	"started_at", "finished_at", "error"
};

enum {
	ID, COMMAND, FROM, TO, STATE, STATEMENT, POSITION, BUILD, BY, HOST, STARTED, FINISHED, ERROR, COLUMN_COUNT
};

/* How far the change has got, if it is the one that is half-way. */
static struct half_way
find_progress(struct work *work, const struct db_command *log, int line)
{
	struct half_way half_way = {.percent = -1,.seconds_left = -1};
	const char *change = work->state.partial_change;

	if (change && strcmp(db_text(log, line, ID), change) == 0) {
		struct lock_holder holder;

		lock_find_holder(&holder, &work->session);
		half_way_look(&half_way, &work->session, &work->state, holder.is_run);
		mem_free(holder.session);
	}
	return half_way;
}

/* What people see of it. */
static const struct table_column table_columns[] = {
	{.title = "started at"}, {.title = "command"}, {.title = "version"}, {.title = "state"},
	{.title = "by",.may_be_cut = true}, {.title = "from host",.may_be_cut = true,.may_be_left_out = true},
	{.title = "build",.may_be_cut = true,.may_be_left_out = true},
};

static json_t *
to_json(const struct db_command *log, int line, const struct half_way *half_way)
{
	json_t	   *object = json_object();

	for (int c = 0; c < COLUMN_COUNT; c++) {
		bool		number = c == ID || c == FROM || c == TO || c == STATEMENT;
		json_t	   *value = number && db_value(log, line, c) ? json_integer(db_number(log, line, c))
			: output_text(db_value(log, line, c));

		output_set(object, columns[c], value);
	}
	output_set(object, "percent", output_known(half_way->percent));
	output_set(object, "seconds_left", output_known(half_way->seconds_left));
	return object;
}

static const char *
text(const struct db_command *log, int line, int column)
{
	const char *value = db_value(log, line, column);

	return value ? value : "-";
}

static enum table_mood
mood_of(const char *state)
{
	return strcmp(state, "done") == 0 ? TABLE_PLAIN : strcmp(state, "running") == 0 ? TABLE_WAITS : TABLE_WRONG;
}

static void
add(struct table *table, const struct db_command *log, int line, const struct half_way *half_way)
{
	char	   *far = half_way_text(half_way);
	const char *error = db_value(log, line, ERROR);
	const char *position = db_value(log, line, POSITION);
	char	   *versions = mem_format("%3s -> %s", text(log, line, FROM), text(log, line, TO));

	table_add(table, mood_of(text(log, line, STATE)), (const char *[]) {
		text(log, line, STARTED), text(log, line, COMMAND), versions, text(log, line, STATE), text(log, line, BY),
		text(log, line, HOST), text(log, line, BUILD)
	});
	if (position) {
		char	   *note = mem_format("in statement %ld, keys below %s are done%s%s",
									  db_number(log, line, STATEMENT) + 1, position, far ? ": " : "", far ? far : "");

		table_note(table, note);
		mem_free(note);
	}
	if (error)
		table_note(table, error);
	mem_free(versions);
	mem_free(far);
}

int
cmd_log(const struct options *options)
{
	struct work work;
	struct db_batch batch = {0};
	struct table table;
	const struct db_command *log;
	json_t	   *array = NULL;
	int			status = work_read(&work, options);

	table_init(&table, table_columns, sizeof(table_columns) / sizeof(table_columns[0]));
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;
	if (!work.state.recorded) {
		if (work.state.hidden) {
			report_error("schema fitsdb_schema may not be read by this role");
			status = STATUS_UNKNOWN;
		} else if (options->json)
			output_json(output_array());
		else
			report_note("nothing is on record yet: the first change by this program will be");
		goto done;
	}
	trust_begin_reading(&work.session, &batch, "fitsdb_schema.change");
	db_add(&batch, "SELECT c.id, c.command, c.version_from, c.version_to, c.state, c.statement, c.position,"
		   " c.build, c.by, c.from_host, c.started_at::timestamptz(0), c.finished_at::timestamptz(0), c.error"
		   " FROM ONLY fitsdb_schema.change c ORDER BY c.id", 0);
	session_end_reading(&batch);
	if (!session_query(&work.session, &batch, "read the log")) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	log = session_read(&batch);
	if (options->json)
		array = output_array();
	for (int i = 0; i < db_lines(log); i++) {
		struct half_way half_way = find_progress(&work, log, i);

		if (array)
			output_append(array, to_json(log, i, &half_way));
		else
			add(&table, log, i, &half_way);
	}
	if (array)
		output_json(array);
	else
		table_print(&table, stdout, report_result_width(), report_result_color());
done:
	table_clear(&table);
	db_batch_clear(&batch);
	work_end(&work);
	return status;
}
