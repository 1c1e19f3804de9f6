/* Queries for rows that contradict a constraint. */
#include "schema/repair_rows.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/repair_names.h"

#include "base/banned.h"

/* The names of "(a, b)" at *at, which is advanced, each with what is before and after it; NULL: no list of names. */
static char *
join_columns(const char **at, const char *separator, const char *before, const char *after)
{
	const char *text = *at;
	char	   *joined = NULL;

	if (*text != '(')
		return NULL;
	do {
		size_t		length;
		char	   *one;

		text += strspn(text + 1, " ") + 1;
		length = compare_name_length(text);
		one = mem_format("%s%.*s%s", before, (int) length, text, after);
		mem_append(&joined, separator, one);
		mem_free(one);
		text += length;
		if (length == 0)
			break;
	} while (*text == ',');
	if (*text == ')') {
		*at = text + 1;
		return joined;
	}
	mem_free(joined);
	return NULL;
}

/* Values that occur several times, in the columns of "(a, b)". */
static char *
duplicates(const char *table, const char *columns, const char *where)
{
	const char *at = columns;
	char	   *list = join_columns(&at, ", ", "", "");
	char	   *present;
	char	   *query = NULL;

	at = columns;
	present = join_columns(&at, " AND ", "", " IS NOT NULL");
	if (list && !*at)
		query = mem_format("SELECT %s, count(*) FROM ONLY %s WHERE %s%s%s%s GROUP BY %s HAVING count(*) > 1",
						   list, table, present, where ? " AND (" : "", where ? where : "",
						   where ? ")" : "", list);
	mem_free(present);
	mem_free(list);
	return query;
}

/* "FOREIGN KEY (a, b) REFERENCES public.t(x, y) ...": rows without the row that they refer to. */
static void
find_orphans(struct repair_rows *rows, const char *definition, const char *table)
{
	const char *at = definition + strlen("FOREIGN KEY ");
	const char *columns = at;
	char	   *present = join_columns(&at, " AND ", "f.", " IS NOT NULL");
	const char *other = present && strncmp(at, " REFERENCES ", 12) == 0 ? at + 12 : "";
	size_t		length = compare_name_length(other);
	const char *keys = other + length;
	char	   *list;
	char	   *key_list;

	at = columns;
	list = join_columns(&at, ", ", "f.", "");
	at = keys;
	key_list = length > 0 ? join_columns(&at, ", ", "r.", "") : NULL;
	if (list && key_list && strncmp(at, " MATCH", 6) != 0) {
		rows->tables[1] = mem_copy(other, length);
		rows->query = mem_format("SELECT f.* FROM ONLY %s f WHERE %s AND NOT EXISTS (SELECT FROM ONLY %s r WHERE (%s) ="
								 " (%s))", table, present, rows->tables[1], key_list, list);
	}
	mem_free(key_list);
	mem_free(list);
	mem_free(present);
}

static void
find_constraint(struct repair_rows *rows, const struct fact *should, const char *table)
{
	char	   *definition = fact_value(should, "definition");

	if (repair_has(should, "not valid"))
		;
	else if (strncmp(definition, "PRIMARY KEY ", 12) == 0)
		rows->query = duplicates(table, definition + 12, NULL);
	else if (strncmp(definition, "UNIQUE ", 7) == 0)
		rows->query = duplicates(table, definition + 7, NULL);
	else if (strncmp(definition, "CHECK ", 6) == 0 && definition[strlen(definition) - 1] == ')')
		rows->query = mem_format("SELECT * FROM ONLY %s WHERE NOT %s", table, definition + 6);
	else if (strncmp(definition, "FOREIGN KEY ", 12) == 0)
		find_orphans(rows, definition, table);
	mem_free(definition);
}

static void
find_index(struct repair_rows *rows, const struct fact *should, const char *table)
{
	char	   *definition = fact_value(should, "definition");
	char	   *where = fact_value(should, "where");

	if (strncmp(definition, "unique btree ", 13) == 0)
		rows->query = duplicates(table, definition + 13, where);
	mem_free(where);
	mem_free(definition);
}

struct repair_rows
repair_rows_of(const struct compare_item *item)
{
	struct repair_rows rows = {0};
	const struct fact *should = item->should;
	bool		missing = item->kind == COMPARE_MISSING;
	struct repair_names names;

	if (!should || (!missing && item->kind != COMPARE_CHANGED) || !fact_parent(should))
		return rows;
	names = repair_names_of(should);
	if (should->kind == FACT_CONSTRAINT && (missing || strcmp(item->label, "not valid") == 0))
		find_constraint(&rows, should, names.table);
	else if (should->kind == FACT_INDEX && (missing || strcmp(item->label, "comment") != 0))
		find_index(&rows, should, names.table);
	else if (should->kind == FACT_COLUMN && missing && repair_has(should, "not null"))
		rows.query = mem_format("SELECT * FROM ONLY %s", names.table);
	else if (should->kind == FACT_COLUMN && !missing && strcmp(item->label, "not null") == 0 && item->should_value)
		rows.query = mem_format("SELECT * FROM ONLY %s WHERE %s IS NULL", names.table, names.name);
	rows.groups = rows.query && strstr(rows.query, " HAVING count(*) > 1");
	if (rows.query)
		rows.tables[0] = mem_string(names.table);
	repair_names_clear(&names);
	return rows;
}

void
repair_rows_clear(struct repair_rows *rows)
{
	mem_free(rows->query);
	mem_free(rows->tables[0]);
	mem_free(rows->tables[1]);
	*rows = (struct repair_rows) {0};
}
