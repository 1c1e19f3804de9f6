/*
 * stored_downs.h - the way back from a version: which down statements on it are not there, or not to be trusted?
 *
 * What this build has itself needs no record. All the rest is looked at in one query, before anything is run.
 */
#ifndef STORED_DOWNS_H
#define STORED_DOWNS_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"
#include "record/record.h"

enum stored_downs_reason {
	STORED_DOWNS_MISSING,				/* not on record */
	STORED_DOWNS_DAMAGED,				/* on record, but not as it was recorded */
	STORED_DOWNS_UNSUPPORTED					/* of a kind that this build does not know */
};

/* Versions whose down statements cannot be had. */
struct stored_downs_gap {
	int			first;
	int			last;
	enum stored_downs_reason reason;
	char	   *build;			/* who recorded them; NULL: nobody */
};

/* Zero is a way without gaps. */
struct stored_downs {
	bool		known;			/* false: it could not be looked at */
	bool		by_hand;		/* no change is recorded that led to the version: it may have been set by hand */
	char	   *trouble;		/* why not; NULL: the record may not be read */
	size_t		count;
	struct stored_downs_gap *gaps;			/* ordered by version */
};

/* stored_downs_find - look at the way from `version` to `target`. *back is overwritten; clear it in any case. */
void		stored_downs_find(struct stored_downs *back, struct session *session, const struct record *record,
							  int version, int target);

/* stored_downs_complete - may it be gone? */
bool		stored_downs_complete(const struct stored_downs *back);

/* stored_downs_gaps - which versions are in the way, as "38, 40 to 42", a new string. */
char	   *stored_downs_gaps(const struct stored_downs *back);

/* stored_downs_report - report why it cannot be gone to `target`, and what to do. */
void		stored_downs_report(const struct stored_downs *back, const struct record *record, int target);

/*
 * stored_downs_hint - report what to do with a database that has got beyond this build: take the newer one, or, unless
 * there are gaps, go back to `target`; `word` says that for the case ("go back", "undo it"). Where the version may
 * have been set by hand, how to correct it.
 */
void		stored_downs_hint(const struct stored_downs *back, const char *word, int target);

void		stored_downs_clear(struct stored_downs *back);

#endif
