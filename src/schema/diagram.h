/*
 * diagram.h - a schema as a picture, or what has changed from one to another: a graph in Graphviz's language. Pure.
 *
 * Boxes are tables with their columns, and enums; arrows are foreign keys; what belongs together through these stands
 * together. What has changed is marked by a sign and by a colour, and the tables that are as they were are only names.
 * The same catalogs make the same text, byte for byte.
 */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <stdio.h>

#include "schema/catalog.h"

/* diagram_write - `was`: the schema as it was before; NULL: there is only one to show. */
void		diagram_write(FILE *stream, const char *title, const struct catalog *was, const struct catalog *is);

#endif
