/* The whole content of a database as text. */
#include "support/image.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "support/lines.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

/* A line for each row of a table: its name, who wrote it, and what it says. */
#define ROWS_OF(name, condition) \
	"SELECT '" name " ' || t.xmin || ' ' || t::text FROM " name " t WHERE " condition

static const char *const catalogs[] = {
	ROWS_OF("pg_namespace", "true"),
	ROWS_OF("pg_database", "datname = current_database()"),
	ROWS_OF("pg_default_acl", "true"),
	ROWS_OF("pg_auth_members", "true"),
	ROWS_OF("pg_class", "oid >= 16384"),
	ROWS_OF("pg_attribute", "attrelid >= 16384"),
	ROWS_OF("pg_constraint", "oid >= 16384"),
	ROWS_OF("pg_index", "indexrelid >= 16384"),
	ROWS_OF("pg_type", "oid >= 16384"),
	ROWS_OF("pg_enum", "true"),
	ROWS_OF("pg_trigger", "NOT tgisinternal"),
	ROWS_OF("pg_description", "objoid >= 16384"),
	"SELECT format('SELECT ''%s '' || t.xmin || '' '' || t::text FROM ONLY %s t', c.oid::regclass, c.oid::regclass)"
	" FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm')",
	"SELECT format('SELECT ''%s '' || last_value || is_called FROM %s', c.oid::regclass, c.oid::regclass)"
	" FROM pg_class c WHERE c.oid >= 16384 AND c.relkind = 'S'",
};

enum {
	CATALOGS = sizeof(catalogs) / sizeof(catalogs[0]),
	QUERIES = 2					/* the last ones return queries to run */
};

static void
add(PGconn *connection, FILE *stream, const char *sql)
{
	char	   *lines = sql_lines(connection, sql);

	fputs(lines, stream);
	mem_free(lines);
}

static void
add_each(PGconn *connection, FILE *stream, const char *sql)
{
	char	   *queries = sql_lines(connection, sql);
	char	   *rest = queries;
	char	   *query;

	while ((query = strsep(&rest, "\n")) && *query)
		add(connection, stream, query);
	mem_free(queries);
}

char *
image_take(const char *database)
{
	PGconn	   *connection = server_superuser(server_main(), database);
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	sql_exec(connection, "SET search_path = pg_catalog");
	for (int i = 0; i < CATALOGS; i++) {
		if (i < CATALOGS - QUERIES)
			add(connection, stream, catalogs[i]);
		else
			add_each(connection, stream, catalogs[i]);
	}
	mem_stream_close(stream);
	PQfinish(connection);
	return text;
}

void
image_expect(const char *database, char *before)
{
	char	   *after = image_take(database);
	struct lines expected = {0};
	struct lines actual = {0};
	char	   *difference;

	lines_split(&expected, before);
	lines_split(&actual, after);
	lines_sort(&expected);
	lines_sort(&actual);
	difference = lines_difference(&expected, &actual, NULL, NULL);
	ck_assert_msg(difference == NULL, "something was changed:\n%s", difference);
	lines_clear(&expected);
	lines_clear(&actual);
	mem_free(after);
	mem_free(before);
}
