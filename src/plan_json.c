/* A plan for programs: all that was measured. */
#include "history.h"
#include "mem.h"
#include "output.h"
#include "plan_report.h"

#include "banned.h"

/* A lock's mode as SQL has it, or null. */
static json_t *
mode_json(enum lock_mode mode)
{
	return output_text(mode == MODE_NONE ? NULL : lock_mode_name(mode));
}

static json_t *
number_json(bool known, double number)
{
	return known ? json_integer((json_int_t) number) : json_null();
}

static json_t *
changes_json(const struct measured_table *table)
{
	static const char *const kinds[CHANGE_KIND_COUNT] = {
		[CHANGE_INDEX] = "index",
		[CHANGE_CONSTRAINT] = "constraint",
		[CHANGE_NOT_NULL] = "not null",
		[CHANGE_TABLE_DROPPED] = "table dropped",
		[CHANGE_TABLE_RENAMED] = "table renamed",
		[CHANGE_COLUMN_DROPPED] = "column dropped",
		[CHANGE_COLUMN_RENAMED] = "column renamed",
	};
	json_t	   *array = output_array();

	for (size_t i = 0; i < table->change_count; i++) {
		const struct table_change *change = &table->changes[i];

		output_append(array, json_pack("{s:s, s:o, s:o}", "kind", kinds[change->kind], "name",
									   output_text(change->name), "new_name", output_text(change->new_name)));
	}
	return array;
}

static json_t *
table_json(const struct plan_report *report, const struct measured_table *table)
{
	const struct figure *figure = figures_find(&report->figures, table->origin);
	bool		there = figure && figure->there;
	json_t	   *object = json_pack("{s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:b}",
								   "table", output_text(table->name), "origin", output_text(table->origin),
								   "lock", mode_json(table->lock), "held", mode_json(table->held),
								   "scanned", table->scanned, "rewritten", table->rewritten,
								   "truncated", table->truncated, "updated", table->updated,
								   "deleted", table->deleted);

	output_set(object, "rows", number_json(there && figure->counted, there ? figure->rows : 0));
	output_set(object, "bytes", number_json(there, there ? figure->bytes : 0));
	output_set(object, "changes", changes_json(table));
	return object;
}

static json_t *
findings_json(const struct planned *planned, size_t number)
{
	json_t	   *array = output_array();

	for (size_t i = 0; i < planned->lint.count; i++) {
		const struct finding *finding = &planned->lint.findings[i];

		if (finding->statement == number)
			output_append(array, json_pack("{s:s, s:o, s:o, s:b, s:o}", "rule", lint_rule_name(finding->rule),
										   "table", output_text(finding->table), "text", output_text(finding->text),
										   "allowed", finding->allow != NULL,
										   "reason", output_text(finding->allow ? finding->allow->reason : NULL)));
	}
	return array;
}

/* How it is run in ranges of keys, or null. */
static json_t *
batch_json(const struct batch *batch)
{
	if (!batch)
		return json_null();
	return json_pack("{s:s, s:s, s:i}", "table", batch->table, "key", batch->key, "rows", batch->rows);
}

static json_t *
statement_json(const struct plan_report *report, const struct planned *planned, size_t number)
{
	const struct measured_statement *measured = &planned->measurement.statements[number];
	const struct statement *statement;
	const char *sql = measured_sql(&planned->measurement, number, &statement);
	char	   *text = mem_copy(sql, statement->length);
	json_t	   *tables = output_array();
	json_t	   *object;

	for (size_t i = 0; i < measured->table_count; i++)
		output_append(tables, table_json(report, &measured->tables[i]));
	object = json_pack("{s:i, s:o, s:b, s:o, s:o, s:o}", "line", (int) statement->line, "sql", output_text(text),
					   "apart", measured->apart, "batch", batch_json(statement->batch), "tables", tables, "findings",
					   findings_json(planned, number));
	mem_free(text);
	return object;
}

static json_t *
failure_json(const struct measurement *measurement)
{
	if (!measurement->failed)
		return json_null();
	return json_pack("{s:s, s:o}", "sqlstate", measurement->sqlstate, "message", output_text(measurement->message));
}

static json_t *
migration_json(const struct plan_report *report, const struct planned *planned)
{
	const struct measurement *measurement = &planned->measurement;
	const struct migration *migration = measurement->migration;
	struct impact impact = plan_report_judge(report, planned);
	json_t	   *statements = output_array();
	json_t	   *unneeded = output_array();
	json_t	   *object;

	for (size_t i = measurement->first; i < measurement->count; i++)
		output_append(statements, statement_json(report, planned, i));
	for (size_t i = 0; i < planned->lint.unneeded_count; i++)
		output_append(unneeded, json_pack("{s:s, s:i}", "rule", planned->lint.unneeded[i]->rule,
										  "line", (int) planned->lint.unneeded[i]->line));
	object = json_pack("{s:i, s:s, s:s, s:b, s:s, s:o, s:o}", "version", migration->version, "name", migration->name,
					   "file", migration->source.file, "transaction", migration->up.transactional,
					   "verdict", plan_report_word(&impact),
					   "lock", mode_json(impact.lock != MODE_NONE ? impact.lock : impact.brief),
					   "bytes", number_json(!impact.unknown, impact.bytes));
	output_set(object, "statements", statements);
	output_set(object, "unneeded_allows", unneeded);
	output_set(object, "failure", failure_json(measurement));
	return object;
}

void
plan_report_json(const struct plan_report *report)
{
	json_t	   *migrations = output_array();
	json_t	   *waits = output_array();

	for (size_t i = 0; i < report->count; i++)
		output_append(migrations, migration_json(report, &report->migrations[i]));
	for (size_t i = 0; i < report->wait_count; i++)
		output_append(waits, json_pack("{s:o, s:I, s:o, s:o}", "session",
									   output_text(report->waits[i].session), "pid",
									   (json_int_t) report->waits[i].pid, "table", output_text(report->waits[i].table),
									   "holds", mode_json(report->waits[i].held)));
	output_json(json_pack("{s:o, s:i, s:i, s:o, s:o, s:s}", "database", output_text(report->database), "version",
						  report->version, "target", report->target, "migrations", migrations, "waits_for", waits,
						  "build", history.build));
}
