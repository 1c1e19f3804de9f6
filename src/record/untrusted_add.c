/* The locks and the query in a transaction that runs a script, and in a script that is printed. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/untrusted.h"
#include "record/untrusted_private.h"
#include "record/untrusted_queries.h"

#include "base/banned.h"

static const struct untrusted nothing = {.whole = true};

const struct untrusted *
untrusted_known(const struct session *session)
{
	return session->untrusted ? session->untrusted : &nothing;
}

static size_t
count_of(const struct session *session, enum kind kind)
{
	const struct untrusted *untrusted = untrusted_known(session);
	size_t		count = 0;

	for (size_t i = 0; i < untrusted->count; i++)
		count += untrusted->items[i].kind == kind;
	return count;
}

bool
untrusted_any(const struct session *session)
{
	return count_of(session, KIND_OBJECT) > 0;
}

size_t
untrusted_open(const struct session *session)
{
	return count_of(session, KIND_LOCK);
}

/*
 * The path may be the script's own, and nothing of public may come in between. Just-in-time compilation, which the
 * planner may choose for the sake of its estimates, would take a hundred times longer than these queries.
 */
#define KEEP \
	"SELECT pg_catalog.set_config('fitsdb_schema.path', pg_catalog.current_setting('search_path'), true)," \
	" pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)"
#define KEEP_11 \
	", pg_catalog.set_config('fitsdb_schema.jit', pg_catalog.current_setting('jit'), true)," \
	" pg_catalog.set_config('jit', 'off', true)"
#define PUT_BACK \
	"SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('fitsdb_schema.path'), true)"
#define PUT_BACK_11 ", pg_catalog.set_config('jit', pg_catalog.current_setting('fitsdb_schema.jit'), true)"

/* Nor is it to be planned anew for each of the first five times. */
#define KEEP_12 \
	KEEP_11 ", pg_catalog.set_config('fitsdb_schema.plan', pg_catalog.current_setting('plan_cache_mode'), true)," \
	" pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)"
#define PUT_BACK_12 \
	PUT_BACK_11 ", pg_catalog.set_config('plan_cache_mode', pg_catalog.current_setting('fitsdb_schema.plan'), true)"

/* The query that finds it, as a new string. */
static char *
closely(void)
{
	return mem_format("%s%s%s%s%s%s%s", UNTRUSTED_TABLES, UNTRUSTED_USES, UNTRUSTED_CODE, UNTRUSTED_TIES,
					  UNTRUSTED_FUNCTIONS, UNTRUSTED_OBJECTS, UNTRUSTED_ANYTHING);
}

void
untrusted_add_closely(struct pipeline *pipeline, const struct session *session, bool whole, bool fail, bool alone,
					  const char *agreed)
{
	char	   *query = closely();

	pipeline_add(pipeline, query, 5, session->options->role, whole ? "true" : "false", agreed,
				 fail ? "true" : "false", alone ? "true" : "false")->prepared = true;
	mem_free(query);
}

/* The end of a comment that begins there, or NULL. A comment in a comment is not known: more is looked at then. */
static char *
comment_end(char *at)
{
	char	   *end;

	if (strncmp(at, "--", 2) == 0)
		return at + strcspn(at, "\n");
	if (strncmp(at, "/*", 2) != 0)
		return NULL;
	end = strstr(at + 2, "*/");
	return end ? end + 2 : at + strlen(at);
}

/* A copy without comments. What a string or a name in quotes holds stays; a body in dollar quotes is SQL too. */
static char *
without_comments(const char *sql)
{
	char	   *copy = mem_string(sql);
	char		quote = '\0';	/* in a string or a name, what ends it */

	for (char *at = copy; *at; at++) {
		char	   *end = quote ? NULL : comment_end(at);

		if (end) {
			memset(at, ' ', (size_t) (end - at));
			at = end - 1;
		} else if (quote) {
			if (*at == quote)
				quote = '\0';
		} else if (*at == '\'' || *at == '"')
			quote = *at;
	}
	return copy;
}

static void
put_section(FILE *stream, const struct history_source *source, const struct history_section *section)
{
	char	   *sql = mem_copy((const char *) source->text + section->offset, section->length);
	char	   *plain = without_comments(sql);

	fprintf(stream, "%s\n", plain);
	mem_free(plain);
	mem_free(sql);
}

/* From SCHEMA: also of objects whose names a migration puts together. A line is "+ KIND NAME", a tab, the definition. */
static void
put_names(FILE *stream)
{
	const char *line = history.schema ? (const char *) history.schema->text : "";
	const char *end = line + (history.schema ? history.schema->length : 0);

	while (line < end) {
		const char *next = memchr(line, '\n', (size_t) (end - line));
		size_t		length = (size_t) ((next ? next : end) - line);
		const char *tab = memchr(line, '\t', length);

		if (length > 2 && memcmp(line, "+ ", 2) == 0)
			fprintf(stream, "%.*s\n", (int) (tab ? tab - line : (long) length) - 2, line + 2);
		line += length + 1;
	}
}

char *
untrusted_history(void)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	/* A name may have been in a version only, which a downgrade comes by. */
	for (int version = 0; version <= history.latest; version++) {
		const struct history_migration *migration = history_migration(version);

		put_section(stream, &migration->source, &migration->up);
		put_section(stream, &migration->source, &migration->down);
	}
	put_names(stream);
	mem_stream_close(stream);
	return text;
}

bool
untrusted_names(const struct statement_list_item *statements, size_t count, const struct item *item)
{
	bool		found = count > 0 && item->in_history;

	for (size_t i = 0; !found && i < count; i++) {
		char	   *sql = without_comments(statements[i].text);

		found = destructive_names(sql, item->name);
		mem_free(sql);
	}
	return found;
}

/* The objects that these statements do not name, as an array. */
static char *
agreed_of(const struct session *session, const struct statement_list_item *statements, size_t count)
{
	const struct untrusted *untrusted = untrusted_known(session);
	char	   *array;
	size_t		length;
	FILE	   *stream = mem_stream_open(&array, &length);
	bool		first = true;

	fputc('{', stream);
	for (size_t i = 0; i < untrusted->count; i++) {
		const struct item *item = &untrusted->items[i];

		if (item->kind != KIND_OBJECT || untrusted_names(statements, count, item))
			continue;
		fputs(first ? "\"" : ",\"", stream);
		first = false;
		for (const char *c = item->key; *c; c++) {
			if (*c == '"' || *c == '\\')
				fputc('\\', stream);
			fputc(*c, stream);
		}
		fputc('"', stream);
	}
	fputc('}', stream);
	mem_stream_close(stream);
	return array;
}

/* Keep the script's path and have our own, or put it back. */
static void
set_path(struct pipeline *pipeline, const struct session *session, bool keep)
{
	int			server = connection_server_version(session->connection);
	const char *more = server >= 120000 ? (keep ? KEEP_12 : PUT_BACK_12)
		: server >= 110000 ? (keep ? KEEP_11 : PUT_BACK_11) : "";
	char	   *sql = mem_format("%s%s", keep ? KEEP : PUT_BACK, more);

	pipeline_add(pipeline, sql, 0)->prepared = true;
	mem_free(sql);
}

static void
add_query(struct pipeline *pipeline, const struct session *session, const struct statement_list_item *statements,
		  size_t count,
		  bool alone)
{
	const struct untrusted *untrusted = untrusted_known(session);
	size_t		first = pipeline->count;

	set_path(pipeline, session, true);
	if (untrusted->closely || untrusted->script) {
		char	   *agreed = agreed_of(session, statements, count);

		untrusted_add_closely(pipeline, session, untrusted->whole, true, alone, agreed);
		mem_free(agreed);
	} else
		pipeline_add(pipeline, UNTRUSTED_BRIEFLY, 2, session->options->role, "true")->prepared = true;
	set_path(pipeline, session, false);
	for (size_t i = first; i < pipeline->count; i++)
		pipeline->commands[i].internal = true;
}

static bool
is_of_record(const char *relation)
{
	return strncmp(relation, "fitsdb_schema.", 14) == 0 || strcmp(relation, "public.migrate_version") == 0;
}

/* A superuser may lock what the role that we act as may not. */
static void
add_locks(struct pipeline *pipeline, const struct session *session, bool whole)
{
	const struct untrusted *untrusted = untrusted_known(session);
	bool		as_login = session->superuser && session->acting && untrusted_open(session) > 0;

	if (as_login)
		pipeline_add(pipeline, "SET LOCAL ROLE NONE", 0);
	for (size_t i = 0; i < untrusted->count; i++) {
		const struct item *item = &untrusted->items[i];

		if (item->kind == KIND_LOCK && (whole || is_of_record(item->relation))) {
			char	   *lock = mem_format("LOCK TABLE ONLY %s IN ROW EXCLUSIVE MODE", item->relation);

			pipeline_add(pipeline, lock, 0);
			mem_free(lock);
		}
	}
	if (as_login) {
		char	   *role = mem_format("SET LOCAL ROLE %s", session->acting);

		pipeline_add(pipeline, role, 0);
		mem_free(role);
	}
}

void
untrusted_add(struct pipeline *pipeline, const struct session *session, const struct statement_list_item *statements,
			  size_t count)
{
	add_locks(pipeline, session, true);
	add_query(pipeline, session, statements, count, false);
}

void
untrusted_add_record(struct pipeline *pipeline, const struct session *session)
{
	add_locks(pipeline, session, false);
	session_add_own_settings(pipeline);
	untrusted_add_closely(pipeline, session, false, true, false, "{}");
	pipeline->commands[pipeline->count - 1].internal = true;
}

void
untrusted_add_after(struct pipeline *pipeline, const struct session *session,
					const struct statement_list_item *statement,
					const struct statement_list *list)
{
	char	   *sql = without_comments(statement->text);

	/* After the last one too: IF NOT EXISTS may have taken a table or an index of another role's for ours. */
	if (strcasestr(sql, "create"))
		add_query(pipeline, session, list->statements, list->count, false);
	mem_free(sql);
}

void
untrusted_add_alone(struct pipeline *pipeline, const struct session *session,
					const struct statement_list_item *statement)
{
	/* To add a value runs no code; a condition of an index may call a function or an operator. */
	if (strncasecmp(statement->text, "ALTER TYPE", 10) == 0)
		return;
	pipeline_add(pipeline, "BEGIN", 0);
	add_query(pipeline, session, statement, 1, true);
	pipeline_add(pipeline, "COMMIT", 0);
}

void
untrusted_for_script(struct session *session)
{
	if (session->untrusted)
		session->untrusted->script = true;
}

void
untrusted_add_prepare(struct pipeline *pipeline)
{
	char	   *query = closely();
	char	   *prepare;

	pipeline_add(pipeline, "BEGIN", 0);
	session_add_own_settings(pipeline);
	prepare = mem_format("PREPARE fitsdb_schema_untrusted (name, boolean, text[], boolean, boolean) AS\n%s", query);
	pipeline_add(pipeline, prepare, 0);
	pipeline_add(pipeline, "COMMIT", 0);
	mem_free(prepare);
	mem_free(query);
}

char *
untrusted_statement(struct connection *connection, const struct pipeline_command *command)
{
	struct pipeline pipeline = {0};
	char	   *text;

	if (strncmp(command->sql, UNTRUSTED_TABLES, strlen(UNTRUSTED_TABLES)) != 0)
		return NULL;
	pipeline_add(&pipeline, "EXECUTE fitsdb_schema_untrusted ($1, $2, $3, $4, $5)", 5, command->values[0],
				 command->values[1],
				 command->values[2], command->values[3], command->values[4]);
	text = pipeline_render(connection, &pipeline.commands[0]);
	pipeline_clear(&pipeline);
	return text;
}

/* For format() and within a literal: percent signs and single quotes twice. */
static void
put_twice(FILE *stream, const char *text)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\'')
			fputc(*text, stream);
		fputc(*text, stream);
	}
	fputs(";\n", stream);
}

char *
untrusted_range(const struct session *session, const struct statement_list_item *statement)
{
	struct pipeline pipeline = {0};
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	untrusted_add(&pipeline, session, statement, 1);
	for (size_t i = 0; i < pipeline.count; i++) {
		char	   *execute = untrusted_statement(session->connection, &pipeline.commands[i]);

		put_twice(stream, execute ? execute : pipeline.commands[i].sql);
		mem_free(execute);
	}
	mem_stream_close(stream);
	pipeline_clear(&pipeline);
	return text;
}
