/* order.h - the order of moves. Pure. */
#ifndef DIFFERENCE_ORDER_H
#define DIFFERENCE_ORDER_H

#include <stdbool.h>

#include "difference/side.h"
#include "difference/moves.h"

/*
 * order_depth - how many tables of a side, that the other one has not, must be there before this one? `most` limits the
 * search where tables refer to each other.
 */
int			order_depth(const struct side *side, const struct side *other, const struct fact *table, int most);

/* order_is_in_the_way - has the target something with the name of this table, or of what belongs to it? */
bool		order_is_in_the_way(const struct sides *sides, const struct fact *table);

/* order_sort - sort moves by phase and rank. */
void		order_sort(struct moves *moves);

#endif
