/*
 * measuring.h - one migration that is being measured: shared by measurer*.c only.
 */
#ifndef MEASURE_MEASURING_H
#define MEASURE_MEASURING_H

#include "base/arena.h"
#include "measure/measurer.h"
#include "measure/probe.h"
#include "pg/pipeline.h"

/* The settings of the session that scripts or functions have changed; the strings are in the arena. */
struct measuring_settings {
	size_t		count;
	struct measuring_setting {
		const char *name;
		const char *value;
	}		   *items;
};

struct measuring {
	struct measurer *measurer;
	struct effects *effects;	/* NULL: it is only run */
	const struct history_migration *migration;
	struct arena arena;			/* the strings in probes and settings */
	struct probe start;			/* when the migration began */
	struct probe before;		/* the current statement */
	bool		started;		/* `start` is read */
	bool		reads_settings;	/* statements of the transaction may change some */
	struct measuring_settings settings;	/* when the transaction began */
	struct measuring_settings changing;	/* before the current statement */
};

/*
 * measuring_statements - run the statements, and measure each. False, and reported, on failure.
 */
bool		measuring_statements(struct measuring *measuring);

/*
 * measuring_run - run a pipeline, and clear it. False, and reported, on failure; `number` is that of the statement
 * which is in it, SIZE_MAX: none.
 */
bool		measuring_run(struct measuring *measuring, struct pipeline *pipeline, size_t number);

/* measuring_run_quietly - run a pipeline. Returns the command that failed, or NULL; nothing is reported. */
const struct pipeline_command *measuring_run_quietly(struct measuring *measuring, struct pipeline *pipeline);

/* measuring_report - report that a statement failed. */
void		measuring_report(struct measuring *measuring, const struct pipeline_error *error, size_t number);

/* measuring_add_statement - append a statement. A batched one gets the range of all keys but the greatest. */
void		measuring_add_statement(const struct measuring *measuring, struct pipeline *pipeline, size_t number);

/* measuring_add_settings - append what a script's session begins with. */
void		measuring_add_settings(struct measuring *measuring, struct pipeline *pipeline);

/* measuring_compare - note what the statement has done, until *after; which then is the next one's before. */
void		measuring_compare(struct measuring *measuring, size_t number, struct probe *after);

/* measuring_probe_all - probe all tables, in a transaction of its own. False, and reported, on failure. */
bool		measuring_probe_all(struct measuring *measuring, struct probe *probe);

/* measuring_apart - run and measure a statement that cannot be in a transaction. False, and reported, on failure. */
bool		measuring_apart(struct measuring *measuring, size_t number);

#endif
