/*
 * allow.h - "-- lint:allow RULE: reason" lines: why a statement may break a rule of history/lint_rule.h.
 *
 * Each is a line of its own, among the comments before the statement that it applies to. In the head of the file,
 * before "-- migrate:up", it applies to every statement of the up section. Only up sections are linted, so it is
 * allowed nowhere else. Strings and block comments contain no directives. In the body of a DO block or a function, such
 * a line is an error, because it would have no effect. Whether the statement breaks the rule at all is for lint to
 * decide.
 */
#ifndef ALLOW_H
#define ALLOW_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/*
 * allow_read - read the lines of a migration; set allows and allow_count of the migration and of its up statements.
 *
 * The sections must be split already. Adds an error and returns false for an unknown directive or rule, a missing
 * reason, a line in the wrong place, and a duplicate.
 */
bool		allow_read(const struct source_input *input, struct history_migration *migration);

/* allow_refuse - add an error for each such line in a file without sections, `body`. Returns false if there is one. */
bool		allow_refuse(const struct source_input *input, const struct history_section *body);

#endif
