/*
 * lineage.h - databases from the field, at any version and of both lineages.
 */
#ifndef LINEAGE_H
#define LINEAGE_H

#include <libpq-fe.h>

#include "support/lines.h"

/* The last version of the executable that suites about the program run; its schema is 37's, which the facts describe. */
#define LATEST 39

/* lineage_base - a database with the schema of version 0 and no version table; returns how to connect, to be freed. */
char	   *lineage_base(const char *name);

/* lineage_current - a database that the executable has brought to `version`. */
char	   *lineage_current(const char *name, int version);

/*
 * lineage_step - the same for a test of one version after the other: a copy of a database that each call upgrades by one
 * version, on this server.
 */
char	   *lineage_step(const char *name, int version);

/* lineage_forget - make it a database of sqlalchemy-migrate's, at `version`, without our schema. */
void		lineage_forget(PGconn *connection, int version);

/* lineage_migrated - upgraded by sqlalchemy-migrate to `version`; its enums lack labels that no script adds. */
char	   *lineage_migrated(const char *name, int version);

/* A kind of database that was created from the data models of its day and then stamped. */
struct fresh {
	const char *name;
	int			version;		/* what it was stamped with */
	const char *statements;		/* SQL that removes objects from version 37 */
	const char *labels;			/* and from pg_enum: a condition; NULL: nothing */
};

extern const struct fresh lineage_kinds[];
extern const int lineage_kind_count;

/* lineage_fresh - a database of that kind. */
char	   *lineage_fresh(const char *name, const struct fresh *kind);

/* lineage_facts_33 - the facts of version 33 in the migrated lineage; sorted, to be cleared by the caller. */
void		lineage_facts_33(struct lines *lines);

#endif
