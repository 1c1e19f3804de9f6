/* Measure each statement of a migration: probes before and after it, in its transaction. */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "history/sql_lexer.h"
#include "measure/by_key.h"
#include "measure/measuring.h"
#include "measure/probe_read.h"
#include "measure/uncertain.h"
#include "pg/connection.h"
#include "pg/sqlstate.h"

#include "base/banned.h"

/* --- settings --- */

/* Who the session is are settings too, but not of this view. */
#define SETTINGS \
	"SELECT s.name, s.setting FROM pg_catalog.pg_settings s WHERE s.source OPERATOR(pg_catalog.=) 'session'" \
	" AND s.name OPERATOR(pg_catalog.<>) 'role' AND s.name OPERATOR(pg_catalog.<>) 'session_authorization'" \
	" UNION ALL SELECT 'role', pg_catalog.current_setting('role')" \
	" UNION ALL SELECT 'session_authorization', session_user::text ORDER BY 1"

static void
take_settings(struct measuring *measuring, struct measuring_settings *settings, const struct pipeline_command *command)
{
	settings->count = (size_t) pipeline_row_count(command);
	settings->items = mem_grow(settings->items, settings->count + 1, sizeof(*settings->items));
	for (int i = 0; i < pipeline_row_count(command); i++)
		settings->items[i] = (struct measuring_setting) {
			arena_string(&measuring->arena, pipeline_text(command, i, 0)),
			arena_string(&measuring->arena, pipeline_text(command, i, 1))
		};
}

/* Has the setting the same value in both? */
static bool
has_same(const struct measuring_settings *settings, const struct measuring_setting *setting)
{
	for (size_t i = 0; i < settings->count; i++)
		if (strcmp(settings->items[i].name, setting->name) == 0)
			return strcmp(settings->items[i].value, setting->value) == 0;
	return false;
}

static void
add_setting(struct effects_statement *statement, const char *name)
{
	for (size_t i = 0; i < statement->setting_count; i++)
		if (strcmp(statement->settings[i], name) == 0)
			return;
	statement->settings = mem_grow(statement->settings, statement->setting_count + 1, sizeof(*statement->settings));
	statement->settings[statement->setting_count++] = mem_string(name);
}

/* The settings that differ. */
static void
compare_settings(struct effects_statement *statement, const struct measuring_settings *one,
				 const struct measuring_settings *other)
{
	for (size_t i = 0; i < one->count; i++)
		if (!has_same(other, &one->items[i]))
			add_setting(statement, one->items[i].name);
	for (size_t i = 0; i < other->count; i++)
		if (!has_same(one, &other->items[i]))
			add_setting(statement, other->items[i].name);
}

/* Do triggers and foreign keys do nothing? */
static bool
is_replica(const struct measuring_settings *settings)
{
	static const struct measuring_setting replica = {"session_replication_role", "replica"};

	return has_same(settings, &replica);
}

/* Of the settings that a statement has changed, keep those that differ from begin to end. */
static void
keep_settings(struct effects_statement *statement, const struct effects_statement *changed)
{
	size_t		kept = 0;

	for (size_t i = 0; i < statement->setting_count; i++) {
		bool		keep = false;

		for (size_t k = 0; k < changed->setting_count; k++)
			keep |= strcmp(statement->settings[i], changed->settings[k]) == 0;
		if (keep)
			statement->settings[kept++] = statement->settings[i];
		else
			mem_free(statement->settings[i]);
	}
	statement->setting_count = kept;
}

/* May the statement change settings? */
static bool
may_set(const struct measuring *measuring, size_t number)
{
	const struct history_statement *statement = &measuring->migration->up.statements[number];

	return uncertain_settings((const char *) measuring->migration->source.text + statement->offset, statement->length);
}

/* After a statement, in its transaction. */
static bool
read_settings(struct measuring *measuring, size_t number)
{
	struct pipeline pipeline = {0};
	struct measuring_settings now = {0};
	const struct pipeline_command *failed;

	if (!may_set(measuring, number))
		return true;
	pipeline_add(&pipeline, SETTINGS, 0);
	failed = measuring_run_quietly(measuring, &pipeline);
	if (failed)
		measuring_report(measuring, &failed->error, SIZE_MAX);
	else {
		take_settings(measuring, &now, &pipeline.commands[0]);
		compare_settings(&measuring->effects->statements[number], &measuring->changing, &now);
		measuring->effects->statements[number].replica = is_replica(&now) && !is_replica(&measuring->changing);
		mem_free(measuring->changing.items);
		measuring->changing = now;
	}
	pipeline_clear(&pipeline);
	return !failed;
}

/* --- statements --- */

void
measuring_compare(struct measuring *measuring, size_t number, struct probe *after)
{
	const struct history_statement *source = &measuring->migration->up.statements[number];
	struct effects_statement *statement = &measuring->effects->statements[number];
	const char *text = (const char *) measuring->migration->source.text + source->offset;
	char	   *sql = mem_copy(text, source->length);

	probe_compare(statement, &measuring->start, &measuring->before, after);
	probe_find_losses(statement, &measuring->start, &measuring->before, after, sql);
	for (size_t i = 0; i < statement->table_count; i++)
		statement->tables[i].by_key = (statement->tables[i].updated || statement->tables[i].deleted)
			&& by_key_changes(sql, &measuring->before, statement->tables[i].oid);
	/* Scans are counted within a transaction only. */
	for (size_t i = 0; statement->apart && i < statement->table_count; i++)
		for (size_t k = 0; k < statement->tables[i].change_count; k++)
			if (statement->tables[i].changes[k].kind == EFFECTS_INDEX)
				statement->tables[i].scanned = true;
	statement->unmeasured = after->calls > measuring->before.calls || uncertain_work(text, source->length);
	statement->loops = after->loops > measuring->before.loops || uncertain_loop(text, source->length);
	mem_free(sql);
	probe_clear(&measuring->before);
	measuring->before = *after;
	*after = (struct probe) {0};
}

/* Remember that the server has truncated an identifier. */
static void
on_notice(void *argument, const char *sqlstate, const char *message)
{
	struct effects_statement *statement = argument;

	if (strcmp(sqlstate, SQLSTATE_NAME_TOO_LONG) == 0 && !statement->cut)
		statement->cut = mem_string(message);
}

static void
listen(struct measuring *measuring, size_t number)
{
	connection_set_notice_handler(measuring->measurer->session.connection, on_notice,
								  &measuring->effects->statements[number]);
}

/* The oid of the newest relation. */
static unsigned
newest(const struct probe *probe)
{
	unsigned	oid = 0;

	for (size_t i = 0; i < probe->relation_count; i++)
		if (probe->relations[i].oid > oid)
			oid = probe->relations[i].oid;
	return oid;
}

/* Add a probe of all tables, as the last command. */
static void
add_probe_of_all(struct measuring *measuring, struct pipeline *pipeline)
{
	probe_read_add(pipeline, true, 0, measuring->measurer->noted);
}

static void
take_last_probe(struct measuring *measuring, struct pipeline *pipeline, struct probe *probe)
{
	probe_clear(probe);
	probe_read_take(probe, &measuring->arena, &pipeline->commands[pipeline->count - 1], &measuring->measurer->noted);
	if (!measuring->started)
		probe_complete(&measuring->start, probe);
	measuring->started = true;
}

bool
measuring_probe_all(struct measuring *measuring, struct probe *probe)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;

	add_probe_of_all(measuring, &pipeline);
	failed = measuring_run_quietly(measuring, &pipeline);
	if (failed)
		measuring_report(measuring, &failed->error, SIZE_MAX);
	else
		take_last_probe(measuring, &pipeline, probe);
	pipeline_clear(&pipeline);
	return !failed;
}

/*
 * Begin a transaction of the statements from number `from` to `to`. `first`: with one that must come before any query,
 * and which is not measured.
 */
static bool
begin(struct measuring *measuring, size_t from, size_t to, bool first)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	bool		again = measuring->started && !first;
	size_t		settings;

	measuring->reads_settings = false;
	for (size_t i = from; i <= to; i++)
		measuring->reads_settings |= may_set(measuring, i);
	measuring_add_settings(measuring, &pipeline);
	settings = pipeline.count;
	if (measuring->reads_settings)
		pipeline_add(&pipeline, SETTINGS, 0)->sync_point = true;
	pipeline_add(&pipeline, "BEGIN", 0);
	if (first)
		measuring_add_statement(measuring, &pipeline, 0);
	if (again)
		probe_read_add_counts(&pipeline);
	else
		add_probe_of_all(measuring, &pipeline);
	failed = measuring_run_quietly(measuring, &pipeline);
	if (failed)
		measuring_report(measuring, &failed->error, first ? 0 : SIZE_MAX);
	else {
		if (measuring->reads_settings) {
			take_settings(measuring, &measuring->settings, &pipeline.commands[settings]);
			take_settings(measuring, &measuring->changing, &pipeline.commands[settings]);
		}
		if (again)
			probe_read_take_counts(&measuring->before, &pipeline.commands[pipeline.count - 1]);
		else
			take_last_probe(measuring, &pipeline, &measuring->before);
	}
	pipeline_clear(&pipeline);
	return !failed;
}

static bool
roll_back(struct measuring *measuring)
{
	struct pipeline pipeline = {0};

	pipeline_add(&pipeline, "ROLLBACK", 0);
	return measuring_run(measuring, &pipeline, SIZE_MAX);
}

/* A schema's new name is that of its tables, too, which it does not lock. */
static bool
renames_schema(const struct measuring *measuring, size_t number)
{
	const struct history_statement *statement = &measuring->migration->up.statements[number];
	struct sql_lexer_phrase phrase;
	bool		renames;

	phrase_read(&phrase, (const char *) measuring->migration->source.text + statement->offset, statement->length);
	renames = phrase_says(&phrase, 0, "alter schema") > 0;
	phrase_clear(&phrase);
	return renames;
}

/*
 * One statement in the open transaction. With `apart`, *apart is set if it fails because of the transaction, which is
 * then rolled back.
 */
static bool
run_within(struct measuring *measuring, size_t number, bool *apart)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	bool		outside;

	listen(measuring, number);
	measuring_add_statement(measuring, &pipeline, number);
	if (renames_schema(measuring, number))
		add_probe_of_all(measuring, &pipeline);
	else
		probe_read_add(&pipeline, false, newest(&measuring->start), measuring->measurer->noted);
	failed = measuring_run_quietly(measuring, &pipeline);
	outside = failed && apart && pipeline_error_is(&failed->error, SQLSTATE_ACTIVE_SQL_TRANSACTION);
	if (failed && !outside)
		measuring_report(measuring, &failed->error, number);
	if (!failed) {
		struct probe after = {0};

		probe_read_take(&after, &measuring->arena, &pipeline.commands[pipeline.count - 1],
						&measuring->measurer->noted);
		probe_complete(&after, &measuring->before);
		measuring_compare(measuring, number, &after);
	}
	pipeline_clear(&pipeline);
	if (apart)
		*apart = outside;
	return failed ? outside && roll_back(measuring) : read_settings(measuring, number);
}

/* Commit, and see which settings of the statements from `first` to `last` remain. */
static bool
commit(struct measuring *measuring, size_t first, size_t last)
{
	struct pipeline pipeline = {0};
	struct measuring_settings end = {0};
	struct effects_statement changed = {0};
	const struct pipeline_command *failed;

	pipeline_add(&pipeline, "COMMIT", 0);
	if (measuring->reads_settings)
		pipeline_add(&pipeline, SETTINGS, 0);
	failed = measuring_run_quietly(measuring, &pipeline);
	if (failed)
		measuring_report(measuring, &failed->error, SIZE_MAX);
	else if (measuring->reads_settings) {
		take_settings(measuring, &end, &pipeline.commands[1]);
		compare_settings(&changed, &measuring->settings, &end);
		for (size_t i = first; i <= last; i++)
			keep_settings(&measuring->effects->statements[i], &changed);
	}
	effects_statement_clear(&changed);
	mem_free(end.items);
	pipeline_clear(&pipeline);
	return !failed;
}

static bool
in_one_transaction(struct measuring *measuring, size_t count)
{
	bool		apart;
	bool		done = begin(measuring, 0, count - 1, false) && run_within(measuring, 0, &apart);

	/* SET TRANSACTION. */
	if (done && apart)
		done = begin(measuring, 0, count - 1, true);
	for (size_t i = 1; done && i < count; i++)
		done = run_within(measuring, i, NULL);
	return done && commit(measuring, 0, count - 1);
}

/* Each by itself: in a transaction, where more is to be seen, unless it cannot be in one. */
static bool
in_single_statements(struct measuring *measuring, size_t count)
{
	bool		done = true;

	for (size_t i = 0; done && i < count; i++) {
		bool		apart = false;

		done = begin(measuring, i, i, false) && run_within(measuring, i, &apart)
			&& (apart ? measuring_apart(measuring, i) : commit(measuring, i, i));
	}
	return done;
}

bool
measuring_statements(struct measuring *measuring)
{
	const struct history_section *up = &measuring->migration->up;
	bool		done = up->count == 0
		|| (up->transactional ? in_one_transaction(measuring, up->count) : in_single_statements(measuring, up->count));

	connection_set_notice_handler(measuring->measurer->session.connection, NULL, NULL);
	/* Behind the last statement nothing but privileges has changed. */
	if (done) {
		probe_find_unindexed(measuring->effects, &measuring->start, &measuring->before);
		probe_keep_lasting(measuring->effects, &measuring->start, &measuring->before);
	}
	return done;
}
