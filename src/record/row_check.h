/*
 * row_check.h - how many rows does a query over tables find?
 *
 * Each table is locked (ACCESS SHARE) and found to run no code of untrusted roles before it is read, as the role that
 * the session acts as. Nothing is written.
 */
#ifndef ROW_CHECK_H
#define ROW_CHECK_H

#include <stdbool.h>

#include "pg/session.h"

/* row_check_begin - append what must be before a query over `table`. Without `limited` it may take any time. */
void		row_check_begin(struct session *session, struct pipeline *pipeline, const char *table, bool limited);

/* row_check_run - run it; a signal cancels it. False, reported, if the session is of no use any more, or should end. */
bool		row_check_run(struct session *session, struct pipeline *pipeline);

/* row_check_explain - the reason why a query failed: a new string. */
char	   *row_check_explain(const struct pipeline_error *error);

/*
 * row_check_count - count the rows of `query`, which reads these tables, the second of which may be NULL, into *rows;
 * or set *error, a new string, if the server refuses to. Returns false as row_check_run.
 */
bool		row_check_count(struct session *session, const char *query, char *const tables[2], bool limited, long *rows,
							char **error);

#endif
