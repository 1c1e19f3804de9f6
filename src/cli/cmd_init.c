/* init: create the latest schema in an empty database. */
#include <string.h>

#include "base/exit_status.h"
#include "base/report.h"
#include "cli/commands.h"
#include "history/history.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "pg/user_objects.h"
#include "record/owner_hint.h"
#include "record/stored_downs.h"

#include "base/banned.h"

/* Otherwise, the objects that were found are reported. */
static bool
is_empty(struct migrator *migrator)
{
	struct user_objects contents = {0};
	bool		read = user_objects_read(&contents, &migrator->database.session);
	bool		empty = read && contents.count == 0;

	if (read && !empty) {
		report_error("database \"%s\" is not empty", connection_database(migrator->database.session.connection));
		user_objects_report(&contents, &migrator->database.session);
	}
	user_objects_clear(&contents);
	return empty;
}

/*
 * An init that was interrupted between two migrations is resumed. An init that has finished may be repeated: its first
 * result may have been lost with the connection.
 */
static bool
may_begin(struct migrator *migrator)
{
	const struct record *record = &migrator->database.record;
	bool		init_of_this_build = record->last_command && strcmp(record->last_command, "init") == 0
		&& strcmp(record->last_build, history.build) == 0 && record->last_version == record->version
		&& record->version <= history.latest;
	struct stored_downs downs;

	if (!record->versioned)
		return is_empty(migrator);
	if (init_of_this_build && record->version < history.latest)
		report_note("resuming an interrupted init at version %d", record->version);
	if (init_of_this_build)
		return true;
	report_error("database \"%s\" is not empty: it is under version control, at version %d",
				 connection_database(migrator->database.session.connection),
				 record->version);
	if (record->version > history.latest) {
		stored_downs_find(&downs, &migrator->database.session, record, record->version, history.latest);
		stored_downs_hint(&downs, 0, history.latest);
		stored_downs_clear(&downs);
	} else
		report_hint("To migrate it to the version of this build, run \"" PROGRAM " upgrade\".");
	return false;
}

/* Create the version of the snapshot, or version 0 if this build has no snapshot. */
static bool
create_first_version(struct migrator *migrator)
{
	struct steps_item first = {.version = 0,.up = true,.before = -1,.after = 0};
	struct task	task = history.snapshot ? task_of_snapshot("init") : task_of_migration("init", &first);
	bool		done;

	task.consent = &migrator->consent;
	done = migrator_run_one(migrator, &task, task.step.after, history_migration(task.step.after)->name);

	task_clear(&task);
	return done;
}

int
cmd_init(const struct options *options)
{
	struct migrator migrator = {0};
	struct steps steps = {0};
	int			status = migrator_begin(&migrator, &options->session, options->yes);
	bool		done_before;

	if (status != STATUS_OK)
		goto done;
	if (!may_begin(&migrator)) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	/* An empty database has no data to lose. */
	if (!migrator.database.record.versioned)
		migrator.consent.all = true;
	/* An incomplete downgrade from the latest version is not done: it is run up again. */
	done_before = migrator.database.record.versioned && migrator.database.record.version == history.latest
		&& !(migrator.database.record.incomplete.there && !migrator.database.record.incomplete.up);
	status = done_before ? STATUS_OK : migrator_may(&migrator, "init", true);
	if (status == STATUS_OK && !done_before)
		status = migrator_may_run(&migrator);
	if (status == STATUS_OK && !done_before)
		status = migrator_transfer_ownership(&migrator);
	if (status != STATUS_OK)
		goto done;
	if (!migrator.database.record.versioned)
		owner_hint_warn(&migrator.database.session);
	if (!migrator.database.record.versioned && !create_first_version(&migrator)) {
		status = migrator_failed(&migrator);
		goto done;
	}
	steps_upgrade(&steps, history.latest, migrator.database.record.version, history.latest,
				  &migrator.database.record.incomplete);
	migrator_make_tasks(&migrator, "init", &steps);
	status = migrator_run(&migrator);
	if (status == STATUS_OK)
		report_line("database %s is at version %d, the latest of this build%s",
					connection_database(migrator.database.session.connection),
					migrator.database.record.version, done_before ? ": nothing to do" : "");
done:
	steps_clear(&steps);
	migrator_end(&migrator);
	return status;
}
