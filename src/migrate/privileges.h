/*
 * privileges.h - before anything is changed, check that the role may make every change: its privileges, and the
 * ownership of objects that earlier scripts, run by a superuser, have created. ownership_transfer.h transfers them.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"
#include "record/record.h"

/*
 * The objects of superusers whose ownership is to be transferred to the role: those that some version of the history
 * creates, or all tables, sequences and enums of schema public, if this build has no facts. Zero is none.
 */
struct privileges {
	char	   *role;			/* the new owner */
	size_t		count;
	struct privileges_change {
		char	   *statement;	/* ALTER ... OWNER TO */
		char	   *note;		/* reported when that is done */
	}		   *changes;
};

/*
 * privileges_check - check that the role may run `command`, and that no object of an untrusted owner stands in the way.
 * `whole`: it runs migrations; otherwise it changes the version and the record only.
 *
 * Returns true if it may; *ownership then has the ownership to transfer first, if the login is a superuser. Returns
 * false after it has reported everything that is missing, with a hint for each. *ownership is overwritten; the caller
 * clears it in either case. It sets session->relations if the role may grant privileges on a
 * superuser's relations.
 */
bool		privileges_check(struct privileges *ownership, struct session *session, const struct record *record,
							 const char *command, bool whole);

/* privileges_clear - free the list. */
void		privileges_clear(struct privileges *ownership);

#endif
