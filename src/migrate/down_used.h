/*
 * down_used.h - before a downgrade: do other objects use what its statements drop, so that they would fail?
 */
#ifndef DOWN_USED_H
#define DOWN_USED_H

#include "migrate/migrator.h"

/*
 * down_used_check - look for views of tables and columns that the tasks drop, and for foreign keys of other tables to
 * them. Returns an exit status: STATUS_OK, also if it is not recorded what a task drops; or another one, reported with
 * these objects, and nothing was changed.
 *
 * An object is left out if a statement of the tasks names it with DROP or REPLACE; all are if one of the statements may
 * drop objects that it does not name (CASCADE, EXECUTE). Names are the current ones: renames by the tasks are not
 * followed.
 */
int			down_used_check(struct migrator *migrator);

#endif
