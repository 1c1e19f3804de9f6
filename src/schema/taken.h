/*
 * taken.h - objects that make a pending migration fail for certain, or that it would harm. Pure.
 *
 * An object is missing, and another one has its name, so that it cannot be added. Or the migration
 *
 * - alters a column that a view or the like uses;
 * - drops views and creates them again, and one of them belongs to another role;
 * - renames or drops an index by a name that is another object's;
 * - changes rows, and policies may hide some from the database's owner (FORCE ROW LEVEL SECURITY).
 *
 * Or the object has the name of one that it creates. Most statements do nothing where the name is taken, and the upgrade
 * goes on without the object, with a warning. Certain are only
 *
 * - an index that is built in an own transaction, if what has its name is not an index: it is looked at afterwards;
 * - a table, if what has its name cannot have the indexes that the same migration creates, or is a type;
 * - a type, if what has its name is no type of its own, and a pending migration adds a label;
 * - a key or unique constraint: the statement fails, or the server chooses another name, which no migration knows.
 */
#ifndef TAKEN_H
#define TAKEN_H

#include <stddef.h>

#include "history/steps.h"
#include "schema/fact_history.h"
#include "schema/predict.h"

/*
 * taken_next - the next item about such an object, for an upgrade by these steps, from *at on, which begins as 0; NULL:
 * there is none.
 */
const struct predict_item *taken_next(const struct prediction *prediction, const struct fact_history *known,
									  const struct steps *steps, size_t *at);

/* taken_advice - what to do about it: "rename or drop table a", a new string. `owner` is the database's. */
char	   *taken_advice(const struct predict_item *item, const char *owner);

#endif
