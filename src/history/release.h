/*
 * release.h - the releases of the software that uses the database, and the versions that they run on. Pure.
 *
 * The folder's SETTINGS lists them. A database between two of them has no software that runs on it.
 */
#ifndef RELEASE_H
#define RELEASE_H

#include <jansson.h>
#include <stdbool.h>

#include "history/history.h"

/* release_find - the release of this name; NULL: there is none. */
const struct history_release *release_find(const struct history *of, const char *name);

/* release_names - the releases that run on the version, with this text between them: a new string; NULL: none does. */
char	   *release_names(const struct history *of, int version, const char *separator);

/* release_versions_text - "versions 0 to 66, and releases: 2023-01, 3.0": a new string. */
char	   *release_versions_text(const struct history *of);

/* release_json - the names of the releases that run on the version: a new array. */
json_t	   *release_json(const struct history *of, int version);

/* release_stopped - does no release run on the version, though one ran on an earlier version? */
bool		release_stopped(const struct history *of, int version);

/* release_stopped_advice - then says so, and the way back, in sentences: a new string. NULL: a release runs on it. */
char	   *release_stopped_advice(const struct history *of, int version);

/* The end of the software that runs on a database now. */
struct release_end {
	const char *name;			/* the latest release that may be in use; borrowed */
	int			last;			/* it runs up to this version */
	int			next;			/* the next version that a release runs on; -1: there is none */
};

/*
 * release_ends - does an upgrade lead beyond the versions on which the present software runs? Then sets *end. At a
 * version below those of all releases, the software is taken for the first one. False, too, if no release runs on
 * `from`: an earlier upgrade has stopped the software.
 */
bool		release_ends(const struct history *of, int from, int to, struct release_end *end);

/*
 * release_end_text - "software up to release 2023-01 does not run from version 40 on, and no known release runs on
 * versions 40 to 53": a new string.
 */
char	   *release_end_text(const struct release_end *end);

/* release_end_advice - what to do with the daemons for an upgrade to `to`, in sentences: a new string. */
char	   *release_end_advice(const struct history *of, const struct release_end *end, int from, int to);

#endif
