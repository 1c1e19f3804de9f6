/* Fills tables with rows, and compares them. */
#include "support/rows.h"

#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "support/sql.h"

#include "base/banned.h"

static const char *const files[] = {"gen/measure/rows.sql", "tests/support/rows.sql"};

/* The functions are the session's, and it may have them already. */
static void
create_functions(PGconn *connection)
{
	sql_exec(connection, "SET search_path = public; SET client_min_messages = warning; DISCARD TEMP");
	for (size_t i = 0; i < 2; i++) {
		char	   *functions = sql_file(files[i]);

		sql_exec(connection, functions);
		mem_free(functions);
	}
}

void
rows_fill(PGconn *connection)
{
	char	   *without;

	create_functions(connection);
	without = sql_lines(connection, "SELECT pg_temp.fill_all(3, true)");
	ck_assert_str_eq(without, "");
	mem_free(without);
}

void
rows_read(PGconn *connection, struct lines *lines)
{
	char	   *text;

	create_functions(connection);
	text = sql_lines(connection, "SELECT pg_temp.tell()");
	lines_split(lines, text);
	lines_sort(lines);
	mem_free(text);
}

/* "diskfile.id values=1;2;3" and "diskfile.id values=" speak of the same column. */
static bool
same_subject(const char *a, const char *b)
{
	size_t		length = strcspn(a, "=");

	return strncmp(a, b, length + 1) == 0;
}

static bool
speaks_of(const struct lines *lines, const char *line)
{
	for (size_t i = 0; i < lines->count; i++)
		if (same_subject(line, lines->items[i]))
			return true;
	return false;
}

struct comparison {
	const struct lines *before;
	const struct lines *after;
	const char *except;
};

/* Is the first word of `line` in the list? */
static bool
is_listed(const char *list, const char *line)
{
	size_t		length = strcspn(line, " ");

	for (const char *at = list; at && *at; at += strspn(at, " ")) {
		size_t		word = strcspn(at, " ");

		if (word == length && strncmp(at, line, word) == 0)
			return true;
		at += word;
	}
	return false;
}

/* A table or column of only one of them was created or dropped. */
static bool
may_differ(const char *line, bool missing, const void *context)
{
	const struct comparison *comparison = context;

	if (is_listed(comparison->except, line))
		return true;
	return !speaks_of(missing ? comparison->after : comparison->before, line);
}

void
rows_expect(PGconn *connection, const struct lines *before, const char *except)
{
	struct lines after = {0};
	const struct comparison comparison = {before, &after, except};
	char	   *difference;

	rows_read(connection, &after);
	difference = lines_difference(before, &after, may_differ, &comparison);
	ck_assert_msg(difference == NULL, "rows have changed (- before, + after):\n%s", difference);
	lines_clear(&after);
}
