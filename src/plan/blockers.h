/*
 * blockers.h - find the sessions that block the locks of a migration now.
 *
 * The locks are not requested: the current locks and snapshots are read from the server's views.
 */
#ifndef BLOCKERS_H
#define BLOCKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/lock_mode.h"
#include "pg/session.h"

/* A lock that a migration will request. */
struct blockers_request {
	const char *table;			/* with its schema, quoted; NULL: the end of all older snapshots, instead of a lock */
	enum lock_mode mode;
};

struct blocker {
	char	   *session;		/* its description, for people */
	long		pid;			/* 0: a prepared transaction, which has no session */
	char	   *table;			/* NULL: it blocks by an old snapshot */
	enum lock_mode held;
};

/*
 * blockers_find - find the sessions that block any of the requests now. *blockers and *count are overwritten; free the
 * array with blockers_free. Returns false, reported, on failure.
 */
bool		blockers_find(struct session *session, const struct blockers_request *requests, size_t request_count,
						  struct blocker **blockers, size_t *count);

/* blockers_free - free the array; NULL is accepted. */
void		blockers_free(struct blocker *blockers, size_t count);

#endif
