/*
 * rules.h - statements that are not allowed in migrations, or not in one kind of section.
 *
 * Whether a statement can be repeated is decided in repeat.h.
 */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>

#include "history/history.h"
#include "history/sql_lexer.h"
#include "source.h"

/*
 * rules_statement - check one statement of `section`, whose words are `phrase`.
 *
 * Adds an error and returns false for a statement that controls transactions, releases the advisory lock of the
 * session, names track_counts, copies from or to the client, or cannot run in this kind of section.
 */
bool		rules_statement(const struct source_input *input, const struct history_section *section,
							const struct history_statement *statement, const struct sql_lexer_phrase *phrase);

/*
 * rules_grants - check the statements of grants.sql, which is run after every change without a question.
 *
 * Adds an error and returns false for each that may destroy data, and for each that is not GRANT, REVOKE, ALTER DEFAULT
 * PRIVILEGES or DO. What a DO block does is left to the check before COMMIT.
 */
bool		rules_grants(const struct source_input *input, const struct history_section *body);

/*
 * rules_alone - check that a statement with CONCURRENTLY is the only one in its section, and that the other section
 * has one such statement or none.
 *
 * Adds an error and returns false if not.
 */
bool		rules_alone(const struct source_input *input, const struct history_section *up,
						const struct history_section *down);

#endif
