/*
 * predict.h - would an upgrade of a live database, from each version that it could be stamped with, end with the schema
 * of the target? Pure.
 *
 * The live facts, plus those that the pending migrations add, change and ensure, minus those that they drop, are the
 * schema at the end. A pending migration fails if an object that it needs is not there at that time, or if it creates
 * one that is there, unless its statements skip that. Rows, which a migration may find unfit, are not looked at.
 * Owners, privileges, comments and settings are not compared.
 */
#ifndef PREDICT_H
#define PREDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/compare.h"
#include "schema/fact.h"

enum predict_kind {
	PREDICT_MISSING,			/* the fact is missing at the end, or an index is invalid */
	PREDICT_DIFFERENT,			/* it is there in another form */
	PREDICT_REFUSES,			/* a constraint or index, which is not part of the target, refuses rows; not counted */
	PREDICT_STAYS,				/* so is a type that is no longer there under this name at the end: it is renamed */
	PREDICT_NEED,				/* the migration fails without it */
	PREDICT_EXISTS,				/* the migration fails because it exists */
	PREDICT_FOREIGN,			/* the migration changes the type of a column, which is one of no version */
	PREDICT_TAKEN,				/* the migration fails because another object has its name */
	PREDICT_USED,				/* the migration fails because an object depends on a column that it alters */
	PREDICT_OWNED,				/* the migration makes a view again, and may not, because of its owner; the table it reads */
	PREDICT_REMOVED,			/* the migration renames or drops the index by its name, which is another object's */
	PREDICT_HIDDEN,				/* policies hide rows of the table from the migration, which is to change them */
	PREDICT_SKIPPED				/* the migration does not create it for that reason, or under another name */
};

/* An obstacle to an upgrade from each of the versions `first` to `last`. */
struct predict_item {
	enum predict_kind kind;
	int			first;
	int			last;
	int			migration;		/* PREDICT_NEED and from PREDICT_EXISTS on: the one that fails or skips it */
	enum fact_kind fact;
	const char *name;			/* borrowed from the history */
	/*
	 * From PREDICT_TAKEN on, but for PREDICT_HIDDEN: the other object; PREDICT_NEED and PREDICT_MISSING: one that has the
	 * name, if there is one, or the index itself, which is invalid.
	 */
	const struct fact *other;	/* borrowed; or NULL */
	int			since;			/* PREDICT_MISSING and PREDICT_NEED: the version that creates it */
};

struct predict_version {
	size_t		differences;	/* of the version itself, with those that follow from others */
	size_t		notes;			/* other names of indexes, and what a downgrade from a later version leaves */
	size_t		left;			/* facts that are missing or different at the end */
	size_t		failures;		/* reasons for a failure on the way */
};

/* Zero is empty. */
struct prediction {
	int			target;
	struct predict_version *versions;	/* from 0 to the target */
	size_t		item_count;
	struct predict_item *items;
};

/* Questions about the texts of the up sections; schema/built_facts.h answers them for this build. */
struct predict_ups {
	/* Does the one to `version` drop an invalid index of this name, without that of its table, and build it again? */
	bool		(*rebuilds) (int version, const char *index);
	/* Does it give a column, "t.c", its new type by ALTER TABLE, even if the column has that type already? */
	bool		(*retypes) (int version, const char *column);
	/* Does it have this name as a word? */
	bool		(*names) (int version, const char *name);
};

/* predict - fill in *prediction, which is overwritten; call predict_clear. */
void		predict(struct prediction *prediction, const struct compare_sides *sides, int target,
					const struct predict_ups *ups);

/* How an upgrade ends because of an item. */
enum predict_effect {
	PREDICT_FAILS,
	PREDICT_LEAVES_MISSING,
	PREDICT_LEAVES_DIFFERENT
};

/* predict_in_place - the other object that has the name of a missing one, so that it cannot be added; NULL: none has. */
const struct fact *predict_in_place(const struct predict_item *item);

/* predict_effect - how an upgrade ends because of the item. */
enum predict_effect predict_effect(const struct predict_item *item);

/* predict_fails - does an upgrade fail because of the item, or else end incomplete? */
bool		predict_fails(const struct predict_item *item);

/* predict_complete - would an upgrade from this version end complete? */
bool		predict_complete(const struct prediction *prediction, int version);

/* predict_better - does the schema match version `one` better? What a downgrade has left is no difference, but a sign. */
bool		predict_better(const struct predict_version *one, const struct predict_version *other);

/*
 * predict_stamp - the version that a database at `version` could be stamped with so that an upgrade would end complete:
 * the version itself, or the nearest lower one; -1: there is none.
 */
int			predict_stamp(const struct prediction *prediction, int version);

/* predict_next - the next item about this version from *at on, which begins as 0; NULL: there is none. */
const struct predict_item *predict_next(const struct prediction *prediction, int version, size_t *at);

/* predict_line - an item in one line: a new string. */
char	   *predict_line(const struct predict_item *item);

/* predict_clear - free it. */
void		predict_clear(struct prediction *prediction);

#endif
