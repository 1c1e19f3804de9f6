/* live_parts.h - what the parts of the reader tell each other: columns, indexes, types and routines. */
#ifndef LIVE_PARTS_H
#define LIVE_PARTS_H

#include <stdbool.h>

#include "pg/pipeline.h"
#include "schema/live_reader.h"

/* The columns of LIVE_RELATIONS. */
enum live_relation_column {
	LIVE_RELATION_OID,
	LIVE_RELATION_NAME,
	LIVE_RELATION_SCHEMA,
	LIVE_RELATION_KIND,			/* relkind */
	LIVE_RELATION_OWNER,
	LIVE_RELATION_TYPE,			/* the type of a typed table */
	LIVE_RELATION_METHOD,
	LIVE_RELATION_TABLESPACE,
	LIVE_RELATION_PERSISTENCE,
	LIVE_RELATION_SECURED,		/* row security */
	LIVE_RELATION_FORCED,
	LIVE_RELATION_POPULATED,
	LIVE_RELATION_IDENTITY,		/* replica identity */
	LIVE_RELATION_PARTITION,
	LIVE_RELATION_OPTIONS,
	LIVE_RELATION_ACL,
	LIVE_RELATION_TOAST,
	LIVE_RELATION_BOUND,
	LIVE_RELATION_OIDS
};

/* The columns of LIVE_CONSTRAINTS and LIVE_COLUMNS that other parts need, too. */
enum {
	LIVE_CONSTRAINT_KIND = 2,
	LIVE_CONSTRAINT_NAME,
	LIVE_CONSTRAINT_TABLE,
	LIVE_CONSTRAINT_REFERENCED
};
enum {
	LIVE_COLUMN_NAME = 2
};

/* The columns of LIVE_TRIGGERS, which is ordered by the first. */
enum live_trigger_column {
	LIVE_TRIGGER_CONSTRAINT,
	LIVE_TRIGGER_OID,
	LIVE_TRIGGER_TABLE,
	LIVE_TRIGGER_NAME,
	LIVE_TRIGGER_FUNCTION,
	LIVE_TRIGGER_ENABLED,
	LIVE_TRIGGER_INTERNAL,
	LIVE_TRIGGER_PARENT,
	LIVE_TRIGGER_DEFINITION		/* NULL if it has WHEN */
};

/* live_routine_acl - the privileges on a function, by its row in LIVE_ROUTINES, whose first column is its oid. */
const char *live_routine_acl(const struct pipeline_command *rows, int row);

/* The owner and the privileges of a function. */
struct live_routine_owner {
	unsigned	owner;
	const char *acl;
};

/* live_aggregate_result - the result type of an aggregate, by its oid; borrowed. */
const char *live_aggregate_result(const struct live_reader *reader, unsigned oid);

/* live_aggregate_signature - add the properties of an aggregate that pg_proc stores; return owner and privileges. */
struct live_routine_owner live_aggregate_signature(struct live_reader *reader, unsigned oid);

/* live_collation - the property "collation" of a column or domain, unless it is the one that its type has anyway. */
void		live_collation(struct live_reader *reader, unsigned collation, unsigned type);

/* live_usual_storage - the storage (attstorage) that a column of a type has by default. */
char		live_usual_storage(const struct live_reader *reader, unsigned type);

/* live_column - the name of a column of a relation as an identifier; "?" if there is none. */
const char *live_column(struct live_reader *reader, unsigned relation, int number);

/* live_column_values - what an index must know of a column of a table or of its own. */
struct live_column_values {
	const char *name;			/* "?" if there is no such column */
	unsigned	type;
	unsigned	collation;
	const char *options;		/* as an array, or NULL */
	const char *target;			/* of statistics; NULL: the default */
};

struct live_column_values live_column_values(const struct live_reader *reader, unsigned relation, int number);

/* live_storage - options, access method and tablespace of a table or view, by its row in LIVE_RELATIONS. */
void		live_storage(struct live_reader *reader, int row);

/*
 * live_index_differs - is an index no part of a partitioned one, or has it other properties than that: options,
 * tablespace, statistics targets, comment, clustered, invalid? Begins a fact.
 */
bool		live_index_differs(struct live_reader *reader, unsigned index);

/* live_keys - method and columns of an index or exclusion constraint, cut out of its definition; "?" if it is NULL. */
const char *live_keys(struct live_reader *reader, const char *definition);

/*
 * live_index - properties of an index, also of one that belongs to a constraint; not its definition, but the predicate.
 */
void		live_index(struct live_reader *reader, unsigned index);

#endif
