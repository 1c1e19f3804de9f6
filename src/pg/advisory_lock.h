/*
 * advisory_lock.h - the advisory lock that allows only one run of this program at a time to change a database.
 */
#ifndef ADVISORY_LOCK_H
#define ADVISORY_LOCK_H

#include <stdbool.h>

#include "pg/session.h"

/* "fitsdb" in ASCII, the key of the lock. Advisory locks belong to one database, so the key need not identify it. */
#define ADVISORY_LOCK_KEY "112603111318626"

enum advisory_lock_outcome {
	ADVISORY_LOCK_HELD,
	ADVISORY_LOCK_NOT_OBTAINED,	/* timeout; reported, with the holder */
	ADVISORY_LOCK_STOPPED,		/* a signal requested a stop; reported */
	ADVISORY_LOCK_FAILED		/* reported */
};

/*
 * advisory_lock_acquire - acquire the lock, waiting up to the session's lock_wait. `again`: this run held the lock
 * before, so a failure does not mean that nothing was changed. The lock ends with the session.
 *
 * It polls instead of waiting in the server: a session that waits there holds a snapshot, and a CREATE INDEX
 * CONCURRENTLY of the holder would wait for that snapshot in turn.
 */
enum advisory_lock_outcome advisory_lock_acquire(struct session *session, bool again);

/* advisory_lock_release - release the lock at once; the server releases it later when the session ends. */
void		advisory_lock_release(struct session *session);

/*
 * advisory_lock_add_check - append a command that fails unless this is still the server session that acquired the lock,
 * and holds it. For a connection through a pooler, in a transaction or before a command that cannot run in one. Appends
 * nothing without a pooler.
 */
void		advisory_lock_add_check(struct pipeline *pipeline, const struct session *session);

/* The session, or the prepared transaction, that holds the lock. */
struct advisory_lock_holder {
	char	   *session;		/* "PID 4711 (...)"; NULL: no session holds it, or it could not be read */
	long		pid;
	bool		prepared;		/* a prepared transaction, which has no PID */
	bool		is_run;			/* its application_name is ours, and its role may write the record */
};

/* advisory_lock_find_holder - find the session that holds the lock; the caller frees holder->session. */
void		advisory_lock_find_holder(struct advisory_lock_holder *holder, struct session *session);

#endif
