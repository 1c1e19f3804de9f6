/*
 * privileges.h - before anything is changed: what is missing to change it all? Privileges of the role that we act as,
 * and what earlier scripts have left to a superuser.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"
#include "record/record.h"

/* What belongs to a superuser and is to be given to the role that we act as. Zero is nothing. */
struct privileges {
	char	   *role;
	size_t		count;
	struct privileges_change {
		char	   *statement;	/* ALTER ... OWNER TO */
		char	   *note;		/* what to say when that is done */
	}		   *changes;
};

/*
 * privileges_check - may the role do what `command` does? `whole`: run migrations; otherwise only change the version
 * and the record. False, and reported with all that is missing and what to do, when not. *ownership is then still to be
 * handed over, which the login, a superuser, may do. It is overwritten; clear it in any case.
 */
bool		privileges_check(struct privileges *ownership, struct session *session, const struct record *record,
							 const char *command, bool whole);

void		privileges_clear(struct privileges *ownership);

#endif
