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

/*
 * order_is_mutual - is it a foreign key to a table that is as new, and refers to this one, too? Then it is a move of
 * its own, after the tables.
 */
bool		order_is_mutual(const struct side *side, const struct side *other, const struct fact *constraint);

/* order_type_depth - how many types of a side, that the other one has not, are this one made of? */
int			order_type_depth(const struct side *side, const struct side *other, const struct fact *type, int most);

/*
 * order_is_late - does a function need a relation or column that only this side has? Its body counts if the server
 * checks it when the function is created.
 */
bool		order_is_late(const struct side *side, const struct side *other, const struct fact *function);

/*
 * order_is_anew - is it a view of both sides that must be dropped and created again, as it, or one that it reads, is
 * another one? order_is_part_of_anew: is it a part of such a view? `most` limits the search in views of views.
 */
bool		order_is_anew(const struct sides *sides, const struct fact *view, int most);
bool		order_is_part_of_anew(const struct sides *sides, const struct fact *fact, int most);

/*
 * order_join_views - drop views in one statement: the base does not say which of them reads another one. The moves must
 * be in order; what is dropped between views, a materialized one, stays there.
 */
void		order_join_views(struct moves *moves);

/* order_is_in_the_way - has the target something with the name of this table, or of what belongs to it? */
bool		order_is_in_the_way(const struct sides *sides, const struct fact *table);

/* order_sort - sort moves by phase and rank. */
void		order_sort(struct moves *moves);

#endif
