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

/*
 * Both are read before anything is known of them. Sampling, of all there is, works with tables only: a view would run
 * its functions as whoever reads. So would a policy for rows, but not with row_security off. What follows them in the
 * same go puts that back, as behind a pooler the session is somebody else's next.
 */
#define GUARD "SET row_security = off"
#define UNGUARD "RESET row_security"
#define READ_VERSION "SELECT version FROM public.migrate_version TABLESAMPLE SYSTEM (100) LIMIT 2"

/*
 * All there is to read as long as nothing stopped half-way: one row of a table without an index. A new session's caches
 * are empty, so that each table, index and clause costs more than what it returns. No operator is called, so no search
 * path is needed either.
 */
#define READ_STANDING \
	"SELECT s.version, s.history, s.settled FROM fitsdb_schema.standing s TABLESAMPLE SYSTEM (100) LIMIT 2"

/*
 * The command of the last change that was done, and, behind it, what stopped half-way in single statements: each change
 * that is done has first settled what had stopped.
 */
#define READ_CHANGES \
	"SELECT done.command, done.build, part.id, part.command, part.version_from, part.version_to, part.statement," \
	" part.position" \
	" FROM (SELECT 1) one" \
	" LEFT JOIN (SELECT c.id, c.command, c.build FROM fitsdb_schema.change c WHERE c.state = 'done'" \
	" ORDER BY c.id DESC LIMIT 1) done ON true" \
	" LEFT JOIN LATERAL (SELECT c.id, coalesce(c.command, '') AS command, c.version_from, c.version_to, c.statement," \
	" c.position FROM fitsdb_schema.change c" \
	" WHERE c.id > coalesce(done.id, 0) AND c.statement IS NOT NULL ORDER BY c.id DESC LIMIT 1) part ON true"

/* Its columns. */
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

/* What the last change led to. Where that is another version than there is, its history says nothing. */
static void
take_standing(struct state *state, const struct db_command *standing)
{
	const char *chain = db_value(standing, 0, 1);

	state->has_last = db_value(standing, 0, 0) != NULL;
	state->last_version = (int) db_number(standing, 0, 0);
	if (chain && state->last_version == state->version && strlen(chain) < CHECKSUM_SIZE) {
		state->has_chain = true;
		memcpy(state->chain, chain, strlen(chain) + 1);
	}
}

static void
report_unreadable(const struct db_error *error)
{
	report_error("could not read the record in schema fitsdb_schema: %s%s%s%s", error->message,
				 error->sqlstate[0] ? " (" : "", error->sqlstate, error->sqlstate[0] ? ")" : "");
	session_hint(error);
}

/* Read the record. A table of it that somebody has dropped is no failure: the next change makes the record anew. */
static bool
query_record(struct session *session, struct state *state, struct db_batch *batch)
{
	const struct db_error *error;

	if (db_run(session->db, batch))
		return true;
	error = &db_failed(batch)->error;
	state->recorded = false;
	if (state_is_missing(error))
		return true;
	report_unreadable(error);
	return false;
}

/* What is not read by READ_STANDING alone must not be a trap. */
static bool
look_at_owners(struct session *session, struct state *state)
{
	mem_free(state->stranger);
	return trust_read(session, &state->stranger);
}

/* The log's part of the state: needed where something stopped half-way, and by whoever writes. */
static bool
read_changes(struct session *session, struct state *state)
{
	struct db_batch batch = {0};
	bool		answered;

	if (!look_at_owners(session, state))
		return false;
	session_add_own(&batch);
	db_add(&batch, READ_CHANGES, 0);
	answered = query_record(session, state, &batch);
	if (answered && state->recorded) {
		state->log_read = true;
		state->last_command = mem_string(db_value(&batch.commands[1], 0, DONE_COMMAND));
		state->last_build = mem_string(db_text(&batch.commands[1], 0, DONE_BUILD));
		take_partial(state, &batch.commands[1]);
	}
	db_batch_clear(&batch);
	return answered;
}

static bool
take_record(struct session *session, struct state *state, const struct db_command *standing)
{
	if (standing->outcome == DB_FAILED) {
		state->hidden = state_is_forbidden(&standing->error);
		if (state->hidden || state_is_missing(&standing->error) || state_is_no_table(&standing->error))
			return look_at_owners(session, state);
		report_unreadable(&standing->error);
		return false;
	}
	state->recorded = db_lines(standing) == 1;
	if (!state->recorded)
		return look_at_owners(session, state);
	take_standing(state, standing);
	return db_truth(standing, 0, 2) || read_changes(session, state);
}

/* Is the connection lost, or has it not even come to reading? Reports it. */
static bool
is_unread(const struct db_batch *batch)
{
	const struct db_command *failed = db_failed(batch);

	if (!failed || (!failed->error.lost && failed != &batch->commands[0]))
		return false;
	report_error("could not read the version: %s", failed->error.message);
	session_hint(&failed->error);
	return true;
}

static void
add_reading(struct db_batch *batch, bool version)
{
	db_add(batch, GUARD, 0);
	if (version)
		db_add(batch, READ_VERSION, 0);
	db_add(batch, READ_STANDING, 0);
	db_add(batch, UNGUARD, 0);
}

bool
state_read_to_stamp(struct session *session, struct state *state)
{
	struct db_batch batch = {0};
	bool		understood;

	/* In one go; where the version fails, the rest is not run, and is sent again by itself. */
	*state = (struct state) {0};
	add_reading(&batch, true);
	db_run(session->db, &batch);
	understood = !is_unread(&batch) && state_take_version(state, &batch.commands[1]);
	if (understood && batch.commands[2].outcome == DB_SKIPPED) {
		db_batch_clear(&batch);
		add_reading(&batch, false);
		db_run(session->db, &batch);
		understood = !is_unread(&batch);
	}
	understood = understood && take_record(session, state, &batch.commands[batch.count - 2]);
	db_batch_clear(&batch);
	return understood;
}

bool
state_read(struct session *session, struct state *state)
{
	return state_read_to_stamp(session, state) && !state_report_fault(state);
}

bool
state_load(struct session *session, struct state *state)
{
	struct db_batch batch = {0};
	const struct db_command *rows;
	bool		loaded;

	if (!state->recorded)
		return true;
	if (!state->log_read && !read_changes(session, state))
		return false;
	if (!state->recorded)
		return true;
	session_add_own(&batch);
	db_add(&batch, "SELECT m.version, coalesce(m.name, ''), coalesce(m.checksum, ''), coalesce(m.history, ''),"
		   " m.applied_at::timestamptz(0) FROM fitsdb_schema.migration m ORDER BY m.version", 0);
	loaded = query_record(session, state, &batch);
	rows = &batch.commands[1];
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
	mem_free(state->stranger);
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
	session_add_own(&batch);
	db_add(&batch, "SELECT coalesce(m.down::text, ''), m.down_transactional, coalesce(m.down_checksum, ''),"
		   " coalesce(m.build, '') FROM fitsdb_schema.migration m"
		   " WHERE m.version = $1::integer", 1, number);
	if (!session_query(session, &batch, "read the down statements"))
		goto done;
	row = &batch.commands[1];
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
