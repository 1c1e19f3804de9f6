/*
 * compare_harmless.h - comments and settings that operators add to objects, and that change no behaviour. Pure.
 */
#ifndef COMPARE_HARMLESS_H
#define COMPARE_HARMLESS_H

#include <stdbool.h>

#include "schema/compare_text.h"
#include "schema/fact.h"

/*
 * compare_is_harmless - is a property of a live fact one that the version does not set, and that changes neither what
 * queries return nor what software can do: a comment, or a setting for performance, vacuum or replication?
 */
bool		compare_is_harmless(enum fact_kind kind, const struct compare_text *text);

#endif
