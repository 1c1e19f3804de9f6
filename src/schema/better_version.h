/*
 * better_version.h - does a live schema match another version better than the recorded one, and should the database be
 * stamped with that one? "verify", "upgrade", "plan", "repair" and "identify" give the same advice. Pure.
 */
#ifndef BETTER_VERSION_H
#define BETTER_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/compare.h"
#include "schema/predict.h"

struct better_version {
	int			version;		/* -1: none matches better */
	size_t		here;			/* the differences from the recorded version */
	size_t		differences;	/* from that one */
	bool		far;			/* it matches exactly, or far better: the recorded version may be wrong */
	bool		wrong;			/* the recorded version is wrong: a repair would make another version of it */
	int			lower;			/* the nearest lower version from which an upgrade ends complete; -1: none */
	int			stamp;			/* the version to be stamped with, for an upgrade from it; -1: none */
	bool		exact;			/* the schema is that of `stamp` */
};

/*
 * better_version_find - the version that matches better than `version`, in a prediction for the latest version.
 * `applied`: our record has that the migration to `version` was run, so it is not wrong.
 */
struct better_version better_version_find(const struct prediction *prediction, const struct compare_sides *sides,
										  int version, bool applied);

#endif
