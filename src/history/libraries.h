/*
 * libraries.h - the libraries that are linked into this build.
 *
 * The Makefile generates the only definition of `libraries` from the linker's map.
 */
#ifndef LIBRARIES_H
#define LIBRARIES_H

#include <stddef.h>

struct library {
	const char *name;			/* of its Debian source package ("openssl"), or of its project */
	const char *version;		/* of that package, "3.0.19-1~deb12u2" */
};

/* Sorted by name; the last item is {NULL, NULL}. */
extern const struct library libraries[];

#endif
