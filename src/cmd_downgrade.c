/* downgrade: run down migrations, those of later builds too, as the database has them on record. */
#include "commands.h"
#include "lock.h"
#include "report.h"
#include "work.h"

#include "banned.h"

/* Of versions beyond this build, the record must have every one that is to be undone. */
static bool
check_record(const struct work *work, int target)
{
	int			above = target > history.latest ? target : history.latest;

	for (int v = work->state.version; v > above; v--)
		if (!state_find(&work->state, v)) {
			report_error("cannot go back: the down statements of version %d are not on record", v);
			report_detail("This build has versions 0 to %d. Nothing was changed.", history.latest);
			report_hint("Use a build that has version %d; if the version was set by hand, \"" PROGRAM
						" stamp\" sets it right.", v);
			return false;
		}
	return true;
}

/* Before anything is changed: is every step's down there, and to be trusted? */
static bool
check_steps(struct work *work, const struct plan *plan)
{
	bool		all = true;

	for (size_t i = 0; i < plan->count && all; i++) {
		struct job	job;

		all = work_job(work, &job, "downgrade", &plan->steps[i]);
		job_clear(&job);
	}
	return all;
}

int
cmd_downgrade(const struct options *options)
{
	struct work work = {0};
	struct plan plan = {0};
	enum plan_verdict verdict;
	int			target = options_version(options);
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = work_begin(&work, options);
	if (status == STATUS_OK && (!work_versioned(&work) || !check_record(&work, target)))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	verdict = plan_downgrade(&plan, work.state.version, target, &work.state.partial);
	if (verdict == PLAN_FORWARD) {
		report_error("database \"%s\" is at version %d, which is below %d", db_name(work.session.db), work.state.version,
					 target);
		report_hint("To go forward, run \"" PROGRAM " upgrade %d\".", target);
		status = STATUS_UNKNOWN;
	} else if (verdict == PLAN_STEPS && !check_steps(&work, &plan))
		status = STATUS_UNKNOWN;
	else if (verdict == PLAN_STEPS && (status = work_may(&work, "downgrade", true)) == STATUS_OK) {
		lock_warn_of_old_transactions(&work.session);
		report_line("database %s is at version %d, going back to %d", db_name(work.session.db), work.state.version, target);
		status = work_run(&work, "downgrade", &plan);
	} else if (verdict == PLAN_NOTHING)
		work_warn_of_partial(&work);
	if (status == STATUS_OK)
		report_line("database %s is at version %d%s", db_name(work.session.db), work.state.version,
					verdict == PLAN_NOTHING ? ": nothing to do" : "");
done:
	plan_clear(&plan);
	work_end(&work);
	return status;
}
