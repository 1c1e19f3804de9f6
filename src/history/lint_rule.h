/*
 * lint_rule.h - the names of the lint rules, which say what a migration must not do on a live archive.
 * docs/lint/NAME.md explains each rule. Pure; the generator uses it too, to read "-- lint:allow NAME: reason".
 */
#ifndef LINT_RULE_H
#define LINT_RULE_H

#include <stddef.h>

enum lint_rule {
	LINT_LOCKED_SCAN,			/* scans or rewrites a table under a lock that blocks readers or writers */
	LINT_CREATE_INDEX,			/* CREATE INDEX without CONCURRENTLY: locks the table in mode SHARE */
	LINT_VALIDATED_CONSTRAINT,	/* adds a constraint and validates it in the same step */
	LINT_SET_NOT_NULL,			/* SET NOT NULL without a validated check constraint */
	LINT_REWRITE,				/* rewrites a table */
	LINT_WORK_AFTER_EXCLUSIVE,	/* works while an earlier statement's ACCESS EXCLUSIVE lock is held */
	LINT_REQUIRED_COLUMN,		/* a column that every INSERT must fill now, and that older software does not know */
	LINT_DROP_OR_RENAME,		/* drops or renames a table or column that the archive may be using */
	LINT_DROPPED_DEPENDENCY,	/* the same of another object, or CASCADE drops what is not named */
	LINT_PLAIN_DROP_INDEX,		/* DROP INDEX without CONCURRENTLY */
	LINT_UNINDEXED_FOREIGN_KEY,
	LINT_UNBATCHED_ROWS,		/* UPDATE or DELETE that is not a batched statement */
	LINT_WHOLE_TABLE_WRITE,		/* copies the rows of a table in one statement */
	LINT_UNMEASURED_WORK,		/* code that loops over rows: what it does in all was not measured */
	LINT_EXPLICIT_LOCK,			/* LOCK TABLE */
	LINT_DISABLED_TRIGGER,		/* triggers or constraints are disabled */
	LINT_BLOCKED_STATEMENT,		/* a rule replaces statements of other software, or row security hides all rows */
	LINT_TRUNCATE,
	LINT_SESSION_SETTINGS,		/* changes a setting and does not reset it */
	LINT_CUT_IDENTIFIER,		/* uses an identifier longer than 63 bytes */
	LINT_HIDDEN_DROP,			/* of a down: drops an object in code, not by a DROP of its own */
	LINT_RULE_COUNT
};

/* lint_rule_name - the rule's name: "locked-scan" and so on. */
const char *lint_rule_name(enum lint_rule rule);

/* lint_rule_find - the rule whose name is the `length` bytes at `name`; LINT_RULE_COUNT if there is none. */
enum lint_rule lint_rule_find(const char *name, size_t length);

#endif
