/*
 * plan_steps.h - from one version to another: which migrations, in which direction, or why not. Pure.
 */
#ifndef PLAN_STEPS_H
#define PLAN_STEPS_H

#include <stdbool.h>
#include <stddef.h>

/* A migration in single statements that stopped half-way. */
struct partial {
	bool		there;
	int			version;
	bool		up;
	int			statements;		/* so many of its statements are done */
};

/* One migration to run, up or down. */
struct step {
	int			version;
	bool		up;
	int			before;			/* the database's version before it, and after it; the same when what is undone or */
	int			after;			/* finished never counted */
	int			done;			/* of its statements so many are done already */
};

enum plan_verdict {
	PLAN_STEPS,					/* there is something to run */
	PLAN_NOTHING,				/* the database is there already */
	PLAN_UNKNOWN_TARGET,		/* no such version in this build */
	PLAN_AHEAD,					/* the database is beyond this build */
	PLAN_PARTIAL_AHEAD,			/* it stopped half-way in a migration beyond this build */
	PLAN_BACKWARD,				/* an upgrade to a lower version */
	PLAN_FORWARD,				/* a downgrade to a higher version */
	PLAN_DIFFERS				/* the SQL that was applied is not this build's; no verdict of these functions */
};

struct plan {
	size_t		count;
	struct step *steps;			/* to be freed by plan_clear */
};

/*
 * plan_upgrade - the steps from version `current` up to `target`, where `latest` is this build's last.
 *
 * A migration that stopped half-way comes first, whichever way it went: an up goes on where it stopped, and a down that
 * was begun is made good by the whole up, since its statements may be repeated.
 */
enum plan_verdict plan_upgrade(struct plan *plan, int latest, int current, int target, const struct partial *partial);

/*
 * plan_downgrade - the steps from version `current` down to `target`. Versions beyond this build may be among them:
 * the database has their down statements.
 */
enum plan_verdict plan_downgrade(struct plan *plan, int current, int target, const struct partial *partial);

void		plan_clear(struct plan *plan);

#endif
