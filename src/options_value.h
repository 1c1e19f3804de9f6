/*
 * options_value.h - the values of options, for options.c alone; those of arguments are in options.h.
 */
#ifndef OPTIONS_VALUE_H
#define OPTIONS_VALUE_H

#include <stdbool.h>

/*
 * options_take_time - a time in units of so many milliseconds, rounded up; options_take_count - a number. False, and
 * reported as option `name`'s, when it is none.
 */
bool		options_take_time(const char *name, const char *text, long unit, int *result);
bool		options_take_count(const char *name, const char *text, int *result);

#endif
