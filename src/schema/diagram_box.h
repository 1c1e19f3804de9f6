/*
 * diagram_box.h - draw the boxes of a diagram in Graphviz's language: one for each table, one for all enums. Pure.
 */
#ifndef DIAGRAM_BOX_H
#define DIAGRAM_BOX_H

#include <stdbool.h>
#include <stdio.h>

#include "schema/diagram_parts.h"

/* How a change is marked: by colour, and by a sign for readers who do not see colours. */
struct diagram_box_style {
	const char *sign;
	const char *opening;		/* tags around a name */
	const char *closing;
	const char *background;
	const char *title;			/* the background of a box's title */
	const char *edge;			/* the attributes of an arrow */
};

extern const struct diagram_box_style diagram_box_styles[DIAGRAM_COUNT];

/*
 * diagram_box_is_open - are the columns of the table drawn? If two schemas are compared, only those of changed tables.
 */
bool		diagram_box_is_open(const struct diagram_parts *parts, const struct diagram_table *table);

/* diagram_box_table - write the node of a table. It has the table's name, and a port for each column. */
void		diagram_box_table(FILE *stream, const struct diagram_parts *parts, const struct diagram_table *table);

/* diagram_box_enums - write the node of all enums, if there are any; with two schemas, of the changed enums. */
void		diagram_box_enums(FILE *stream, const struct diagram_parts *parts);

#endif
