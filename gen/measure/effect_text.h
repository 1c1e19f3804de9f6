/*
 * effect_text.h - write the effects of a statement as effects_parse_table() and effects_parse_statement() read them.
 * Pure.
 */
#ifndef MEASURE_EFFECT_TEXT_H
#define MEASURE_EFFECT_TEXT_H

#include "plan/effects.h"

/* effect_text_table - the definition of the effects on a table, without what earlier lines say; a new string. */
char	   *effect_text_table(const struct effects_table *table);

/* effect_text_statement - the definition of the effects that concern no table; a new string, "" for none. */
char	   *effect_text_statement(const struct effects_statement *statement);

#endif
