/*
 * leftovers.h - what down migrations leave in the schema, as migrations/SCHEMA says. Pure.
 */
#ifndef LEFTOVERS_H
#define LEFTOVERS_H

#include <stdbool.h>

#include "schema/fact_history.h"

enum leftovers_kind {
	LEFTOVERS_LABELS,			/* of enums: no down can drop them */
	LEFTOVERS_OBJECTS,			/* other objects that no down drops */
	LEFTOVERS_EARLIER			/* those that a down would drop, but that are there: the database had them before */
};

/*
 * leftovers_text - list what the downs of versions `from` to `to` + 1 leave and version `to` does not have, if it is
 * among the live facts after them (NULL: they were not read; then none of LEFTOVERS_EARLIER is listed). Labels in one
 * line, as "caltype: bpm, dark; obstype: BPM"; other objects in a line for each table, as "a: column b, index c" or
 * "table d". What is left of a type or table that version `to` does not have is not listed. Returns a new string; NULL:
 * there is none.
 */
char	   *leftovers_text(const struct fact_history *facts, const struct fact_set *live, int from, int to,
						   enum leftovers_kind kind);

/*
 * leftovers_replaced - is an index or constraint missing in a database only because it has been at `version`, whose
 * down does not bring it back (FACT_LACKS)? All of its kind that this down leaves in the same table must be there.
 */
bool		leftovers_replaced(const struct fact_history *facts, const struct fact_set *live, const struct fact *missing,
							   int version);

#endif
