/*
 * effect_lines.h - the effects of the statements of a version as lines of migrations/SCHEMA: merged with what is known
 * of other servers, or compared. Pure.
 */
#ifndef MEASURE_EFFECT_LINES_H
#define MEASURE_EFFECT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "plan/effects.h"
#include "schema/fact_history.h"

/*
 * effect_lines_write - write the lines of a version: the effects that were measured on the server with the bit `server`
 * (NULL: on none), and those of other servers that `facts` has (NULL: of none).
 */
void		effect_lines_write(FILE *stream, const struct fact_history *facts, int version,
							   const struct effects *effects,
							   unsigned server);

/*
 * effect_lines_check - are the measured effects those that are recorded for the server, or for the nearest ones? Prints
 * what is not so, and returns the number of lines.
 */
size_t		effect_lines_check(const struct fact_history *facts, const struct effects *effects, unsigned server);

#endif
