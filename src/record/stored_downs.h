/*
 * stored_downs.h - read the stored down statements that a downgrade needs: are they all there, and intact?
 *
 * All are read in one query, before anything is run. Versions that this build has need none, unless the SQL that was
 * applied is another one; but if there are some, they are run, because they leave out what would take objects that the
 * database had before the migration.
 */
#ifndef STORED_DOWNS_H
#define STORED_DOWNS_H

#include <stdbool.h>
#include <stddef.h>

#include "history/statement_list.h"
#include "pg/session.h"
#include "record/record.h"

enum stored_downs_reason {
	STORED_DOWNS_MISSING,		/* not stored */
	STORED_DOWNS_DAMAGED,		/* stored, but they do not match their checksum */
	STORED_DOWNS_UNSUPPORTED	/* of a kind that this build does not know */
};

/* A range of versions whose down statements cannot be used. */
struct stored_downs_gap {
	int			first;
	int			last;
	enum stored_downs_reason reason;
	char	   *build;			/* the build that recorded them; NULL: none did */
};

/* The stored down statements of a version. They match their checksum. */
struct stored_downs_item {
	int			version;
	struct statement_list list;
	char	   *drops;			/* what they drop (history/drops.h); NULL: that is not stored */
};

/* Zero: not read. */
struct stored_downs {
	bool		known;			/* the record could be read */
	bool		by_hand;		/* no recorded change led to the version: it may have been set by hand */
	char	   *trouble;		/* the error, if not known; NULL: the role lacks the privilege */
	size_t		count;
	struct stored_downs_gap *gaps;	/* ordered by version */
	size_t		item_count;
	struct stored_downs_item *items;	/* ordered by version */
};

/*
 * stored_downs_find - read those of the versions from `version` down to `target`. *downs is overwritten. Reports
 * nothing; call stored_downs_clear in any case.
 */
void		stored_downs_find(struct stored_downs *downs, struct session *session, const struct record *record,
							  int version, int target);

/* stored_downs_complete - can all these down statements be used? */
bool		stored_downs_complete(const struct stored_downs *downs);

/* stored_downs_of - the stored down statements of a version; NULL: there are none that can be used. */
struct stored_downs_item *stored_downs_of(const struct stored_downs *downs, int version);

/* stored_downs_gaps - the versions whose down statements cannot be used, as "38, 40 to 42", a new string. */
char	   *stored_downs_gaps(const struct stored_downs *downs);

/* stored_downs_report_gaps - report each gap as a detail: are the down statements missing, damaged or unsupported? */
void		stored_downs_report_gaps(const struct stored_downs *downs);

/* stored_downs_report - report why a downgrade to `target` is refused, with hints. */
void		stored_downs_report(const struct stored_downs *downs, const struct record *record, int target);

/*
 * stored_downs_hint - hint what to do with a database that is ahead of this build: use the newer build or, unless there
 * are gaps, downgrade to `target`. `incomplete` is the incomplete migration that the downgrade reverts, or 0. If the
 * version may have been set by hand, also hint how to correct it.
 */
void		stored_downs_hint(const struct stored_downs *downs, int incomplete, int target);

/* stored_downs_clear - free what was read. */
void		stored_downs_clear(struct stored_downs *downs);

#endif
