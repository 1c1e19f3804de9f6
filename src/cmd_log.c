/* log: what was done to the database, when, by whom. */
#include <stdio.h>

#include "commands.h"
#include "output.h"
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

static json_t *
to_json(const struct db_command *log, int line)
{
	json_t	   *object = json_object();

	for (int c = 0; c < COLUMN_COUNT; c++) {
		bool		number = c == ID || c == FROM || c == TO || c == STATEMENT;
		json_t	   *value = number && db_value(log, line, c) ? json_integer(db_number(log, line, c))
			: output_text(db_value(log, line, c));

		output_set(object, columns[c], value);
	}
	return object;
}

static const char *
text(const struct db_command *log, int line, int column)
{
	const char *value = db_value(log, line, column);

	return value ? value : "-";
}

static void
print(const struct db_command *log, int line)
{
	const char *error = db_value(log, line, ERROR);
	const char *position = db_value(log, line, POSITION);

	printf("%-22s  %-9s  %4s -> %-4s  %-11s  %s on %s, build %s\n", text(log, line, STARTED), text(log, line, COMMAND),
		   text(log, line, FROM), text(log, line, TO), text(log, line, STATE), text(log, line, BY),
		   text(log, line, HOST), text(log, line, BUILD));
	if (position)
		printf("%22s  in statement %ld, keys below %s are done\n", "", db_number(log, line, STATEMENT) + 1, position);
	if (error)
		printf("%22s  %s\n", "", error);
}

int
cmd_log(const struct options *options)
{
	struct work work;
	struct db_batch batch = {0};
	const struct db_command *log;
	int			status = work_read(&work, options);

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
	session_add_own(&batch);
	db_add(&batch, "SELECT c.id, c.command, c.version_from, c.version_to, c.state, c.statement, c.position, c.build, c.by,"
		   " c.from_host, c.started_at::timestamptz(0), c.finished_at::timestamptz(0), c.error"
		   " FROM fitsdb_schema.change c ORDER BY c.id", 0);
	if (!session_query(&work.session, &batch, "read the log")) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	log = &batch.commands[1];
	if (options->json) {
		json_t	   *array = output_array();

		for (int i = 0; i < db_lines(log); i++)
			output_append(array, to_json(log, i));
		output_json(array);
	} else
		for (int i = 0; i < db_lines(log); i++)
			print(log, i);
done:
	db_batch_clear(&batch);
	work_end(&work);
	return status;
}
