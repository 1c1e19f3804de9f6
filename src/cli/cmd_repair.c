/* repair: add what the schema lacks, or print what that would do. */
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/left_behind.h"
#include "cli/options.h"
#include "cli/repair_database.h"
#include "cli/repair_print.h"
#include "migrate/migrator.h"
#include "migrate/repair.h"
#include "pg/connection.h"
#include "record/database.h"
#include "record/untrusted.h"

#include "base/banned.h"

/* Change nothing: no lock is taken, and a standby will do. */
static int
show(const struct options *options)
{
	struct database database;
	struct repair_wanted wanted = {0};
	struct repair repair = {0};
	int			status = database_read(&database, &options->session);

	signals_init();
	if (status == STATUS_OK && !repair_wanted_from(&wanted, options, &database))
		status = STATUS_UNKNOWN;
	/* To count rows may run code of untrusted roles, as a repair may. */
	if (status == STATUS_OK && (!untrusted_read(&database.session, true) || untrusted_report(&database.session)))
		status = signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	if (status == STATUS_OK && (!repair_find(&repair, &database.session, &wanted)
								|| left_behind_report(&database.session, &repair.live, &repair.facts)
								|| repair_refuse(&repair)))
		status = signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	if (status == STATUS_OK && wanted.value_count > 0 && !repair_may_run(&repair))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK) {
		const char *name = connection_database(database.session.connection);

		if (options->json)
			repair_print_json(&repair, name, false);
		else if (options->sql)
			repair_print_sql(&repair, name);
		else
			repair_print_plan(&repair, name);
		repair_advise(&repair);
		status = repair_is_left(&repair) ? STATUS_DIFFERENT : STATUS_OK;
	}
	repair_clear(&repair);
	mem_free(wanted.values);
	untrusted_clear(&database.session);
	database_close(&database);
	return status;
}

int
cmd_repair(const struct options *options)
{
	struct migrator migrator = {0};
	struct repair_wanted wanted = {0};
	struct repair repair = {0};
	int			status;

	if (options->sql && options->json) {
		report_error("--sql and --json cannot be combined");
		report_hint("\"" PROGRAM " repair --dry-run --json\" prints the SQL of each step.");
		return STATUS_UNKNOWN;
	}
	if (options->dry_run || options->sql)
		return show(options);
	/* --yes agrees to the repair, not to a loss of data. */
	status = migrator_begin(&migrator, &options->session, false);
	if (status == STATUS_OK && !repair_wanted_from(&wanted, options, &migrator.database))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK)
		status = repair_database(&repair, &migrator, options, &wanted);
	repair_clear(&repair);
	mem_free(wanted.values);
	migrator_end(&migrator);
	return status;
}
