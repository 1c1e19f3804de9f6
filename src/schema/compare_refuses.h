/* compare_refuses.h - extra constraints that matter to the software. For compare.c and predict.c. Pure. */
#ifndef COMPARE_REFUSES_H
#define COMPARE_REFUSES_H

#include <stdbool.h>

#include "schema/fact.h"
#include "schema/fact_history.h"

/*
 * compare_refuses - does a unique or exclusion constraint or a unique index, which a version does not have, refuse rows
 * that the version allows? It is in a table of the version, all its columns are, and no unique constraint or index of
 * the version has only columns of it. One that a later version has does not count.
 */
bool		compare_refuses(const struct fact_history *known, const struct fact *extra, int version);

#endif
