/*
 * loss_guard.h - check a transaction of a migration before its COMMIT: did it destroy data without consent?
 *
 * The server's own numbers and counters say it: at the beginning and at the end of the transaction, each table's number
 * (oid), its file and the rows deleted and inserted in it; and the columns dropped in between. So names do not matter,
 * nor what deletes: a foreign key, a trigger, a function, a view. All schemas count but the system's and fitsdb_schema;
 * large objects count too, and materialized views that are dropped and not made again. Temporary tables do not, nor do
 * tables and columns that the same migration has made, nor rows that move between the partitions of a table by an
 * UPDATE. A table that another session makes meanwhile counts: the transaction is run again to see what it holds. Rows
 * whose deletion a subtransaction has undone count as deleted, as do rows deleted that were inserted in the same
 * transaction: these cannot be told apart. Values that are overwritten are not seen.
 */
#ifndef LOSS_GUARD_H
#define LOSS_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"
#include "record/row_count.h"

enum loss_guard_kind {
	LOSS_GUARD_TABLE,				/* it is dropped */
	LOSS_GUARD_COLUMN,				/* it is dropped */
	LOSS_GUARD_ATTRIBUTE,			/* of a column, whose composite type loses an attribute */
	LOSS_GUARD_ROWS,					/* some or all are deleted */
	LOSS_GUARD_UNLOGGED,				/* the table: a crash of the server would empty it */
	LOSS_GUARD_CASCADE,				/* some or all may be deleted by a foreign key's ON DELETE CASCADE */
	LOSS_GUARD_ANYTHING				/* of a table, it is not known what */
};

enum {
	LOSS_GUARD_LARGE_OBJECTS = 2613,	/* pg_largeobject's number */
	LOSS_GUARD_MOST_TIMES = 20		/* that a transaction is run again */
};

struct loss_guard_item {
	enum loss_guard_kind kind;
	unsigned	relation;		/* its number */
	int			number;			/* of the column; or 0 */
	char	   *table;			/* its name, with its schema unless that is public; NULL: not looked up yet */
	char	   *column;
	struct row_count count;			/* of rows; for a column, of those that have a value */
	bool		view;			/* a materialized one */
	double		limit;			/* of what was looked at in an earlier try: so many rows are no loss */
	/* Of rows, as the counters have it: */
	bool		rewritten;		/* the table has another file */
	long		deleted;
	long		inserted;
};

/* Zero is an empty one. */
struct loss_guard_list {
	size_t		count;
	struct loss_guard_item *items;
};

/* loss_guard_list_add - append an item; the list owns its names then. */
void		loss_guard_list_add(struct loss_guard_list *list, struct loss_guard_item item);

/* loss_guard_list_clear - free the items, and make the list empty. */
void		loss_guard_list_clear(struct loss_guard_list *list);

/* loss_guard_text - "table a is dropped: 12 rows" and the like, as a new string. */
char	   *loss_guard_text(const struct loss_guard_item *item);

/* Losses that somebody has agreed to. Zero is none. */
struct loss_guard_consent {
	bool		all;			/* --yes */
	struct loss_guard_list agreed;	/* at the terminal */
};

/*
 * loss_guard_covers - does a list of agreed losses cover this one? If the list has an exact row count, no more rows may
 * be deleted. Pure.
 */
bool		loss_guard_covers(const struct loss_guard_list *list, const struct loss_guard_item *item);

/*
 * loss_guard_limit - the number of rows that the list covers for the item. -1: the item is not covered, has no limit,
 * or its rows are counted when they are deleted. Pure.
 */
double		loss_guard_limit(const struct loss_guard_list *list, const struct loss_guard_item *item);

/*
 * loss_guard_consume - in the open transaction, `item` is destroyed: it is covered by the agreed list, or by `empty`,
 * whose items held no more than their limits. The list covers so many rows less from now on. Rows that the transaction
 * has inserted are not counted. Pure.
 */
void		loss_guard_consume(struct loss_guard_list *agreed, const struct loss_guard_list *empty,
							   const struct loss_guard_item *item);

/* The tables of a non-transactional migration, of which each statement is checked. */
struct loss_guard_migration {
	char	   *start;			/* the answer of the probe when it began */
	char	   *made;			/* the tables that it has created since, as "1,2"; or NULL */
};

/*
 * loss_guard_compare - append to *list what is lost between the probes' answers `before` and `after`, without names.
 *
 * An answer has the server's counters, a semicolon, and "relation file columns deleted inserted made" for each table,
 * separated by commas. `dropped` has "relation number" for each column dropped since, and "relation number 1" for each
 * column whose type has lost an attribute. Tables and columns that the migration has created are no loss; NULL: the
 * migration is this one transaction. If a table has 0 columns in its start, any column may have existed. A table with
 * another file is appended as LOSS_GUARD_ROWS, although it may only have been rewritten. Pure.
 */
void		loss_guard_compare(struct loss_guard_list *list, const struct loss_guard_migration *migration,
							   const char *before, const char *after, const char *dropped);

/*
 * loss_guard_meets_others - may the transaction have destroyed data of a table that another session created after
 * `before`? Then it is to be run again, with that table in `before`. `gone`: the relations with an OID above the
 * highest of `before` whose drop it holds a lock for; `ours`: those that it has written. A dropped table with a lower
 * OID is missed: its session committed it much later than it was created. Pure.
 */
bool		loss_guard_meets_others(const char *before, const char *after, const char *dropped, const char *gone,
									const char *ours);

/* loss_guard_note_made - add the tables that a transaction has created between two answers to migration->made. Pure. */
void		loss_guard_note_made(struct loss_guard_migration *migration, const char *before, const char *after);

/* The counters at the start of an answer, of pg_attribute and pg_class. loss_guard_catalog is pure; NULL: zeros. */
struct loss_guard_catalog {
	long		updates;		/* of columns */
	long		drops;
	long		creations;
	long		highest;		/* oid */
};

struct loss_guard_catalog loss_guard_catalog(const char *answer);

/*
 * loss_guard_known - return the tables of an answer (NULL: none) as the text of an SQL array of OIDs, a new string.
 * Sets *highest to the highest OID, 0 if there is none. Pure.
 */
char	   *loss_guard_known(const char *answer, long *highest);

/*
 * loss_guard_forgive_moves - remove from the list the rows that have only moved between partitions: in the whole tree,
 * no more rows are deleted than inserted. `parents` has "child parent" for each partition of the database. Pure.
 */
void		loss_guard_forgive_moves(struct loss_guard_list *list, const char *before, const char *after,
									 const char *parents);

/* The check of one transaction, or of the tries at it. Zero with a consent is a new one. */
struct loss_guard {
	struct loss_guard_consent *consent; /* borrowed; NULL: nothing was agreed to */
	struct loss_guard_migration *migration; /* borrowed; NULL: it is one transaction */
	struct loss_guard_list empty;	/* gone in the last try; held no more than agreed to; names are quoted */
	int			times;			/* that it was run again */
};

void		loss_guard_clear(struct loss_guard *guard);

/*
 * loss_guard_expect - the transaction will drop these items (NULL: it is not known), whose names are SQL. Those that
 * hold nothing, or no more than was agreed to, are looked at when it begins, so that it need not be run again for them.
 */
void		loss_guard_expect(struct loss_guard *guard, const struct loss_guard_list *expected);

/* loss_guard_watches - is there anything to be checked? */
bool		loss_guard_watches(const struct loss_guard *guard);

/* loss_guard_add_before - at the beginning of the transaction. The search path does not matter. Returns its place. */
size_t		loss_guard_add_before(struct pipeline *pipeline);

/*
 * loss_guard_add_empty - at the beginning of a transaction: what held nothing, or no more than agreed, is locked, and
 * the batch fails if it has come to hold more since, is not there any more, or has another name, whatever has its name
 * now; or if a policy may hide its rows. loss_guard_filled: is that why a command has failed? Then it is worth one more
 * try, in which nothing is known to be empty.
 */
void		loss_guard_add_empty(struct pipeline *pipeline, const struct loss_guard *guard);
bool		loss_guard_filled(struct loss_guard *guard, const struct pipeline_command *failed);

/*
 * loss_guard_add_after - as its last commands, after session_add_record_settings; what was deferred is done first.
 * `before`: the answer of the last loss_guard_add_after, if the session has not been idle outside a transaction since,
 * and there was no loss_guard_add_before; or NULL.
 */
void		loss_guard_add_after(struct pipeline *pipeline, const char *before);

/* loss_guard_counts - the answer of a probe at this place of a batch that was run, borrowed from it. */
const char *loss_guard_counts(const struct pipeline *pipeline, size_t place);

enum loss_guard_verdict {
	LOSS_GUARD_PASSED,				/* to be committed */
	LOSS_GUARD_AGAIN,				/* rolled back; what is gone held nothing, so it is to be run again */
	LOSS_GUARD_REFUSED				/* rolled back and reported, but for where the database stands, and the hint */
};

/*
 * loss_guard_check - in the open transaction, whose last command was loss_guard_add_after's: may it be committed?
 * `moves`: its statements say that they update rows, and not that they delete any, so that rows may have moved between
 * partitions.
 */
enum loss_guard_verdict loss_guard_check(struct loss_guard *guard, struct session *session,
										 const struct pipeline *pipeline,
										 const char *before, bool moves, const char *title);

#endif
