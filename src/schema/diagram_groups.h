/*
 * diagram_groups.h - group the tables of a diagram by their foreign keys. Pure.
 *
 * A table that two or more others refer to is a hub. A table is in the same group as the tables that it refers to, and
 * as those that only it refers to. But each hub begins its own group; if a table refers to several hubs, the first
 * counts.
 */
#ifndef DIAGRAM_GROUPS_H
#define DIAGRAM_GROUPS_H

#include <stddef.h>

#include "schema/diagram_parts.h"

/* The leader of a table without foreign keys. */
#define DIAGRAM_GROUPS_ALONE ((size_t) -1)

/* Zero is empty. */
struct diagram_groups {
	size_t	   *leaders;		/* of each table: the table that names its group, or DIAGRAM_GROUPS_ALONE */
	int		   *distances;		/* of each key: the distance of the two tables in columns, from 1 */
};

/*
 * diagram_groups_find - find the groups; *groups is overwritten, and freed by diagram_groups_clear. heights[i] is the
 * number of lines of table i. The tables that refer to a hub are arranged in columns of about `height` lines.
 */
void		diagram_groups_find(struct diagram_groups *groups, const struct diagram_parts *parts,
								const size_t *heights, size_t height);

/* diagram_groups_clear - free the contents. */
void		diagram_groups_clear(struct diagram_groups *groups);

#endif
