/*
 * repair_sql.h - the SQL that repairs a difference in a live database. Pure.
 *
 * Only SQL that destroys nothing and blocks no session for longer than a moment: no table, column or type is dropped,
 * and no table is rewritten. Nothing is proposed that a pending migration replaces or removes again.
 */
#ifndef REPAIR_SQL_H
#define REPAIR_SQL_H

#include "schema/compare.h"
#include "schema/fact_history.h"

/*
 * repair_sql - one or more statements with semicolons, a new string; NULL if there is no safe repair. Types of
 * schema public are named without it.
 */
char	   *repair_sql(const struct compare_item *item, const struct fact_history *known);

#endif
