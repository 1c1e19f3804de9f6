/*
 * diff.h - compare the actual schema with the expected one. Pure.
 *
 * Differences that follow from another one are not listed: the columns of a missing table, an index on a missing
 * column. Harmless differences are notes: column order, order of enum labels, the name of an index, a label of a later
 * version.
 */
#ifndef DIFF_H
#define DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/catalog.h"

enum diff_kind {
	DIFF_MISSING,
	DIFF_EXTRA,
	DIFF_CHANGED,			/* in one property */
	DIFF_RENAMED,			/* an index or constraint that has another name */
	DIFF_ORDER					/* of the columns of a table, or of the labels of a type */
};

struct diff_item {
	enum diff_kind kind;
	bool		note;			/* it is harmless */
	bool		untrusted;		/* set by the caller: an untrusted role owns the object, so repair_sql has no SQL */
	const struct catalog_fact *is;		/* NULL if it is missing; borrowed from the catalogs */
	const struct catalog_fact *should;	/* NULL if it is extra */
	int			property;		/* DIFF_CHANGED: the index of the value */
};

/* Zero is empty. */
struct diff {
	size_t		count;
	struct diff_item *items;	/* ordered by group */
	size_t		notes;			/* the number of items that are notes */
	size_t		implied;		/* the number of differences that follow from others and are not items */
	size_t		missing_count;	/* all missing facts, implied or not */
	const struct catalog_fact **missing;
};

/* Which facts to compare. */
enum diff_scope {
	DIFF_ALL,
	DIFF_SHAPE					/* without owners and privileges */
};

/* diff_compare - find the differences. *diff is overwritten, borrows from both catalogs, and is freed by diff_clear. */
void		diff_compare(struct diff *diff, const struct catalog *is, const struct catalog *should,
						 enum diff_scope scope);

/* diff_excuse_labels - turn extra labels that are in `later` into notes: a downgrade cannot drop them. */
void		diff_excuse_labels(struct diff *diff, const struct catalog *later);

/* diff_has_extra_labels - is there an extra label that is not a note? */
bool		diff_has_extra_labels(const struct diff *diff);

/* diff_group - the table or type under which a difference is listed. */
const char *diff_group(const struct diff_item *difference);

/* diff_word - the kind in a word: "missing", "extra", "changed", "renamed", "order". */
const char *diff_word(const struct diff_item *difference);

/* diff_name - the name of a fact, quoted if it could be mistaken for more than a name; a new string. */
char	   *diff_name(const struct catalog_fact *fact);

/* diff_text - the difference in one line: a new string. */
char	   *diff_text(const struct diff_item *difference);

/* diff_clear - free the differences. */
void		diff_clear(struct diff *diff);

#endif
