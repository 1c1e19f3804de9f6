/* The common part of "upgrade" and "downgrade". */
#include "cli/run_steps.h"

#include "base/exit_status.h"
#include "base/report.h"
#include "base/signals.h"
#include "migrate/data_loss.h"
#include "migrate/down_rows.h"
#include "migrate/down_used.h"
#include "migrate/migrator.h"
#include "migrate/schema_check.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"

#include "base/banned.h"

/* Read the schema before an upgrade, refuse the upgrade if it would fail, and shorten the downs to be stored. */
static int
check_schema(struct migrator *migrator, const struct steps *steps)
{
	struct session *session = &migrator->database.session;
	int			status;

	if (!schema_check_read(&migrator->check, &migrator->database))
		return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	status = schema_check_before(&migrator->check, session, steps, migrator->repaired);
	if (status == STATUS_OK)
		migrator_shorten_downs(migrator);
	return status;
}

/* Would the down statements fail for objects or rows? */
static int
check_downs(struct migrator *migrator)
{
	int			status = down_used_check(migrator);

	return status == STATUS_OK ? down_rows_check(migrator) : status;
}

static int
check(struct migrator *migrator, const struct steps *steps, bool up, const char *command)
{
	int			status = migrator_may(migrator, command, true);

	migrator_make_tasks(migrator, command, steps);
	if (status == STATUS_OK)
		status = migrator_may_run(migrator);
	if (status == STATUS_OK)
		status = up ? check_schema(migrator, steps) : check_downs(migrator);
	if (status == STATUS_OK)
		status = data_loss_agree(migrator);
	return status;
}

int
run_steps(struct migrator *migrator, const struct steps *steps, bool up, int target)
{
	const char *command = up ? "upgrade" : "downgrade";
	int			status = check(migrator, steps, up, command);

	if (status == STATUS_OK)
		status = migrator_transfer_ownership(migrator);
	if (status != STATUS_OK)
		return status;
	lock_watch_warn_of_old_transactions(&migrator->database.session);
	report_line("database %s is at version %d, %s to %d", connection_database(migrator->database.session.connection),
				migrator->database.record.version, up ? "upgrading" : "downgrading", target);
	return migrator_run(migrator);
}
