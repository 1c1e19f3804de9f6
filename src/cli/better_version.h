/*
 * better_version.h - does a live schema match another version better than the recorded one?
 */
#ifndef BETTER_VERSION_H
#define BETTER_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/compare.h"

enum {
	BETTER_VERSION_MUCH = 8		/* differences are many */
};

struct better_version {
	int			version;		/* -1: none matches better */
	size_t		here;			/* the differences from the recorded version */
	size_t		differences;	/* from that one */
	bool		far;			/* it matches exactly, or far better: the recorded version may be wrong */
};

/* better_version_find - the version that matches better than `version`. */
struct better_version better_version_find(const struct compare_sides *sides, int version);

#endif
