#include "work.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "back.h"
#include "commands.h"
#include "contents.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "settings.h"
#include "signals.h"
#include "trust.h"
#include "untrusted.h"

#include "banned.h"

enum {
	NAME_COLUMNS = 44,
	OTHER_COLUMNS = 20,			/* what the line of a migration has besides its name */
	READING_PATIENCE = 40000	/* milliseconds for an answer: the server's own limits end before that */
};

static int
open_session(struct work *work, const struct options *options)
{
	*work = (struct work) {.consent = {.all = options->yes}};
	return session_open_or_report(&work->session, &options->session) ? STATUS_OK : STATUS_UNKNOWN;
}

/* Behind open_session: get the lock, and read the state. */
static int
begin(struct work *work, bool (*read) (struct session *, struct state *))
{
	signals_init();
	if (!session_prepare(&work->session, true) || contents_no_public(&work->session))
		return STATUS_UNKNOWN;
	switch (lock_acquire(&work->session, false)) {
		case LOCK_HELD:
			work->locked = true;
			break;
		case LOCK_STOPPED:
			return STATUS_FAILED;
		default:
			return STATUS_UNKNOWN;
	}
	/* Not before: anybody can hold the lock, and put something of his in place while we wait for it. */
	if (!trust_run(&work->session))
		return STATUS_UNKNOWN;
	/* What a superuser has left behind may be unreadable to its rightful owner. */
	if (!session_as_login(&work->session, true) || !read(&work->session, &work->state) || !work_load(work)
		|| !session_as_login(&work->session, false))
		return STATUS_UNKNOWN;
	/* A migration may take as long as it needs. */
	db_set_patience(work->session.db, 0);
	return STATUS_OK;
}

int
work_begin(struct work *work, const struct options *options)
{
	int			status = open_session(work, options);

	return status == STATUS_OK ? begin(work, state_read) : status;
}

int
work_begin_unless_at(struct work *work, const struct options *options, int version)
{
	int			status = open_session(work, options);

	/* Whether the login may act as a role has to be asked. */
	if (status != STATUS_OK || (!options->session.role && state_read_if_at(&work->session, &work->state, version)))
		return status;
	if (work->state.locked) {
		state_report_locked(&work->session);
		return STATUS_UNKNOWN;
	}
	return begin(work, state_read);
}

int
work_begin_to_stamp(struct work *work, const struct options *options)
{
	int			status = open_session(work, options);

	return status == STATUS_OK ? begin(work, state_read_to_stamp) : status;
}

/* Are destroyed rows counted, or may they be lost? */
static bool
may_count(struct work *work)
{
	if (work->consent.all || settings_check_counts(&work->session))
		return true;
	report_hint("If data may be lost, repeat with --yes instead.");
	return false;
}

int
work_may(struct work *work, const char *command, bool whole)
{
	if (whole && !may_count(work))
		return STATUS_UNKNOWN;
	work->whole = whole;
	if (ownership_check(&work->ownership, &work->session, &work->state, command, whole))
		return STATUS_OK;
	return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
}

int
work_may_run(struct work *work, const char *command, const struct plan *plan)
{
	bool		may = true;

	for (size_t i = 0; may && untrusted_any(&work->session) && i < plan->count; i++) {
		struct job	job;

		may = work_job(work, &job, command, &plan->steps[i]) && !untrusted_named(&work->session, &job.list);
		job_clear(&job);
	}
	return may ? STATUS_OK : STATUS_UNKNOWN;
}

int
work_take_over(struct work *work)
{
	session_warn_of_owner(&work->session);
	if (apply_handover(&work->session, &work->ownership) && (!work->whole || apply_grants(&work->session, &work->consent)))
		return STATUS_OK;
	return signals_stop() || work->session.committed ? STATUS_FAILED : STATUS_UNKNOWN;
}

bool
work_load(struct work *work)
{
	if (!work->state.hidden)
		return state_load(&work->session, &work->state);
	report_error("schema fitsdb_schema is there, but this role may not read it");
	session_hint_owner(&work->session);
	return false;
}

static int
look(struct work *work, const struct options *options, bool (*read) (struct session *, struct state *))
{
	int			status = open_session(work, options);

	if (status != STATUS_OK)
		return status;
	return read(&work->session, &work->state) ? STATUS_OK : STATUS_UNKNOWN;
}

int
work_read(struct work *work, const struct options *options)
{
	return look(work, options, state_read);
}

int
work_read_to_stamp(struct work *work, const struct options *options)
{
	return look(work, options, state_read_to_stamp);
}

void
work_end(struct work *work)
{
	guard_list_clear(&work->consent.agreed);
	untrusted_clear(&work->session);
	ownership_clear(&work->ownership);
	state_clear(&work->state);
	if (work->locked)
		lock_release(&work->session);
	session_close(&work->session);
}

bool
work_versioned(struct work *work)
{
	if (work->state.versioned)
		return true;
	if (contents_no_public(&work->session))
		return false;
	report_error("database \"%s\" is not under version control: there is no table migrate_version",
				 db_name(work->session.db));
	report_hint("If it has the schema of a version, record that with \"" PROGRAM " stamp VERSION\"; if it is empty, run"
				" \"" PROGRAM " init\".");
	return false;
}

static void
hint_beyond(struct work *work, const char *word, int target)
{
	struct back back;

	back_find(&back, &work->session, &work->state, state_highest(&work->state), history.latest);
	back_hint(&back, word, target);
	back_clear(&back);
}

static void
refuse_upgrade(enum plan_verdict verdict, struct work *work, int target)
{
	const char *database = db_name(work->session.db);
	int			current = work->state.version;

	switch (verdict) {
		case PLAN_STEPS:
		case PLAN_NOTHING:
			break;
		case PLAN_UNKNOWN_TARGET:
			report_error("there is no version %d in this build", target);
			report_hint("It has versions 0 to %d.", history.latest);
			break;
		case PLAN_AHEAD:
			report_error("database \"%s\" is ahead: it is at version %d, this build has %d", database, current,
						 history.latest);
			hint_beyond(work, "go back", history.latest);
			break;
		case PLAN_PARTIAL_AHEAD:
			report_error("database \"%s\" stopped half-way in migration %d, which this build does not have", database,
						 work->state.partial.version);
			hint_beyond(work, "undo it", current);
			break;
		default:
			report_error("database \"%s\" is at version %d already, which is above %d", database, current, target);
			report_hint("To go back, run \"" PROGRAM " downgrade %d\".", target);
			break;
	}
}

/* Has the database a version with another text than this build's? What this build would add relies on its own. */
static bool
differs(struct work *work)
{
	int			current = work->state.version;
	char	   *versions;

	/* Each recorded version is looked at: a version set by hand has no history of its own to compare. */
	if (!work->state.recorded)
		return false;
	if (!work_load(work))
		return true;
	versions = state_differing(&work->state);
	if (!versions[0] && !state_differs(&work->state)) {
		mem_free(versions);
		return false;
	}
	if (versions[0]) {
		long		first = strtol(versions, NULL, 10);

		report_error("checksum mismatch: the SQL applied for version%s%s is not the SQL in this build",
					 strchr(versions + 1, ' ') ? "s" : "", versions);
		report_detail("An upgrade would skip this build's SQL for that version. Nothing was changed.");
		if (first > 0)
			report_hint("Use the build that applied it, or revert it with \"" PROGRAM " downgrade %ld\" and upgrade"
						" again: that drops everything that versions %ld to %d added.", first - 1, first, current);
		report_hint("If \"" PROGRAM " verify\" finds the schema right, accept this build's SQL with \"" PROGRAM
					" stamp %d\".", current);
	} else {
		report_error("checksum mismatch: the recorded history up to version %d is not that of this build", current);
		report_detail("No single recorded version differs. Nothing was changed.");
		report_hint("If \"" PROGRAM " verify\" finds the schema right, record this build's history with \"" PROGRAM
					" stamp %d\".", current);
	}
	mem_free(versions);
	return true;
}

enum plan_verdict
work_plan_upgrade(struct work *work, struct plan *plan, int target)
{
	enum plan_verdict verdict;

	if (differs(work)) {
		*plan = (struct plan) {0};
		return PLAN_DIFFERS;
	}
	verdict = plan_upgrade(plan, history.latest, work->state.version, target, &work->state.partial);

	refuse_upgrade(verdict, work, target);
	return verdict;
}

void
work_warn_of_partial(const struct work *work)
{
	const struct partial *partial = &work->state.partial;

	if (!partial->there)
		return;
	report_warning("%smigration %d stopped half-way, and stays so", partial->up ? "" : "down ", partial->version);
	report_hint("To have it, run \"" PROGRAM " upgrade %d\"; to be rid of it, \"" PROGRAM " downgrade %d\".",
				partial->version, partial->version - 1);
}

bool
work_job(struct work *work, struct job *job, const char *command, const struct step *step)
{
	bool		found = true;

	if (step->up)
		*job = job_of_migration(command, step);
	else
		found = job_of_record(job, command, step, &work->session, &work->state);
	job->consent = &work->consent;
	return found;
}

/* What is said of a job as soon as it is committed. */
struct line {
	int			version;
	const char *name;
	struct timespec *lap;		/* when it was begun, and when it ended */
};

static void
print_line(void *argument)
{
	const struct line *line = argument;
	struct timespec began = *line->lap;
	char	   *shown = report_fit(line->name, NAME_COLUMNS, OTHER_COLUMNS);

	clock_gettime(CLOCK_MONOTONIC, line->lap);
	report_line("%5d  %s %9.0f ms", line->version, shown, (double) (line->lap->tv_sec - began.tv_sec) * 1e3
				+ (double) (line->lap->tv_nsec - began.tv_nsec) / 1e6);
	mem_free(shown);
}

bool
work_apply(struct work *work, const struct job *job, int version, const char *name)
{
	struct timespec lap;
	struct line line = {.version = version,.name = name,.lap = &lap};
	struct apply_open open = {0};

	clock_gettime(CLOCK_MONOTONIC, &lap);
	if (!apply_job_open(&work->session, &work->state, job, &open))
		return false;
	open.hear = print_line;
	open.hear_argument = &line;
	return apply_close(&work->session, &work->state, &open);
}

/* The name of a step for its line, as this build or the record has it. */
static char *
name_of(const struct work *work, const struct step *step)
{
	const struct state_migration *row = state_find(&work->state, step->version);
	bool		known = step->version <= history.latest;
	/* What is undone is what the database has applied, which may be another build's. */
	const char *name = row && (!step->up || !known) ? row->name : known ? history_migration(step->version)->name : "";

	return mem_format("%s%s", name, step->up ? "" : " (down)");
}

/* A step that is being run, or run but not yet committed. */
struct running {
	struct job	job;
	char	   *name;
	struct line line;
};

static void
running_clear(struct running *running)
{
	job_clear(&running->job);
	mem_free(running->name);
	*running = (struct running) {0};
}

/*
 * May the commit of a step go along with the next one? Not where that looks at the database first, for its statements;
 * nor that of the first step, which may make the log that is to tell how its commit has come out.
 */
static bool
may_stay_open(const struct plan *plan, size_t step)
{
	return step > 0 && step + 1 < plan->count && plan->steps[step + 1].up && !signals_stop();
}

static bool
run_step(struct work *work, const char *command, const struct plan *plan, size_t number, struct running *running,
		 struct apply_open *open)
{
	const struct step *step = &plan->steps[number];

	running->name = name_of(work, step);
	running->line.version = step->version;
	running->line.name = running->name;
	if (!work_job(work, &running->job, command, step)
		|| !apply_job_open(&work->session, &work->state, &running->job, open))
		return false;
	open->hear = print_line;
	open->hear_argument = &running->line;
	return may_stay_open(plan, number) || apply_close(&work->session, &work->state, open);
}

static void
report_between(const struct work *work)
{
	report_error("stopped by %s between two migrations", signals_stop());
	report_detail("Database \"%s\" is at version %d; run the same command again to go on.",
				  db_name(work->session.db), work->state.version);
}

int
work_failed(const struct work *work)
{
	const struct session *session = &work->session;

	return session->refused && !session->committed && !work->state.partial.there ? STATUS_UNKNOWN : STATUS_FAILED;
}

int
work_run(struct work *work, const char *command, const struct plan *plan)
{
	struct running steps[2] = {0};	/* this one, and the one before it */
	struct apply_open open = {0};
	struct timespec lap;
	bool		done = true;

	clock_gettime(CLOCK_MONOTONIC, &lap);
	for (size_t i = 0; done && i < plan->count; i++) {
		struct running *running = &steps[i % 2];

		running_clear(running);
		running->line.lap = &lap;
		if (signals_stop()) {
			done = false;
			if (apply_close(&work->session, &work->state, &open))
				report_between(work);
		} else
			done = run_step(work, command, plan, i, running, &open);
	}
	done = apply_close(&work->session, &work->state, &open) && done;
	running_clear(&steps[0]);
	running_clear(&steps[1]);
	return done ? STATUS_OK : work_failed(work);
}
