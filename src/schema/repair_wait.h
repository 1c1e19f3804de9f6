/*
 * repair_wait.h - differences that a repair leaves because of another one. Pure.
 */
#ifndef REPAIR_WAIT_H
#define REPAIR_WAIT_H

#include <stdbool.h>

#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/predict_names.h"

/* The differences of a round. */
struct repair_wait {
	const struct comparison *comparison;
	const struct fact_history *history;
	struct predict_names names; /* of the live facts */
};

/* repair_wait_taken - the object of another kind that has the name of a missing one; borrowed; NULL: there is none. */
const struct fact *repair_wait_taken(const struct repair_wait *wait, const struct compare_item *item);

/*
 * repair_wait_must - must an item wait for another one, although it does not follow from that: a missing column, table
 * or label for a type of another form, what belongs to a missing table for its name?
 */
bool		repair_wait_must(const struct repair_wait *wait, const struct compare_item *item);

#endif
