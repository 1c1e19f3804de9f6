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
 * May the role with this oid have code run with our rights? A superuser, the database's owner, whoever logged in, and
 * the role that is named by the parameter: session->options->role, or null. For queries with pg_catalog as their path.
 */
#define TRUST_ROLE(oid, parameter) \
	"EXISTS (SELECT FROM pg_roles t, pg_database b WHERE t.oid = " oid " AND b.datname = current_database()" \
	" AND (t.rolsuper OR t.oid = b.datdba OR t.rolname IN ('pg_database_owner', session_user," \
	" coalesce(" parameter ", session_user))))"

/*
 * trust_add_gate - append, to a batch within BEGIN and COMMIT and after session_add_own, what must come before any query
 * over `relation` (schema and name, quoted): it is locked against being renamed or changed, and the batch fails unless
 * it is a table that a trusted role owns, in such a role's schema. Planning alone runs the functions in a table's index
 * predicates, expressions and statistics, so nothing else may be planned over it before. The query must say ONLY.
 */
void		trust_add_gate(struct db_batch *batch, const struct session *session, const char *relation);

/* trust_refused - is this the error of that gate, rather than of the lock or of a table that is not there? */
bool		trust_refused(const struct db_error *error);

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
