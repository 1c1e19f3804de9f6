/*
 * repair.h - find out how a database can be repaired, and do it.
 *
 * The differences come from a reading of the catalogs (schema/live.h), the steps from schema/repair_plan.h. What cannot
 * be decided without the rows is asked here: which rows contradict a step, and which sequences are behind their tables.
 */
#ifndef REPAIR_H
#define REPAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "migrate/migrator.h"
#include "pg/session.h"
#include "schema/compare.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/repair_plan.h"

/* A step that cannot be done, or has failed. */
struct repair_fault {
	char	   *line;			/* of the step */
	char	   *needs;			/* the column that needs a value; or NULL */
	long		rows;			/* that contradict it */
	bool		groups;			/* these are values that occur in several rows */
	char	   *query;			/* which shows them; or NULL */
	char	   *empty;			/* the table that a foreign key refers to, if this repair has made it; or NULL */
	char	   *error;			/* why it is not known which rows do; or NULL */
};

/* What is wanted. */
struct repair_wanted {
	int			version;
	bool		applied;		/* our record has that the migration to this version was run */
	bool		silent;			/* print no line for each step */
	size_t		value_count;
	struct repair_value *values;	/* the caller's */
	/* Sets `untrusted` in items about objects of untrusted owners. */
	void		(*flag) (struct comparison *comparison, const struct live *live, void *argument);
	void	   *argument;
};

struct repair_tried {
	char	   *line;
	char	   *column;			/* whose rows it has tried to fill; or NULL */
	char	   *sql;
	bool		done;
};

/* Zero is empty. */
struct repair {
	struct repair_wanted wanted;
	struct session *session;
	struct fact_history facts;
	struct live live;
	struct compare_sides sides;
	struct repair_plan plan;
	size_t		fault_count;
	struct repair_fault *faults;
	size_t		tried_count;
	struct repair_tried *tried; /* steps that were run */
};

/*
 * repair_find - read the schema, and plan all that can be done; nothing is changed. Returns false, reported, if the
 * schema or the rows could not be read. *repair is overwritten; call repair_clear in any case.
 */
bool		repair_find(struct repair *repair, struct session *session, const struct repair_wanted *wanted);

/*
 * repair_run - after repair_find: run the steps, and print a line for each; then read the schema again, so that
 * repair->plan and repair->faults have what is left. Returns an exit status: STATUS_OK, also if something is left;
 * STATUS_UNKNOWN if it stopped before anything was changed, STATUS_FAILED if it stopped later; reported.
 */
int			repair_run(struct repair *repair, struct migrator *migrator);

/* repair_step_count - the number of steps in the plan that can be done. */
size_t		repair_step_count(const struct repair *repair);

/* repair_is_left - does anything stay that repair should have done? What pending migrations replace does not count. */
bool		repair_is_left(const struct repair *repair);

/* repair_clear - free it. */
void		repair_clear(struct repair *repair);

#endif
