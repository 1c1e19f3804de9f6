/*
 * repair_sql.h - the SQL that repairs a difference in a live database. Pure.
 *
 * Only SQL that destroys nothing and blocks no session for longer than a moment: no table, column or type is dropped,
 * and no table is rewritten. Nothing is proposed that a pending migration replaces or removes again, unless another one
 * needs it.
 */
#ifndef REPAIR_SQL_H
#define REPAIR_SQL_H

#include <stdbool.h>

#include "schema/compare.h"
#include "schema/repair_list.h"

/*
 * repair_writes - append, in the transaction of the last statement, the statements of the migrations up to `version`
 * that begin with these words: "update t set c", "insert into t".
 */
typedef void repair_writes(struct repair_list *list, int version, const char *words);

/* What a repair may use. */
struct repair_with {
	const struct compare_sides *sides;
	const char *value;			/* an SQL expression for a column in rows that have no value; NULL: none was given */
	bool		empty;			/* the statements need only suit a table without rows */
	repair_writes *writes;		/* what migrations do to the rows of an object that is created; NULL: nothing */
	bool		fills;			/* rows in which a column is null get its default, if it should be NOT NULL */
};

/* repair_statements - append the statements that repair a difference; none if there is no safe repair. */
void		repair_statements(struct repair_list *list, const struct compare_item *item,
							  const struct repair_with *with);

/*
 * repair_choice - two statements of which a person must choose one, a line each: another label or column may be the
 * missing one, renamed, or not. A new string; NULL: there is no choice.
 */
char	   *repair_choice(const struct compare_item *item);

/*
 * repair_replaced - the version whose migration replaces or removes what should be, so that it is not repaired; 0:
 * there is none.
 */
int			repair_replaced(const struct compare_item *item, const struct compare_sides *sides);

/*
 * repair_sql - the statements with semicolons, a new string; NULL if there is no safe repair, or it updates rows. Types
 * of schema public are named without it.
 */
char	   *repair_sql(const struct compare_item *item, const struct compare_sides *sides);

#endif
