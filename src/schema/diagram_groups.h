/*
 * diagram_groups.h - which tables of a diagram belong together, by their foreign keys alone. Pure.
 *
 * A table that two others or more refer to is a hub. Every table is in the group of what it refers to, and of what only
 * it refers to; but a hub begins a group of its own, and of several hubs that a table refers to the first one counts.
 */
#ifndef DIAGRAM_GROUPS_H
#define DIAGRAM_GROUPS_H

#include <stddef.h>

#include "schema/diagram_parts.h"

/* What no foreign key binds to anything. */
#define DIAGRAM_GROUPS_ALONE ((size_t) -1)

/* Zero is none. */
struct diagram_groups {
	size_t	   *leaders;		/* of each table: the one that its group is named after, or DIAGRAM_GROUPS_ALONE */
	int		   *distances;		/* of each key: so many columns to the right of what it refers to, from 1 */
};

/*
 * diagram_groups_find - *groups is overwritten. What refers to a hub stands in columns of about `height` lines; heights[i] is
 * how many lines table i takes.
 */
void		diagram_groups_find(struct diagram_groups *groups, const struct diagram_parts *parts,
								const size_t *heights, size_t height);

void		diagram_groups_clear(struct diagram_groups *groups);

#endif
