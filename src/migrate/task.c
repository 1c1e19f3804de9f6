/* Make the task of a step, with the statements of this build or of the stored down. */
#include "migrate/task.h"

#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "record/record.h"
#include "record/stored_downs.h"

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

struct task
task_of_repair(int version, const char *title)
{
	return (struct task) {
		.command = "repair",
		.step = {.version = version,.up = true,.before = version,.after = version},
		.title = mem_string(title),
		.repair = true,
		.list = {.transactional = true},
	};
}

/* Are the stored statements those that this build has for the version? Then messages can name the file and the line. */
static bool
is_own(const struct record *record, const struct stored_downs_item *down)
{
	const struct record_migration *row = record_find(record, down->version);
	struct task	own;
	char	   *json;
	char	   *stored;
	bool		same;

	if (down->version > history.latest || !row
		|| strcmp(row->checksum, history_migration(down->version)->source.checksum) != 0)
		return false;
	own = task_of_migration(NULL, &(struct steps_item) {.version = down->version});
	json = statement_list_to_json(&own.list);
	stored = statement_list_to_json(&down->list);
	same = strcmp(json, stored) == 0 && own.list.transactional == down->list.transactional;
	mem_free(stored);
	mem_free(json);
	task_clear(&own);
	return same;
}

struct task
task_of_step(const char *command, const struct steps_item *step, const struct record *record,
			 struct stored_downs *downs)
{
	struct stored_downs_item *down = step->up ? NULL : stored_downs_of(downs, step->version);
	const struct record_migration *row = record_find(record, step->version);
	struct task	task;

	if (!down || is_own(record, down))
		return task_of_migration(command, step);
	task = (struct task) {
		.command = command,
		.step = *step,
		.title = mem_format("stored down of migration %d \"%s\"", step->version, row ? row->name : ""),
		.list = down->list,
		.drops = down->drops,
	};
	down->list = (struct statement_list) {0};
	down->drops = NULL;
	return task;
}

void
task_clear(struct task *task)
{
	statement_list_clear(&task->list);
	mem_free(task->committed);
	mem_free(task->title);
	mem_free(task->drops);
	if (task->down)
		record_down_clear(task->down);
	mem_free(task->down);
	*task = (struct task) {0};
}

void
task_update_record(struct record *record, const struct task *task)
{
	bool		known = task->step.up && task->step.after <= history.latest;

	if (task->repair) {
		record->recorded = record->complete = true;
		return;
	}
	record_after_commit(record, task->step.after, known ? history_migration(task->step.after) : NULL);
}
