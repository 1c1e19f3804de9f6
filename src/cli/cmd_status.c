/* status: is the database at this build's version? One connection; one round trip if it is. */
#include <limits.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/status_print.h"
#include "cli/status_report.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "pg/user_objects.h"
#include "record/database.h"
#include "record/record.h"

#include "base/banned.h"

/* In milliseconds. With --wait, each is limited by the time that is left, but not below its minimum. */
enum {
	ANSWER_TIMEOUT = 5000,		/* a health check must not hang */
	MIN_ANSWER_TIMEOUT = 1000,
	LOCK_TIMEOUT = 2000,		/* with --wait at most half of the time that is left */
	MIN_LOCK_TIMEOUT = 200,
	MIN_CONNECT_TIMEOUT = 2000,	/* libpq's own minimum */
	PAUSE = 1000				/* between two attempts */
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

/* Was this the last attempt? If so, its messages are printed. */
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

	status_report_judge(report, watch->options->at_least);
	status = report->sufficient ? STATUS_OK : status_report_exit_status(report->verdict);
	if (is_last(watch) || status == STATUS_OK)
		status_print(watch->options, report);
	return status;
}

/*
 * The fast query is enough for a version ahead of this build, too, if it is at least the one that was asked for.
 * Otherwise the version, its record and the holder of the lock are three queries. A run that ends between them can look
 * like an edit by hand, or like an incomplete migration: then read again.
 */
static bool
read_state(struct database *database, int at_least)
{
	struct record *record = &database->record;

	if (record_read_fast(&database->session, record, at_least >= 0)
		&& (record->version <= history.latest || record->version >= at_least))
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

/* A deploy reads from the JSON whether the database is empty, and so whether to run init. */
static void
print_unversioned(const struct options *options, struct database *database)
{
	struct user_objects contents = {0};
	bool		missing;

	if (options->brief)
		report_hold();
	missing = user_objects_no_public(&database->session);
	report_release(false);
	if (missing || !user_objects_read(&contents, &database->session))
		status_print_unknown(options, report_last_error());
	else {
		bool		empty = contents.count == 0;

		if (!options->brief) {
			report_error("database \"%s\" is not under version control: there is no table migrate_version",
						 connection_database(database->session.connection));
			if (empty)
				report_hint("The database is empty. To create the schema, run \"" PROGRAM " init\".");
			else
				user_objects_report(&contents, &database->session);
		}
		status_print_unversioned(options, empty);
	}
	user_objects_clear(&contents);
}

/* Limit the parts of a check by the time that is left. */
static void
limit_check(struct session_options *how, int *timeout, long left)
{
	how->target.connect_limit = (between(MIN_CONNECT_TIMEOUT, left, INT_MAX - 999) + 999) / 1000;
	how->lock_timeout = between(MIN_LOCK_TIMEOUT, left / 2, LOCK_TIMEOUT);
	*timeout = between(MIN_ANSWER_TIMEOUT, left, ANSWER_TIMEOUT);
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
	int			timeout = ANSWER_TIMEOUT;
	char	   *message = NULL;
	int			status = STATUS_UNKNOWN;

	how.lock_timeout = LOCK_TIMEOUT;
	if (options->wait >= 0)
		limit_check(&how, &timeout, time_left(watch));
	if (!session_open(&database->session, &how, &message)) {
		if (is_last(watch))
			print_unconnected(options, message);
		mem_free(message);
		return STATUS_UNKNOWN;
	}
	database->session.read_timeout = timeout;
	connection_set_timeout(database->session.connection, timeout);
	if (!read_state(database, options->at_least)) {
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
