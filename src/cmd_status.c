/* status: is the database at this build's version? One connection and, as long as all is well, one round trip. */
#include <time.h>

#include "commands.h"
#include "contents.h"
#include "finding.h"
#include "mem.h"
#include "report.h"
#include "signals.h"
#include "status_print.h"

#include "banned.h"

enum {
	PATIENCE = 5000,			/* milliseconds for an answer: a health check must not hang */
	LOCK_PATIENCE = 2000,		/* for a lock, within that; with --wait, half of the time that is left, but not less */
	LEAST_PATIENCE = 200		/* than this */
};

static int
judge_and_print(const struct options *options, struct finding *finding, bool last)
{
	int			status;

	finding_judge(finding);
	status = verdict_status(finding->verdict);
	if (last || status == STATUS_OK)
		status_print(options, finding);
	return status;
}

/*
 * Where a glance is not enough, the version and its record are two queries, and the lock's holder is a third: a run
 * that ends between them looks like an edit by hand, or like one that stopped half-way. What looks like that is looked
 * at twice.
 */
static bool
read_state(struct work *work)
{
	struct state *state = &work->state;

	if (state_glance(&work->session, state))
		return true;
	if (state->locked) {
		state_report_locked(&work->session);
		return false;
	}
	if (!state_read(&work->session, state))
		return false;
	if (!state->partial.there && !(state->has_last && state->last_version != state->version))
		return true;
	state_clear(state);
	return state_read(&work->session, state);
}

/* What is in it decides what to do: a deploy reads that from the JSON. */
static void
say_unversioned(const struct options *options, struct work *work)
{
	struct contents contents = {0};
	bool		missing;

	report_mute(options->brief);
	missing = contents_no_public(&work->session);
	report_mute(false);
	if (missing || !contents_read(&contents, &work->session))
		status_print_unknown(options, report_last_error());
	else {
		bool		empty = contents.count == 0;

		if (!options->brief) {
			report_error("database \"%s\" is not under version control: there is no table migrate_version",
						 db_name(work->session.db));
			if (empty)
				report_hint("It is empty: to create the schema there, run \"" PROGRAM " init\".");
			else
				contents_report(&contents, &work->session);
		}
		status_print_unversioned(options, empty);
	}
	contents_clear(&contents);
}

/* How long a look may wait for a lock, where so many seconds are left for it and others. */
static int
lock_patience(time_t left)
{
	long		half = (long) left * 500;

	return half > LOCK_PATIENCE ? LOCK_PATIENCE : half > LEAST_PATIENCE ? (int) half : LEAST_PATIENCE;
}

/* One look. Unless it is the last, its result is printed only when all is well. */
static int
look(const struct options *options, int patience, bool last)
{
	struct finding finding = {0};
	struct work *work = &finding.work;
	struct session_options how = options->session;
	char	   *message = NULL;
	int			status = STATUS_UNKNOWN;

	how.lock_timeout = patience;
	if (!session_open(&work->session, &how, &message)) {
		char	   *why = mem_format("could not connect: %s", message);

		if (last) {
			if (!options->brief)
				session_report_unopened(message);
			status_print_unknown(options, why);
		}
		mem_free(why);
		mem_free(message);
		return STATUS_UNKNOWN;
	}
	work->session.patience = PATIENCE;
	db_set_patience(work->session.db, PATIENCE);
	if (!read_state(work)) {
		if (last)
			status_print_unknown(options, report_last_error());
	} else if (!work->state.versioned) {
		if (last)
			say_unversioned(options, work);
	} else
		status = judge_and_print(options, &finding, last);
	finding_clear(&finding);
	work_end(work);
	return status;
}

/* In seconds, whatever happens to the clock as the host starts. */
static time_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

int
cmd_status(const struct options *options)
{
	time_t		deadline = now() + options->wait;

	if (options->wait >= 0)
		signals_init();
	for (;;) {
		time_t		left = deadline - now();
		bool		last = left <= 0 || signals_stop();
		int			status;

		report_mute(!last);
		status = look(options, options->wait < 0 ? LOCK_PATIENCE : lock_patience(left), last);
		report_mute(false);
		if (last || status == STATUS_OK)
			return status;
		signals_pause(1000);
	}
}
