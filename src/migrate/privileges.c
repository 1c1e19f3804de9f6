/* Check that the role may make every change. */
#include "migrate/privileges.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/user_objects.h"
#include "record/owner_hint.h"
#include "record/untrusted.h"
#include "schema/built_facts.h"

#include "base/banned.h"

/* The parameters: are migrations run, does the database have a version, does it have a record? */
#define GIVEN "(SELECT $1::boolean AS whole, $2::boolean AS versioned, $3::boolean AS recorded)"

/* All objects that have their own owner. Indexes and the sequences of columns belong to the table's owner. */
#define OWNED \
	"(SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, n.nspname, c.relname AS name," \
	" c.relowner AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE (n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S') " \
	" OR n.nspname = 'fitsdb_schema' AND c.relkind = 'r')" \
	" AND NOT EXISTS (SELECT FROM pg_depend s WHERE c.relkind = 'S' AND s.classid = 'pg_class'::regclass" \
	" AND s.objid = c.oid AND s.deptype IN ('a', 'i') AND s.refobjsubid > 0)" \
	" AND " USER_OBJECTS_NOT_EXTENSION("pg_class", "c.oid") \
	" UNION ALL SELECT 'type', n.nspname, t.typname, t.typowner FROM pg_type t" \
	" JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' AND t.typtype = 'e' AND " \
	USER_OBJECTS_NOT_EXTENSION("pg_type", "t.oid") \
	" UNION ALL SELECT 'schema', NULL, n.nspname, n.nspowner FROM pg_namespace n WHERE n.nspname = 'fitsdb_schema')"

/* Is it one of the history's objects? $4 and $5 are its relations and types; null: all are. */
#define OF_HISTORY \
	"coalesce(quote_ident(o.name) = ANY (string_to_array(CASE o.kind WHEN 'type' THEN $5::text ELSE $4::text END," \
	" E'\\n')), true)"

/*
 * Does the role own everything, with all privileges? Then the queries below, which take the server much longer to plan,
 * would find nothing. A false result may be wrong. And may it use a superuser's objects?
 */
#define ALL_IS_OURS \
	"SELECT has_schema_privilege(to_regnamespace('public'), 'CREATE')" \
	" AND has_database_privilege(current_database(), 'CREATE')" \
	" AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = 'fitsdb_schema' AND n.nspowner <> a.role)" \
	" AND NOT EXISTS (SELECT FROM pg_class c" \
	" WHERE c.relnamespace IN (to_regnamespace('public'), to_regnamespace('fitsdb_schema'))" \
	" AND c.relkind IN ('r', 'p', 'S') AND (c.relowner <> a.role" \
	" OR c.relkind <> 'S' AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')" \
	" AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))))" \
	" AND NOT EXISTS (SELECT FROM pg_type t WHERE t.typnamespace = to_regnamespace('public') AND t.typtype = 'e'" \
	" AND t.typowner <> a.role), EXISTS (SELECT FROM pg_roles r WHERE r.rolsuper AND pg_has_role(r.oid, 'USAGE'))" \
	" FROM (VALUES (to_regrole(quote_ident(current_user))::oid)) a (role)"

/* The role, the database's owner, and whether the login is a superuser, who may transfer ownership. */
#define FIND_ROLES \
	"SELECT current_user, o.rolname, l.rolsuper FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba," \
	" pg_roles l WHERE d.datname = current_database() AND l.rolname = session_user"

/* A superuser's table that no version of the history creates is private. */
#define FIND_LEFT_BEHIND \
	"SELECT format('ALTER %s %s OWNER TO %I', upper(o.kind)," \
	" concat_ws('.', quote_ident(o.nspname), quote_ident(o.name)), current_user)," \
	" format('%s %s belonged to \"%s\"; it now belongs to \"%s\"', o.kind, o.name, r.rolname," \
	" current_user) FROM " GIVEN " given, " OWNED " o JOIN pg_roles r ON r.oid = o.owner AND r.rolsuper" \
	" JOIN pg_roles l ON l.rolname = session_user JOIN pg_roles a ON a.rolname = current_user" \
	" WHERE NOT a.rolsuper AND (l.rolsuper OR NOT pg_has_role(a.oid, r.oid, 'USAGE'))" \
	" AND ('fitsdb_schema' IN (o.nspname, o.name) OR o.name = 'migrate_version' OR given.whole AND " OF_HISTORY ")" \
	" ORDER BY o.kind <> 'schema', o.nspname, o.kind, o.name"

/*
 * A row for each missing privilege, with the statement that grants it, or null. Objects whose ownership will be
 * transferred need no privilege.
 */
#define FIND_MISSING \
	"WITH given AS " GIVEN ", login AS (SELECT l.rolsuper FROM pg_roles l WHERE l.rolname = session_user)" \
	" SELECT 'CREATE on schema public', format('GRANT CREATE ON SCHEMA public TO %I;', current_user) FROM given" \
	" WHERE (given.whole OR NOT given.versioned)" \
	" AND NOT coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)" \
	" UNION ALL SELECT format('CREATE on database %I', current_database())," \
	" format('GRANT CREATE ON DATABASE %I TO %I;', current_database(), current_user) FROM given" \
	" WHERE NOT given.recorded AND NOT has_database_privilege(current_database(), 'CREATE')" \
	" UNION ALL SELECT format('membership in role %I, which owns %s of the tables and enums in schema public'," \
	" r.rolname, count(*)), NULL FROM given, pg_database d JOIN pg_roles r ON r.oid = d.datdba, " OWNED " o" \
	" WHERE given.whole AND d.datname = current_database() AND NOT r.rolsuper" \
	" AND NOT pg_has_role(r.oid, 'USAGE') AND o.owner = r.oid AND o.nspname = 'public' GROUP BY r.rolname" \
	" UNION ALL SELECT format('%s on table %I.%I', string_agg(p.privilege, ', ' ORDER BY p.privilege), n.nspname," \
	" c.relname), format('GRANT %s ON TABLE %I.%I TO %I;', string_agg(p.privilege, ', ' ORDER BY p.privilege)," \
	" n.nspname, c.relname, current_user)" \
	" FROM (VALUES ('migrate_version', 'SELECT'), ('migrate_version', 'UPDATE'), ('migration', 'SELECT')," \
	" ('migration', 'INSERT'), ('migration', 'UPDATE'), ('migration', 'DELETE'), ('change', 'SELECT')," \
	" ('change', 'INSERT'), ('change', 'UPDATE'), ('standing', 'SELECT'), ('standing', 'UPDATE')) p (name, privilege)" \
	" JOIN pg_class c ON c.relname = p.name JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" AND n.nspname = CASE p.name WHEN 'migrate_version' THEN 'public' ELSE 'fitsdb_schema' END" \
	" JOIN pg_roles r ON r.oid = c.relowner, login, given" \
	" WHERE NOT (r.rolsuper AND (login.rolsuper OR given.whole)) AND NOT has_table_privilege(c.oid, p.privilege)" \
	" GROUP BY n.nspname, c.relname" \
	" UNION ALL SELECT 'ownership of schema fitsdb_schema, in which tables are missing', NULL" \
	" FROM given, pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner, login" \
	" WHERE n.nspname = 'fitsdb_schema' AND NOT given.recorded" \
	" AND NOT (r.rolsuper AND (login.rolsuper OR given.whole))" \
	" AND NOT pg_has_role(r.oid, 'USAGE')"

static void
report_missing(struct session *session, const struct pipeline_command *roles, const struct pipeline_command *missing,
			   const char *command)
{
	const char *acting = pipeline_text(roles, 0, 0);
	const char *owner = pipeline_text(roles, 0, 1);

	report_error("role \"%s\" may not %s database \"%s\"", acting, command, connection_database(session->connection));
	for (int i = 0; i < pipeline_row_count(missing); i++)
		report_detail("It lacks %s.", pipeline_text(missing, i, 0));
	report_detail("Nothing was changed.");
	if (strcmp(acting, owner) != 0) {
		char	   *hint = mem_format("Run as the database's owner \"%s\", or as a superuser.", owner);

		owner_hint_missing(session, hint);
		mem_free(hint);
		return;
	}
	for (int i = 0; i < pipeline_row_count(missing); i++)
		if (pipeline_value(missing, i, 1))
			report_hint("As a superuser: %s", pipeline_text(missing, i, 1));
}

static void
report_left_behind(struct session *session, const struct pipeline_command *roles, const struct pipeline_command *left)
{
	size_t		count = (size_t) pipeline_row_count(left);
	const char **statements = mem_alloc((count + 1) * sizeof(*statements));

	for (size_t i = 0; i < count; i++)
		statements[i] = pipeline_text(left, (int) i, 0);
	owner_hint_left_behind(session, pipeline_text(roles, 0, 0), pipeline_text(roles, 0, 1), statements, count);
	mem_free(statements);
}

static void
add_changes(struct privileges *ownership, const struct pipeline_command *roles, const struct pipeline_command *left)
{
	ownership->role = mem_string(pipeline_text(roles, 0, 0));
	for (int i = 0; i < pipeline_row_count(left); i++) {
		ownership->changes = mem_grow(ownership->changes, ownership->count + 1, sizeof(*ownership->changes));
		ownership->changes[ownership->count++] = (struct privileges_change) {
			.statement = mem_string(pipeline_text(left, i, 0)),
			.note = mem_string(pipeline_text(left, i, 1)),
		};
	}
}

/* In a transaction that is rolled back: the settings of the role must not stay in a pooler's session. */
static size_t
begin_queries(struct pipeline *pipeline, const struct session *session)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_record_settings(session, pipeline);
	return pipeline->count;
}

static bool
run_queries(struct session *session, struct pipeline *pipeline)
{
	pipeline_add(pipeline, "ROLLBACK", 0);
	return session_query(session, pipeline, "read the privileges");
}

/* Set *ours to whether the role owns everything, *as_superuser to whether it may use a superuser's. False: reported. */
static bool
check_quickly(struct session *session, bool *ours, bool *as_superuser)
{
	struct pipeline pipeline = {0};
	size_t		found = begin_queries(&pipeline, session);
	bool		good;

	pipeline_add(&pipeline, ALL_IS_OURS, 0);
	good = run_queries(session, &pipeline);
	*ours = good && pipeline_bool(&pipeline.commands[found], 0, 0);
	*as_superuser = good && pipeline_bool(&pipeline.commands[found], 0, 1);
	pipeline_clear(&pipeline);
	return good;
}

static bool
check_each(struct privileges *ownership, struct session *session, const struct record *record, const char *command,
		   bool whole, const char *relations, const char *types)
{
	struct pipeline pipeline = {0};
	size_t		first = begin_queries(&pipeline, session);
	const char *given[] = {
		whole ? "true" : "false", record->versioned ? "true" : "false", record->recorded ? "true" : "false"
	};
	const struct pipeline_command *roles;
	const struct pipeline_command *missing;
	const struct pipeline_command *left;
	bool		may = false;

	pipeline_add(&pipeline, FIND_ROLES, 0);
	pipeline_add(&pipeline, FIND_MISSING, 3, given[0], given[1], given[2]);
	pipeline_add(&pipeline, FIND_LEFT_BEHIND, 5, given[0], given[1], given[2], relations, types);
	if (!run_queries(session, &pipeline))
		goto done;
	roles = &pipeline.commands[first];
	missing = &pipeline.commands[first + 1];
	left = &pipeline.commands[first + 2];

	if (pipeline_row_count(missing) > 0)
		report_missing(session, roles, missing, command);
	else if (pipeline_row_count(left) > 0 && !pipeline_bool(roles, 0, 2) && whole)
		report_left_behind(session, roles, left);
	else {
		may = true;
		if (pipeline_bool(roles, 0, 2))
			add_changes(ownership, roles, left);
	}
done:
	pipeline_clear(&pipeline);
	return may;
}

/* Let grants.sql know the history's relations, so that it leaves a superuser's private ones alone. */
static void
tell_grants(struct session *session, const char *relations)
{
	mem_free(session->relations);
	session->relations = mem_format("%smigrate_version", relations);
	for (char *end = session->relations; (end = strchr(end, '\n')) != NULL;)
		*end = ',';
}

bool
privileges_check(struct privileges *ownership, struct session *session, const struct record *record,
				 const char *command, bool whole)
{
	char	   *relations = NULL;
	char	   *types = NULL;
	bool		ours;
	bool		as_superuser;
	bool		may;

	*ownership = (struct privileges) {0};
	if (!check_quickly(session, &ours, &as_superuser))
		return false;
	may = (ours && !as_superuser) || built_facts_names(&relations, &types);
	if (may && as_superuser && relations)
		tell_grants(session, relations);
	may = may && (ours || check_each(ownership, session, record, command, whole, relations, types));
	mem_free(types);
	mem_free(relations);
	return may && untrusted_read(session, whole) && !untrusted_report(session);
}

void
privileges_clear(struct privileges *ownership)
{
	for (size_t i = 0; i < ownership->count; i++) {
		mem_free(ownership->changes[i].statement);
		mem_free(ownership->changes[i].note);
	}
	mem_free(ownership->changes);
	mem_free(ownership->role);
	*ownership = (struct privileges) {0};
}
