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

#include "migrate/transaction.h"

/* What a range should take at most, in milliseconds: for so long, who wants to write to its rows may have to wait. */
#define PACE_AIM 1000

/*
 * pace_next - rows for the next range, from 1 to `most`, after one of `rows` took so many milliseconds.
 *
 * A range that took much longer than the aim makes the next one smaller by as much, to a tenth at most; later ones grow
 * again, each to twice the one before at most, as long as the aim allows.
 */
int			pace_next(int rows, int most, double milliseconds);

/*
 * batch_run - run statement `number` of a job in single statements, whose change is `change`, from key `position` on;
 * NULL: from the least one. False: it stopped, and that is reported and logged; what was done is on record.
 */
bool		batch_run(struct session *session, const struct record *record, const struct task *task, const char *change,
					  int number, const char *position);

/*
 * batch_script - print it for psql, from key `position` on: each range its own transaction, with the same note in it,
 * so that what is interrupted goes on with this program. The ranges are found once, at the beginning.
 */
void		batch_script(struct session *session, const struct statement_list_item *statement, const char *position);

#endif
