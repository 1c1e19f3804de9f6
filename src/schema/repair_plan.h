/*
 * repair_plan.h - the steps that repair a live database, in their order. Pure.
 *
 * A plan is made in rounds: the first one has what can be done at once, the next one what can be done then, such as an
 * index on a column that is added. The caller may block steps of a round, for example because rows contradict a
 * constraint, before repair_plan_apply assumes that the others are done. Extra objects stay, except for privileges.
 */
#ifndef REPAIR_PLAN_H
#define REPAIR_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/live.h"
#include "schema/repair_list.h"
#include "schema/repair_rows.h"
#include "schema/repair_sql.h"

/* A value for a column in rows that have none. */
struct repair_value {
	const char *column;			/* "table.column", as in SQL; in schema public without it */
	const char *expression;
};

struct repair_step {
	const struct compare_item *item;	/* NULL: it sets a sequence, which is no difference */
	char	   *line;			/* "add column gmos.array_name" */
	struct repair_list list;
	struct repair_rows rows;	/* what contradicts it; the values that a column needs count as that */
	const char *needs;			/* the column that needs a value, if there are such rows; or NULL */
	bool		locks;			/* it scans the table while all other sessions wait for that: SET NOT NULL before 12 */
	bool		blocked;		/* set by the caller: it cannot be done */
};

enum repair_reason {
	REPAIR_REPLACED,			/* a pending migration replaces or removes what should be */
	REPAIR_RENAMED,				/* another label or column may be it, renamed */
	REPAIR_TAKEN,				/* an object of another kind has its name */
	REPAIR_UNTRUSTED,			/* the object belongs to an untrusted role */
	REPAIR_OWNER,				/* only a superuser can do it: verify prints the SQL */
	REPAIR_ROW_SECURITY,		/* it would open access: a person decides */
	REPAIR_REFUSES,				/* an extra object refuses rows: a person drops it */
	REPAIR_SUPERUSER,			/* only a superuser can do it, and not in the owner's role */
	REPAIR_NO_WAY				/* no statement does it without a rewrite or a loss */
};

/* A difference without a step. */
struct repair_left {
	const struct compare_item *item;
	enum repair_reason reason;
	int			version;		/* REPAIR_REPLACED: of that migration */
	const struct fact *taken;	/* REPAIR_TAKEN: by this one */
};

/* The differences of a round, and the facts that they refer to: those of the plan change. */
struct repair_round {
	struct comparison comparison;
	struct fact_set facts;
};

/* Zero is empty. */
struct repair_plan {
	struct compare_sides sides; /* of the schema as it will be */
	struct live live;
	int			version;
	size_t		value_count;
	const struct repair_value *values;
	repair_writes *writes;		/* set by the caller after repair_plan_start; or NULL */
	bool		superuser;		/* set by the caller after repair_plan_start: it is run as a superuser */
	size_t		round_count;
	struct repair_round *rounds;	/* hold the items */
	size_t		step_count;
	struct repair_step *steps;
	size_t		left_count;
	struct repair_left *left;	/* after the last round */
	size_t		waiting_count;
	char	  **waiting;		/* the lines of steps that wait for what is left */
	size_t		extra;			/* objects that the version does not have */
};

/*
 * repair_plan_start - begin a plan for the differences of a database from `version`, with values for columns. *plan is
 * overwritten, and borrows all of them; call repair_plan_clear.
 */
void		repair_plan_start(struct repair_plan *plan, const struct compare_sides *sides, int version,
							  const struct repair_value *values, size_t value_count);

/*
 * repair_plan_round - compare, and append the steps that can be done now; steps that were there before are not
 * repeated. `flag`, unless NULL, may set `untrusted` in the items. Returns the index of the first new step, which is
 * plan->step_count if there is none.
 */
size_t		repair_plan_round(struct repair_plan *plan, void (*flag) (struct comparison *comparison, void *argument),
							  void *argument);

/* repair_plan_apply - assume that the steps from `first` on are done, unless they are blocked. */
void		repair_plan_apply(struct repair_plan *plan, size_t first);

/* repair_plan_find_waiting - after the last round: find the steps that could be done if what is left were done. */
void		repair_plan_find_waiting(struct repair_plan *plan);

/* repair_plan_knows - has the version, or the schema, an object of this kind and name? */
bool		repair_plan_knows(const struct repair_plan *plan, enum fact_kind kind, const char *name);

/* repair_plan_add_sequence - append the step, without an item, that sets a sequence to its column's largest value. */
void		repair_plan_add_sequence(struct repair_plan *plan, const struct fact *sequence, const char *largest);

/* repair_plan_uses - is there a step for the column of a value? */
bool		repair_plan_uses(const struct repair_plan *plan, const struct repair_value *value);

/* repair_value_column - the name of its column, without schema public; borrowed. */
const char *repair_value_column(const struct repair_value *value);

/* repair_left_text - the difference and why it stays, a new string. */
char	   *repair_left_text(const struct repair_left *left, int server);

/* repair_plan_clear - free it. */
void		repair_plan_clear(struct repair_plan *plan);

#endif
