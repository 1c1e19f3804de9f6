/* What is to be run: from this build, or from the database's record. */
#include <string.h>

#include "apply.h"
#include "mem.h"
#include "report.h"

#include "banned.h"

struct job
job_of_migration(const char *command, const struct step *step)
{
	const struct migration *migration = history_migration(step->version);
	const struct section *section = step->up ? &migration->up : &migration->down;

	return (struct job) {
		.command = command,
		.step = *step,
		.title = mem_format("%smigration %d \"%s\"", step->up ? "" : "down ", step->version, migration->name),
		.source = &migration->source,
		.migration = step->up ? migration : NULL,
		.list = sql_list_of_section(&migration->source, section),
	};
}

struct job
job_of_snapshot(const char *command)
{
	return (struct job) {
		.command = command,
		.step = {.version = history.snapshot_version,.up = true,.before = -1,.after = history.snapshot_version},
		.title = mem_format("the schema of version %d", history.snapshot_version),
		.source = &history.snapshot->source,
		.whole = true,
		.list = sql_list_of_section(&history.snapshot->source, &history.snapshot->body),
	};
}

struct job
job_of_stamp(int before, int after)
{
	return (struct job) {
		.command = "stamp",
		.step = {.version = after,.up = true,.before = before,.after = after},
		.title = mem_format("the stamp of version %d", after),
		.whole = true,
		.list = {.transactional = true},
	};
}

bool
job_of_record(struct job *job, const char *command, const struct step *step, struct session *session,
			  const struct state *state)
{
	const struct state_migration *row = state_find(state, step->version);
	bool		known = step->version <= history.latest;

	*job = (struct job) {0};
	if (known && (!row || strcmp(row->checksum, history_migration(step->version)->source.checksum) == 0)) {
		*job = job_of_migration(command, step);
		return true;
	}
	job->command = command;
	job->step = *step;
	job->title = mem_format("down migration %d \"%s\", as on record,", step->version, row ? row->name : "");
	return state_down(session, step->version, &job->list);
}

void
job_clear(struct job *job)
{
	sql_list_clear(&job->list);
	mem_free(job->title);
	*job = (struct job) {0};
}
