/*
 * down_rows.h - before a downgrade: are there rows for which its statements would fail?
 */
#ifndef DOWN_ROWS_H
#define DOWN_ROWS_H

#include "migrate/migrator.h"

/*
 * down_rows_check - look for rows that contradict the constraints and types that the tasks would create again. Returns
 * an exit status: STATUS_OK, also if it is not known; or another one, reported with the rows, and nothing was changed.
 *
 * A table is not looked at if an earlier statement may change its rows, nor one that is not there yet, or not trusted.
 */
int			down_rows_check(struct migrator *migrator);

#endif
