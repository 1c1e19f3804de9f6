/* upgrade: run the migrations that are pending. */
#include "commands.h"
#include "lock.h"
#include "loss.h"
#include "report.h"
#include "script.h"
#include "work.h"

#include "banned.h"

static int
may_begin(struct work *work, const struct options *options, const struct plan *plan)
{
	int			status = work_may(work, "upgrade", true);

	if (status == STATUS_OK)
		status = work_may_run(work, "upgrade", plan);
	if (status == STATUS_OK)
		status = loss_agree(work, options, "upgrade", plan);
	return status == STATUS_OK ? work_take_over(work) : status;
}

int
cmd_upgrade(const struct options *options)
{
	struct work work = {0};
	struct plan plan = {0};
	enum plan_verdict verdict;
	int			target = options->count > 0 ? options_version_number(options->arguments[0]) : history.latest;
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = options->sql ? work_read(&work, options) : work_begin_unless_at(&work, options, target);
	if (status == STATUS_OK && options->sql && !script_prepare(&work))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	verdict = work_plan_upgrade(&work, &plan, target);
	if (verdict == PLAN_STEPS && options->sql)
		status = script_print(&work, "upgrade", &plan);
	else if (verdict == PLAN_STEPS && (status = may_begin(&work, options, &plan)) == STATUS_OK) {
		lock_warn_of_old_transactions(&work.session);
		report_line("database %s is at version %d, upgrading to %d", db_name(work.session.db), work.state.version,
					target);
		status = work_run(&work, "upgrade", &plan);
	} else if (verdict == PLAN_NOTHING)
		work_warn_of_partial(&work);
	else if (verdict != PLAN_STEPS)
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !options->sql)
		report_line("database %s is at version %d%s%s", db_name(work.session.db), work.state.version,
					work.state.version == history.latest ? ", the latest of this build" : "",
					verdict == PLAN_NOTHING ? ": nothing to do" : "");
done:
	plan_clear(&plan);
	work_end(&work);
	return status;
}
