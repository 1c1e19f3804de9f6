/*
 * live_facts.h - the facts of a database as lines of text, by the program `measure`, which is beside the executable
 * under test; and SQL scripts with sections for some servers only.
 */
#ifndef LIVE_FACTS_H
#define LIVE_FACTS_H

#include <libpq-fe.h>
#include <stddef.h>

#include "support/lines.h"

/* live_facts_read - the facts of a database, sorted; those that are not compared are lines that begin with "--". */
void		live_facts_read(const char *conninfo, struct lines *facts);

/* live_facts_key - the length of the part of a fact that is its kind and name. */
size_t		live_facts_key(const char *fact);

/* live_facts_find - the fact of this kind and name; NULL: there is none. */
const char *live_facts_find(const struct lines *facts, const char *key, size_t length);

/*
 * live_facts_run_sections - run the sections of a script that servers of the versions `oldest` to `newest` know. A line
 * "-- all", "-- from VERSION" or "-- until VERSION" begins a section, which is sent as one message.
 */
void		live_facts_run_sections(PGconn *connection, const char *script, int oldest, int newest);

#endif
