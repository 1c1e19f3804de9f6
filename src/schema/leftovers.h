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

#endif
