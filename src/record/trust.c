/* Check that tables belong to trusted roles before they are read or written. */
#include "record/trust.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/owner_hint.h"

#include "base/banned.h"

/*
 * The check fails by a cast: no other system function fails with a message that the query chooses. The argument depends
 * on a row, because the planner would evaluate a constant cast.
 */
#define REFUSAL "not trusted: "
/*
 * Objects that a query over the table may call, when it is planned or run: a type brings its casts and operators.
 * Triggers and rules do not matter to a query that reads.
 */
#define IS_NO_USE_OF(catalog, alias, owner) \
	"NOT EXISTS (SELECT FROM " catalog " " alias " JOIN pg_depend u ON u.refclassid = '" catalog "'::regclass" \
	" AND u.refobjid = " alias ".oid JOIN pg_depend w ON w.classid = u.classid AND w.objid = u.objid" \
	" AND w.refclassid = 'pg_class'::regclass AND w.refobjid = c.oid" \
	" AND u.classid NOT IN ('pg_trigger'::regclass, 'pg_rewrite'::regclass)" \
	" WHERE " alias ".oid >= 16384 AND NOT " TRUST_ROLE(alias "." owner, "$2") ")"
/* The types of columns, and what these are made of: elements, base types, subtypes, the columns of composite types. */
#define TYPES_ARE_TRUSTED \
	"NOT EXISTS (WITH RECURSIVE y AS (SELECT a.atttypid AS oid FROM pg_attribute a WHERE a.attrelid = c.oid" \
	" AND a.attnum > 0 AND a.atttypid >= 16384 UNION SELECT d.refobjid FROM y JOIN pg_type e ON e.oid = y.oid" \
	" JOIN pg_depend d ON (d.classid = 'pg_type'::regclass AND d.objid = e.oid)" \
	" OR (d.classid = 'pg_class'::regclass AND d.objid = e.typrelid) WHERE d.refclassid = 'pg_type'::regclass)" \
	" SELECT FROM y JOIN pg_type e ON e.oid = y.oid WHERE NOT " TRUST_ROLE("e.typowner", "$2") ")"
#define GATE \
	"SELECT CASE WHEN c.relkind = 'r' AND " IS_NO_USE_OF("pg_proc", "p", "proowner") " AND " \
	IS_NO_USE_OF("pg_operator", "o", "oprowner") " AND " IS_NO_USE_OF("pg_type", "y", "typowner") " AND " \
	TYPES_ARE_TRUSTED " AND " TRUST_ROLE("c.relowner", "$2") " AND " TRUST_ROLE("n.nspowner", "$2") \
	" THEN 0 ELSE ('" REFUSAL "' || c.relname)::integer END" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::regclass"

/* The worst comes first: an object that cannot be read, then one of another owner. */
#define FIND_UNTRUSTED \
	"SELECT o.name, o.odd, r.rolname FROM (" \
	"SELECT 1 AS place, 'schema ' || n.nspname AS name, n.nspowner AS owner, NULL AS odd" \
	" FROM pg_namespace n WHERE n.nspname IN ('public', 'fitsdb_schema')" \
	" UNION ALL SELECT 2, format('%s %I.%I', CASE c.relkind WHEN 'r' THEN 'table' ELSE 'relation' END, n.nspname," \
	" c.relname), c.relowner," \
	" CASE WHEN c.relkind <> 'r' THEN 'is not a table'" \
	" WHEN EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid" \
	" AND a.attnum > 0 AND t.typnamespace <> 'pg_catalog'::regnamespace) THEN 'has a column of a type of its own' END" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE (n.nspname = 'public' AND c.relname = 'migrate_version')" \
	" OR (n.nspname = 'fitsdb_schema' AND c.relname IN ('migration', 'change', 'standing'))) o" \
	" JOIN pg_roles r ON r.oid = o.owner WHERE o.odd IS NOT NULL OR NOT " TRUST_ROLE("o.owner", "$1") \
	" ORDER BY o.odd IS NULL, o.place, o.name LIMIT 1"

/* PUBLIC is role 0. */
#define FIND_WRITERS \
	"SELECT CASE a.grantee WHEN 0 THEN 'every role' ELSE format('role \"%s\"', pg_get_userbyid(a.grantee)) END," \
	" format('REVOKE %s ON public.migrate_version FROM %s CASCADE;', string_agg(DISTINCT a.privilege_type, ', ')," \
	" CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)" \
	" FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = to_regclass('public.migrate_version')" \
	" AND a.grantee <> c.relowner AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')" \
	" AND (a.grantee = 0 OR NOT " TRUST_ROLE("a.grantee", "$1") ") GROUP BY a.grantee ORDER BY 1"

void
trust_add_gate(struct pipeline *pipeline, const struct session *session, const char *relation)
{
	char	   *lock = mem_format("LOCK TABLE ONLY %s IN ACCESS SHARE MODE", relation);

	pipeline_add(pipeline, lock, 0);
	pipeline_add(pipeline, GATE, 2, relation, session->options->role)->prepared = true;
	mem_free(lock);
}

bool
trust_refused(const struct pipeline_error *error)
{
	return pipeline_error_is(error, SQLSTATE_INVALID_TEXT_REPRESENTATION) && strstr(error->message, REFUSAL);
}

void
trust_begin_reading(const struct session *session, struct pipeline *pipeline, const char *relation)
{
	session_begin_reading(session, pipeline);
	trust_add_gate(pipeline, session, relation);
}

static void
report_untrusted(struct session *session, const struct pipeline_command *found)
{
	const char *odd = pipeline_value(found, 0, 1);

	if (odd) {
		report_error("%s is not trusted: it %s", pipeline_text(found, 0, 0), odd);
		report_detail("It belongs to \"%s\". Nothing was changed.", pipeline_text(found, 0, 2));
		report_hint("Check who created it, then drop or rename it. It must be an ordinary table of the database's"
					" owner.");
		return;
	}
	report_error("%s is not trusted: its owner \"%s\" does not own the database", pipeline_text(found, 0, 0),
				 pipeline_text(found, 0, 2));
	report_detail("Reading or writing it may run code of that role. Nothing was changed.");
	owner_hint(session,
			   "Check who created it. If its rows are genuine, copy them into a new table of the database's owner"
			   " and drop this one. Changing its owner would keep its indexes, rules and triggers.");
}

/* Find an untrusted object; *found has a row if there is one. False, and reported, if the query failed. */
static bool
find_untrusted(struct session *session, struct pipeline *pipeline, const struct pipeline_command **found)
{
	bool		answered;

	*pipeline = (struct pipeline) {.prepare = session->prepares};
	session_begin_reading(session, pipeline);
	/* This query is sent several times in a run. */
	pipeline_add(pipeline, FIND_UNTRUSTED, 1, session->options->role)->prepared = true;
	session_end_reading(pipeline);
	answered = session_query(session, pipeline, "read the owners of the record");
	*found = session_result(pipeline);
	return answered;
}

void
trust_report(struct session *session, const char *relation)
{
	struct pipeline pipeline;
	const struct pipeline_command *found;

	if (find_untrusted(session, &pipeline, &found)) {
		if (pipeline_row_count(found) > 0)
			report_untrusted(session, found);
		else {
			report_error("table %s is not trusted: it has a column, an index, a constraint, a default or statistics that"
						 " use a type or function of an untrusted owner", relation);
			report_hint("Remove that object, or copy the rows into a new table and drop this one.");
		}
	}
	pipeline_clear(&pipeline);
}

bool
trust_check_record(struct session *session)
{
	struct pipeline pipeline;
	const struct pipeline_command *found;
	bool		trusted = find_untrusted(session, &pipeline, &found) && pipeline_row_count(found) == 0;

	if (pipeline_row_count(found) > 0)
		report_untrusted(session, found);
	pipeline_clear(&pipeline);
	return trusted;
}

void
trust_warn_of_writers(struct session *session)
{
	struct pipeline pipeline = {0};
	bool		answered;

	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, FIND_WRITERS, 1, session->options->role);
	session_end_reading(&pipeline);
	answered = session_query(session, &pipeline, "read the privileges on table migrate_version");
	for (int i = 0; answered && i < pipeline_row_count(session_result(&pipeline)); i++) {
		report_warning("%s may write table public.migrate_version, which records the version",
					   pipeline_text(session_result(&pipeline), i, 0));
		report_hint("To revoke that, run as the table's owner: %s", pipeline_text(session_result(&pipeline), i, 1));
	}
	pipeline_clear(&pipeline);
}
