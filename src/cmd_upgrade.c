/* upgrade: run the migrations that are pending. */
#include "commands.h"
#include "lock.h"
#include "report.h"
#include "script.h"
#include "work.h"

#include "banned.h"

int
cmd_upgrade(const struct options *options)
{
	struct work work;
	struct plan plan = {0};
	enum plan_verdict verdict;
	int			target = options->count > 0 ? options_version_number(options->arguments[0]) : history.latest;
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = options->sql ? work_read(&work, options) : work_begin(&work, options);
	if (status == STATUS_OK && options->sql && !script_prepare(&work))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	verdict = work_plan_upgrade(&work, &plan, target);
	if (verdict == PLAN_STEPS && options->sql)
		status = script_print(&work, "upgrade", &plan);
	else if (verdict == PLAN_STEPS && (status = work_may(&work, "upgrade", true)) == STATUS_OK) {
		lock_warn_of_old_transactions(&work.session);
		report_line("database %s is at version %d, upgrading to %d", db_name(work.session.db), work.state.version, target);
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
