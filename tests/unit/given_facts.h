/*
 * given_facts.h - catalogs made by hand, for the tests of modules that compare catalogs.
 */
#ifndef GIVEN_FACTS_H
#define GIVEN_FACTS_H

#include "schema/catalog.h"

/* A fact as a test writes it: other members are NULL or 0. */
struct given_fact {
	enum catalog_fact_kind kind;
	const char *group;
	const char *name;
	const char *values[FACT_PROPERTIES];
	const char *needs;
	const char *sql;
	int			position;
};

enum {
	MOST_GIVEN = 10
};

/* given_facts_make - a catalog of those before the first without a name; end it with catalog_clear. */
void		given_facts_make(struct catalog *catalog, const struct given_fact given[MOST_GIVEN]);

#endif
