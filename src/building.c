#include "building.h"

#include <string.h>

#include "mem.h"
#include "session.h"

#include "banned.h"

enum {
	OLDEST_SERVER = 120000
};

/* What a phase counts is the last of these that it has a total of. */
static const char *const units[] = {"sessions", "blocks", "rows"};

enum {
	PHASE, FIRST_DONE, UNITS = sizeof(units) / sizeof(units[0])
};

/* The server's word for a phase begins so; whoever is waited for then does this. */
static const struct {
	const char *phase;
	const char *does;
	const char *do_so;
}			waits[] = {
	{"waiting for writers", "writes to the table", "write to the table"},
	{"waiting for old snapshots", "holds an old snapshot", "hold old snapshots"},
	{"waiting for readers", "reads the table", "read the table"},
};

char *
building_wait(const char *phase, long done, long total)
{
	long		left = total - done;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]) && left > 0; i++)
		if (strncmp(phase, waits[i].phase, strlen(waits[i].phase)) == 0)
			return mem_format("waiting for %ld session%s that %s", left, left == 1 ? "" : "s",
							  left == 1 ? waits[i].does : waits[i].do_so);
	return NULL;
}

static void
show(struct building *building, const struct db_command *found)
{
	const char *phase = db_text(found, 0, PHASE);
	char	   *wait = building_wait(phase, db_number(found, 0, FIRST_DONE), db_number(found, 0, FIRST_DONE + 1));
	char	   *title = mem_format("%s: the index is %s", building->job, wait ? wait : phase);
	const char *unit;
	int			counted = 0;

	for (int i = 0; i < UNITS; i++)
		if (db_number(found, 0, FIRST_DONE + 2 * i + 1) > 0)
			counted = i;
	unit = wait ? NULL : units[counted];
	mem_free(wait);
	if (!building->title || strcmp(title, building->title) != 0 || building->progress.state.unit != unit) {
		double		shown = building->progress.shown;

		mem_free(building->title);
		building->title = title;
		progress_start(&building->progress, title, unit, 0);
		/* Phases come and go; the lines keep their pace. */
		if (shown > 0)
			building->progress.shown = shown;
	} else
		mem_free(title);
	progress_show(&building->progress, (double) db_number(found, 0, FIRST_DONE + 2 * counted),
				  (double) db_number(found, 0, FIRST_DONE + 2 * counted + 1));
}

void
building_look(struct building *building, struct db *observer, int backend)
{
	struct db_batch batch = {0};
	char	   *pid;

	if (db_server_version(observer) < OLDEST_SERVER)
		return;
	pid = mem_format("%d", backend);
	session_add_own(&batch);
	db_add(&batch, "SELECT p.phase, p.lockers_done, p.lockers_total, p.blocks_done, p.blocks_total, p.tuples_done,"
		   " p.tuples_total FROM pg_stat_progress_create_index p WHERE p.pid = $1::integer", 1, pid);
	if (db_run(observer, &batch) && db_lines(&batch.commands[1]) == 1 && db_value(&batch.commands[1], 0, PHASE))
		show(building, &batch.commands[1]);
	db_batch_clear(&batch);
	mem_free(pid);
}

void
building_clear(struct building *building)
{
	if (building->title)
		progress_end(&building->progress);
	mem_free(building->title);
	*building = (struct building) {0};
}
