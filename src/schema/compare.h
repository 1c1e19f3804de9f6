/*
 * compare.h - compare the facts of a live database with those of a version. Pure.
 *
 * Differences that follow from another one are counted, not listed: the columns and privileges of a missing table, an
 * index on a missing column. Harmless differences are notes: column order, the name of an index, a label that a
 * downgrade has left, and objects that are not compared.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "history/history.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"

enum compare_kind {
	COMPARE_MISSING,
	COMPARE_EXTRA,
	COMPARE_CHANGED,			/* in one property */
	COMPARE_RENAMED,			/* an index or constraint that has another name */
	COMPARE_ORDER,				/* of the columns of a table, or of the labels of a type */
	COMPARE_UNKNOWN,			/* a property that cannot be compared on this server */
	COMPARE_IGNORED,			/* an object that is not compared (migrations/SETTINGS) */
	COMPARE_NO_ROLE				/* privileges or ownership of a role that does not exist on this server */
};

enum compare_reason {
	COMPARE_NO_REASON,
	COMPARE_LEFT,				/* a downgrade from a later version leaves it so */
	COMPARE_LOST_BY_DUMP,		/* pg_dump does not keep what belongs to the database itself */
	COMPARE_HARMLESS,			/* a property that the version does not set: compare_harmless.h */
	COMPARE_SETTING,			/* a setting that changes neither what is enforced nor where objects go */
	COMPARE_OTHER_ROLE			/* privileges of a role that no version grants any */
};

struct compare_item {
	enum compare_kind kind;
	enum compare_reason reason;
	const char *group;			/* the object under which it is listed: of a column, the table; "" for none */
	bool		note;			/* it is harmless */
	bool		refuses;		/* an extra constraint or index refuses rows that the version allows */
	bool		untrusted;		/* set by the caller: an untrusted role owns the object, so repair_sql has no SQL */
	bool		withheld;		/* SQL for it alone would do harm; the caller may set it, too */
	const struct fact *renamed; /* of a missing label or column: the extra one that may be it, renamed; or NULL */
	int			version;		/* compared with */
	const struct fact *is;		/* NULL if it is missing */
	const struct fact *should;	/* NULL if it is extra; in the form that this server prints */
	int			until;			/* the version from which on `should` is not so any more */
	bool		loosely;		/* COMPARE_UNKNOWN: it is the same without parentheses and the names of tables */
	const char *label;			/* COMPARE_CHANGED, COMPARE_UNKNOWN: the property; otherwise NULL */
	const char *is_value;		/* its values, unescaped; NULL: it has none. Of privileges always, with the defaults */
	const char *should_value;
	const char *why;			/* COMPARE_IGNORED: the reason; COMPARE_NO_ROLE and COMPARE_OTHER_ROLE: the role;
								 * of the owner of the database: its name, or NULL */
	const char *role;			/* of a privilege, as in SQL: not "@" */
	size_t		objects;		/* with `why`: how many there are; only the first one is named */
};

/* Zero is empty. */
struct comparison {
	struct arena arena;
	size_t		count;
	struct compare_item *items;	/* ordered by group; first those that belong to no object */
	size_t		differences;	/* items that are neither notes nor without comparison */
	size_t		notes;
	size_t		uncompared;		/* COMPARE_UNKNOWN, COMPARE_IGNORED and COMPARE_NO_ROLE */
	size_t		implied;		/* differences that follow from others and are not items */
};

/* The two sides to compare; the result borrows the facts of `live` and `history`. */
struct compare_sides {
	const struct live *live;
	const struct fact_history *history;
	size_t		ignore_count;
	const struct history_ignore *ignores;
	const char *database;		/* its name as in SQL; NULL: not known */
	bool		early;			/* of a table or type that is there, though only a later version creates it: look for what it
								 * lacks, as that version creates it and the last one has it */
};

/* compare - find the differences. *comparison is overwritten; call compare_clear. */
void		compare(struct comparison *comparison, const struct compare_sides *sides, int version);

/* compare_is_shape - is a fact, or a property of it (NULL: the fact), no owner, privilege, comment or setting? */
bool		compare_is_shape(enum fact_kind kind, const char *label, size_t length);

/*
 * compare_word - the kind in a word: "missing", "extra", "changed", "renamed", "order", "unknown", "ignored", "role".
 */
const char *compare_word(const struct compare_item *item);

/* compare_is_uncompared - could it not be compared: COMPARE_UNKNOWN, COMPARE_IGNORED, COMPARE_NO_ROLE? */
bool		compare_is_uncompared(const struct compare_item *item);

/*
 * compare_row_security - the statement that turns off row security which the version does not have: a new string. No
 * command runs it, since it opens access. NULL: it is another difference.
 */
char	   *compare_row_security(const struct compare_item *item);

/* compare_name - the name of a fact without that of the table or type that it belongs to; borrowed. */
const char *compare_name(const struct fact *fact);

/* compare_line - the item in one line: a new string. `server` is the server's version: 150004. */
char	   *compare_line(const struct compare_item *item, int server);

/* compare_clear - free it. */
void		compare_clear(struct comparison *comparison);

#endif
