/*
 * diff.h - compare the schema that there is with the one that there should be. Pure.
 *
 * What only follows from another difference is none of its own: the columns of a table that is missing, the index on a
 * column that is. What cannot matter is a note: the order of columns and of enum labels, an index that has another
 * name, a label that a later version adds.
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
	DIFF_ORDER			/* of the columns of a table, or of the labels of a type */
};

struct diff_item {
	enum diff_kind kind;
	bool		note;			/* it cannot matter */
	bool		untrusted;		/* it is of an object of a role that is not trusted: no SQL may touch that */
	const struct catalog_fact *is;		/* NULL where it is missing; borrowed from the catalogs */
	const struct catalog_fact *should;	/* NULL where it is too much */
	int			property;		/* which one is changed */
};

/* Zero is none. */
struct diff {
	size_t		count;
	struct diff_item *items;	/* ordered by group */
	size_t		notes;			/* so many of them are notes */
	size_t		implied;		/* and so many more only follow from these */
	size_t		missing_count;	/* what should be there and is not, implied or not */
	const struct catalog_fact **missing;
};

/* Which facts to compare. */
enum diff_scope {
	DIFF_ALL,
	DIFF_SHAPE					/* not whose it is and who may use it */
};

/* diff_compare - the differences; *diff is overwritten and borrows from both catalogs. */
void		diff_compare(struct diff *diff, const struct catalog *is, const struct catalog *should,
						 enum diff_scope scope);

/* diff_excuse_labels - a label too much that is in `later` becomes a note: a downgrade cannot take it away. */
void		diff_excuse_labels(struct diff *diff, const struct catalog *later);

/* diff_has_extra_labels - is there one that could be excused? */
bool		diff_has_extra_labels(const struct diff *diff);

/* diff_group - the table or type that a difference is listed under; "" for none. */
const char *diff_group(const struct diff_item *difference);

/* diff_word - "missing", "extra", "changed", "renamed", "order". */
const char *diff_word(const struct diff_item *difference);

/* diff_text - what is and what should be, in one line; a new string. */
char	   *diff_text(const struct diff_item *difference);

void		diff_clear(struct diff *diff);

#endif
