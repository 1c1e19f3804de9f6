/* downgrade: run down migrations, those of later builds too, as the database has them on record. */
#include "base/exit_status.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"
#include "record/database.h"
#include "record/record.h"
#include "record/stored_downs.h"
#include "schema/labels.h"
#include "shadow/data_loss.h"

#include "base/banned.h"

/* Before anything is changed: is every step's down there, and to be trusted? */
static bool
check_way(struct migrator *migrator, int target)
{
	const struct record *record = &migrator->database.record;
	struct stored_downs downs;
	bool		open;

	/* An up that stopped half-way is undone first, whoever began it. */
	stored_downs_find(&downs, &migrator->database.session, record, record_highest(record), target);
	open = stored_downs_complete(&downs);
	if (!open)
		stored_downs_report(&downs, record, target);
	stored_downs_clear(&downs);
	return open;
}

static int
may_begin(struct migrator *migrator, const struct options *options, const struct steps *plan)
{
	int			status = migrator_may(migrator, "downgrade", true);

	if (status == STATUS_OK)
		status = migrator_may_run(migrator, "downgrade", plan);
	if (status == STATUS_OK)
		status = data_loss_agree(migrator, options->shadow, "downgrade", plan);
	return status == STATUS_OK ? migrator_transfer_ownership(migrator) : status;
}

int
cmd_downgrade(const struct options *options)
{
	struct migrator migrator = {0};
	struct steps plan = {0};
	enum steps_verdict verdict;
	int			target = options_version(options);
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = migrator_begin(&migrator, &options->session, options->yes);
	if (status == STATUS_OK && (!database_versioned(&migrator.database) || !check_way(&migrator, target)))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	if (target > migrator.database.record.version && options_known_version(options) < 0) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	verdict = steps_downgrade(&plan, migrator.database.record.version, target, &migrator.database.record.incomplete);
	if (verdict == STEPS_FORWARD) {
		report_error("database \"%s\" is at version %d, which is below %d",
					 connection_database(migrator.database.session.connection),
					 migrator.database.record.version, target);
		report_hint("To go forward, run \"" PROGRAM " upgrade %d\".", target);
		status = STATUS_UNKNOWN;
	} else if (verdict == STEPS_PENDING && (status = may_begin(&migrator, options, &plan)) == STATUS_OK) {
		lock_watch_warn_of_old_transactions(&migrator.database.session);
		report_line("database %s is at version %d, going back to %d",
					connection_database(migrator.database.session.connection), migrator.database.record.version,
					target);
		status = migrator_run(&migrator, "downgrade", &plan);
		if (status == STATUS_OK)
			labels_report(&migrator.database.session, target);
	} else if (verdict == STEPS_NONE)
		database_warn_incomplete(&migrator.database);
	if (status == STATUS_OK)
		report_line("database %s is at version %d%s", connection_database(migrator.database.session.connection),
					migrator.database.record.version,
					verdict == STEPS_NONE ? ": nothing to do" : "");
done:
	steps_clear(&plan);
	migrator_end(&migrator);
	return status;
}
