/* repair_private.h - what the files of repair_sql share. Pure. */
#ifndef REPAIR_PRIVATE_H
#define REPAIR_PRIVATE_H

#include <stddef.h>

#include "schema/compare.h"
#include "schema/fact.h"

/* repair_qualified - a name, not escaped, with its schema: public, unless it has one. A new string. */
char	   *repair_qualified(const char *name, size_t length);

/* repair_value - the value of a property, a new string; NULL: it has none. */
char	   *repair_value(const struct fact *fact, const char *label);

/* repair_privileges - as repair_sql, for the privileges of a role. */
char	   *repair_privileges(const struct compare_item *item);

#endif
