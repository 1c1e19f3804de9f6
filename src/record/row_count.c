/* The number of rows of a table, counted or estimated. */
#include "record/row_count.h"

#include <string.h>

#include "base/mem.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/trust.h"

#include "base/banned.h"

#define LARGE 100000.0			/* rows: from here on they are estimated */
#define COUNT_TIMEOUT "3s"		/* for one count */
#define LOCK_TIMEOUT "500ms"

/*
 * The statistics are scaled to the current size. Without statistics, assume rows of 100 bytes, which are short. A table
 * without a block has no rows; otherwise the estimate is at least 1.
 */
#define FIND_STATISTICS \
	"SELECT CASE WHEN c.relkind = 'p' OR pg_relation_size(c.oid) = 0 THEN 0" \
	" WHEN c.reltuples > 0 AND c.relpages > 0 THEN greatest(c.reltuples / c.relpages" \
	" * (pg_relation_size(c.oid) / current_setting('block_size')::integer), 1)" \
	" ELSE pg_relation_size(c.oid) / 100 END::float8::bigint," \
	" CASE WHEN $2::text IS NULL THEN 0 ELSE coalesce((SELECT s.null_frac FROM pg_stats s" \
	" WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = $2" \
	" ORDER BY s.inherited LIMIT 1), 0) END::float8 * 1e6" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::regclass"

#define TIMEOUTS \
	"SELECT pg_catalog.set_config('statement_timeout', '" COUNT_TIMEOUT "', false)," \
	" pg_catalog.set_config('lock_timeout', '" LOCK_TIMEOUT "', false)"

/* Plan prepared statements once, not each of the first five times; reset_timeouts puts it back. */
#define PLAN_ONCE ", pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', false)"

/*
 * Statements are prepared where there are several items: only a script can deallocate them, and then there is one.
 */
static struct pipeline
begin(const struct session *session, size_t count)
{
	struct pipeline pipeline = {.prepare = count > 1 && session->prepares};
	bool		once = pipeline.prepare && connection_server_version(session->connection) >= 120000;

	/* A sync point, because older servers measure statement_timeout from the first command after the last one. */
	pipeline_add(&pipeline, once ? TIMEOUTS PLAN_ONCE : TIMEOUTS, 0)->sync_point = true;
	return pipeline;
}

/* The numbers of rows by the statistics, -1 on failure, and the fractions of them with a value. */
static void
estimate(struct session *session, struct row_count_item *items, size_t count)
{
	struct pipeline pipeline = begin(session, count);

	for (size_t i = 0; i < count; i++) {
		struct pipeline_command *find;

		session_add_own_settings(&pipeline);
		find = pipeline_add(&pipeline, FIND_STATISTICS, 2, items[i].relation, items[i].column);
		find->sync_point = true;
		find->prepared = true;
	}
	(void) pipeline_run(session->connection, &pipeline);
	for (size_t i = 0; i < count; i++) {
		const struct pipeline_command *found = &pipeline.commands[2 + 2 * i];
		bool		known = pipeline_row_count(found) == 1;

		items[i].count.rows = known ? (double) pipeline_number(found, 0, 0) : -1;
		items[i].part = known ? 1 - (double) pipeline_number(found, 0, 1) / 1e6 : 1;
	}
	pipeline_clear(&pipeline);
}

/* A query over the item's table. A new string. */
static char *
query_of(const struct session *session, const struct row_count_item *item)
{
	char	   *what = item->column ? connection_identifier(session->connection, item->column) : NULL;
	char	   *sql;

	if (item->count.rows == 0)
		sql = mem_string("SELECT 0");
	else if (item->count.rows < LARGE)
		sql = mem_format("SELECT count(%s) FROM ONLY %s", what ? what : "*", item->relation);
	else
		/* In a large table, only check whether there is a row at all, which is often fast. */
		sql = mem_format("SELECT count(*) FROM (SELECT FROM ONLY %s%s%s%s LIMIT 1) one", item->relation,
						 what ? " WHERE " : "", what ? what : "", what ? " IS DISTINCT FROM NULL" : "");
	mem_free(what);
	return sql;
}

/* The numbers that queries over the tables return; -1 on failure or timeout. A table without rows is checked once. */
static void
query_numbers(struct session *session, const struct row_count_item *items, double *numbers, size_t count)
{
	struct pipeline pipeline = begin(session, count);
	size_t	   *places = mem_grow(NULL, count, sizeof(*places));

	for (size_t i = 0; i < count; i++) {
		char	   *sql = query_of(session, &items[i]);
		size_t		same = i;

		while (items[i].count.rows == 0 && same > 0 && strcmp(items[same - 1].relation, items[i].relation) == 0)
			same--;
		if (same < i)
			places[i] = places[same];
		else {
			pipeline_add(&pipeline, "BEGIN", 0);
			/* A policy would hide rows; fail instead. */
			pipeline_add(&pipeline, "SET LOCAL row_security = off", 0);
			session_add_own_settings(&pipeline);
			trust_add_gate(&pipeline, session, items[i].relation);
			places[i] = pipeline.count;
			pipeline_add(&pipeline, sql, 0)->sync_point = true;
			pipeline_add(&pipeline, "ROLLBACK", 0)->sync_point = true;
		}
		mem_free(sql);
	}
	(void) pipeline_run(session->connection, &pipeline);
	for (size_t i = 0; i < count; i++) {
		const struct pipeline_command *answer = &pipeline.commands[places[i]];

		numbers[i] = answer->outcome == PIPELINE_DONE ? (double) pipeline_number(answer, 0, 0) : -1;
	}
	mem_free(places);
	pipeline_clear(&pipeline);
}

/* Reset the settings. This fails if the connection is lost. */
static bool
reset_timeouts(struct session *session)
{
	struct pipeline pipeline = {0};
	char	   *timeout = mem_format("%d", session->options->lock_timeout);
	bool		reset;

	pipeline_add(&pipeline, "SELECT pg_catalog.set_config('statement_timeout', '0', false),"
				 " pg_catalog.set_config('lock_timeout', $1, false)", 1, timeout);
	if (connection_server_version(session->connection) >= 120000)
		pipeline_add(&pipeline, "RESET plan_cache_mode", 0);
	reset = session_query(session, &pipeline, "count rows");
	pipeline_clear(&pipeline);
	mem_free(timeout);
	return reset;
}

bool
row_count_read_all(struct session *session, struct row_count_item *items, size_t count)
{
	double	   *numbers = mem_grow(NULL, count + 1, sizeof(*numbers));

	if (count == 0) {
		mem_free(numbers);
		return true;
	}
	estimate(session, items, count);
	query_numbers(session, items, numbers, count);
	for (size_t i = 0; i < count; i++) {
		struct row_count *found = &items[i].count;
		double		rows = found->rows;
		double		exact = rows == 0 ? 0 : numbers[i];

		items[i].trusted = numbers[i] >= 0;
		found->estimated = exact < 0 || (rows >= LARGE && exact > 0);
		found->rows = !found->estimated ? exact : rows < 0 ? -1 : rows * items[i].part;
		/* An estimate is never 0. */
		if (found->estimated && found->rows >= 0 && found->rows < 1)
			found->rows = 1;
	}
	mem_free(numbers);
	return reset_timeouts(session);
}

bool
row_count_read(struct session *session, const char *relation, const char *column, struct row_count *count)
{
	struct row_count_item item = {.relation = mem_string(relation),.column = mem_string(column)};
	bool		read = row_count_read_all(session, &item, 1);

	*count = item.count;
	mem_free(item.relation);
	mem_free(item.column);
	return read;
}

char *
row_count_text(const struct row_count *count)
{
	if (count->rows < 0)
		return mem_string("an unknown number of rows");
	if (count->estimated)
		return mem_format("about %.0f rows (estimated)", count->rows);
	return mem_format("%.0f row%s", count->rows, count->rows == 1 ? "" : "s");
}
