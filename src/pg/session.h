/*
 * session.h - a connection prepared for the work: its role and its settings.
 *
 * The program's own SQL runs with search_path pg_catalog only, so that it never calls an object planted in public;
 * scripts run with search_path public. Between scripts the session is reset, so that settings of one script do not
 * affect the next.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>

#include "pg/connection.h"
#include "pg/pipeline.h"

struct session_options {
	struct connection_target target;
	const char *role;			/* the role to act as; NULL: the database's owner */
	int			lock_timeout;	/* milliseconds that a statement may wait for a lock */
	int			lock_retries;	/* number of retries after a lock timeout */
	int			lock_wait;		/* seconds to wait for another run of this program */
	int			batch_pause;	/* milliseconds between two batches */
	bool		allow_pooler;	/* accept a connection pooler */
};

/* Zero is a closed session. */
struct session {
	const struct session_options *options;
	struct connection *connection;
	struct connection *observer;	/* a second connection that finds the blocking sessions; opened when needed */
	bool		observer_failed;
	bool		committed;		/* a transaction of this run is committed, or may be */
	bool		refused;		/* the last task that failed was refused or could not get a lock, and was rolled back */
	char	   *blocker;		/* description of the sessions that blocked the last statement; or NULL */
	int			backend;		/* PID of our server process, correct also with a pooler; set by session_prepare */
	bool		pooled;			/* there is a pooler, and the user has said that it keeps one server session for us */
	bool		prepares;		/* there is no pooler, so prepared statements last */
	int			read_timeout;	/* milliseconds that a query which only reads may take */
	char	   *owner;			/* the database's owner; set by session_prepare */
	char	   *login_not_owner;	/* the login role, if it may not act as the owner; otherwise NULL */
	char	   *acting;			/* the role to act as, quoted; NULL: the login role */
	bool		superuser;		/* the login role is a superuser */
	bool		needs_all_rows;	/* a statement of a script fails if policies would hide rows from it; the caller sets it */
	char	   *relations;		/* the history's relations for grants.sql; NULL: unknown; migrate/privileges.c sets it */
	struct untrusted *untrusted;	/* objects of other roles; record/untrusted.h reads and frees it */
};

/* session_open - connect, for reading. False: *message is the reason, a new string, for the caller to report. */
bool		session_open(struct session *session, const struct session_options *options, char **message);

/* session_report_open_failure - report session_open's message, with a hint. */
void		session_report_open_failure(const char *message);

/* session_open_or_report - the same as session_open, but reports the failure. */
bool		session_open_or_report(struct session *session, const struct session_options *options);

/*
 * session_prepare - check what writing requires: the server is not a standby, no pooler is in use, the role may be
 * assumed. Then set up the session for scripts. Repeat it after connection_reconnect. False, and reported, if this
 * session must not write.
 *
 * With `writing` false it accepts a standby and a pooler, and changes no settings: a script is to be printed only.
 */
bool		session_prepare(struct session *session, bool writing);

/* session_warn_of_owner - before a change: warn if new objects will not belong to the database's owner. */
void		session_warn_of_owner(const struct session *session);

/* session_hint_owner - after a permission error: hint which role must run the command. */
void		session_hint_owner(const struct session *session);

/* session_close - end the session and free it; accepts a closed one. */
void		session_close(struct session *session);

/*
 * session_add_own_settings - set the search path and other settings that the program's own SQL needs, until the end of
 * the transaction, or of the pipeline outside one. With a pooler, settings that last longer would affect other clients.
 */
void		session_add_own_settings(struct pipeline *pipeline);

/*
 * session_begin_reading, session_end_reading - append what must be before and after a query that only reads: a
 * READ ONLY transaction with the settings above and with timeouts, which is rolled back at the end. The server enforces the
 * timeouts (lock_timeout, and read_timeout for each query), so they hold even if this program is killed.
 */
void		session_begin_reading(const struct session *session, struct pipeline *pipeline);
void		session_end_reading(struct pipeline *pipeline);

/* session_add_timeouts - append the settings of session_begin_reading, inside a transaction. */
void		session_add_timeouts(const struct session *session, struct pipeline *pipeline);

/* session_result - the last query before session_end_reading, for its rows. */
const struct pipeline_command *session_result(const struct pipeline *pipeline);

/*
 * session_begin_copy - the start of a transaction for copy_out, as SQL text from BEGIN to a semicolon: the same
 * timeouts, and row_security off. A new string.
 */
char	   *session_begin_copy(const struct session *session);

/*
 * session_report_locked - report that `doing` failed because a table is locked, and who holds the lock. For errors that
 * are lock timeouts, which session_is_locked recognizes by the SQLSTATE.
 */
void		session_report_locked(struct session *session, const char *doing);
bool		session_is_locked(const char *sqlstate);

/* session_add_role - act as session->acting, or as the login role if that is NULL. */
void		session_add_role(const struct session *session, struct pipeline *pipeline);

/*
 * session_add_record_settings - after a script, in its transaction: set the role again, which the script may have
 * changed, and the settings that the program's own SQL needs. grants.sql reads session->relations from the setting
 * fitsdb_schema.relations.
 */
void		session_add_record_settings(const struct session *session, struct pipeline *pipeline);

/*
 * session_add_script_settings - reset the session and prepare it for a script, in a transaction of its own. The script
 * waits for a lock at most `lock_timeout` milliseconds. It has the same effect in every database: settings of the
 * database or role for timeouts, literals and table storage are overridden.
 */
void		session_add_script_settings(const struct session *session, struct pipeline *pipeline, int lock_timeout);

/*
 * session_as_login - for reading only: true: act as the login role, if that is a superuser; false: act as before again.
 * False, and reported, on failure.
 */
bool		session_as_login(struct session *session, bool as_login);

/*
 * session_query - run a pipeline of the program's own SQL. False on failure, reported as "could not `doing`: ...", with
 * the holder of the lock after a lock timeout.
 */
bool		session_query(struct session *session, struct pipeline *pipeline, const char *doing);

/* session_report_failed - report why a pipeline failed, as session_query does. */
void		session_report_failed(struct session *session, const struct pipeline *pipeline, const char *doing);

/* session_hint - after an error message: what to do if the connection was lost or the server ran out of a resource. */
void		session_hint(const struct pipeline_error *error);

#endif
