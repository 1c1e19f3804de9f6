#include "key_set.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

#include "banned.h"

static int
compare_keys(const void *left, const void *right)
{
	return strcmp(*(char *const *) left, *(char *const *) right);
}

void
key_set_add(struct key_set *set, const struct fact *fact)
{
	set->keys = mem_grow(set->keys, set->count + 1, sizeof(*set->keys));
	set->keys[set->count++] = catalog_key(fact);
}

void
key_set_sort(struct key_set *set)
{
	if (set->count > 0)
		qsort(set->keys, set->count, sizeof(*set->keys), compare_keys);
}

/* Does what there is belong to the thing with this key? */
static bool
is_part_of(const struct fact *fact, const char *key)
{
	size_t		length = strlen(fact->group);
	const char *group = key + strcspn(key, "\t") + 1;	/* there is one in every key */

	/* The table that a partition is of, and the column that a sequence is of. */
	if (length == 0)
		return fact->kind == FACT_TABLE || fact->kind == FACT_SEQUENCE;
	if (*group == '\t')
		return strcmp(group + 1, fact->group) == 0;
	return strncmp(group, fact->group, length) == 0 && group[length] == '\t';
}

/* One of all that the fact needs, or only of what it is a part of. */
static bool
find_need(const struct key_set *set, const struct fact *fact, bool as_part)
{
	bool		found = false;

	for (const char *at = fact->needs; *at && set->count > 0 && !found;) {
		size_t		length = strcspn(at, "\n");
		char	   *key = mem_copy(at, length);

		found = bsearch(&key, set->keys, set->count, sizeof(*set->keys), compare_keys)
			&& (!as_part || is_part_of(fact, key));
		mem_free(key);
		at += at[length] ? length + 1 : length;
	}
	return found;
}

bool
key_set_needed(const struct key_set *set, const struct fact *fact)
{
	return find_need(set, fact, false);
}

bool
key_set_whole(const struct key_set *set, const struct fact *fact)
{
	return find_need(set, fact, true);
}

void
key_set_clear(struct key_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		mem_free(set->keys[i]);
	mem_free(set->keys);
	*set = (struct key_set) {0};
}
