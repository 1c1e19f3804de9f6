/* status: is the database at this build's version? One connection and, as long as all is well, one round trip. */
#include <limits.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/status_print.h"
#include "cli/status_report.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "pg/user_objects.h"
#include "record/database.h"
#include "record/record.h"

#include "base/banned.h"

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
	long		deadline;		/* by clock_milliseconds(); what is told at once: when it began */
	bool		last;
};

static long
time_left(const struct watch *watch)
{
	long		left = watch->deadline - clock_milliseconds();

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
judge_and_print(struct watch *watch, struct status_report *report)
{
	int			status;

	status_report_judge(report);
	status = status_report_exit_status(report->verdict);
	if (is_last(watch) || status == STATUS_OK)
		status_print(watch->options, report);
	return status;
}

/*
 * Where a glance is not enough, the version and its record are two queries, and the lock's holder is a third: a run
 * that ends between them looks like an edit by hand, or like one that stopped half-way. What looks like that is looked
 * at twice.
 */
static bool
read_state(struct database *database)
{
	struct record *record = &database->record;

	if (record_read_fast(&database->session, record))
		return true;
	if (record->locked) {
		record_report_locked(&database->session);
		return false;
	}
	if (!record_read(&database->session, record))
		return false;
	if (!record->incomplete.there && !(record->has_last && record->last_version != record->version))
		return true;
	record_clear(record);
	return record_read(&database->session, record);
}

/* What is in it decides what to do: a deploy reads that from the JSON. */
static void
print_unversioned(const struct options *options, struct database *database)
{
	struct user_objects contents = {0};
	bool		missing;

	report_mute(options->brief);
	missing = user_objects_no_public(&database->session);
	report_mute(false);
	if (missing || !user_objects_read(&contents, &database->session))
		status_print_unknown(options, report_last_error());
	else {
		bool		empty = contents.count == 0;

		if (!options->brief) {
			report_error("database \"%s\" is not under version control: there is no table migrate_version",
						 connection_database(database->session.connection));
			if (empty)
				report_hint("It is empty: to create the schema there, run \"" PROGRAM " init\".");
			else
				user_objects_report(&contents, &database->session);
		}
		status_print_unversioned(options, empty);
	}
	user_objects_clear(&contents);
}

/* Limit the parts of a check by the time that is left. */
static void
limit_check(struct session_options *how, int *patience, long left)
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
		session_report_open_failure(message);
	status_print_unknown(options, why);
	mem_free(why);
}

/* Unless it is the last, the result of a look is printed only when all is well. */
static int
check_once(struct watch *watch)
{
	const struct options *options = watch->options;
	struct status_report report = {0};
	struct database *database = &report.database;
	struct session_options how = options->session;
	int			patience = PATIENCE;
	char	   *message = NULL;
	int			status = STATUS_UNKNOWN;

	how.lock_timeout = LOCK_PATIENCE;
	if (options->wait >= 0)
		limit_check(&how, &patience, time_left(watch));
	if (!session_open(&database->session, &how, &message)) {
		if (is_last(watch))
			print_unconnected(options, message);
		mem_free(message);
		return STATUS_UNKNOWN;
	}
	database->session.read_timeout = patience;
	connection_set_timeout(database->session.connection, patience);
	if (!read_state(database)) {
		if (is_last(watch))
			status_print_unknown(options, report_last_error());
	} else if (!database->record.versioned) {
		if (is_last(watch))
			print_unversioned(options, database);
	} else
		status = judge_and_print(watch, &report);
	status_report_clear(&report);
	database_close(database);
	return status;
}

int
cmd_status(const struct options *options)
{
	struct watch watch = {.options = options,.deadline = clock_milliseconds()};

	if (options->wait >= 0) {
		watch.deadline += options->wait * 1000L;
		signals_init();
	}
	for (;;) {
		int			status;

		report_hold();
		status = check_once(&watch);
		report_release(false);
		if (watch.last || status == STATUS_OK)
			return status;
		signals_pause(between(0, time_left(&watch), PAUSE));
	}
}
