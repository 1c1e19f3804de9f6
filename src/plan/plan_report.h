/*
 * plan_report.h - the result of "plan", and its two forms: for people, and for programs (--json).
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "history/release.h"
#include "plan/blockers.h"
#include "plan/effects.h"
#include "plan/lint.h"
#include "plan/table_sizes.h"
#include "schema/live.h"
#include "schema/missing.h"
#include "schema/predict.h"

/* To work on so many bytes takes a moment, even on slow disks: those who wait for the lock hardly notice it. */
#define PLAN_REPORT_MOMENT 10e6

/* The impact of a migration on the users of the database while it runs. */
struct plan_report_impact {
	enum lock_mode lock;		/* held while rows are read or written; MODE_NONE: it blocks no session for long */
	size_t		table_count;
	const char **tables;		/* those that are read or written under it; borrowed names */
	double		bytes;			/* their size */
	bool		unknown;		/* the size of one of them is not known */
	bool		long_enough;	/* to work on so much takes longer than a moment */
	enum lock_mode brief;		/* the strongest lock held for a moment; MODE_NONE: none from SHARE on */
	bool		unmeasured;		/* it may do more than what is known */
};

/* A pending migration. */
struct plan_report_migration {
	bool		recorded;		/* false: this build does not know its effects; then all statements are unmeasured */
	bool		elsewhere;		/* they were measured on servers of other kinds only */
	struct effects effects;
	struct lint lint;
	struct plan_report_impact impact;
};

/* Zero is an empty one. */
struct plan_report {
	const char *database;		/* NULL: none was read */
	int			version;
	int			target;
	size_t		count;
	struct plan_report_migration *migrations;
	struct table_sizes sizes;
	size_t		blocker_count;
	struct blocker *blockers;
	bool		predicted;
	struct live live;			/* the facts to which the prediction refers */
	struct prediction prediction;
	int			from;			/* the version whose items of the prediction matter */
	struct missing missing;		/* for which an upgrade would be refused */
	const char *refusal;		/* why an upgrade would be refused; NULL: it would not */
	bool		ends;			/* the present software does not run on the target */
	struct release_end end;		/* if so */
};

/* A statement that changes rows, and how many there may be. */
struct plan_report_rows {
	const char *table;			/* borrowed */
	double		rows;			/* negative: not known */
	double		batches;		/* negative: not known; 0: it is not batched */
};

/* A rewrite of a table: the server writes a second copy of it and of its indexes, and then removes the first one. */
struct plan_report_rewrite {
	bool		there;			/* the table exists: its size is known */
	bool		counted;		/* so are its rows */
	double		rows;
	double		bytes;			/* with its indexes: the disk space that the copy needs */
	const struct history_rewrite *measured;	/* what a row took elsewhere; NULL: it is not known */
};

/*
 * plan_report_add - add a pending migration with its effects from the facts (NULL: there are none). Statements before
 * `first` are done.
 */
void		plan_report_add(struct plan_report *report, const struct fact_history *facts,
							const struct history_migration *migration, unsigned servers, size_t first);

/* plan_report_judge - find the impact of all migrations, after the sizes have been read. */
void		plan_report_judge(struct plan_report *report);

/* plan_report_word - "harmless", "blocks writers", "blocks everything", "not fully measured", "not measured". */
const char *plan_report_word(const struct plan_report_migration *planned);

/* plan_report_data - how much data it works on under its lock: a new string. */
char	   *plan_report_data(const struct plan_report_impact *impact);

/* plan_report_rows - does the statement change rows of a table that existed? Then sets *rows. */
bool		plan_report_rows(const struct plan_report *report, const struct plan_report_migration *planned,
							 size_t statement, struct plan_report_rows *rows);

/* plan_report_rewrite - is the table rewritten? Then sets *rewrite. */
bool		plan_report_rewrite(const struct plan_report *report, const struct plan_report_migration *planned,
								const struct effects_table *table, struct plan_report_rewrite *rewrite);

/* plan_report_seconds - how long the rewrite would take on the machine where it was measured; negative: not known. */
double		plan_report_seconds(const struct plan_report_rewrite *rewrite);

/*
 * plan_report_space - the disk space that rewrites need at one time. Those of a transaction all keep both copies until
 * its end; then the space is free for the next one.
 */
double		plan_report_space(const struct plan_report *report);

/* plan_report_failure - the next reason for a failure of the migration (-1: of any); NULL: there is none. */
const struct predict_item *plan_report_failure(const struct plan_report *report, int version, size_t *at);

/* plan_report_left - the next fact that would be missing or different at the end; NULL: there is none. */
const struct predict_item *plan_report_left(const struct plan_report *report, enum predict_effect effect, size_t *at);

/* plan_report_largest - the migrations that block sessions, the one with the most data first: a new array. */
const struct plan_report_migration **plan_report_largest(const struct plan_report *report, size_t *count);

/* plan_report_breaks - does the migration break the rule, allowed or not? */
bool		plan_report_breaks(const struct plan_report_migration *planned, enum lint_rule rule);

/* plan_summary_print - print the summary for people, at most 24 lines, to stdout. */
void		plan_summary_print(const struct plan_report *report);

/* plan_text_print - print the summary and the detail for people, to stdout; `verbose`: with all statements. */
void		plan_text_print(const struct plan_report *report, bool verbose);

/* plan_json_print - print it for programs, to stdout. */
void		plan_json_print(const struct plan_report *report);

/* plan_report_clear - free the contents. */
void		plan_report_clear(struct plan_report *report);

#endif
