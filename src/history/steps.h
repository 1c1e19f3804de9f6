/*
 * steps.h - which migrations lead from one version to another, in which direction, or why none do. Pure.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>

/* An incomplete migration: a non-transactional one that was begun and not finished. */
struct steps_incomplete {
	bool		there;			/* false: there is none */
	int			version;
	bool		up;
	int			statements;		/* number of its statements that are done */
};

/* One migration to run, up or down. */
struct steps_item {
	int			version;
	bool		up;
	/* The database's version before and after it: equal if it reverts an incomplete up, or redoes the up of a down. */
	int			before;
	int			after;
	int			done;			/* number of its statements that are done already */
};

enum steps_verdict {
	STEPS_PENDING,				/* there are steps to run */
	STEPS_NONE,					/* the database is at the target already */
	STEPS_UNKNOWN_TARGET,		/* this build does not have the target version */
	STEPS_AHEAD,				/* the database is ahead of this build */
	STEPS_INCOMPLETE_AHEAD,		/* a migration that this build does not have is incomplete */
	STEPS_BACKWARD,				/* an upgrade to a lower version */
	STEPS_FORWARD,				/* a downgrade to a higher version */
	STEPS_MISMATCH				/* checksum mismatch; these functions never return it */
};

struct steps {
	size_t		count;
	struct steps_item *steps;	/* freed by steps_clear */
};

/*
 * steps_upgrade - the steps from version `current` up to `target`; `latest` is this build's last version. On any
 * verdict but STEPS_PENDING *plan is empty.
 *
 * An incomplete migration comes first. An up is continued after its last finished statement. An incomplete down is
 * undone by the whole up, because all its statements may be repeated.
 */
enum steps_verdict steps_upgrade(struct steps *plan, int latest, int current, int target,
								 const struct steps_incomplete *incomplete);

/*
 * steps_downgrade - the same from version `current` down to `target`. The steps may include versions that this build
 * does not have; the database stores their down statements.
 */
enum steps_verdict steps_downgrade(struct steps *plan, int current, int target,
								   const struct steps_incomplete *incomplete);

/*
 * steps_advice - a sentence for a hint: how to finish an incomplete migration, and how to revert it (a down: how to run
 * its up again). `latest` is this build's last version. A new string.
 */
char	   *steps_advice(const struct steps_incomplete *incomplete, int latest);

/* steps_clear - free the steps, and make the list empty. */
void		steps_clear(struct steps *plan);

#endif
