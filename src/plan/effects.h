/*
 * effects.h - the measured effects of a migration, statement by statement, on the tables that existed before it. Pure.
 *
 * measure.h fills it in, lint.h judges it, and "plan" prints it.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "pg/lock_mode.h"

/* A change to a table or to a part of it. */
enum effects_change_kind {
	EFFECTS_INDEX,				/* a new index that no constraint owns */
	EFFECTS_CONSTRAINT,			/* a new constraint */
	EFFECTS_NOT_NULL,			/* an existing column is now NOT NULL */
	EFFECTS_TABLE_DROPPED,
	EFFECTS_TABLE_RENAMED,
	EFFECTS_COLUMN_DROPPED,
	EFFECTS_COLUMN_RENAMED,
	EFFECTS_KIND_COUNT
};

struct effects_change {
	enum effects_change_kind kind;
	char	   *name;			/* of the index, constraint or column; if renamed: the old name */
	char	   *new_name;		/* if renamed: the new name; otherwise NULL */
	char		type;			/* constraint: pg_constraint.contype */
	unsigned	oid;			/* constraint: pg_constraint.oid */
	bool		validated;		/* constraint: valid for all rows */
	bool		using_index;	/* constraint: its index existed before */
	bool		unindexed;		/* foreign key: at the end of the migration no index begins with its columns */
	bool		checked;		/* NOT NULL: a validated check constraint implies it */
};

/* A table that existed before the migration, and the effects of one statement on it. */
struct effects_table {
	unsigned	oid;
	char	   *name;			/* its name before the statement, with the schema, quoted */
	char	   *origin;			/* its name before the first migration that was measured; NULL: it did not exist */
	enum lock_mode lock;		/* the strongest lock that the statement acquired; MODE_NONE: no new one */
	enum lock_mode held;		/* the strongest lock from earlier statements of the transaction */
	bool		scanned;		/* read in full */
	bool		rewritten;
	bool		truncated;
	bool		updated;
	bool		deleted;
	size_t		change_count;
	struct effects_change *changes;
};

struct effects_statement {
	bool		apart;			/* it cannot run in a transaction block */
	char	   *cut;			/* the server's notice that it truncated an identifier, or NULL */
	size_t		table_count;
	struct effects_table *tables;
	size_t		setting_count;	/* settings of the session that it changed and that stay changed at the end */
	char	  **settings;		/* their names */
};

/* The measured effects of a migration's up. Zero is empty. */
struct effects {
	const struct history_migration *migration;
	size_t		first;			/* earlier statements were done already, and are not judged */
	size_t		count;			/* of the statements that were run, up to one that failed */
	struct effects_statement *statements;
	bool		failed;
	char		sqlstate[6];	/* of the failure */
	char	   *message;
};

/* effects_table_works - did the statement scan, rewrite or change rows, so that its time depends on their number? */
bool		effects_table_works(const struct effects_table *table);

/* effects_holds - the strongest lock on the table during the statement. */
enum lock_mode effects_holds(const struct effects_table *table);

/* effects_shown - a table's name for people, without "public."; borrowed from `name`. */
const char *effects_shown(const char *name);

/* effects_sql - the text of a statement: borrowed bytes, as many as the length in *statement, which is set. */
const char *effects_sql(const struct effects *effects, size_t number, const struct history_statement **statement);

/* effects_statement_clear, effects_clear - free the contents. */
void		effects_statement_clear(struct effects_statement *statement);
void		effects_clear(struct effects *effects);

#endif
