/*
 * repair_sql.h - the SQL that would settle a difference on a live archive. Pure.
 *
 * Only what loses nothing and blocks nobody for longer than a moment: no table, column or type is dropped, and none is
 * rewritten.
 */
#ifndef REPAIR_SQL_H
#define REPAIR_SQL_H

#include "schema/diff.h"

/* repair_sql - one or more statements, with semicolons, as a new string; NULL where nothing is that safe. */
char	   *repair_sql(const struct diff_item *difference);

#endif
