/* The plan for people. It is wrapped at the width of the terminal, or at 80 columns. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"
#include "history/history.h"
#include "history/lint_rule.h"
#include "pg/lock_mode.h"
#include "plan/effects.h"
#include "plan/plan_report.h"
#include "plan/table_sizes.h"
#include "schema/predict.h"

#include "base/banned.h"

enum {
	DEFAULT_WIDTH = 80,
	SQL_MARGIN = 8,				/* columns that the first words of a statement leave free */
	MAX_TABLES = 6				/* named in one line */
};

static int
line_width(void)
{
	int			width = report_result_width();

	return width > 0 ? width : DEFAULT_WIDTH;
}

static void
print_wrapped(int indent, const char *text)
{
	char	   *lines;
	size_t		length;
	FILE	   *stream = mem_stream_open(&lines, &length);

	text_write(stream, indent, line_width(), text);
	mem_stream_close(stream);
	report_block(lines);
	mem_free(lines);
}

/* The first words of a statement in one line, a new string. */
static char *
first_words(const struct effects *effects, size_t number)
{
	const struct history_statement *statement;
	const char *sql = effects_sql(effects, number, &statement);
	size_t		room = (size_t) line_width() - SQL_MARGIN;
	char	   *words = mem_alloc(room + 1);
	size_t		length = 0;
	size_t		i = 0;

	for (; i < statement->length && length < room; i++) {
		bool		space = strchr(" \t\r\n", sql[i]) != NULL;

		if (!space)
			words[length++] = sql[i];
		else if (length > 0 && words[length - 1] != ' ')
			words[length++] = ' ';
	}
	if (i < statement->length) {
		length -= 3;
		/* Not within a multibyte character. */
		while (length > 0 && ((unsigned char) words[length] & 0xc0) == 0x80)
			length--;
		memcpy(words + length, "...", 4);
	} else
		words[length] = '\0';
	return words;
}

/* Can another session notice the effects on this table? */
static bool
matters(const struct effects_table *table)
{
	return table->lock >= MODE_SHARE_UPDATE_EXCLUSIVE || effects_table_works(table) || table->truncated
		|| table->change_count > 0;
}

static void
write_change(FILE *stream, const struct effects_change *change)
{
	static const char *const words[EFFECTS_KIND_COUNT] = {
		[EFFECTS_INDEX] = "an index is built",
		[EFFECTS_CONSTRAINT] = "constraint %s is added",
		[EFFECTS_NOT_NULL] = "column %s becomes NOT NULL",
		[EFFECTS_TABLE_DROPPED] = "is dropped",
		[EFFECTS_TABLE_RENAMED] = "is renamed to %s",
		[EFFECTS_COLUMN_DROPPED] = "column %s is dropped",
		[EFFECTS_COLUMN_RENAMED] = "column %s is renamed to %s",
		[EFFECTS_REQUIRED] = "column %s needs a value in every INSERT",
		[EFFECTS_INDEX_DROPPED] = "index %s is dropped",
		[EFFECTS_DISABLED] = "%s is disabled",
		[EFFECTS_BLOCKED] = "%s blocks statements",
	};
	const char *names[] = {effects_shown(change->name), change->new_name ? effects_shown(change->new_name) : ""};
	size_t		next = change->kind == EFFECTS_TABLE_RENAMED ? 1 : 0;

	fputs("; ", stream);
	for (const char *at = words[change->kind]; *at; at++)
		if (at[0] == '%' && at[1] == 's') {
			fputs(names[next < 1 ? next++ : 1], stream);
			at++;
		} else
			fputc(*at, stream);
}

static void
write_size(FILE *stream, const struct plan_report *report, const struct effects_table *table)
{
	const struct table_size *size = table_sizes_find(&report->sizes, table->origin);

	if (!size)
		return;
	if (!size->there)
		fputs("; does not exist in this database", stream);
	else {
		char	   *bytes = table_sizes_bytes(size->bytes);

		if (size->counted)
			fprintf(stream, "; about %.0f rows, %s", size->rows, bytes);
		else
			fprintf(stream, "; %s, rows not counted: run ANALYZE", bytes);
		mem_free(bytes);
	}
}

/* A duration in the unit that suits it. */
static void
write_duration(FILE *stream, double seconds)
{
	if (seconds < 1)
		fputs("less than 1 s", stream);
	else if (seconds < 100)
		fprintf(stream, "about %.0f s", seconds);
	else if (seconds < 6000)
		fprintf(stream, "about %.0f min", seconds / 60);
	else
		fprintf(stream, "about %.1f h", seconds / 3600);
}

/* The disk space that a rewrite needs, and its time by the measurement on another machine. */
static void
write_rewrite(FILE *out, const struct plan_report *report, const struct plan_report_migration *planned,
			  const struct effects_table *table)
{
	struct plan_report_rewrite rewrite;
	char	   *bytes;
	char	   *line;
	size_t		length;
	FILE	   *stream;

	if (!plan_report_rewrite(report, planned, table, &rewrite) || !rewrite.there)
		return;
	stream = mem_stream_open(&line, &length);
	bytes = table_sizes_bytes(rewrite.bytes);
	fprintf(stream, "rewrite of %s: needs %s of disk space for a second copy", effects_shown(table->name), bytes);
	if (plan_report_seconds(&rewrite) >= 0) {
		fputs("; ", stream);
		write_duration(stream, plan_report_seconds(&rewrite));
	}
	if (rewrite.measured)
		fprintf(stream, "%s %g microseconds a row, as measured elsewhere (%s)", rewrite.counted ? " at" : ";",
				rewrite.measured->microseconds, rewrite.measured->where);
	mem_stream_close(stream);
	text_write(out, 4, line_width(), line);
	mem_free(bytes);
	mem_free(line);
}

static void
write_table(FILE *out, const struct plan_report *report, const struct effects_table *table)
{
	char	   *line;
	size_t		length;
	FILE	   *stream = mem_stream_open(&line, &length);

	fprintf(stream, "%s: ", effects_shown(table->name));
	if (table->lock != MODE_NONE)
		fputs(lock_mode_name(table->lock), stream);
	else
		fprintf(stream, "%s%s", table->held != MODE_NONE ? lock_mode_name(table->held) : "no lock",
				table->held != MODE_NONE ? " from an earlier statement" : "");
	if (table->rewritten)
		fputs("; is rewritten", stream);
	else if (table->scanned)
		fputs("; is read in full", stream);
	if (table->inserted)
		fputs("; rows are inserted", stream);
	if (table->updated)
		fputs("; rows are updated", stream);
	if (table->deleted)
		fputs("; rows are deleted", stream);
	if (table->truncated)
		fputs("; is truncated", stream);
	for (size_t i = 0; i < table->change_count; i++)
		write_change(stream, &table->changes[i]);
	write_size(stream, report, table);
	mem_stream_close(stream);
	text_write(out, 4, line_width(), line);
	mem_free(line);
}

/* Is it allowed for the whole migration? That is printed once. */
static bool
is_general(const struct plan_report_migration *planned, const struct history_allow *allow)
{
	const struct history_migration *migration = planned->effects.migration;

	return allow >= migration->allows && allow < migration->allows + migration->allow_count;
}

static void
write_findings(FILE *out, const struct plan_report_migration *planned, size_t number)
{
	for (size_t i = 0; i < planned->lint.count; i++) {
		const struct lint_finding *finding = &planned->lint.findings[i];
		const char *rule = lint_rule_name(finding->rule);
		char	   *line;

		if (finding->statement != number || (finding->allow && is_general(planned, finding->allow)))
			continue;
		if (finding->allow)
			line = mem_format("%s, allowed: %s", rule, finding->allow->reason);
		else
			line = mem_format("%s: %s; see docs/lint/%s.md", rule, finding->text, rule);
		text_write(out, 4, line_width(), line);
		mem_free(line);
	}
}

static void
write_batch(FILE *out, const struct history_batch *batch)
{
	char	   *line = mem_format("in batches of %d rows of %s, each in its own transaction", batch->rows,
								  batch->table);

	text_write(out, 4, line_width(), line);
	mem_free(line);
}

/* How little is known of a statement. */
static void
write_unmeasured(FILE *out, const struct plan_report_migration *planned)
{
	text_write(out, 4, line_width(), planned->recorded
			   ? "not fully measured: the effects may depend on the data, and there may be other effects"
			   : "not measured");
}

/* How a statement is run, and its effects: a new string; "" if it blocks no session. */
static char *
describe_effects(const struct plan_report *report, const struct plan_report_migration *planned, size_t number,
				 bool verbose)
{
	const struct effects_statement *statement = &planned->effects.statements[number];
	const struct history_batch *batch = planned->effects.migration->up.statements[number].batch;
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (batch)
		write_batch(stream, batch);
	if (statement->unmeasured)
		write_unmeasured(stream, planned);
	for (size_t k = 0; k < statement->table_count; k++)
		if (verbose || matters(&statement->tables[k])) {
			write_table(stream, report, &statement->tables[k]);
			write_rewrite(stream, report, planned, &statement->tables[k]);
		}
	write_findings(stream, planned, number);
	mem_stream_close(stream);
	return text;
}

/* Print `count` statements, beginning at `first`, that have the same effect. */
static void
print_statements(const struct plan_report_migration *planned, size_t first, size_t count, const char *effect)
{
	const struct effects *effects = &planned->effects;
	const struct history_statement *statements = effects->migration->up.statements;
	const char *file = effects->migration->source.file;
	char	   *words = first_words(effects, first);
	char	   *place = count == 1 ? mem_format("%s:%u", file, statements[first].line)
		: mem_format("%s:%u-%u, %zu similar statements, the first is", file, statements[first].line,
					 statements[first + count - 1].line, count);

	print_wrapped(2, place);
	report_line("    %s", words);
	report_block(effect);
	mem_free(place);
	mem_free(words);
}

/* Print the statements of a migration, and the number of those that block no session. */
static void
print_all_statements(const struct plan_report *report, const struct plan_report_migration *planned, bool verbose)
{
	const struct effects *effects = &planned->effects;
	size_t		quiet = 0;
	size_t		count;

	for (size_t first = effects->first; first < effects->count; first += count) {
		char	   *effect = describe_effects(report, planned, first, verbose);
		bool		alike = true;

		count = 1;
		while (!verbose && alike && first + count < effects->count) {
			char	   *next = describe_effects(report, planned, first + count, verbose);

			alike = strcmp(effect, next) == 0;
			count += alike;
			mem_free(next);
		}
		if (effect[0] || verbose)
			print_statements(planned, first, count, effect);
		else
			quiet += count;
		mem_free(effect);
	}
	if (quiet > 0)
		report_line("  %zu statement%s that block%s no session", quiet, quiet == 1 ? "" : "s", quiet == 1 ? "s" : "");
}

/* The tables that are locked in this mode, but only for a moment. */
static void
print_brief(const struct effects *effects, enum lock_mode mode)
{
	char	   *line;
	size_t		length;
	FILE	   *stream = mem_stream_open(&line, &length);
	int			named = 0;

	fprintf(stream, "holds for a moment: %s on ", lock_mode_name(mode));
	for (size_t i = effects->first; i < effects->count; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++) {
			const struct effects_table *table = &effects->statements[i].tables[k];

			if (table->lock == mode && named++ < MAX_TABLES)
				fprintf(stream, "%s%s", named > 1 ? ", " : "", effects_shown(table->name));
		}
	if (named > MAX_TABLES)
		fprintf(stream, " and %d more", named - MAX_TABLES);
	mem_stream_close(stream);
	print_wrapped(2, line);
	mem_free(line);
}

static void
print_head(const struct plan_report *report, const struct plan_report_migration *planned)
{
	const struct history_migration *migration = planned->effects.migration;
	const struct plan_report_impact *impact = &planned->impact;
	char	   *data = plan_report_data(impact);
	size_t		at = 0;
	const struct predict_item *failure = plan_report_failure(report, migration->version, &at);
	const char *loss = plan_report_breaks(planned, LINT_DROP_OR_RENAME)
		? "; drops or renames objects that may be in use"
		: plan_report_breaks(planned, LINT_TRUNCATE) ? "; truncates a table" : "";
	char	   *title = mem_format("%d %s: %s%s%s%s", migration->version, migration->name, plan_report_word(planned),
								   impact->unmeasured && impact->lock != MODE_NONE ? ", not fully measured" : "", loss,
								   failure ? "; would fail" : "");

	report_line("%s", "");
	print_wrapped(0, title);
	mem_free(title);
	if (impact->lock != MODE_NONE)
		report_line("  while it reads or writes %s", data);
	if (impact->lock == MODE_NONE && impact->brief != MODE_NONE)
		print_brief(&planned->effects, impact->brief);
	for (; failure; failure = plan_report_failure(report, migration->version, &at)) {
		char	   *line = predict_line(failure);

		print_wrapped(2, line);
		mem_free(line);
	}
	for (size_t i = 0; i < migration->allow_count; i++) {
		char	   *line = mem_format("%s, allowed: %s", migration->allows[i].rule, migration->allows[i].reason);

		print_wrapped(2, line);
		mem_free(line);
	}
	mem_free(data);
}

/* A blocking session, then its locks. */
static void
print_blocker(const struct plan_report *report, size_t first)
{
	const struct blocker *blockers = report->blockers;

	for (size_t i = 0; i < first; i++)
		if (blockers[i].pid == blockers[first].pid)
			return;
	print_wrapped(2, blockers[first].session);
	for (size_t i = first; i < report->blocker_count; i++) {
		if (blockers[i].pid != blockers[first].pid)
			continue;
		if (blockers[i].table)
			report_line("    holds %s on %s", lock_mode_name(blockers[i].held), effects_shown(blockers[i].table));
		else
			report_line("    holds an old snapshot, for which CREATE INDEX CONCURRENTLY waits");
	}
}

void
plan_text_print(const struct plan_report *report, bool verbose)
{
	plan_summary_print(report);
	for (size_t i = 0; i < report->count; i++) {
		print_head(report, &report->migrations[i]);
		print_all_statements(report, &report->migrations[i], verbose);
	}
	report_line("%s", "");
	report_line(report->blocker_count == 0 ? "No session would block the upgrade now."
				: "These sessions would block the upgrade now:");
	for (size_t i = 0; i < report->blocker_count; i++)
		print_blocker(report, i);
}
