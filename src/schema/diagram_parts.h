/*
 * diagram_parts.h - what a diagram shows of a schema, or of two: tables with their columns, foreign keys, enums; and
 * what has changed from the one to the other. Pure.
 */
#ifndef DIAGRAM_PARTS_H
#define DIAGRAM_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/catalog.h"

enum mark {
	MARK_SAME,
	MARK_ADDED,
	MARK_REMOVED,
	MARK_CHANGED,
	MARK_COUNT
};

/* A fact as it was and as it is; one of them is NULL where it is new, gone, or the only one that was asked for. */
struct part {
	const struct fact *was;
	const struct fact *is;
	const struct fact *fact;	/* the newer one of them */
	enum mark mark;
};

struct drawn_column {
	struct part part;
	bool		primary;		/* a column of the primary key */
};

struct drawn_table {
	struct part part;			/* changed, if one of its columns or foreign keys is */
	size_t		column_count;
	struct drawn_column *columns;	/* in the table's order */
};

/* A foreign key; of several columns, the first one stands for all. */
struct drawn_key {
	struct part part;
	size_t		from;			/* the table that has it */
	size_t		to;				/* the table that it refers to */
	const struct drawn_column *column;
	const struct drawn_column *referred;
};

struct drawn_enum {
	struct part part;			/* changed, if one of its labels is */
	size_t		label_count;
	struct part *labels;		/* in the enum's order */
};

/* Zero is nothing. Tables, keys and enums are ordered by name. */
struct parts {
	bool		compared;		/* there are two schemas */
	size_t		part_count;
	struct part *all;			/* whatever the catalogs have, drawn or not */
	size_t		table_count;
	struct drawn_table *tables;
	size_t		key_count;
	struct drawn_key *keys;
	size_t		enum_count;
	struct drawn_enum *enums;
};

/* parts_find - all of it; *parts is overwritten and borrows from the catalogs. `was`: NULL where there is only one. */
void		parts_find(struct parts *parts, const struct catalog *was, const struct catalog *is);

/* parts_is_key, parts_is_enum - is this fact a foreign key, an enum? */
bool		parts_is_key(const struct fact *fact);
bool		parts_is_enum(const struct fact *fact);

void		parts_clear(struct parts *parts);

#endif
