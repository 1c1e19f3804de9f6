/*
 * facts.h - catalogs made by hand, for the tests of what compares them.
 */
#ifndef UNIT_FACTS_H
#define UNIT_FACTS_H

#include "schema/catalog.h"

/* A fact as a test writes it: what it does not name is NULL or 0. */
struct given {
	enum fact_kind kind;
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

/* facts_make - a catalog of those before the first without a name; end it with catalog_clear. */
void		facts_make(struct catalog *catalog, const struct given given[MOST_GIVEN]);

#endif
