/*
 * batch.h - run a batched statement: once for each batch, a range of its key with $1 <= key < $2. Each batch and its
 * progress are committed in one transaction.
 *
 * The key's index finds the batches, so gaps between keys cost nothing. A batch has as many rows as the migration says,
 * fewer if batches take long, and more only if many rows have the same key.
 *
 * Rows that are inserted during the run with keys above the finished batches are included, until a query finds less
 * than a full batch. Inserts may be faster than the batches: so the greatest key is read at the start (also of a run
 * that resumes), and twice more when it is reached; after the last one, a few batches are run. Rows that become
 * visible with keys below the finished batches, from a transaction that commits late, are not included: the
 * application that inserts them must set the new values.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>

#include "migrate/transaction.h"

/* The longest time that a batch should take, in milliseconds: other sessions may wait so long to change its rows. */
#define BATCH_AIM 1000

/*
 * batch_next_size - return the number of rows for the next batch, from 1 to `most`, after one of `rows` rows took so
 * many milliseconds.
 *
 * If that was much longer than the aim, the next batch is smaller by that factor, but not below a tenth. Later ones
 * grow again, to twice the size at most, while the aim allows.
 */
int			batch_next_size(int rows, int most, double milliseconds);

/*
 * batch_run - run statement `number` of a non-transactional task from key `position` on (NULL: from the least key).
 * `change`: the id of its change in the log. Returns true when all batches are committed; false, reported and logged,
 * if it stopped. The batches committed until then are recorded.
 */
bool		batch_run(struct session *session, const struct record *record, const struct task *task, const char *change,
					  int number, const char *position);

#endif
