#include "migrate/repair_rows_count.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/trust.h"
#include "schema/fact.h"
#include "schema/repair_create.h"

#include "base/banned.h"

/* As the role that a repair acts as, also if nothing is to be changed. A large table takes its time. */
static void
begin(struct session *session, struct pipeline *pipeline, const char *table)
{
	trust_begin_reading(session, pipeline, table);
	if (session->acting) {
		char	   *role = mem_format("SET LOCAL ROLE %s", session->acting);

		pipeline_add(pipeline, role, 0);
		mem_free(role);
	}
	pipeline_add(pipeline, "SELECT pg_catalog.set_config('statement_timeout', '0', true)", 0);
}

/* Run it; a signal cancels it. Returns false, reported, if the session is of no use any more, or should end. */
static bool
run(struct session *session, struct pipeline *pipeline)
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

static char *
explain(const struct pipeline_error *error)
{
	return trust_refused(error) ? mem_string("the table, or what it uses of an untrusted role, is not trusted")
		: mem_string(error->message);
}

bool
repair_rows_count(struct session *session, const struct repair_step *step, long *rows, char **error)
{
	struct pipeline pipeline = {0};
	char	   *sql = mem_format("SELECT count(*) FROM (%s) q", step->rows.query);
	bool		ran;

	begin(session, &pipeline, step->rows.tables[0]);
	if (step->rows.tables[1])
		trust_add_gate(&pipeline, session, step->rows.tables[1]);
	pipeline_add(&pipeline, sql, 0);
	session_end_reading(&pipeline);
	ran = run(session, &pipeline);
	if (ran && pipeline_failed(&pipeline))
		*error = explain(&pipeline_failed(&pipeline)->error);
	else if (ran)
		*rows = pipeline_number(session_result(&pipeline), 0, 0);
	pipeline_clear(&pipeline);
	mem_free(sql);
	return ran;
}

/* The sequences of columns that the version has, and their tables. */
static const struct fact *
owned_sequence(const struct repair_plan *plan, const struct live *live, size_t number, char **table)
{
	const struct fact *fact = &live->facts.facts[number];
	struct fact_property column;
	struct fact of = {.kind = FACT_COLUMN,.definition = ""};
	char	   *name;

	if (fact->kind != FACT_SEQUENCE || !fact_property(fact, "owned by", &column)
		|| !repair_plan_knows(plan, FACT_SEQUENCE, fact->name))
		return NULL;
	of.name = name = mem_copy(column.value, column.value_length);
	*table = fact_sql_name(name, fact_parent(&of));
	mem_free(name);
	return fact;
}

bool
repair_rows_sequences(struct session *session, struct repair_plan *plan, const struct live *live)
{
	struct pipeline pipeline = {0};
	size_t	   *places = mem_alloc((live->facts.count + 1) * sizeof(*places));
	size_t		unread = 0;
	bool		ran;

	for (size_t i = 0; i < live->facts.count; i++) {
		char	   *table = NULL;
		const struct fact *sequence = owned_sequence(plan, live, i, &table);
		char	   *sql = sequence ? repair_behind(sequence) : NULL;

		if (sql) {
			begin(session, &pipeline, table);
			places[i] = pipeline.count;
			pipeline_add(&pipeline, sql, 0);
			session_end_reading(&pipeline);
		}
		mem_free(sql);
		mem_free(table);
	}
	ran = pipeline.count == 0 || run(session, &pipeline);
	for (size_t i = 0; ran && i < live->facts.count; i++) {
		const struct pipeline_command *found = places[i] ? &pipeline.commands[places[i]] : NULL;

		if (found && found->outcome != PIPELINE_DONE)
			unread++;
		else if (found && pipeline_row_count(found) == 1)
			repair_plan_add_sequence(plan, &live->facts.facts[i], pipeline_text(found, 0, 0));
	}
	if (unread > 0) {
		char	   *why = explain(&pipeline_failed(&pipeline)->error);

		report_warning("%zu sequence%s could not be compared with %s: %s", unread, unread == 1 ? "" : "s",
					   unread == 1 ? "its table" : "their tables", why);
		mem_free(why);
	}
	pipeline_clear(&pipeline);
	mem_free(places);
	return ran;
}
