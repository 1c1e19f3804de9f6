/*
 * repair_apply.h - the schema as it is after a repair. Pure.
 */
#ifndef REPAIR_APPLY_H
#define REPAIR_APPLY_H

#include "schema/compare.h"
#include "schema/live.h"

/*
 * repair_apply - change the facts of `live` as the repair of an item does. `sides` has the history. The facts borrow
 * from the item's comparison and from the history.
 */
void		repair_apply(struct live *live, const struct compare_item *item, const struct compare_sides *sides);

#endif
