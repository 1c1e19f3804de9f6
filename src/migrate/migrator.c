#include "migrate/migrator.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/history.h"
#include "migrate/commit.h"
#include "migrate/loss_guard.h"
#include "migrate/ownership_transfer.h"
#include "migrate/privileges.h"
#include "migrate/statements.h"
#include "migrate/task.h"
#include "migrate/transaction.h"
#include "migrate/untrusted.h"
#include "pg/advisory_lock.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "pg/settings.h"
#include "pg/user_objects.h"
#include "record/database.h"
#include "record/record.h"
#include "record/trust.h"

#include "base/banned.h"

enum {
	NAME_COLUMNS = 44,
	OTHER_COLUMNS = 20,			/* what the line of a migration has besides its name */
	READING_PATIENCE = 40000	/* milliseconds for an answer: the server's own limits end before that */
};

static int
open_it(struct migrator *migrator, const struct session_options *options, bool yes)
{
	*migrator = (struct migrator) {.consent = {.all = yes}};
	return database_open(&migrator->database, options);
}

/* After open_it: get the lock, and read the state. */
static int
begin(struct migrator *migrator, bool (*read) (struct session *, struct record *))
{
	signals_init();
	if (!session_prepare(&migrator->database.session, true) || !settings_check(&migrator->database.session)
		|| user_objects_no_public(&migrator->database.session))
		return STATUS_UNKNOWN;
	switch (advisory_lock_acquire(&migrator->database.session, false)) {
		case ADVISORY_LOCK_HELD:
			migrator->locked = true;
			break;
		case ADVISORY_LOCK_STOPPED:
			return STATUS_FAILED;
		default:
			return STATUS_UNKNOWN;
	}
	/* Not before: anybody can hold the lock, and put something of his in place while we wait for it. */
	if (!trust_check_record(&migrator->database.session))
		return STATUS_UNKNOWN;
	/* What a superuser has left behind may be unreadable to its rightful owner. */
	if (!session_as_login(&migrator->database.session, true) || !read(&migrator->database.session,
																	  &migrator->database.record)
		|| !database_load(&migrator->database)
		|| !session_as_login(&migrator->database.session, false))
		return STATUS_UNKNOWN;
	/* A migration may take as long as it needs. */
	connection_set_timeout(migrator->database.session.connection, 0);
	return STATUS_OK;
}

int
migrator_begin(struct migrator *migrator, const struct session_options *options, bool yes)
{
	int			status = open_it(migrator, options, yes);

	return status == STATUS_OK ? begin(migrator, record_read) : status;
}

int
migrator_begin_unless_at(struct migrator *migrator, const struct session_options *options, bool yes, int version)
{
	int			status = open_it(migrator, options, yes);

	/* Whether the login may act as a role has to be asked. */
	if (status != STATUS_OK || (!options->role && record_read_if_at(&migrator->database.session,
																	&migrator->database.record, version)))
		return status;
	if (migrator->database.record.locked) {
		record_report_locked(&migrator->database.session);
		return STATUS_UNKNOWN;
	}
	return begin(migrator, record_read);
}

int
migrator_begin_to_stamp(struct migrator *migrator, const struct session_options *options, bool yes)
{
	int			status = open_it(migrator, options, yes);

	return status == STATUS_OK ? begin(migrator, record_read_to_stamp) : status;
}

/* Are destroyed rows counted, or may they be lost? */
static bool
may_count(struct migrator *migrator)
{
	if (migrator->consent.all || settings_check_counts(&migrator->database.session))
		return true;
	report_hint("If data may be lost, repeat with --yes instead.");
	return false;
}

int
migrator_may(struct migrator *migrator, const char *command, bool whole)
{
	if (whole && !may_count(migrator))
		return STATUS_UNKNOWN;
	migrator->whole = whole;
	if (privileges_check(&migrator->ownership, &migrator->database.session, &migrator->database.record, command, whole))
		return STATUS_OK;
	return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
}

int
migrator_may_run(struct migrator *migrator, const char *command, const struct steps *plan)
{
	bool		may = true;

	for (size_t i = 0; may && untrusted_any(&migrator->database.session) && i < plan->count; i++) {
		struct task	task;

		may = migrator_job(migrator, &task, command, &plan->steps[i]) && !untrusted_named(&migrator->database.session,
																						  &task.list);
		task_clear(&task);
	}
	return may ? STATUS_OK : STATUS_UNKNOWN;
}

int
migrator_transfer_ownership(struct migrator *migrator)
{
	session_warn_of_owner(&migrator->database.session);
	if (ownership_transfer_run(&migrator->database.session, &migrator->ownership)
		&& (!migrator->whole || ownership_transfer_grants(&migrator->database.session, &migrator->consent)))
		return STATUS_OK;
	return signals_stop() || migrator->database.session.committed ? STATUS_FAILED : STATUS_UNKNOWN;
}

void
migrator_end(struct migrator *migrator)
{
	loss_guard_list_clear(&migrator->consent.agreed);
	untrusted_clear(&migrator->database.session);
	privileges_clear(&migrator->ownership);
	if (migrator->locked)
		advisory_lock_release(&migrator->database.session);
	database_close(&migrator->database);
}

bool
migrator_job(struct migrator *migrator, struct task *task, const char *command, const struct steps_item *step)
{
	bool		found = true;

	if (step->up)
		*task = task_of_migration(command, step);
	else
		found = task_of_record(task, command, step, &migrator->database.session, &migrator->database.record);
	task->consent = &migrator->consent;
	return found;
}

bool
migrator_run_task_open(struct session *session, struct record *record, const struct task *task,
					   struct commit_pending *uncommitted)
{
	bool		done = task->list.transactional ? transaction_run(session, record, task, uncommitted)
		: statements_run(session, record, task, uncommitted);

	if (done)
		task_moved(record, task);
	return done;
}

bool
migrator_run_task(struct session *session, struct record *record, const struct task *task)
{
	struct commit_pending uncommitted = {0};

	return migrator_run_task_open(session, record, task, &uncommitted) && commit_finish(session, record, &uncommitted);
}

/* What is said of a job as soon as it is committed. */
struct line {
	int			version;
	const char *name;
	long	   *lap;			/* clock_milliseconds at its begin, and then at its end */
};

static void
print_line(void *argument)
{
	const struct line *line = argument;
	long		began = *line->lap;
	char	   *shown = report_fit(line->name, NAME_COLUMNS, OTHER_COLUMNS);

	*line->lap = clock_milliseconds();
	report_line("%5d  %s %9ld ms", line->version, shown, *line->lap - began);
	mem_free(shown);
}

bool
migrator_run_one(struct migrator *migrator, const struct task *task, int version, const char *name)
{
	long		lap = clock_milliseconds();
	struct line line = {.version = version,.name = name,.lap = &lap};
	struct commit_pending uncommitted = {0};

	if (!migrator_run_task_open(&migrator->database.session, &migrator->database.record, task, &uncommitted))
		return false;
	uncommitted.on_done = print_line;
	uncommitted.on_done_argument = &line;
	return commit_finish(&migrator->database.session, &migrator->database.record, &uncommitted);
}

/* The name of a step for its line, as this build or the record has it. */
static char *
name_of(const struct migrator *migrator, const struct steps_item *step)
{
	const struct record_migration *row = record_find(&migrator->database.record, step->version);
	bool		known = step->version <= history.latest;
	/* What is undone is what the database has applied, which may be another build's. */
	const char *name = row && (!step->up || !known) ? row->name : known ? history_migration(step->version)->name : "";

	return mem_format("%s%s", name, step->up ? "" : " (down)");
}

/* A step that is being run, or run but not yet committed. */
struct running {
	struct task	task;
	char	   *name;
	struct line line;
};

static void
running_clear(struct running *running)
{
	task_clear(&running->task);
	mem_free(running->name);
	*running = (struct running) {0};
}

/*
 * May the commit of a step go along with the next one? Not where that looks at the database first, for its statements;
 * nor that of the first step, which may make the log that is to tell how its commit has come out.
 */
static bool
may_stay_open(const struct steps *plan, size_t step)
{
	return step > 0 && step + 1 < plan->count && plan->steps[step + 1].up && !signals_stop();
}

static bool
run_step(struct migrator *migrator, const char *command, const struct steps *plan, size_t number,
		 struct running *running,
		 struct commit_pending *uncommitted)
{
	const struct steps_item *step = &plan->steps[number];

	running->name = name_of(migrator, step);
	running->line.version = step->version;
	running->line.name = running->name;
	if (!migrator_job(migrator, &running->task, command, step)
		|| !migrator_run_task_open(&migrator->database.session, &migrator->database.record, &running->task,
								   uncommitted))
		return false;
	uncommitted->on_done = print_line;
	uncommitted->on_done_argument = &running->line;
	return may_stay_open(plan, number) || commit_finish(&migrator->database.session, &migrator->database.record,
														uncommitted);
}

static void
report_between(const struct migrator *migrator)
{
	report_error("stopped by %s between two migrations", signals_stop());
	report_detail("Database \"%s\" is at version %d; run the same command again to go on.",
				  connection_database(migrator->database.session.connection), migrator->database.record.version);
}

int
migrator_failed(const struct migrator *migrator)
{
	const struct session *session = &migrator->database.session;

	return session->refused && !session->committed && !migrator->database.record.incomplete.there ? STATUS_UNKNOWN
	: STATUS_FAILED;
}

int
migrator_run(struct migrator *migrator, const char *command, const struct steps *plan)
{
	struct running steps[2] = {0};	/* this one, and the one before it */
	struct commit_pending uncommitted = {0};
	long		lap = clock_milliseconds();
	bool		done = true;

	for (size_t i = 0; done && i < plan->count; i++) {
		struct running *running = &steps[i % 2];

		running_clear(running);
		running->line.lap = &lap;
		if (signals_stop()) {
			done = false;
			if (commit_finish(&migrator->database.session, &migrator->database.record, &uncommitted))
				report_between(migrator);
		} else
			done = run_step(migrator, command, plan, i, running, &uncommitted);
	}
	done = commit_finish(&migrator->database.session, &migrator->database.record, &uncommitted) && done;
	running_clear(&steps[0]);
	running_clear(&steps[1]);
	return done ? STATUS_OK : migrator_failed(migrator);
}
