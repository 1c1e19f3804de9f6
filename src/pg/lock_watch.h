/*
 * lock_watch.h - while a statement runs, report which sessions block it and the progress of the index that it builds.
 */
#ifndef LOCK_WATCH_H
#define LOCK_WATCH_H

#include "base/progress.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

/*
 * An SQL expression: a session, row a of pg_stat_activity, described in one line. Queries of other roles are visible to
 * members of pg_monitor only, and may contain passwords; read the result with lock_watch_session.
 */
#define LOCK_WATCH_SESSION \
	"format('PID %s (user \"%s\", application \"%s\", %s%s)%s', a.pid, replace(a.usename::text, '\"', '\"\"')," \
	" replace(a.application_name, '\"', '\"\"')," \
	" coalesce(a.state, 'state and query not visible to this role'), ' for ' || extract(epoch FROM" \
	" clock_timestamp() - coalesce(a.xact_start, a.state_change))::integer || ' s'," \
	" CASE WHEN a.state IS NOT NULL THEN CASE WHEN a.state <> 'idle' THEN ': ' ELSE ' after ' END ||" \
	" left(regexp_replace(a.query, '\\s+', ' ', 'g'), 160) END)"

/*
 * An SQL expression: the prepared transaction that holds lock `l` of pg_locks, whose pid is null. It is found by the
 * lock on its own transaction ID. Its name comes last, as anybody may choose one that looks like a password.
 */
#define LOCK_WATCH_PREPARED \
	"coalesce((SELECT format('prepared transaction (user \"%s\", prepared %s s ago; to end it: COMMIT PREPARED or" \
	" ROLLBACK PREPARED, with its name) %L', replace(x.owner::text, '\"', '\"\"')," \
	" extract(epoch FROM clock_timestamp() - x.prepared)::integer, x.gid)" \
	" FROM pg_prepared_xacts x JOIN pg_locks o ON o.locktype = 'transactionid' AND o.transactionid = x.transaction" \
	" AND o.granted AND o.pid IS NULL WHERE o.virtualtransaction = l.virtualtransaction LIMIT 1)," \
	" 'a prepared transaction')"

/* lock_watch_session - the first column of row `line`, a description as above, with passwords masked; a new string. */
char	   *lock_watch_session(const struct pipeline_command *found, int line);

/* The progress of an index build. Zero: nothing is known yet. */
struct lock_watch_index {
	const char *task;			/* the migration that builds it, for messages; borrowed */
	char	   *title;			/* the task and the phase of the build */
	struct progress progress;	/* of that phase */
};

/*
 * lock_watch_index_wait - the sessions that the build waits for in this phase, of which `done` of `total` have
 * finished: "waiting for 1 session that holds an old snapshot", a new string; NULL: it waits for none.
 */
char	   *lock_watch_index_wait(const char *phase, long done, long total);

/* lock_watch_index_show - read the progress of the build by server process `backend`, and show it if it is time to. */
void		lock_watch_index_show(struct lock_watch_index *building, struct connection *observer, int backend);

/* lock_watch_index_clear - remove the progress from the terminal, and free it. */
void		lock_watch_index_clear(struct lock_watch_index *building);

/* The state of a watch. lock_watch_end frees it. */
struct lock_watch {
	struct session *session;
	char	   *told;			/* PIDs of the blocking sessions that were reported last */
	struct lock_watch_index building;
};

/*
 * lock_watch_start, lock_watch_end - from start to end, while a pipeline waits, report the sessions that block it: each
 * group of them once. With `building`, the task that builds an index, also show the progress of that.
 */
void		lock_watch_start(struct lock_watch *watch, struct session *session, const char *building);
void		lock_watch_end(struct lock_watch *watch);

/*
 * lock_watch_pause - after attempt number `attempt` (from 1) of `title` failed with `error` and was rolled back: if it
 * should be retried, report that, wait, and return true. Returns false if a retry does not help, if there were enough
 * attempts, or if a signal asks to stop; the caller reports the error.
 */
bool		lock_watch_pause(const struct session *session, const char *title, const struct pipeline_error *error,
							 int attempt);

/*
 * lock_watch_warn_of_old_transactions - before a change: warn of each transaction that has been open for longer than
 * the lock timeout, because a statement may have to wait for its locks.
 */
void		lock_watch_warn_of_old_transactions(struct session *session);

#endif
