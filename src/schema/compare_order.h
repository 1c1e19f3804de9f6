/* compare_order.h - is the order of columns and labels the same? For compare.c. Pure. */
#ifndef COMPARE_ORDER_H
#define COMPARE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/compare_pairs.h"

/* compare_order_end - the end of the pairs from `first` on that are columns of one table, or labels of one type. */
size_t		compare_order_end(const struct compare_pairs *pairs, size_t first);

/* compare_order_differs - do both sides have the facts that they share, from `first` to `end`, in another order? */
bool		compare_order_differs(const struct compare_pairs *pairs, size_t first, size_t end, int server);

#endif
