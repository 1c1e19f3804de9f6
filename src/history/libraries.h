/*
 * libraries.h - the libraries that are linked into this build.
 *
 * The one definition of `libraries` is written by make, from the linker's map (gen/libraries.sh).
 */
#ifndef LIBRARIES_H
#define LIBRARIES_H

#include <stddef.h>

struct library {
	const char *name;			/* of its Debian source package, "openssl"; elsewhere of its project */
	const char *version;		/* of that package, "3.0.19-1~deb12u2" */
};

/* By name; the last one is {NULL, NULL}. */
extern const struct library libraries[];

#endif
