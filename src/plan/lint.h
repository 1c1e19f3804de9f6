/*
 * lint.h - judge the measured effects of a migration: the rules that it breaks, the locks under which it works. Pure.
 *
 * history/lint_rule.h lists the rules, docs/lint/ explains them.
 */
#ifndef LINT_H
#define LINT_H

#include "history/lint_rule.h"
#include "plan/effects.h"

struct lint_finding {
	enum lint_rule rule;
	size_t		statement;
	const char *table;			/* borrowed from the effects; NULL: no table is concerned */
	char	   *text;			/* the fault, for people */
	const struct history_allow *allow;	/* NULL: the rule is broken without permission */
};

/* Zero is empty. */
struct lint {
	size_t		count;
	struct lint_finding *findings;	/* by statement */
	size_t		unneeded_count;
	const struct history_allow **unneeded;	/* permissions that no statement needed */
};

/* lint_find - judge the effects. The result borrows from them. Free it with lint_clear. */
struct lint	lint_find(const struct effects *effects);

/* lint_clear - free the findings. */
void		lint_clear(struct lint *lint);

/*
 * lint_blocks - the strongest lock, on any table that existed before, under which a statement works on rows: SHARE and
 * stronger locks block writers, ACCESS EXCLUSIVE blocks readers too. MODE_NONE if it works on no rows or blocks no
 * session.
 */
enum lock_mode lint_blocks(const struct effects *effects, size_t statement);

#endif
