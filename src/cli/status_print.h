/*
 * status_print.h - what "status" says, to people, to monitoring and to programs (docs/status.md). It finds nothing out.
 */
#ifndef STATUS_PRINT_H
#define STATUS_PRINT_H

#include "cli/status_report.h"
#include "cli/options.h"

/* status_print - in the way that the options ask for. */
void		status_print(const struct options *options, const struct status_report *report);

/* status_print_unknown - that nothing can be said. For monitoring and for programs only: people read the message. */
void		status_print_unknown(const struct options *options, const char *why);

/* status_print_unversioned - the same where there is no version, and whether there is anything else. */
void		status_print_unversioned(const struct options *options, bool empty);

#endif
