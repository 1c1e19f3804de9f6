/* Check the live schema before an upgrade and after it. */
#include "migrate/schema_check.h"

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/history.h"
#include "history/steps.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "record/database.h"
#include "record/record.h"
#include "record/row_check.h"
#include "schema/built_facts.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/missing.h"
#include "schema/predict.h"
#include "schema/repair_sql.h"

#include "base/banned.h"

enum {
	MOST_LINES = 20				/* of a list */
};

/* For messages about locks. */
static const char title[] = "schema check";

bool
schema_check_read(struct schema_check *check, struct database *database)
{
	struct compare_sides sides;

	*check = (struct schema_check) {0};
	if (!history.schema)
		return true;
	if (!built_facts_load(&check->facts))
		return false;
	if (check->facts.version_count <= history.latest)
		return true;
	if (!live_read_waiting(&check->live, &database->session, title))
		return false;
	sides = built_facts_sides(&check->live, &check->facts);
	predict(&check->prediction, &sides, history.latest, &built_ups);
	check->applied = record_was_applied(&database->record, database->record.version);
	check->known = true;
	return true;
}

/* --- before --- */

/* What the upgrade is refused for. */
static bool
find_missing(const struct schema_check *check, struct session *session, const struct steps *steps,
			 struct missing *missing)
{
	struct compare_sides sides = built_facts_sides(&check->live, &check->facts);

	*missing = (struct missing) {0};
	if (!check->known)
		return true;
	missing_find(missing, &check->prediction, &sides, steps, check->applied);
	return missing_find_unfit(missing, &check->prediction, &sides, steps, row_check_count, session);
}

static void
refuse(const struct missing *missing, const char *database)
{
	char	   *text = missing_text(missing);
	char	   *advice = missing_advice(missing);
	char	   *lines = NULL;

	for (size_t i = 0; i < missing->line_count && i < MOST_LINES; i++)
		mem_append(&lines, "\n", missing->lines[i]);
	report_error("database \"%s\" cannot be upgraded: %s", database, text);
	report_detail_lines(lines);
	if (missing->taken && missing->line_count > MOST_LINES)
		report_detail("And %zu more objects.", missing->line_count - MOST_LINES);
	else if (missing->line_count > MOST_LINES)
		report_detail("And objects of %zu more tables or types: \"" PROGRAM " verify\" lists them.",
					  missing->line_count - MOST_LINES);
	report_detail("Nothing was changed.");
	report_hint("%s", advice);
	mem_free(lines);
	mem_free(advice);
	mem_free(text);
}

/* What does not prevent the upgrade, but will be different after it, or may make a migration fail. */
static void
warn(const struct prediction *prediction, const struct steps *steps)
{
	const struct predict_item *item;
	size_t		count = 0;

	for (size_t at = 0; (item = predict_next(prediction, steps->steps[0].version - 1, &at));) {
		char	   *line;

		if (item->kind == PREDICT_NEED || item->migration > steps->steps[steps->count - 1].version
			|| count++ >= MOST_LINES)
			continue;
		line = item->kind != PREDICT_DIFFERENT ? predict_line(item)
			: mem_format("%s %s differs from version %d, and no pending migration changes it",
						 fact_kind_word(item->fact), item->name, prediction->target);
		report_warning("%s", line);
		mem_free(line);
	}
	if (count > MOST_LINES)
		report_warning("and %zu more: \"" PROGRAM " plan --json\" lists them", count - MOST_LINES);
}

int
schema_check_before(const struct schema_check *check, struct session *session, const struct steps *steps,
					bool repaired)
{
	struct missing missing;
	bool		refused;

	if (!find_missing(check, session, steps, &missing)) {
		missing_clear(&missing);
		return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	}
	missing.repaired = repaired;
	refused = missing.count > 0;
	if (refused)
		refuse(&missing, connection_database(session->connection));
	else if (check->known)
		warn(&check->prediction, steps);
	missing_clear(&missing);
	return refused ? STATUS_UNKNOWN : STATUS_OK;
}

/* --- after --- */

/* Does an item make the schema another one than that of the version? Extra objects do not, unless they refuse rows. */
static bool
matters(const struct compare_item *item)
{
	return !item->note && !compare_is_uncompared(item) && (item->kind != COMPARE_EXTRA || item->refuses);
}

static void
report_difference(const struct comparison *comparison, const struct compare_sides *sides, size_t missing,
				  size_t different, const char *database, int version)
{
	char	   *lines = NULL;
	size_t		count = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_item *item = &comparison->items[i];
		char	   *text;
		char	   *line;

		if (!matters(item) || repair_replaced(item, sides) || count++ >= MOST_LINES)
			continue;
		text = compare_line(item, sides->live->server);
		line = mem_format("%s%s%s", item->group, *item->group ? ": " : "", text);
		mem_append(&lines, "\n", line);
		mem_free(line);
		mem_free(text);
	}
	report_error("the schema of database \"%s\" is not that of version %d: %zu missing, %zu different", database,
				 version, missing, different);
	report_detail_lines(lines);
	if (count > MOST_LINES)
		report_detail("And %zu more.", count - MOST_LINES);
	if (version < history.latest)
		report_hint("To list all differences, run \"" PROGRAM " verify\". \"" PROGRAM " plan\" lists those that remain"
					" after an upgrade to %d.", history.latest);
	else
		report_hint("To add the missing objects, run \"" PROGRAM " repair\"; to list all differences, run \"" PROGRAM
					" verify\".");
	mem_free(lines);
}

/* Objects that are not as in the version, and need not be. */
static void
note_others(size_t extra, size_t replaced, int version)
{
	if (extra > 0)
		report_note("%zu extra object%s or privilege%s, not part of version %d: \"" PROGRAM " verify\" lists %s", extra,
					extra == 1 ? "" : "s", extra == 1 ? "" : "s", version, extra == 1 ? "it" : "them");
	if (replaced > 0)
		report_note("%zu object%s not as in version %d, and a later migration replaces %s: \"" PROGRAM " verify\" lists"
					" %s", replaced, replaced == 1 ? " is" : "s are", version, replaced == 1 ? "it" : "them",
					replaced == 1 ? "it" : "them");
}

static int
judge(const struct comparison *comparison, const struct compare_sides *sides, const char *database, int version)
{
	size_t		missing = 0;
	size_t		different = 0;
	size_t		extra = 0;
	size_t		replaced = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_item *item = &comparison->items[i];

		if (matters(item) && repair_replaced(item, sides))
			replaced++;
		else if (matters(item))
			*(item->kind == COMPARE_MISSING ? &missing : &different) += 1;
		else if (!item->note && item->kind == COMPARE_EXTRA)
			extra++;
		else if (item->kind == COMPARE_NO_ROLE)
			report_note("role %s does not exist here: nothing was granted to it", item->why);
	}
	note_others(extra, replaced, version);
	if (missing + different == 0)
		return STATUS_OK;
	report_difference(comparison, sides, missing, different, database, version);
	return STATUS_DIFFERENT;
}

int
schema_check_after(const struct schema_check *check, struct session *session, int version)
{
	const char *database = connection_database(session->connection);
	struct comparison comparison = {0};
	struct live live = {0};
	int			status = STATUS_OK;

	if (!check->known)
		return STATUS_OK;
	if (live_read_waiting(&live, session, title)) {
		struct compare_sides sides = built_facts_sides(&live, &check->facts);

		sides.database = fact_identifier(&live.facts.arena, database);
		compare(&comparison, &sides, version);
		status = judge(&comparison, &sides, database, version);
	} else {
		report_detail("Database \"%s\" is at version %d, but its schema was not checked.", database, version);
		report_hint("To check it, run \"" PROGRAM " verify\".");
		status = STATUS_FAILED;
	}
	compare_clear(&comparison);
	live_clear(&live);
	return status;
}

void
schema_check_clear(struct schema_check *check)
{
	predict_clear(&check->prediction);
	live_clear(&check->live);
	fact_history_clear(&check->facts);
	*check = (struct schema_check) {0};
}
