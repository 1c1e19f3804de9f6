/* verify: compare the schema with that of the version that the database is at, or of another one. */
#include <string.h>

#include "base/exit_status.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/untrusted_owners.h"
#include "cli/verify_print.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "record/database.h"
#include "schema/better_version.h"
#include "schema/built_facts.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

#include "base/banned.h"

/* The SQL that makes the schema one of a version that was recorded by mistake would do harm. */
static void
find_better(struct verify_report *report, const struct compare_sides *sides)
{
	struct better_version better;
	struct prediction prediction;

	report->better = -1;
	/* An incomplete migration is between two versions. */
	if (report->comparison.differences == 0 || report->database.record.incomplete.there)
		return;
	predict(&prediction, sides, history.latest, &built_ups);
	better = better_version_find(&prediction, sides, report->version, false);
	predict_clear(&prediction);
	report->better = better.version;
	report->better_differences = better.differences;
	report->far = better.far;
	for (size_t i = 0; i < report->comparison.count; i++)
		report->comparison.items[i].withheld |= report->far;
}

/* The version to compare with; -1, reported: there is none. */
static int
find_version(const struct options *options, struct database *database)
{
	const struct record *record = &database->record;

	if (options->count > 0)
		return options_known_version(options);
	if (!database_versioned(database))
		return -1;
	if (record->version <= history.latest)
		return record->version;
	report_error("database \"%s\" is ahead: it is at version %d, this build has %d",
				 connection_database(database->session.connection), record->version, history.latest);
	report_hint("Use the newer build. If the version was set by hand, run \"" PROGRAM " identify\" to find the right"
				" one.");
	return -1;
}

static int
verify(const struct options *options, struct verify_report *report)
{
	struct database *database = &report->database;
	struct compare_sides sides;

	report->version = find_version(options, database);
	if (report->version < 0 || !live_read(&report->live, &database->session))
		return STATUS_UNKNOWN;
	sides = built_facts_sides(&report->live, &report->facts);
	sides.database = fact_identifier(&report->live.facts.arena, connection_database(database->session.connection));
	compare(&report->comparison, &sides, report->version);
	find_better(report, &sides);
	if (!untrusted_owners_flag(&database->session, &report->comparison, &report->live, true))
		return STATUS_UNKNOWN;
	verify_print(options, report);
	return report->comparison.differences > 0 ? STATUS_DIFFERENT : STATUS_OK;
}

int
cmd_verify(const struct options *options)
{
	struct verify_report report = {0};
	int			status = STATUS_UNKNOWN;

	signals_init();
	if (options->brief)
		report_hold();
	/* With a version, it does not matter which one is recorded. */
	if (built_facts_load(&report.facts)
		&& database_read_fast(&report.database, &options->session, options->count > 0) == STATUS_OK)
		status = verify(options, &report);
	report_release(false);
	if (status == STATUS_UNKNOWN && signals_stop())
		status = STATUS_FAILED;
	if (options->brief && status > STATUS_DIFFERENT)
		verify_print_unknown(status == STATUS_FAILED ? "FAILED" : "UNKNOWN");
	compare_clear(&report.comparison);
	live_clear(&report.live);
	fact_history_clear(&report.facts);
	database_close(&report.database);
	return status;
}
