/*
 * allow.h - "-- lint:allow RULE: reason": why a statement may break a rule of lint_rule.h.
 *
 * Each is a line of its own, among the comments before the statement that it is about; or in the head of the file,
 * before "-- migrate:up", and then about every statement of the up. Only ups are linted, so it stands nowhere else.
 * What a quoted string or a block comment says is no directive; in the body of a DO block or a function a line that
 * reads like one is refused, since it would be of no effect. Whether an allow is needed is for the linter to say.
 */
#ifndef ALLOW_H
#define ALLOW_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/*
 * allow_read - set the allows of the migration, from its head, and of the statements of its up.
 *
 * Its sections are split already. Complains, and returns false, of an unknown directive or rule, of a missing reason,
 * of an allow in the wrong place, and of a second one for the same rule.
 */
bool		allow_read(const struct input *input, struct migration *migration);

/* allow_none - complain of every allow in a file without sections, which is `body`. False where there is one. */
bool		allow_none(const struct input *input, const struct section *body);

#endif
