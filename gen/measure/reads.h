/*
 * reads.h - what the statements of a script that change rows read and write, as the server knows it: by the
 * dependencies of a function around each of them. From PostgreSQL 14 on.
 */
#ifndef MEASURE_READS_H
#define MEASURE_READS_H

#include "history/statement_list.h"
#include "measure/server.h"
#include "schema/fact.h"

/*
 * reads_find - run the statements in a transaction that is rolled back, and call `found(argument, fact)` for each
 * object that one of them reads or writes, and which is in `facts`; for a batched statement also for its key, and for
 * the index of that if there is only one. False, and reported, on failure. If the script fails in a transaction, *why
 * is the reason, a new string.
 */
bool		reads_find(struct server *server, const struct statement_list *list, const struct fact_set *facts,
					   void (*found) (void *argument, const struct fact *fact), void *argument, char **why);

#endif
