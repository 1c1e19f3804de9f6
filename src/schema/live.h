/*
 * live.h - the facts of a live database, read from its catalogs in one round trip.
 *
 * Everything is read that DDL can change, in every schema but the system's, fitsdb_schema and temporary ones, without
 * the version table and the members of extensions. The catalogs are read as they are; names and definitions are joined
 * here (see docs/design.md). Needs SELECT on the catalogs only, so any role can do it, also on a standby.
 */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "pg/session.h"
#include "schema/fact.h"

/* An object that depends on a column: the type cannot be changed, and the column cannot be dropped by itself. */
struct live_dependent {
	const char *relation;		/* which the column is in */
	const char *column;			/* as facts have it: "gmos.id"; NULL: a view that reads rows, but no column */
	struct fact fact;			/* a view, rule, trigger or policy; without its definition */
	bool		other_owner;	/* a view whose owner is not trusted, or a role of which ours is no member */
};

/* Zero is empty. */
struct live {
	struct fact_set facts;		/* in order; its arena holds all strings */
	int			server;			/* the server's version: 150004 */
	const char *owner;			/* the database's owner, as an identifier */
	bool		unfiltered;		/* no policy applies to it: it is a superuser, or has BYPASSRLS */
	size_t		role_count;
	const char **roles;			/* the names of all roles as identifiers, in order */
	size_t		superuser_count;
	const char **superusers;	/* those of superusers, in order */
	size_t		uncompared_count;
	const char **uncompared;	/* what was not read, each with its count: "2 large objects" */
	size_t		dependent_count;
	struct live_dependent *dependents;
	size_t		note_count;
	const char **notes;			/* what is allowed but worth knowing: "PUBLIC may create objects in schema public" */
};

/* live_read - read the facts. *live is overwritten; call live_clear in any case. False, and reported, on failure. */
bool		live_read(struct live *live, struct session *session);

/*
 * live_read_waiting - the same, but report the sessions that hold a lock, and retry after a lock timeout as often as a
 * migration is retried. `title` is what the reading is for, in messages.
 */
bool		live_read_waiting(struct live *live, struct session *session, const char *title);

/* live_read_within - the same in a transaction that the caller has begun. Changes its settings. */
bool		live_read_within(struct live *live, struct session *session);

/* live_clear - free it. */
void		live_clear(struct live *live);

#endif
