/*
 * schema_public.h - which roles may create objects in schema public.
 *
 * A script finds a function or an operator there in the place of the system's, if its arguments match better, and the
 * look for such objects (untrusted.h) cannot be repeated before each call. So while a script runs, untrusted roles must
 * not be able to create any. That is done where the login may change the privileges of the schema: a superuser, or the
 * schema's owner. Elsewhere (the database's owner before PostgreSQL 15) nothing is done.
 */
#ifndef SCHEMA_PUBLIC_H
#define SCHEMA_PUBLIC_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/pipeline.h"
#include "pg/session.h"

/* What there is to revoke. Zero is nothing. */
struct schema_public {
	bool		checked;		/* the login may change the privileges */
	char	   *from;			/* PUBLIC, and roles from which grants.sql revokes it, as a list; NULL: none */
	char	   *keep;			/* the roles which have it as PUBLIC only, and need it; NULL: none */
};

/*
 * schema_public_check - read who may create objects. False, and reported, if an untrusted role has that privilege by
 * its name, and grants.sql does not revoke it, or on failure. Nothing is changed. *schema is overwritten; clear it in
 * any case.
 */
bool		schema_public_check(struct schema_public *schema, struct session *session);

/*
 * schema_public_close - revoke CREATE from those, if there are any, and say so; then wait for the transactions of
 * untrusted roles that began before. They may still commit objects; the looks that follow find these. False, and
 * reported, if one has not ended within all retries of the lock timeout: then they have it again.
 */
bool		schema_public_close(const struct schema_public *schema, struct session *session);

/*
 * schema_public_compose - append the same for a printed script, without settings: the login of the script's run counts.
 * If the wait is in vain, the script fails, and nothing is granted again.
 */
void		schema_public_compose(struct pipeline *pipeline, const struct schema_public *schema,
								  const struct session *session);

void		schema_public_clear(struct schema_public *schema);

#endif
