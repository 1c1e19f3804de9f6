/* stamp: record a version without running migrations. */
#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"
#include "migrate/migrator.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "pg/user_objects.h"
#include "record/record.h"
#include "record/stored_downs.h"

#include "base/banned.h"

/* Would the stamp delete the only record of the SQL applied? This build has its own SQL, unless that is other SQL. */
static bool
is_only_record(const struct record_migration *row, int version)
{
	return row->version > version && (row->version > history.latest
									  || strcmp(row->checksum, history_migration(row->version)->source.checksum) != 0);
}

/* The versions whose records would be deleted, as a list for people: a new string; NULL if there are none. */
static char *
list_deleted(const struct record *record, int version)
{
	char	   *list = NULL;

	for (size_t i = 0; i < record->count; i++) {
		const struct record_migration *row = &record->migrations[i];
		char	   *longer;

		if (!is_only_record(row, version))
			continue;
		longer = mem_format("%s%s%d \"%s\"", list ? list : "", list ? ", " : "", row->version, row->name);
		mem_free(list);
		list = longer;
	}
	return list;
}

/* Report whether the versions can be reverted instead. */
static void
report_alternative(struct migrator *migrator, int version)
{
	struct stored_downs downs;

	stored_downs_find(&downs, &migrator->database.session, &migrator->database.record,
					  record_highest(&migrator->database.record), version);
	if (downs.known)
		stored_downs_report_gaps(&downs);
	report_detail("Nothing was changed.");
	if (stored_downs_complete(&downs))
		report_hint("To revert these versions, run \"" PROGRAM " downgrade %d\". To delete the records, repeat with"
					" --yes.", version);
	else
		report_hint("If the version was set by hand, repeat with --yes.");
	stored_downs_clear(&downs);
}

static void
report_deleted(struct migrator *migrator, int version, const char *list, bool ahead)
{
	const struct record *record = &migrator->database.record;

	if (list)
		report_error("stamping version %d deletes the records of versions that this build does not have", version);
	else
		report_error("database \"%s\" is ahead of this build",
					 connection_database(migrator->database.session.connection));
	if (ahead)
		report_detail("The database is at version %d; this build has versions up to %d.", record->version,
					  history.latest);
	if (list)
		report_detail("The stamp would delete the records of these versions, with the SQL that reverts them: %s.",
					  list);
	report_alternative(migrator, version);
}

/* If the database is ahead, a stamp deletes the only SQL that reverts the newer versions: it needs --yes. */
static int
check_deletion(struct migrator *migrator, const struct options *options, int version)
{
	const struct record *record = &migrator->database.record;
	char	   *list = list_deleted(record, version);
	bool		ahead = record->versioned && record->fault == RECORD_SOUND && record->version > history.latest;
	int			status = STATUS_OK;

	if ((list || ahead) && !options->yes) {
		report_deleted(migrator, version, list, ahead);
		status = STATUS_UNKNOWN;
	} else if (list)
		report_note("records deleted: %s", list);
	else if (ahead && record->version == history.latest + 1)
		report_note("no record of version %d existed", record->version);
	else if (ahead)
		report_note("no records of versions %d to %d existed", history.latest + 1, record->version);
	if (status == STATUS_OK && record->incomplete.there)
		report_note("the progress of migration %d, which is incomplete, is discarded", record->incomplete.version);
	mem_free(list);
	return status;
}

int
cmd_stamp(const struct options *options)
{
	struct migrator migrator = {0};
	int			version = options_known_version(options);
	int			status;

	if (version < 0)
		return STATUS_UNKNOWN;
	status = migrator_begin_to_stamp(&migrator, &options->session, options->yes);
	if (status == STATUS_OK)
		status = check_deletion(&migrator, options, version);
	if (status == STATUS_OK)
		status = migrator_may(&migrator, "stamp", false);
	if (status == STATUS_OK)
		status = migrator_transfer_ownership(&migrator);
	if (status == STATUS_OK && user_objects_no_tables(&migrator.database.session))
		report_warning("schema public has no tables; nothing was checked");
	if (status == STATUS_OK) {
		int			before = migrator.database.record.versioned && migrator.database.record.fault == RECORD_SOUND
		? migrator.database.record.version : -1;
		struct task	task = task_of_stamp(before, version);

		if (!migrator_run_task(&migrator.database.session, &migrator.database.record, &task))
			status = migrator_failed(&migrator);
		else if (before < 0 || before == version)
			report_line("database %s is stamped with version %d; no migration was run",
						connection_database(migrator.database.session.connection), version);
		else
			report_line("database %s is stamped with version %d instead of %d; no migration was run",
						connection_database(migrator.database.session.connection), version, before);
		task_clear(&task);
	}
	migrator_end(&migrator);
	return status;
}
