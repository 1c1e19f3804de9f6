/*
 * diagram_box.h - the boxes of a diagram, in Graphviz's language: a table with its columns, and all enums in one. Pure.
 */
#ifndef DIAGRAM_BOX_H
#define DIAGRAM_BOX_H

#include <stdbool.h>
#include <stdio.h>

#include "schema/diagram_parts.h"

/* How it is shown that something has changed: for those who see colours, and for those who do not. */
struct diagram_box_style {
	const char *sign;
	const char *opening;		/* around a name */
	const char *closing;
	const char *background;
	const char *title;			/* the background of a box's title */
	const char *edge;			/* the attributes of an arrow */
};

extern const struct diagram_box_style diagram_box_styles[DIAGRAM_COUNT];

/* diagram_box_is_open - are its columns shown? Where there are two schemas, what has not changed is only a name. */
bool		diagram_box_is_open(const struct diagram_parts *parts, const struct diagram_table *table);

/* diagram_box_table - the node of a table, named as it is; each column shown has a port. */
void		diagram_box_table(FILE *stream, const struct diagram_parts *parts, const struct diagram_table *table);

/* diagram_box_enums - the node of the enums, if there are any; where there are two schemas, of those that have changed. */
void		diagram_box_enums(FILE *stream, const struct diagram_parts *parts);

#endif
