/* The result of "plan": the impact of a migration, the lines of --lint, and JSON. */
#include "plan/plan_report.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "history/lint_rule.h"
#include "pg/lock_mode.h"
#include "plan/blockers.h"
#include "plan/effects.h"
#include "plan/lint.h"
#include "plan/table_sizes.h"

#include "base/banned.h"

/* Does the size of the table count already, for an earlier statement? */
static bool
is_counted(const struct effects *effects, size_t end, unsigned oid)
{
	for (size_t i = effects->first; i < end; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++)
			if (effects->statements[i].tables[k].oid == oid
				&& effects_table_works(&effects->statements[i].tables[k])
				&& lint_blocks(effects, i) != MODE_NONE)
				return true;
	return false;
}

struct plan_report_impact
plan_report_judge(const struct plan_report *report, const struct plan_report_migration *planned)
{
	const struct effects *effects = &planned->effects;
	struct plan_report_impact impact = {0};

	for (size_t i = effects->first; i < effects->count; i++) {
		enum lock_mode blocks = lint_blocks(effects, i);

		if (blocks > impact.lock)
			impact.lock = blocks;
		for (size_t k = 0; k < effects->statements[i].table_count; k++) {
			const struct effects_table *table = &effects->statements[i].tables[k];
			const struct table_size *size = table_sizes_find(&report->sizes, table->origin);

			if (table->lock >= MODE_SHARE && table->lock > impact.brief)
				impact.brief = table->lock;
			if (blocks == MODE_NONE || !effects_table_works(table) || is_counted(effects, i, table->oid))
				continue;
			if (size && size->there)
				impact.bytes += size->bytes;
			else
				impact.unknown = true;
		}
	}
	return impact;
}

const char *
plan_report_word(const struct plan_report_impact *impact)
{
	return impact->lock == MODE_ACCESS_EXCLUSIVE ? "blocks everything"
		: impact->lock != MODE_NONE ? "blocks writers" : "harmless";
}

bool
plan_report_breaks(const struct plan_report_migration *planned, enum lint_rule rule)
{
	for (size_t i = 0; i < planned->lint.count; i++)
		if (planned->lint.findings[i].rule == rule)
			return true;
	return false;
}

bool
plan_report_passes(const struct plan_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (!lint_passes(&report->migrations[i].lint))
			return false;
	return true;
}

void
plan_report_lint(const struct plan_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct plan_report_migration *planned = &report->migrations[i];
		const struct history_migration *migration = planned->effects.migration;
		const struct lint *lint = &planned->lint;

		for (size_t k = 0; k < lint->count; k++)
			if (!lint->findings[k].allow)
				report_line("%s/%s:%u: %s: %s", history.folder, migration->source.file,
							migration->up.statements[lint->findings[k].statement].line,
							lint_rule_name(lint->findings[k].rule), lint->findings[k].text);
		for (size_t k = 0; k < lint->unneeded_count; k++)
			report_line("%s/%s:%u: %s: allowed, but nothing breaks this rule", history.folder,
						migration->source.file, lint->unneeded[k]->line, lint->unneeded[k]->rule);
	}
	if (!plan_report_passes(report))
		report_hint("docs/lint/RULE.md explains a rule and the alternative. A line \"-- lint:allow RULE: reason\""
					" before the statement allows it.");
	else
		report_line("checked %zu migrations: no lint violations", report->count);
}

void
plan_report_clear(struct plan_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		lint_clear(&report->migrations[i].lint);
		effects_clear(&report->migrations[i].effects);
	}
	mem_free(report->migrations);
	table_sizes_clear(&report->sizes);
	blockers_free(report->blockers, report->blocker_count);
	*report = (struct plan_report) {0};
}

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
	mem_free(text);
	return object;
}

static json_t *
failure_json(const struct effects *effects)
{
	if (!effects->failed)
		return json_null();
	return json_pack("{s:s, s:o}", "sqlstate", effects->sqlstate, "message",
					 json_output_text(effects->message));
}

static json_t *
migration_json(const struct plan_report *report, const struct plan_report_migration *planned)
{
	const struct effects *effects = &planned->effects;
	const struct history_migration *migration = effects->migration;
	struct plan_report_impact impact = plan_report_judge(report, planned);
	json_t	   *statements = json_output_array();
	json_t	   *unneeded = json_output_array();
	json_t	   *object;

	for (size_t i = effects->first; i < effects->count; i++)
		json_output_append(statements, statement_json(report, planned, i));
	for (size_t i = 0; i < planned->lint.unneeded_count; i++)
		json_output_append(unneeded, json_pack("{s:s, s:i}", "rule", planned->lint.unneeded[i]->rule,
											   "line", (int) planned->lint.unneeded[i]->line));
	object = json_pack("{s:i, s:s, s:s, s:b, s:s, s:o, s:o}", "version", migration->version, "name", migration->name,
					   "file", migration->source.file, "transaction", migration->up.transactional,
					   "verdict", plan_report_word(&impact),
					   "lock", mode_json(impact.lock != MODE_NONE ? impact.lock : impact.brief),
					   "bytes", number_json(!impact.unknown, impact.bytes));
	json_output_set(object, "statements", statements);
	json_output_set(object, "unneeded_allows", unneeded);
	json_output_set(object, "failure", failure_json(effects));
	return object;
}

void
plan_json_print(const struct plan_report *report)
{
	json_t	   *migrations = json_output_array();
	json_t	   *waits = json_output_array();

	for (size_t i = 0; i < report->count; i++)
		json_output_append(migrations, migration_json(report, &report->migrations[i]));
	for (size_t i = 0; i < report->blocker_count; i++)
		json_output_append(waits, json_pack("{s:o, s:I, s:o, s:o}", "session",
											json_output_text(report->blockers[i].session), "pid",
											(json_int_t) report->blockers[i].pid, "table",
											json_output_text(report->blockers[i].table),
											"holds", mode_json(report->blockers[i].held)));
	json_output_print(json_pack("{s:o, s:i, s:i, s:o, s:o, s:s}", "database", json_output_text(report->database),
								"version", report->version, "target", report->target, "migrations", migrations,
								"waits_for", waits, "build", history.build));
}
