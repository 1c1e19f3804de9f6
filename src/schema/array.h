/*
 * array.h - the elements of an array of one dimension, as the server sends it: {a,"b c",d}. Pure.
 */
#ifndef ARRAY_H
#define ARRAY_H

#include <stddef.h>

#include "base/arena.h"

/*
 * array_next - the next element, from *at on, which begins as the array's text and is advanced; a string in the arena.
 * NULL: there is no other one. *at is then "}" or "{}", or it was no array.
 */
const char *array_next(struct arena *arena, const char **at);

/* array_sorted - all elements in order, and their number; none for NULL. Strings in the arena, as is the list. */
const char **array_sorted(struct arena *arena, const char *array, size_t *count);

/* array_join - all elements, separated by ", "; NULL for NULL. A string in the arena. */
const char *array_join(struct arena *arena, const char *array);

#endif
