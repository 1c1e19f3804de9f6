/*
 * lint_text.h - what the measured effects of a statement do not say, from its text. Pure.
 *
 * The statement itself is read or, if it is a DO block, the statements in its code, and those that the code executes
 * from strings. A table is named as in effects ("public.t"); its schema is not compared.
 */
#ifndef LINT_TEXT_H
#define LINT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* lint_text_locks - does it lock the table with LOCK? */
bool		lint_text_locks(const char *sql, size_t length, const char *table);

/*
 * lint_text_copies - does it insert rows, or make a table of rows, that a query reads from the table? Not, if the table
 * is only in a condition (EXISTS, IN) or in an expression, or if the rows are counted or summed up to one.
 */
bool		lint_text_copies(const char *sql, size_t length, const char *table);

/*
 * lint_text_loops - may a loop of it depend on the rows of the table? Of a DO block: does the query or condition of a
 * loop name the table in a FROM; or, if the loop has none of its own, the rest of the code? Other statements call code.
 */
bool		lint_text_loops(const char *sql, size_t length, const char *table);

/* lint_text_inserts - is it an INSERT? */
bool		lint_text_inserts(const char *sql, size_t length);

#endif
