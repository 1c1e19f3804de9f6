/*
 * status_print.h - print the result of "status" for people, for monitoring (--short) or for programs (--json).
 *
 * docs/status.md documents the last two. All functions print to stdout; none queries the server.
 */
#ifndef STATUS_PRINT_H
#define STATUS_PRINT_H

#include "cli/status_report.h"
#include "cli/options.h"

/* status_print - print the report in the form that the options select. */
void		status_print(const struct options *options, const struct status_report *report);

/*
 * status_print_unknown - print the status "unknown" with a reason, for monitoring and for programs only: for people the
 * error message is enough.
 */
void		status_print_unknown(const struct options *options, const char *reason);

/* status_print_unversioned - the same for a database that is not under version control; `empty`: it has no objects. */
void		status_print_unversioned(const struct options *options, bool empty);

#endif
