/*
 * lock_mode.h - the modes in which PostgreSQL locks a table, and which of them get in each other's way. Pure.
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
	MODE_SHARE,					/* from here on writers are blocked */
	MODE_SHARE_ROW_EXCLUSIVE,
	MODE_EXCLUSIVE,
	MODE_ACCESS_EXCLUSIVE,		/* readers too */
	MODE_COUNT
};

/* lock_mode_name - as SQL has it: "ACCESS EXCLUSIVE"; of none "". */
const char *lock_mode_name(enum lock_mode mode);

/* lock_mode_of - the mode that pg_locks calls so: "AccessExclusiveLock"; MODE_NONE for what is no mode of a table. */
enum lock_mode lock_mode_of(const char *name);

/* lock_mode_view - what pg_locks calls it; of none "". */
const char *lock_mode_view(enum lock_mode mode);

/* lock_mode_conflicts - does who wants `wanted` have to wait for who holds `held`? */
bool		lock_mode_conflicts(enum lock_mode wanted, enum lock_mode held);

#endif
