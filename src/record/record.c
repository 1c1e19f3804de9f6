/* Read the record. */
#include "record/record.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/record_version.h"
#include "record/trust.h"

#include "base/banned.h"

#define VERSION_TABLE "public.migrate_version"
#define STANDING_TABLE "fitsdb_schema.standing"
#define CHANGE_TABLE "fitsdb_schema.change"
#define MIGRATION_TABLE "fitsdb_schema.migration"

/* Each application that uses sqlalchemy-migrate has a row. The message names some of the others. */
#define READ_VERSION \
	"SELECT m.version, coalesce(m.repository_id::text = $1, false), m.repository_id" \
	" FROM ONLY public.migrate_version m ORDER BY 2 DESC, 3 LIMIT 12"

/* One row, unless data were restored into a database that had a row already. */
#define READ_STANDING "SELECT s.version, s.history, s.settled FROM ONLY fitsdb_schema.standing s LIMIT 100"
#define READ_FORM \
	"SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = to_regclass('" STANDING_TABLE "') AND i.indisprimary)," \
	" EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('" MIGRATION_TABLE "')" \
	" AND a.attname = 'drops' AND NOT a.attisdropped)"

/*
 * The last finished change and, after it, the last non-transactional change that is incomplete. A finished change has
 * always finished or reverted the incomplete ones before it.
 */
#define READ_CHANGES \
	"SELECT done.command, done.build, part.id, part.command, part.version_from, part.version_to, part.statement," \
	" part.position" \
	" FROM (SELECT 1) one" \
	" LEFT JOIN (SELECT c.id, c.command, c.build FROM ONLY fitsdb_schema.change c WHERE c.state = 'done'" \
	" ORDER BY c.id DESC LIMIT 1) done ON true" \
	" LEFT JOIN LATERAL (SELECT c.id, coalesce(c.command, '') AS command, c.version_from, c.version_to, c.statement," \
	" c.position FROM ONLY fitsdb_schema.change c" \
	" WHERE c.id > coalesce(done.id, 0) AND c.statement IS NOT NULL ORDER BY c.id DESC LIMIT 1) part ON true"

/* The number of commands of a transaction that reads one table, and which of them locks it. */
enum {
	FIRST_LOCK = 5, READING = 9
};

/* The columns of READ_CHANGES. */
enum {
	DONE_COMMAND, DONE_BUILD, PARTIAL_ID, PARTIAL_COMMAND, PARTIAL_FROM, PARTIAL_TO, PARTIAL_STATEMENT,
	PARTIAL_POSITION
};

/*
 * A change is incomplete only while the version is that of its start; otherwise the version was set by hand since. A
 * change that reverts an incomplete up or redoes the up of an incomplete down does not change the version. Its number
 * of finished statements is ignored, because all statements may be repeated.
 */
static void
store_incomplete(struct record *record, const struct pipeline_command *answer)
{
	int			from = (int) pipeline_number(answer, 0, PARTIAL_FROM);
	int			to = (int) pipeline_number(answer, 0, PARTIAL_TO);
	struct steps_incomplete *incomplete = &record->incomplete;

	if (!record->versioned || !pipeline_value(answer, 0, PARTIAL_ID) || from != record->version || from == INT_MAX)
		return;
	record->incomplete_change = mem_string(pipeline_value(answer, 0, PARTIAL_ID));
	incomplete->there = true;
	if (from != to) {
		incomplete->up = to > from;
		incomplete->version = incomplete->up ? to : from;
		incomplete->statements = (int) pipeline_number(answer, 0, PARTIAL_STATEMENT);
		record->incomplete_position = mem_string(pipeline_value(answer, 0, PARTIAL_POSITION));
	} else {
		incomplete->up = strcmp(pipeline_text(answer, 0, PARTIAL_COMMAND), "downgrade") == 0;
		incomplete->version = incomplete->up ? from + 1 : from;
	}
}

/*
 * Store the result of the last change. Its history checksum is valid only for the current version. Of several rows, use
 * the one for the current version; `settled` must be true in all of them. Returns that.
 */
static bool
store_standing(struct record *record, const struct pipeline_command *standing)
{
	int			lines = pipeline_row_count(standing);
	int			best = 0;
	bool		settled = true;
	const char *history_sum;

	for (int i = 0; i < lines; i++) {
		settled = settled && pipeline_bool(standing, i, 2);
		if (pipeline_value(standing, i, 0) && pipeline_number(standing, i, 0) == record->version
			&& pipeline_value(standing, i, 1))
			best = i;
	}
	history_sum = pipeline_value(standing, best, 1);
	record->crowded = lines > 1;
	record->has_last = pipeline_value(standing, best, 0) != NULL;
	record->last_version = (int) pipeline_number(standing, best, 0);
	if (history_sum && record->last_version == record->version && strlen(history_sum) < SHA256_SIZE) {
		record->has_history_checksum = true;
		memcpy(record->history_checksum, history_sum, strlen(history_sum) + 1);
	}
	return settled;
}

static void
report_unreadable(struct session *session, const struct pipeline_error *error)
{
	if (session_is_locked(error->sqlstate)) {
		session_report_locked(session, "read schema fitsdb_schema");
		return;
	}
	report_error("could not read schema fitsdb_schema: %s%s%s%s", error->message,
				 error->sqlstate[0] ? " (" : "", error->sqlstate, error->sqlstate[0] ? ")" : "");
	session_hint(error);
}

/*
 * Read a table of the record; the pipeline was begun by trust_begin_reading. A missing table is not an error: the next
 * change creates the record again.
 */
static bool
query_record(struct session *session, struct record *record, struct pipeline *pipeline, const char *table)
{
	const struct pipeline_error *error;

	session_end_reading(pipeline);
	if (pipeline_run(session->connection, pipeline))
		return true;
	error = &pipeline_failed(pipeline)->error;
	record->recorded = false;
	if (record_is_missing(error))
		return true;
	if (trust_refused(error) || record_is_no_table(error))
		trust_report(session, table);
	else
		report_unreadable(session, error);
	return false;
}

/* Read the log, which is needed if a migration is incomplete, and by commands that write. */
static bool
read_changes(struct session *session, struct record *record)
{
	struct pipeline pipeline = {.prepare = session->prepares};
	bool		answered;

	trust_begin_reading(session, &pipeline, CHANGE_TABLE);
	pipeline_add(&pipeline, READ_CHANGES, 0);
	answered = query_record(session, record, &pipeline, CHANGE_TABLE);
	if (answered && record->recorded) {
		const struct pipeline_command *found = session_result(&pipeline);

		record->log_read = true;
		record->last_command = mem_string(pipeline_value(found, 0, DONE_COMMAND));
		record->last_build = mem_string(pipeline_text(found, 0, DONE_BUILD));
		store_incomplete(record, found);
	}
	pipeline_clear(&pipeline);
	return answered;
}

/* The command that failed in the transaction that starts at `first`, or NULL. */
static const struct pipeline_command *
find_failed(const struct pipeline *pipeline, size_t first)
{
	for (size_t i = first; i < first + READING; i++)
		if (pipeline->commands[i].outcome == PIPELINE_FAILED)
			return &pipeline->commands[i];
	return NULL;
}

static bool
store_record(struct session *session, struct record *record, const struct pipeline *pipeline)
{
	const struct pipeline_command *failed = find_failed(pipeline, READING);

	if (failed) {
		record->hidden = record_is_forbidden(&failed->error);
		if (record->hidden || record_is_missing(&failed->error))
			return true;
		if (trust_refused(&failed->error) || record_is_no_table(&failed->error))
			trust_report(session, STANDING_TABLE);
		else
			report_unreadable(session, &failed->error);
		return false;
	}
	record->recorded = pipeline_row_count(session_result(pipeline)) > 0;
	return !record->recorded || store_standing(record, session_result(pipeline)) || read_changes(session, record);
}

/* Did the pipeline fail before it came to reading a table, or was the connection lost? Reports it. */
static bool
is_unread(struct session *session, const struct pipeline *pipeline)
{
	const struct pipeline_command *failed = pipeline_failed(pipeline);

	if (!failed || (!failed->error.lost && failed >= &pipeline->commands[FIRST_LOCK]))
		return false;
	if (session_is_locked(failed->error.sqlstate)) {
		record_report_locked(session);
		return true;
	}
	report_error("could not read the version: %s", failed->error.message);
	session_hint(&failed->error);
	return true;
}

static void
add_reading(struct pipeline *pipeline, struct session *session, const char *table, const char *sql, bool version)
{
	trust_begin_reading(session, pipeline, table);
	pipeline_add(pipeline, sql, version ? 1 : 0, history.repository_id);
	session_end_reading(pipeline);
}

bool
record_read_to_stamp(struct session *session, struct record *record)
{
	struct pipeline pipeline = {0};
	bool		read;

	/*
	 * One round trip, two transactions. Nothing is prepared: if the first one fails before it has prepared the check,
	 * the second one would not find that.
	 */
	*record = (struct record) {0};
	add_reading(&pipeline, session, VERSION_TABLE, READ_VERSION, true);
	add_reading(&pipeline, session, STANDING_TABLE, READ_STANDING, false);
	pipeline_run(session->connection, &pipeline);
	read = !is_unread(session, &pipeline)
		&& record_version_set(session, record, &pipeline.commands[READING - 2], find_failed(&pipeline, 0))
		&& store_record(session, record, &pipeline);
	pipeline_clear(&pipeline);
	return read;
}

bool
record_read(struct session *session, struct record *record)
{
	return record_read_to_stamp(session, record) && !record_version_report_fault(session, record);
}

bool
record_load(struct session *session, struct record *record)
{
	struct pipeline pipeline = {.prepare = session->prepares};
	const struct pipeline_command *rows;
	size_t		form;
	bool		loaded;

	if (!record->recorded || record->loaded)
		return true;
	if (!record->log_read && !read_changes(session, record))
		return false;
	if (!record->recorded)
		return true;
	trust_begin_reading(session, &pipeline, MIGRATION_TABLE);
	form = pipeline.count;
	pipeline_add(&pipeline, READ_FORM, 0);
	pipeline_add(&pipeline, "SELECT m.version, coalesce(m.name, ''), coalesce(m.checksum, ''), coalesce(m.history, ''),"
				 " m.applied_at::timestamptz(0) FROM ONLY fitsdb_schema.migration m ORDER BY m.version", 0);
	loaded = query_record(session, record, &pipeline, MIGRATION_TABLE);
	record->keyed = pipeline_bool(&pipeline.commands[form], 0, 0);
	record->stores_drops = pipeline_bool(&pipeline.commands[form], 0, 1);
	rows = session_result(&pipeline);
	record->loaded = loaded;
	for (int i = 0; loaded && record->recorded && i < pipeline_row_count(rows); i++) {
		record->migrations = mem_grow(record->migrations, record->count + 1, sizeof(*record->migrations));
		record->migrations[record->count++] = (struct record_migration) {
			.version = (int) pipeline_number(rows, i, 0),
			.name = mem_string(pipeline_text(rows, i, 1)),
			.checksum = mem_string(pipeline_text(rows, i, 2)),
			.history_checksum = mem_string(pipeline_text(rows, i, 3)),
			.applied_at = mem_string(pipeline_value(rows, i, 4)),
		};
	}
	pipeline_clear(&pipeline);
	return loaded;
}

static int
compare_versions(const void *left, const void *right)
{
	int			a = ((const struct record_migration *) left)->version;
	int			b = ((const struct record_migration *) right)->version;

	return (a > b) - (a < b);
}

const struct record_migration *
record_find(const struct record *record, int version)
{
	struct record_migration key = {.version = version};

	if (record->count == 0)
		return NULL;
	return bsearch(&key, record->migrations, record->count, sizeof(key), compare_versions);
}

bool
record_was_applied(const struct record *record, int version)
{
	const struct record_migration *row = record_find(record, version);

	return row && row->applied_at && record->has_last && record->last_version == version;
}

bool
record_holds(const struct record *record, const struct history_migration *migration)
{
	const struct record_migration *row = record_find(record, migration->version);

	return row && strcmp(row->checksum, migration->source.checksum) == 0;
}

int
record_highest(const struct record *record)
{
	const struct steps_incomplete *incomplete = &record->incomplete;

	return incomplete->there && incomplete->version > record->version ? incomplete->version : record->version;
}

bool
record_mismatch(const struct record *record)
{
	return record->versioned && record->has_history_checksum && record->version <= history.latest
		&& strcmp(record->history_checksum, history_checksum(record->version)) != 0;
}

char *
record_mismatched_versions(const struct record *record)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < record->count; i++) {
		const struct record_migration *row = &record->migrations[i];

		if (row->version >= 0 && row->version <= history.latest && row->version <= record->version
			&& strcmp(row->checksum, history_migration(row->version)->source.checksum) != 0)
			fprintf(stream, " %d", row->version);
	}
	mem_stream_close(stream);
	return text;
}

void
record_clear(struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		mem_free(record->migrations[i].name);
		mem_free(record->migrations[i].checksum);
		mem_free(record->migrations[i].history_checksum);
		mem_free(record->migrations[i].applied_at);
	}
	mem_free(record->migrations);
	mem_free(record->last_command);
	mem_free(record->last_build);
	mem_free(record->incomplete_change);
	mem_free(record->incomplete_position);
	mem_free(record->others);
	*record = (struct record) {0};
}
