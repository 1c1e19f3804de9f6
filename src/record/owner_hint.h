/*
 * owner_hint.h - what to do where the database belongs to one role and its tables to another. It only tells; whether
 * that is in the way is found out elsewhere.
 */
#ifndef OWNER_HINT_H
#define OWNER_HINT_H

#include "pg/session.h"

/*
 * owner_hint - after an error: if most tables of schema public belong to one role that does not own the database, give
 * the statement that makes it the owner as a hint; if not, `otherwise`.
 */
void		owner_hint(struct session *session, const char *otherwise);

/*
 * owner_hint_missing - after an error for want of a privilege: the same; and in a database without tables that belongs
 * to a superuser, the statement that makes the role with the name that the database has by default its owner.
 */
void		owner_hint_missing(struct session *session, const char *otherwise);

/*
 * owner_hint_warn - before an init: warn where everything would belong to a superuser only because the database does,
 * while there is a role with the name that the database has by default.
 */
void		owner_hint_warn(struct session *session);

#endif
