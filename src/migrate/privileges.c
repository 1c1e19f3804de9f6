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

/*
 * Objects that have their own owner: kind as in facts, word of ALTER, schema, name as an SQL identifier, arguments for
 * SQL, arguments as in facts, owner; and "usual": one of those that a build without facts takes for the history's.
 * Indexes and the sequences of columns belong to the table's owner.
 */
#define NOT_EXTENSION(catalog, alias) USER_OBJECTS_NOT_EXTENSION(catalog, alias ".oid")
#define OWNED \
	"(SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'" \
	" ELSE 'table' END AS kind, NULL AS word, n.nspname, quote_ident(c.relname) AS name, '' AS arguments," \
	" '' AS types, c.relowner AS owner, n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S') AS usual" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')" \
	" AND NOT EXISTS (SELECT FROM pg_depend s WHERE c.relkind = 'S' AND s.classid = 'pg_class'::regclass" \
	" AND s.objid = c.oid AND s.deptype IN ('a', 'i') AND s.refobjsubid > 0)" \
	" AND " NOT_EXTENSION("pg_class", "c") \
	" UNION ALL SELECT 'type', NULL, n.nspname, quote_ident(t.typname), '', '', t.typowner," \
	" n.nspname = 'public' AND t.typtype = 'e' FROM pg_type t" \
	" JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid >= 16384 AND (t.typtype IN ('e', 'd', 'r')" \
	" OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')) AND " \
	NOT_EXTENSION("pg_type", "t") \
	" UNION ALL SELECT 'schema', NULL, NULL, quote_ident(n.nspname), '', '', n.nspowner, false FROM pg_namespace n" \
	" WHERE n.oid >= 16384 AND n.nspname <> 'public' AND " NOT_EXTENSION("pg_namespace", "n") ")"

/*
 * A superuser's function in C, or of an event trigger, is none that the owner can have created, and with it the owner
 * could become superuser: by CALLED ON NULL INPUT, or by another body. Servers, publications and operator classes are
 * left out for the same reason.
 */
#define TYPE_IN_FACTS(type) "regexp_replace(format_type(" type ", NULL), '^public[.]', '')"
#define OWNED_ROUTINES \
	"(SELECT CASE i.type WHEN 'procedure' THEN 'function' ELSE i.type END AS kind, i.type AS word, n.nspname," \
	" quote_ident(p.proname) AS name, format('(%s)', CASE WHEN i.type = 'aggregate' THEN coalesce(a.arguments, '*')" \
	" ELSE a.arguments END) AS arguments, format('(%s)', a.types) AS types, p.proowner AS owner, false AS usual" \
	" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang" \
	" CROSS JOIN LATERAL pg_identify_object('pg_proc'::regclass, p.oid, 0) i CROSS JOIN LATERAL (SELECT" \
	" string_agg(format_type(u.type, NULL), ', ' ORDER BY u.place) AS arguments," \
	" string_agg(" TYPE_IN_FACTS("u.type") ", ',' ORDER BY u.place) AS types" \
	" FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u (type, place)) a WHERE p.oid >= 16384" \
	" AND (l.lanname IN ('sql', 'plpgsql') AND p.prorettype <> 'event_trigger'::regtype OR i.type = 'aggregate')" \
	" AND " NOT_EXTENSION("pg_proc", "p") \
	" UNION ALL SELECT 'operator', 'operator', n.nspname, o.oprname," \
	" format('(%s, %s)', coalesce(format_type(nullif(o.oprleft, 0), NULL), 'NONE')," \
	" coalesce(format_type(nullif(o.oprright, 0), NULL), 'NONE'))," \
	" format('(%s,%s)', coalesce(" TYPE_IN_FACTS("nullif(o.oprleft, 0)") ", 'NONE')," \
	" coalesce(" TYPE_IN_FACTS("nullif(o.oprright, 0)") ", 'NONE')), o.oprowner, false FROM pg_operator o" \
	" JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid >= 16384 AND " NOT_EXTENSION("pg_operator", "o") ")"

#define OWNED_OF(kind, catalog, prefix) \
	" UNION ALL SELECT '" kind "', NULL, n.nspname, quote_ident(o." prefix "name), '', '', o." prefix "owner, false" \
	" FROM " catalog " o JOIN pg_namespace n ON n.oid = o." prefix "namespace WHERE o.oid >= 16384 AND " \
	NOT_EXTENSION(catalog, "o")

#define OWNED_OTHERS \
	OWNED_OF("collation", "pg_collation", "coll") OWNED_OF("conversion", "pg_conversion", "con") \
	OWNED_OF("statistics", "pg_statistic_ext", "stx") OWNED_OF("text search dictionary", "pg_ts_dict", "dict") \
	OWNED_OF("text search configuration", "pg_ts_config", "cfg")

#define OF_RECORD \
	"(o.kind = 'table' AND (o.nspname = 'fitsdb_schema' OR o.nspname = 'public' AND o.usual" \
	" AND o.name = 'migrate_version') OR o.kind = 'schema' AND o.name = 'fitsdb_schema')"

/* Is it one of the history's objects? $4 are these, a line for each; null: it is not known which they are. */
#define OF_HISTORY \
	"CASE WHEN $4::text IS NULL THEN o.usual ELSE ARRAY[concat(o.kind, ' '," \
	" nullif(concat(quote_ident(o.nspname), '.'), 'public.'), o.name, o.types)," \
	" concat(o.kind, ' ', quote_ident(o.nspname) || '.', o.name, o.types)] && string_to_array($4, E'\\n') END"

/*
 * Does the role own everything, with all privileges? Then the queries below, which take the server much longer to plan,
 * would find nothing. A false result may be wrong. And may it use a superuser's objects?
 */
#define OTHERS_OWN(catalog, owner) \
	" AND NOT EXISTS (SELECT FROM " catalog " o WHERE o.oid >= 16384 AND o." owner " <> a.role)"
#define ALL_IS_OURS \
	"SELECT has_schema_privilege(to_regnamespace('public'), 'CREATE')" \
	" AND has_database_privilege(current_database(), 'CREATE')" \
	" AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = 'fitsdb_schema' AND n.nspowner <> a.role)" \
	" AND NOT EXISTS (SELECT FROM pg_class c" \
	" WHERE c.relnamespace IN (to_regnamespace('public'), to_regnamespace('fitsdb_schema'))" \
	" AND c.relkind IN ('r', 'p', 'S') AND (c.relowner <> a.role" \
	" OR c.relkind <> 'S' AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')" \
	" AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))))" \
	OTHERS_OWN("pg_class", "relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND o.relowner") \
	OTHERS_OWN("pg_type", "typtype <> 'b' AND o.typowner") \
	OTHERS_OWN("pg_namespace", "nspname !~ '^pg_|^public$' AND o.nspowner") \
	OTHERS_OWN("pg_proc", "prolang <> 13 AND o.proowner") OTHERS_OWN("pg_operator", "oprowner") \
	OTHERS_OWN("pg_collation", "collowner") OTHERS_OWN("pg_conversion", "conowner") \
	OTHERS_OWN("pg_statistic_ext", "stxowner") OTHERS_OWN("pg_ts_dict", "dictowner") \
	OTHERS_OWN("pg_ts_config", "cfgowner") \
	", EXISTS (SELECT FROM pg_roles r WHERE r.rolsuper AND pg_has_role(r.oid, 'USAGE'))" \
	" FROM (VALUES (to_regrole(quote_ident(current_user))::oid)) a (role)"

/* The role, the database's owner, and whether the login is a superuser, who may transfer ownership. */
#define FIND_ROLES \
	"SELECT current_user, o.rolname, l.rolsuper FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba," \
	" pg_roles l WHERE d.datname = current_database() AND l.rolname = session_user"

/*
 * A superuser's object that no version of the history creates is private. After a transfer the object's code runs as
 * the owner, with fewer privileges than before.
 */
#define LEFT_BEHIND_FIND \
	"SELECT format('ALTER %s %s%s OWNER TO %I', upper(coalesce(o.word, o.kind))," \
	" concat_ws('.', quote_ident(o.nspname), o.name), o.arguments, current_user)," \
	" format('%s %s%s%s belonged to \"%s\"; it now belongs to \"%s\"', coalesce(o.word, o.kind), CASE WHEN o.nspname" \
	" NOT IN ('public', 'fitsdb_schema') THEN quote_ident(o.nspname) || '.' END, o.name, o.types," \
	" r.rolname, current_user)" \
	" FROM " GIVEN " given, (SELECT * FROM "
#define LEFT_BEHIND_AMONG OWNED " r UNION ALL SELECT * FROM "
#define LEFT_BEHIND_AMONG_MORE OWNED_ROUTINES " r" OWNED_OTHERS
#define LEFT_BEHIND_WHERE \
	") o JOIN pg_roles r ON r.oid = o.owner AND r.rolsuper" \
	" JOIN pg_roles l ON l.rolname = session_user JOIN pg_roles a ON a.rolname = current_user" \
	" WHERE NOT a.rolsuper AND (l.rolsuper OR NOT pg_has_role(a.oid, r.oid, 'USAGE'))" \
	" AND (" OF_RECORD " OR given.whole AND " OF_HISTORY ")" \
	" ORDER BY o.kind <> 'schema', o.nspname, o.kind, o.name, o.types"

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
	" AND NOT pg_has_role(r.oid, 'USAGE') AND o.owner = r.oid AND o.usual GROUP BY r.rolname" \
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
		   bool whole, const char *objects)
{
	struct pipeline pipeline = {0};
	size_t		first = begin_queries(&pipeline, session);
	const char *given[] = {
		whole ? "true" : "false", record->versioned ? "true" : "false", record->recorded ? "true" : "false"
	};
	const struct pipeline_command *roles;
	const struct pipeline_command *missing;
	const struct pipeline_command *left;
	char	   *left_behind
		= mem_format("%s%s%s%s", LEFT_BEHIND_FIND, LEFT_BEHIND_AMONG, LEFT_BEHIND_AMONG_MORE, LEFT_BEHIND_WHERE);
	bool		may = false;

	pipeline_add(&pipeline, FIND_ROLES, 0);
	pipeline_add(&pipeline, FIND_MISSING, 3, given[0], given[1], given[2]);
	pipeline_add(&pipeline, left_behind, 4, given[0], given[1], given[2], objects);
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
	mem_free(left_behind);
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
	char	   *objects = NULL;
	bool		ours;
	bool		as_superuser;
	bool		may;

	*ownership = (struct privileges) {0};
	if (!check_quickly(session, &ours, &as_superuser))
		return false;
	may = (ours && !as_superuser) || built_facts_names(&relations, &objects);
	if (may && as_superuser && relations)
		tell_grants(session, relations);
	may = may && (ours || check_each(ownership, session, record, command, whole, objects));
	mem_free(objects);
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
