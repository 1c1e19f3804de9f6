/* Run the planned steps in a scratch copy, and find what they remove. */
#include "shadow/rehearse.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "shadow/copy.h"
#include "shadow/shadow.h"

#include "base/banned.h"

/*
 * What there is before: by the numbers that a rename leaves as they are. A trigger for each statement is told of a
 * DELETE also where there is no row for it to find.
 */
static const char *const notes[] = {
	"CREATE SCHEMA fitsdb_schema",
	"CREATE TABLE fitsdb_schema.before AS SELECT c.oid AS relation, c.relname::text AS name, a.attnum,"
	" a.attname::text AS part FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_attribute a"
	" ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
	" WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')",
	"CREATE TABLE fitsdb_schema.emptied (relation oid)",
	"CREATE FUNCTION fitsdb_schema.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
	" SET search_path = pg_catalog AS 'BEGIN INSERT INTO fitsdb_schema.emptied VALUES (TG_RELID); RETURN NULL; END'",
	"DO $do$ DECLARE t text; BEGIN FOR t IN SELECT DISTINCT b.relation::regclass FROM fitsdb_schema.before b LOOP"
	" EXECUTE format('CREATE TRIGGER fitsdb_schema_note BEFORE DELETE OR TRUNCATE ON %s FOR EACH STATEMENT"
	" EXECUTE PROCEDURE fitsdb_schema.note()', t); END LOOP; END $do$",
};

#define FIND_VANISHED \
	"SELECT DISTINCT b.name, NULL, 0 FROM fitsdb_schema.before b" \
	" WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = b.relation)" \
	" UNION ALL SELECT b.name, b.part, 1 FROM fitsdb_schema.before b JOIN pg_class c ON c.oid = b.relation" \
	" JOIN pg_attribute a ON a.attrelid = b.relation AND a.attnum = b.attnum AND a.attisdropped" \
	" UNION ALL SELECT DISTINCT b.name, NULL, 2 FROM fitsdb_schema.before b" \
	" JOIN fitsdb_schema.emptied e ON e.relation = b.relation JOIN pg_class c ON c.oid = b.relation" \
	" ORDER BY 1, 3, 2"

enum {
	LIMIT = 30					/* seconds for all of it */
};

/* What is left of that, in milliseconds; at least one. */
static int
left(long began)
{
	double		seconds = LIMIT - (double) (clock_milliseconds() - began) / 1000;

	return seconds > 0.001 ? (int) (seconds * 1000) : 1;
}

/* The settings of a script, with no more time for a statement than is left. */
static void
add_settings(struct shadow *shadow, struct pipeline *pipeline, long began)
{
	char	   *milliseconds = mem_format("%d", left(began));

	shadow_add_settings(shadow, pipeline);
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('statement_timeout', $1, false)", 1,
				 milliseconds)->sync_point = true;
	connection_set_timeout(shadow->session.connection, left(began));
	mem_free(milliseconds);
}

static bool
run(struct shadow *shadow, struct pipeline *pipeline, char **why)
{
	bool		done;

	connection_set_interruptible(shadow->session.connection, true);
	done = pipeline_run(shadow->session.connection, pipeline);
	connection_set_interruptible(shadow->session.connection, false);
	if (!done)
		*why = mem_string(pipeline_failed(pipeline)->error.message);
	return done;
}

static bool
create_triggers(struct shadow *shadow, long began, char **why)
{
	struct pipeline pipeline = {0};
	bool		taken;

	add_settings(shadow, &pipeline, began);
	session_add_own_settings(&pipeline);
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		pipeline_add(&pipeline, notes[i], 0);
	taken = run(shadow, &pipeline, why);
	pipeline_clear(&pipeline);
	return taken;
}

/* As it would be run for good, but for the record; an incomplete migration may be repeated from its beginning. */
static bool
run_job(struct shadow *shadow, const struct task *task, long began, char **why)
{
	struct pipeline pipeline = {0};
	char	   *message = NULL;
	bool		done;

	add_settings(shadow, &pipeline, began);
	if (task->list.transactional)
		pipeline_add(&pipeline, "BEGIN", 0);
	for (size_t i = 0; i < task->list.count; i++) {
		const struct statement_list_item *statement = &task->list.statements[i];

		shadow_add_statement(&pipeline, statement->text, strlen(statement->text), statement->batch.table != NULL);
		pipeline.commands[pipeline.count - 1].sync_point = !task->list.transactional;
	}
	if (task->list.transactional)
		pipeline_add(&pipeline, "COMMIT", 0);
	done = run(shadow, &pipeline, &message);
	if (!done)
		*why = mem_format("%s failed there: %s", task->title, message);
	mem_free(message);
	pipeline_clear(&pipeline);
	return done;
}

static bool
find_vanished(struct rehearsal *rehearsal, struct shadow *shadow, long began)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *rows;
	bool		found;

	add_settings(shadow, &pipeline, began);
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_VANISHED, 0);
	found = run(shadow, &pipeline, &rehearsal->why);
	rows = &pipeline.commands[pipeline.count - 1];
	for (int i = 0; found && i < pipeline_row_count(rows); i++) {
		rehearsal->items = mem_grow(rehearsal->items, rehearsal->count + 1, sizeof(*rehearsal->items));
		rehearsal->items[rehearsal->count++] = (struct vanished) {.table = mem_string(pipeline_text(rows, i, 0)),
			.column = mem_string(pipeline_value(rows, i, 1)),.kind = (enum vanished_kind) pipeline_number(rows, i, 2)
		};
	}
	pipeline_clear(&pipeline);
	return found;
}

/* It took too long: the server may be at work still, and a database in use cannot be dropped. */
static void
end_session(struct shadow *shadow, char **why)
{
	struct pipeline pipeline = {0};
	char	   *pid = mem_format("%d", shadow->session.backend);

	pipeline_add(&pipeline, "SELECT pg_catalog.pg_terminate_backend($1::integer)", 1, pid);
	(void) pipeline_run(shadow->server.connection, &pipeline);
	pipeline_clear(&pipeline);
	mem_free(pid);
	mem_free(*why);
	*why = mem_format("trying it took longer than %d s", LIMIT);
}

bool
rehearse(struct rehearsal *rehearsal, struct session *session, const struct task *jobs, size_t count,
		 const char *elsewhere)
{
	long		began = clock_milliseconds();
	struct shadow shadow = {0};
	bool		opened;
	bool		done;

	*rehearsal = (struct rehearsal) {0};
	/* That none can be had is no fault of the command's, unless one was asked for. */
	if (!elsewhere)
		report_hold();
	opened = done = shadow_open(&shadow, session, elsewhere);
	report_release(false);
	if (!done && !elsewhere)
		rehearsal->why = mem_string("no scratch database could be created to try it in");
	if (done)
		connection_set_timeout(shadow.session.connection, left(began));
	done = done && copy_schema(&shadow, session, &rehearsal->why) && create_triggers(&shadow, began, &rehearsal->why);
	for (size_t i = 0; done && i < count; i++)
		done = !signals_stop() && run_job(&shadow, &jobs[i], began, &rehearsal->why);
	done = done && find_vanished(rehearsal, &shadow, began);
	if (opened && !done && (double) (clock_milliseconds() - began) / 1000 >= LIMIT)
		end_session(&shadow, &rehearsal->why);
	shadow_close(&shadow);
	return done;
}

void
rehearse_clear(struct rehearsal *rehearsal)
{
	for (size_t i = 0; i < rehearsal->count; i++) {
		mem_free(rehearsal->items[i].table);
		mem_free(rehearsal->items[i].column);
	}
	mem_free(rehearsal->items);
	mem_free(rehearsal->why);
	*rehearsal = (struct rehearsal) {0};
}
