/* Estimate the progress of an incomplete batched statement. */
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
 * The running time of this change (milliseconds), the statement and key where it started, and whether there are
 * statistics of the key. The start is recorded with the change before it, if that ended incomplete too.
 */
#define READ_START \
	"SELECT (extract(epoch FROM clock_timestamp() - c.started_at) * 1000)::bigint, coalesce(p.statement, 0)," \
	" p.position," \
	" EXISTS (SELECT FROM pg_stats s WHERE s.schemaname || '.' || s.tablename = $2 AND s.attname = $3)" \
	" FROM ONLY fitsdb_schema.change c LEFT JOIN LATERAL (SELECT l.statement, l.position" \
	" FROM ONLY fitsdb_schema.change l WHERE l.id < c.id AND l.statement IS NOT NULL AND l.version_from = c.version_from" \
	" AND l.version_to = c.version_to" \
	" AND NOT EXISTS (SELECT FROM ONLY fitsdb_schema.change d WHERE d.state = 'done' AND d.id > l.id AND d.id < c.id)" \
	" ORDER BY l.id DESC LIMIT 1) p ON true WHERE c.id = $1::bigint"

/* The start of a change. */
struct batch_estimate_start {
	double		seconds;		/* since then */
	int			statement;		/* the first statement of the change */
	char	   *position;		/* the key where it started in that statement; NULL: the least one */
};

/* Begin a query that waits for locks only briefly. `relation`, unless NULL, is queried, so it must be trusted. */
static void
begin_query(struct session *session, struct pipeline *pipeline, const char *relation)
{
	session_begin_reading(session, pipeline);
	pipeline_add(pipeline, "SELECT set_config('lock_timeout', '200ms', true)", 0);
	if (relation)
		trust_add_gate(pipeline, session, relation);
}

static bool
run_query(struct session *session, struct pipeline *pipeline)
{
	session_end_reading(pipeline);
	return pipeline_run(session->connection, pipeline);
}

/* How the next statement of the incomplete migration is batched; NULL: it is not, or this build does not have it. */
static const struct history_batch *
find_batch(const struct steps_incomplete *incomplete)
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

	begin_query(session, &pipeline, NULL);
	batch_key_add_facts(&pipeline, of);
	found = run_query(session, &pipeline);
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
find_start(struct session *session, const struct record *record, const struct statement_list_batch *of,
		   struct batch_estimate_start *start)
{
	struct pipeline pipeline = {0};
	char	   *table = strchr(of->table, '.') ? mem_string(of->table) : mem_format("public.%s", of->table);
	const struct pipeline_command *found;
	bool		known;

	begin_query(session, &pipeline, "fitsdb_schema.change");
	pipeline_add(&pipeline, READ_START, 3, record->incomplete_change, table, of->key);
	known = run_query(session, &pipeline);
	found = session_result(&pipeline);
	known = known && pipeline_row_count(found) == 1 && pipeline_bool(found, 0, 3);
	if (known)
		*start = (struct batch_estimate_start) {.seconds = (double) pipeline_number(found, 0, 0) / 1000,
			.statement = (int) pipeline_number(found, 0, 1),.position = mem_string(pipeline_value(found, 0, 2))
		};
	pipeline_clear(&pipeline);
	mem_free(table);
	return known;
}

/* The estimated number of rows from `position` on, or of all if it is NULL; negative: unknown. */
static double
estimate_rows(struct session *session, const struct batch_key *key, const char *position)
{
	struct pipeline pipeline = {0};
	double		rows = -1;

	begin_query(session, &pipeline, key->table);
	batch_key_add_estimate(&pipeline, key, position);
	if (run_query(session, &pipeline))
		rows = batch_key_read_estimate(session_result(&pipeline));
	pipeline_clear(&pipeline);
	return rows;
}

static void
find_estimate(struct batch_estimate *estimate, struct session *session, const struct record *record,
			  const struct batch_key *key, const struct batch_estimate_start *start, bool running)
{
	double		all = estimate_rows(session, key, NULL);
	double		left = all > 0 ? estimate_rows(session, key, record->incomplete_position) : -1;
	double		first = start->position && left >= 0 ? estimate_rows(session, key, start->position) : all;

	if (left < 0)
		return;
	estimate->percent = progress_percent(all - left, all);
	/* The time that earlier statements took is no measure for this one. */
	if (running && start->statement == record->incomplete.statements && first > left)
		estimate->seconds_left = progress_left(first - left, first, start->seconds);
}

void
batch_estimate_read(struct batch_estimate *estimate, struct session *session, const struct record *record, bool running)
{
	const struct history_batch *batched = record->incomplete.there && record->incomplete_position
	? find_batch(&record->incomplete) : NULL;
	struct statement_list_batch of;
	struct batch_key key = {0};
	struct batch_estimate_start start = {0};

	*estimate = (struct batch_estimate) {.percent = -1,.seconds_left = -1};
	if (!batched)
		return;
	of = (struct statement_list_batch) {.table = mem_string(batched->table),.key = mem_string(batched->key),
		.rows = batched->rows
	};
	if (find_key(session, &of, &key) && find_start(session, record, &of, &start))
		find_estimate(estimate, session, record, &key, &start, running);
	batch_key_clear(&key);
	mem_free(start.position);
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
