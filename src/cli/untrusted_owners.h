/*
 * untrusted_owners.h - the differences of objects that belong to untrusted roles (record/trust.h).
 *
 * No SQL is printed or run for these objects, nor for objects on such a table: it would run that role's index
 * expressions, constraints and rules with the rights of the database's owner.
 */
#ifndef UNTRUSTED_OWNERS_H
#define UNTRUSTED_OWNERS_H

#include <stdbool.h>

#include "pg/session.h"
#include "schema/compare.h"
#include "schema/live.h"

/*
 * untrusted_owners_flag - set `untrusted` in the items about such objects. `warn`: name them, a line for each role.
 * Returns false, reported, if the roles could not be read.
 */
bool		untrusted_owners_flag(struct session *session, struct comparison *comparison, const struct live *live,
								  bool warn);

#endif
