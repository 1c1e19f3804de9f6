/* The verdict of "status", and its notes. */
#include "cli/status_report.h"

#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "history/history.h"
#include "pg/advisory_lock.h"
#include "record/batch_estimate.h"
#include "record/record.h"
#include "record/stored_downs.h"

#include "base/banned.h"

static const struct {
	const char *text;
	const char *keyword;
	int			status;
}			verdicts[] = {
	[STATUS_REPORT_CURRENT] = {"current", "current", STATUS_OK},
	[STATUS_REPORT_BEHIND] = {"behind", "behind", STATUS_BEHIND},
	[STATUS_REPORT_AHEAD] = {"ahead", "ahead", STATUS_FAILED},
	[STATUS_REPORT_INCOMPLETE] = {"incomplete", "half-way", STATUS_FAILED},
	[STATUS_REPORT_MISMATCH] = {"checksum mismatch", "differs", STATUS_FAILED},
};

enum status_report_verdict
status_report_verdict_of(const struct status_report_facts *facts)
{
	if (facts->incomplete && !facts->running)
		return STATUS_REPORT_INCOMPLETE;
	if (facts->version > facts->latest)
		return STATUS_REPORT_AHEAD;
	if (facts->mismatch)
		return STATUS_REPORT_MISMATCH;
	if (facts->version < facts->latest || (facts->asked && facts->version < facts->at_least))
		return STATUS_REPORT_BEHIND;
	return facts->incomplete ? STATUS_REPORT_BEHIND : STATUS_REPORT_CURRENT;
}

bool
status_report_suffices(const struct status_report_facts *facts)
{
	enum status_report_verdict verdict = status_report_verdict_of(facts);

	return facts->asked && facts->version >= facts->at_least && verdict != STATUS_REPORT_INCOMPLETE
		&& verdict != STATUS_REPORT_MISMATCH;
}

const char *
status_report_text(enum status_report_verdict verdict)
{
	return verdicts[verdict].text;
}

const char *
status_report_keyword(enum status_report_verdict verdict)
{
	return verdicts[verdict].keyword;
}

int
status_report_exit_status(enum status_report_verdict verdict)
{
	return verdicts[verdict].status;
}

static void
note(struct status_report *report, char *text)
{
	report->notes[report->note_count++] = text;
}

static void
note_position(struct status_report *report, const struct steps_incomplete *incomplete, const char *position)
{
	char	   *progress = batch_estimate_text(&report->estimate);

	note(report, mem_format("%smigration %d %s statement %d; rows with keys below %s are done%s%s",
							incomplete->up ? "" : "down ", incomplete->version,
							report->runner ? "is at" : "stopped in", incomplete->statements + 1, position,
							progress ? ": " : "", progress ? progress : ""));
	mem_free(progress);
}

static void
note_incomplete(struct status_report *report, const struct steps_incomplete *incomplete, const char *position)
{
	const char *direction = incomplete->up ? "" : "down ";

	if (report->runner)
		note(report, mem_format("%smigration %d is being run by %s", direction, incomplete->version, report->runner));
	if (position)
		note_position(report, incomplete, position);
	else if (report->runner)
		return;
	else if (incomplete->statements == 0)
		note(report, mem_format("%smigration %d stopped before the end of its first statement", direction,
								incomplete->version));
	else
		note(report, mem_format("%smigration %d stopped after %d of its statements", direction, incomplete->version,
								incomplete->statements));
}

/* The note on a checksum mismatch, a new string. */
static char *
describe_mismatch(struct database *database)
{
	bool		loaded = record_load(&database->session, &database->record);
	char	   *versions = loaded ? record_mismatched_versions(&database->record) : mem_string("");
	char	   *text = versions[0]
		? mem_format("the SQL applied is not the SQL in this build for version%s", versions)
		: mem_format("the recorded history checksum differs from that of this build%s",
					 loaded ? ", but no recorded version differs" : "");

	mem_free(versions);
	return text;
}

/* A query, and so only if the database has versions that this build does not have. */
static void
find_downs(struct status_report *report)
{
	struct record *record = &report->database.record;
	int			highest = record_highest(record);

	report->beyond = highest > history.latest;
	if (report->beyond)
		stored_downs_find(&report->downs, &report->database.session, record, highest, history.latest);
}

void
status_report_judge(struct status_report *report, int at_least)
{
	struct database *database = &report->database;
	const struct record *record = &database->record;

	report->facts = (struct status_report_facts) {.version = record->version,.latest = history.latest,
		.incomplete = record->incomplete.there,.mismatch = record_mismatch(record),
		.asked = at_least >= 0,.at_least = at_least
	};
	if (record->incomplete.there) {
		struct advisory_lock_holder holder;

		advisory_lock_find_holder(&holder, &database->session);
		if (holder.is_run)
			report->runner = holder.session;
		else if (holder.session) {
			note(report, mem_format("%s holds the advisory lock of fitsdb-schema", holder.session));
			mem_free(holder.session);
		}
		report->facts.running = report->runner != NULL;
		batch_estimate_read(&report->estimate, &database->session, record, report->facts.running);
	}
	report->verdict = status_report_verdict_of(&report->facts);
	report->sufficient = status_report_suffices(&report->facts);
	if (!report->sufficient)
		find_downs(report);

	if (record->incomplete.there)
		note_incomplete(report, &record->incomplete, record->incomplete_position);
	if (report->facts.mismatch)
		note(report, describe_mismatch(database));
	if (record->has_last && record->last_version != record->version)
		note(report, mem_format("the version was set by hand: the last recorded change led to version %d",
								record->last_version));
	if (record->crowded)
		note(report, mem_string("table fitsdb_schema.standing has several rows, for example after a restore of data"
								" alone; the next change corrects this"));
	if (record->hidden)
		note(report, mem_string("this role may not read schema fitsdb_schema, so the record was not compared"));
}

void
status_report_clear(struct status_report *report)
{
	for (size_t i = 0; i < report->note_count; i++)
		mem_free(report->notes[i]);
	mem_free(report->runner);
	stored_downs_clear(&report->downs);
}
