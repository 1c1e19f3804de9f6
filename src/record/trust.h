/*
 * trust.h - whose tables may be read and written with our rights, and are those that go by our names genuine: the table
 * migrate_version, and schema fitsdb_schema?
 *
 * Where they are missing, others may be able to put something of theirs there. To plan a query over a table is to run
 * functions that its owner has chosen, and so is to write to it.
 */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>

#include "pg/session.h"

/*
 * May the role with this oid have code run with our rights? A superuser, the database's owner, whoever logged in, and
 * the role that is named by the parameter: session->options->role, or null. For queries with pg_catalog as their path.
 */
#define TRUST_ROLE(oid, parameter) \
	"EXISTS (SELECT FROM pg_roles t, pg_database b WHERE t.oid = " oid " AND b.datname = current_database()" \
	" AND (t.rolsuper OR t.oid = b.datdba OR t.rolname IN ('pg_database_owner', session_user," \
	" coalesce(" parameter ", session_user))))"

/*
 * trust_add_gate - append, to a batch within BEGIN and COMMIT whose search path is pg_catalog, what must come before
 * any query over `relation` (schema and name, quoted): it is locked against being renamed or changed, and the batch
 * fails unless it is an ordinary table that a trusted role owns, in such a role's schema. Planning alone runs the
 * functions in a table's index predicates, expressions and statistics, so nothing else may be planned over it before.
 * The query must say ONLY.
 */
void		trust_add_gate(struct pipeline *pipeline, const struct session *session, const char *relation);

/* trust_refused - is this the error of that gate, rather than of the lock or of a table that is not there? */
bool		trust_refused(const struct pipeline_error *error);

/* trust_report - after the gate of `relation` has failed, report what is not trusted, and why: it was not read. */
void		trust_report(struct session *session, const char *relation);

/* trust_begin_reading - session_begin_reading, and that gate; the query is next, and then session_end_reading. */
void		trust_begin_reading(const struct session *session, struct pipeline *pipeline, const char *relation);

/*
 * trust_check_record - does all that goes by our names belong to a trusted role, so that SQL in it may be run? False, and
 * reported, when not.
 */
bool		trust_check_record(struct session *session);

#endif
