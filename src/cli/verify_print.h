/* verify_print.h - print what verify has found: for people, as JSON, or as one line for monitoring plugins. */
#ifndef VERIFY_PRINT_H
#define VERIFY_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "record/database.h"
#include "schema/compare.h"
#include "schema/fact_history.h"
#include "schema/live.h"

struct verify_report {
	struct database database;
	struct fact_history facts;	/* of all versions */
	struct live live;
	struct comparison comparison;
	int			version;		/* compared with */
	int			better;			/* another version that it matches better, -1: none; owners and privileges apart */
	size_t		better_differences;
	bool		far;			/* exactly, or far better: no SQL is printed */
};

/* verify_print - print the result as the options say. */
void		verify_print(const struct options *options, const struct verify_report *report);

/* verify_print_unknown - for plugins: it could not be compared; the last error says why. `keyword`: "UNKNOWN". */
void		verify_print_unknown(const char *keyword);

#endif
