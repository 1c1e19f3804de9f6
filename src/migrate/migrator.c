/* Begin and end a command that changes a database, and run its steps. */
#include "migrate/migrator.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/drops.h"
#include "history/history.h"
#include "migrate/commit.h"
#include "migrate/failure.h"
#include "migrate/loss_guard.h"
#include "migrate/ownership_transfer.h"
#include "migrate/privileges.h"
#include "migrate/schema_check.h"
#include "migrate/schema_public.h"
#include "migrate/statements.h"
#include "migrate/task.h"
#include "migrate/transaction.h"
#include "pg/advisory_lock.h"
#include "pg/connection.h"
#include "pg/session.h"
#include "pg/settings.h"
#include "pg/user_objects.h"
#include "record/database.h"
#include "record/record.h"
#include "record/trust.h"
#include "record/untrusted.h"
#include "schema/carry.h"

#include "base/banned.h"

enum {
	NAME_COLUMNS = 44,
	OTHER_COLUMNS = 20			/* of a migration's line, without the name */
};

static int
open_database(struct migrator *migrator, const struct session_options *options, bool yes)
{
	*migrator = (struct migrator) {.consent = {.all = yes}};
	return database_open(&migrator->database, options);
}

/* After open_database: take the lock, and read the record. */
static int
lock_and_read(struct migrator *migrator, bool (*read) (struct session *, struct record *))
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
	/* Only now: another role can hold the lock and create objects while this run waits for it. */
	if (!trust_check_record(&migrator->database.session))
		return STATUS_UNKNOWN;
	/* The database's owner may have no privileges on tables that a superuser has created. */
	if (!session_as_login(&migrator->database.session, true)
		|| !read(&migrator->database.session, &migrator->database.record)
		|| !database_load(&migrator->database)
		|| !session_as_login(&migrator->database.session, false))
		return STATUS_UNKNOWN;
	/* A migration may take any time. */
	connection_set_timeout(migrator->database.session.connection, 0);
	return STATUS_OK;
}

int
migrator_begin(struct migrator *migrator, const struct session_options *options, bool yes)
{
	int			status = open_database(migrator, options, yes);

	return status == STATUS_OK ? lock_and_read(migrator, record_read) : status;
}

int
migrator_begin_unless_at(struct migrator *migrator, const struct session_options *options, bool yes, int version)
{
	int			status = open_database(migrator, options, yes);

	if (status != STATUS_OK)
		return status;
	/* With --role, the server must first check whether the login may act as that role. */
	if (!options->role && record_read_if_at(&migrator->database.session, &migrator->database.record, version))
		return status;
	if (migrator->database.record.locked) {
		record_report_locked(&migrator->database.session);
		return STATUS_UNKNOWN;
	}
	return lock_and_read(migrator, record_read);
}

int
migrator_begin_to_stamp(struct migrator *migrator, const struct session_options *options, bool yes)
{
	int			status = open_database(migrator, options, yes);

	return status == STATUS_OK ? lock_and_read(migrator, record_read_to_stamp) : status;
}

/* Without consent to any loss, the server must count deleted rows. */
static bool
check_counts(struct migrator *migrator)
{
	if (migrator->consent.all || settings_check_counts(&migrator->database.session))
		return true;
	report_hint("If data may be lost, repeat with --yes instead.");
	return false;
}

int
migrator_may(struct migrator *migrator, const char *command, bool whole)
{
	if (whole && !check_counts(migrator))
		return STATUS_UNKNOWN;
	migrator->whole = whole;
	if (privileges_check(&migrator->ownership, &migrator->database.session, &migrator->database.record, command, whole))
		return STATUS_OK;
	return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
}

void
migrator_make_tasks(struct migrator *migrator, const char *command, const struct steps *plan)
{
	migrator->tasks = mem_alloc((plan->count + 1) * sizeof(*migrator->tasks));
	for (size_t i = 0; i < plan->count; i++) {
		struct task *task = &migrator->tasks[migrator->task_count++];

		*task = task_of_step(command, &plan->steps[i], &migrator->database.record, &migrator->downs);
		task->consent = &migrator->consent;
	}
}

/*
 * Was the down of a migration recorded before its first statement, or before its down was begun? The schema that was
 * read now has what these have left in it.
 */
static bool
is_begun(const struct record *record, const struct history_migration *migration)
{
	return record->incomplete.there && record->incomplete.version == migration->version
		&& record_holds(record, migration);
}

void
migrator_shorten_downs(struct migrator *migrator)
{
	const struct schema_check *check = &migrator->check;
	struct carry carry;

	/* An incomplete down is undone by the whole up: the first step may be that of the current version. */
	carry_begin(&carry, &check->live, &check->facts, &check->prediction, migrator->tasks[0].step.version - 1);
	for (size_t i = 0; i < migrator->task_count; i++) {
		struct task *task = &migrator->tasks[i];
		struct drops drops;

		if (!task->migration)
			continue;
		task->down = mem_alloc(sizeof(*task->down));
		*task->down = record_down_of(task->migration);
		task->down->keeps = is_begun(&migrator->database.record, task->migration);
		if (!check->known)
			continue;
		(void) drops_from_json(&drops, task->down->drops);
		if (carry_down(&carry, &task->down->list, &drops) > 0 && task->down->drops) {
			mem_free(task->down->drops);
			task->down->drops = drops_to_json(&drops);
		}
		drops_clear(&drops);
		carry_forward(&carry);
	}
	carry_clear(&carry);
}

int
migrator_may_run(struct migrator *migrator)
{
	bool		may = true;

	for (size_t i = 0; may && untrusted_any(&migrator->database.session) && i < migrator->task_count; i++)
		may = !untrusted_named(&migrator->database.session, &migrator->tasks[i].list);
	may = may && schema_public_check(&migrator->schema, &migrator->database.session);
	return may ? STATUS_OK : STATUS_UNKNOWN;
}

int
migrator_transfer_ownership(struct migrator *migrator)
{
	session_warn_of_owner(&migrator->database.session);
	if (schema_public_close(&migrator->schema, &migrator->database.session)
		&& ownership_transfer_run(&migrator->database.session, &migrator->ownership)
		&& (!migrator->whole || ownership_transfer_grants(&migrator->database.session, &migrator->consent)))
		return STATUS_OK;
	return signals_stop() || migrator->database.session.committed ? STATUS_FAILED : STATUS_UNKNOWN;
}

void
migrator_end(struct migrator *migrator)
{
	loss_guard_list_clear(&migrator->consent.agreed);
	for (size_t i = 0; i < migrator->expected_count; i++)
		loss_guard_list_clear(&migrator->expected[i].list);
	mem_free(migrator->expected);
	for (size_t i = 0; i < migrator->task_count; i++)
		task_clear(&migrator->tasks[i]);
	mem_free(migrator->tasks);
	stored_downs_clear(&migrator->downs);
	untrusted_clear(&migrator->database.session);
	privileges_clear(&migrator->ownership);
	schema_public_clear(&migrator->schema);
	schema_check_clear(&migrator->check);
	if (migrator->locked)
		advisory_lock_release(&migrator->database.session);
	database_close(&migrator->database);
}

static struct migrator_expected *
find_expected(const struct migrator *migrator, int version)
{
	for (size_t i = 0; i < migrator->expected_count; i++)
		if (migrator->expected[i].version == version)
			return &migrator->expected[i];
	return NULL;
}

void
migrator_expect(struct migrator *migrator, int version, struct loss_guard_item item)
{
	struct migrator_expected *expected = find_expected(migrator, version);

	if (!expected) {
		migrator->expected = mem_grow(migrator->expected, migrator->expected_count + 1, sizeof(*migrator->expected));
		expected = &migrator->expected[migrator->expected_count++];
		*expected = (struct migrator_expected) {.version = version};
	}
	loss_guard_list_add(&expected->list, item);
}

/*
 * As migrator_run_task, but leave the last transaction open, in *uncommitted: the task must live until it is committed.
 * A transaction that *uncommitted has before is committed with the first commands that are sent. If that commit fails,
 * the task was not begun, and *uncommitted is empty.
 */
static bool
run_task_open(struct session *session, struct record *record, const struct task *task,
			  struct commit_pending *uncommitted)
{
	bool		done = task->list.transactional ? transaction_run(session, record, task, uncommitted)
		: statements_run(session, record, task, uncommitted);

	if (done)
		task_update_record(record, task);
	return done;
}

bool
migrator_run_task(struct session *session, struct record *record, const struct task *task)
{
	struct commit_pending uncommitted = {0};

	return run_task_open(session, record, task, &uncommitted) && commit_finish(session, record, &uncommitted);
}

/* The line that is printed as soon as a task is committed. */
struct migrator_line {
	int			version;
	const char *name;
	long	   *lap;			/* clock_milliseconds when it began; set to when it ended */
};

static void
print_line(void *argument)
{
	const struct migrator_line *line = argument;
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
	struct migrator_line line = {.version = version,.name = name,.lap = &lap};
	struct commit_pending uncommitted = {0};

	if (!run_task_open(&migrator->database.session, &migrator->database.record, task, &uncommitted))
		return false;
	uncommitted.on_done = print_line;
	uncommitted.on_done_argument = &line;
	return commit_finish(&migrator->database.session, &migrator->database.record, &uncommitted);
}

/* The name that a step's line shows. */
static char *
step_name(const struct migrator *migrator, const struct steps_item *step)
{
	const struct record_migration *row = record_find(&migrator->database.record, step->version);
	bool		known = step->version <= history.latest;
	/* A down reverts the migration that was applied: another build may have another name for it. */
	const char *name = row && (!step->up || !known) ? row->name : known ? history_migration(step->version)->name : "";

	return mem_format("%s%s", name, step->up ? "" : " (down)");
}

/* A task that is being run, or run but not yet committed. */
struct migrator_step {
	char	   *name;
	struct migrator_line line;
};

static void
step_clear(struct migrator_step *running)
{
	mem_free(running->name);
	*running = (struct migrator_step) {0};
}

/*
 * May the COMMIT of a task be sent with the next one's commands? Not after the first one, which may create the log:
 * commit_check needs the log after a lost connection.
 */
static bool
may_stay_open(const struct migrator *migrator, size_t number)
{
	return number > 0 && number + 1 < migrator->task_count && !signals_stop();
}

static bool
run_step(struct migrator *migrator, size_t number, struct migrator_step *running, struct commit_pending *uncommitted)
{
	struct task *task = &migrator->tasks[number];
	const struct migrator_expected *expected = find_expected(migrator, task->step.version);

	task->expected = expected ? &expected->list : NULL;
	running->name = step_name(migrator, &task->step);
	running->line.version = task->step.version;
	running->line.name = running->name;
	if (!run_task_open(&migrator->database.session, &migrator->database.record, task, uncommitted))
		return false;
	uncommitted->on_done = print_line;
	uncommitted->on_done_argument = &running->line;
	return may_stay_open(migrator, number)
		|| commit_finish(&migrator->database.session, &migrator->database.record, uncommitted);
}

static void
report_between(const struct migrator *migrator)
{
	report_error("stopped by %s between two migrations", signals_stop());
	report_detail("Database \"%s\" is at version %d.", connection_database(migrator->database.session.connection),
				  migrator->database.record.version);
	report_hint("Run the same command again to continue.");
	failure_hint_between(migrator->database.record.version);
}

int
migrator_failed(const struct migrator *migrator)
{
	const struct session *session = &migrator->database.session;

	return session->refused && !session->committed && !migrator->database.record.incomplete.there ? STATUS_UNKNOWN
		: STATUS_FAILED;
}

int
migrator_run(struct migrator *migrator)
{
	struct migrator_step steps[2] = {0};	/* this one, and the one before it */
	struct commit_pending uncommitted = {0};
	long		lap = clock_milliseconds();
	bool		done = true;

	for (size_t i = 0; done && i < migrator->task_count; i++) {
		struct migrator_step *running = &steps[i % 2];

		step_clear(running);
		running->line.lap = &lap;
		if (signals_stop()) {
			done = false;
			if (commit_finish(&migrator->database.session, &migrator->database.record, &uncommitted))
				report_between(migrator);
		} else
			done = run_step(migrator, i, running, &uncommitted);
	}
	done = commit_finish(&migrator->database.session, &migrator->database.record, &uncommitted) && done;
	step_clear(&steps[0]);
	step_clear(&steps[1]);
	return done ? STATUS_OK : migrator_failed(migrator);
}
