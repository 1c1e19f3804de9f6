/* upgrade: run the pending migrations, or print them as a script for psql. */
#include "base/exit_status.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run_steps.h"
#include "history/history.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "migrate/psql_script.h"
#include "pg/connection.h"
#include "record/database.h"
#include "record/trust.h"

#include "base/banned.h"

int
cmd_upgrade(const struct options *options)
{
	struct migrator migrator = {0};
	struct steps steps = {0};
	enum steps_verdict verdict;
	int			target = options_version_or_latest(options);
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

	verdict = database_plan_upgrade(&migrator.database, &steps, target);
	if (verdict == STEPS_PENDING && options->sql)
		status = psql_script_print(&migrator, "upgrade", &steps);
	else if (verdict == STEPS_PENDING)
		status = run_steps(&migrator, &steps, true, target);
	else if (verdict == STEPS_NONE) {
		database_warn_incomplete(&migrator.database);
		/* Without the lock, the version was read from a table that only trusted roles may write. */
		if (migrator.locked && history.grants)
			trust_warn_of_writers(&migrator.database.session);
	} else
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !options->sql)
		report_line("database %s is at version %d%s%s", connection_database(migrator.database.session.connection),
					migrator.database.record.version,
					migrator.database.record.version == history.latest ? ", the latest of this build" : "",
					verdict == STEPS_NONE ? ": nothing to do" : "");
done:
	steps_clear(&steps);
	migrator_end(&migrator);
	return status;
}
