/*
 * trust.h - check that tables belong to trusted roles before they are read or written, and that table migrate_version
 * and schema fitsdb_schema are genuine, not planted by another role.
 *
 * If these are missing, other roles may be able to create objects with the same names. A query over a table, even its
 * planning, runs functions that its owner has chosen, and so does a write.
 */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>

#include "pg/session.h"

/*
 * An SQL condition: the role with this oid is trusted, so its code may run with our privileges. Trusted are superusers,
 * the database's owner, the login role, and the role in `parameter` (session->options->role, or null). For queries with
 * search_path pg_catalog.
 */
#define TRUST_ROLE(oid, parameter) \
	"EXISTS (SELECT FROM pg_roles t, pg_database b WHERE t.oid = " oid " AND b.datname = current_database()" \
	" AND (t.rolsuper OR t.oid = b.datdba OR t.rolname IN ('pg_database_owner', session_user," \
	" coalesce(" parameter ", session_user))))"

/*
 * trust_add_gate - append commands that lock table `relation` (schema and name, quoted), and fail unless it is an
 * ordinary table of a trusted owner, in the schema of a trusted owner, without columns, indexes, constraints, defaults
 * or statistics that use untrusted types or functions: the owner of a type may give it casts.
 *
 * They must come before every query over the table, because planning a query runs the functions in index predicates,
 * index expressions and statistics. Use it in a transaction with search_path pg_catalog; the query must say ONLY.
 */
void		trust_add_gate(struct pipeline *pipeline, const struct session *session, const char *relation);

/* trust_refused - is this the error of that check, rather than of the lock or a missing table? */
bool		trust_refused(const struct pipeline_error *error);

/* trust_report - after the check of `relation` has failed: report which object is not trusted, and why. */
void		trust_report(struct session *session, const char *relation);

/*
 * trust_begin_reading - session_begin_reading, and the check of `relation`. The caller appends the query and
 * session_end_reading.
 */
void		trust_begin_reading(const struct session *session, struct pipeline *pipeline, const char *relation);

/*
 * trust_check_record - do table migrate_version and the tables of schema fitsdb_schema belong to trusted roles, so that
 * the stored SQL may be run? False if not, or on failure; reported.
 */
bool		trust_check_record(struct session *session);

/*
 * trust_warn_of_writers - warn of untrusted roles that may write table migrate_version, with the statement that revokes
 * that.
 */
void		trust_warn_of_writers(struct session *session);

#endif
