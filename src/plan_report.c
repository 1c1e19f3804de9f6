#include "plan_report.h"

#include "history.h"
#include "mem.h"
#include "report.h"

#include "banned.h"

/* Was the table worked on by an earlier statement that counted it? */
static bool
is_counted(const struct measurement *measurement, size_t end, unsigned oid)
{
	for (size_t i = measurement->first; i < end; i++)
		for (size_t k = 0; k < measurement->statements[i].table_count; k++)
			if (measurement->statements[i].tables[k].oid == oid
				&& measured_table_works(&measurement->statements[i].tables[k])
				&& lint_blocks(measurement, i) != MODE_NONE)
				return true;
	return false;
}

struct impact
plan_report_judge(const struct plan_report *report, const struct planned *planned)
{
	const struct measurement *measurement = &planned->measurement;
	struct impact impact = {0};

	for (size_t i = measurement->first; i < measurement->count; i++) {
		enum lock_mode blocks = lint_blocks(measurement, i);

		if (blocks > impact.lock)
			impact.lock = blocks;
		for (size_t k = 0; k < measurement->statements[i].table_count; k++) {
			const struct measured_table *table = &measurement->statements[i].tables[k];
			const struct figure *figure = figures_find(&report->figures, table->origin);

			if (table->lock >= MODE_SHARE && table->lock > impact.brief)
				impact.brief = table->lock;
			if (blocks == MODE_NONE || !measured_table_works(table) || is_counted(measurement, i, table->oid))
				continue;
			if (figure && figure->there)
				impact.bytes += figure->bytes;
			else
				impact.unknown = true;
		}
	}
	return impact;
}

const char *
plan_report_word(const struct impact *impact)
{
	return impact->lock == MODE_ACCESS_EXCLUSIVE ? "blocks everything"
		: impact->lock != MODE_NONE ? "blocks writers" : "harmless";
}

bool
plan_report_breaks(const struct planned *planned, enum lint_rule rule)
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
		const struct planned *planned = &report->migrations[i];
		const struct migration *migration = planned->measurement.migration;
		const struct lint *lint = &planned->lint;

		for (size_t k = 0; k < lint->count; k++)
			if (!lint->findings[k].allow)
				report_line("%s/%s:%u: %s: %s", history.folder, migration->source.file,
							migration->up.statements[lint->findings[k].statement].line,
							lint_rule_name(lint->findings[k].rule), lint->findings[k].text);
		for (size_t k = 0; k < lint->unneeded_count; k++)
			report_line("%s/%s:%u: %s: allowed, but nothing here breaks this rule", history.folder,
						migration->source.file, lint->unneeded[k]->line, lint->unneeded[k]->rule);
	}
	if (!plan_report_passes(report))
		report_hint("docs/lint/RULE.md says what is wrong with it and what to write instead; \"-- lint:allow"
					" RULE: reason\" before the statement allows it.");
	else
		report_line("%zu migrations break no rule without saying why", report->count);
}

void
plan_report_clear(struct plan_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		lint_clear(&report->migrations[i].lint);
		measurement_clear(&report->migrations[i].measurement);
	}
	mem_free(report->migrations);
	figures_clear(&report->figures);
	lock_waits_free(report->waits, report->wait_count);
	*report = (struct plan_report) {0};
}
