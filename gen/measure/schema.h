/*
 * schema.h - migrations/SCHEMA: bring it up to date with what a throwaway server does, or compare both.
 */
#ifndef MEASURE_SCHEMA_H
#define MEASURE_SCHEMA_H

#include <stdbool.h>

/*
 * schema_update - run the migrations in the empty database that the environment names, and write to the file at
 * `path` what the server is found to do. A server of the class 15 decides which facts there are, and is measured what
 * migrations need, ensure and leave; versions up to the first new or changed one are not measured, unless `all` is set.
 * Servers of other classes add the forms that they print. The file is replaced at once, and only if it changes.
 *
 * False, and reported, on failure.
 */
bool		schema_update(const char *path, bool all);

/* schema_check - compare the file with what the server does, and write nothing. False, and printed, if it differs. */
bool		schema_check(const char *path);

#endif
