/*
 * lock_mode.h - PostgreSQL's table-level lock modes, and which of them conflict. Pure.
 */
#ifndef LOCK_MODE_H
#define LOCK_MODE_H

#include <stdbool.h>

/* From the weakest to the strongest; the numbers are PostgreSQL's own. */
enum lock_mode {
	MODE_NONE,
	MODE_ACCESS_SHARE,
	MODE_ROW_SHARE,
	MODE_ROW_EXCLUSIVE,
	MODE_SHARE_UPDATE_EXCLUSIVE,
	MODE_SHARE,					/* this mode and all stronger ones block writers */
	MODE_SHARE_ROW_EXCLUSIVE,
	MODE_EXCLUSIVE,
	MODE_ACCESS_EXCLUSIVE,		/* blocks readers too */
	MODE_COUNT
};

/* lock_mode_name - the mode in SQL: "ACCESS EXCLUSIVE"; "" for MODE_NONE. */
const char *lock_mode_name(enum lock_mode mode);

/* lock_mode_of - the mode with this name in pg_locks ("AccessExclusiveLock"); MODE_NONE if it is no table lock mode. */
enum lock_mode lock_mode_of(const char *name);

/* lock_mode_view - the mode's name in pg_locks; "" for MODE_NONE. */
const char *lock_mode_view(enum lock_mode mode);

/* lock_mode_conflicts - does a request for mode `wanted` wait for a lock held in mode `held`? */
bool		lock_mode_conflicts(enum lock_mode wanted, enum lock_mode held);

#endif
