/* compare_settle.h - differences that have one cause. Pure. */
#ifndef COMPARE_SETTLE_H
#define COMPARE_SETTLE_H

#include "schema/compare.h"
#include "schema/compare_pairs.h"

/*
 * compare_settle - if one role owns all tables of the version, of which there are several, and another one the
 * database, the owner of the database is the one difference, and the others follow from it. If a type lacks a label and
 * has another one, that may be its new name: SQL is withheld; so it is for a column of a table, if the other one has its
 * type and is where it was. The items are not sorted yet.
 */
void		compare_settle(struct comparison *comparison, const struct compare_pairs *pairs,
						   const struct compare_sides *sides);

/* compare_is_superuser - is a role, named as in facts, a superuser? */
bool		compare_is_superuser(const struct live *live, const char *role);

#endif
