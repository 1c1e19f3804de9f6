/*
 * user_objects.h - the objects that users have created in a database that is not under version control: is it empty?
 */
#ifndef USER_OBJECTS_H
#define USER_OBJECTS_H

#include <stdbool.h>

#include "pg/session.h"

/* An SQL condition: the object of `catalog`, an SQL name, with this oid does not belong to an extension. */
#define USER_OBJECTS_NOT_EXTENSION(catalog, oid) \
	"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" catalog "'::regclass AND e.objid = " oid \
	" AND e.deptype = 'e')"

/* Zero is an empty database. */
struct user_objects {
	long		count;			/* of objects that belong neither to the system nor to an extension */
	char	   *named;			/* the names of some of them, for a sentence; NULL: there are none */
};

/*
 * user_objects_read - read them, with SELECT alone. False, and reported, on failure. Call user_objects_clear in any
 * case.
 */
bool		user_objects_read(struct user_objects *objects, struct session *session);

/*
 * user_objects_no_public - is schema public missing? If so, reports it with a hint. On failure it returns false; the
 * next query reports that.
 */
bool		user_objects_no_public(struct session *session);

/*
 * user_objects_no_tables - has schema public no table except migrate_version, so that it is not the schema of any
 * version? On failure it returns false.
 */
bool		user_objects_no_tables(struct session *session);

/* user_objects_report - after an error: name the objects as a detail, and hint how to proceed. */
void		user_objects_report(const struct user_objects *objects, struct session *session);

/* user_objects_clear - free the names. */
void		user_objects_clear(struct user_objects *objects);

#endif
