/* upgrade: run the migrations that are pending. */
#include "base/exit_status.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "migrate/psql_script.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"
#include "record/database.h"
#include "shadow/data_loss.h"

#include "base/banned.h"

static int
may_begin(struct migrator *migrator, const struct options *options, const struct steps *plan)
{
	int			status = migrator_may(migrator, "upgrade", true);

	if (status == STATUS_OK)
		status = migrator_may_run(migrator, "upgrade", plan);
	if (status == STATUS_OK)
		status = data_loss_agree(migrator, options->shadow, "upgrade", plan);
	return status == STATUS_OK ? migrator_transfer_ownership(migrator) : status;
}

int
cmd_upgrade(const struct options *options)
{
	struct migrator migrator = {0};
	struct steps plan = {0};
	enum steps_verdict verdict;
	int			target = options->count > 0 ? options_version_number(options->arguments[0]) : history.latest;
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = options->sql ? database_read(&migrator.database, &options->session)
		: migrator_begin_unless_at(&migrator, &options->session, options->yes, target);
	if (status == STATUS_OK && options->sql && !psql_script_prepare(&migrator))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !database_versioned(&migrator.database))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	verdict = database_plan_upgrade(&migrator.database, &plan, target);
	if (verdict == STEPS_PENDING && options->sql)
		status = psql_script_print(&migrator, "upgrade", &plan);
	else if (verdict == STEPS_PENDING && (status = may_begin(&migrator, options, &plan)) == STATUS_OK) {
		lock_watch_warn_of_old_transactions(&migrator.database.session);
		report_line("database %s is at version %d, upgrading to %d",
					connection_database(migrator.database.session.connection), migrator.database.record.version,
					target);
		status = migrator_run(&migrator, "upgrade", &plan);
	} else if (verdict == STEPS_NONE)
		database_warn_incomplete(&migrator.database);
	else if (verdict != STEPS_PENDING)
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !options->sql)
		report_line("database %s is at version %d%s%s", connection_database(migrator.database.session.connection),
					migrator.database.record.version,
					migrator.database.record.version == history.latest ? ", the latest of this build" : "",
					verdict == STEPS_NONE ? ": nothing to do" : "");
done:
	steps_clear(&plan);
	migrator_end(&migrator);
	return status;
}
