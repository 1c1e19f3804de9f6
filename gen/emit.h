/*
 * emit.h - a history as C: tables over the arrays that arrays.sh makes of the same files.
 */
#ifndef EMIT_H
#define EMIT_H

#include <stdio.h>

#include "whole.h"

/*
 * emit_history - write the C source that defines `history` and `history_tables`. The same history makes the same bytes.
 */
void		emit_history(FILE *stream, const struct whole *whole);

/* emit_string - write `text` as a C string literal; NULL as NULL. */
void		emit_string(FILE *stream, const char *text);

#endif
