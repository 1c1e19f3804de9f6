/*
 * effects.h - what a migration was seen to do, statement by statement, to the tables that were there before it. Pure.
 *
 * measure.h finds it out, lint.h judges it, and "plan" prints it.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "pg/lock_mode.h"

/* What became of something that belongs to a table. */
enum effects_change_kind {
	EFFECTS_INDEX,				/* a new index that no constraint owns */
	EFFECTS_CONSTRAINT,			/* a new constraint */
	EFFECTS_NOT_NULL,			/* a column that was there is now NOT NULL */
	EFFECTS_TABLE_DROPPED,
	EFFECTS_TABLE_RENAMED,
	EFFECTS_COLUMN_DROPPED,
	EFFECTS_COLUMN_RENAMED,
	EFFECTS_KIND_COUNT
};

struct effects_change {
	enum effects_change_kind kind;
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
struct effects_table {
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
	struct effects_change *changes;
};

struct effects_statement {
	bool		apart;			/* it cannot be in a transaction */
	char	   *cut;			/* the server's words on an identifier that it cut, or NULL */
	size_t		table_count;
	struct effects_table *tables;
	size_t		setting_count;	/* settings of the session that it changed, and that are still so at the end */
	char	  **settings;		/* their names */
};

/* A migration's up, as measured. Zero is none. */
struct effects {
	const struct history_migration *migration;
	size_t		first;			/* the statements before were done already, and are not judged */
	size_t		count;			/* so many statements were run; the rest was not, as the last of them failed */
	struct effects_statement *statements;
	bool		failed;
	char		sqlstate[6];	/* then, what the server says */
	char	   *message;
};

/* effects_table_works - did the statement read or write for as long as there are rows? */
bool		effects_table_works(const struct effects_table *table);

/* effects_holds - the strongest lock on the table during the statement. */
enum lock_mode effects_holds(const struct effects_table *table);

/* effects_shown - such a name as it is to be read: without "public."; borrowed from it. */
const char *effects_shown(const char *name);

/* effects_sql - the statement's text, as borrowed bytes; where it stands is in *statement. */
const char *effects_sql(const struct effects *measurement, size_t number, const struct history_statement **statement);

void		effects_statement_clear(struct effects_statement *statement);
void		effects_clear(struct effects *measurement);

#endif
