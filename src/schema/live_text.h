/* live_text.h - pieces of texts from the catalogs: options, lists of roles, quotes and parentheses. */
#ifndef LIVE_TEXT_H
#define LIVE_TEXT_H

#include <stddef.h>

#include "schema/live_reader.h"

/* live_child - the name of what belongs to a table, in the arena: "gmos.id". */
const char *live_child(struct live_reader *reader, const struct live_object *table, const char *name);

/*
 * live_options - options, an array of "name=value" as text, in the order of their names; NULL: none. Those whose name
 * begins with "pg_", or not with `known`, are counted as unknown and left out.
 */
const char *live_options(struct live_reader *reader, const char *array, const char *known);

/* live_roles - an array of the oids of roles, as a list of their names in order. */
const char *live_roles(struct live_reader *reader, const char *array);

/* live_state - a trigger's or rule's state in a word; NULL if it is enabled as usual. */
const char *live_state(char enabled);

/* live_unquoted - find a text outside of quotes; NULL: it is not there. */
const char *live_unquoted(const char *text, const char *part);

/*
 * live_requoted - a text with all quoted identifiers in it quoted only where necessary, in the arena. Some texts keep
 * how quote_all_identifiers was set when they were made.
 */
const char *live_requoted(struct live_reader *reader, const char *text);

/* live_balanced - the length of a text in parentheses, with which `text` begins. */
size_t		live_balanced(const char *text);

#endif
