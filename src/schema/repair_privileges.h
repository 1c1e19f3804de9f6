/* repair_privileges.h - the SQL that repairs the privileges of a role. Pure. */
#ifndef REPAIR_PRIVILEGES_H
#define REPAIR_PRIVILEGES_H

#include "schema/compare.h"

/* repair_privileges - as repair_sql, for the privileges of a role. */
char	   *repair_privileges(const struct compare_item *item);

#endif
