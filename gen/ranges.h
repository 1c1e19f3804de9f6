/*
 * ranges.h - "-- migrate:batch table=diskfile key=id rows=20000": the statement that follows is run in ranges of keys.
 *
 * It is a line of its own in a transaction:false section. The statement is an UPDATE, a DELETE or an INSERT, and says
 * of which rows by $1, the least key of a range, and $2, the least one behind it. Whether the table and its key are
 * there, and the key has an index, is seen when it is run.
 */
#ifndef RANGES_H
#define RANGES_H

#include <stdbool.h>

#include "history/history.h"
#include "source.h"

/* Rows in a range where the line does not say, and at most. */
#define RANGES_ROWS 20000
#define RANGES_ROWS_MAX 1000000

/*
 * ranges_read - set the batch of the statements of a section, which is split already.
 *
 * Complains, and returns false, of a line in the wrong place, of options that are missing, unknown or malformed, of a
 * statement that does not fit, and of parameters in one that is run once.
 */
bool		ranges_read(const struct input *input, struct section *section);

#endif
