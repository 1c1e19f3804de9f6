/*
 * guard.h - before a migration's transaction commits: has it destroyed what nobody has agreed to lose?
 *
 * For where that could not be found out before (loss.h). It looks at the system catalogs only, in the transaction,
 * whose locks are held anyway.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"

/* Zero guards nothing. */
struct guard {
	size_t		count;
	char	  **tables;			/* of schema public, each of which holds something */
};

/* guard_add - guard this table too. */
void		guard_add(struct guard *guard, const char *table);

/* guard_before - what there is of them, as text for guard_after, a new string. NULL, and reported, on failure. */
char	   *guard_before(struct session *session, const struct guard *guard);

/* What is gone. Zero is nothing. */
struct guard_loss {
	size_t		count;
	struct guard_gone {
		char	   *table;
		char	   *column;		/* NULL: the table, or rows of it */
	}		   *items;
};

/* guard_after - in the transaction, what is gone of it; *loss is overwritten. False, and reported, on failure. */
bool		guard_after(struct session *session, const char *before, struct guard_loss *loss);

/*
 * guard_report - once that is rolled back: did it hold anything? Then report that `title` would destroy it, and where
 * that leaves the database, and return true. So too, and reported, when that could not be found out.
 */
bool		guard_report(struct session *session, const struct guard_loss *loss, const char *title,
						 const char *standing);

void		guard_loss_clear(struct guard_loss *loss);
void		guard_clear(struct guard *guard);

#endif
