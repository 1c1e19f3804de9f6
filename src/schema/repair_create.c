/* Create missing types, sequences, tables and indexes. */
#include "schema/repair_create.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_names.h"

#include "base/banned.h"

static const char *const no_labels[] = {"comment", NULL};

/* All facts of the version that the item was compared with, as the server would print them. */
static void
facts_of(struct fact_set *set, const struct compare_item *item, const struct compare_sides *sides)
{
	fact_history_at(set, sides->history, item->version, fact_servers_of(sides->live->server));
}

/* The part of a container, of this kind, that comes after `before` (NULL: the first one); NULL: there is none. */
static const struct fact *
next_part(const struct fact_set *set, enum fact_kind kind, const struct fact *container, const struct fact *before)
{
	char	   *name = before ? mem_string(compare_name(before)) : NULL;
	const struct fact *found = NULL;

	for (size_t i = 0; i < set->count && !found; i++) {
		const struct fact *fact = &set->facts[i];
		struct fact_property after;
		bool		has;

		if (fact->kind != kind || !fact_is_part(fact, container->name))
			continue;
		has = fact_property(fact, "after", &after);
		if (name ? has && strlen(name) == after.value_length && memcmp(name, after.value, after.value_length) == 0
			: !has)
			found = fact;
	}
	mem_free(name);
	return found;
}

/* --- types --- */

void
repair_create_type(struct repair_list *list, const struct compare_item *item, const struct compare_sides *sides)
{
	const struct fact *type = item->should;
	struct repair_names names;
	struct fact_set set;
	char	   *labels = NULL;

	if (strcmp(type->definition, "enum") != 0)
		return;
	names = repair_names_of(type);
	facts_of(&set, item, sides);
	for (const struct fact *label = next_part(&set, FACT_LABEL, type, NULL); label;
		 label = next_part(&set, FACT_LABEL, type, label)) {
		char	   *name = repair_own_name(label);
		char	   *literal = repair_label(name);

		mem_append(&labels, ", ", literal);
		mem_free(literal);
		mem_free(name);
	}
	repair_list_add(list, REPAIR_STATEMENT, "CREATE TYPE %s AS ENUM (%s)", names.table, labels ? labels : "");
	mem_free(labels);
	fact_set_clear(&set);
	repair_names_clear(&names);
}

/* --- sequences --- */

/* The column that a sequence belongs to: the table, and the column in it, as SQL. False: it belongs to none. */
static bool
find_column(const struct fact *sequence, struct repair_names *column)
{
	struct fact_property property;
	char	   *name;
	struct fact fact = {.kind = FACT_COLUMN,.definition = ""};

	if (!fact_property(sequence, "owned by", &property))
		return false;
	fact.name = name = mem_copy(property.value, property.value_length);
	*column = repair_names_of(&fact);
	mem_free(name);
	return true;
}

void
repair_sequence_owner(struct repair_list *list, const struct fact *should)
{
	char	   *name = fact_sql_name(should->name, strlen(should->name));
	struct repair_names column;

	if (find_column(should, &column)) {
		repair_list_add(list, REPAIR_JOINED, "ALTER SEQUENCE %s OWNED BY %s.%s", name, column.table, column.name);
		repair_names_clear(&column);
	}
	mem_free(name);
}

/* SELECT of an expression over m.largest, from the column of a sequence that is behind it; NULL: it has none. */
static char *
select_behind(const struct fact *sequence, const char *name, const char *expression)
{
	struct repair_names column;
	char	   *sql;

	if (!find_column(sequence, &column))
		return NULL;
	sql = mem_format("SELECT %s FROM (SELECT max(%s) AS largest FROM ONLY %s) m, %s s"
					 " WHERE m.largest OPERATOR(pg_catalog.>=) (s.last_value"
					 " OPERATOR(pg_catalog.+) CASE WHEN s.is_called THEN 1 ELSE 0 END)", expression, column.name,
					 column.table, name);
	repair_names_clear(&column);
	return sql;
}

char *
repair_behind(const struct fact *sequence)
{
	char	   *name = fact_sql_name(sequence->name, strlen(sequence->name));
	char	   *sql = select_behind(sequence, name, "m.largest");

	mem_free(name);
	return sql;
}

char *
repair_setval(const struct fact *sequence)
{
	char	   *name = fact_sql_name(sequence->name, strlen(sequence->name));
	char	   *literal = repair_literal(name);
	char	   *call = mem_format("pg_catalog.setval(%s, m.largest)", literal);
	char	   *sql = select_behind(sequence, name, call);

	mem_free(call);
	mem_free(literal);
	mem_free(name);
	return sql;
}

static bool
is_plain_sequence(const struct fact *sequence)
{
	static const char *const labels[] = {"definition", "owned by", "comment", NULL};

	return repair_has_only(sequence, labels);
}

static void
create_sequence(struct repair_list *list, const struct fact *should)
{
	char	   *name = fact_sql_name(should->name, strlen(should->name));
	const char *type = should->definition;

	repair_list_add(list, REPAIR_JOINED, "CREATE SEQUENCE %s AS %.*s", name, (int) strcspn(type, "\t"), type);
	mem_free(name);
}

void
repair_create_sequence(struct repair_list *list, const struct fact *should, const struct live *live)
{
	struct fact_property column;
	char	   *name;

	if (!is_plain_sequence(should))
		return;
	create_sequence(list, should);
	if (!fact_property(should, "owned by", &column))
		return;
	name = mem_copy(column.value, column.value_length);
	if (fact_find(&live->facts, FACT_COLUMN, name)) {
		char	   *value = repair_setval(should);

		repair_sequence_owner(list, should);
		repair_list_add(list, REPAIR_JOINED, "%s", value);
		mem_free(value);
	}
	mem_free(name);
}

/* --- tables --- */

char *
repair_create_index(const struct fact *should, const struct repair_names *names, bool concurrently)
{
	char	   *definition;
	char	   *where;
	bool		unique;
	char	   *sql;

	if (!repair_has_only(should, repair_index_labels))
		return NULL;
	definition = fact_value(should, "definition");
	where = fact_value(should, "where");
	unique = strncmp(definition, "unique ", 7) == 0;
	sql = mem_format("CREATE %sINDEX %s%s ON %s USING %s%s%s", unique ? "UNIQUE " : "",
					 concurrently ? "CONCURRENTLY " : "", names->name, names->table, definition + (unique ? 7 : 0),
					 where ? " WHERE " : "", where ? where : "");
	mem_free(where);
	mem_free(definition);
	return sql;
}

bool
repair_comes_with_table(const struct fact *fact)
{
	static const char *const labels[] = {"definition", "comment", NULL};

	switch (fact->kind) {
		case FACT_COLUMN:
			return true;
		case FACT_INDEX:
			return repair_has_only(fact, repair_index_labels);
		case FACT_CONSTRAINT:
			return repair_has_only(fact, labels) && (strncmp(fact->definition, "PRIMARY KEY (", 13) == 0
													 || strncmp(fact->definition, "UNIQUE (", 8) == 0
													 || strncmp(fact->definition, "CHECK ", 6) == 0);
		default:
			return false;
	}
}

static bool
add_columns(char **text, const struct fact_set *set, const struct fact *table)
{
	for (const struct fact *column = next_part(set, FACT_COLUMN, table, NULL); column;
		 column = next_part(set, FACT_COLUMN, table, column)) {
		char	   *name = repair_own_name(column);
		char	   *type = fact_value(column, "type");
		char	   *value = fact_value(column, "default");
		char	   *line = mem_format("\n  %s %s%s%s%s", name, type, value ? " DEFAULT " : "", value ? value : "",
									  repair_has(column, "not null") ? " NOT NULL" : "");

		mem_append(text, ",", line);
		mem_free(line);
		mem_free(value);
		mem_free(type);
		mem_free(name);
		if (!repair_has_only(column, repair_column_labels))
			return false;
	}
	return true;
}

static void
add_constraints(char **text, const struct fact_set *set, const struct fact *table)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct fact *fact = &set->facts[i];
		char	   *name;
		char	   *definition;
		char	   *line;

		if (fact->kind != FACT_CONSTRAINT || !fact_is_part(fact, table->name) || !repair_comes_with_table(fact))
			continue;
		name = repair_own_name(fact);
		definition = fact_value(fact, "definition");
		line = mem_format("\n  CONSTRAINT %s %s", name, definition);
		mem_append(text, ",", line);
		mem_free(line);
		mem_free(definition);
		mem_free(name);
	}
}

static void
add_indexes(struct repair_list *list, const struct fact_set *set, const struct fact *table)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct fact *fact = &set->facts[i];
		struct repair_names names;
		char	   *sql;

		if (fact->kind != FACT_INDEX || !fact_is_part(fact, table->name) || !repair_comes_with_table(fact))
			continue;
		names = repair_names_of(fact);
		sql = repair_create_index(fact, &names, false);
		repair_list_add(list, REPAIR_JOINED, "%s", sql);
		mem_free(sql);
		repair_names_clear(&names);
	}
}

bool
repair_belongs_to(const struct fact *sequence, const struct fact *object)
{
	struct fact_property column;
	size_t		length = strlen(object->name);

	if (sequence->kind != FACT_SEQUENCE || !fact_property(sequence, "owned by", &column))
		return false;
	return column.value_length >= length && memcmp(column.value, object->name, length) == 0
		&& (object->kind == FACT_TABLE ? column.value[length] == '.' : column.value_length == length);
}

/*
 * The sequences of a table's columns, or of a column, that are missing, too; with `owners`, whose they are. False: one
 * is special.
 */
static bool
add_sequences(struct repair_list *list, const struct fact_set *set, const struct fact *object, const struct live *live,
			  bool owners)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct fact *fact = &set->facts[i];

		if (!repair_belongs_to(fact, object))
			continue;
		if (!is_plain_sequence(fact))
			return false;
		if (owners)
			repair_sequence_owner(list, fact);
		else if (!fact_find(&live->facts, FACT_SEQUENCE, fact->name))
			create_sequence(list, fact);
	}
	return true;
}

bool
repair_column_sequences(struct repair_list *list, const struct compare_item *item, const struct compare_sides *sides,
						bool owners)
{
	struct fact_set set;
	bool		added;

	facts_of(&set, item, sides);
	added = add_sequences(list, &set, item->should, sides->live, owners);
	fact_set_clear(&set);
	return added;
}

void
repair_create_table(struct repair_list *list, const struct compare_item *item, const struct compare_sides *sides)
{
	const struct fact *table = item->should;
	struct repair_names names = repair_names_of(table);
	char	   *text = NULL;
	struct fact_set set;

	facts_of(&set, item, sides);
	if (repair_has_only(table, no_labels) && add_columns(&text, &set, table)
		&& add_sequences(list, &set, table, sides->live, false)) {
		add_constraints(&text, &set, table);
		repair_list_add(list, REPAIR_JOINED, "CREATE TABLE %s (%s\n)", names.table, text ? text : "");
		add_sequences(list, &set, table, sides->live, true);
		add_indexes(list, &set, table);
	} else
		repair_list_clear(list);
	mem_free(text);
	fact_set_clear(&set);
	repair_names_clear(&names);
}
