/*
 * leftovers.h - what down migrations leave in the schema, as migrations/SCHEMA says. Pure.
 */
#ifndef LEFTOVERS_H
#define LEFTOVERS_H

#include <stdbool.h>

#include "schema/fact_history.h"

/*
 * leftovers_text - list what the downs of versions `from` to `to` + 1 leave and version `to` does not have: labels of
 * enums, as "caltype: bpm, dark; obstype: BPM", or else (without `labels`) other objects, as "index a.b, table c". What
 * is left of a type or table that version `to` does not have is not listed. Returns a new string; NULL: there is none.
 */
char	   *leftovers_text(const struct fact_history *facts, int from, int to, bool labels);

/*
 * leftovers_replaced - is an index or constraint missing in a database only because it has been at `version`, whose
 * down does not bring it back (FACT_LACKS)? All of its kind that this down leaves in the same table must be there.
 */
bool		leftovers_replaced(const struct fact_history *facts, const struct fact_set *live, const struct fact *missing,
							   int version);

#endif
