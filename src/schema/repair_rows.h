/*
 * repair_rows.h - the rows of a live database that contradict what it should have. Pure.
 */
#ifndef REPAIR_ROWS_H
#define REPAIR_ROWS_H

#include "schema/compare.h"

/* Zero is none. */
struct repair_rows {
	char	   *query;			/* shows the rows, or the values that occur several times; NULL: none can contradict it */
	bool		groups;			/* it shows such values */
	char	   *tables[2];		/* that it reads, as SQL; NULL: no other one */
};

/*
 * repair_rows_of - the query for rows that contradict a constraint, a key, a unique index or NOT NULL that a live
 * database lacks, and for those that need a value in a missing column. Free it by repair_rows_clear.
 */
struct repair_rows repair_rows_of(const struct compare_item *item);
void		repair_rows_clear(struct repair_rows *rows);

#endif
