/* downgrade: run down migrations, also those of newer builds, which are stored in the database. */
#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/run_steps.h"
#include "history/history.h"
#include "history/steps.h"
#include "migrate/migrator.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "record/database.h"
#include "record/record.h"
#include "record/stored_downs.h"
#include "schema/built_facts.h"
#include "schema/fact_history.h"
#include "schema/leftovers.h"
#include "schema/live.h"

#include "base/banned.h"

enum {
	MOST_LINES = 20				/* of a list */
};

/* Is every down migration available and intact? Checked before anything is changed. */
static bool
check_downs(struct migrator *migrator, int target)
{
	const struct record *record = &migrator->database.record;
	struct stored_downs *downs = &migrator->downs;
	bool		complete;

	/* An incomplete up is reverted first, whichever build began it: its version may be the highest. */
	stored_downs_find(downs, &migrator->database.session, record, record_highest(record), target);
	complete = stored_downs_complete(downs);
	if (!complete)
		stored_downs_report(downs, record, target);
	return complete;
}

/* A line for each table. */
static void
print_objects(const char *what, char *lines)
{
	size_t		count = 0;

	if (lines)
		report_line("%s:", what);
	for (char *line = lines, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (count++ < MOST_LINES)
			report_wrapped(2, "%s", line);
	}
	if (count > MOST_LINES)
		report_line("  and %zu more", count - MOST_LINES);
	mem_free(lines);
}

/* Did an upgrade leave statements out of a down that was run, so that objects stay which were there before it? */
static bool
any_shortened(const struct migrator *migrator)
{
	for (size_t i = 0; i < migrator->task_count; i++) {
		const struct task *task = &migrator->tasks[i];

		if (!task->step.up && (task->step.version > history.latest
							   || task->list.count < history_migration(task->step.version)->down.count))
			return true;
	}
	return false;
}

/*
 * Only for versions of which this build has the schema. The live one is read if the build alone does not know what
 * stays; if it cannot be read, what the build knows.
 */
static void
report_leftovers(struct migrator *migrator, int from, int to)
{
	struct fact_history facts = {0};
	struct live live = {0};

	if (history.schema && to <= history.latest && built_facts_load(&facts)) {
		const struct fact_set *there = NULL;
		char	   *labels;

		report_hold();
		if (any_shortened(migrator) && live_read(&live, &migrator->database.session))
			there = &live.facts;
		report_release(false);
		labels = leftovers_text(&facts, there, from, to, LEFTOVERS_LABELS);
		if (labels)
			report_wrapped(0, "enum values remain, because PostgreSQL cannot drop them: %s", labels);
		print_objects("objects remain, because no down section drops them",
					  leftovers_text(&facts, there, from, to, LEFTOVERS_OBJECTS));
		print_objects("objects remain, because the database had them before the upgrade",
					  leftovers_text(&facts, there, from, to, LEFTOVERS_EARLIER));
		mem_free(labels);
	}
	live_clear(&live);
	fact_history_clear(&facts);
}

int
cmd_downgrade(const struct options *options)
{
	struct migrator migrator = {0};
	struct steps steps = {0};
	enum steps_verdict verdict;
	int			target = options_version(options);
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = migrator_begin(&migrator, &options->session, options->yes);
	if (status == STATUS_OK && (!database_versioned(&migrator.database) || !check_downs(&migrator, target)))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;

	if (target > migrator.database.record.version && options_known_version(options) < 0) {
		status = STATUS_UNKNOWN;
		goto done;
	}
	verdict = steps_downgrade(&steps, migrator.database.record.version, target, &migrator.database.record.incomplete);
	if (verdict == STEPS_FORWARD) {
		report_error("database \"%s\" is at version %d, which is below %d",
					 connection_database(migrator.database.session.connection),
					 migrator.database.record.version, target);
		report_hint("To upgrade it, run \"" PROGRAM " upgrade %d\".", target);
		status = STATUS_UNKNOWN;
	} else if (verdict == STEPS_PENDING) {
		status = run_steps(&migrator, &steps, false, target);
		if (status == STATUS_OK)
			report_leftovers(&migrator, steps.steps[0].version, target);
	} else if (verdict == STEPS_NONE)
		database_warn_incomplete(&migrator.database);
	if (status == STATUS_OK)
		report_line("database %s is at version %d%s", connection_database(migrator.database.session.connection),
					migrator.database.record.version,
					verdict == STEPS_NONE ? ": nothing to do" : "");
done:
	steps_clear(&steps);
	migrator_end(&migrator);
	return status;
}
