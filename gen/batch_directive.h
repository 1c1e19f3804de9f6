/*
 * batch_directive.h - "-- migrate:batch table=diskfile key=id rows=20000" lines: the next statement runs in batches.
 *
 * The line is allowed only in a transaction:false section. The statement is an UPDATE, a DELETE or an INSERT. It
 * selects the rows of one batch by two parameters: $1, the first key of the batch, and $2, the first key after it.
 * Whether the table and the key exist, and whether the key has an index, is checked when the migration runs.
 */
#ifndef BATCH_DIRECTIVE_H
#define BATCH_DIRECTIVE_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/* Rows in a batch: the default, and the maximum. */
#define BATCH_DIRECTIVE_ROWS 20000
#define BATCH_DIRECTIVE_ROWS_MAX 1000000

/*
 * batch_directive_read - set `batch` of the statements of a section, which must be split already.
 *
 * Adds an error and returns false for a line in the wrong place, for options that are missing, unknown or invalid, for
 * a statement that cannot be batched, and for parameters in a statement that is not batched.
 */
bool		batch_directive_read(const struct source_input *input, struct history_section *section);

#endif
