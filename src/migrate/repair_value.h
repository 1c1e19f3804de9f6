/*
 * repair_value.h - check the expressions of --set before anything is changed.
 */
#ifndef REPAIR_VALUE_H
#define REPAIR_VALUE_H

#include <stdbool.h>

#include "migrate/repair.h"

/*
 * repair_value_is_whole - is this one expression, which stays within the parentheses that are put around it? Parameters
 * and ends of statements are refused, too.
 */
bool		repair_value_is_whole(const char *expression);

/*
 * repair_value_check - after repair_find: have the server parse the expressions that are used, which runs none of their
 * functions. Returns false, reported, if one is not an expression over its table, or not of the column's type.
 */
bool		repair_value_check(const struct repair *repair);

#endif
