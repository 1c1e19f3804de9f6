/*
 * repair_sql.h - the SQL that repairs a difference in a live database. Pure.
 *
 * Only SQL that destroys nothing and blocks no session for longer than a moment: no table, column or type is dropped,
 * and no table is rewritten.
 */
#ifndef REPAIR_SQL_H
#define REPAIR_SQL_H

#include "schema/diff.h"

/* repair_sql - one or more statements with semicolons, a new string; NULL if there is no safe repair. */
char	   *repair_sql(const struct diff_item *difference);

#endif
