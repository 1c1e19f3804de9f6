/*
 * repair_rows_count.h - ask a database which rows contradict a repair, and which sequences are behind their tables.
 *
 * Each table is read after it was locked (ACCESS SHARE) and found to run no code of untrusted roles.
 */
#ifndef REPAIR_ROWS_COUNT_H
#define REPAIR_ROWS_COUNT_H

#include <stdbool.h>

#include "pg/session.h"
#include "schema/live.h"
#include "schema/repair_plan.h"

/*
 * repair_rows_count - count the rows that contradict a step into *rows, or set *error, a new string, if the server
 * refuses to. Returns false, reported, if the connection is lost or a signal asks to stop.
 */
bool		repair_rows_count(struct session *session, const struct repair_step *step, long *rows, char **error);

/*
 * repair_rows_sequences - append a step for each sequence that is behind the largest value of its column. Returns false
 * as above.
 */
bool		repair_rows_sequences(struct session *session, struct repair_plan *plan, const struct live *live);

#endif
