/* downgrade: run down migrations, those of later builds too, as the database has them on record. */
#include "back.h"
#include "commands.h"
#include "labels.h"
#include "lock.h"
#include "loss.h"
#include "report.h"
#include "work.h"

#include "banned.h"

/* Before anything is changed: is every step's down there, and to be trusted? */
static bool
check_way(struct work *work, int target)
{
	const struct state *state = &work->state;
	struct back back;
	bool		open;

	/* An up that stopped half-way is undone first, whoever began it. */
	back_find(&back, &work->session, state, state_highest(state), target);
	open = back_open(&back);
	if (!open)
		back_report(&back, state, target);
	back_clear(&back);
	return open;
}

static int
may_begin(struct work *work, const struct options *options, const struct plan *plan)
{
	int			status = work_may(work, "downgrade", true);

	if (status == STATUS_OK)
		status = work_may_run(work, "downgrade", plan);
	if (status == STATUS_OK)
		status = loss_agree(work, options, "downgrade", plan);
	return status == STATUS_OK ? work_take_over(work) : status;
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
	if (status == STATUS_OK && (!work_versioned(&work) || !check_way(&work, target)))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	if (target > work.state.version && options_known_version(options) < 0) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	verdict = plan_downgrade(&plan, work.state.version, target, &work.state.partial);
	if (verdict == PLAN_FORWARD) {
		report_error("database \"%s\" is at version %d, which is below %d", db_name(work.session.db),
					 work.state.version, target);
		report_hint("To go forward, run \"" PROGRAM " upgrade %d\".", target);
		status = STATUS_UNKNOWN;
	} else if (verdict == PLAN_STEPS && (status = may_begin(&work, options, &plan)) == STATUS_OK) {
		lock_warn_of_old_transactions(&work.session);
		report_line("database %s is at version %d, going back to %d", db_name(work.session.db), work.state.version,
					target);
		status = work_run(&work, "downgrade", &plan);
		if (status == STATUS_OK)
			labels_report(&work.session, target);
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
