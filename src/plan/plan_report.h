/*
 * plan_report.h - what "plan" has found out, and how it is said: to people, to programs, and to who writes migrations.
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "pg/advisory_lock.h"
#include "plan/effects.h"
#include "plan/lint.h"
#include "plan/table_sizes.h"

struct plan_report_migration {
	struct effects measurement;
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
	size_t		wait_count;
	struct blocker *waits;
};

/* What it comes to for those who use the archive while one migration runs. */
struct plan_report_impact {
	enum lock_mode lock;		/* that blocks others while there is work; MODE_NONE: it blocks nobody for long */
	double		bytes;			/* of the tables that are worked on then */
	bool		unknown;		/* the size of one of them is not known */
	enum lock_mode brief;		/* the strongest lock without work; MODE_NONE: none from SHARE on */
};

struct plan_report_impact plan_report_judge(const struct plan_report *report,
											const struct plan_report_migration *planned);

/* plan_report_word - "harmless", "blocks writers", "blocks everything". */
const char *plan_report_word(const struct plan_report_impact *impact);

/* plan_report_breaks - does the migration break the rule, be it allowed or not? */
bool		plan_report_breaks(const struct plan_report_migration *planned, enum lint_rule rule);

/* plan_text_print - for people, to stdout; `verbose`: with the statements that hold nobody up. */
void		plan_text_print(const struct plan_report *report, bool verbose);

/* plan_json_print - for programs, to stdout. */
void		plan_json_print(const struct plan_report *report);

/* plan_report_passes - is no rule broken without an allow, and no allow not needed? */
bool		plan_report_passes(const struct plan_report *report);

/* plan_report_lint - the same in words: a line of stdout for each of these. */
void		plan_report_lint(const struct plan_report *report);

void		plan_report_clear(struct plan_report *report);

#endif
