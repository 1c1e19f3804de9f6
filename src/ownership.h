/*
 * ownership.h - before anything is changed: what is missing to change it all? Privileges of the role that we act as,
 * and what earlier scripts have left to a superuser.
 */
#ifndef OWNERSHIP_H
#define OWNERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"
#include "state.h"

/* What belongs to a superuser and is to be given to the role that we act as. Zero is nothing. */
struct ownership {
	char	   *role;
	size_t		count;
	struct ownership_change {
		char	   *statement;	/* ALTER ... OWNER TO */
		char	   *note;		/* what to say when that is done */
	}		   *changes;
};

/*
 * ownership_check - may the role do what `command` does? `whole`: run migrations; otherwise only change the version and
 * the record. False, and reported with all that is missing and what to do, when not. *ownership is then still to be
 * handed over, which the login, a superuser, may do. It is overwritten; clear it in any case.
 */
bool		ownership_check(struct ownership *ownership, struct session *session, const struct state *state,
							const char *command, bool whole);

void		ownership_clear(struct ownership *ownership);

#endif
