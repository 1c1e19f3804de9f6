/* Hints for a database whose owner is not the owner of its tables. */
#include "record/owner_hint.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

/* So many tables are not there by chance, and not planted by another role. */
#define MANY_TABLES "10"

#define FIND_OWNER \
	"SELECT r.rolname, o.rolname, count(*), format('ALTER DATABASE %I OWNER TO %I;', d.datname, r.rolname)" \
	" FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner, pg_database d JOIN pg_roles o ON o.oid = d.datdba" \
	" WHERE d.datname = current_database() AND c.relnamespace = to_regnamespace('public') AND o.rolsuper" \
	" AND c.relkind IN ('r', 'p') AND r.oid <> o.oid AND NOT r.rolsuper" \
	" AND ($1::text IS NULL OR strpos($1, format('CREATE TABLE public.%I (', c.relname)) > 0)" \
	" GROUP BY r.rolname, o.rolname, d.datname HAVING count(*) >= " MANY_TABLES \
	" AND count(*) * 2 > (SELECT count(*) FROM pg_class a WHERE a.relnamespace = to_regnamespace('public')" \
	" AND a.relkind IN ('r', 'p'))"

/* Not for database postgres, which should not be dropped or get another owner. */
#define FIND_ROLE \
	"SELECT o.rolname, r.rolname, format('ALTER DATABASE %I OWNER TO %I;', d.datname, r.rolname)," \
	" format('CREATE DATABASE %I OWNER %I;', d.datname, r.rolname)" \
	" FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba, pg_roles r" \
	" WHERE d.datname = current_database() AND d.datname <> 'postgres' AND o.rolsuper AND r.rolname = $1" \
	" AND NOT r.rolsuper" \
	" AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p'))"

/* Run a query for a hint. False if it fails or returns no row; then there is no hint. */
static bool
query_hint(struct session *session, struct pipeline *pipeline, const char *query, const char *parameter)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_own_settings(pipeline);
	pipeline_add(pipeline, query, 1, parameter);
	pipeline_add(pipeline, "ROLLBACK", 0);
	return pipeline_run(session->connection, pipeline) && pipeline_row_count(&pipeline->commands[2]) == 1;
}

/* The snapshot script, which contains the names of the tables, a new string; NULL if the build has none. */
static char *
latest_schema(void)
{
	const struct history_script *snapshot = history.snapshot;

	return snapshot ? mem_copy((const char *) snapshot->source.text, snapshot->source.length) : NULL;
}

void
owner_hint(struct session *session, const char *otherwise)
{
	struct pipeline pipeline = {0};
	char	   *schema = latest_schema();

	if (query_hint(session, &pipeline, FIND_OWNER, schema)) {
		const struct pipeline_command *found = &pipeline.commands[2];

		report_detail("%s tables of schema public belong to \"%s\", but the database belongs to \"%s\".",
					  pipeline_text(found, 0, 2), pipeline_text(found, 0, 0), pipeline_text(found, 0, 1));
		report_hint("To make \"%s\" the owner of the database, run as a superuser: %s", pipeline_text(found, 0, 0),
					pipeline_text(found, 0, 3));
	} else
		report_hint("%s", otherwise);
	pipeline_clear(&pipeline);
	mem_free(schema);
}

void
owner_hint_missing(struct session *session, const char *otherwise)
{
	struct pipeline pipeline = {0};

	if (query_hint(session, &pipeline, FIND_ROLE, history.database))
		report_hint("To make \"%s\" the owner of the database, run as a superuser: %s",
					pipeline_text(&pipeline.commands[2], 0, 1),
					pipeline_text(&pipeline.commands[2], 0, 2));
	else
		owner_hint(session, otherwise);
	pipeline_clear(&pipeline);
}

void
owner_hint_warn(struct session *session)
{
	struct pipeline pipeline = {0};

	if (!session->options->role && session->superuser && !session->acting
		&& query_hint(session, &pipeline, FIND_ROLE, history.database)) {
		const struct pipeline_command *found = &pipeline.commands[2];

		report_warning("all objects will belong to the superuser \"%s\", who owns the database",
					   pipeline_text(found, 0, 0));
		report_hint("If the objects should belong to \"%s\", drop this database, run %s and then run \"" PROGRAM
					" init\" again.", pipeline_text(found, 0, 1), pipeline_text(found, 0, 3));
	}
	pipeline_clear(&pipeline);
}

void
owner_hint_left_behind(struct session *session, const char *role, const char *owner, const char *const *statements,
					   size_t count)
{
	report_error("%zu object%s of the database belong%s to a superuser, and role \"%s\" may not change %s", count,
				 count == 1 ? "" : "s", count == 1 ? "s" : "", role, count == 1 ? "it" : "them");
	report_detail("Nothing was changed. These statements change the owner:");
	for (size_t i = 0; i < count; i++)
		report_detail("%s;", statements[i]);
	/* A superuser's run acts as the database's owner. If that is another role, it would not transfer to this one. */
	if (strcmp(role, owner) != 0)
		owner_hint(session, "Run these statements as a superuser.");
	else
		report_hint("Run these statements as a superuser. If a superuser runs \"" PROGRAM "\", it transfers the"
					" ownership itself.");
}
