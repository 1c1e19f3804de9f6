/*
 * lint.h - what a measured migration would do to a live archive: the rules that it breaks, and whom it blocks. Pure.
 */
#ifndef LINT_H
#define LINT_H

#include "history/lint_rule.h"
#include "plan/effects.h"

struct lint_finding {
	enum lint_rule rule;
	size_t		statement;
	const char *table;			/* borrowed from the measurement; NULL: it is about no table */
	char	   *text;			/* what is wrong, in a sentence's words */
	const struct history_allow *allow;	/* why it may be so; NULL: it may not */
};

/* Zero is nothing found. */
struct lint {
	size_t		count;
	struct lint_finding *findings;	/* by statement */
	size_t		unneeded_count;
	const struct history_allow **unneeded;	/* allows that nothing has needed */
};

/* lint_find - judge a measurement, which must outlive the result. */
struct lint	lint_find(const struct effects *measurement);

/* lint_passes - is all of it allowed, and all that is allowed needed? */
bool		lint_passes(const struct lint *lint);

void		lint_clear(struct lint *lint);

/*
 * lint_blocks - the strongest lock, on any table that was there before, under which a statement works on the rows of
 * one: SHARE and above block writers, ACCESS EXCLUSIVE blocks everything. MODE_NONE where it works on none, or blocks
 * nobody.
 */
enum lock_mode lint_blocks(const struct effects *measurement, size_t statement);

#endif
