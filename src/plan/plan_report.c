/* The result of "plan": the impact of migrations. */
#include "plan/plan_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "pg/lock_mode.h"
#include "plan/blockers.h"
#include "plan/effects.h"
#include "plan/lint.h"
#include "plan/table_sizes.h"
#include "schema/live.h"
#include "schema/missing.h"
#include "schema/predict.h"

#include "base/banned.h"

/* --- making it --- */

/* The effects of a migration of which nothing is known. */
static struct effects
unknown_effects(const struct history_migration *migration, size_t first)
{
	struct effects effects = {.migration = migration,.first = first,.count = migration->up.count};

	effects.statements = mem_alloc((effects.count + 1) * sizeof(*effects.statements));
	for (size_t i = first; i < effects.count; i++)
		effects.statements[i].unmeasured = true;
	return effects;
}

void
plan_report_add(struct plan_report *report, const struct fact_history *facts, const struct history_migration *migration,
				unsigned servers, size_t first)
{
	struct plan_report_migration *planned;

	report->migrations = mem_grow(report->migrations, report->count + 1, sizeof(*report->migrations));
	planned = &report->migrations[report->count++];
	*planned = (struct plan_report_migration) {0};
	planned->recorded = facts && effects_recorded(&planned->effects, facts, migration, servers, first);
	if (planned->recorded)
		planned->lint = lint_find(&planned->effects);
	else
		planned->effects = unknown_effects(migration, first);
	planned->elsewhere = planned->recorded && planned->effects.servers != servers;
	for (size_t i = planned->effects.first; i < planned->effects.count; i++) {
		const struct effects_statement *statement = &planned->effects.statements[i];
		const struct history_batch *batch = migration->up.statements[i].batch;
		char	   *relation = batch ? effects_batch_table(batch) : NULL;

		for (size_t k = 0; k < statement->table_count; k++)
			table_sizes_add(&report->sizes, statement->tables[k].origin);
		if (relation)
			table_sizes_add(&report->sizes, relation);
		mem_free(relation);
	}
}

/* --- judging it --- */

/* Add a table on which the migration works, unless it was added for an earlier statement. */
static void
add_work(const struct plan_report *report, struct plan_report_impact *impact, const struct effects_table *table)
{
	const struct table_size *size = table_sizes_find(&report->sizes, table->origin);

	for (size_t i = 0; i < impact->table_count; i++)
		if (strcmp(impact->tables[i], table->origin) == 0)
			return;
	impact->tables = mem_grow(impact->tables, impact->table_count + 1, sizeof(*impact->tables));
	impact->tables[impact->table_count++] = table->origin;
	if (size && size->there)
		impact->bytes += size->bytes;
	else
		impact->unknown = true;
}

static struct plan_report_impact
judge(const struct plan_report *report, const struct effects *effects)
{
	struct plan_report_impact impact = {0};

	for (size_t i = effects->first; i < effects->count; i++) {
		const struct effects_statement *statement = &effects->statements[i];
		enum lock_mode blocks = lint_blocks(effects, i);

		if (blocks > impact.lock)
			impact.lock = blocks;
		if (statement->unmeasured)
			impact.unmeasured = true;
		for (size_t k = 0; k < statement->table_count; k++) {
			const struct effects_table *table = &statement->tables[k];

			if (table->lock >= MODE_SHARE && table->lock > impact.brief)
				impact.brief = table->lock;
			if (blocks != MODE_NONE && effects_table_works(table))
				add_work(report, &impact, table);
		}
	}
	impact.long_enough = impact.bytes > PLAN_REPORT_MOMENT;
	return impact;
}

void
plan_report_judge(struct plan_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		mem_free(report->migrations[i].impact.tables);
		report->migrations[i].impact = judge(report, &report->migrations[i].effects);
		/* Servers of this kind may do more. */
		if (report->migrations[i].elsewhere)
			report->migrations[i].impact.unmeasured = true;
	}
}

const char *
plan_report_word(const struct plan_report_migration *planned)
{
	const struct plan_report_impact *impact = &planned->impact;

	return !planned->recorded ? "not measured"
		: impact->lock == MODE_ACCESS_EXCLUSIVE ? "blocks everything"
		: impact->lock != MODE_NONE ? "blocks writers"
		: impact->unmeasured ? "not fully measured" : "harmless";
}

char *
plan_report_data(const struct plan_report_impact *impact)
{
	char	   *bytes = table_sizes_bytes(impact->bytes);
	char	   *data = !impact->unknown ? mem_string(bytes)
		: impact->bytes > 0 ? mem_format("%s and tables that do not exist yet", bytes)
		: mem_string("tables that do not exist yet");

	mem_free(bytes);
	return data;
}

bool
plan_report_rows(const struct plan_report *report, const struct plan_report_migration *planned, size_t statement,
				 struct plan_report_rows *rows)
{
	const struct effects_statement *measured = &planned->effects.statements[statement];
	const struct history_batch *batch = planned->effects.migration->up.statements[statement].batch;
	char	   *relation = batch ? effects_batch_table(batch) : NULL;
	const struct table_size *size = table_sizes_find(&report->sizes, relation);

	mem_free(relation);
	*rows = (struct plan_report_rows) {.table = batch ? batch->table : NULL,.rows = -1};
	for (size_t k = 0; !rows->table && k < measured->table_count; k++) {
		const struct effects_table *table = &measured->tables[k];

		if (!table->updated && !table->deleted && !table->inserted)
			continue;
		rows->table = effects_shown(table->name);
		/* How many rows an INSERT adds does not depend on those that are there. */
		if (table->updated || table->deleted)
			size = table_sizes_find(&report->sizes, table->origin);
	}
	if (size && size->there && size->counted)
		rows->rows = size->rows;
	if (batch)
		rows->batches = rows->rows < 0 ? -1 : ceil(rows->rows / batch->rows);
	return rows->table != NULL;
}

/* The measured time for a row of the migration's rewrites; NULL: none is recorded. */
static const struct history_rewrite *
find_rewrite(int version)
{
	for (size_t i = 0; i < history.rewrite_count; i++)
		if (history.rewrites[i].version == version)
			return &history.rewrites[i];
	return NULL;
}

bool
plan_report_rewrite(const struct plan_report *report, const struct plan_report_migration *planned,
					const struct effects_table *table, struct plan_report_rewrite *rewrite)
{
	const struct table_size *size = table_sizes_find(&report->sizes, table->origin);

	*rewrite = (struct plan_report_rewrite) {.measured = find_rewrite(planned->effects.migration->version)};
	if (size && size->there) {
		rewrite->there = true;
		rewrite->bytes = size->bytes;
		rewrite->counted = size->counted;
		rewrite->rows = size->rows;
	}
	return table->rewritten;
}

double
plan_report_seconds(const struct plan_report_rewrite *rewrite)
{
	return rewrite->measured && rewrite->counted ? rewrite->rows * rewrite->measured->microseconds / 1e6 : -1;
}

static double
count_copies(const struct plan_report *report, const struct plan_report_migration *planned)
{
	const struct effects *effects = &planned->effects;
	struct plan_report_rewrite rewrite;
	double		most = 0;
	double		total = 0;

	for (size_t i = effects->first; i < effects->count; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++)
			if (plan_report_rewrite(report, planned, &effects->statements[i].tables[k], &rewrite)) {
				total += rewrite.bytes;
				most = rewrite.bytes > most ? rewrite.bytes : most;
			}
	return effects->migration->up.transactional ? total : most;
}

double
plan_report_space(const struct plan_report *report)
{
	double		most = 0;

	for (size_t i = 0; i < report->count; i++) {
		double		copies = count_copies(report, &report->migrations[i]);

		most = copies > most ? copies : most;
	}
	return most;
}

const struct predict_item *
plan_report_failure(const struct plan_report *report, int version, size_t *at)
{
	const struct predict_item *item = NULL;

	while (report->predicted && (item = predict_next(&report->prediction, report->from, at)))
		if (predict_fails(item) && (version < 0 || item->migration == version))
			return item;
	return NULL;
}

const struct predict_item *
plan_report_left(const struct plan_report *report, enum predict_effect effect, size_t *at)
{
	const struct predict_item *item = NULL;

	while (report->predicted && (item = predict_next(&report->prediction, report->from, at)))
		if (predict_effect(item) == effect)
			return item;
	return NULL;
}

static int
compare_size(const void *left, const void *right)
{
	const struct plan_report_migration *a = *(const struct plan_report_migration *const *) left;
	const struct plan_report_migration *b = *(const struct plan_report_migration *const *) right;

	if (a->impact.bytes != b->impact.bytes)
		return a->impact.bytes < b->impact.bytes ? 1 : -1;
	return a->effects.migration->version - b->effects.migration->version;
}

const struct plan_report_migration **
plan_report_largest(const struct plan_report *report, size_t *count)
{
	const struct plan_report_migration **largest = mem_alloc((report->count
															  + 1) * sizeof(const struct plan_report_migration *));

	*count = 0;
	for (size_t i = 0; i < report->count; i++)
		if (report->migrations[i].impact.lock != MODE_NONE)
			largest[(*count)++] = &report->migrations[i];
	qsort(largest, *count, sizeof(const struct plan_report_migration *), compare_size);
	return largest;
}

bool
plan_report_breaks(const struct plan_report_migration *planned, enum lint_rule rule)
{
	for (size_t i = 0; i < planned->lint.count; i++)
		if (planned->lint.findings[i].rule == rule)
			return true;
	return false;
}

void
plan_report_clear(struct plan_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		lint_clear(&report->migrations[i].lint);
		effects_clear(&report->migrations[i].effects);
		mem_free(report->migrations[i].impact.tables);
	}
	mem_free(report->migrations);
	table_sizes_clear(&report->sizes);
	blockers_free(report->blockers, report->blocker_count);
	missing_clear(&report->missing);
	predict_clear(&report->prediction);
	live_clear(&report->live);
	*report = (struct plan_report) {0};
}
