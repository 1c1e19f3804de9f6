/*
 * built_facts.h - the facts of every version, as they are compiled into this build.
 */
#ifndef BUILT_FACTS_H
#define BUILT_FACTS_H

#include <stdbool.h>

#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

/*
 * built_facts_load - parse migrations/SCHEMA of this build. False, reported, if the build has none. *facts is
 * overwritten; call fact_history_clear in any case.
 */
bool		built_facts_load(struct fact_history *facts);

/* The kinds of objects whose ownership may be transferred from a superuser to the database's owner. */
enum {
	BUILT_FACTS_OWNED_COUNT = 14
};
extern const enum fact_kind built_facts_owned[BUILT_FACTS_OWNED_COUNT];

/*
 * built_facts_names - the names that any version has, as SQL identifiers, those outside schema public with their
 * schema, one on each line: of the relations except indexes, and of the objects of the kinds above, with their kind and
 * the types of arguments ("function f(integer)"). New strings, for the caller to free; both are NULL if this build has
 * no facts. False, reported, if its facts are not valid.
 */
bool		built_facts_names(char **relations, char **objects);

/* built_facts_sides - what to compare: a database and these facts, without the objects that SETTINGS excludes. */
struct compare_sides built_facts_sides(const struct live *live, const struct fact_history *facts);

/* built_ups - the up sections of this build. */
extern const struct predict_ups built_ups;

#endif
