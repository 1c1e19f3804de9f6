#include "record/owner_hint.h"

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

/* So many tables are not there by chance, nor by somebody who has put just a few in the way. */
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

/* Database postgres is the server's own: nobody should drop it, or make another role its owner. */
#define FIND_ROLE \
	"SELECT o.rolname, r.rolname, format('ALTER DATABASE %I OWNER TO %I;', d.datname, r.rolname)," \
	" format('CREATE DATABASE %I OWNER %I;', d.datname, r.rolname)" \
	" FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba, pg_roles r" \
	" WHERE d.datname = current_database() AND d.datname <> 'postgres' AND o.rolsuper AND r.rolname = $1" \
	" AND NOT r.rolsuper" \
	" AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p'))"

/* Ask something that is only for a hint: where it fails there is none. */
static bool
ask(struct session *session, struct pipeline *pipeline, const char *query, const char *parameter)
{
	pipeline_add(pipeline, "BEGIN", 0);
	session_add_own_settings(pipeline);
	pipeline_add(pipeline, query, 1, parameter);
	pipeline_add(pipeline, "ROLLBACK", 0);
	return pipeline_run(session->connection, pipeline) && pipeline_row_count(&pipeline->commands[2]) == 1;
}

/* The latest schema's script, which has the names of its tables; NULL where the build has none. */
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

	if (ask(session, &pipeline, FIND_OWNER, schema)) {
		const struct pipeline_command *found = &pipeline.commands[2];

		report_detail("%s tables of schema public belong to \"%s\", but the database belongs to \"%s\".",
					  pipeline_text(found, 0, 2), pipeline_text(found, 0, 0), pipeline_text(found, 0, 1));
		report_hint("If \"%s\" is to own the database, run as a superuser: %s", pipeline_text(found, 0, 0),
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

	if (ask(session, &pipeline, FIND_ROLE, history.database))
		report_hint("If \"%s\" is to own the database, run as a superuser: %s",
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
		&& ask(session, &pipeline, FIND_ROLE, history.database)) {
		const struct pipeline_command *found = &pipeline.commands[2];

		report_warning("everything that is created will belong to the superuser \"%s\", who owns the database",
					   pipeline_text(found, 0, 0));
		report_hint("If it is to belong to \"%s\", drop this database afterwards, run %s and then \"" PROGRAM
					" init\" again.", pipeline_text(found, 0, 1), pipeline_text(found, 0, 3));
	}
	pipeline_clear(&pipeline);
}
