/* Find the operator's constraint or unique index that an error is about. */
#include "migrate/failure_constraint.h"

#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "pg/sqlstate.h"
#include "schema/built_facts.h"

#include "base/banned.h"

/* The kind and the fact's name, and the statements that drop and create it. */
#define FIND \
	"WITH found AS (" \
	"SELECT 'constraint' AS kind, n.nspname, c.relname, k.conname AS name," \
	" pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname) AS drops," \
	" pg_catalog.format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname," \
	" pg_catalog.pg_get_constraintdef(k.oid)) AS creates" \
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid" \
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	" UNION ALL SELECT 'index', n.nspname, c.relname, x.relname," \
	" pg_catalog.format('DROP INDEX %I.%I', n.nspname, x.relname), pg_catalog.pg_get_indexdef(x.oid)" \
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid" \
	" JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = x.oid))" \
	" SELECT kind, CASE nspname WHEN 'public' THEN '' ELSE pg_catalog.quote_ident(nspname) || '.' END" \
	" || pg_catalog.quote_ident(relname) || '.' || pg_catalog.quote_ident(name), drops, creates FROM found" \
	" WHERE nspname = $1 AND relname = $2 AND name = $3"

/* Has one of the two versions of the task the object? */
static bool
is_known(const struct task *task, enum fact_kind kind, const char *name)
{
	struct fact_history known;
	bool		is = !built_facts_load(&known)
		|| (task->step.before >= 0 && fact_history_run(&known, kind, name, task->step.before))
		|| fact_history_run(&known, kind, name, task->step.after);

	fact_history_clear(&known);
	return is;
}

char *
failure_constraint_hint(const struct session *session, const struct task *task, const struct pipeline_error *error)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *rows;
	char	   *hint = NULL;

	if (error->lost || !error->constraint || !error->table || !history.schema || task->step.after > history.latest
		|| strncmp(error->sqlstate, SQLSTATE_CLASS_INTEGRITY_VIOLATION, 2) != 0)
		return NULL;
	session_begin_reading(session, &pipeline);
	pipeline_add(&pipeline, FIND, 3, error->schema, error->table, error->constraint);
	session_end_reading(&pipeline);
	rows = pipeline_run(session->connection, &pipeline) ? session_result(&pipeline) : NULL;
	if (rows && pipeline_row_count(rows) == 1) {
		bool		index = strcmp(pipeline_text(rows, 0, 0), "index") == 0;
		const char *name = pipeline_text(rows, 0, 1);

		if (!is_known(task, index ? FACT_INDEX : FACT_CONSTRAINT, name))
			hint = mem_format("The %s %s is not part of the schema. Run \"%s\", then the same command again."
							  " Afterwards, unless rows contradict it then, create it again: \"%s\".",
							  pipeline_text(rows, 0, 0), name, pipeline_text(rows, 0, 2), pipeline_text(rows, 0, 3));
	}
	pipeline_clear(&pipeline);
	return hint;
}
