/* repair_privileges.h - the SQL that repairs the privileges of a role. Pure. */
#ifndef REPAIR_PRIVILEGES_H
#define REPAIR_PRIVILEGES_H

#include "schema/compare.h"
#include "schema/repair_list.h"

/* repair_privileges - as repair_statements, for the privileges of a role. */
void		repair_privileges(struct repair_list *list, const struct compare_item *item);

#endif
