/*
 * lock_watch.h - while a statement waits: which sessions hold the lock, and how far the index is that it builds.
 */
#ifndef LOCK_WATCH_H
#define LOCK_WATCH_H

#include "base/progress.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

/*
 * What a person wants to know of another session, in one line. Queries of others show to members of pg_monitor only,
 * and may hold passwords: to be read with lock_watch_session.
 */
#define LOCK_WATCH_SESSION \
	"format('PID %s (user \"%s\", application \"%s\", %s%s)%s', a.pid, replace(a.usename::text, '\"', '\"\"')," \
	" replace(a.application_name, '\"', '\"\"')," \
	" coalesce(a.state, 'state and query not visible to this role'), ' for ' || extract(epoch FROM" \
	" clock_timestamp() - coalesce(a.xact_start, a.state_change))::integer || ' s'," \
	" CASE WHEN a.state IS NOT NULL THEN CASE WHEN a.state <> 'idle' THEN ': ' ELSE ' after ' END ||" \
	" left(regexp_replace(a.query, '\\s+', ' ', 'g'), 160) END)"

/*
 * The same of the prepared transaction that holds lock `l` of pg_locks, where l.pid is null: it has no session, and is
 * found by the lock of its own number.
 */
#define LOCK_WATCH_PREPARED \
	"coalesce((SELECT format('prepared transaction %L (user \"%s\", prepared %s s ago; to end it: COMMIT PREPARED %L or" \
	" ROLLBACK PREPARED %L)', x.gid, replace(x.owner::text, '\"', '\"\"')," \
	" extract(epoch FROM clock_timestamp() - x.prepared)::integer, x.gid, x.gid)" \
	" FROM pg_prepared_xacts x JOIN pg_locks o ON o.locktype = 'transactionid' AND o.transactionid = x.transaction" \
	" AND o.granted AND o.pid IS NULL WHERE o.virtualtransaction = l.virtualtransaction LIMIT 1)," \
	" 'a prepared transaction')"

/* lock_watch_session - a session as described above, in the line's first column; passwords are masked. A new string. */
char	   *lock_watch_session(const struct pipeline_command *found, int line);

/* Zero is one of which nothing is known yet. */
struct lock_watch_index {
	const char *task;			/* what builds it, for messages; borrowed */
	char	   *title;			/* that, and the phase that it is in */
	struct progress progress;	/* of that phase */
};

/*
 * lock_watch_index_wait - whom it waits for in this phase, of whom `done` of `total` have gone: "waiting for 1 session that
 * holds an old snapshot", in a new string; NULL: for nobody.
 */
char	   *lock_watch_index_wait(const char *phase, long done, long total);

/* lock_watch_index_show - ask for what server process `backend` builds, and show it when it is time to. */
void		lock_watch_index_show(struct lock_watch_index *building, struct connection *observer, int backend);

/* lock_watch_index_clear - take what was shown away. */
void		lock_watch_index_clear(struct lock_watch_index *building);

/*
 * lock_watch_start, lock_watch_end - while a batch waits for a lock, say who holds it, once for each of them; and with
 * `building`, what builds an index, how far that has got.
 */
struct lock_watch {
	struct session *session;
	char	   *told;			/* what was said last */
	struct lock_watch_index building;
};
void		lock_watch_start(struct lock_watch *watch, struct session *session, const char *building);
void		lock_watch_end(struct lock_watch *watch);

/*
 * lock_watch_warn_of_old_transactions - before work begins, name the transactions that have been open for longer than a
 * statement would wait for a lock that they may hold.
 */
void		lock_watch_warn_of_old_transactions(struct session *session);

#endif
