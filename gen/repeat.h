/*
 * repeat.h - can a statement run again after it may have run before?
 *
 * It must, if a run can stop between two statements (transaction:false), and in scripts that run after every change.
 * DDL, INSERT and COPY are checked. DO blocks, UPDATE and functions are not: their authors must make them repeatable.
 */
#ifndef REPEAT_H
#define REPEAT_H

#include <stdbool.h>

#include "history/history.h"
#include "history/sql_lexer.h"
#include "source.h"

/*
 * repeat_check - check that a statement, whose words are `phrase`, has the same result if it runs twice.
 *
 * Adds an error and returns false if it would fail or do something else the second time. `why` is the first sentence of
 * the hint: why the statement must be repeatable.
 */
bool		repeat_check(const struct source_input *input, const struct history_statement *statement,
						 const struct sql_lexer_phrase *phrase, const char *why);

#endif
