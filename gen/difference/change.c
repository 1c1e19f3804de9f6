/* What the functions of change.h share. */
#include "difference/change.h"

#include <string.h>

#include "base/banned.h"

const char *
change_value(const struct change *change, const char *label)
{
	return change->new ? sql_value(change->arena, change->new, label) : NULL;
}

const char *
change_old_value(const struct change *change, const char *label)
{
	return change->old ? sql_value(change->arena, change->old, label) : NULL;
}

bool
change_differs(const struct change *change, const char *label)
{
	const char *before = change_old_value(change, label);
	const char *after = change_value(change, label);

	return before && after ? strcmp(before, after) != 0 : before || after;
}

static bool
is_among(const struct fact_property *property, const char *const *labels)
{
	if (fact_property_is(property, "after") || fact_property_is(property, "comment"))
		return true;
	for (; *labels; labels++)
		if (fact_property_is(property, *labels))
			return true;
	return false;
}

static bool
all_same(const struct change *change, const struct fact *fact, const char *const *labels)
{
	struct fact_property property;

	for (const char *at = fact ? fact->definition : ""; fact && fact_next_property(fact, &at, &property);)
		if (!is_among(&property, labels)
			&& change_differs(change, arena_copy(change->arena, property.label, property.label_length)))
			return false;
	return true;
}

bool
change_only(const struct change *change, const char *const *labels)
{
	return all_same(change, change->old, labels) && all_same(change, change->new, labels);
}

/* A delimiter of dollar-quoted text that is not in it. */
static const char *
delimiter_for(struct arena *arena, const char *text)
{
	const char *delimiter = "$$";

	for (int number = 1; strstr(text, delimiter); number++)
		delimiter = arena_format(arena, "$do%d$", number);
	return delimiter;
}

struct sql *
change_add_check(struct sql_list *list, const char *table, const char *name, const char *text)
{
	struct arena *arena = list->arena;
	const char *schema = fact_schema(table, strlen(table)) ? "" : "public.";
	const char *body = arena_format(arena, "\nBEGIN\n\tIF NOT EXISTS (\n\t\tSELECT FROM pg_constraint\n"
									"\t\tWHERE conrelid = %s::regclass::oid\n\t\t\tAND conname = %s\n\t) THEN\n"
									"\t\tALTER TABLE %s\n\t\t\tADD CONSTRAINT %s\n\t\t\t%s NOT VALID;\n"
									"\tEND IF;\nEND\n",
									sql_literal(arena, arena_format(arena, "%s%s", schema, table)),
									sql_label(arena, name), table, name, text);
	const char *delimiter = delimiter_for(arena, body);

	return sql_add(list, SQL_APART, "DO %s%s%s", delimiter, body, delimiter);
}
