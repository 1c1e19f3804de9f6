/*
 * repair_work.h - the parts of repair_sql.c. Pure.
 */
#ifndef REPAIR_WORK_H
#define REPAIR_WORK_H

#include "schema/compare.h"
#include "schema/repair_list.h"
#include "schema/repair_names.h"
#include "schema/repair_sql.h"

/* A repair that is being made. */
struct repair_work {
	struct repair_list *list;
	const struct compare_item *item;
	const struct repair_with *with;
	struct repair_names names;	/* of what should be, or else of what is */
};

/* repair_missing - append the statements that add what is missing. repair_changed: that change a property. */
void		repair_missing(const struct repair_work *work);
void		repair_changed(const struct repair_work *work);

/* repair_build_index, repair_drop_index - append the statement that does it concurrently. */
void		repair_build_index(const struct repair_work *work);
void		repair_drop_index(const struct repair_work *work);

/* repair_set_not_null - append the statements that make a column NOT NULL. */
void		repair_set_not_null(const struct repair_work *work);

/* repair_fill - append the statement that gives a column this value in rows without one. */
void		repair_fill(const struct repair_work *work, const char *value);

#endif
