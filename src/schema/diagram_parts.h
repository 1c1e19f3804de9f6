/*
 * diagram_parts.h - the parts of a diagram: tables with columns, foreign keys and enums, each with its change. Pure.
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

/* A fact before and after. One of them is NULL if the fact is added or removed, or if there is only one schema. */
struct diagram_part {
	const struct catalog_fact *was;
	const struct catalog_fact *is;
	const struct catalog_fact *fact;	/* `is`, or `was` if `is` is NULL */
	enum diagram_mark mark;
};

struct diagram_column {
	struct diagram_part part;
	bool		primary;		/* a column of the primary key */
};

struct diagram_table {
	struct diagram_part part;	/* changed if one of its columns or foreign keys is */
	size_t		column_count;
	struct diagram_column *columns;	/* in the table's order */
};

/* A foreign key. Only its first column is drawn. */
struct diagram_key {
	struct diagram_part part;
	size_t		from;			/* the table with the key */
	size_t		to;				/* the table that it refers to */
	const struct diagram_column *column;
	const struct diagram_column *referred;
};

struct diagram_enum {
	struct diagram_part part;	/* changed if one of its labels is */
	size_t		label_count;
	struct diagram_part *labels;		/* in the enum's order */
};

/* Tables, keys and enums are ordered by name. Zero is empty. */
struct diagram_parts {
	bool		compared;		/* two schemas are compared */
	size_t		part_count;
	struct diagram_part *all;			/* all facts, drawn or not */
	size_t		table_count;
	struct diagram_table *tables;
	size_t		key_count;
	struct diagram_key *keys;
	size_t		enum_count;
	struct diagram_enum *enums;
};

/*
 * diagram_parts_find - find the parts of `is`, compared with `was` unless that is NULL. *parts is overwritten, borrows
 * from the catalogs, and is freed by diagram_parts_clear.
 */
void		diagram_parts_find(struct diagram_parts *parts, const struct catalog *was, const struct catalog *is);

/* diagram_parts_is_key, diagram_parts_is_enum - is this fact a foreign key, an enum? */
bool		diagram_parts_is_key(const struct catalog_fact *fact);
bool		diagram_parts_is_enum(const struct catalog_fact *fact);

/* diagram_parts_clear - free the contents. */
void		diagram_parts_clear(struct diagram_parts *parts);

#endif
