/* Find the parts of a diagram in one schema or in two. */
#include "schema/diagram_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/catalog.h"

#include "base/banned.h"

/* The server's text of a constraint definition. */
#define PRIMARY_KEY "PRIMARY KEY ("
#define FOREIGN_KEY "FOREIGN KEY ("
#define REFERENCES ") REFERENCES public."

static bool
same(const struct catalog_fact *a, const struct catalog_fact *b)
{
	for (int i = 0; i < FACT_PROPERTIES; i++) {
		const char *one = a->values[i] ? a->values[i] : "";
		const char *other = b->values[i] ? b->values[i] : "";

		if (strcmp(one, other) != 0)
			return false;
	}
	return true;
}

static struct diagram_part
pair_of(const struct catalog_fact *was, const struct catalog_fact *is, bool compared)
{
	struct diagram_part part = {.was = was,.is = is,.fact = is ? is : was};

	if (compared && !was)
		part.mark = DIAGRAM_ADDED;
	else if (compared && !is)
		part.mark = DIAGRAM_REMOVED;
	else if (compared && !same(was, is))
		part.mark = DIAGRAM_CHANGED;
	return part;
}

/* Both catalogs have the same order. */
static void
pair_up(struct diagram_parts *parts, const struct catalog *was, const struct catalog *is)
{
	size_t		i = 0;
	size_t		k = 0;

	parts->all = mem_alloc((was->count + is->count + 1) * sizeof(*parts->all));
	while (i < was->count || k < is->count) {
		int			order = i == was->count ? 1 : k == is->count ? -1 : catalog_order(&was->facts[i], &is->facts[k]);
		const struct catalog_fact *old = order <= 0 ? &was->facts[i++] : NULL;
		const struct catalog_fact *new = order >= 0 ? &is->facts[k++] : NULL;

		parts->all[parts->part_count++] = pair_of(old, new, parts->compared);
	}
}

bool
diagram_parts_is_key(const struct catalog_fact *fact)
{
	return fact->kind == FACT_CONSTRAINT && strncmp(fact->values[0], FOREIGN_KEY, strlen(FOREIGN_KEY)) == 0;
}

bool
diagram_parts_is_enum(const struct catalog_fact *fact)
{
	return fact->kind == FACT_TYPE && strcmp(fact->values[0], "enum") == 0;
}

/* The length of the SQL identifier at the start of `text`. */
static size_t
identifier_length(const char *text)
{
	size_t		length = 1;

	if (text[0] != '"')
		return strcspn(text, "(),");
	/* A quote inside is doubled. */
	while (text[length] && (text[length] != '"' || text[length + 1] == '"'))
		length += text[length] == '"' ? 2 : 1;
	return length + (text[length] == '"');
}

static bool
is_identifier(const char *text, size_t length, const char *identifier)
{
	return strlen(identifier) == length && strncmp(text, identifier, length) == 0;
}

/* Is the identifier in the comma-separated list at the start of `text`? */
static bool
is_listed(const char *text, const char *identifier)
{
	for (;;) {
		size_t		length = identifier_length(text);

		if (is_identifier(text, length, identifier))
			return true;
		if (strncmp(text + length, ", ", 2) != 0)
			return false;
		text += length + 2;
	}
}

static struct diagram_column *
find_column(const struct diagram_table *table, const char *text)
{
	size_t		length = identifier_length(text);

	for (size_t i = 0; i < table->column_count; i++)
		if (is_identifier(text, length, table->columns[i].part.fact->quoted_name))
			return &table->columns[i];
	return NULL;
}

static struct diagram_table *
find_table(const struct diagram_parts *parts, const char *text, size_t length)
{
	for (size_t i = 0; i < parts->table_count; i++)
		if (is_identifier(text, length, parts->tables[i].part.fact->quoted_name))
			return &parts->tables[i];
	return NULL;
}

static struct diagram_table *
table_of(const struct diagram_parts *parts, const struct diagram_part *part)
{
	return find_table(parts, part->fact->quoted_group, strlen(part->fact->quoted_group));
}

static void
add_column(struct diagram_parts *parts, const struct diagram_part *part)
{
	struct diagram_table *table = table_of(parts, part);

	if (!table)
		return;
	table->columns = mem_grow(table->columns, table->column_count + 1, sizeof(*table->columns));
	table->columns[table->column_count++] = (struct diagram_column) {.part = *part};
	if (part->mark != DIAGRAM_SAME && table->part.mark == DIAGRAM_SAME)
		table->part.mark = DIAGRAM_CHANGED;
}

static void
add_label(struct diagram_parts *parts, const struct diagram_part *part)
{
	for (size_t i = 0; i < parts->enum_count; i++) {
		struct diagram_enum *type = &parts->enums[i];

		if (strcmp(type->part.fact->name, part->fact->group) != 0)
			continue;
		type->labels = mem_grow(type->labels, type->label_count + 1, sizeof(*type->labels));
		type->labels[type->label_count++] = *part;
		if (part->mark != DIAGRAM_SAME && type->part.mark == DIAGRAM_SAME)
			type->part.mark = DIAGRAM_CHANGED;
	}
}

/* A foreign key to a table in another schema is not drawn. */
static void
add_key(struct diagram_parts *parts, const struct diagram_part *part)
{
	const char *columns = part->fact->values[0] + strlen(FOREIGN_KEY);
	const char *target = columns + identifier_length(columns);
	struct diagram_table *from = table_of(parts, part);
	struct diagram_table *to;
	size_t		length;

	while (strncmp(target, ", ", 2) == 0)
		target += 2 + identifier_length(target + 2);
	if (!from || strncmp(target, REFERENCES, strlen(REFERENCES)) != 0)
		return;
	target += strlen(REFERENCES);
	length = identifier_length(target);
	to = find_table(parts, target, length);
	if (!to)
		return;
	parts->keys = mem_grow(parts->keys, parts->key_count + 1, sizeof(*parts->keys));
	parts->keys[parts->key_count++] = (struct diagram_key) {.part = *part,.from = (size_t) (from - parts->tables),
		.to = (size_t) (to - parts->tables),.column = find_column(from, columns),
		.referred = find_column(to, target + length + 1)
	};
	if (part->mark != DIAGRAM_SAME && from->part.mark == DIAGRAM_SAME)
		from->part.mark = DIAGRAM_CHANGED;
}

/*
 * Called after all columns were added and sorted. A removed primary key marks columns only if the table was removed
 * too.
 */
static void
add_constraint(struct diagram_parts *parts, const struct diagram_part *part)
{
	const char *definition = part->fact->values[0];
	struct diagram_table *table = table_of(parts, part);

	if (diagram_parts_is_key(part->fact))
		add_key(parts, part);
	else if (table && (part->is || !table->part.is) && strncmp(definition, PRIMARY_KEY, strlen(PRIMARY_KEY)) == 0)
		for (size_t i = 0; i < table->column_count; i++)
			if (is_listed(definition + strlen(PRIMARY_KEY), table->columns[i].part.fact->quoted_name))
				table->columns[i].primary = true;
}

static int
compare_places(const struct diagram_part *a, const struct diagram_part *b)
{
	int			order = (a->fact->position > b->fact->position) - (a->fact->position < b->fact->position);

	return order ? order : strcmp(a->fact->name, b->fact->name);
}

static int
compare_columns(const void *left, const void *right)
{
	return compare_places(&((const struct diagram_column *) left)->part,
						  &((const struct diagram_column *) right)->part);
}

static int
compare_labels(const void *left, const void *right)
{
	return compare_places(left, right);
}

static void
add_whole(struct diagram_parts *parts, const struct diagram_part *part)
{
	if (part->fact->kind == FACT_TABLE) {
		parts->tables = mem_grow(parts->tables, parts->table_count + 1, sizeof(*parts->tables));
		parts->tables[parts->table_count++] = (struct diagram_table) {.part = *part};
	} else if (diagram_parts_is_enum(part->fact)) {
		parts->enums = mem_grow(parts->enums, parts->enum_count + 1, sizeof(*parts->enums));
		parts->enums[parts->enum_count++] = (struct diagram_enum) {.part = *part};
	}
}

static void
sort(struct diagram_parts *parts)
{
	for (size_t i = 0; i < parts->table_count; i++)
		if (parts->tables[i].column_count > 0)
			qsort(parts->tables[i].columns, parts->tables[i].column_count, sizeof(struct diagram_column),
				  compare_columns);
	for (size_t i = 0; i < parts->enum_count; i++)
		if (parts->enums[i].label_count > 0)
			qsort(parts->enums[i].labels, parts->enums[i].label_count, sizeof(struct diagram_part), compare_labels);
}

void
diagram_parts_find(struct diagram_parts *parts, const struct catalog *was, const struct catalog *is)
{
	*parts = (struct diagram_parts) {.compared = was != NULL};
	pair_up(parts, was ? was : &(struct catalog) {0}, is);
	for (size_t i = 0; i < parts->part_count; i++)
		add_whole(parts, &parts->all[i]);
	for (size_t i = 0; i < parts->part_count; i++)
		if (parts->all[i].fact->kind == FACT_COLUMN)
			add_column(parts, &parts->all[i]);
		else if (parts->all[i].fact->kind == FACT_LABEL)
			add_label(parts, &parts->all[i]);
	sort(parts);
	for (size_t i = 0; i < parts->part_count; i++)
		if (parts->all[i].fact->kind == FACT_CONSTRAINT)
			add_constraint(parts, &parts->all[i]);
}

void
diagram_parts_clear(struct diagram_parts *parts)
{
	for (size_t i = 0; i < parts->table_count; i++)
		mem_free(parts->tables[i].columns);
	for (size_t i = 0; i < parts->enum_count; i++)
		mem_free(parts->enums[i].labels);
	mem_free(parts->tables);
	mem_free(parts->keys);
	mem_free(parts->enums);
	mem_free(parts->all);
	*parts = (struct diagram_parts) {0};
}
