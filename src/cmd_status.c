/* status: is the database at this build's version? One connection and, as long as all is well, one round trip. */
#include <limits.h>
#include <time.h>

#include "commands.h"
#include "contents.h"
#include "finding.h"
#include "mem.h"
#include "report.h"
#include "signals.h"
#include "status_print.h"

#include "banned.h"

enum {						/* milliseconds; with --wait, within the time that is left, but not less than the least */
	PATIENCE = 5000,			/* for an answer: a health check must not hang */
	LEAST_PATIENCE = 1000,
	LOCK_PATIENCE = 2000,		/* for a lock: half of what is left */
	LEAST_LOCK_PATIENCE = 200,
	LEAST_CONNECTING = 2000,	/* libpq's own */
	PAUSE = 1000				/* between two looks */
};

/* A number of looks at the database, of which the last one is told. */
struct watch {
	const struct options *options;
	long		deadline;		/* by now(); what is told at once: when it began */
	bool		last;
};

/* In milliseconds, whatever happens to the clock as the host starts. */
static long
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000L + time.tv_nsec / 1000000L;
}

static long
time_left(const struct watch *watch)
{
	long		left = watch->deadline - now();

	return left > 0 ? left : 0;
}

static int
between(int least, long wanted, int most)
{
	return wanted < least ? least : wanted > most ? most : (int) wanted;
}

/* Is the look that has come to its end the last one, so that its messages are for people? */
static bool
is_last(struct watch *watch)
{
	watch->last = time_left(watch) == 0 || signals_stop();
	if (watch->last)
		report_release(true);
	return watch->last;
}

static int
judge_and_print(struct watch *watch, struct finding *finding)
{
	int			status;

	finding_judge(finding);
	status = verdict_status(finding->verdict);
	if (is_last(watch) || status == STATUS_OK)
		status_print(watch->options, finding);
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

/* How long the parts of a look may take, where its result is not told at once. */
static void
limit(struct session_options *how, int *patience, long left)
{
	how->target.connect_limit = (between(LEAST_CONNECTING, left, INT_MAX - 999) + 999) / 1000;
	how->lock_timeout = between(LEAST_LOCK_PATIENCE, left / 2, LOCK_PATIENCE);
	*patience = between(LEAST_PATIENCE, left, PATIENCE);
}

static void
print_unconnected(const struct options *options, const char *message)
{
	char	   *why = mem_format("could not connect: %s", message);

	if (!options->brief)
		session_report_unopened(message);
	status_print_unknown(options, why);
	mem_free(why);
}

/* Unless it is the last, the result of a look is printed only when all is well. */
static int
look(struct watch *watch)
{
	const struct options *options = watch->options;
	struct finding finding = {0};
	struct work *work = &finding.work;
	struct session_options how = options->session;
	int			patience = PATIENCE;
	char	   *message = NULL;
	int			status = STATUS_UNKNOWN;

	how.lock_timeout = LOCK_PATIENCE;
	if (options->wait >= 0)
		limit(&how, &patience, time_left(watch));
	if (!session_open(&work->session, &how, &message)) {
		if (is_last(watch))
			print_unconnected(options, message);
		mem_free(message);
		return STATUS_UNKNOWN;
	}
	work->session.patience = patience;
	db_set_patience(work->session.db, patience);
	if (!read_state(work)) {
		if (is_last(watch))
			status_print_unknown(options, report_last_error());
	} else if (!work->state.versioned) {
		if (is_last(watch))
			say_unversioned(options, work);
	} else
		status = judge_and_print(watch, &finding);
	finding_clear(&finding);
	work_end(work);
	return status;
}

int
cmd_status(const struct options *options)
{
	struct watch watch = {.options = options,.deadline = now()};

	if (options->wait >= 0) {
		watch.deadline += options->wait * 1000L;
		signals_init();
	}
	for (;;) {
		int			status;

		report_hold();
		status = look(&watch);
		report_release(false);
		if (watch.last || status == STATUS_OK)
			return status;
		signals_pause(between(0, time_left(&watch), PAUSE));
	}
}
