/*
 * user_objects.h - what people have put into a database that is not under version control: is it empty?
 */
#ifndef USER_OBJECTS_H
#define USER_OBJECTS_H

#include <stdbool.h>

#include "pg/session.h"

/* Zero is an empty database. */
struct user_objects {
	long		count;			/* of objects that are neither the system's nor an extension's */
	char	   *named;			/* some of them, for a sentence; NULL: there are none */
};

/* user_objects_read - find out, with SELECT alone. False, and reported, on failure. Clear it in any case. */
bool		user_objects_read(struct user_objects *contents, struct session *session);

/*
 * user_objects_no_public - is schema public missing? Reports it, and what to do. False also where that could not be
 * found out, which is left to whatever is asked next.
 */
bool		user_objects_no_public(struct session *session);

/*
 * user_objects_no_tables - has schema public no table but migrate_version, so that it is the schema of no version?
 * False also where that could not be found out.
 */
bool		user_objects_no_tables(struct session *session);

/*
 * user_objects_report - after an error: the contents, and what to do if they are the schema of a version, or are not.
 */
void		user_objects_report(const struct user_objects *contents, struct session *session);

void		user_objects_clear(struct user_objects *contents);

#endif
