#include "half_way.h"

#include <string.h>

#include "batch_key.h"
#include "mem.h"
#include "pace.h"
#include "progress.h"
#include "trust.h"

#include "banned.h"

/*
 * For how long this change has been at work (milliseconds), where it began, and whether the planner knows anything of
 * the key. What it went on from is on record with the change before it, if that stopped half-way too.
 */
#define READ_COURSE \
	"SELECT (extract(epoch FROM clock_timestamp() - c.started_at) * 1000)::bigint, coalesce(p.statement, 0)," \
	" p.position," \
	" EXISTS (SELECT FROM pg_stats s WHERE s.schemaname || '.' || s.tablename = $2 AND s.attname = $3)" \
	" FROM ONLY fitsdb_schema.change c LEFT JOIN LATERAL (SELECT l.statement, l.position FROM ONLY fitsdb_schema.change l" \
	" WHERE l.id < c.id AND l.statement IS NOT NULL AND l.version_from = c.version_from" \
	" AND l.version_to = c.version_to" \
	" AND NOT EXISTS (SELECT FROM ONLY fitsdb_schema.change d WHERE d.state = 'done' AND d.id > l.id AND d.id < c.id)" \
	" ORDER BY l.id DESC LIMIT 1) p ON true WHERE c.id = $1::bigint"

struct course {
	double		seconds;		/* since the change was begun */
	int			statement;		/* that it began with */
	char	   *position;		/* and the key there; NULL: the least one */
};

/* This look must not wait for anybody. Where `relation` is not NULL, it is planned over, so it must be trusted. */
static void
begin_look(struct session *session, struct db_batch *batch, const char *relation)
{
	session_begin_reading(session, batch);
	db_add(batch, "SELECT set_config('lock_timeout', '200ms', true)", 0);
	if (relation)
		trust_add_gate(batch, session, relation);
}

static bool
run_look(struct session *session, struct db_batch *batch)
{
	session_end_reading(batch);
	return db_run(session->db, batch);
}

/* The batch of the statement that is not done yet; NULL: this build does not know of any. */
static const struct batch *
batch_of(const struct partial *partial)
{
	const struct section *section;

	if (partial->version < 0 || partial->version > history.latest)
		return NULL;
	section = partial->up ? &history_migration(partial->version)->up : &history_migration(partial->version)->down;
	if (partial->statements < 0 || (size_t) partial->statements >= section->count)
		return NULL;
	return section->statements[partial->statements].batch;
}

static bool
find_key(struct session *session, const struct sql_batch *of, struct batch_key *key)
{
	struct db_batch batch = {0};
	char	   *fault = NULL;
	char	   *hint = NULL;
	bool		found;

	begin_look(session, &batch, NULL);
	batch_key_add_facts(&batch, of);
	found = run_look(session, &batch);
	if (found) {
		fault = batch_key_take(key, session->db, of, session_read(&batch), &hint);
		found = fault == NULL;
	}
	db_batch_clear(&batch);
	mem_free(fault);
	mem_free(hint);
	return found;
}

static bool
find_course(struct session *session, const struct state *state, const struct sql_batch *of, struct course *course)
{
	struct db_batch batch = {0};
	char	   *table = strchr(of->table, '.') ? mem_string(of->table) : mem_format("public.%s", of->table);
	const struct db_command *found;
	bool		known;

	begin_look(session, &batch, "fitsdb_schema.change");
	db_add(&batch, READ_COURSE, 3, state->partial_change, table, of->key);
	known = run_look(session, &batch);
	found = session_read(&batch);
	known = known && db_lines(found) == 1 && db_truth(found, 0, 3);
	if (known)
		*course = (struct course) {.seconds = (double) db_number(found, 0, 0) / 1000,
			.statement = (int) db_number(found, 0, 1),.position = mem_string(db_value(found, 0, 2))
		};
	db_batch_clear(&batch);
	mem_free(table);
	return known;
}

/* How many rows there are from `position` on, or in all; below 0: that cannot be told. */
static double
rows_from(struct session *session, const struct batch_key *key, const char *position)
{
	struct db_batch batch = {0};
	double		rows = -1;

	begin_look(session, &batch, key->table);
	batch_key_add_estimate(&batch, key, position);
	if (run_look(session, &batch))
		rows = batch_key_take_estimate(session_read(&batch));
	db_batch_clear(&batch);
	return rows;
}

static void
estimate(struct half_way *half_way, struct session *session, const struct state *state, const struct batch_key *key,
		 const struct course *course, bool running)
{
	double		all = rows_from(session, key, NULL);
	double		left = all > 0 ? rows_from(session, key, state->partial_position) : -1;
	double		first = course->position && left >= 0 ? rows_from(session, key, course->position) : all;

	if (left < 0)
		return;
	half_way->percent = progress_percent(all - left, all);
	/* The time that earlier statements of it took says nothing of this one. */
	if (running && course->statement == state->partial.statements && first > left)
		half_way->seconds_left = pace_left(first - left, first, course->seconds);
}

void
half_way_look(struct half_way *half_way, struct session *session, const struct state *state, bool running)
{
	const struct batch *batch = state->partial.there && state->partial_position ? batch_of(&state->partial) : NULL;
	struct sql_batch of;
	struct batch_key key = {0};
	struct course course = {0};

	*half_way = (struct half_way) {.percent = -1,.seconds_left = -1};
	if (!batch)
		return;
	of = (struct sql_batch) {.table = mem_string(batch->table),.key = mem_string(batch->key),.rows = batch->rows};
	if (find_key(session, &of, &key) && find_course(session, state, &of, &course))
		estimate(half_way, session, state, &key, &course, running);
	batch_key_clear(&key);
	mem_free(course.position);
	mem_free(of.table);
	mem_free(of.key);
}

char *
half_way_text(const struct half_way *half_way)
{
	char	   *left;
	char	   *text;

	if (half_way->percent < 0)
		return NULL;
	if (half_way->seconds_left < 0)
		return mem_format("about %d%% done", half_way->percent);
	left = progress_duration(half_way->seconds_left);
	text = mem_format("about %d%% done, about %s left", half_way->percent, left);
	mem_free(left);
	return text;
}
