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
	"format('PID %s (user \"%s\", application \"%s\", %s%s)%s', a.pid, a.usename, a.application_name," \
	" coalesce(a.state, 'state and query not visible to this role'), ' for ' || extract(epoch FROM" \
	" clock_timestamp() - coalesce(a.xact_start, a.state_change))::integer || ' s'," \
	" CASE WHEN a.state IS NOT NULL THEN CASE WHEN a.state <> 'idle' THEN ': ' ELSE ' after ' END ||" \
	" left(regexp_replace(a.query, '\\s+', ' ', 'g'), 160) END)"

struct db_command;

/* lock_session - a session as described above, in the line's first column; passwords are masked. A new string. */
char	   *lock_session(const struct db_command *found, int line);

#endif
