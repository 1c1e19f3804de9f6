/*
 * shadow.h - a scratch database with a schema built from this build's migrations.
 *
 * It is on the server of the database, or on another one, and contains no data of the database. shadow_close drops it,
 * also after a failure or a signal; the next run drops the scratch database of a run that was killed.
 */
#ifndef SHADOW_H
#define SHADOW_H

#include <stdbool.h>

#include "pg/session.h"

/* Zero is none. */
struct shadow {
	struct session_options options;
	struct session server;		/* creates and drops it */
	struct session session;		/* is in it, as its owner; not prepared for scripts */
	char	   *owner;			/* whose the archive's database is: --role, or who owns it */
	char	   *name;			/* quoted as an identifier; NULL: it was not created */
	int			version;		/* that its schema is of; -1: none yet */
};

/*
 * shadow_open - create an empty one, on the server of `session`, or on that of the connection string `elsewhere`.
 * False, and reported, when that cannot be done. shadow_close in any case.
 */
bool		shadow_open(struct shadow *shadow, struct session *session, const char *elsewhere);

/*
 * shadow_build - bring it up to `version` by the migrations, the grants included. False, and reported, on failure or a
 * stop.
 */
bool		shadow_build(struct shadow *shadow, int version);

/* shadow_grant - run grants.sql in it. False, and reported, on failure or a stop. */
bool		shadow_grant(struct shadow *shadow);

/*
 * shadow_add_settings - put the session in it back, and make it ready for a script, as session_add_script_settings
 * does; what is committed there need not outlast a crash.
 */
void		shadow_add_settings(struct shadow *shadow, struct pipeline *pipeline);

/*
 * shadow_add_statement - add a statement of `length` bytes of a migration. A batched one gets no keys: in a scratch
 * database there are no rows, and it is enough that the server understands it.
 */
void		shadow_add_statement(struct pipeline *pipeline, const char *sql, size_t length, bool batched);

/* shadow_close - drop it, and close its sessions. */
void		shadow_close(struct shadow *shadow);

#endif
