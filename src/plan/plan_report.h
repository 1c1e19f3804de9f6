/*
 * plan_report.h - the result of "plan", and its three forms: for people, for programs (--json), for authors (--lint).
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "pg/advisory_lock.h"
#include "plan/effects.h"
#include "plan/lint.h"
#include "plan/table_sizes.h"

/* A pending migration. */
struct plan_report_migration {
	struct effects effects;
	struct lint lint;
};

/* Zero is an empty one. */
struct plan_report {
	const char *database;
	int			version;
	int			target;
	size_t		count;
	struct plan_report_migration *migrations;
	struct table_sizes sizes;
	size_t		blocker_count;
	struct blocker *blockers;
};

/* The impact of a migration on the users of the database while it runs. */
struct plan_report_impact {
	enum lock_mode lock;		/* held while rows are read or written; MODE_NONE: it blocks no session for long */
	double		bytes;			/* size of the tables that are read or written under it */
	bool		unknown;		/* the size of one of them is not known */
	enum lock_mode brief;		/* the strongest lock held for a moment; MODE_NONE: none from SHARE on */
};

/* plan_report_judge - find the impact of one migration. */
struct plan_report_impact plan_report_judge(const struct plan_report *report,
											const struct plan_report_migration *planned);

/* plan_report_word - "harmless", "blocks writers", "blocks everything". */
const char *plan_report_word(const struct plan_report_impact *impact);

/* plan_report_breaks - does the migration break the rule, allowed or not? */
bool		plan_report_breaks(const struct plan_report_migration *planned, enum lint_rule rule);

/* plan_text_print - print it for people, to stdout; `verbose`: with the statements that block no session. */
void		plan_text_print(const struct plan_report *report, bool verbose);

/* plan_json_print - print it for programs, to stdout. */
void		plan_json_print(const struct plan_report *report);

/* plan_report_passes - do all migrations pass lint (lint_passes)? */
bool		plan_report_passes(const struct plan_report *report);

/* plan_report_lint - print a line for each broken rule and for each permission that is not needed, to stdout. */
void		plan_report_lint(const struct plan_report *report);

/* plan_report_clear - free the contents. */
void		plan_report_clear(struct plan_report *report);

#endif
