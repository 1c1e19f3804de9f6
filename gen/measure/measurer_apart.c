/*
 * Measure a statement that cannot run in a transaction block. Its locks are gone when it has ended, so another session
 * holds a writer's lock on every table, and reads the locks until the statement waits for it, or ends.
 */
#include <stdint.h>

#include "base/mem.h"
#include "measure/measuring.h"
#include "measure/probe_read.h"
#include "pg/connection.h"

#include "base/banned.h"

enum {
	PROBE_EACH = 10,			/* milliseconds between two probes */
	MOST_PROBES = 100			/* less than the lock timeout in all, which would make the statement fail */
};

/* As a writer in the archive has. What is not a plain table holds no rows, or cannot be locked. */
#define LOCK_ALL \
	"DO $$" \
	" DECLARE name text;" \
	" BEGIN" \
	" FOR name IN SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c" \
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.oid >= '16384'" \
	" AND n.nspname::text !~ '^pg_' AND n.nspname <> 'fitsdb_measure'" \
	" LOOP" \
	" EXECUTE 'LOCK TABLE ONLY ' || name || ' IN ROW EXCLUSIVE MODE';" \
	" END LOOP;" \
	" END$$"

struct measuring_watch {
	struct session *other;
	const char *pid;
	struct probe seen;
	int			probes;
	bool		over;
};

/* Let go of the tables. If that cannot be said any more, closing the connection says it. */
static void
end_watch(struct measuring_watch *watch)
{
	struct pipeline pipeline = {0};

	if (watch->over)
		return;
	watch->over = true;
	pipeline_add(&pipeline, "COMMIT", 0);
	if (!pipeline_run(watch->other->connection, &pipeline))
		session_close(watch->other);
	pipeline_clear(&pipeline);
}

static void
probe_locks(void *argument)
{
	struct measuring_watch *watch = argument;
	struct pipeline pipeline = {0};
	bool		waiting = true;

	if (watch->over)
		return;
	probe_read_add_locks(&pipeline, watch->pid);
	if (pipeline_run(watch->other->connection, &pipeline))
		waiting = probe_read_take_locks(&watch->seen, &pipeline.commands[0]);
	pipeline_clear(&pipeline);
	if (waiting || ++watch->probes == MOST_PROBES)
		end_watch(watch);
}

static bool
begin_watch(struct measuring_watch *watch)
{
	struct pipeline pipeline = {0};
	bool		done;

	pipeline_add(&pipeline, "BEGIN", 0);
	pipeline_add(&pipeline, LOCK_ALL, 0);
	done = session_query(watch->other, &pipeline, "lock the tables");
	pipeline_clear(&pipeline);
	return done;
}

static bool
run_watched(struct measuring *measuring, size_t number, struct measuring_watch *watch)
{
	struct connection *connection = measuring->measurer->session.connection;
	struct pipeline pipeline = {0};
	bool		done;

	measuring_add_statement(measuring, &pipeline, number);
	connection_set_probe(connection, PROBE_EACH, probe_locks, watch);
	done = measuring_run(measuring, &pipeline, number);
	connection_set_probe(connection, 0, NULL, NULL);
	end_watch(watch);
	return done;
}

bool
measuring_apart(struct measuring *measuring, size_t number)
{
	struct measurer *measurer = measuring->measurer;
	char	   *pid = mem_format("%d", connection_backend_pid(measurer->session.connection));
	struct measuring_watch watch = {.other = &measurer->other,.pid = pid};
	struct pipeline pipeline = {0};
	struct probe after = {0};
	bool		done;

	measuring_add_settings(measuring, &pipeline);
	probe_clear(&measuring->before);
	done = measuring_run(measuring, &pipeline, SIZE_MAX) && begin_watch(&watch)
		&& measuring_probe_all(measuring, &measuring->before) && run_watched(measuring, number, &watch)
		&& measuring_probe_all(measuring, &after);
	if (done) {
		/* Those that the probe has seen are its own. */
		mem_free(after.locks);
		after.locks = watch.seen.locks;
		after.lock_count = watch.seen.lock_count;
		watch.seen = (struct probe) {0};
		measuring->effects->statements[number].apart = true;
		measuring_compare(measuring, number, &after);
	}
	probe_clear(&watch.seen);
	mem_free(pid);
	return done;
}
