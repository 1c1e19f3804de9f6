/*
 * emit.h - write a history as C: tables that refer to the arrays which gen/arrays.sh makes of the same files.
 */
#ifndef EMIT_H
#define EMIT_H

#include <stdio.h>

#include "parse.h"

/*
 * emit_history - write the C source that defines `history` and `history_tables`.
 *
 * The output depends on `result` alone. Errors of `stream` are for the caller to check.
 */
void		emit_history(FILE *stream, const struct parse_result *result);

/* emit_string - write `text` as a C string literal; NULL is written as NULL. */
void		emit_string(FILE *stream, const char *text);

#endif
