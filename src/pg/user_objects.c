/* The objects that users have created in a database. */
#include "pg/user_objects.h"

#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

enum {
	MOST_NAMED = 10				/* names in a message */
};

#define NOT_SYSTEM(catalog, alias) \
	"n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND " \
	USER_OBJECTS_NOT_EXTENSION(catalog, alias ".oid")

/* Objects that belong neither to the system nor to an extension; tables come first, as they tell most. */
#define FIND_OBJECTS \
	"SELECT string_agg(o.what, ', ' ORDER BY o.place) FILTER (WHERE o.place <= $1::integer), count(*)" \
	" FROM (SELECT u.what, row_number() OVER (ORDER BY u.kind, u.what) AS place FROM (" \
	"SELECT CASE WHEN c.relkind = 'S' THEN 3 WHEN c.relkind IN ('v', 'm') THEN 2 ELSE 1 END AS kind," \
	" CASE WHEN c.relkind = 'S' THEN 'sequence ' WHEN c.relkind IN ('v', 'm') THEN 'view '" \
	" ELSE 'table ' END || format('%I.%I', n.nspname, c.relname) AS what" \
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND " NOT_SYSTEM("pg_class", "c") \
	" UNION ALL SELECT 4, format('type %I.%I', n.nspname, t.typname)" \
	" FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace" \
	" WHERE t.typtype IN ('e', 'd') AND " NOT_SYSTEM("pg_type", "t") \
	" UNION ALL SELECT 5, format('function %I.%I', n.nspname, p.proname)" \
	" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " NOT_SYSTEM("pg_proc", "p") \
	" UNION ALL SELECT 6, format('schema %I', n.nspname) FROM pg_namespace n" \
	" WHERE n.nspname NOT IN ('public', 'fitsdb_schema') AND " NOT_SYSTEM("pg_namespace", "n") ") u) o"

#define FIND_NO_TABLES \
	"SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'migrate_version'" \
	" AND " NOT_SYSTEM("pg_class", "c") ")"

/* The statements that create schema public, if it is missing. */
#define FIND_NO_PUBLIC \
	"SELECT format('CREATE SCHEMA public AUTHORIZATION %I; GRANT USAGE ON SCHEMA public TO PUBLIC;', r.rolname)" \
	" FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba" \
	" WHERE d.datname = current_database() AND to_regnamespace('public') IS NULL"

bool
user_objects_read(struct user_objects *objects, struct session *session)
{
	struct pipeline pipeline = {0};
	char	   *most = mem_format("%d", MOST_NAMED);
	const char *named;
	bool		done;

	*objects = (struct user_objects) {0};
	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, FIND_OBJECTS, 1, most);
	session_end_reading(&pipeline);
	done = session_query(session, &pipeline, "check whether the database is empty");
	if (done) {
		objects->count = pipeline_number(session_result(&pipeline), 0, 1);
		named = pipeline_value(session_result(&pipeline), 0, 0);
		objects->named = named ? mem_string(named) : NULL;
	}
	pipeline_clear(&pipeline);
	mem_free(most);
	return done;
}

bool
user_objects_no_public(struct session *session)
{
	struct user_objects objects = {0};
	struct pipeline pipeline = {0};
	char	   *create;
	bool		missing;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_NO_PUBLIC, 0);
	missing = pipeline_run(session->connection, &pipeline) && pipeline_row_count(&pipeline.commands[1]) == 1;
	if (!missing || !user_objects_read(&objects, session)) {
		pipeline_clear(&pipeline);
		return missing;
	}
	report_error("database \"%s\" has no schema public", connection_database(session->connection));
	if (objects.count > 0) {
		report_detail("It has %s%s.", objects.named, objects.count > MOST_NAMED ? " and more" : "");
		report_hint("If that schema was renamed, run: ALTER SCHEMA ... RENAME TO public;");
	}
	create = printable_sql(pipeline_text(&pipeline.commands[1], 0, 0));
	report_hint("To create it, run as the database's owner or as a superuser: %s", create);
	mem_free(create);
	pipeline_clear(&pipeline);
	user_objects_clear(&objects);
	return true;
}

bool
user_objects_no_tables(struct session *session)
{
	struct pipeline pipeline = {0};
	bool		none;

	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, FIND_NO_TABLES, 0);
	session_end_reading(&pipeline);
	none = pipeline_run(session->connection, &pipeline) && pipeline_bool(session_result(&pipeline), 0, 0);
	pipeline_clear(&pipeline);
	return none;
}

void
user_objects_report(const struct user_objects *objects, struct session *session)
{
	report_detail("It has %s%s.", objects->named, objects->count > MOST_NAMED ? " and more" : "");
	if (user_objects_no_tables(session))
		report_hint("Schema public has no tables, so no version matches it. Drop these objects, or use another"
					" database; then run \"" PROGRAM " init\".");
	else
		report_hint("If this is the schema of a version, record that version with \"" PROGRAM " stamp VERSION\" (\""
					PROGRAM " identify\" reports the version); then run \"" PROGRAM " upgrade\".");
}

void
user_objects_clear(struct user_objects *objects)
{
	mem_free(objects->named);
	*objects = (struct user_objects) {0};
}
