/* Report blocking sessions and the progress of an index build, while a statement runs. */
#include "pg/lock_watch.h"

#include <string.h>
#include <sys/random.h>

#include "base/backoff.h"
#include "base/mask.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/report.h"
#include "base/signals.h"
#include "pg/connection.h"
#include "pg/lock_mode.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"

#include "base/banned.h"

/* Condition: a transaction of another client, open for more than $1 milliseconds. */
#define OLD_TRANSACTION \
	" a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()" \
	" AND a.xact_start < clock_timestamp() - $1::integer * interval '1 millisecond'"

/*
 * The sessions that $1 waits for, and the prepared transactions that may hold the lock it waits for, with both lock
 * modes: pg_blocking_pids says 0 for a prepared transaction.
 */
#define FIND_BLOCKERS \
	"SELECT " LOCK_WATCH_SESSION ", a.pid::text, NULL, NULL FROM pg_stat_activity a" \
	" WHERE a.pid = ANY (pg_blocking_pids($1::integer)) UNION ALL" \
	" SELECT " LOCK_WATCH_PREPARED ", l.virtualtransaction, w.mode, l.mode" \
	" FROM pg_locks w JOIN pg_locks l ON l.granted AND l.pid IS NULL" \
	" AND (l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid," \
	" l.objsubid)" \
	" IS NOT DISTINCT FROM" \
	" (w.locktype, w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid," \
	" w.objsubid)" \
	" WHERE w.pid = $1::integer AND NOT w.granted AND 0 = ANY (pg_blocking_pids($1::integer)) ORDER BY 2"

enum {
	OLDEST_SERVER = 120000,		/* the first with pg_stat_progress_create_index */
	OBSERVER_TIMEOUT = 2000	/* milliseconds to wait: a pooler may have no session left for this connection */
};

/* The unit of a phase is the last of these that has a total. */
static const char *const units[] = {"sessions", "blocks", "rows"};

enum {
	PHASE, FIRST_DONE, UNITS = sizeof(units) / sizeof(units[0])
};

/* Phases, by the start of their names, in which the build waits for sessions that do this. */
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
lock_watch_index_wait(const char *phase, long done, long total)
{
	long		left = total - done;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]) && left > 0; i++)
		if (strncmp(phase, waits[i].phase, strlen(waits[i].phase)) == 0)
			return mem_format("waiting for %ld session%s that %s", left, left == 1 ? "" : "s",
							  left == 1 ? waits[i].does : waits[i].do_so);
	return NULL;
}

static void
show_progress(struct lock_watch_index *building, const struct pipeline_command *found)
{
	const char *phase = pipeline_text(found, 0, PHASE);
	char	   *wait = lock_watch_index_wait(phase, pipeline_number(found, 0, FIRST_DONE),
											 pipeline_number(found, 0, FIRST_DONE + 1));
	char	   *title = mem_format("%s: the index is %s", building->task, wait ? wait : phase);
	const char *unit;
	int			counted = 0;

	for (int i = 0; i < UNITS; i++)
		if (pipeline_number(found, 0, FIRST_DONE + 2 * i + 1) > 0)
			counted = i;
	unit = wait ? NULL : units[counted];
	mem_free(wait);
	if (!building->title || strcmp(title, building->title) != 0 || building->progress.state.unit != unit) {
		long		shown = building->progress.shown;

		mem_free(building->title);
		building->title = title;
		progress_start(&building->progress, title, unit, 0);
		/* A new phase does not print a line earlier. */
		if (shown > 0)
			building->progress.shown = shown;
	} else
		mem_free(title);
	progress_show(&building->progress, (double) pipeline_number(found, 0, FIRST_DONE + 2 * counted),
				  (double) pipeline_number(found, 0, FIRST_DONE + 2 * counted + 1));
}

void
lock_watch_index_show(struct lock_watch_index *building, struct connection *observer, int backend)
{
	struct pipeline pipeline = {0};
	char	   *pid;

	if (connection_server_version(observer) < OLDEST_SERVER)
		return;
	pid = mem_format("%d", backend);
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline,
				 "SELECT p.phase, p.lockers_done, p.lockers_total, p.blocks_done, p.blocks_total, p.tuples_done,"
				 " p.tuples_total FROM pg_stat_progress_create_index p WHERE p.pid = $1::integer", 1, pid);
	if (pipeline_run(observer, &pipeline) && pipeline_row_count(&pipeline.commands[1]) == 1
		&& pipeline_value(&pipeline.commands[1], 0, PHASE))
		show_progress(building, &pipeline.commands[1]);
	pipeline_clear(&pipeline);
	mem_free(pid);
}

void
lock_watch_index_clear(struct lock_watch_index *building)
{
	if (building->title)
		progress_end(&building->progress);
	mem_free(building->title);
	*building = (struct lock_watch_index) {0};
}

char *
lock_watch_session(const struct pipeline_command *found, int line)
{
	return mask_passwords(pipeline_text(found, line, 0));
}

static bool
is_blocker(const struct pipeline_command *found, int line)
{
	return !pipeline_value(found, line, 2) || lock_mode_conflicts(lock_mode_of(pipeline_text(found, line, 2)),
																  lock_mode_of(pipeline_text(found, line, 3)));
}

/* Store the blocking sessions, and report them unless they are those reported last. */
static void
note_blockers(struct lock_watch *watch, const struct pipeline_command *found)
{
	char	   *blockers = mem_string("");
	char	   *pids = mem_string("");

	for (int i = 0; i < pipeline_row_count(found); i++) {
		char	   *described;

		if (!is_blocker(found, i))
			continue;
		described = lock_watch_session(found, i);
		mem_append(&blockers, blockers[0] ? "; " : "", described);
		mem_append(&pids, " ", pipeline_text(found, i, 1));
		mem_free(described);
	}
	mem_free(watch->session->blocker);
	watch->session->blocker = blockers;
	if (watch->told && strcmp(watch->told, pids) == 0) {
		mem_free(pids);
		return;
	}
	report_note("waiting for a lock held by %s", blockers);
	mem_free(watch->told);
	watch->told = pids;
}

static void
probe_blockers(void *argument)
{
	struct lock_watch *watch = argument;
	struct session *session = watch->session;
	struct pipeline pipeline = {0};
	char	   *pid = mem_format("%d", session->backend);

	if (!session->observer && !session->observer_failed) {
		session->observer = connection_open_again(session->connection, NULL, NULL);
		session->observer_failed = !session->observer;
		if (session->observer)
			connection_set_timeout(session->observer, OBSERVER_TIMEOUT);
		if (!session->observer)
			report_warning("could not open a second connection to find the sessions that hold locks");
	}
	if (!session->observer)
		goto done;
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_BLOCKERS, 1, pid);
	if (!pipeline_run(session->observer, &pipeline)) {
		/* The server may have been restarted: the next probe connects again. */
		connection_close(session->observer);
		session->observer = NULL;
	} else if (pipeline_row_count(&pipeline.commands[1]) > 0)
		note_blockers(watch, &pipeline.commands[1]);
	if (watch->building.task && session->observer)
		lock_watch_index_show(&watch->building, session->observer, session->backend);
done:
	pipeline_clear(&pipeline);
	mem_free(pid);
}

void
lock_watch_start(struct lock_watch *watch, struct session *session, const char *building)
{
	int			half = session->options->lock_timeout / 2;

	*watch = (struct lock_watch) {.session = session,.building = {.task = building}};
	mem_free(session->blocker);
	session->blocker = NULL;
	connection_set_probe(session->connection, half > 0 ? half : 1000, probe_blockers, watch);
}

void
lock_watch_end(struct lock_watch *watch)
{
	connection_set_probe(watch->session->connection, 0, NULL, NULL);
	lock_watch_index_clear(&watch->building);
	mem_free(watch->told);
	watch->told = NULL;
}

bool
lock_watch_pause(const struct session *session, const char *title, const struct pipeline_error *error, int attempt)
{
	unsigned	random = 0;
	int			pause;

	if (error->lost || (!pipeline_error_is(error, SQLSTATE_LOCK_NOT_AVAILABLE)
						&& !pipeline_error_is(error, SQLSTATE_DEADLOCK_DETECTED)))
		return false;
	if (signals_stop() || attempt > session->options->lock_retries)
		return false;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = 0;
	pause = backoff_pause(attempt, random);
	report_note("%s: %s; rolled back, trying again in %.1f s (%d of %d)", title, error->message, pause / 1000.0,
				attempt, session->options->lock_retries);
	signals_pause(pause);
	return !signals_stop();
}

void
lock_watch_warn_of_old_transactions(struct session *session)
{
	struct pipeline pipeline = {0};
	char	   *timeout = mem_format("%d", session->options->lock_timeout);

	/*
	 * Check for any first, by the function below the view: to plan a query of the view takes longer than all the rest.
	 */
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, "SELECT FROM pg_stat_get_activity(NULL) a WHERE" OLD_TRANSACTION " LIMIT 1", 1, timeout);
	if (!session_query(session, &pipeline, "search for old transactions")
		|| pipeline_row_count(&pipeline.commands[1]) == 0)
		goto done;
	pipeline_clear(&pipeline);
	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline,
				 "SELECT " LOCK_WATCH_SESSION " FROM pg_stat_activity a WHERE a.datname = current_database() AND"
				 OLD_TRANSACTION " ORDER BY a.xact_start LIMIT 5", 1, timeout);
	if (session_query(session, &pipeline, "search for old transactions"))
		for (int i = 0; i < pipeline_row_count(&pipeline.commands[1]); i++) {
			char	   *described = lock_watch_session(&pipeline.commands[1], i);

			report_warning("a transaction has been open for longer than the lock timeout: %s",
						   described);
			mem_free(described);
		}
done:
	pipeline_clear(&pipeline);
	mem_free(timeout);
}
