/*
 * repair_print.h - print what a repair would do, has done, and leaves.
 */
#ifndef REPAIR_PRINT_H
#define REPAIR_PRINT_H

#include "migrate/repair.h"

/* repair_print_plan - after repair_find: the steps that can be done, and what would be left. */
void		repair_print_plan(const struct repair *repair, const char *database);

/* repair_print_left - what stays, with what a person can do about it. */
void		repair_print_left(const struct repair *repair);

/* repair_print_sql - after repair_find: the steps as a script for psql. */
void		repair_print_sql(const struct repair *repair, const char *database);

/* repair_print_json - everything as JSON; `ran`: after repair_run. */
void		repair_print_json(const struct repair *repair, const char *database, bool ran);

#endif
