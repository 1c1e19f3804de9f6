/*
 * batch.h - run one statement range after range of a key, $1 <= key < $2, each in a transaction of its own with a note
 * of how far it got.
 *
 * Ranges are found by the index, so that gaps cost nothing; each has the rows that its line in the migration says, or
 * fewer where they take long (pace.h), and more only where many rows have the same key. Rows that come in meanwhile
 * with keys above the ranges done so far are covered, up to those that are committed when a look at the end finds no
 * full range any more; where there is somebody who never stops inserting, up to the last of a few such looks. What
 * comes in below, as from a transaction that took its number early and commits late, is not: whoever inserts it is to
 * fill it in.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>

#include "apply.h"

/*
 * batch_run - run statement `number` of a job in single statements, whose change is `change`, from key `position` on;
 * NULL: from the least one. False: it stopped, and that is reported and logged; what was done is on record.
 */
bool		batch_run(struct session *session, const struct state *state, const struct job *job, const char *change,
					  int number, const char *position);

/*
 * batch_script - print it for psql, from key `position` on: each range its own transaction, with the same note in it,
 * so that what is interrupted goes on with this program. The ranges are found once, at the beginning.
 */
void		batch_script(struct session *session, const struct sql_statement *statement, const char *position);

#endif
