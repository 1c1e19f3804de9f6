/*
 * blockers.h - the sessions that a migration would have to wait for now.
 */
#ifndef BLOCKERS_H
#define BLOCKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/lock_mode.h"
#include "pg/session.h"

/* A lock to be had, and who would be waited for. */
struct blockers_request {
	const char *table;			/* with its schema, quoted; NULL: no lock, but that no old snapshot is in use */
	enum lock_mode mode;
};

struct blocker {
	char	   *session;		/* for a person to read */
	long		pid;			/* 0: a prepared transaction, which has no session any more */
	char	   *table;			/* NULL: it uses an old snapshot */
	enum lock_mode held;
};

/*
 * blockers_find - who, now, would have to be waited for to have these locks, one after the other. The result is
 * *waits, of *count; freed by blockers_free. False, and reported, on failure.
 */
bool		blockers_find(struct session *session, const struct blockers_request *requests, size_t request_count,
						  struct blocker **waits, size_t *count);

void		blockers_free(struct blocker *waits, size_t count);

#endif
