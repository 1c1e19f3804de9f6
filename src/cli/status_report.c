#include "cli/status_report.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "pg/advisory_lock.h"
#include "record/batch_estimate.h"
#include "record/record.h"
#include "record/stored_downs.h"

#include "base/banned.h"

static const struct {
	const char *word;
	int			status;
}			verdicts[] = {
	[STATUS_REPORT_CURRENT] = {"current", 0},
	[STATUS_REPORT_BEHIND] = {"behind", 1},
	[STATUS_REPORT_AHEAD] = {"ahead", 2},
	[STATUS_REPORT_INCOMPLETE] = {"half-way", 2},
	[STATUS_REPORT_MISMATCH] = {"differs", 2},
};

enum status_report_verdict
status_report_verdict_of(const struct status_report_facts *facts)
{
	if (facts->incomplete && !facts->running)
		return STATUS_REPORT_INCOMPLETE;
	if (facts->version > facts->latest)
		return STATUS_REPORT_AHEAD;
	if (facts->differs)
		return STATUS_REPORT_MISMATCH;
	if (facts->version < facts->latest)
		return STATUS_REPORT_BEHIND;
	return facts->incomplete ? STATUS_REPORT_BEHIND : STATUS_REPORT_CURRENT;
}

const char *
status_report_word(enum status_report_verdict verdict)
{
	return verdicts[verdict].word;
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
	char	   *far = batch_estimate_text(&report->estimate);

	note(report, mem_format("%smigration %d %s statement %d, whose keys below %s are done%s%s",
							incomplete->up ? "" : "down ", incomplete->version,
							report->runner ? "has got to" : "stopped in", incomplete->statements + 1, position,
							far ? ": " : "", far ? far : ""));
	mem_free(far);
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
		note(report, mem_format("%smigration %d stopped before its first statement was done", direction,
								incomplete->version));
	else
		note(report, mem_format("%smigration %d stopped after %d of its statements", direction, incomplete->version,
								incomplete->statements));
}

/* Which versions differ, as the note says it. */
static char *
differing(struct database *database)
{
	bool		loaded = record_load(&database->session, &database->record);
	char	   *versions = loaded ? record_mismatched_versions(&database->record) : mem_string("");
	char	   *said = versions[0]
		? mem_format("the SQL applied is not the SQL in this build for version%s", versions)
		: mem_format("the recorded checksum of the history is not the one in this build%s",
					 loaded ? ", but no version is found to differ" : "");

	mem_free(versions);
	return said;
}

/* Only where there is something to take back: as long as all is well, that costs nothing. */
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
status_report_judge(struct status_report *report)
{
	struct database *database = &report->database;
	const struct record *record = &database->record;

	report->facts = (struct status_report_facts) {.version = record->version,.latest = history.latest,
		.incomplete = record->incomplete.there,.differs = record_mismatch(record)
	};
	if (record->incomplete.there) {
		struct advisory_lock_holder holder;

		advisory_lock_find_holder(&holder, &database->session);
		if (holder.is_run)
			report->runner = holder.session;
		else if (holder.session) {
			note(report, mem_format("the lock of this program is held by %s", holder.session));
			mem_free(holder.session);
		}
		report->facts.running = report->runner != NULL;
		batch_estimate_read(&report->estimate, &database->session, record, report->facts.running);
	}
	report->verdict = status_report_verdict_of(&report->facts);
	find_downs(report);

	if (record->incomplete.there)
		note_incomplete(report, &record->incomplete, record->incomplete_position);
	if (report->facts.differs)
		note(report, differing(database));
	if (record->has_last && record->last_version != record->version)
		note(report, mem_format("the version was set by hand: the last recorded change led to %d",
								record->last_version));
	if (record->crowded)
		note(report, mem_string("table fitsdb_schema.standing has several rows, as a restore of data alone leaves it;"
								" the next change puts that right"));
	if (record->hidden)
		note(report, mem_string("schema fitsdb_schema may not be read by this role, so its record was not compared"));
}

void
status_report_clear(struct status_report *report)
{
	for (size_t i = 0; i < report->note_count; i++)
		mem_free(report->notes[i]);
	mem_free(report->runner);
	stored_downs_clear(&report->downs);
}
