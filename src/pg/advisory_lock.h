/*
 * advisory_lock.h - the advisory lock that lets one run of this program at a time change a database, and who holds up
 * whom.
 */
#ifndef ADVISORY_LOCK_H
#define ADVISORY_LOCK_H

#include <stdbool.h>

#include "pg/session.h"

/* "fitsdb" in ASCII: the lock's number. Advisory locks belong to one database, so this need not name it. */
#define ADVISORY_LOCK_KEY "112603111318626"

enum advisory_lock_outcome {
	ADVISORY_LOCK_HELD,
	ADVISORY_LOCK_NOT_OBTAINED,			/* reported, with who holds it */
	ADVISORY_LOCK_STOPPED,				/* a signal asked to stop; reported */
	ADVISORY_LOCK_FAILED					/* reported */
};

/*
 * advisory_lock_acquire - get the lock, waiting for it as long as the session's options say. `again`: this run had it
 * before, so that not to get it does not mean that nothing was changed.
 *
 * It is tried again and again rather than waited for in the server: a session that waits there holds a snapshot, for
 * which a CREATE INDEX CONCURRENTLY of the holder would wait in turn. It ends with the session.
 */
enum advisory_lock_outcome advisory_lock_acquire(struct session *session, bool again);

/* advisory_lock_release - let the next one have it, rather than when the server gets round to ending this session. */
void		advisory_lock_release(struct session *session);

/*
 * advisory_lock_add_check - behind a pooler, in a transaction or right before what cannot be in one: fail unless the
 * session is still the one that got the lock, and has it. Where there is no pooler nothing is added.
 */
void		advisory_lock_add_check(struct pipeline *pipeline, const struct session *session);

/* Who holds it. */
struct advisory_lock_holder {
	char	   *session;		/* for a person to read; NULL: nobody does, or that cannot be seen */
	long		pid;
	bool		is_run;			/* it says that it is this program, and may write what that writes */
};

/* lock_find_holder - find out who holds it; holder->session is the caller's to free. */
void		lock_find_holder(struct advisory_lock_holder *holder, struct session *session);

#endif
