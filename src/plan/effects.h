/*
 * effects.h - the measured effects of a migration, statement by statement, on the tables that existed before it. Pure.
 *
 * gen/measure measures them, and writes them to migrations/SCHEMA as lines that fact_history.h parses:
 *
 *   ! LINE:COLUMN TABLE<TAB>PROPERTY<TAB>...
 *
 * The properties, in this order: "was: NAME", the table's name at the beginning of the migration, if it has changed;
 * "lock: MODE"; "scanned", "rewritten", "truncated", "inserted", "updated", "deleted", "by key"; and the changes, each
 * followed by what is said of it:
 *
 *   index: NAME
 *   foreign key: NAME<TAB>validated<TAB>using index<TAB>unindexed      also check, primary key, unique, exclusion
 *   not null: COLUMN<TAB>checked
 *   dropped
 *   renamed: OLD<TAB>to: NEW
 *   column dropped: NAME
 *   column renamed: OLD<TAB>to: NEW
 *   required: COLUMN
 *   index dropped: NAME
 *   disabled: NAME
 *   blocked: rule NAME
 *
 * With "-" instead of a table: "apart", "unmeasured", "loops", "replica", "cut: NOTICE", "setting: NAME", and "lost:
 * OBJECT" or "taken along: OBJECT". A statement without effects has no line. Names are those of facts (fact.h).
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "history/history.h"
#include "pg/lock_mode.h"
#include "schema/fact_history.h"

/* A change to a table or to a part of it. */
enum effects_change_kind {
	EFFECTS_INDEX,				/* a new index that no constraint owns */
	EFFECTS_CONSTRAINT,			/* a new constraint */
	EFFECTS_NOT_NULL,			/* an existing column is now NOT NULL */
	EFFECTS_TABLE_DROPPED,
	EFFECTS_TABLE_RENAMED,
	EFFECTS_COLUMN_DROPPED,
	EFFECTS_COLUMN_RENAMED,
	EFFECTS_REQUIRED,			/* at the end of the migration no INSERT may leave the column out; before, all could */
	EFFECTS_INDEX_DROPPED,		/* an index that no constraint owns */
	EFFECTS_DISABLED,			/* a trigger or constraint is not obeyed any more */
	EFFECTS_BLOCKED,			/* a rule replaces statements of other software, or row security hides all rows */
	EFFECTS_KIND_COUNT
};

struct effects_change {
	enum effects_change_kind kind;
	char	   *name;			/* of the index, constraint, column or table; if renamed: the old name */
	char	   *new_name;		/* if renamed: the new name; otherwise NULL */
	char		type;			/* constraint: pg_constraint.contype */
	unsigned	oid;			/* while it is measured: pg_constraint.oid; required column: pg_attribute.attnum */
	bool		validated;		/* constraint: valid for all rows */
	bool		using_index;	/* constraint: its index existed before */
	bool		unindexed;		/* foreign key: at the end of the migration no index begins with its columns */
	bool		checked;		/* NOT NULL: a validated check constraint implies it */
};

/* An object that existed before the migration, and that a statement drops or renames; no other one takes its name. */
struct effects_loss {
	char	   *object;			/* "view v" */
	bool		along;			/* it is not named: CASCADE takes it along */
	unsigned	class;			/* while it is measured: the oids of its catalog and of itself */
	unsigned	oid;
};

/* A table that existed before the migration, and the effects of one statement on it. */
struct effects_table {
	unsigned	oid;			/* while it is measured; otherwise 0 */
	char	   *name;			/* its name before the statement, with the schema, quoted */
	char	   *origin;			/* its name before the migration, as above */
	enum lock_mode lock;		/* the strongest lock that the statement acquired; MODE_NONE: no new one */
	enum lock_mode held;		/* the strongest lock of earlier ones of the transaction; not in SCHEMA, but derived */
	bool		scanned;		/* read in full */
	bool		rewritten;
	bool		truncated;
	bool		inserted;
	bool		updated;
	bool		deleted;
	bool		by_key;			/* of updated or deleted rows: only those with keys that the statement lists */
	size_t		change_count;
	struct effects_change *changes;
};

struct effects_statement {
	bool		apart;			/* it cannot run in a transaction block */
	bool		unmeasured;		/* what it does may depend on the data, so that it may do more than was seen */
	bool		loops;			/* it runs code that loops: of a DO block, or of a function that is not a trigger's */
	bool		replica;		/* it sets session_replication_role, so that triggers and foreign keys do nothing */
	char	   *cut;			/* the server's notice that it truncated an identifier, or NULL */
	size_t		table_count;
	struct effects_table *tables;
	size_t		setting_count;	/* settings of the session that it changed and that stay changed at the end */
	char	  **settings;		/* their names */
	size_t		loss_count;		/* what is neither a table nor a column */
	struct effects_loss *losses;
};

/* The measured effects of a migration's up. Zero is empty. */
struct effects {
	const struct history_migration *migration;
	size_t		first;			/* earlier statements were done already, and are not judged */
	size_t		count;			/* of all statements */
	struct effects_statement *statements;
	unsigned	servers;		/* if recorded: those that were measured and are the nearest ones */
};

/* effects_batch_table - the table of a batched statement, named as in its effects: a new string. */
char	   *effects_batch_table(const struct history_batch *batch);

/*
 * effects_recorded - the effects of a migration's up as they are recorded for the server with this bit of enum
 * fact_servers, or for those that are nearest to it. Statements before `first` are not judged, and have none. False,
 * with *effects empty, if its effects are not recorded. Free it with effects_clear.
 */
bool		effects_recorded(struct effects *effects, const struct fact_history *facts,
							 const struct history_migration *migration, unsigned servers, size_t first);

/*
 * effects_parse_table, effects_parse_statement - add what a definition says to *table or *statement. False, if it is
 * not one; what was added remains.
 */
bool		effects_parse_table(struct effects_table *table, const char *definition);
bool		effects_parse_statement(struct effects_statement *statement, const char *definition);

/* effects_find - the number of the statement of a section that begins at this position; its count: there is none. */
size_t		effects_find(const struct history_source *source, const struct history_section *section, unsigned line,
						 unsigned column);

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
