/*
 * contents.h - what people have put into a database that is not under version control: is it empty?
 */
#ifndef CONTENTS_H
#define CONTENTS_H

#include <stdbool.h>

#include "session.h"

/* Zero is an empty database. */
struct contents {
	long		count;			/* of objects that are neither the system's nor an extension's */
	char	   *named;			/* some of them, for a sentence; NULL: there are none */
};

/* contents_read - find out, with SELECT alone. False, and reported, on failure. Clear it in any case. */
bool		contents_read(struct contents *contents, struct session *session);

/*
 * contents_no_public - is schema public missing? Reports it, and what to do. False also where that could not be found
 * out, which is left to whatever is asked next.
 */
bool		contents_no_public(struct session *session);

/*
 * contents_no_tables - has schema public no table but migrate_version, so that it is the schema of no version? False
 * also where that could not be found out.
 */
bool		contents_no_tables(struct session *session);

/* contents_report - after an error: the contents, and what to do if they are the schema of a version, or are not. */
void		contents_report(const struct contents *contents, struct session *session);

void		contents_clear(struct contents *contents);

#endif
