/*
 * session.h - a connection made ready for work: as whom it acts, and with which settings.
 *
 * The tool's own SQL runs with a search path of pg_catalog alone, so that nothing planted in public is ever called by
 * it; scripts run with public. Between scripts the session is put back, as what one sets must not reach the next.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>

#include "pg/connection.h"
#include "pg/pipeline.h"

struct session_options {
	struct connection_target target;
	const char *role;			/* act as this role; NULL: as the database's owner */
	int			lock_timeout;	/* milliseconds that a statement may wait for a lock */
	int			lock_retries;	/* how often it is tried again */
	int			lock_wait;		/* seconds to wait for another run of this program */
	int			batch_pause;	/* milliseconds between two ranges of a batch */
	bool		allow_pooler;	/* do not refuse a connection pooler */
};

/* Zero is a closed one. */
struct session {
	const struct session_options *options;
	struct connection *connection;
	struct connection *observer;		/* a second connection, to see who blocks the first; opened when needed */
	bool		observer_failed;
	bool		committed;		/* something of this run is committed, or may be */
	bool		refused;		/* the last job that failed was refused, or could not get a lock; rolled back */
	char	   *blocker;		/* who held the lock that was waited for last, for a person to read; or NULL */
	int			backend;		/* the process that serves us, also behind a pooler, as of session_prepare */
	bool		pooled;			/* there is a pooler, and whoever runs this says that it keeps one session for us */
	bool		prepares;		/* no pooler is between: what is prepared for the session stays, and is ours alone */
	int			patience;		/* milliseconds that a query which only reads may take */
	char	   *owner;			/* the database's, as of session_prepare */
	char	   *stranger;		/* who logged in, where that role may not act as the owner; or NULL */
	char	   *acting;			/* the role to act as, quoted, or NULL: the one that logged in */
	bool		superuser;		/* the one that logged in is a superuser */
	struct untrusted *untrusted;	/* what other roles have in the database, as untrusted.h reads and clears it */
};

/*
 * session_open - connect, for reading. False: *message says why, to be reported and freed by the caller.
 */
bool		session_open(struct session *session, const struct session_options *options, char **message);

/* session_report_open_failure - report session_open's message. */
void		session_report_open_failure(const char *message);

/* session_open_or_report - the same, but reports the failure itself. */
bool		session_open_or_report(struct session *session, const struct session_options *options);

/*
 * session_prepare - find out and decide what writing needs: the server is no standby, no pooler is between, as whom to
 * act. To be repeated after a reconnect. False, and reported, when nothing may be written this way. With `writing`
 * false the script is only to be printed, which a standby and a pooler are good enough for.
 */
bool		session_prepare(struct session *session, bool writing);

/* session_warn_of_owner - before a change: warn where new objects will not belong to the database's owner. */
void		session_warn_of_owner(const struct session *session);

/* session_hint_owner - after an error for want of a privilege: as whom to run the command. */
void		session_hint_owner(const struct session *session);

/* session_close - end it; accepts a closed one. */
void		session_close(struct session *session);

/*
 * session_add_own_settings - put the search path, and what else changes the meaning of the tool's own SQL, up to the end of the
 * batch or of its transaction: behind a pooler, what is put for longer would reach the archive's own queries.
 */
void		session_add_own_settings(struct pipeline *pipeline);

/*
 * session_begin_reading, session_end_reading - around the queries of a batch that only reads: a transaction with that
 * search path, in which no lock is waited for longer than a lock timeout and no query takes longer than the session's
 * patience, which is rolled back. The limits are the server's, so that they hold when this program has been killed.
 */
void		session_begin_reading(const struct session *session, struct pipeline *pipeline);
void		session_end_reading(struct pipeline *pipeline);

/* session_add_timeouts - what session_begin_reading sets, in a transaction that is begun already. */
void		session_add_timeouts(const struct session *session, struct pipeline *pipeline);

/* session_result - the last query of such a batch. */
const struct pipeline_command *session_result(const struct pipeline *pipeline);

/*
 * session_begin_copy - the same limits and what else COPY needs, as the beginning of a transaction's text, from BEGIN to
 * the last semicolon, in a new string.
 */
char	   *session_begin_copy(const struct session *session);

/*
 * session_report_locked - report that `doing` could not be done, since a table is locked, and by whom. Called after a
 * query has failed by the lock timeout: is_locked says whether that is what an error, or its SQLSTATE, means.
 */
void		session_report_locked(struct session *session, const char *doing);
bool		session_is_locked(const char *sqlstate);

/*
 * session_add_record_settings - behind a script, in its transaction: act as who we are, whoever the script has become, and put
 * what the tool's own SQL needs.
 */
void		session_add_record_settings(const struct session *session, struct pipeline *pipeline);

/*
 * session_add_script_settings - in a transaction of its own, put the session back, and make it ready for a script that waits for
 * locks no longer than `lock_timeout` milliseconds, and creates the same on every database: what the database or the
 * role sets for times, literals and kinds of tables is not in force.
 */
void		session_add_script_settings(const struct session *session, struct pipeline *pipeline, int lock_timeout);

/*
 * session_as_login - for reading only: be a superuser while one has logged in (true), or who we act as again (false).
 * False, and reported, on failure.
 */
bool		session_as_login(struct session *session, bool as_login);

/* session_query - run one batch of own SQL; report a failure as "could not `doing`: ...", with who holds the lock. */
bool		session_query(struct session *session, struct pipeline *pipeline, const char *doing);

/* session_hint - behind a message: what to do, where the connection was lost or the server has run out of something. */
void		session_hint(const struct pipeline_error *error);

#endif
