/*
 * catalog.h - the schema that a database has, as facts: what is in schema public, read from the system catalogs.
 *
 * One set of queries for every side of a comparison: the archive's database, and one that was built from migrations
 * (shadow.h). The version table is left out, and so is what belongs to an extension.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"

enum catalog_fact_kind {
	FACT_TABLE,
	FACT_COLUMN,
	FACT_INDEX,					/* that no constraint owns */
	FACT_CONSTRAINT,
	FACT_SEQUENCE,
	FACT_TYPE,					/* an enum, a domain, a composite type */
	FACT_LABEL,					/* of an enum */
	FACT_VIEW,
	FACT_FUNCTION,
	FACT_TRIGGER,
	FACT_PRIVILEGE,				/* what one role may do with one table or sequence */
	FACT_KIND_COUNT
};

enum {
	FACT_PROPERTIES = 4
};

struct catalog_fact {
	enum catalog_fact_kind kind;
	char	   *group;			/* the table or type it belongs to, "" for none */
	char	   *name;
	char	   *quoted_group;	/* the same as identifiers in SQL; a function's is none */
	char	   *quoted_name;
	int			position;		/* of a column or label among the others of its group */
	char	   *values[FACT_PROPERTIES];	/* what catalog_property names; NULL: nothing */
	char	   *needs;			/* the keys of what it cannot be without, a line each; or "" */
	char	   *sql;			/* makes it without harm to a live archive; NULL: nothing could be that safe */
};

/* Zero is an empty one. Ordered by kind, group and name. */
struct catalog {
	size_t		count;
	struct catalog_fact *facts;
};

/*
 * catalog_read - read the facts, all as of one moment. False, and reported, on failure. *catalog is overwritten; clear
 * it in any case.
 *
 * `owner`: in the place of the role that reads, this one is said to be the owner; NULL: who it is.
 */
bool		catalog_read(struct session *session, struct catalog *catalog, const char *owner);

/* catalog_read_within - the same as of now, in a transaction that the caller has begun; its search path changes. */
bool		catalog_read_within(struct session *session, struct catalog *catalog, const char *owner);

/* catalog_order - the order that facts are in: less than, equal to or greater than 0. */
int			catalog_order(const struct catalog_fact *a, const struct catalog_fact *b);

/* catalog_key - what other facts call it in their needs: kind, group and name with tabs between, a new string. */
char	   *catalog_key(const struct catalog_fact *fact);

/* catalog_kind - "table", "column" and so on. */
const char *catalog_kind(enum catalog_fact_kind kind);

/* catalog_property - what values[i] of such a fact is: "type", "default"; NULL where there is none. */
const char *catalog_property(enum catalog_fact_kind kind, int i);

void		catalog_clear(struct catalog *catalog);

#endif
