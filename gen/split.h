/*
 * split.h - a section's statements, split by PostgreSQL's own lexer: psql_scan, of libpgfeutils.
 *
 * What the statements are, and whether they may stand there, is decided elsewhere.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/*
 * split_section - set section->statements and count; the section's offset and length are given.
 *
 * A statement begins at its first word and ends with its last, without the semicolon; empty ones are left out. Each is
 * told whether it is concurrent (concurrent.h). Complains, and returns false, of what does not end: a quote, comment,
 * dollar string, parenthesis, or the last statement; and of psql's own commands. What stands before that is split.
 */
bool		split_section(const struct input *input, struct section *section);

#endif
