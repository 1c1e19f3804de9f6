/* verify_print.h - print what verify has found: for people, as JSON, or as one line for monitoring plugins. */
#ifndef VERIFY_PRINT_H
#define VERIFY_PRINT_H

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
};

/* verify_print - print the result as the options say. */
void		verify_print(const struct options *options, const struct verify_report *report);

/* verify_print_unknown - for plugins: it could not be compared; the last error says why. */
void		verify_print_unknown(void);

#endif
