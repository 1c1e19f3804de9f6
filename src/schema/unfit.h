/*
 * unfit.h - rows and columns that do not fit what a pending migration is to make of them, so that it fails. Pure; the
 * caller asks the database.
 *
 * Looked at are constraints, unique indexes and NOT NULL that the version at the end has and the database lacks, and
 * columns whose type is changed from one of no version. Where a pending migration may change the rows before, it cannot
 * be told, and nothing is.
 */
#ifndef UNFIT_H
#define UNFIT_H

#include <stdbool.h>
#include <stddef.h>

#include "history/steps.h"
#include "pg/session.h"
#include "schema/compare.h"
#include "schema/predict.h"

/*
 * unfit_count - count the rows of a query over these tables, the second of which may be NULL, into *rows; or set *error,
 * a new string. False, reported, if the run should end. record/row_check.h has one.
 */
typedef bool unfit_count(struct session *session, const char *query, char *const tables[2], bool limited, long *rows,
						 char **error);

/* What was found. Zero is nothing. */
struct unfit {
	size_t		count;
	char	  **lines;			/* what it is, or the query that shows the rows, indented */
	size_t		line_count;
	char	   *advice;			/* what to do; NULL: nothing */
};

/*
 * unfit_find - find them, for an upgrade by these steps from a database in which no object is missing. What the server
 * refuses to count, or cannot in seconds, is left out. *unfit is overwritten; call unfit_clear in any case. False as
 * `count`.
 */
bool		unfit_find(struct unfit *unfit, const struct prediction *prediction, const struct compare_sides *sides,
					   const struct steps *steps, unfit_count *count, struct session *session);

/*
 * unfit_may_change - may a statement change which rows of a table do not fit? In case of doubt, yes: it names a function
 * of users, or it is code that changes rows, or triggers may have any effect. `definition` names the columns that count,
 * and the tables that are referred to.
 */
bool		unfit_may_change(const struct compare_sides *sides, const char *sql, const char *table,
							 const char *definition);

/* unfit_clear - free it. */
void		unfit_clear(struct unfit *unfit);

#endif
