/*
 * measured.h - what a migration was seen to do, statement by statement, to the tables that were there before it. Pure.
 *
 * measure.h finds it out, lint.h judges it, and "plan" prints it.
 */
#ifndef MEASURED_H
#define MEASURED_H

#include <stdbool.h>
#include <stddef.h>

#include "history.h"
#include "lock_mode.h"

/* What became of something that belongs to a table. */
enum change_kind {
	CHANGE_INDEX,				/* a new index that no constraint owns */
	CHANGE_CONSTRAINT,			/* a new constraint */
	CHANGE_NOT_NULL,			/* a column that was there is now NOT NULL */
	CHANGE_TABLE_DROPPED,
	CHANGE_TABLE_RENAMED,
	CHANGE_COLUMN_DROPPED,
	CHANGE_COLUMN_RENAMED,
	CHANGE_KIND_COUNT
};

struct table_change {
	enum change_kind kind;
	char	   *name;			/* of the index, the constraint, the column; renamed: the old one */
	char	   *new_name;		/* renamed: the new one; otherwise NULL */
	char		type;			/* constraint: pg_constraint.contype */
	unsigned	oid;			/* constraint: pg_constraint.oid */
	bool		validated;		/* constraint: said to hold for all rows */
	bool		using_index;	/* constraint: the index behind it was there before */
	bool		unindexed;		/* foreign key: at the migration's end no index begins with its columns */
	bool		checked;		/* NOT NULL: a validated check says so already */
};

/* A table that was there before the migration, and what one statement did to it. */
struct measured_table {
	unsigned	oid;
	char	   *name;			/* its name before the statement, with the schema, quoted */
	char	   *origin;			/* its name where the whole measuring began; NULL: it was not there yet */
	enum lock_mode lock;		/* the strongest that was taken now; MODE_NONE: none beyond what was held */
	enum lock_mode held;		/* the strongest from earlier statements of the transaction */
	bool		scanned;		/* read from one end to the other */
	bool		rewritten;
	bool		truncated;
	bool		updated;
	bool		deleted;
	size_t		change_count;
	struct table_change *changes;
};

struct measured_statement {
	bool		apart;			/* it cannot be in a transaction */
	char	   *cut;			/* the server's words on an identifier that it cut, or NULL */
	size_t		table_count;
	struct measured_table *tables;
	size_t		setting_count;	/* settings of the session that it changed, and that are still so at the end */
	char	  **settings;		/* their names */
};

/* A migration's up, as measured. Zero is none. */
struct measurement {
	const struct migration *migration;
	size_t		first;			/* the statements before were done already, and are not judged */
	size_t		count;			/* so many statements were run; the rest was not, as the last of them failed */
	struct measured_statement *statements;
	bool		failed;
	char		sqlstate[6];	/* then, what the server says */
	char	   *message;
};

/* measured_table_works - did the statement read or write for as long as there are rows? */
bool		measured_table_works(const struct measured_table *table);

/* measured_holds - the strongest lock on the table during the statement. */
enum lock_mode measured_holds(const struct measured_table *table);

/* measured_shown - such a name as it is to be read: without "public."; borrowed from it. */
const char *measured_shown(const char *name);

/* measured_sql - the statement's text, as borrowed bytes; where it stands is in *statement. */
const char *measured_sql(const struct measurement *measurement, size_t number, const struct statement **statement);

void		measured_statement_clear(struct measured_statement *statement);
void		measurement_clear(struct measurement *measurement);

#endif
