/* Print the result of "status" in its three forms. */
#include "cli/status_print.h"

#include <ctype.h>
#include <stdio.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "cli/status_report.h"
#include "history/history.h"
#include "history/release.h"
#include "history/steps.h"
#include "pg/connection.h"
#include "record/stored_downs.h"

#include "base/banned.h"

enum {
	MAX_MISSING = 1000			/* in JSON: a version that was set by hand may be any number */
};

static json_t *
missing_downs(const struct stored_downs *downs)
{
	json_t	   *versions = json_output_array();

	for (size_t i = 0; i < downs->count; i++)
		for (long v = downs->gaps[i].first; v <= downs->gaps[i].last && json_array_size(versions) < MAX_MISSING; v++)
			json_output_append(versions, json_integer(v));
	return versions;
}

static json_t *
json_incomplete(const struct status_report *report)
{
	const struct record *record = &report->database.record;
	const struct batch_estimate *progress = &report->estimate;

	return json_pack("{s:i, s:s, s:i, s:o, s:o, s:o, s:b}", "version", record->incomplete.version, "direction",
					 record->incomplete.up ? "up" : "down", "statements_done", record->incomplete.statements,
					 "position", json_output_text(record->incomplete_position),
					 "percent", json_output_number(progress->percent),
					 "seconds_left", json_output_number(progress->seconds_left), "running", report->facts.running);
}

static void
print_json(const struct status_report *report)
{
	const struct record *record = &report->database.record;
	json_t	   *pending = json_output_array();
	json_t	   *notes = json_output_array();
	json_t	   *incomplete = json_null();
	json_t	   *can_go_back = json_null();

	for (int v = record->version; v < history.latest; v++)
		json_output_append(pending, json_pack("{s:i, s:s}", "version", v + 1, "name", history_migration(v + 1)->name));
	for (size_t i = 0; i < report->note_count; i++)
		json_output_append(notes, json_output_text(report->notes[i]));
	if (record->incomplete.there)
		incomplete = json_incomplete(report);
	if (report->beyond && report->downs.known)
		can_go_back = json_boolean(stored_downs_complete(&report->downs));
	json_output_print(json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:b}", "status",
								status_report_keyword(report->verdict), "database",
								json_output_text(connection_database(report->database.session.connection)),
								"version", record->version, "latest", history.latest, "pending", pending,
								"half_way", incomplete, "can_go_back", can_go_back,
								"missing_downs", missing_downs(&report->downs), "notes", notes,
								"build", history.build, "releases",
								release_json(&history, record->version), "at_least",
								report->facts.asked ? json_integer(report->facts.at_least) : json_null(),
								"sufficient", report->sufficient));
}

/* Whether this build can revert the versions that it does not have: a new string, to be appended to the state. */
static char *
describe_downs(const struct status_report *report)
{
	char	   *gaps;
	char	   *text;

	if (!report->beyond)
		return mem_string("");
	if (!report->downs.known)
		return mem_string("; can go back: unknown");
	if (stored_downs_complete(&report->downs))
		return mem_string("; can go back: yes");
	gaps = stored_downs_gaps(&report->downs);
	text = mem_format("; can go back: no, the down statements of %s are not available", gaps);
	mem_free(gaps);
	return text;
}

/* Does the software run only on lower versions? Said at the end of the state: a new string. */
static char *
describe_limit(const struct options *options, int version)
{
	const struct history_release *release = release_find(&history, options->at_least_name);

	return release && version > release->last
		? mem_format("; but release %s runs on versions up to %d", release->name, release->last) : mem_string("");
}

/* Of a database that is sufficient. */
static char *
describe_sufficient(const struct options *options, const struct status_report *report)
{
	const char *database = connection_database(report->database.session.connection);
	char	   *limit = describe_limit(options, report->facts.version);
	char	   *text = report->verdict == STATUS_REPORT_CURRENT
		? mem_format("%s at version %d, the latest of this build%s", database, report->facts.version, limit)
		: mem_format("%s at version %d, at least %d; this build has %d%s", database, report->facts.version,
					 report->facts.at_least, history.latest, limit);

	mem_free(limit);
	return text;
}

/* The state in words, for monitoring and for people: a new string. */
static char *
describe(const struct options *options, const struct status_report *report)
{
	const char *database = connection_database(report->database.session.connection);
	int			version = report->facts.version;
	char	   *back;
	char	   *text;

	if (report->sufficient)
		return describe_sufficient(options, report);
	if (report->verdict == STATUS_REPORT_CURRENT)
		return mem_format("%s at version %d, the latest of this build", database, version);
	back = describe_downs(report);
	if (report->verdict == STATUS_REPORT_INCOMPLETE)
		text = mem_format("%s at version %d, migration %d is incomplete, this build has %d%s", database, version,
						  report->database.record.incomplete.version, history.latest, back);
	else if (report->facts.asked && version < report->facts.at_least)
		text = mem_format("%s at version %d, below %d; this build has %d%s", database, version, report->facts.at_least,
						  history.latest, back);
	else
		text = mem_format("%s at version %d, this build has %d%s", database, version, history.latest, back);
	mem_free(back);
	return text;
}

/* For monitoring plugins the text is one line, and a bar in it would begin the performance data. */
static void
print_for_plugins(const char *keyword, const char *text)
{
	char	   *line = printable(text);

	for (char *c = line; *c; c++)
		if (*c == '|')
			*c = '/';
	for (const char *c = keyword; *c; c++)
		putchar(toupper((unsigned char) *c));
	printf(" - %s", line);
	mem_free(line);
}

static void
print_brief(const struct options *options, const struct status_report *report)
{
	char	   *text = describe(options, report);
	int			pending = history.latest - report->facts.version;
	bool		well = report->sufficient || report->verdict == STATUS_REPORT_CURRENT;

	print_for_plugins(well ? "OK" : status_report_keyword(report->verdict), text);
	printf(" | version=%d latest=%d pending=%d\n", report->facts.version, history.latest,
		   pending > 0 ? pending : 0);
	mem_free(text);
}

static void
print_hint(const struct status_report *report)
{
	const struct steps_incomplete *incomplete = &report->database.record.incomplete;
	int			target = report->verdict == STATUS_REPORT_INCOMPLETE && incomplete->up ? report->facts.version
		: history.latest;

	if (report->verdict == STATUS_REPORT_INCOMPLETE && !report->beyond) {
		char	   *advice = steps_advice(incomplete, history.latest);

		report_hint("%s", advice);
		mem_free(advice);
	} else if (report->verdict == STATUS_REPORT_MISMATCH)
		report_hint("If \"" PROGRAM " verify\" reports no differences, run \"" PROGRAM " stamp %d\" to record this"
					" build's checksums.", report->facts.version);
	else if (report->verdict == STATUS_REPORT_INCOMPLETE || report->verdict == STATUS_REPORT_AHEAD)
		stored_downs_hint(&report->downs, report->verdict == STATUS_REPORT_AHEAD ? 0 : incomplete->version, target);
}

/* The releases of the software that run on the version. */
static void
print_releases(int version)
{
	char	   *names = release_names(&history, version, ", ");

	if (names)
		report_wrapped(2, "release: %s", names);
	else if (history.release_count > 0)
		report_wrapped(2, "release: none that is known runs on version %d", version);
	mem_free(names);
}

static void
print_plain(const struct options *options, const struct status_report *report)
{
	char	   *text = describe(options, report);
	bool		sufficient = report->sufficient && report->verdict != STATUS_REPORT_CURRENT;

	report_wrapped(0, "%s: database %s", sufficient ? "sufficient" : status_report_text(report->verdict), text);
	if (options->level == REPORT_VERBOSE)
		print_releases(report->facts.version);
	for (int v = report->facts.version; !sufficient && v < history.latest; v++)
		report_line("  pending: %d %s", v + 1, history_migration(v + 1)->name);
	for (size_t i = 0; i < report->note_count; i++)
		report_wrapped(2, "note: %s", report->notes[i]);
	mem_free(text);

	if (!sufficient)
		print_hint(report);
}

void
status_print(const struct options *options, const struct status_report *report)
{
	if (options->json)
		print_json(report);
	else if (options->brief)
		print_brief(options, report);
	else
		print_plain(options, report);
}

static void
print_unknown(const struct options *options, const char *reason, json_t *empty)
{
	if (options->brief) {
		print_for_plugins("unknown", reason);
		putchar('\n');
	} else if (options->json)
		json_output_print(json_pack("{s:s, s:o, s:o*, s:i, s:s}", "status", "unknown",
									"reason", json_output_text(reason), "empty", empty,
									"latest", history.latest, "build", history.build));
}

void
status_print_unknown(const struct options *options, const char *reason)
{
	print_unknown(options, reason, NULL);
}

void
status_print_unversioned(const struct options *options, bool empty)
{
	print_unknown(options, empty ? "the database is not under version control, and is empty"
				  : "the database is not under version control, and is not empty", json_boolean(empty));
}
