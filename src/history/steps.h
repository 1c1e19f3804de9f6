/*
 * steps.h - from one version to another: which migrations, in which direction, or why not. Pure.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>

/* A migration in single statements that stopped half-way. */
struct steps_incomplete {
	bool		there;
	int			version;
	bool		up;
	int			statements;		/* so many of its statements are done */
};

/* One migration to run, up or down. */
struct steps_item {
	int			version;
	bool		up;
	int			before;			/* the database's version before it, and after it; the same when what is undone or */
	int			after;			/* finished never counted */
	int			done;			/* of its statements so many are done already */
};

enum steps_verdict {
	STEPS_PENDING,					/* there is something to run */
	STEPS_NONE,				/* the database is there already */
	STEPS_UNKNOWN_TARGET,		/* no such version in this build */
	STEPS_AHEAD,					/* the database is beyond this build */
	STEPS_INCOMPLETE_AHEAD,			/* it stopped half-way in a migration beyond this build */
	STEPS_BACKWARD,				/* an upgrade to a lower version */
	STEPS_FORWARD,				/* a downgrade to a higher version */
	STEPS_MISMATCH				/* the SQL that was applied is not this build's; no verdict of these functions */
};

struct steps {
	size_t		count;
	struct steps_item *steps;			/* to be freed by steps_clear */
};

/*
 * steps_upgrade - the steps from version `current` up to `target`, where `latest` is this build's last.
 *
 * A migration that stopped half-way comes first, whichever way it went: an up goes on where it stopped, and a down that
 * was begun is made good by the whole up, since its statements may be repeated.
 */
enum steps_verdict steps_upgrade(struct steps *plan, int latest, int current, int target,
								 const struct steps_incomplete *incomplete);

/*
 * steps_downgrade - the steps from version `current` down to `target`. Versions beyond this build may be among them:
 * the database has their down statements.
 */
enum steps_verdict steps_downgrade(struct steps *plan, int current, int target,
								   const struct steps_incomplete *incomplete);

void		steps_clear(struct steps *plan);

#endif
