/* The number of rows of a table, counted or estimated. */
#include "record/row_count.h"

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

static void
add_timeouts(struct pipeline *pipeline)
{
	/* A sync point, because older servers measure statement_timeout from the first command after the last one. */
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('statement_timeout', '" COUNT_TIMEOUT "', false),"
				 " pg_catalog.set_config('lock_timeout', '" LOCK_TIMEOUT "', false)", 0)->sync_point = true;
}

/* The number of rows by the statistics, -1 on failure, and the fraction of them with a value. */
static double
estimate_rows(struct session *session, const char *relation, const char *column, double *part)
{
	struct pipeline pipeline = {0};
	double		rows = -1;

	add_timeouts(&pipeline);
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_STATISTICS, 2, relation, column);
	if (pipeline_run(session->connection, &pipeline)) {
		const struct pipeline_command *found = &pipeline.commands[pipeline.count - 1];

		if (pipeline_row_count(found) == 1) {
			rows = (double) pipeline_number(found, 0, 0);
			*part = 1 - (double) pipeline_number(found, 0, 1) / 1e6;
		}
	}
	pipeline_clear(&pipeline);
	return rows;
}

/* The number that a query over the relation returns; -1 on failure or timeout. */
static double
query_number(struct session *session, const char *relation, const char *sql)
{
	struct pipeline pipeline = {0};
	double		number = -1;

	add_timeouts(&pipeline);
	pipeline_add(&pipeline, "BEGIN", 0);
	/* A policy would hide rows; fail instead. */
	pipeline_add(&pipeline, "SET LOCAL row_security = off", 0);
	session_add_own_settings(&pipeline);
	trust_add_gate(&pipeline, session, relation);
	pipeline_add(&pipeline, sql, 0);
	if (pipeline_run(session->connection, &pipeline))
		number = (double) pipeline_number(&pipeline.commands[pipeline.count - 1], 0, 0);
	pipeline_clear(&pipeline);
	pipeline_add(&pipeline, "ROLLBACK", 0);
	(void) pipeline_run(session->connection, &pipeline);
	pipeline_clear(&pipeline);
	return number;
}

/* Reset the timeouts. This fails if the connection is lost. */
static bool
reset_timeouts(struct session *session)
{
	struct pipeline pipeline = {0};
	char	   *timeout = mem_format("%d", session->options->lock_timeout);
	bool		reset;

	pipeline_add(&pipeline, "SELECT pg_catalog.set_config('statement_timeout', '0', false),"
				 " pg_catalog.set_config('lock_timeout', $1, false)", 1, timeout);
	reset = session_query(session, &pipeline, "count rows");
	pipeline_clear(&pipeline);
	mem_free(timeout);
	return reset;
}

bool
row_count_read(struct session *session, const char *relation, const char *column, struct row_count *count)
{
	double		part = 1;
	double		rows = estimate_rows(session, relation, column, &part);
	double		exact = 0;
	char	   *what = column ? connection_identifier(session->connection, column) : NULL;
	char	   *all = mem_format("SELECT count(%s) FROM ONLY %s", what ? what : "*", relation);
	char	   *one = mem_format("SELECT count(*) FROM (SELECT FROM ONLY %s%s%s%s LIMIT 1) one", relation,
								 what ? " WHERE " : "", what ? what : "", what ? " IS DISTINCT FROM NULL" : "");

	/* In a large table, only check whether there is a row at all, which is often fast. */
	if (rows != 0)
		exact = query_number(session, relation, rows < LARGE ? all : one);
	count->estimated = exact < 0 || (rows >= LARGE && exact > 0);
	count->rows = !count->estimated ? exact : rows < 0 ? -1 : rows * part;
	/* An estimate is never 0. */
	if (count->estimated && count->rows >= 0 && count->rows < 1)
		count->rows = 1;
	mem_free(one);
	mem_free(all);
	mem_free(what);
	return reset_timeouts(session);
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
