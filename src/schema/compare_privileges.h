/* compare_privileges.h - roles, and what they may do. For compare.c. Pure. */
#ifndef COMPARE_PRIVILEGES_H
#define COMPARE_PRIVILEGES_H

#include <stdbool.h>

#include "base/arena.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"

/* compare_is_privilege - is it a kind of fact about privileges? */
bool		compare_is_privilege(enum fact_kind kind);

/* compare_role_exists - does the server have the role? */
bool		compare_role_exists(const struct live *live, const char *role);

/* compare_role_is_granted - does any version grant the role privileges? */
bool		compare_role_is_granted(const struct fact_history *known, const char *role);

/*
 * compare_privileges - complete an item about the privileges of a role on an object: its role and values. There are
 * facts only where privileges differ from the default, so a role that has no fact has the default; if that is not
 * nothing, the item is a change. What is missing on the database itself is a note. Strings are the arena's.
 */
void		compare_privileges(struct arena *arena, const struct compare_pairs *pairs, const struct live *live,
							   struct compare_item *item);

/* compare_words_without - the privileges of the first list that are not in the second: a new string; NULL: none. */
char	   *compare_words_without(const char *list, const char *other);

#endif
