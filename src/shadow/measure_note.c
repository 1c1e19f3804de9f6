/* Record the effects of a statement that was measured. */
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "plan/effects.h"
#include "shadow/look.h"
#include "shadow/measure_private.h"
#include "shadow/shadow.h"

#include "base/banned.h"

enum run_outcome
measure_run(struct session *session, struct pipeline *pipeline, const struct pipeline_command **failed)
{
	connection_set_interruptible(session->connection, true);
	pipeline_run(session->connection, pipeline);
	connection_set_interruptible(session->connection, false);
	*failed = pipeline_failed(pipeline);
	if (signals_stop()) {
		report_error("stopped by %s; nothing was changed", signals_stop());
		return RUN_OVER;
	}
	if (!*failed)
		return RUN_DONE;
	if ((*failed)->error.lost) {
		report_error("could not measure in the scratch database: %s", (*failed)->error.message);
		session_hint(&(*failed)->error);
		return RUN_OVER;
	}
	return RUN_FAILED;
}

void
measure_add_settings(struct run *run, struct pipeline *pipeline)
{
	shadow_add_settings(run->measure->shadow, pipeline);
	/* That an identifier is cut is no more than a notice. */
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('client_min_messages', 'notice', false)",
				 0)->sync_point = true;
}

void
measure_add_statement(const struct run *run, struct pipeline *pipeline, size_t number)
{
	const struct history_statement *statement;
	const char *sql = effects_sql(run->measurement, number, &statement);

	shadow_add_statement(pipeline, sql, statement->length, statement->batch != NULL);
}

void
measure_note_failure(struct run *run, const struct pipeline_error *error)
{
	run->measurement->failed = true;
	memcpy(run->measurement->sqlstate, error->sqlstate, sizeof(error->sqlstate));
	run->measurement->message = mem_string(error->message);
}

static void
add_setting(struct effects_statement *statement, const char *name)
{
	statement->settings = mem_grow(statement->settings, statement->setting_count + 1, sizeof(*statement->settings));
	statement->settings[statement->setting_count++] = mem_string(name);
}

static bool
has_setting(const struct effects_statement *statement, const char *name)
{
	for (size_t i = 0; i < statement->setting_count; i++)
		if (strcmp(statement->settings[i], name) == 0)
			return true;
	return false;
}

/* The settings that the statement has changed, for as long as there is its transaction or beyond. */
static void
note_settings(struct effects_statement *statement, const struct look *before, const struct look *after)
{
	const struct look *const looks[] = {before, after};

	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < looks[k]->setting_count; i++) {
			const char *name = looks[k]->settings[i].name;

			if (look_setting_differs(before, after, name) && !has_setting(statement, name))
				add_setting(statement, name);
		}
}

void
measure_keep_settings(struct effects_statement *statement, const struct look *begin, const struct look *end)
{
	size_t		kept = 0;

	for (size_t i = 0; i < statement->setting_count; i++)
		if (look_setting_differs(begin, end, statement->settings[i]))
			statement->settings[kept++] = statement->settings[i];
		else
			mem_free(statement->settings[i]);
	statement->setting_count = kept;
}

void
measure_compare(struct run *run, size_t number, struct look *after)
{
	struct effects_statement *statement = &run->measurement->statements[number];

	look_compare(statement, &run->start, &run->before, after);
	/* What counts scans does so within a transaction only. */
	for (size_t i = 0; statement->apart && i < statement->table_count; i++)
		for (size_t k = 0; k < statement->tables[i].change_count; k++)
			if (statement->tables[i].changes[k].kind == EFFECTS_INDEX)
				statement->tables[i].scanned = true;
	note_settings(statement, &run->before, after);
	for (size_t i = 0; i < statement->table_count; i++) {
		const struct look_relation *origin = look_relation(&run->measure->origin, statement->tables[i].oid);

		statement->tables[i].origin = origin ? mem_string(origin->name) : NULL;
	}
	look_clear(&run->before);
	run->before = *after;
	*after = (struct look) {0};
}

void
measure_hear(void *argument, const char *sqlstate, const char *message)
{
	struct effects_statement *statement = argument;

	if (strcmp(sqlstate, SQLSTATE_NAME_TOO_LONG) == 0 && !statement->cut)
		statement->cut = mem_string(message);
}
