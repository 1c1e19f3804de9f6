/*
 * diagram.h - draw a schema, or the changes between two schemas, as a graph in Graphviz's language. Pure.
 *
 * Boxes are tables with their columns, and enums. Arrows are foreign keys; tables that they connect are grouped.
 * Changes are marked by a sign and a colour, and unchanged tables are only names. The same facts give the same text,
 * byte for byte.
 */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <stdio.h>

#include "schema/fact.h"

/* diagram_write - write the graph of `is`. With `was`, an earlier schema, write the changes from that one. */
void		diagram_write(FILE *stream, const char *title, const struct fact_set *was, const struct fact_set *is);

#endif
