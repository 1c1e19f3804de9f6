/* Reading the state. */
#include "state.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "report.h"
#include "state_private.h"
#include "trust.h"

#include "banned.h"

#define VERSION_TABLE "public.migrate_version"
#define STANDING_TABLE "fitsdb_schema.standing"
#define CHANGE_TABLE "fitsdb_schema.change"
#define MIGRATION_TABLE "fitsdb_schema.migration"

/* Each application that uses sqlalchemy-migrate has a row; some of the others, for the message. */
#define READ_VERSION \
	"SELECT m.version, coalesce(m.repository_id::text = $1, false), m.repository_id" \
	" FROM ONLY public.migrate_version m ORDER BY 2 DESC, 3 LIMIT 12"

/* One row, unless data were restored into a database that had one already. */
#define READ_STANDING "SELECT s.version, s.history, s.settled FROM ONLY fitsdb_schema.standing s LIMIT 100"
#define READ_KEYED \
	"SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = to_regclass('" STANDING_TABLE "') AND i.indisprimary)"

/*
 * The command of the last change that was done, and, behind it, what stopped half-way in single statements: each change
 * that is done has first settled what had stopped.
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

/* How many commands a transaction is that reads one table, and which of them locks it. */
enum {
	FIRST_LOCK = 5, READING = 9
};

/* The columns of READ_CHANGES. */
enum {
	DONE_COMMAND, DONE_BUILD, PARTIAL_ID, PARTIAL_COMMAND, PARTIAL_FROM, PARTIAL_TO, PARTIAL_STATEMENT,
	PARTIAL_POSITION
};

/*
 * What stopped half-way counts only while the version is still where it was then: who sets the version by hand has
 * settled it. Where that change was itself to undo an up or to redo a down that had stopped half-way, the version was
 * not to change, and which statements are done no longer says anything; all of them may be repeated.
 */
static void
take_partial(struct state *state, const struct db_command *record)
{
	int			from = (int) db_number(record, 0, PARTIAL_FROM);
	int			to = (int) db_number(record, 0, PARTIAL_TO);
	struct partial *partial = &state->partial;

	if (!state->versioned || !db_value(record, 0, PARTIAL_ID) || from != state->version || from == INT_MAX)
		return;
	state->partial_change = mem_string(db_value(record, 0, PARTIAL_ID));
	partial->there = true;
	if (from != to) {
		partial->up = to > from;
		partial->version = partial->up ? to : from;
		partial->statements = (int) db_number(record, 0, PARTIAL_STATEMENT);
		state->partial_position = mem_string(db_value(record, 0, PARTIAL_POSITION));
	} else {
		partial->up = strcmp(db_text(record, 0, PARTIAL_COMMAND), "downgrade") == 0;
		partial->version = partial->up ? from + 1 : from;
	}
}

/*
 * What the last change led to. Where that is another version than there is, its history says nothing. Of several rows,
 * the one that is true of the current version is taken, and whether nothing is half-way must be true of all.
 */
static bool
take_standing(struct state *state, const struct db_command *standing)
{
	int			lines = db_lines(standing);
	int			best = 0;
	bool		settled = true;
	const char *chain;

	for (int i = 0; i < lines; i++) {
		settled = settled && db_truth(standing, i, 2);
		if (db_value(standing, i, 0) && db_number(standing, i, 0) == state->version && db_value(standing, i, 1))
			best = i;
	}
	chain = db_value(standing, best, 1);
	state->crowded = lines > 1;
	state->has_last = db_value(standing, best, 0) != NULL;
	state->last_version = (int) db_number(standing, best, 0);
	if (chain && state->last_version == state->version && strlen(chain) < CHECKSUM_SIZE) {
		state->has_chain = true;
		memcpy(state->chain, chain, strlen(chain) + 1);
	}
	return settled;
}

static void
report_unreadable(struct session *session, const struct db_error *error)
{
	if (session_is_locked(error->sqlstate)) {
		session_report_locked(session, "read the record in schema fitsdb_schema");
		return;
	}
	report_error("could not read the record in schema fitsdb_schema: %s%s%s%s", error->message,
				 error->sqlstate[0] ? " (" : "", error->sqlstate, error->sqlstate[0] ? ")" : "");
	session_hint(error);
}

/*
 * Read a table of the record: the batch is one of trust_begin_reading's. A table that somebody has dropped is no
 * failure: the next change makes the record anew.
 */
static bool
query_record(struct session *session, struct state *state, struct db_batch *batch, const char *table)
{
	const struct db_error *error;

	session_end_reading(batch);
	if (db_run(session->db, batch))
		return true;
	error = &db_failed(batch)->error;
	state->recorded = false;
	if (state_is_missing(error))
		return true;
	if (trust_refused(error) || state_is_no_table(error))
		trust_report(session, table);
	else
		report_unreadable(session, error);
	return false;
}

/* The log's part of the state: needed where something stopped half-way, and by whoever writes. */
static bool
read_changes(struct session *session, struct state *state)
{
	struct db_batch batch = {.prepare = session->prepares};
	bool		answered;

	trust_begin_reading(session, &batch, CHANGE_TABLE);
	db_add(&batch, READ_CHANGES, 0);
	answered = query_record(session, state, &batch, CHANGE_TABLE);
	if (answered && state->recorded) {
		const struct db_command *found = session_read(&batch);

		state->log_read = true;
		state->last_command = mem_string(db_value(found, 0, DONE_COMMAND));
		state->last_build = mem_string(db_text(found, 0, DONE_BUILD));
		take_partial(state, found);
	}
	db_batch_clear(&batch);
	return answered;
}

/* Of the commands of one transaction in a batch, the one that failed, or NULL. */
static const struct db_command *
find_failed(const struct db_batch *batch, size_t first)
{
	for (size_t i = first; i < first + READING; i++)
		if (batch->commands[i].outcome == DB_FAILED)
			return &batch->commands[i];
	return NULL;
}

static bool
take_record(struct session *session, struct state *state, const struct db_batch *batch)
{
	const struct db_command *failed = find_failed(batch, READING);

	if (failed) {
		state->hidden = state_is_forbidden(&failed->error);
		if (state->hidden || state_is_missing(&failed->error))
			return true;
		if (trust_refused(&failed->error) || state_is_no_table(&failed->error))
			trust_report(session, STANDING_TABLE);
		else
			report_unreadable(session, &failed->error);
		return false;
	}
	state->recorded = db_lines(session_read(batch)) > 0;
	return !state->recorded || take_standing(state, session_read(batch)) || read_changes(session, state);
}

/* Is the connection lost, or has it not even come to reading? Reports it. */
static bool
is_unread(struct session *session, const struct db_batch *batch)
{
	const struct db_command *failed = db_failed(batch);

	if (!failed || (!failed->error.lost && failed >= &batch->commands[FIRST_LOCK]))
		return false;
	if (session_is_locked(failed->error.sqlstate)) {
		state_report_locked(session);
		return true;
	}
	report_error("could not read the version: %s", failed->error.message);
	session_hint(&failed->error);
	return true;
}

static void
add_reading(struct db_batch *batch, struct session *session, const char *table, const char *sql, bool version)
{
	trust_begin_reading(session, batch, table);
	db_add(batch, sql, version ? 1 : 0, history.repository_id);
	session_end_reading(batch);
}

bool
state_read_to_stamp(struct session *session, struct state *state)
{
	struct db_batch batch = {.prepare = session->prepares};
	bool		read;

	/* In one go, as two transactions. */
	*state = (struct state) {0};
	add_reading(&batch, session, VERSION_TABLE, READ_VERSION, true);
	add_reading(&batch, session, STANDING_TABLE, READ_STANDING, false);
	db_run(session->db, &batch);
	read = !is_unread(session, &batch)
		&& state_take_version(session, state, &batch.commands[READING - 2], find_failed(&batch, 0))
		&& take_record(session, state, &batch);
	db_batch_clear(&batch);
	return read;
}

bool
state_read(struct session *session, struct state *state)
{
	return state_read_to_stamp(session, state) && !state_report_fault(session, state);
}

bool
state_load(struct session *session, struct state *state)
{
	struct db_batch batch = {.prepare = session->prepares};
	const struct db_command *rows;
	size_t		keyed;
	bool		loaded;

	if (!state->recorded || state->loaded)
		return true;
	if (!state->log_read && !read_changes(session, state))
		return false;
	if (!state->recorded)
		return true;
	trust_begin_reading(session, &batch, MIGRATION_TABLE);
	keyed = batch.count;
	db_add(&batch, READ_KEYED, 0);
	db_add(&batch, "SELECT m.version, coalesce(m.name, ''), coalesce(m.checksum, ''), coalesce(m.history, ''),"
		   " m.applied_at::timestamptz(0) FROM ONLY fitsdb_schema.migration m ORDER BY m.version", 0);
	loaded = query_record(session, state, &batch, MIGRATION_TABLE);
	state->keyed = db_truth(&batch.commands[keyed], 0, 0);
	rows = session_read(&batch);
	state->loaded = loaded;
	for (int i = 0; loaded && state->recorded && i < db_lines(rows); i++) {
		state->migrations = mem_grow(state->migrations, state->count + 1, sizeof(*state->migrations));
		state->migrations[state->count++] = (struct state_migration) {
			.version = (int) db_number(rows, i, 0),
			.name = mem_string(db_text(rows, i, 1)),
			.checksum = mem_string(db_text(rows, i, 2)),
			.chain = mem_string(db_text(rows, i, 3)),
			.applied_at = mem_string(db_value(rows, i, 4)),
		};
	}
	db_batch_clear(&batch);
	return loaded;
}

static int
compare_versions(const void *left, const void *right)
{
	int			a = ((const struct state_migration *) left)->version;
	int			b = ((const struct state_migration *) right)->version;

	return (a > b) - (a < b);
}

const struct state_migration *
state_find(const struct state *state, int version)
{
	struct state_migration key = {.version = version};

	if (state->count == 0)
		return NULL;
	return bsearch(&key, state->migrations, state->count, sizeof(key), compare_versions);
}

int
state_highest(const struct state *state)
{
	const struct partial *partial = &state->partial;

	return partial->there && partial->version > state->version ? partial->version : state->version;
}

bool
state_differs(const struct state *state)
{
	return state->versioned && state->has_chain && state->version <= history.latest
		&& strcmp(state->chain, history_chain(state->version)) != 0;
}

char *
state_differing(const struct state *state)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < state->count; i++) {
		const struct state_migration *row = &state->migrations[i];

		if (row->version >= 0 && row->version <= history.latest && row->version <= state->version
			&& strcmp(row->checksum, history_migration(row->version)->source.checksum) != 0)
			fprintf(stream, " %d", row->version);
	}
	mem_stream_close(stream);
	return text;
}

void
state_report_locked(struct session *session)
{
	session_report_locked(session, "read the version");
}

void
state_clear(struct state *state)
{
	for (size_t i = 0; i < state->count; i++) {
		mem_free(state->migrations[i].name);
		mem_free(state->migrations[i].checksum);
		mem_free(state->migrations[i].chain);
		mem_free(state->migrations[i].applied_at);
	}
	mem_free(state->migrations);
	mem_free(state->last_command);
	mem_free(state->last_build);
	mem_free(state->partial_change);
	mem_free(state->partial_position);
	mem_free(state->others);
	*state = (struct state) {0};
}

bool
state_down(struct session *session, int version, struct sql_list *list)
{
	struct db_batch batch = {0};
	const struct db_command *row;
	char	   *number = mem_format("%d", version);
	char		checksum[CHECKSUM_SIZE];
	bool		trusted = false;

	*list = (struct sql_list) {0};
	trust_begin_reading(session, &batch, MIGRATION_TABLE);
	db_add(&batch, "SELECT coalesce(m.down::text, ''), m.down_transactional, coalesce(m.down_checksum, ''),"
		   " coalesce(m.build, '') FROM ONLY fitsdb_schema.migration m"
		   " WHERE m.version = $1::integer", 1, number);
	session_end_reading(&batch);
	if (!session_query(session, &batch, "read the down statements"))
		goto done;
	row = session_read(&batch);
	if (db_lines(row) != 1) {
		report_error("the down statements of version %d are not on record", version);
		report_detail("This build has versions 0 to %d, and the database does not say how to undo a later one.",
					  history.latest);
		report_hint("Use a build that has version %d.", version);
		goto done;
	}
	checksum_bytes(db_text(row, 0, 0), strlen(db_text(row, 0, 0)), checksum);
	if (strcmp(checksum, db_text(row, 0, 2)) != 0) {
		report_error("the down statements on record for version %d do not match their checksum", version);
		report_detail("They were changed after build %s had recorded them.", db_text(row, 0, 3));
		report_hint("Use a build that has version %d; its own down statements need no record.", version);
		goto done;
	}
	trusted = sql_list_from_json(list, db_text(row, 0, 0), db_truth(row, 0, 1));
	if (!trusted) {
		report_error("the down statements on record for version %d are of a kind that this build does not know",
					 version);
		report_hint("Use build %s, which recorded them, or a newer one.", db_text(row, 0, 3));
	}
done:
	db_batch_clear(&batch);
	mem_free(number);
	return trusted;
}
