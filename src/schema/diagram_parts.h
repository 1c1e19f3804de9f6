/*
 * diagram_parts.h - what a diagram shows of a schema, or of two: tables with their columns, foreign keys, enums; and
 * what has changed from the one to the other. Pure.
 */
#ifndef DIAGRAM_PARTS_H
#define DIAGRAM_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/catalog.h"

enum diagram_mark {
	DIAGRAM_SAME,
	DIAGRAM_ADDED,
	DIAGRAM_REMOVED,
	DIAGRAM_CHANGED,
	DIAGRAM_COUNT
};

/* A fact as it was and as it is; one of them is NULL where it is new, gone, or the only one that was asked for. */
struct diagram_part {
	const struct catalog_fact *was;
	const struct catalog_fact *is;
	const struct catalog_fact *fact;	/* the newer one of them */
	enum diagram_mark mark;
};

struct diagram_column {
	struct diagram_part part;
	bool		primary;		/* a column of the primary key */
};

struct diagram_table {
	struct diagram_part part;			/* changed, if one of its columns or foreign keys is */
	size_t		column_count;
	struct diagram_column *columns;	/* in the table's order */
};

/* A foreign key; of several columns, the first one stands for all. */
struct diagram_key {
	struct diagram_part part;
	size_t		from;			/* the table that has it */
	size_t		to;				/* the table that it refers to */
	const struct diagram_column *column;
	const struct diagram_column *referred;
};

struct diagram_enum {
	struct diagram_part part;			/* changed, if one of its labels is */
	size_t		label_count;
	struct diagram_part *labels;		/* in the enum's order */
};

/* Zero is nothing. Tables, keys and enums are ordered by name. */
struct diagram_parts {
	bool		compared;		/* there are two schemas */
	size_t		part_count;
	struct diagram_part *all;			/* whatever the catalogs have, drawn or not */
	size_t		table_count;
	struct diagram_table *tables;
	size_t		key_count;
	struct diagram_key *keys;
	size_t		enum_count;
	struct diagram_enum *enums;
};

/* diagram_parts_find - all of it; *parts is overwritten and borrows from the catalogs. `was`: NULL where there is only one. */
void		diagram_parts_find(struct diagram_parts *parts, const struct catalog *was, const struct catalog *is);

/* diagram_parts_is_key, diagram_parts_is_enum - is this fact a foreign key, an enum? */
bool		diagram_parts_is_key(const struct catalog_fact *fact);
bool		diagram_parts_is_enum(const struct catalog_fact *fact);

void		diagram_parts_clear(struct diagram_parts *parts);

#endif
