/*
 * trust.h - is what goes by our names in the database ours: the table migrate_version, and schema fitsdb_schema?
 *
 * Where they are missing, others may be able to put something of theirs there. Reading a view runs its functions as
 * whoever reads, and a column of a type of theirs may bring casts along; a table of theirs has triggers of theirs.
 */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>

#include "session.h"

/*
 * trust_read - may all of it be read without running what is somebody else's? False, and reported, when not. *stranger,
 * a new string, says what belongs to a role that does not own the database, in a sentence's words; NULL: nothing does.
 */
bool		trust_read(struct session *session, char **stranger);

/* trust_stranger - is there none, as far as trust_read has seen? False, and reported, when there is. */
bool		trust_stranger(const char *stranger);

/*
 * trust_run - and does it belong to those whose SQL may be run: the database's owner, a superuser, ourselves? False,
 * and reported, when not.
 */
bool		trust_run(struct session *session);

#endif
