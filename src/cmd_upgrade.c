/* upgrade: run the migrations that are pending. */
#include "commands.h"
#include "lock.h"
#include "loss.h"
#include "report.h"
#include "script.h"
#include "work.h"

#include "banned.h"

static int
refuse(enum plan_verdict verdict, const struct work *work, int target)
{
	const char *database = db_name(work->session.db);
	int			current = work->state.version;

	switch (verdict) {
		case PLAN_UNKNOWN_TARGET:
			report_error("there is no version %d in this build", target);
			report_hint("It has versions 0 to %d.", history.latest);
			break;
		case PLAN_AHEAD:
			report_error("database \"%s\" is ahead: it is at version %d, this build has %d", database, current,
						 history.latest);
			report_hint("Use the newer build, or go back with \"" PROGRAM " downgrade %d\".", history.latest);
			break;
		case PLAN_PARTIAL_AHEAD:
			report_error("database \"%s\" stopped half-way in migration %d, which this build does not have", database,
						 work->state.partial.version);
			report_hint("Use the newer build, or undo it with \"" PROGRAM " downgrade %d\".", current);
			break;
		default:
			report_error("database \"%s\" is at version %d already, which is above %d", database, current, target);
			report_hint("To go back, run \"" PROGRAM " downgrade %d\".", target);
			break;
	}
	return STATUS_UNKNOWN;
}

static int
may_begin(struct work *work, const struct options *options, const struct plan *plan)
{
	int			status = work_may(work, "upgrade", true);

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
	status = options->sql ? work_read(&work, options) : work_begin(&work, options);
	if (status == STATUS_OK && options->sql && !script_prepare(&work))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	verdict = plan_upgrade(&plan, history.latest, work.state.version, target, &work.state.partial);
	if (verdict == PLAN_STEPS && options->sql)
		status = script_print(&work, "upgrade", &plan);
	else if (verdict == PLAN_STEPS && (status = may_begin(&work, options, &plan)) == STATUS_OK) {
		lock_warn_of_old_transactions(&work.session);
		report_line("database %s is at version %d, upgrading to %d", db_name(work.session.db), work.state.version, target);
		status = work_run(&work, "upgrade", &plan);
	} else if (verdict == PLAN_NOTHING)
		work_warn_of_partial(&work);
	else if (verdict != PLAN_STEPS)
		status = refuse(verdict, &work, target);
	if (status == STATUS_OK && !options->sql)
		report_line("database %s is at version %d%s%s", db_name(work.session.db), work.state.version,
					work.state.version == history.latest ? ", the latest of this build" : "",
					verdict == PLAN_NOTHING ? ": nothing to do" : "");
done:
	plan_clear(&plan);
	work_end(&work);
	return status;
}
