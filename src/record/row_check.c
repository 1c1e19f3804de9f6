/* Count the rows that a query finds. */
#include "record/row_check.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "record/trust.h"

#include "base/banned.h"

void
row_check_begin(struct session *session, struct pipeline *pipeline, const char *table, bool limited)
{
	trust_begin_reading(session, pipeline, table);
	if (session->acting) {
		char	   *role = mem_format("SET LOCAL ROLE %s", session->acting);

		pipeline_add(pipeline, role, 0);
		mem_free(role);
	}
	if (!limited)
		pipeline_add(pipeline, "SELECT pg_catalog.set_config('statement_timeout', '0', true)", 0);
}

bool
row_check_run(struct session *session, struct pipeline *pipeline)
{
	const struct pipeline_command *failed;

	connection_set_interruptible(session->connection, true);
	pipeline_run(session->connection, pipeline);
	connection_set_interruptible(session->connection, false);
	failed = pipeline_failed(pipeline);
	if (!failed || (!failed->error.lost && !signals_stop()))
		return true;
	if (signals_stop() && !failed->error.lost)
		report_error("stopped by %s while the rows were counted", signals_stop());
	else
		session_report_failed(session, pipeline, "count rows");
	if (!session->committed)
		report_detail("Nothing was changed.");
	return false;
}

char *
row_check_explain(const struct pipeline_error *error)
{
	return trust_refused(error)
		? mem_string("the table, or an object of an untrusted role that it uses, is not trusted")
		: mem_string(error->message);
}

bool
row_check_count(struct session *session, const char *query, char *const tables[2], bool limited, long *rows,
				char **error)
{
	struct pipeline pipeline = {0};
	char	   *sql = mem_format("SELECT count(*) FROM (%s) q", query);
	bool		ran;

	row_check_begin(session, &pipeline, tables[0], limited);
	if (tables[1])
		trust_add_gate(&pipeline, session, tables[1]);
	pipeline_add(&pipeline, sql, 0);
	session_end_reading(&pipeline);
	ran = row_check_run(session, &pipeline);
	if (ran && pipeline_failed(&pipeline))
		*error = row_check_explain(&pipeline_failed(&pipeline)->error);
	else if (ran)
		*rows = pipeline_number(session_result(&pipeline), 0, 0);
	pipeline_clear(&pipeline);
	mem_free(sql);
	return ran;
}
