/* What do statements that change rows read? */
#include "measure/reads.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "history/sql_lexer.h"
#include "pg/pipeline.h"

#include "base/banned.h"

#define FIND_KEY \
	"SELECT pg_catalog.format_type(a.atttypid, NULL) FROM pg_catalog.pg_attribute a" \
	" WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2"

#define FIND_INDEXES \
	"SELECT n.nspname, t.relname, x.relname, c.conname IS NOT NULL FROM pg_catalog.pg_index i" \
	" JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]" \
	" JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace" \
	" JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam" \
	" LEFT JOIN pg_catalog.pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')" \
	" WHERE i.indrelid = pg_catalog.to_regclass($1) AND a.attname = $2 AND i.indisvalid AND i.indpred IS NULL" \
	" AND m.amname = 'btree'"

#define FIND_READ \
	"SELECT n.nspname, c.relname, a.attname, c.relkind FROM pg_catalog.pg_depend d" \
	" JOIN pg_catalog.pg_class c ON c.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
	" LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND a.attnum > 0" \
	" WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass" \
	" AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = (SELECT p.oid" \
	" FROM pg_catalog.pg_proc p WHERE p.proname = 'measure' AND p.pronamespace = pg_catalog.pg_my_temp_schema())"

struct reads {
	struct server *server;
	const struct fact_set *facts;
	void		(*found) (void *argument, const struct fact *fact);
	void	   *argument;
	struct arena arena;
};

static void
tell(struct reads *reads, enum fact_kind kind, const char *schema, const char *relation, const char *part)
{
	struct arena *arena = &reads->arena;
	const char *name = fact_identifier(arena, relation);
	const struct fact *fact;

	if (strcmp(schema, "public") != 0)
		name = arena_format(arena, "%s.%s", fact_identifier(arena, schema), name);
	if (part)
		name = arena_format(arena, "%s.%s", name, fact_identifier(arena, part));
	fact = fact_find(reads->facts, kind, name);
	if (fact)
		reads->found(reads->argument, fact);
}

static bool
changes_rows(const char *text)
{
	struct sql_lexer_phrase phrase;
	bool		changes;

	phrase_read(&phrase, text, strlen(text));
	changes = phrase_says(&phrase, 0, "update") || phrase_says(&phrase, 0, "delete")
	|| phrase_says(&phrase, 0, "insert")
		|| phrase_says(&phrase, 0, "with");
	phrase_clear(&phrase);
	return changes;
}

/* The key of a batched statement: its type, as a new string, and its index. */
static char *
read_key(struct reads *reads, const struct statement_list_item *statement)
{
	const char *table = statement->batch.table;
	const char *key = statement->batch.key;
	struct pipeline pipeline = {0};
	char	   *type = NULL;

	pipeline_add(&pipeline, FIND_KEY, 2, table, key);
	pipeline_add(&pipeline, FIND_INDEXES, 2, table, key);
	if (server_query(reads->server, &pipeline)) {
		const struct pipeline_command *indexes = &pipeline.commands[1];

		type = mem_string(pipeline_text(&pipeline.commands[0], 0, 0));
		if (pipeline_row_count(indexes) > 0)
			tell(reads, FACT_COLUMN, pipeline_text(indexes, 0, 0), pipeline_text(indexes, 0, 1), key);
		if (pipeline_row_count(indexes) == 1)
			tell(reads, pipeline_bool(indexes, 0, 3) ? FACT_CONSTRAINT : FACT_INDEX, pipeline_text(indexes, 0, 0),
				 pipeline_text(indexes, 0, 1), pipeline_text(indexes, 0, 2));
	}
	pipeline_clear(&pipeline);
	return type;
}

static void
tell_all(struct reads *reads, const struct pipeline_command *rows)
{
	for (int i = 0; i < pipeline_row_count(rows); i++) {
		const char *schema = pipeline_text(rows, i, 0);
		const char *relation = pipeline_text(rows, i, 1);
		char		kind = pipeline_text(rows, i, 3)[0];

		tell(reads, kind == 'v' ? FACT_VIEW : kind == 'm' ? FACT_MATERIALIZED_VIEW : kind == 'S' ? FACT_SEQUENCE
			 : FACT_TABLE, schema, relation, NULL);
		if (pipeline_value(rows, i, 2))
			tell(reads, FACT_COLUMN, schema, relation, pipeline_value(rows, i, 2));
	}
}

/* Make a function of the statement. Statements that cannot be one are passed over. */
static bool
find_read(struct reads *reads, const struct statement_list_item *statement)
{
	char	   *type = statement->batch.table ? read_key(reads, statement) : NULL;
	char	   *arguments = type ? mem_format("%s, %s", type, type) : mem_string("");
	char	   *sql = mem_format("CREATE FUNCTION pg_temp.measure(%s) RETURNS void LANGUAGE sql BEGIN ATOMIC %s; END",
								 arguments, statement->text);
	struct pipeline pipeline = {0};
	bool		done;

	pipeline_add(&pipeline, "SAVEPOINT measure", 0)->sync_point = true;
	pipeline_add(&pipeline, sql, 0);
	pipeline_add(&pipeline, FIND_READ, 0)->sync_point = true;
	pipeline_add(&pipeline, "ROLLBACK TO SAVEPOINT measure", 0);
	if (server_query(reads->server, &pipeline))
		tell_all(reads, &pipeline.commands[2]);
	done = pipeline.commands[3].outcome == PIPELINE_DONE;
	pipeline_clear(&pipeline);
	mem_free(sql);
	mem_free(arguments);
	mem_free(type);
	return done;
}

static bool
run(struct reads *reads, const struct statement_list_item *statement, char **why)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	bool		done;

	if (changes_rows(statement->text) && !find_read(reads, statement))
		return false;
	server_add_statement(&pipeline, statement);
	done = server_query(reads->server, &pipeline);
	failed = pipeline_failed(&pipeline);
	if (failed && !failed->error.lost) {
		*why = mem_string(failed->error.message);
		done = true;
	}
	pipeline_clear(&pipeline);
	return done;
}

bool
reads_find(struct server *server, const struct statement_list *list, const struct fact_set *facts,
		   void (*found) (void *argument, const struct fact *fact), void *argument, char **why)
{
	struct reads reads = {.server = server,.facts = facts,.found = found,.argument = argument};
	bool		done = server_begin(server);

	*why = NULL;
	for (size_t i = 0; done && !*why && i < list->count; i++)
		done = run(&reads, &list->statements[i], why);
	arena_clear(&reads.arena);
	return done && server_roll_back(server);
}
