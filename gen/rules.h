/*
 * rules.h - statements that may not stand in any section, or not in one of its kind.
 *
 * Whether a statement can be repeated is judged in repeat.h.
 */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>

#include "history/history.h"
#include "history/sql_lexer.h"
#include "source.h"

/*
 * rules_statement - complain of a statement, whose words are `phrase`, that controls transactions or
 * track_counts, that copies from or to the client, or that needs another kind of section than `section`.
 *
 * False where it did.
 */
bool		rules_statement(const struct input *input, const struct section *section,
							const struct statement *statement, const struct sql_lexer_phrase *phrase);

/*
 * rules_grants - complain of each statement of grants.sql, which nobody is asked about, that may destroy data or does
 * something else than privileges; its DO blocks are for the check before COMMIT. False where it did.
 */
bool		rules_grants(const struct input *input, const struct section *body);

/*
 * rules_alone - complain where a CONCURRENTLY does not stand alone in its migration: one statement in its section, and
 * in the other none, or one of its kind. False where it did.
 */
bool		rules_alone(const struct input *input, const struct section *up, const struct section *down);

#endif
