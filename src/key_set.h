/*
 * key_set.h - the facts that are on one side only, by their keys, and which other facts need one of them. Pure.
 */
#ifndef KEY_SET_H
#define KEY_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"

/* Zero is an empty one. */
struct key_set {
	size_t		count;
	char	  **keys;			/* in order, once key_set_sort has been called */
};

/* key_set_add - add the key of a fact. */
void		key_set_add(struct key_set *set, const struct fact *fact);

/* key_set_sort - put the keys in order; the questions below need it. */
void		key_set_sort(struct key_set *set);

/* key_set_needed - is one of them what the fact needs, as an index needs its columns? */
bool		key_set_needed(const struct key_set *set, const struct fact *fact);

/* key_set_whole - is one of them what the fact is a part of, as a column is of its table? */
bool		key_set_whole(const struct key_set *set, const struct fact *fact);

void		key_set_clear(struct key_set *set);

#endif
