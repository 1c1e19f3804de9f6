/*
 * uncertain.h - what cannot be seen from a single run of a statement. Pure.
 */
#ifndef MEASURE_UNCERTAIN_H
#define MEASURE_UNCERTAIN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * uncertain_work - may the statement do more than it did here, by what it is? CALL, and DO with a branch, a loop, a
 * handler or EXECUTE. That a function was called is to be seen.
 */
bool		uncertain_work(const char *sql, size_t length);

/* uncertain_loop - does the body of a DO block loop? */
bool		uncertain_loop(const char *sql, size_t length);

/* uncertain_settings - may it change settings of the session? */
bool		uncertain_settings(const char *sql, size_t length);

#endif
