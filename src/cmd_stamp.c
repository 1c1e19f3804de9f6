/* stamp: record a version without running anything. */
#include <string.h>

#include "back.h"
#include "commands.h"
#include "contents.h"
#include "mem.h"
#include "report.h"
#include "work.h"

#include "banned.h"

/* Is it a version above the stamp's of which this build does not know what was applied? */
static bool
is_unknown(const struct state_migration *row, int version)
{
	return row->version > version && (row->version > history.latest
									  || strcmp(row->checksum, history_migration(row->version)->source.checksum) != 0);
}

/* The versions that are forgotten, as a list for a person to read; a new string, NULL where there are none. */
static char *
forgotten(const struct state *state, int version)
{
	char	   *list = NULL;

	for (size_t i = 0; i < state->count; i++) {
		const struct state_migration *row = &state->migrations[i];
		char	   *longer;

		if (!is_unknown(row, version))
			continue;
		longer = mem_format("%s%s%d \"%s\"", list ? list : "", list ? ", " : "", row->version, row->name);
		mem_free(list);
		list = longer;
	}
	return list;
}

/* Can the versions be reverted instead? Report the way, or that there is none. */
static void
report_way(struct work *work, int version)
{
	struct back back;

	back_find(&back, &work->session, &work->state, state_highest(&work->state), version);
	if (back.known && !back_open(&back)) {
		char	   *gaps = back_gaps(&back);

		report_detail("No down statements are stored for version%s %s.", strchr(gaps, ' ') ? "s" : "", gaps);
		mem_free(gaps);
	}
	report_detail("Nothing was changed.");
	if (back_open(&back))
		report_hint("To revert them, run \"" PROGRAM " downgrade %d\"; to forget them nevertheless, repeat with --yes.",
					version);
	else
		report_hint("If the version was set by hand, repeat with --yes.");
	back_clear(&back);
}

static void
report_forgotten(struct work *work, int version, const char *list, bool ahead)
{
	const struct state *state = &work->state;

	if (list)
		report_error("stamping version %d deletes the records of versions that this build does not have", version);
	else
		report_error("database \"%s\" is ahead of this build", db_name(work->session.db));
	if (ahead)
		report_detail("The database is at version %d; this build has versions up to %d.", state->version,
					  history.latest);
	if (list)
		report_detail("The records of these versions would be deleted, with the SQL that reverts them: %s.", list);
	report_way(work, version);
}

/* On a database that is ahead a stamp also forgets how to go back, which only the record knows. */
static int
may_forget(struct work *work, const struct options *options, int version)
{
	const struct state *state = &work->state;
	char	   *list = forgotten(state, version);
	bool		ahead = state->versioned && state->fault == STATE_SOUND && state->version > history.latest;
	int			status = STATUS_OK;

	if ((list || ahead) && !options->yes) {
		report_forgotten(work, version, list, ahead);
		status = STATUS_UNKNOWN;
	} else if (list)
		report_note("forgotten: %s", list);
	else if (ahead && state->version == history.latest + 1)
		report_note("no record of version %d existed", state->version);
	else if (ahead)
		report_note("no records of versions %d to %d existed", history.latest + 1, state->version);
	if (status == STATUS_OK && state->partial.there)
		report_note("the progress of migration %d, which is incomplete, is discarded", state->partial.version);
	mem_free(list);
	return status;
}

int
cmd_stamp(const struct options *options)
{
	struct work work = {0};
	int			version = options_known_version(options);
	int			status;

	if (version < 0)
		return STATUS_UNKNOWN;
	status = work_begin_to_stamp(&work, options);
	if (status == STATUS_OK)
		status = may_forget(&work, options, version);
	if (status == STATUS_OK)
		status = work_may(&work, "stamp", false);
	if (status == STATUS_OK)
		status = work_take_over(&work);
	if (status == STATUS_OK && contents_no_tables(&work.session))
		report_warning("schema public has no tables; nothing was checked");
	if (status == STATUS_OK) {
		int			before = work.state.versioned && work.state.fault == STATE_SOUND ? work.state.version : -1;
		struct job	job = job_of_stamp(before, version);

		if (!apply_job(&work.session, &work.state, &job))
			status = work_failed(&work);
		else if (before < 0 || before == version)
			report_line("database %s is stamped with version %d; nothing was run", db_name(work.session.db), version);
		else
			report_line("database %s is stamped with version %d instead of %d; nothing was run",
						db_name(work.session.db), version, before);
		job_clear(&job);
	}
	work_end(&work);
	return status;
}
