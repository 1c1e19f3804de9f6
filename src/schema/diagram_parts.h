/*
 * diagram_parts.h - the parts of a diagram: tables with columns, foreign keys and enums, each with its change. Pure.
 */
#ifndef DIAGRAM_PARTS_H
#define DIAGRAM_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/fact.h"

enum diagram_mark {
	DIAGRAM_SAME, DIAGRAM_ADDED, DIAGRAM_REMOVED, DIAGRAM_CHANGED, DIAGRAM_COUNT
};

/* A fact before and after. One of them is NULL if the fact is added or removed, or if there is only one schema. */
struct diagram_part {
	const struct fact *was;
	const struct fact *is;
	const struct fact *fact;	/* `is`, or `was` if `is` is NULL */
	const char *name;			/* of a column or label: without that of its table or type */
	enum diagram_mark mark;
	bool		drawn;
	bool		primary;		/* a column of the primary key */
};

/* A table with its columns, or an enum with its labels. */
struct diagram_box {
	const struct diagram_part *part;
	enum diagram_mark mark;		/* that of the part; or changed, if a row or a foreign key is not the same */
	bool		open;			/* the rows are drawn; if two schemas are compared, only those of changed boxes */
	size_t		count;
	struct diagram_part **rows;	/* in the order of the table or enum */

	const struct diagram_box *group;	/* that names the group; NULL: no foreign keys */
	const struct diagram_box *referrer;	/* a table that refers to it */
	struct diagram_box *next;	/* another table of the group; NULL: it is the root of the group */
	bool		hub;
	bool		refers;			/* it has a foreign key to another table */
	bool		placed;			/* it is in the group of a hub */
	size_t		lines;			/* of the tables beside this hub */
};

/* A foreign key. Only its first column is drawn. */
struct diagram_key {
	const struct diagram_part *part;
	struct diagram_box *from;	/* the table with the key */
	struct diagram_box *to;		/* the table that it refers to */
	const struct diagram_part *column;
	const struct diagram_part *referred;
	int			distance;		/* of the two tables in columns, from 1 */
};

/* Zero is empty. */
struct diagram_parts {
	bool		compared;		/* two schemas are compared */
	size_t		count;
	struct diagram_part *all;	/* all facts, drawn or not */
	size_t		box_count;
	struct diagram_box *boxes;	/* enums, then tables, ordered by name */
	size_t		key_count;
	struct diagram_key *keys;
};

/*
 * diagram_parts_find - find the parts of `is`, compared with `was` unless that is NULL. *parts is overwritten, borrows
 * from the sets, and is freed by diagram_parts_clear.
 *
 * Tables are grouped by their foreign keys. A table that two or more others refer to is a hub. A table is in the same
 * group as the tables that it refers to, and as those that only it refers to. But each hub begins its own group; if a
 * table refers to several hubs, the first counts. Beside a hub are columns of about `height` lines.
 */
void		diagram_parts_find(struct diagram_parts *parts, const struct fact_set *was, const struct fact_set *is,
							   size_t height);
void		diagram_parts_clear(struct diagram_parts *parts);

/* diagram_parts_next - as fact_next_property, without "after": the order of columns is no change of them. */
bool		diagram_parts_next(const struct fact *fact, const char **at, struct fact_property *property);

#endif
