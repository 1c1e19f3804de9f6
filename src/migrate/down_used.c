/* Look for objects that use what a downgrade drops. */
#include "migrate/down_used.h"

#include <jansson.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/destructive.h"
#include "history/drops.h"
#include "migrate/loss_intent.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"

#include "base/banned.h"

enum {
	MOST_LINES = 20				/* of a list */
};

/*
 * $1: names as facts have them. A name in another case, or with other characters, is quoted there; a keyword is not.
 * Of each object that uses one of them: its kind, its name alone and in full, and the first of what it uses.
 */
#define NAMED(quoted, plain) "(" quoted " IN (SELECT name FROM dropped) OR " plain " IN (SELECT name FROM dropped))"
#define IN_SCHEMA(how, schema, name) \
	"CASE WHEN " schema " = 'public' THEN " how name ") ELSE concat(" how schema "), '.', " how name ")) END"
#define USES \
	"WITH dropped AS (SELECT d.name FROM json_array_elements_text($1::json) d (name))," \
	" t AS (SELECT c.oid, " IN_SCHEMA("quote_ident(", "n.nspname", "c.relname") " AS quoted, " \
	IN_SCHEMA("text(", "n.nspname", "c.relname") " AS plain FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384)," \
	" used AS (SELECT t.oid, 0 AS part, t.quoted AS name FROM t WHERE " NAMED("t.quoted", "t.plain") \
	" UNION ALL SELECT t.oid, a.attnum, concat(t.quoted, '.', quote_ident(a.attname)) FROM t JOIN pg_attribute a" \
	" ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped" \
	" WHERE " NAMED("concat(t.quoted, '.', quote_ident(a.attname))", "concat(t.plain, '.', a.attname)") ")" \
	" SELECT DISTINCT ON (kind, name) kind, bare, name, used FROM (" \
	"SELECT CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind, v.relname::text AS bare, " \
	IN_SCHEMA("quote_ident(", "n.nspname", "v.relname") " AS name, u.name AS used FROM used u JOIN pg_depend d" \
	" ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND (u.part = 0 OR d.refobjsubid = u.part)" \
	" AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n' JOIN pg_rewrite w ON w.oid = d.objid" \
	" JOIN pg_class v ON v.oid = w.ev_class AND v.relkind IN ('v', 'm') JOIN pg_namespace n ON n.oid = v.relnamespace" \
	" UNION ALL SELECT 'foreign key', k.conname::text, concat(t.quoted, '.', quote_ident(k.conname)), u.name" \
	" FROM used u JOIN pg_constraint k ON k.contype = 'f' AND k.confrelid = u.oid" \
	" AND (u.part = 0 OR u.part = ANY (k.confkey)) JOIN t ON t.oid = k.conrelid" \
	" WHERE NOT EXISTS (SELECT FROM used x WHERE x.oid = k.conrelid AND (x.part = 0 OR x.part = ANY (k.conkey)))) o" \
	" ORDER BY kind, name, used"

/* The tables and columns that the tasks drop, as JSON: a new string. */
static char *
names_dropped(const struct migrator *migrator)
{
	struct loss_intent intent = {0};
	json_t	   *names = json_array();
	char	   *text;

	loss_intent_read(&intent, migrator);
	for (size_t i = 0; i < intent.count; i++)
		for (size_t k = 0; k < intent.steps[i].drops.count; k++) {
			const struct drops_item *item = &intent.steps[i].drops.items[k];

			if (item->kind == DROPS_TABLE || item->kind == DROPS_COLUMN)
				json_array_append_new(names, json_string(item->name));
		}
	loss_intent_clear(&intent);
	text = json_output_string(names, JSON_COMPACT);
	json_decref(names);
	return text;
}

/* Does a statement of the tasks drop or replace it, or drop objects that it does not name? */
static bool
is_dropped(const struct migrator *migrator, const char *name)
{
	for (size_t i = 0; i < migrator->task_count; i++)
		for (size_t k = 0; k < migrator->tasks[i].list.count; k++) {
			const char *text = migrator->tasks[i].list.statements[k].text;
			bool		drops = destructive_names(text, "drop");

			if (destructive_of(text, strlen(text)) == DESTRUCTIVE_ANY || (drops && destructive_names(text, "cascade"))
				|| ((drops || destructive_names(text, "replace")) && destructive_names(text, name)))
				return true;
		}
	return false;
}

/* Report the objects of these rows that stay in the way, and what to do; false: there are none. */
static bool
report_used(const struct migrator *migrator, const struct pipeline_command *rows)
{
	char	   *lines = NULL;
	char	   *advice = NULL;
	size_t		count = 0;

	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *kind = pipeline_text(rows, i, 0);
		const char *name = pipeline_text(rows, i, 2);
		char	   *line;

		if (is_dropped(migrator, pipeline_text(rows, i, 1)) || count++ >= MOST_LINES)
			continue;
		line = mem_format("%s %s uses %s, which is dropped", kind, name, pipeline_text(rows, i, 3));
		mem_append(&lines, "\n", line);
		mem_free(line);
		if (!advice)
			advice = mem_format("%s %s", kind, name);
	}
	if (count > 0) {
		report_error("database \"%s\" cannot be downgraded: %zu object%s objects that the downgrade drops",
					 connection_database(migrator->database.session.connection), count, count == 1 ? " uses" : "s use");
		report_detail_lines(lines);
		if (count > MOST_LINES)
			report_detail("And %zu more.", count - MOST_LINES);
		report_detail("Nothing was changed.");
		report_hint("Drop %s%s. After the downgrade, create %s again if possible.", advice,
					count == 1 ? "" : " and the others", count == 1 ? "it" : "them");
	}
	mem_free(advice);
	mem_free(lines);
	return count > 0;
}

int
down_used_check(struct migrator *migrator)
{
	struct session *session = &migrator->database.session;
	struct pipeline pipeline = {0};
	char	   *names = names_dropped(migrator);
	bool		free_to_drop = true;

	if (strcmp(names, "[]") != 0) {
		session_begin_reading(session, &pipeline);
		pipeline_add(&pipeline, USES, 1, names);
		session_end_reading(&pipeline);
		free_to_drop = session_query(session, &pipeline, "look for objects that use what is dropped")
			&& !report_used(migrator, session_result(&pipeline));
	}
	pipeline_clear(&pipeline);
	mem_free(names);
	return free_to_drop ? STATUS_OK : STATUS_UNKNOWN;
}
