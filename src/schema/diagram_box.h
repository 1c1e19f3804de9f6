/*
 * diagram_box.h - the boxes of a diagram, in Graphviz's language: a table with its columns, and all enums in one. Pure.
 */
#ifndef DIAGRAM_BOX_H
#define DIAGRAM_BOX_H

#include <stdbool.h>
#include <stdio.h>

#include "schema/diagram_parts.h"

/* How it is shown that something has changed: for those who see colours, and for those who do not. */
struct box_style {
	const char *sign;
	const char *opening;		/* around a name */
	const char *closing;
	const char *background;
	const char *title;			/* the background of a box's title */
	const char *edge;			/* the attributes of an arrow */
};

extern const struct box_style box_styles[MARK_COUNT];

/* box_is_open - are its columns shown? Where there are two schemas, what has not changed is only a name. */
bool		box_is_open(const struct parts *parts, const struct drawn_table *table);

/* box_table - the node of a table, named as it is; each column shown has a port. */
void		box_table(FILE *stream, const struct parts *parts, const struct drawn_table *table);

/* box_enums - the node of the enums, if there are any; where there are two schemas, of those that have changed. */
void		box_enums(FILE *stream, const struct parts *parts);

#endif
