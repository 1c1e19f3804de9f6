/*
 * catalog.h - the schema of a database as facts: the objects in schema public, read from the system catalogs.
 *
 * The same queries read both sides of a comparison: the database, and a scratch database that was built from migrations
 * (shadow.h). The version table and the objects of extensions are left out.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"

enum catalog_fact_kind {
	FACT_TABLE,
	FACT_COLUMN,
	FACT_INDEX,					/* not owned by a constraint */
	FACT_CONSTRAINT,
	FACT_SEQUENCE,
	FACT_TYPE,					/* an enum, a domain or a composite type */
	FACT_LABEL,					/* of an enum */
	FACT_VIEW,
	FACT_FUNCTION,
	FACT_TRIGGER,
	FACT_PRIVILEGE,				/* the privileges of one role on one table or sequence */
	FACT_KIND_COUNT
};

enum {
	FACT_PROPERTIES = 4
};

struct catalog_fact {
	enum catalog_fact_kind kind;
	char	   *group;			/* the table or type that it belongs to; "" for none */
	char	   *name;
	char	   *quoted_group;	/* group and name as SQL identifiers; not usable for a function */
	char	   *quoted_name;
	int			position;		/* of a column or a label in its group */
	char	   *values[FACT_PROPERTIES];	/* see catalog_property; NULL: no value */
	char	   *needs;			/* the keys of the facts that it depends on, one in each line; or "" */
	char	   *sql;			/* creates it safely in a live database; NULL: there is no safe way */
};

/* Ordered by kind, group and name. Zero is empty. */
struct catalog {
	size_t		count;
	struct catalog_fact *facts;
};

/*
 * catalog_read - read the facts in one snapshot. *catalog is overwritten; call catalog_clear in any case. Returns
 * false, reported, on failure.
 *
 * `owner` replaces the current role where that is the owner of an object; NULL replaces nothing.
 */
bool		catalog_read(struct session *session, struct catalog *catalog, const char *owner);

/* catalog_read_within - the same in a transaction that the caller has begun. Changes its search path. */
bool		catalog_read_within(struct session *session, struct catalog *catalog, const char *owner);

/* catalog_order - compare two facts by kind, group and name: less than, equal to or greater than 0. */
int			catalog_order(const struct catalog_fact *a, const struct catalog_fact *b);

/* catalog_key - the key of a fact in the needs of others: kind, group and name, separated by tabs; a new string. */
char	   *catalog_key(const struct catalog_fact *fact);

/* catalog_kind - the name of a kind: "table", "column" and so on. */
const char *catalog_kind(enum catalog_fact_kind kind);

/* catalog_property - the name of values[i] of such a fact: "type", "default"; NULL if the kind has no such value. */
const char *catalog_property(enum catalog_fact_kind kind, int i);

/* catalog_clear - free the facts. */
void		catalog_clear(struct catalog *catalog);

#endif
