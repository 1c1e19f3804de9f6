/* Make the task of a step, with the statements of this build or of the stored down. */
#include "migrate/task.h"

#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "record/record.h"

#include "base/banned.h"

struct task
task_of_migration(const char *command, const struct steps_item *step)
{
	const struct history_migration *migration = history_migration(step->version);
	const struct history_section *section = step->up ? &migration->up : &migration->down;

	return (struct task) {
		.command = command,
		.step = *step,
		.title = mem_format("%smigration %d \"%s\"", step->up ? "" : "down ", step->version, migration->name),
		.source = &migration->source,
		.migration = step->up ? migration : NULL,
		.list = statement_list_of_section(&migration->source, section),
	};
}

struct task
task_of_snapshot(const char *command)
{
	return (struct task) {
		.command = command,
		.step = {.version = history.snapshot_version,.up = true,.before = -1,.after = history.snapshot_version},
		.title = mem_format("the schema of version %d", history.snapshot_version),
		.source = &history.snapshot->source,
		.whole = true,
		.list = statement_list_of_section(&history.snapshot->source, &history.snapshot->body),
	};
}

struct task
task_of_stamp(int before, int after)
{
	return (struct task) {
		.command = "stamp",
		.step = {.version = after,.up = true,.before = before,.after = after},
		.title = mem_format("the stamp of version %d", after),
		.whole = true,
		.list = {.transactional = true},
	};
}

bool
task_is_stored(const struct record *record, const struct steps_item *step)
{
	const struct record_migration *row = record_find(record, step->version);

	return !step->up && (step->version > history.latest
						 || (row && strcmp(row->checksum, history_migration(step->version)->source.checksum) != 0));
}

bool
task_of_record(struct task *task, const char *command, const struct steps_item *step, struct session *session,
			   const struct record *record)
{
	const struct record_migration *row = record_find(record, step->version);

	*task = (struct task) {0};
	if (!task_is_stored(record, step)) {
		*task = task_of_migration(command, step);
		return true;
	}
	task->command = command;
	task->step = *step;
	task->title = mem_format("stored down of migration %d \"%s\"", step->version, row ? row->name : "");
	return record_stored_down(session, step->version, &task->list, &task->drops);
}

void
task_clear(struct task *task)
{
	statement_list_clear(&task->list);
	mem_free(task->title);
	mem_free(task->drops);
	*task = (struct task) {0};
}

void
task_update_record(struct record *record, const struct task *task)
{
	bool		known = task->step.up && task->step.after <= history.latest;

	record_after_commit(record, task->step.after, known ? history_migration(task->step.after) : NULL);
}
