/*
 * copy.h - copy the structure of the database, without rows, into a scratch database, to try statements in.
 *
 * It copies the actual structure, not that of this build's migrations: so it is right for versions that this build does
 * not have, for an incomplete migration, and for changes by hand. Objects that cannot be copied are left out: those
 * that need another schema, a missing extension or a function of an untrusted role, and materialized views.
 */
#ifndef COPY_H
#define COPY_H

#include <stdbool.h>

#include "pg/session.h"
#include "shadow/shadow.h"

/*
 * copy_schema - create the objects of schema public of `session` in the empty `shadow`. Returns false, not reported, on
 * failure; *why is then the reason, to be freed by the caller, or NULL.
 */
bool		copy_schema(struct shadow *shadow, struct session *session, char **why);

#endif
