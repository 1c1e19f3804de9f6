/* stamp: record a version without running anything. */
#include <string.h>

#include "commands.h"
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

/* On a database that is ahead a stamp also forgets how to go back, which only the record knows. */
static int
may_forget(struct work *work, const struct options *options, int version)
{
	const struct state *state = &work->state;
	char	   *list = forgotten(state, version);
	bool		ahead = state->versioned && state->fault == STATE_SOUND && state->version > history.latest;
	int			status = STATUS_OK;

	if (!list && !ahead)
		return STATUS_OK;
	if (options->yes)
		report_note("forgotten: %s", list ? list : "versions that are not recorded");
	else {
		report_error("to stamp version %d would forget what this build does not know", version);
		if (ahead)
			report_detail("The database is at version %d; this build has versions up to %d.", state->version,
						  history.latest);
		if (list)
			report_detail("What is recorded of these versions would be deleted, with the SQL that reverts them: %s.",
						  list);
		report_detail("Nothing was changed.");
		report_hint("To revert them, run \"" PROGRAM " downgrade %d\"; to forget them nevertheless, repeat with --yes.",
					version);
		status = STATUS_UNKNOWN;
	}
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
	if (status == STATUS_OK) {
		int			before = work.state.versioned && work.state.fault == STATE_SOUND ? work.state.version : -1;
		struct job	job = job_of_stamp(before, version);

		if (!apply_job(&work.session, &work.state, &job))
			status = STATUS_FAILED;
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
