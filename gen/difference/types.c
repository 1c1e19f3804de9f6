/* Types: enums and their labels, domains, composite types. */
#include <string.h>

#include "base/mem.h"
#include "difference/change.h"
#include "schema/repair_names.h"

#include "base/banned.h"

static void
create_enum(struct sql_list *list, const struct change *change, const char *name)
{
	size_t		count;
	const struct fact **labels = side_parts(change->to, FACT_LABEL, change->new, &count);
	char	   *text = NULL;

	for (size_t i = 0; i < count; i++)
		mem_append(&text, ", ", sql_label(change->arena, sql_own(change->arena, labels[i])));
	sql_add(list, SQL_PLAIN, "CREATE TYPE %s AS ENUM (%s)", name, text ? text : "");
	mem_free(text);
	mem_free(labels);
}

static void
create_composite(struct sql_list *list, const struct change *change, const char *name)
{
	size_t		count;
	const struct fact **parts = side_parts(change->to, FACT_ATTRIBUTE, change->new, &count);
	char	   *text = NULL;

	for (size_t i = 0; i < count; i++)
		mem_append(&text, ", ", arena_format(change->arena, "%s %s", sql_own(change->arena, parts[i]),
											 change_type_text(change->arena, parts[i])));
	sql_add(list, SQL_PLAIN, "CREATE TYPE %s AS (%s)", name, text ? text : "");
	mem_free(text);
	mem_free(parts);
}

static void
create_domain(struct sql_list *list, const struct change *change, const char *name)
{
	struct arena *arena = change->arena;
	const char *collation = change_value(change, "collation");
	const char *usual = change_value(change, "default");
	size_t		count;
	const struct fact **parts = side_parts(change->to, FACT_DOMAIN_CONSTRAINT, change->new, &count);
	char	   *text = NULL;

	for (size_t i = 0; i < count; i++)
		mem_append(&text, "", arena_format(arena, " CONSTRAINT %s %s", sql_own(arena, parts[i]),
										   sql_bare(arena, sql_value(arena, parts[i], "definition"))));
	sql_add(list, SQL_PLAIN, "CREATE DOMAIN %s AS %s%s%s%s%s%s%s", name, change_value(change, "base type"),
			collation ? " COLLATE " : "", collation ? collation : "", usual ? " DEFAULT " : "",
			usual ? sql_bare(arena, usual) : "", repair_has(change->new, "not null") ? " NOT NULL" : "",
			text ? text : "");
	mem_free(text);
	mem_free(parts);
}

static bool
alter_domain(struct sql_list *list, const struct change *change, const char *name)
{
	static const char *const labels[] = {"default", "not null", NULL};
	const char *usual = change_value(change, "default");

	if (!change_only(change, labels))
		return false;
	if (change_differs(change, "default"))
		sql_add(list, SQL_PLAIN, "ALTER DOMAIN %s %s%s", name, usual ? "SET DEFAULT " : "DROP DEFAULT",
				usual ? sql_bare(change->arena, usual) : "");
	if (change_differs(change, "not null"))
		sql_add(list, SQL_PLAIN, "ALTER DOMAIN %s %s NOT NULL", name,
				repair_has(change->new, "not null") ? "SET" : "DROP");
	return true;
}

bool
change_type(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"kind", "base type", "collation", "not null", "default", "comment", NULL};
	const char *name = sql_parent(change->arena, change_subject(change));
	const char *kind = change_value(change, "kind");

	if (change->old && change->new)
		return alter_domain(list, change, name);
	if (change->old && !change->new) {
		bool		domain = strncmp(change->old->definition, "domain", 6) == 0;

		sql_allow(sql_add(list, SQL_PLAIN, "DROP %s IF EXISTS %s", domain ? "DOMAIN" : "TYPE", name),
				  LINT_DROPPED_DEPENDENCY, CHANGE_UNUSED);
		return true;
	}
	if (!change->new || !repair_has_only(change->new, labels))
		return false;
	if (strcmp(kind, "enum") == 0)
		create_enum(list, change, name);
	else if (strcmp(kind, "composite") == 0)
		create_composite(list, change, name);
	else if (strcmp(kind, "domain") == 0)
		create_domain(list, change, name);
	else
		return false;
	return true;
}

/* The first label after a new one that the type has already; NULL: there is none. */
static const struct fact *
next_label(const struct change *change)
{
	const struct fact type = {FACT_TYPE, arena_copy(change->arena, change->new->name, fact_parent(change->new)), ""};
	size_t		count;
	const struct fact **labels = side_parts(change->to, FACT_LABEL, &type, &count);
	const struct fact *next = NULL;
	size_t		at = 0;

	while (at < count && labels[at] != change->new)
		at++;
	for (; at < count && !next; at++)
		next = fact_find(&change->from->facts, FACT_LABEL, labels[at]->name);
	mem_free(labels);
	return next;
}

/* PostgreSQL cannot drop a label. */
bool
change_label(struct sql_list *list, const struct change *change)
{
	struct arena *arena = change->arena;
	const struct fact *next = change->new ? next_label(change) : NULL;

	if (change->new)
		sql_add(list, SQL_LABEL, "ALTER TYPE %s ADD VALUE IF NOT EXISTS %s%s%s", sql_parent(arena, change->new),
				sql_label(arena, sql_own(arena, change->new)), next ? " BEFORE " : "",
				next ? sql_label(arena, sql_own(arena, next)) : "");
	return true;
}

bool
change_attribute(struct sql_list *list, const struct change *change)
{
	struct arena *arena = change->arena;
	const struct fact *part = change_subject(change);
	const char *name = sql_own(arena, part);

	if (!change->new)
		sql_add(list, SQL_PLAIN, "ALTER TYPE %s DROP ATTRIBUTE IF EXISTS %s", sql_parent(arena, part), name);
	else
		sql_add(list, SQL_PLAIN, "ALTER TYPE %s %s ATTRIBUTE %s %s%s", sql_parent(arena, part),
				change->old ? "ALTER" : "ADD", name, change->old ? "TYPE " : "", change_type_text(arena, part));
	return true;
}

bool
change_domain_constraint(struct sql_list *list, const struct change *change)
{
	struct arena *arena = change->arena;
	const struct fact *part = change_subject(change);
	const char *domain = sql_parent(arena, part);
	const char *name = sql_own(arena, part);

	if (change->old)
		sql_add(list, SQL_PLAIN, "ALTER DOMAIN %s DROP CONSTRAINT IF EXISTS %s", domain, name);
	if (change->new)
		sql_add(list, SQL_PLAIN, "ALTER DOMAIN %s ADD CONSTRAINT %s %s", domain, name,
				sql_bare(arena, change_value(change, "definition")));
	return true;
}
