/*
 * split.h - split a section into statements, with PostgreSQL's own lexer (psql_scan, of libpgfeutils).
 *
 * Whether a statement is allowed is decided in rules.h and repeat.h.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/*
 * split_section - set statements and count of the section, whose offset and length are set already.
 *
 * A statement begins with its first word and ends with its last one, without the semicolon; empty statements are
 * omitted. Each one's line, concurrent and index are set too. concurrent is set for CREATE INDEX, DROP INDEX,
 * REINDEX and DETACH PARTITION with CONCURRENTLY, but not for REFRESH MATERIALIZED VIEW CONCURRENTLY, which runs in a
 * transaction like other statements.
 *
 * Adds an error and returns false for an unterminated quote, comment, dollar-quoted string, parenthesis or last
 * statement, and for a psql meta-command. The section then has the statements before the error.
 */
bool		split_section(const struct source_input *input, struct history_section *section);

#endif
