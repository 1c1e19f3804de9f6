/*
 * repeat.h - can a statement be run again where it may have run before?
 *
 * Asked where a run may stop between two statements (transaction:false), and of what runs after every change. It knows
 * DDL, INSERT and COPY; what a DO block, an UPDATE or a function does is its author's to know.
 */
#ifndef REPEAT_H
#define REPEAT_H

#include <stdbool.h>

#include "history/history.h"
#include "history/sql_lexer.h"
#include "source.h"

/*
 * repeat_check - complain of a statement, whose words are `phrase`, that fails or does something else the second time.
 *
 * `why` begins the hint: a sentence that says why it must be repeatable. False where it did complain.
 */
bool		repeat_check(const struct input *input, const struct statement *statement,
						 const struct sql_lexer_phrase *phrase,
						 const char *why);

#endif
