/* identify: find the version that the schema of the database matches best, and the one that it can be stamped with. */
#include <string.h>
#include <strings.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/user_objects.h"
#include "record/database.h"
#include "record/record.h"
#include "schema/better_version.h"
#include "schema/built_facts.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

#include "base/banned.h"

enum {
	NAME_COLUMNS = 44,
	OTHER_COLUMNS = 40,			/* of a line, without the name */
	MOST_REASONS = 10
};

struct identify {
	struct database database;
	struct fact_history facts;
	struct live live;
	struct prediction prediction;
	bool		stamped;		/* with a version that this build has */
	bool		ahead;
	bool		empty;
	int			best;			/* the version with the fewest differences */
	int			from;			/* the recorded version, or the best one */
	int			advice;			/* the version to be stamped with; -1: none */
	bool		repairs;		/* from there, a repair adds what is missing */
	bool		may_repair;		/* instead of the stamp, a repair does as well */
	int			same;			/* the last one with the same schema, from which an upgrade would end complete, too */
};

/* Is there nothing but what every database has? */
static bool
is_empty(const struct fact_set *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		switch (facts->facts[i].kind) {
			case FACT_DATABASE:
			case FACT_EXTENSION:
			case FACT_SETTING:
			case FACT_PRIVILEGE:
			case FACT_DEFAULT_PRIVILEGE:
				break;
			case FACT_SCHEMA:
				if (strcmp(facts->facts[i].name, "public") == 0)
					break;
				return false;
			default:
				return false;
		}
	return true;
}

/* Does the version change the schema? Whether a migration that changes rows alone has been run cannot be seen. */
static bool
is_seen(const struct fact_history *facts, int version)
{
	for (size_t i = 0; i < facts->run_count; i++)
		if (facts->runs[i].from == version || facts->runs[i].to == version)
			return true;
	return false;
}

/* Does an upgrade from the recorded version, or the best one, not end complete because objects are missing? */
static bool
is_lacking(const struct identify *identify)
{
	const struct predict_item *item;

	for (size_t at = 0; (item = predict_next(&identify->prediction, identify->from, &at));)
		if (item->kind == PREDICT_MISSING || item->kind == PREDICT_NEED)
			return true;
	return false;
}

/*
 * What is missing is added, or another version is stamped, as better_version.h says. Where no version is recorded, one
 * from which an upgrade ends complete is advised, as its migrations also change rows. False: reported.
 */
static bool
judge_missing(struct identify *identify, const struct compare_sides *sides)
{
	struct record *record = &identify->database.record;
	struct better_version better;

	if (identify->ahead || identify->empty || record->incomplete.there
		|| predict_complete(&identify->prediction, identify->from) || !is_lacking(identify))
		return true;
	if (identify->stamped && !record->hidden && !database_load(&identify->database))
		return false;
	better = better_version_find(&identify->prediction, sides, identify->from,
								 identify->stamped && record_was_applied(record, identify->from));
	identify->repairs = identify->stamped ? better.stamp < 0 : identify->advice < 0;
	identify->may_repair = !identify->repairs && !better.wrong;
	if (identify->repairs || identify->stamped)
		identify->same = identify->advice = identify->repairs ? identify->from : better.stamp;
	return true;
}

/*
 * If several versions are best, prefer the stamped one, then the lowest. The advice is the stamp itself if an upgrade
 * from it would end complete, otherwise the nearest lower one from which it would; without a stamp, the highest that
 * changes the schema; if objects are missing, what judge_missing finds. False: reported.
 */
static bool
judge(struct identify *identify, const struct compare_sides *sides)
{
	const struct record *record = &identify->database.record;
	const struct predict_version *versions = identify->prediction.versions;
	bool		sound = record->versioned && record->fault == RECORD_SOUND;

	identify->empty = is_empty(&identify->live.facts);
	identify->ahead = sound && record->version > history.latest;
	identify->stamped = sound && !identify->ahead;
	for (int version = 1; version <= history.latest; version++)
		if (predict_better(&versions[version], &versions[identify->best]))
			identify->best = version;
	if (identify->stamped && versions[record->version].differences <= versions[identify->best].differences)
		identify->best = record->version;
	identify->from = identify->stamped ? record->version : identify->best;
	identify->advice = predict_stamp(&identify->prediction, identify->stamped ? record->version : history.latest);
	identify->same = identify->advice;
	while (!identify->stamped && identify->advice > 0 && !is_seen(&identify->facts, identify->advice)
		   && predict_complete(&identify->prediction, identify->advice - 1))
		identify->advice--;
	if (identify->ahead || identify->empty)
		identify->advice = -1;
	return judge_missing(identify, sides);
}

static json_t *
json_reasons(const struct prediction *prediction, int version)
{
	json_t	   *reasons = json_output_array();
	const struct predict_item *item;
	size_t		at = 0;

	while ((item = predict_next(prediction, version, &at))) {
		char	   *line = predict_line(item);

		json_output_append(reasons, json_output_text(line));
		mem_free(line);
	}
	return reasons;
}

static void
print_json(const struct identify *identify)
{
	const struct record *record = &identify->database.record;
	json_t	   *versions = json_output_array();

	for (int version = 0; version <= history.latest; version++) {
		const struct predict_version *its = &identify->prediction.versions[version];

		json_output_append(versions, json_pack("{s:i, s:s, s:I, s:I, s:b, s:I, s:I}", "version", version, "name",
											   history_migration(version)->name, "differences",
											   (json_int_t) its->differences, "notes", (json_int_t) its->notes,
											   "complete",
											   predict_complete(&identify->prediction, version), "left",
											   (json_int_t) its->left, "failures", (json_int_t) its->failures));
	}
	json_output_print(json_pack("{s:o, s:o, s:b, s:i, s:o, s:b, s:o, s:o, s:s}", "database",
								json_output_text(connection_database(identify->database.session.connection)),
								"version", identify->stamped || identify->ahead ? json_integer(record->version)
								: json_null(), "empty", identify->empty, "best", identify->best, "stamp",
								identify->advice < 0 ? json_null() : json_integer(identify->advice), "repair",
								identify->repairs, "reasons", json_reasons(&identify->prediction, identify->from),
								"versions", versions, "build", history.build));
}

static const char *
outcome(const struct prediction *prediction, int version)
{
	return prediction->versions[version].failures > 0 ? "fails" : prediction->versions[version].left > 0 ? "incomplete"
		: "complete";
}

static void
print_table(const struct identify *identify)
{
	char	   *shown = report_fit("name", NAME_COLUMNS, OTHER_COLUMNS);

	report_line("%7s  %s  %11s  %s", "version", shown, "differences", "upgrade");
	mem_free(shown);
	for (int version = 0; version <= history.latest; version++) {
		shown = report_fit(history_migration(version)->name, NAME_COLUMNS, OTHER_COLUMNS);
		report_line("%7d  %s  %11zu  %s%s", version, shown, identify->prediction.versions[version].differences,
					outcome(&identify->prediction, version), version == identify->best ? "  best" : "");
		mem_free(shown);
	}
}

/* Failures, or what would be missing or different; returns the number of lines printed before and now. */
static size_t
print_items(const struct identify *identify, int version, bool failures, size_t count)
{
	const struct predict_item *item;
	size_t		at = 0;

	while ((item = predict_next(&identify->prediction, version, &at))) {
		if (predict_fails(item) != failures)
			continue;
		if (count++ < MOST_REASONS) {
			char	   *line = predict_line(item);

			report_wrapped(2, "%s", line);
			mem_free(line);
		}
	}
	return count;
}

/* Why an upgrade from a version would not end complete. */
static void
print_reasons(const struct identify *identify, int version)
{
	size_t		count;

	report_wrapped(0, "an upgrade from version %d would not end complete:", version);
	count = print_items(identify, version, false, print_items(identify, version, true, 0));
	if (count > MOST_REASONS)
		report_line("  and %zu more", count - MOST_REASONS);
}

/* Why not a later version of the same schema? */
static void
print_same(const struct identify *identify)
{
	int			first = identify->advice + 1;

	if (identify->same == first)
		report_wrapped(0, "version %d has the same schema, so it is unknown whether its migration was run. After this"
					   " stamp, an upgrade runs it (again)", first);
	else if (identify->same > first)
		report_wrapped(0, "versions %d to %d have the same schema, so it is unknown whether their migrations were run."
					   " After this stamp, an upgrade runs them (again)", first,
					   identify->same);
}

static void
print_advice(const struct identify *identify)
{
	int			from = identify->from;

	if (identify->stamped && identify->advice == from && !identify->repairs) {
		if (from < history.latest)
			report_wrapped(0, "an upgrade from version %d would end complete", from);
		return;
	}
	if (!predict_complete(&identify->prediction, from))
		print_reasons(identify, from);
	if (identify->repairs) {
		if (!identify->stamped)
			report_line("to stamp it, run: " PROGRAM " stamp %d", identify->advice);
		report_line("%sto add the missing objects, run: " PROGRAM " repair", identify->stamped ? "" : "then, ");
	} else if (identify->advice < 0)
		report_wrapped(0, "an upgrade would not end complete from any version; \"" PROGRAM " verify VERSION\" lists the"
					   " differences");
	else {
		report_wrapped(0, "an upgrade from version %d would end complete", identify->advice);
		print_same(identify);
		report_line("to stamp it, run: " PROGRAM " stamp %d", identify->advice);
		if (identify->may_repair && identify->stamped)
			report_line("or, to add the missing objects, run: " PROGRAM " repair");
		else if (identify->may_repair)
			report_line("or, to add the missing objects of version %d, run: " PROGRAM " stamp %d, then " PROGRAM
						" repair", from, from);
	}
}

static void
print_plain(const struct identify *identify)
{
	const struct record *record = &identify->database.record;
	const char *name = connection_database(identify->database.session.connection);
	size_t		differences = identify->prediction.versions[identify->best].differences;

	if (identify->empty) {
		report_wrapped(0, "database %s is empty", name);
		if (!record->versioned)
			report_line("to create the schema, run: " PROGRAM " init");
		return;
	}
	print_table(identify);
	report_line("%s", "");
	report_wrapped(0, "database %s %s version %d, \"%s\"", name, differences == 0 ? "matches" : "is closest to",
				   identify->best, history_migration(identify->best)->name);
	if (identify->ahead) {
		report_wrapped(0, "the database is ahead: it is stamped with version %d, this build has %d; use the newer"
					   " build", record->version, history.latest);
		return;
	}
	if (record->fault == RECORD_OTHERS)
		report_wrapped(0, "the database has no version of repository \"%s\"; table migrate_version has rows of other"
					   " repositories only: %s", history.repository_id, record->others);
	else if (record->versioned && !identify->stamped)
		report_line("the recorded version is not valid");
	else if (identify->stamped && record->version != identify->best)
		report_line("the database is stamped with version %d", record->version);
	else if (identify->stamped)
		report_wrapped(0, "the database is stamped with this version%s", differences == 0 ? "" :
					   "; \"" PROGRAM " verify\" lists the differences");
	print_advice(identify);
}

static bool
has_public(const struct identify *identify)
{
	return fact_find(&identify->live.facts, FACT_SCHEMA, "public") != NULL;
}

int
cmd_identify(const struct options *options)
{
	struct identify identify = {0};
	struct session *session = &identify.database.session;
	int			status = STATUS_UNKNOWN;

	signals_init();
	if (built_facts_load(&identify.facts)
		&& database_read_fast(&identify.database, &options->session, true) == STATUS_OK
		&& live_read(&identify.live, session)
		&& (has_public(&identify) || !user_objects_no_public(session))) {
		struct compare_sides sides = built_facts_sides(&identify.live, &identify.facts);

		predict(&identify.prediction, &sides, history.latest, &built_ups);
		status = judge(&identify, &sides) ? STATUS_OK : STATUS_UNKNOWN;
		if (status == STATUS_OK && options->json)
			print_json(&identify);
		else if (status == STATUS_OK)
			print_plain(&identify);
	}
	if (status != STATUS_OK && signals_stop())
		status = STATUS_FAILED;
	predict_clear(&identify.prediction);
	live_clear(&identify.live);
	fact_history_clear(&identify.facts);
	database_close(&identify.database);
	return status;
}
