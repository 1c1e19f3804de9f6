/*
 * missing.h - the objects for which an upgrade is refused before it begins, and what to do about them. Pure.
 *
 * The version that the database is at has such an object, no later migration of this build creates it, and the latest
 * version has it, too, or a pending migration needs it. So does, of a table or type that is there before the migration
 * that creates it, what that migration would give it.
 *
 * If none is missing, it is refused for objects that make a pending migration fail for certain (schema/taken.h), and
 * then for rows and columns that do (schema/unfit.h).
 */
#ifndef MISSING_H
#define MISSING_H

#include <stdbool.h>
#include <stddef.h>

#include "history/steps.h"
#include "schema/compare.h"
#include "schema/predict.h"
#include "schema/unfit.h"

/* Zero is none. */
struct missing {
	size_t		count;			/* the objects; 0: the upgrade is not refused */
	char	   *taken;			/* what to do about objects in the way, "Drop view a; ..."; NULL: they are missing */
	bool		unfit;			/* not objects: rows and columns that do not fit */
	int			version;		/* which has them; a later one, if it creates the table or type of one that is there already */
	size_t		line_count;
	char	  **lines;			/* one for each table or type: "table gmos: column array_name, index ix_gmos_array_name" */
	int			stamp;			/* the version to be stamped with (schema/better_version.h); -1: none */
	bool		wrong;			/* the recorded version is wrong, so repair refuses, too */
	int			back;			/* the version before an incomplete migration, which repair refuses; -1: there is none */
	bool		repaired;		/* set by the caller: a repair has just been run */
};

/* missing_is - is an upgrade by these steps refused for an item about the version before the first one? */
bool		missing_is(const struct predict_item *item, const struct steps *steps);

/*
 * missing_find - find them all, in a prediction for this build's latest version from `sides`. *missing is overwritten;
 * call missing_clear. `applied`: as for better_version_find.
 */
void		missing_find(struct missing *missing, const struct prediction *prediction, const struct compare_sides *sides,
						 const struct steps *steps, bool applied);

/*
 * missing_find_unfit - if there is nothing yet, look for rows and columns that do not fit. False, reported, as `count`.
 */
bool		missing_find_unfit(struct missing *missing, const struct prediction *prediction,
							   const struct compare_sides *sides, const struct steps *steps, unfit_count *count,
							   struct session *session);

/* missing_text - "2 objects of version 31 are missing, and no pending migration creates them", or so: a new string. */
char	   *missing_text(const struct missing *missing);

/* missing_advice - what to do, one or two sentences: a new string. */
char	   *missing_advice(const struct missing *missing);

/* missing_clear - free it. */
void		missing_clear(struct missing *missing);

#endif
