/* upgrade: run the pending migrations, or print them as a script for psql. */
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/repair_database.h"
#include "cli/run_steps.h"
#include "history/history.h"
#include "history/release.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "migrate/psql_script.h"
#include "migrate/schema_check.h"
#include "pg/connection.h"
#include "record/database.h"
#include "record/trust.h"

#include "base/banned.h"

/* Without a target, an upgrade may lead further than the software that is in use. */
static void
warn_of_end(const struct migrator *migrator, const struct options *options, int target)
{
	int			version = migrator->database.record.version;
	struct release_end end;
	char	   *text;
	char	   *advice;

	if (options->count > 0 || !release_ends(&history, version, target, &end))
		return;
	text = release_end_text(&end);
	advice = release_end_advice(&history, &end, version, target);
	report_warning("%s", text);
	report_hint("%s", advice);
	mem_free(advice);
	mem_free(text);
}

/* Run the steps, and check the schema that they have led to. */
static int
run(struct migrator *migrator, const struct steps *steps, int target)
{
	struct session *session = &migrator->database.session;
	int			status = run_steps(migrator, steps, true, target);
	int			checked;

	if (status != STATUS_OK)
		return status;
	checked = schema_check_after(&migrator->check, session, target);
	report_line("database %s is at version %d%s", connection_database(session->connection), target,
				release_stopped(&history, target) ? ", on which no known release runs"
				: checked == STATUS_OK && target == history.latest ? ", the latest of this build" : "");
	return checked;
}

/* Nothing is read but the version, so no more is said. */
static void
report_none(struct migrator *migrator)
{
	struct session *session = &migrator->database.session;

	database_warn_incomplete(&migrator->database);
	/* Without the lock, the version was read from a table that only trusted roles may write. */
	if (migrator->locked && history.grants)
		trust_warn_of_writers(session);
	report_line("database %s: nothing to do at version %d", connection_database(session->connection),
				migrator->database.record.version);
}

static bool
check_options(const struct options *options)
{
	if (options->repair && options->sql)
		report_error("--repair and --sql cannot be combined");
	else if (options->set_count > 0 && !options->repair)
		report_error("--set needs --repair");
	else
		return true;
	report_hint("Try \"" PROGRAM " upgrade --help\".");
	return false;
}

static int
begin(struct migrator *migrator, const struct options *options, int target)
{
	if (options->sql)
		return database_read(&migrator->database, &options->session);
	return options->repair ? migrator_begin(migrator, &options->session, options->yes)
		: migrator_begin_unless_at(migrator, &options->session, options->yes, target);
}

int
cmd_upgrade(const struct options *options)
{
	struct migrator migrator = {0};
	struct steps steps = {0};
	enum steps_verdict verdict;
	int			target = options_version_or_latest(options);
	int			repaired = STATUS_OK;
	int			status;

	if (target < 0 || !check_options(options))
		return STATUS_UNKNOWN;
	status = begin(&migrator, options, target);
	if (status == STATUS_OK && options->sql && !psql_script_prepare(&migrator))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && !database_versioned(&migrator.database))
		status = STATUS_UNKNOWN;
	if (status == STATUS_OK && options->repair)
		repaired = repair_first(&migrator, options);
	if (repaired != STATUS_OK && repaired != STATUS_DIFFERENT)
		status = repaired;
	if (status != STATUS_OK)
		goto done;

	verdict = database_plan_upgrade(&migrator.database, &steps, target);
	if (verdict == STEPS_PENDING) {
		warn_of_end(&migrator, options, target);
		status = options->sql ? psql_script_print(&migrator, "upgrade", &steps) : run(&migrator, &steps, target);
	} else if (verdict != STEPS_NONE)
		status = STATUS_UNKNOWN;
	else if (!options->sql) {
		report_none(&migrator);
		status = repaired;
	} else
		database_warn_incomplete(&migrator.database);
	/* The repair is done. */
	if (status == STATUS_UNKNOWN && migrator.database.session.committed)
		status = STATUS_FAILED;
done:
	steps_clear(&steps);
	migrator_end(&migrator);
	return status;
}
