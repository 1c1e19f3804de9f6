/* The summary of a plan for people: at most 24 lines, so that it fits any terminal. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"
#include "history/history.h"
#include "history/release.h"
#include "pg/lock_mode.h"
#include "plan/effects.h"
#include "plan/plan_report.h"
#include "plan/table_sizes.h"
#include "schema/missing.h"
#include "schema/predict.h"

#include "base/banned.h"

/*
 * The most lines of each part; with those that are always one line they are at most 24. If the present software ends,
 * that takes two lines, and the two parts with MOST_BLOCKING and MOST_ROWS have one line less each.
 */
enum {
	DEFAULT_WIDTH = 80,
	MOST_HEAD = 2,
	MOST_BLOCKING = 5,
	MOST_ROWS = 4,
	MOST_UNMEASURED = 2,
	MOST_MISSING = 3,			/* instead of the next two, with three more lines */
	MOST_UNFIT = 8,				/* instead of MOST_MISSING: with a query; then the rows are left out */
	MOST_FAILURES = 3,
	MOST_LEFT = 3,
	MOST_STOPS = 2,
	MOST_TABLES = 3,			/* named in one line */
	MOST_VERSIONS = 12
};

/* A part of the summary: lines are printed as long as they fit, then it is said how many are left. */
struct plan_summary_part {
	int			most;
	int			lines;
	size_t		left;
};

static int
count_lines(const char *text)
{
	int			count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

/* Add a paragraph, which is freed; there must be room for a last line. */
static void
add(struct plan_summary_part *part, int indent, char *paragraph)
{
	int			width = report_result_width();
	char	   *lines;
	size_t		length;
	FILE	   *stream = mem_stream_open(&lines, &length);
	int			count;

	text_write(stream, indent, width > 0 ? width : DEFAULT_WIDTH, paragraph);
	mem_stream_close(stream);
	count = count_lines(lines);
	if (part->left == 0 && (part->lines == 0 || part->lines + count < part->most)) {
		report_block(lines);
		part->lines += count;
	} else
		part->left++;
	mem_free(lines);
	mem_free(paragraph);
}

static void
end(const struct plan_summary_part *part, const char *what)
{
	if (part->left > 0)
		report_wrapped(2, "and %zu more %s", part->left, what);
}

/* --- the parts --- */

static size_t
count_items(const struct plan_report *report, enum predict_effect effect)
{
	size_t		count = 0;

	for (size_t at = 0; plan_report_left(report, effect, &at);)
		count++;
	return count;
}

/* How it would end: a new string. */
static char *
outcome(const struct plan_report *report)
{
	size_t		at = 0;
	const struct predict_item *failure = plan_report_failure(report, -1, &at);
	size_t		missing = count_items(report, PREDICT_LEAVES_MISSING);
	size_t		different = count_items(report, PREDICT_LEAVES_DIFFERENT);
	int			first = failure ? failure->migration : 0;

	for (; failure; failure = plan_report_failure(report, -1, &at))
		first = failure->migration < first ? failure->migration : first;
	if (!report->predicted)
		return mem_string("; the outcome cannot be predicted");
	if (first > 0)
		return mem_format(" and fail at migration %d", first);
	if (missing + different > 0)
		return mem_format(" and end incomplete: %zu object%s missing, %zu different", missing,
						  missing == 1 ? "" : "s", different);
	return mem_string(" and end complete");
}

/* Is the end of the present software to be said? Not of an upgrade that would not begin. */
static bool
tells_end(const struct plan_report *report)
{
	return report->ends && !report->refusal && report->missing.count == 0;
}

/* If the present software ends, the release to deploy instead, a new string. */
static char *
next_release(const struct plan_report *report)
{
	char	   *names = tells_end(report) ? release_names(&history, report->target, " or ") : NULL;
	char	   *text = names ? mem_format(" (release %s)", names) : mem_string("");

	mem_free(names);
	return text;
}

/* The disk space for rewrites, if that is not little: a new string. */
static char *
disk_space(const struct plan_report *report)
{
	double		space = plan_report_space(report);
	char	   *bytes = table_sizes_bytes(space);
	char	   *text = space > PLAN_REPORT_MOMENT ? mem_format("; rewrites need %s of free disk space", bytes)
		: mem_string("");

	mem_free(bytes);
	return text;
}

static void
print_head(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_HEAD};
	char	   *how = outcome(report);
	char	   *space = disk_space(report);
	char	   *release = next_release(report);
	char	   *run = report->refusal || report->missing.count > 0 ? mem_string("be refused")
		: mem_format("run %zu migration%s%s%s", report->count, report->count == 1 ? "" : "s", how, space);

	add(&part, 0, mem_format("database %s is at version %d; an upgrade to %d%s would %s", report->database,
							 report->version, report->target, release, run));
	mem_free(run);
	mem_free(release);
	mem_free(space);
	mem_free(how);
}

/* The first tables, a new string. */
static char *
name_tables(const struct plan_report_impact *impact)
{
	char	   *names = NULL;
	char	   *all;

	for (size_t i = 0; i < impact->table_count && i < MOST_TABLES; i++)
		mem_append(&names, ", ", effects_shown(impact->tables[i]));
	if (impact->table_count <= MOST_TABLES)
		return names ? names : mem_string("");
	all = mem_format("%s and %zu more", names, impact->table_count - MOST_TABLES);
	mem_free(names);
	return all;
}

static void
print_blocking(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_BLOCKING - tells_end(report)};
	size_t		count;
	const struct plan_report_migration **largest = plan_report_largest(report, &count);

	for (size_t i = 0; i < count; i++) {
		const struct plan_report_impact *impact = &largest[i]->impact;
		const struct history_migration *migration = largest[i]->effects.migration;
		char	   *bytes = plan_report_data(impact);
		char	   *tables = name_tables(impact);

		add(&part, 2, mem_format("%d %s: %s for %s (%s)", migration->version, migration->name,
								 plan_report_word(largest[i]), bytes, tables));
		mem_free(tables);
		mem_free(bytes);
	}
	end(&part, "that block sessions for less data");
	mem_free(largest);
}

/* The number of statements of a migration from `first` on that change rows of the same table. */
static size_t
count_alike(const struct plan_report *report, const struct plan_report_migration *planned, size_t first,
			const char *table)
{
	struct plan_report_rows rows;
	size_t		count = 0;

	for (size_t i = first; i < planned->effects.count; i++)
		if (plan_report_rows(report, planned, i, &rows) && strcmp(rows.table, table) == 0)
			count++;
	return count;
}

/* "about 5000 in 10 batches", a new string. */
static char *
describe_rows(const struct plan_report_rows *rows, size_t statements)
{
	char	   *number = rows->rows < 0 ? mem_string("not counted") : mem_format("up to about %.0f", rows->rows);
	char	   *how = rows->batches < 0 ? mem_string("in batches")
		: rows->batches > 0 ? mem_format("in %.0f batch%s", rows->batches, rows->batches == 1 ? "" : "es")
		: statements > 1 ? mem_format("in %zu statements", statements) : mem_string("in one statement");
	char	   *text = mem_format("%s %s", number, how);

	mem_free(how);
	mem_free(number);
	return text;
}

/* Changes of rows, one line for each migration and table. */
static void
print_rows(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_ROWS - tells_end(report)};

	for (size_t i = 0; i < report->count; i++) {
		const struct plan_report_migration *planned = &report->migrations[i];
		const struct effects *effects = &planned->effects;
		struct plan_report_rows rows;

		for (size_t k = effects->first; k < effects->count; k++) {
			size_t		alike;
			char	   *number;

			if (!plan_report_rows(report, planned, k, &rows) || rows.rows == 0)
				continue;
			alike = count_alike(report, planned, k, rows.table);
			if (alike < count_alike(report, planned, effects->first, rows.table))
				continue;
			number = describe_rows(&rows, alike);
			add(&part, 2, mem_format("%d %s: changes rows of %s (%s)", effects->migration->version,
									 effects->migration->name, rows.table, number));
			mem_free(number);
		}
	}
	end(&part, "that change rows");
}

/* The first versions of those that something is said of, a new string; NULL: there are none. */
static char *
versions(const struct plan_report *report, bool (*is) (const struct plan_report_migration *))
{
	char	   *text = NULL;
	size_t		count = 0;
	char	   *part;

	for (size_t i = 0; i < report->count; i++) {
		if (!is(&report->migrations[i]) || count++ >= MOST_VERSIONS)
			continue;
		part = mem_format("%d", report->migrations[i].effects.migration->version);
		mem_append(&text, ", ", part);
		mem_free(part);
	}
	if (count > MOST_VERSIONS) {
		part = mem_format("%zu more", count - MOST_VERSIONS);
		mem_append(&text, " and ", part);
		mem_free(part);
	}
	return text;
}

static bool
is_unrecorded(const struct plan_report_migration *planned)
{
	return !planned->recorded;
}

static bool
is_unmeasured(const struct plan_report_migration *planned)
{
	return planned->recorded && planned->impact.unmeasured;
}

static bool
is_long(const struct plan_report_migration *planned)
{
	return planned->impact.long_enough;
}

static bool
is_harmless(const struct plan_report_migration *planned)
{
	return planned->recorded && !planned->impact.unmeasured && planned->impact.lock == MODE_NONE;
}

/* Which migrations are harmless, and of which nothing or not everything is known. */
static void
print_others(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_UNMEASURED};
	char	   *unmeasured = versions(report, is_unmeasured);
	size_t		unrecorded = 0;
	size_t		harmless = 0;

	for (size_t i = 0; i < report->count; i++) {
		unrecorded += is_unrecorded(&report->migrations[i]);
		harmless += is_harmless(&report->migrations[i]);
	}
	if (unmeasured)
		add(&part, 2, mem_format("not fully measured; these migrations may have other effects: %s", unmeasured));
	if (unrecorded > 0)
		report_wrapped(2, "harmless: %zu; not measured: %zu", harmless, unrecorded);
	else if (harmless > 0)
		report_wrapped(2, "harmless: %zu", harmless);
	mem_free(unmeasured);
}

/* Why it would be refused, and what to do. */
static void
print_missing(const struct plan_report *report)
{
	const struct missing *missing = &report->missing;
	struct plan_summary_part part = {.most = missing->unfit ? MOST_UNFIT : MOST_MISSING};
	char	   *advice = missing_advice(missing);

	if (!missing->taken)
		report_wrapped(2, "objects of version %d are missing, and no pending migration creates them:",
					   missing->version);
	for (size_t i = 0; i < missing->line_count; i++)
		add(&part, 2, mem_string(missing->lines[i]));
	end(&part, missing->unfit ? "lines" : missing->taken ? "objects" : "tables or types");
	report_wrapped(2, "%s", advice);
	mem_free(advice);
}

static void
print_failures(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_FAILURES};
	const struct predict_item *item;

	for (size_t at = 0; (item = plan_report_failure(report, -1, &at));)
		add(&part, 2, predict_line(item));
	end(&part, "that would make it fail");
}

static void
print_left(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_LEFT};
	const struct predict_item *item;

	for (size_t at = 0; (item = plan_report_left(report, PREDICT_LEAVES_MISSING, &at));)
		add(&part, 2, predict_line(item));
	for (size_t at = 0; (item = plan_report_left(report, PREDICT_LEAVES_DIFFERENT, &at));)
		add(&part, 2, predict_line(item));
	end(&part, "that would be missing or different");
}

static void
print_uncounted(const struct plan_report *report)
{
	size_t		count = 0;

	for (size_t i = 0; i < report->sizes.count; i++)
		count += report->sizes.tables[i].there && !report->sizes.tables[i].counted;
	if (count > 0)
		report_wrapped(2, "rows not counted: %zu table%s; run ANALYZE", count, count == 1 ? "" : "s");
}

/* Must daemons be stopped, because they would not run any more? */
static void
print_end(const struct plan_report *report)
{
	struct plan_summary_part part = {0};
	char	   *text;

	if (!tells_end(report))
		return;
	text = release_end_text(&report->end);
	add(&part, 2, mem_format("stop the daemons: %s", text));
	mem_free(text);
}

/* Must daemons be stopped, because tables are blocked? */
static void
print_stops(const struct plan_report *report)
{
	struct plan_summary_part part = {.most = MOST_STOPS};
	char	   *stops = versions(report, is_long);
	bool		unknown = false;

	for (size_t i = 0; i < report->count; i++)
		if (report->migrations[i].impact.unmeasured)
			unknown = true;
	if (stops)
		add(&part, 2, mem_format("stop the daemons: tables are blocked for longer than a moment by %s", stops));
	else if (release_stopped(&history, report->version))
		report_wrapped(2, "daemons: no known release runs on version %d", report->version);
	else if (!tells_end(report))
		report_wrapped(2, unknown ? "daemons: no measured migration blocks a table for longer than a moment"
					   : "daemons can keep running: no table is blocked for longer than a moment");
	mem_free(stops);
}

void
plan_summary_print(const struct plan_report *report)
{
	print_head(report);
	if (report->refusal)
		report_wrapped(2, "%s", report->refusal);
	else if (report->missing.count > 0)
		print_missing(report);
	else {
		print_failures(report);
		print_left(report);
	}
	print_blocking(report);
	if (!report->missing.unfit)
		print_rows(report);
	print_others(report);
	if (!report->missing.unfit)
		print_uncounted(report);
	print_end(report);
	print_stops(report);
	if (report->blocker_count > 0)
		report_wrapped(2, "other sessions would block the upgrade now; they are listed at the end");
}
