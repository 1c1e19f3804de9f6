/* init: create the latest schema in an empty database. */
#include <string.h>

#include "back.h"
#include "commands.h"
#include "contents.h"
#include "owner_hint.h"
#include "report.h"
#include "work.h"

#include "banned.h"

/* Is there nothing in the database? Reports what there is. */
static bool
is_empty(struct work *work)
{
	struct contents contents = {0};
	bool		read = contents_read(&contents, &work->session);
	bool		empty = read && contents.count == 0;

	if (read && !empty) {
		report_error("database \"%s\" is not empty", db_name(work->session.db));
		contents_report(&contents, &work->session);
	}
	contents_clear(&contents);
	return empty;
}

/*
 * An init that runs the migrations may have been interrupted between two of them: then the next one goes on. One whose
 * end nobody has learnt of may be said again.
 */
static bool
may_begin(struct work *work)
{
	const struct state *state = &work->state;
	bool		ours = state->last_command && strcmp(state->last_command, "init") == 0
		&& strcmp(state->last_build, history.build) == 0 && state->last_version == state->version
		&& state->version <= history.latest;
	struct back back;

	if (!state->versioned)
		return is_empty(work);
	if (ours && state->version < history.latest)
		report_note("an init stopped at version %d; it goes on from there", state->version);
	if (ours)
		return true;
	report_error("database \"%s\" is not empty: it is under version control, at version %d", db_name(work->session.db),
				 state->version);
	if (state->version > history.latest) {
		back_find(&back, &work->session, state, state->version, history.latest);
		back_hint(&back, "go back", history.latest);
		back_clear(&back);
	} else
		report_hint("To migrate it to this build's version, run \"" PROGRAM " upgrade\".");
	return false;
}

/* From nothing to a version: to the snapshot's, or else to 0. */
static bool
create(struct work *work)
{
	struct step first = {.version = 0,.up = true,.before = -1,.after = 0};
	struct job	job = history.snapshot ? job_of_snapshot("init") : job_of_migration("init", &first);
	bool		done;

	job.consent = &work->consent;
	done = work_apply(work, &job, job.step.after, history_migration(job.step.after)->name);

	job_clear(&job);
	return done;
}

int
cmd_init(const struct options *options)
{
	struct work work = {0};
	struct plan plan = {0};
	int			status = work_begin(&work, options);
	bool		done_before;

	if (status != STATUS_OK)
		goto done;
	if (!may_begin(&work)) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	/* There is nothing to lose. */
	if (!work.state.versioned)
		work.consent.all = true;
	/* Unless a downgrade from there has stopped half-way: that is redone. */
	done_before = work.state.versioned && work.state.version == history.latest
		&& !(work.state.partial.there && !work.state.partial.up);
	status = done_before ? STATUS_OK : work_may(&work, "init", true);
	if (status == STATUS_OK && !done_before)
		status = work_take_over(&work);
	if (status != STATUS_OK)
		goto done;
	if (!work.state.versioned)
		owner_warn(&work.session);
	if (!work.state.versioned && !create(&work)) {
		status = work_failed(&work);
		goto done;
	}
	plan_upgrade(&plan, history.latest, work.state.version, history.latest, &work.state.partial);
	status = work_run(&work, "init", &plan);
	if (status == STATUS_OK)
		report_line("database %s is at version %d, the latest of this build%s", db_name(work.session.db),
					work.state.version, done_before ? ": nothing to do" : "");
done:
	plan_clear(&plan);
	work_end(&work);
	return status;
}
