/* The names of the lint rules. */
#include "history/lint_rule.h"

#include <string.h>

#include "base/banned.h"

static const char *const names[LINT_RULE_COUNT] = {
	[LINT_LOCKED_SCAN] = "locked-scan",
	[LINT_CREATE_INDEX] = "create-index",
	[LINT_VALIDATED_CONSTRAINT] = "validated-constraint",
	[LINT_SET_NOT_NULL] = "set-not-null",
	[LINT_REWRITE] = "rewrite",
	[LINT_WORK_AFTER_EXCLUSIVE] = "work-after-exclusive",
	[LINT_REQUIRED_COLUMN] = "required-column",
	[LINT_DROP_OR_RENAME] = "drop-or-rename",
	[LINT_DROPPED_DEPENDENCY] = "dropped-dependency",
	[LINT_PLAIN_DROP_INDEX] = "plain-drop-index",
	[LINT_UNINDEXED_FOREIGN_KEY] = "unindexed-foreign-key",
	[LINT_UNBATCHED_ROWS] = "unbatched-rows",
	[LINT_WHOLE_TABLE_WRITE] = "whole-table-write",
	[LINT_UNMEASURED_WORK] = "unmeasured-work",
	[LINT_EXPLICIT_LOCK] = "explicit-lock",
	[LINT_DISABLED_TRIGGER] = "disabled-trigger",
	[LINT_BLOCKED_STATEMENT] = "blocked-statement",
	[LINT_TRUNCATE] = "truncate",
	[LINT_SESSION_SETTINGS] = "session-settings",
	[LINT_CUT_IDENTIFIER] = "cut-identifier",
	[LINT_HIDDEN_DROP] = "hidden-drop",
};

const char *
lint_rule_name(enum lint_rule rule)
{
	return names[rule];
}

enum lint_rule
lint_rule_find(const char *name, size_t length)
{
	enum lint_rule rule = 0;

	while (rule < LINT_RULE_COUNT && (strlen(names[rule]) != length || memcmp(names[rule], name, length) != 0))
		rule++;
	return rule;
}
