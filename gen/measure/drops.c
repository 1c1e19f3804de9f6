/* Find the objects that a script drops. */
#include "measure/drops.h"

#include <string.h>

#include "base/arena.h"
#include "pg/pipeline.h"

#include "base/banned.h"

/*
 * What there is before: by the numbers that a rename leaves as they are. A trigger for each statement is told of a
 * DELETE also where there is no row for it to find.
 */
static const char note[] =
	"DO $do$ DECLARE t text; BEGIN"
	" CREATE TEMPORARY TABLE measure_before AS SELECT c.oid AS relation, c.relfilenode, n.nspname, c.relname,"
	" a.attnum, a.attname"
	" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
	" WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384"
	" AND n.nspname NOT IN ('fitsdb_schema', 'information_schema', 'pg_catalog')"
	" AND NOT (n.nspname = 'public' AND c.relname = 'migrate_version');"
	" CREATE TEMPORARY TABLE measure_emptied (relation oid);"
	" CREATE FUNCTION pg_temp.measure_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
	" SET search_path = pg_catalog"
	" AS 'BEGIN INSERT INTO pg_temp.measure_emptied VALUES (TG_RELID); RETURN NULL; END';"
	" FOR t IN SELECT DISTINCT b.relation::regclass FROM pg_temp.measure_before b LOOP"
	" EXECUTE pg_catalog.format('CREATE TRIGGER measure_note BEFORE DELETE OR TRUNCATE ON %s FOR EACH STATEMENT"
	" EXECUTE PROCEDURE pg_temp.measure_note()', t); END LOOP; END $do$";

/* Columns of FIND: the word, and the names before and after; of columns only what the table itself does not tell. */
enum {
	WORD, SCHEMA, TABLE, COLUMN, NEW_SCHEMA, NEW_TABLE, NEW_COLUMN
};

#define FIND \
	"WITH tables AS (SELECT DISTINCT b.relation, b.relfilenode, b.nspname, b.relname FROM pg_temp.measure_before b)" \
	" SELECT 'drops', b.nspname, b.relname, NULL, NULL, NULL, NULL FROM tables b" \
	" WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = b.relation)" \
	" UNION ALL SELECT 'drops', b.nspname, b.relname, b.attname, NULL, NULL, NULL FROM pg_temp.measure_before b" \
	" JOIN pg_catalog.pg_attribute a ON a.attrelid = b.relation AND a.attnum = b.attnum AND a.attisdropped" \
	" UNION ALL SELECT 'empties', b.nspname, b.relname, NULL, NULL, NULL, NULL FROM tables b" \
	" WHERE b.relation IN (SELECT e.relation FROM pg_temp.measure_emptied e)" \
	" AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = b.relation)" \
	" UNION ALL SELECT 'rewrites', b.nspname, b.relname, NULL, NULL, NULL, NULL FROM tables b" \
	" JOIN pg_catalog.pg_class c ON c.oid = b.relation AND c.relfilenode <> b.relfilenode" \
	" WHERE b.relation NOT IN (SELECT e.relation FROM pg_temp.measure_emptied e)" \
	" UNION ALL SELECT 'renames', b.nspname, b.relname, NULL, n.nspname, c.relname, NULL FROM tables b" \
	" JOIN pg_catalog.pg_class c ON c.oid = b.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE (n.nspname, c.relname) <> (b.nspname, b.relname)" \
	" UNION ALL SELECT 'renames', b.nspname, b.relname, b.attname, NULL, NULL, a.attname" \
	" FROM pg_temp.measure_before b JOIN pg_catalog.pg_attribute a ON a.attrelid = b.relation" \
	" AND a.attnum = b.attnum AND NOT a.attisdropped WHERE a.attname <> b.attname"

static const char *
table_name(struct arena *arena, const char *schema, const char *table)
{
	return strcmp(schema, "public") == 0 ? fact_identifier(arena, table)
		: arena_format(arena, "%s.%s", fact_identifier(arena, schema), fact_identifier(arena, table));
}

/* The property "to" of a renamed table or column. */
static const char *
new_name(struct arena *arena, const struct pipeline_command *rows, int i)
{
	const char *name;

	if (pipeline_value(rows, i, NEW_TABLE))
		name = table_name(arena, pipeline_text(rows, i, NEW_SCHEMA), pipeline_text(rows, i, NEW_TABLE));
	else
		name = fact_identifier(arena, pipeline_text(rows, i, NEW_COLUMN));
	return arena_format(arena, "to: %s", name);
}

enum server_result
drops_find(struct server *server, const struct statement_list *list,
		   void (*found) (void *argument, const char *word, const struct fact *fact), void *argument)
{
	enum server_result result = server_try(server, note, list, NULL, NULL);
	struct pipeline pipeline = {0};
	struct arena arena = {0};
	const struct pipeline_command *rows;

	if (result != SERVER_DONE)
		return result;
	pipeline_add(&pipeline, FIND, 0);
	if (!server_query(server, &pipeline))
		result = SERVER_FAILED;
	rows = &pipeline.commands[0];
	for (int i = 0; result == SERVER_DONE && i < pipeline_row_count(rows); i++) {
		const char *column = pipeline_value(rows, i, COLUMN);
		const char *word = pipeline_text(rows, i, WORD);
		struct fact fact = {.kind = column ? FACT_COLUMN : FACT_TABLE,.definition = ""};

		fact.name = table_name(&arena, pipeline_text(rows, i, SCHEMA), pipeline_text(rows, i, TABLE));
		if (column)
			fact.name = arena_format(&arena, "%s.%s", fact.name, fact_identifier(&arena, column));
		if (strcmp(word, "renames") == 0)
			fact.definition = new_name(&arena, rows, i);
		found(argument, word, &fact);
	}
	arena_clear(&arena);
	pipeline_clear(&pipeline);
	return result;
}
