/*
 * look.h - a snapshot of a scratch database, and the effects of a statement as the difference of two. Pure:
 * measure_read.c takes the snapshots.
 *
 * All lists are ordered by what identifies their items, as the server orders them.
 */
#ifndef LOOK_H
#define LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/effects.h"

/* A table, or what belongs to one: an index, a table of oversized values and its index. */
struct look_relation {
	unsigned	oid;
	unsigned	table;			/* what it belongs to; itself */
	char	   *name;			/* with its schema, quoted */
	char		kind;			/* pg_class.relkind; 't' for an index of such a table too */
	bool		constraint;		/* an index: a constraint owns it */
	unsigned	filenode;
	long		scans;			/* in this transaction: of a table from end to end, of an index any */
};

struct look_column {
	unsigned	table;
	int			number;
	char	   *name;
	bool		dropped;
	bool		not_null;
	unsigned	type;
	long		modifier;
};

struct look_constraint {
	unsigned	oid;
	unsigned	table;
	char	   *name;
	char		type;			/* pg_constraint.contype */
	bool		validated;
	unsigned	index;			/* that it is enforced by; 0: none */
	int			not_null;		/* a check that this column is not null; 0: it is none */
	bool		indexed;		/* a foreign key: there is an index that begins with its columns */
};

struct look_lock {
	unsigned	relation;
	enum lock_mode mode;
};

struct look_note {
	unsigned	table;
	char		operation;		/* 'U'PDATE, 'D'ELETE, 'T'RUNCATE, since the last look */
};

struct look_setting {
	char	   *name;
	char	   *value;
};

/* Zero is an empty one. */
struct look {
	size_t		relation_count;
	struct look_relation *relations;
	size_t		column_count;
	struct look_column *columns;
	size_t		constraint_count;
	struct look_constraint *constraints;
	size_t		lock_count;		/* that the session holds, or waits for */
	struct look_lock *locks;
	size_t		note_count;
	struct look_note *notes;
	size_t		setting_count;
	struct look_setting *settings;
};

/* look_relation, look_constraint - what has this oid, or NULL. */
const struct look_relation *look_relation(const struct look *look, unsigned oid);
const struct look_constraint *look_constraint(const struct look *look, unsigned oid);

/*
 * look_compare - append to *statement the tables that it has touched: those that are in `start`, by what has changed
 * from `before` to `after`.
 */
void		look_compare(struct effects_statement *statement, const struct look *start, const struct look *before,
						 const struct look *after);

/* look_find_unindexed - at the migration's end: which of the new foreign keys have no index behind them? */
void		look_find_unindexed(struct effects *measurement, const struct look *end);

/*
 * look_setting_differs - has the setting `name` another value in one of them than in the other? Not to be there is one
 * too.
 */
bool		look_setting_differs(const struct look *one, const struct look *other, const char *name);

void		look_clear(struct look *look);

#endif
