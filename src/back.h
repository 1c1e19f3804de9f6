/*
 * back.h - the way back from a version: which down statements on it are not there, or not to be trusted?
 *
 * What this build has itself needs no record. All the rest is looked at in one query, before anything is run.
 */
#ifndef BACK_H
#define BACK_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"
#include "state.h"

enum gap_reason {
	GAP_MISSING,				/* not on record */
	GAP_DAMAGED,				/* on record, but not as it was recorded */
	GAP_STRANGE					/* of a kind that this build does not know */
};

/* Versions whose down statements cannot be had. */
struct gap {
	int			first;
	int			last;
	enum gap_reason reason;
	char	   *build;			/* who recorded them; NULL: nobody */
};

/* Zero is a way without gaps. */
struct back {
	bool		known;			/* false: it could not be looked at */
	bool		by_hand;		/* no change is recorded that led to the version: it may have been set by hand */
	char	   *trouble;		/* why not; NULL: the record may not be read */
	size_t		count;
	struct gap *gaps;			/* ordered by version */
};

/* back_find - look at the way from `version` to `target`. *back is overwritten; clear it in any case. */
void		back_find(struct back *back, struct session *session, const struct state *state, int version, int target);

/* back_open - may it be gone? */
bool		back_open(const struct back *back);

/* back_gaps - which versions are in the way, as "38, 40 to 42", a new string. */
char	   *back_gaps(const struct back *back);

/* back_report - report why it cannot be gone to `target`, and what to do. */
void		back_report(const struct back *back, const struct state *state, int target);

/*
 * back_hint - report what to do with a database that has got beyond this build: take the newer one, or, unless there
 * are gaps, go back to `target`; `word` says that for the case ("go back", "undo it"). Where the version may have been
 * set by hand, how to correct it.
 */
void		back_hint(const struct back *back, const char *word, int target);

void		back_clear(struct back *back);

#endif
