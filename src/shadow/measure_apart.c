/*
 * Measure a statement that cannot run in a transaction block. Its locks are gone when it has ended, so a second session
 * holds a writer's lock on every table, and reads the locks until the statement waits for it, or ends.
 */
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "shadow/look.h"
#include "shadow/measure_private.h"
#include "shadow/measure_read.h"

#include "base/banned.h"

enum {
	LOOK_EACH = 10,				/* milliseconds between two looks */
	MOST_LOOKS = 100,			/* less than the lock timeout in all, which would make the statement fail */
	OBSERVER_PATIENCE = 2000	/* milliseconds for an answer */
};

/* As a writer in the archive has. What is not a plain table holds no rows, or cannot be locked. */
#define LOCK_ALL \
	"DO $$" \
	" DECLARE name text;" \
	" BEGIN" \
	" FOR name IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c" \
	" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.oid >= '16384'" \
	" AND pg_has_role(c.relowner, 'USAGE') AND n.nspname::text !~ '^pg_' AND n.nspname <> 'fitsdb_measure'" \
	" LOOP" \
	" EXECUTE 'LOCK TABLE ONLY ' || name || ' IN ROW EXCLUSIVE MODE';" \
	" END LOOP;" \
	" END$$"

struct vigil {
	struct session *observer;
	const char *pid;
	struct look seen;
	int			looks;
	bool		over;
};

/* Let go of the tables. Where that cannot be said any more, closing the connection says it. */
static void
end_vigil(struct vigil *vigil)
{
	struct pipeline pipeline = {0};

	if (vigil->over)
		return;
	vigil->over = true;
	pipeline_add(&pipeline, "COMMIT", 0);
	if (!pipeline_run(vigil->observer->connection, &pipeline))
		session_close(vigil->observer);
	pipeline_clear(&pipeline);
}

static void
look_at_locks(void *argument)
{
	struct vigil *vigil = argument;
	struct pipeline pipeline = {0};
	bool		waiting = true;

	if (vigil->over)
		return;
	measure_read_add_locks(&pipeline, vigil->pid);
	if (pipeline_run(vigil->observer->connection, &pipeline))
		waiting = measure_read_take_locks(&vigil->seen, &pipeline.commands[0]);
	pipeline_clear(&pipeline);
	vigil->looks++;
	if (waiting || vigil->looks == MOST_LOOKS || signals_stop())
		end_vigil(vigil);
}

static bool
begin_vigil(struct vigil *vigil, struct run *run)
{
	struct session *observer = &run->measure->observer;
	struct pipeline pipeline = {0};
	bool		begun;

	if (!observer->connection) {
		char	   *message = NULL;

		observer->options = run->session->options;
		observer->connection = connection_open_again(run->session->connection, NULL, &message);
		if (!observer->connection)
			report_error("could not open a second connection to the scratch database: %s", message);
		mem_free(message);
		if (!observer->connection)
			return false;
		connection_set_timeout(observer->connection, OBSERVER_PATIENCE);
	}
	if (run->session->acting) {
		char	   *role = mem_format("SET ROLE %s", run->session->acting);

		pipeline_add(&pipeline, role, 0);
		mem_free(role);
	}
	pipeline_add(&pipeline, "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false)",
				 0)->sync_point = true;
	pipeline_add(&pipeline, "BEGIN", 0);
	pipeline_add(&pipeline, LOCK_ALL, 0);
	begun = session_query(observer, &pipeline, "lock the tables of the scratch database");
	*vigil = (struct vigil) {.observer = observer};
	pipeline_clear(&pipeline);
	return begun;
}

/* A look between statements, in a transaction of its own. */
static enum run_outcome
take_snapshot(struct run *run, struct look *look, bool with_settings)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	enum run_outcome outcome;
	size_t		first;

	if (with_settings)
		measure_add_settings(run, &pipeline);
	first = measure_read_add(&pipeline);
	outcome = measure_run(run->session, &pipeline, &failed);
	if (outcome == RUN_DONE)
		measure_read_take(look, &pipeline, first);
	else if (outcome == RUN_FAILED) {
		report_error("could not read the scratch database: %s", failed->error.message);
		outcome = RUN_OVER;
	}
	pipeline_clear(&pipeline);
	return outcome;
}

enum run_outcome
measure_apart(struct run *run, size_t number)
{
	struct vigil vigil;
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	struct look after = {0};
	char	   *pid = mem_format("%d", connection_backend_pid(run->session->connection));
	enum run_outcome outcome = RUN_OVER;

	look_clear(&run->before);
	if (!begin_vigil(&vigil, run))
		goto done;
	vigil.pid = pid;
	outcome = take_snapshot(run, &run->before, true);
	if (outcome != RUN_DONE)
		goto done;

	measure_add_statement(run, &pipeline, number);
	connection_set_probe(run->session->connection, LOOK_EACH, look_at_locks, &vigil);
	outcome = measure_run(run->session, &pipeline, &failed);
	connection_set_probe(run->session->connection, 0, NULL, NULL);
	end_vigil(&vigil);
	if (outcome == RUN_FAILED)
		measure_note_failure(run, &failed->error);
	if (outcome != RUN_DONE)
		goto done;

	outcome = take_snapshot(run, &after, false);
	if (outcome == RUN_DONE) {
		/* Those that the look itself has seen are its own. */
		mem_free(after.locks);
		after.locks = vigil.seen.locks;
		after.lock_count = vigil.seen.lock_count;
		vigil.seen = (struct look) {0};
		run->measurement->statements[number].apart = true;
		measure_compare(run, number, &after);
	}
done:
	look_clear(&vigil.seen);
	look_clear(&after);
	pipeline_clear(&pipeline);
	mem_free(pid);
	return outcome;
}
