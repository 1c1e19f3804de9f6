/*
 * owner_hint.h - hints for a database that belongs to one role while its tables belong, or should belong, to another.
 */
#ifndef OWNER_HINT_H
#define OWNER_HINT_H

#include <stddef.h>

#include "pg/session.h"

/*
 * owner_hint - after an error: if most tables of schema public belong to one role, and the database to a superuser,
 * hint the statement that makes that role the owner; otherwise print the hint `otherwise`.
 */
void		owner_hint(struct session *session, const char *otherwise);

/*
 * owner_hint_missing - after a permission error: the same; but if the database has no tables, belongs to a superuser,
 * and a role has the default name of the database, hint the statement that makes that role the owner.
 */
void		owner_hint_missing(struct session *session, const char *otherwise);

/*
 * owner_hint_warn - before an init: warn if all objects would belong to a superuser who owns the database, although a
 * role with the default name of the database exists.
 */
void		owner_hint_warn(struct session *session);

/*
 * owner_hint_left_behind - report that objects of a superuser, which `role` may not change, stand in the way of a run,
 * with the statements that make them its own.
 */
void		owner_hint_left_behind(struct session *session, const char *role, const char *owner,
								   const char *const *statements, size_t count);

#endif
