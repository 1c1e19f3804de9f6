/*
 * rehearse.h - run the planned steps in a copy without rows, and find the tables, columns and rows that are gone.
 */
#ifndef REHEARSE_H
#define REHEARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "migrate/transaction.h"
#include "pg/session.h"

enum vanished_kind {
	VANISHED_TABLE,
	VANISHED_COLUMN,
	VANISHED_ROWS				/* a DELETE or a TRUNCATE came by, whatever it would have found */
};

struct vanished {
	enum vanished_kind kind;
	char	   *table;			/* as it is called now */
	char	   *column;			/* NULL but for a column */
};

/* Zero is none. */
struct rehearsal {
	size_t		count;
	struct vanished *items;		/* in the order of their tables' and columns' names */
	char	   *why;			/* why it did not come to an end */
};

/*
 * rehearse - run the jobs in a scratch database (`elsewhere`: see shadow_open), which may not be had without the
 * privilege CREATEDB; half a minute at most. False when that was not possible: then rehearsal->why says why; it is NULL
 * when that was reported, as something is wrong with `elsewhere`, or a signal asks to stop. *rehearsal is overwritten;
 * clear it in any case.
 */
bool		rehearse(struct rehearsal *rehearsal, struct session *session, const struct task *jobs, size_t count,
					 const char *elsewhere);

void		rehearse_clear(struct rehearsal *rehearsal);

#endif
