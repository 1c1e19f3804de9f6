#include "record/batch_estimate.h"

#include <string.h>

#include "base/mem.h"
#include "base/progress.h"
#include "history/history.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/batch_key.h"
#include "record/trust.h"

#include "base/banned.h"

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
begin_look(struct session *session, struct pipeline *pipeline, const char *relation)
{
	session_begin_reading(session, pipeline);
	pipeline_add(pipeline, "SELECT set_config('lock_timeout', '200ms', true)", 0);
	if (relation)
		trust_add_gate(pipeline, session, relation);
}

static bool
run_look(struct session *session, struct pipeline *pipeline)
{
	session_end_reading(pipeline);
	return pipeline_run(session->connection, pipeline);
}

/* The batch of the statement that is not done yet; NULL: this build does not know of any. */
static const struct history_batch *
batch_of(const struct steps_incomplete *incomplete)
{
	const struct history_section *section;

	if (incomplete->version < 0 || incomplete->version > history.latest)
		return NULL;
	section = incomplete->up ? &history_migration(incomplete->version)->up
	: &history_migration(incomplete->version)->down;
	if (incomplete->statements < 0 || (size_t) incomplete->statements >= section->count)
		return NULL;
	return section->statements[incomplete->statements].batch;
}

static bool
find_key(struct session *session, const struct statement_list_batch *of, struct batch_key *key)
{
	struct pipeline pipeline = {0};
	char	   *fault = NULL;
	char	   *hint = NULL;
	bool		found;

	begin_look(session, &pipeline, NULL);
	batch_key_add_facts(&pipeline, of);
	found = run_look(session, &pipeline);
	if (found) {
		fault = batch_key_read(key, session->connection, of, session_result(&pipeline), &hint);
		found = fault == NULL;
	}
	pipeline_clear(&pipeline);
	mem_free(fault);
	mem_free(hint);
	return found;
}

static bool
find_course(struct session *session, const struct record *record, const struct statement_list_batch *of,
			struct course *course)
{
	struct pipeline pipeline = {0};
	char	   *table = strchr(of->table, '.') ? mem_string(of->table) : mem_format("public.%s", of->table);
	const struct pipeline_command *found;
	bool		known;

	begin_look(session, &pipeline, "fitsdb_schema.change");
	pipeline_add(&pipeline, READ_COURSE, 3, record->incomplete_change, table, of->key);
	known = run_look(session, &pipeline);
	found = session_result(&pipeline);
	known = known && pipeline_row_count(found) == 1 && pipeline_bool(found, 0, 3);
	if (known)
		*course = (struct course) {.seconds = (double) pipeline_number(found, 0, 0) / 1000,
			.statement = (int) pipeline_number(found, 0, 1),.position = mem_string(pipeline_value(found, 0, 2))
		};
	pipeline_clear(&pipeline);
	mem_free(table);
	return known;
}

/* How many rows there are from `position` on, or in all; below 0: that cannot be told. */
static double
rows_from(struct session *session, const struct batch_key *key, const char *position)
{
	struct pipeline pipeline = {0};
	double		rows = -1;

	begin_look(session, &pipeline, key->table);
	batch_key_add_estimate(&pipeline, key, position);
	if (run_look(session, &pipeline))
		rows = batch_key_read_estimate(session_result(&pipeline));
	pipeline_clear(&pipeline);
	return rows;
}

static void
find_estimate(struct batch_estimate *estimate, struct session *session, const struct record *record,
			  const struct batch_key *key,
		 const struct course *course, bool running)
{
	double		all = rows_from(session, key, NULL);
	double		left = all > 0 ? rows_from(session, key, record->incomplete_position) : -1;
	double		first = course->position && left >= 0 ? rows_from(session, key, course->position) : all;

	if (left < 0)
		return;
	estimate->percent = progress_percent(all - left, all);
	/* The time that earlier statements of it took says nothing of this one. */
	if (running && course->statement == record->incomplete.statements && first > left)
		estimate->seconds_left = progress_left(first - left, first, course->seconds);
}

void
batch_estimate_read(struct batch_estimate *estimate, struct session *session, const struct record *record, bool running)
{
	const struct history_batch *batched = record->incomplete.there && record->incomplete_position
	? batch_of(&record->incomplete) : NULL;
	struct statement_list_batch of;
	struct batch_key key = {0};
	struct course course = {0};

	*estimate = (struct batch_estimate) {.percent = -1,.seconds_left = -1};
	if (!batched)
		return;
	of = (struct statement_list_batch) {.table = mem_string(batched->table),.key = mem_string(batched->key),
		.rows = batched->rows
	};
	if (find_key(session, &of, &key) && find_course(session, record, &of, &course))
		find_estimate(estimate, session, record, &key, &course, running);
	batch_key_clear(&key);
	mem_free(course.position);
	mem_free(of.table);
	mem_free(of.key);
}

char *
batch_estimate_text(const struct batch_estimate *estimate)
{
	char	   *left;
	char	   *text;

	if (estimate->percent < 0)
		return NULL;
	if (estimate->seconds_left < 0)
		return mem_format("about %d%% done", estimate->percent);
	left = progress_duration(estimate->seconds_left);
	text = mem_format("about %d%% done, about %s left", estimate->percent, left);
	mem_free(left);
	return text;
}
