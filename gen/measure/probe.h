/*
 * probe.h - the state of the database at a moment, and the effects of a statement as the difference of two. Pure:
 * probe_read.h reads the state.
 */
#ifndef MEASURE_PROBE_H
#define MEASURE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/effects.h"

/* A table or an index. The names in a probe are those of facts, and belong to an arena. */
struct probe_relation {
	unsigned	table;			/* itself, or what the index belongs to */
	unsigned	oid;
	const char *name;			/* with its schema, also public */
	char		kind;			/* pg_class.relkind */
	bool		constraint;		/* an index: a constraint owns it */
	unsigned	filenode;
	long		scans;			/* in this transaction: of a table from end to end, of an index any */
	long		inserted;		/* rows, in this transaction */
	long		updated;
	long		deleted;
	const char *unique;			/* an index whose columns are unique: their numbers, "1 2"; otherwise "" or NULL */
};

struct probe_column {
	unsigned	table;
	int			number;
	const char *name;
	bool		dropped;
	bool		not_null;
	bool		filled;			/* by a default, or as an identity, if an INSERT leaves it out */
	bool		required;		/* it is not, and may not be null */
	unsigned	type;
	long		modifier;
};

struct probe_constraint {
	unsigned	table;
	unsigned	oid;
	const char *name;
	char		type;			/* pg_constraint.contype */
	bool		validated;
	unsigned	index;			/* that it is enforced by; 0: none */
	int			not_null;		/* a check that this column is not null; 0: it is none */
	const char *columns;		/* of a foreign key: their numbers, "{1,2}" */
	bool		indexed;		/* a foreign key: there is an index by which its columns are looked up */
};

struct probe_trigger {
	unsigned	table;
	unsigned	oid;
	const char *name;			/* of a constraint's: that of the constraint */
	bool		internal;		/* a constraint's */
	bool		disabled;		/* for plain sessions */
};

/* A rule DO INSTEAD, or row security without a policy. */
struct probe_block {
	unsigned	table;
	unsigned	oid;			/* of the rule, or of the table */
	const char *name;			/* "rule r", "row security without a policy" */
};

/* What is neither a table nor part of one: a view, function, type, schema, sequence, extension. */
struct probe_object {
	unsigned	class;			/* the oid of its catalog */
	unsigned	oid;
	const char *kind;			/* in words */
	const char *identity;		/* "public.f(integer)" */
	const char *name;			/* "f", without quotes */
};

struct probe_lock {
	unsigned	relation;
	enum lock_mode mode;
};

struct probe_note {
	unsigned	table;
	char		operation;		/* 'I'NSERT, 'U'PDATE, 'D'ELETE, 'T'RUNCATE, since the probe before */
};

/* Zero is an empty one. The first five lists are ordered by table and oid or number. */
struct probe {
	size_t		relation_count;
	struct probe_relation *relations;
	size_t		column_count;
	struct probe_column *columns;
	size_t		constraint_count;
	struct probe_constraint *constraints;
	size_t		trigger_count;
	struct probe_trigger *triggers;
	size_t		block_count;
	struct probe_block *blocks;
	bool		lists_objects;	/* all of them were read, even if they are none */
	size_t		object_count;
	struct probe_object *objects;
	size_t		lock_count;		/* that the session holds, or waits for */
	struct probe_lock *locks;
	size_t		note_count;
	struct probe_note *notes;
	long		calls;			/* of functions that may do anything, in this transaction */
	long		loops;			/* of those, calls of functions that loop and are not a trigger's */
};

/* probe_relation, probe_constraint - what has this oid, or NULL. */
const struct probe_relation *probe_relation(const struct probe *probe, unsigned oid);
const struct probe_constraint *probe_constraint(const struct probe *probe, unsigned oid);

/* probe_blocks - does the rule of this oid, or the row security of this table, block statements? */
bool		probe_blocks(const struct probe *probe, unsigned oid);

/*
 * probe_complete - complete *part, which was read of the tables that the session has locked, by all others of the probe
 * before it.
 */
void		probe_complete(struct probe *part, const struct probe *before);

/* probe_clear - free the lists. */
void		probe_clear(struct probe *probe);

/*
 * probe_compare - append to *statement the tables that it has touched: those that are in `start`, where the migration
 * begins, by what has changed from `before` to `after`.
 */
void		probe_compare(struct effects_statement *statement, const struct probe *start, const struct probe *before,
						  const struct probe *after);

/*
 * probe_find_losses - append to *statement the objects that it has dropped or renamed and that are in `start`; of
 * constraints and triggers those that CASCADE has taken along. `sql`, its text, tells by the names in it what was.
 */
void		probe_find_losses(struct effects_statement *statement, const struct probe *start,
							  const struct probe *before, const struct probe *after, const char *sql);

/*
 * probe_keep_lasting - at the migration's end: forget lost objects if others have their names, required columns that
 * have got a default, may be null or are gone, and what does not block statements any more.
 */
void		probe_keep_lasting(struct effects *effects, const struct probe *start, const struct probe *end);

/*
 * probe_find_unindexed - at the migration's end: which of the new foreign keys have no index behind them? One that
 * takes the place of an old one of the same columns is not new.
 */
void		probe_find_unindexed(struct effects *effects, const struct probe *start, const struct probe *end);

#endif
