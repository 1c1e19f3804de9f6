/*
 * concurrent.h - which statements say CONCURRENTLY and therefore wait on their own, outside any transaction.
 */
#ifndef CONCURRENT_H
#define CONCURRENT_H

#include "history/history.h"
#include "source.h"

/*
 * concurrent_mark - set concurrent, and index, of a statement whose place is known.
 *
 * CREATE INDEX, DROP INDEX, REINDEX and DETACH PARTITION count. REFRESH MATERIALIZED VIEW CONCURRENTLY does not: it
 * runs in a transaction like any other statement.
 */
void		concurrent_mark(const struct input *input, struct statement *statement);

#endif
