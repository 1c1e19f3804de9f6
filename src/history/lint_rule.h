/*
 * lint_rule.h - the names of the rules that a migration should not break on a live archive; docs/lint/NAME.md explains
 * each. Pure, and shared with the generator, which reads "-- lint:allow NAME: reason".
 */
#ifndef LINT_RULE_H
#define LINT_RULE_H

#include <stddef.h>

enum lint_rule {
	LINT_LOCKED_SCAN,			/* a lock that blocks readers or writers while a table is scanned or rewritten */
	LINT_CREATE_INDEX,			/* SHARE from a plain CREATE INDEX */
	LINT_VALIDATED_CONSTRAINT,	/* a new constraint that is validated at once */
	LINT_SET_NOT_NULL,			/* without a validated check */
	LINT_REWRITE,				/* a table is written anew */
	LINT_WORK_AFTER_EXCLUSIVE,	/* work, while an earlier statement's ACCESS EXCLUSIVE is held */
	LINT_DROP_OR_RENAME,		/* a table or column that the archive may be using */
	LINT_UNINDEXED_FOREIGN_KEY,
	LINT_UNBATCHED_ROWS,		/* UPDATE or DELETE that is not a batch */
	LINT_ENUM_VALUE_USED,		/* in the transaction that adds it */
	LINT_TRUNCATE,
	LINT_SESSION_SETTINGS,		/* left behind */
	LINT_CUT_IDENTIFIER,		/* longer than 63 bytes */
	LINT_RULE_COUNT
};

/* lint_rule_name - "locked-scan" and so on. */
const char *lint_rule_name(enum lint_rule rule);

/* lint_rule_find - the rule whose name is the `length` bytes at `name`; LINT_RULE_COUNT where there is none. */
enum lint_rule lint_rule_find(const char *name, size_t length);

#endif
