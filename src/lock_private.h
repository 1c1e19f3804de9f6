/*
 * lock_private.h - what the files that look at locks share. For nobody else.
 */
#ifndef LOCK_PRIVATE_H
#define LOCK_PRIVATE_H

/*
 * What a person wants to know of another session, in one line. Queries of others show to members of pg_monitor only,
 * and may hold passwords: to be read with lock_session.
 */
#define DESCRIBE_SESSION \
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
#define DESCRIBE_PREPARED \
	"coalesce((SELECT format('prepared transaction %L (user \"%s\", prepared %s s ago; to end it: COMMIT PREPARED %L or" \
	" ROLLBACK PREPARED %L)', x.gid, replace(x.owner::text, '\"', '\"\"')," \
	" extract(epoch FROM clock_timestamp() - x.prepared)::integer, x.gid, x.gid)" \
	" FROM pg_prepared_xacts x JOIN pg_locks o ON o.locktype = 'transactionid' AND o.transactionid = x.transaction" \
	" AND o.granted AND o.pid IS NULL WHERE o.virtualtransaction = l.virtualtransaction LIMIT 1)," \
	" 'a prepared transaction')"

struct db_command;

/* lock_session - a session as described above, in the line's first column; passwords are masked. A new string. */
char	   *lock_session(const struct db_command *found, int line);

#endif
