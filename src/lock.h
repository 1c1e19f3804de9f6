/*
 * lock.h - the advisory lock that lets one run of this program at a time change a database, and who holds up whom.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

#include "building.h"
#include "lock_mode.h"
#include "session.h"

/* "fitsdb" in ASCII: the lock's number. Advisory locks belong to one database, so this need not name it. */
#define LOCK_KEY "112603111318626"

enum lock_outcome {
	LOCK_HELD,
	LOCK_NOT_OBTAINED,			/* reported, with who holds it */
	LOCK_STOPPED,				/* a signal asked to stop; reported */
	LOCK_FAILED					/* reported */
};

/*
 * lock_acquire - get the lock, waiting for it as long as the session's options say. `again`: this run had it before, so
 * that not to get it does not mean that nothing was changed.
 *
 * It is tried again and again rather than waited for in the server: a session that waits there holds a snapshot, for
 * which a CREATE INDEX CONCURRENTLY of the holder would wait in turn. It ends with the session.
 */
enum lock_outcome lock_acquire(struct session *session, bool again);

/* lock_release - let the next one have it, rather than when the server gets round to ending this session. */
void		lock_release(struct session *session);

/*
 * lock_add_check - behind a pooler, in a transaction or right before what cannot be in one: fail unless the session is
 * still the one that got the lock, and has it. Where there is no pooler nothing is added.
 */
void		lock_add_check(struct db_batch *batch, const struct session *session);

/* Who holds it. */
struct lock_holder {
	char	   *session;		/* for a person to read; NULL: nobody does, or that cannot be seen */
	long		pid;
	bool		is_run;			/* it says that it is this program, and may write what that writes */
};

/* lock_find_holder - find out who holds it; holder->session is the caller's to free. */
void		lock_find_holder(struct lock_holder *holder, struct session *session);

/*
 * lock_watch_start, lock_watch_end - while a batch waits for a lock, say who holds it, once for each of them; and with
 * `building`, what builds an index, how far that has got.
 */
struct lock_watch {
	struct session *session;
	char	   *told;			/* what was said last */
	struct building building;
};
void		lock_watch_start(struct lock_watch *watch, struct session *session, const char *building);
void		lock_watch_end(struct lock_watch *watch);

/*
 * lock_warn_of_old_transactions - before work begins, name the transactions that have been open for longer than a
 * statement would wait for a lock that they may hold.
 */
void		lock_warn_of_old_transactions(struct session *session);

/* A lock to be had, and who would be waited for. */
struct lock_wish {
	const char *table;			/* with its schema, quoted; NULL: no lock, but that no old snapshot is in use */
	enum lock_mode mode;
};

struct lock_wait {
	char	   *session;		/* for a person to read */
	long		pid;			/* 0: a prepared transaction, which has no session any more */
	char	   *table;			/* NULL: it uses an old snapshot */
	enum lock_mode held;
};

/*
 * lock_find_waits - who, now, would have to be waited for to have these locks, one after the other. The result is
 * *waits, of *count; freed by lock_waits_free. False, and reported, on failure.
 */
bool		lock_find_waits(struct session *session, const struct lock_wish *wishes, size_t wish_count,
							struct lock_wait **waits, size_t *count);

void		lock_waits_free(struct lock_wait *waits, size_t count);

#endif
