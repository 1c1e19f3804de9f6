/* The result of "plan" for programs; docs/plan.md describes the members. */
#include "base/json.h"
#include "base/mem.h"
#include "history/history.h"
#include "history/lint_rule.h"
#include "history/release.h"
#include "pg/lock_mode.h"
#include "plan/effects.h"
#include "plan/plan_report.h"
#include "plan/table_sizes.h"
#include "schema/fact.h"
#include "schema/missing.h"
#include "schema/predict.h"

#include "base/banned.h"

/* The lock mode as in SQL, or null. */
static json_t *
mode_json(enum lock_mode mode)
{
	return json_output_text(mode == MODE_NONE ? NULL : lock_mode_name(mode));
}

static json_t *
number_json(bool known, double number)
{
	return known ? json_integer((json_int_t) number) : json_null();
}

static json_t *
changes_json(const struct effects_table *table)
{
	static const char *const kinds[EFFECTS_KIND_COUNT] = {
		[EFFECTS_INDEX] = "index",
		[EFFECTS_CONSTRAINT] = "constraint",
		[EFFECTS_NOT_NULL] = "not null",
		[EFFECTS_TABLE_DROPPED] = "table dropped",
		[EFFECTS_TABLE_RENAMED] = "table renamed",
		[EFFECTS_COLUMN_DROPPED] = "column dropped",
		[EFFECTS_COLUMN_RENAMED] = "column renamed",
		[EFFECTS_REQUIRED] = "required column",
		[EFFECTS_INDEX_DROPPED] = "index dropped",
		[EFFECTS_DISABLED] = "disabled",
		[EFFECTS_BLOCKED] = "blocked",
	};
	json_t	   *array = json_output_array();

	for (size_t i = 0; i < table->change_count; i++) {
		const struct effects_change *change = &table->changes[i];

		json_output_append(array, json_pack("{s:s, s:o, s:o}", "kind", kinds[change->kind], "name",
											json_output_text(change->name), "new_name",
											json_output_text(change->new_name)));
	}
	return array;
}

static json_t *
table_json(const struct plan_report *report, const struct effects_table *table)
{
	const struct table_size *size = table_sizes_find(&report->sizes, table->origin);
	bool		there = size && size->there;
	json_t	   *object = json_pack("{s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:b}",
								   "table", json_output_text(table->name), "origin", json_output_text(table->origin),
								   "lock", mode_json(table->lock), "held", mode_json(table->held),
								   "scanned", table->scanned, "rewritten", table->rewritten,
								   "truncated", table->truncated, "updated", table->updated,
								   "deleted", table->deleted);

	json_output_set(object, "inserted", json_boolean(table->inserted));
	json_output_set(object, "rows", number_json(there && size->counted, there ? size->rows : 0));
	json_output_set(object, "bytes", number_json(there, there ? size->bytes : 0));
	json_output_set(object, "changes", changes_json(table));
	return object;
}

static json_t *
findings_json(const struct plan_report_migration *planned, size_t number)
{
	json_t	   *array = json_output_array();

	for (size_t i = 0; i < planned->lint.count; i++) {
		const struct lint_finding *finding = &planned->lint.findings[i];

		if (finding->statement == number)
			json_output_append(array, json_pack("{s:s, s:o, s:o, s:b, s:o}", "rule", lint_rule_name(finding->rule),
												"table", json_output_text(finding->table), "text",
												json_output_text(finding->text),
												"allowed", finding->allow != NULL,
												"reason", json_output_text(finding->allow ? finding->allow->reason
																		   : NULL)));
	}
	return array;
}

/* The batches of a batched statement, or null. */
static json_t *
batch_json(const struct history_batch *batch)
{
	if (!batch)
		return json_null();
	return json_pack("{s:s, s:s, s:i}", "table", batch->table, "key", batch->key, "rows", batch->rows);
}

static json_t *
statement_json(const struct plan_report *report, const struct plan_report_migration *planned, size_t number)
{
	const struct effects_statement *measured = &planned->effects.statements[number];
	const struct history_statement *statement;
	const char *sql = effects_sql(&planned->effects, number, &statement);
	char	   *text = mem_copy(sql, statement->length);
	json_t	   *tables = json_output_array();
	json_t	   *object;

	for (size_t i = 0; i < measured->table_count; i++)
		json_output_append(tables, table_json(report, &measured->tables[i]));
	object = json_pack("{s:i, s:o, s:b, s:o, s:o, s:o}", "line", (int) statement->line, "sql", json_output_text(text),
					   "apart", measured->apart, "batch", batch_json(statement->batch), "tables", tables, "findings",
					   findings_json(planned, number));
	json_output_set(object, "fully_measured", json_boolean(!measured->unmeasured));
	mem_free(text);
	return object;
}

/* Why the migration would fail, or null. The server has not said so: there is no SQLSTATE. */
static json_t *
failure_json(const struct plan_report *report, int version)
{
	size_t		at = 0;
	const struct predict_item *item = plan_report_failure(report, version, &at);
	char	   *line = item ? predict_line(item) : NULL;
	json_t	   *failure = line ? json_pack("{s:n, s:o}", "sqlstate", "message", json_output_text(line)) : json_null();

	mem_free(line);
	return failure;
}

static json_t *
migration_json(const struct plan_report *report, const struct plan_report_migration *planned)
{
	const struct effects *effects = &planned->effects;
	const struct history_migration *migration = effects->migration;
	const struct plan_report_impact *impact = &planned->impact;
	json_t	   *statements = json_output_array();
	json_t	   *unneeded = json_output_array();
	json_t	   *object;

	for (size_t i = effects->first; i < effects->count; i++)
		json_output_append(statements, statement_json(report, planned, i));
	for (size_t i = 0; i < planned->lint.unneeded_count; i++)
		json_output_append(unneeded, json_pack("{s:s, s:i}", "rule", planned->lint.unneeded[i]->rule,
											   "line", (int) planned->lint.unneeded[i]->line));
	object = json_pack("{s:i, s:s, s:s, s:b, s:s, s:b, s:o, s:o}", "version", migration->version, "name",
					   migration->name, "file", migration->source.file, "transaction", migration->up.transactional,
					   "verdict", plan_report_word(planned), "fully_measured", !impact->unmeasured,
					   "lock", mode_json(impact->lock != MODE_NONE ? impact->lock : impact->brief),
					   "bytes", number_json(planned->recorded && !impact->unknown, impact->bytes));
	json_output_set(object, "statements", statements);
	json_output_set(object, "unneeded_allows", unneeded);
	json_output_set(object, "failure", failure_json(report, migration->version));
	return object;
}

/* --- the summary --- */

static json_t *
blocking_json(const struct plan_report *report)
{
	size_t		count;
	const struct plan_report_migration **largest = plan_report_largest(report, &count);
	json_t	   *array = json_output_array();

	for (size_t i = 0; i < count; i++) {
		const struct plan_report_impact *impact = &largest[i]->impact;
		json_t	   *tables = json_output_array();

		for (size_t k = 0; k < impact->table_count; k++)
			json_output_append(tables, json_output_text(impact->tables[k]));
		json_output_append(array, json_pack("{s:i, s:s, s:o, s:o, s:b}", "version",
											largest[i]->effects.migration->version, "verdict",
											plan_report_word(largest[i]), "tables", tables, "bytes",
											number_json(!impact->unknown, impact->bytes), "stop_daemons",
											impact->long_enough));
	}
	mem_free(largest);
	return array;
}

static json_t *
rows_json(const struct plan_report *report)
{
	json_t	   *array = json_output_array();

	for (size_t i = 0; i < report->count; i++) {
		const struct effects *effects = &report->migrations[i].effects;
		struct plan_report_rows rows;

		for (size_t k = effects->first; k < effects->count; k++)
			if (plan_report_rows(report, &report->migrations[i], k, &rows))
				json_output_append(array, json_pack("{s:i, s:i, s:o, s:o, s:o}", "version",
													effects->migration->version, "line",
													(int) effects->migration->up.statements[k].line, "table",
													json_output_text(rows.table), "rows",
													json_output_number(rows.rows), "batches",
													json_output_number(rows.batches)));
	}
	return array;
}

static json_t *
rewrite_json(const struct plan_report *report, const struct plan_report_migration *planned,
			 const struct effects_table *table)
{
	struct plan_report_rewrite rewrite;

	plan_report_rewrite(report, planned, table, &rewrite);
	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "version", planned->effects.migration->version,
					 "table", json_output_text(effects_shown(table->name)), "rows",
					 number_json(rewrite.counted, rewrite.rows), "disk_space",
					 number_json(rewrite.there, rewrite.bytes), "microseconds_per_row",
					 rewrite.measured ? json_real(rewrite.measured->microseconds) : json_null(),
					 "measured_on", json_output_text(rewrite.measured ? rewrite.measured->where : NULL),
					 "seconds", json_output_number(plan_report_seconds(&rewrite)));
}

/* Each rewrite; null is what is not known. */
static json_t *
rewrites_json(const struct plan_report *report)
{
	json_t	   *array = json_output_array();

	for (size_t i = 0; i < report->count; i++) {
		const struct plan_report_migration *planned = &report->migrations[i];
		const struct effects *effects = &planned->effects;

		for (size_t k = effects->first; k < effects->count; k++)
			for (size_t t = 0; t < effects->statements[k].table_count; t++)
				if (effects->statements[k].tables[t].rewritten)
					json_output_append(array, rewrite_json(report, planned, &effects->statements[k].tables[t]));
	}
	return array;
}

/* The end of the present software, or null. */
static json_t *
end_json(const struct plan_report *report)
{
	const struct release_end *end = &report->end;

	if (!report->ends)
		return json_null();
	return json_pack("{s:s, s:i, s:o}", "release", end->name, "last", end->last, "next",
					 end->next < 0 ? json_null() : json_integer(end->next));
}

static json_t *
summary_json(const struct plan_report *report)
{
	json_t	   *unmeasured = json_output_array();
	json_t	   *uncounted = json_output_array();
	bool		stop = false;

	for (size_t i = 0; i < report->count; i++) {
		if (report->migrations[i].impact.unmeasured)
			json_output_append(unmeasured, json_integer(report->migrations[i].effects.migration->version));
		if (report->migrations[i].impact.long_enough)
			stop = true;
	}
	for (size_t i = 0; i < report->sizes.count; i++)
		if (report->sizes.tables[i].there && !report->sizes.tables[i].counted)
			json_output_append(uncounted, json_output_text(report->sizes.tables[i].table));
	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "migrations", (int) report->count,
					 "blocking", blocking_json(report), "changes_rows", rows_json(report), "not_fully_measured", unmeasured,
					 "not_analyzed", uncounted, "stop_daemons", stop, "releases",
					 release_json(&history, report->target), "software_ends", end_json(report),
					 "rewrites", rewrites_json(report), "disk_space", number_json(true, plan_report_space(report)));
}

static json_t *
item_json(const struct predict_item *item)
{
	char	   *line = predict_line(item);
	json_t	   *object = json_pack("{s:o, s:s, s:o, s:o}", "migration",
								   item->migration > 0 ? json_integer(item->migration) : json_null(),
								   "kind", fact_kind_word(item->fact), "name", json_output_text(item->name), "text",
								   json_output_text(line));

	mem_free(line);
	return object;
}

static json_t *
prediction_json(const struct plan_report *report)
{
	json_t	   *failures = json_output_array();
	json_t	   *missing = json_output_array();
	json_t	   *different = json_output_array();
	json_t	   *json;
	char	   *text = report->missing.count > 0 ? missing_text(&report->missing) : NULL;
	const char *reason;
	const struct predict_item *item;

	/* With the queries. */
	for (size_t i = 0; report->missing.unfit && i < report->missing.line_count; i++)
		mem_append(&text, "\n", report->missing.lines[i]);
	reason = text ? text : report->refusal;
	for (size_t at = 0; (item = plan_report_failure(report, -1, &at));)
		json_output_append(failures, item_json(item));
	for (size_t at = 0; (item = plan_report_left(report, PREDICT_LEAVES_MISSING, &at));)
		json_output_append(missing, item_json(item));
	for (size_t at = 0; (item = plan_report_left(report, PREDICT_LEAVES_DIFFERENT, &at));)
		json_output_append(different, item_json(item));
	json = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "outcome", reason ? "refused" : report->count == 0 ? "complete"
					 : !report->predicted ? "unknown" : json_array_size(failures) > 0 ? "fails"
					 : json_array_size(missing) + json_array_size(different) > 0 ? "incomplete" : "complete",
					 "reason", json_output_text(reason), "stamp",
					 report->missing.count > 0 && report->missing.stamp >= 0
					 ? json_integer(report->missing.stamp) : json_null(), "failures", failures, "missing", missing,
					 "different", different);
	mem_free(text);
	return json;
}

void
plan_json_print(const struct plan_report *report)
{
	json_t	   *migrations = json_output_array();
	json_t	   *waits = json_output_array();
	json_t	   *object;

	for (size_t i = 0; i < report->count; i++)
		json_output_append(migrations, migration_json(report, &report->migrations[i]));
	for (size_t i = 0; i < report->blocker_count; i++)
		json_output_append(waits, json_pack("{s:o, s:I, s:o, s:o}", "session",
											json_output_text(report->blockers[i].session), "pid",
											(json_int_t) report->blockers[i].pid, "table",
											json_output_text(report->blockers[i].table),
											"holds", mode_json(report->blockers[i].held)));
	object = json_pack("{s:o, s:o, s:i, s:o, s:o}", "database", json_output_text(report->database), "version",
					   report->database ? json_integer(report->version) : json_null(), "target", report->target,
					   "summary", summary_json(report), "prediction", prediction_json(report));
	json_output_set(object, "migrations", migrations);
	json_output_set(object, "waits_for", waits);
	json_output_set(object, "build", json_output_text(history.build));
	json_output_print(object);
}
