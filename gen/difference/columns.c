/* The columns of tables. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "difference/change.h"
#include "schema/repair_names.h"

#include "base/banned.h"

#define PRESENT "present"		/* the last word of the name of the check that proves NOT NULL */

#define REQUIRED "TODO: Say since when every release fills it."
#define LOSS "TODO: Say since when no release uses it. Its values are lost."

const char *const change_column_labels[] = {"type", "collation", "default", "not null", "generated", "virtual",
	"identity", "after", "comment", NULL};

const char *
change_type_text(struct arena *arena, const struct fact *column)
{
	const char *collation = sql_value(arena, column, "collation");

	return arena_format(arena, "%s%s%s", sql_value(arena, column, "type"), collation ? " COLLATE " : "",
						collation ? collation : "");
}

const char *
change_generated(const struct change *change, const struct fact *column)
{
	struct arena *arena = change->arena;
	const struct fact *sequence = side_sequence(change->to, column);
	const char *generated = sql_value(arena, column, "generated");
	const char *identity = sql_value(arena, column, "identity");

	if (generated)
		return arena_format(arena, " GENERATED ALWAYS AS (%s)%s", sql_bare(arena, generated),
							repair_has(column, "virtual") ? "" : " STORED");
	if (identity)
		return arena_format(arena, " GENERATED %s AS IDENTITY%s",
							strcmp(identity, "always") == 0 ? "ALWAYS" : "BY DEFAULT",
							sequence ? change_identity_options(arena, sequence) : "");
	return "";
}

/* --- NOT NULL --- */

/* Can the names be options of a directive, which is one line of words? */
static bool
is_option(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.ABCDEFGHIJKLMNOPQRSTUVWXYZ\"$") == strlen(text);
}

/*
 * The options of "-- migrate:batch" for a table; NULL: it has no key for that. Before the migrations it must have the
 * same key, of the same type.
 */
static const char *
batch_of(const struct change *change, const char *table)
{
	static const char *const types[] = {"smallint", "integer", "bigint", "timestamp without time zone",
		"timestamp with time zone"};
	const struct side *side = change->to;

	for (size_t i = 0; i < side->facts.count; i++) {
		const struct fact *key = &side->facts.facts[i];
		const char *definition = key->definition;
		const struct fact *old = fact_find(&change->from->facts, key->kind, key->name);
		const struct fact *column;
		const struct fact *before;
		const char *name;

		if (!old || strcmp(old->definition, definition) != 0 || key->kind != FACT_CONSTRAINT
			|| strncmp(definition, "PRIMARY KEY (", 13) != 0
			|| strcmp(sql_parent(change->arena, key), table) != 0)
			continue;
		name = arena_copy(change->arena, definition + 13, strcspn(definition + 13, ",)"));
		column = side_column(side, key, name);
		before = side_column(change->from, key, name);
		if (!column || column == change->new || !before || !side_same(before, column) || !is_option(table)
			|| !is_option(name))
			continue;
		for (size_t k = 0; k < sizeof(types) / sizeof(*types); k++)
			if (strcmp(sql_value(change->arena, column, "type"), types[k]) == 0)
				return arena_format(change->arena, "table=%s key=%s", table, name);
	}
	return NULL;
}

/* A value of a type, which a person has to replace. */
static const char *
some_value(const struct change *change)
{
	struct arena *arena = change->arena;
	const char *type = change_value(change, "type");
	const struct fact enumeration = {FACT_TYPE, type, ""};
	size_t		count;
	const struct fact **labels = side_parts(change->to, FACT_LABEL, &enumeration, &count);
	const char *value = NULL;

	if (count > 0)
		value = sql_label(arena, sql_own(arena, labels[0]));
	mem_free(labels);
	if (value)
		return value;
	if (strncmp(type, "timestamp", 9) == 0 || strcmp(type, "date") == 0)
		return "'epoch'";
	if (strcmp(type, "boolean") == 0)
		return "false";
	if (strcmp(type, "text") == 0 || strncmp(type, "character", 9) == 0 || strcmp(type, "bytea") == 0)
		return "''";
	if (strcmp(type, "point") == 0)
		return "'(0,0)'";
	if (strcmp(type, "polygon") == 0)
		return "'((0,0))'";
	return strstr(type, "[]") ? "'{}'" : "0";
}

/* Rows without a value get the default, or one that a person has to choose. */
static void
fill(struct sql_list *list, const struct change *change, const char *table, const char *column)
{
	const char *usual = change_value(change, "default");
	const char *batch = batch_of(change, table);
	const char *key = batch ? strstr(batch, "key=") + strlen("key=") : NULL;
	struct sql *sql = sql_add(list, SQL_APART, "UPDATE %s SET %s = %s\n\tWHERE %s%s IS NULL", table, column,
							  usual ? sql_bare(change->arena, usual) : some_value(change),
							  batch ? arena_format(change->arena, "%s >= $1 AND %s < $2 AND ", key, key) : "", column);

	sql->batch = batch;
	if (!usual)
		sql->note = arena_format(change->arena, "TODO: Choose the value of %s in rows that have none.",
								 sql_printable(change->arena, column));
	if (!batch)
		sql_allow(sql, LINT_UNBATCHED_ROWS, "TODO: The table has no key for batches. Say how many rows it has.");
}

static bool
is_filled(const struct fact *column)
{
	return repair_has(column, "default") || repair_has(column, "identity");
}

/* Is it NOT NULL and without a default, although it is new or had a default? */
static bool
is_required(const struct change *change)
{
	return repair_has(change->new, "not null") && !is_filled(change->new) && (!change->old || is_filled(change->old));
}

/* Validating the check blocks no session; from PostgreSQL 12 on SET NOT NULL then reads no row. */
static void
set_not_null(struct sql_list *list, const struct change *change, const char *table, const char *column)
{
	char	   *plain = fact_plain(column, strlen(column));
	const char *name = fact_identifier(change->arena, arena_format(change->arena, "%.50s_" PRESENT, plain));
	struct sql *sql;

	mem_free(plain);
	fill(list, change, table, column);
	sql = change_add_check(list, table, name, arena_format(change->arena, "CHECK (%s IS NOT NULL)", column));
	if (is_required(change))
		sql_allow(sql, LINT_REQUIRED_COLUMN, REQUIRED);
	sql_add(list, SQL_APART, "ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name);
	sql_add(list, SQL_APART, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", table, column);
	sql_add(list, SQL_APART, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", table, name);
}

/* --- a new column --- */

/* A default is set afterwards: then no server writes the table anew. */
static bool
add_column(struct sql_list *list, const struct change *change)
{
	struct arena *arena = change->arena;
	const struct fact *new = change->new;
	const char *table = sql_parent(arena, new);
	const char *column = sql_own(arena, new);
	const char *usual = change_value(change, "default");
	const char *generated = change_generated(change, new);
	const struct fact *sequence = *generated ? NULL : side_sequence(change->to, new);
	bool		not_null = repair_has(new, "not null");
	enum sql_form form = not_null && !repair_has(new, "identity") ? SQL_APART : SQL_PLAIN;
	struct sql *sql;

	if (!repair_has_only(new, change_column_labels))
		return false;
	if (sequence && !change_create_sequence(list, sequence))
		return false;
	sql = sql_add(list, form, "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s%s", table, column,
				  change_type_text(arena, new), generated);
	if (*generated && !repair_has(new, "virtual")) {
		sql_allow(sql, LINT_REWRITE, CHANGE_REWRITE);
		sql->works = true;
	}
	if (usual)
		sql_add(list, form, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", table, column, sql_bare(arena, usual));
	if (sequence)
		change_sequence_owner(list, sequence);
	for (size_t i = 0; i < list->count; i++)
		list->items[i].form = list->items[i].form == SQL_PLAIN ? form : list->items[i].form;
	if (form == SQL_APART)
		set_not_null(list, change, table, column);
	else if (usual)
		list->items[list->count - 1].note = "New rows get the default; existing rows have no value.";
	return true;
}

/* --- a column that changes --- */

static bool
is_text(const char *type)
{
	return strcmp(type, "text") == 0 || strncmp(type, "character varying", 17) == 0;
}

static bool
is_number(const char *type)
{
	static const char *const types[] = {"smallint", "integer", "bigint", "real", "double precision", "numeric"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strncmp(type, types[i], strlen(types[i])) == 0 && !strchr(type, '['))
			return true;
	return false;
}

static bool
is_time(const char *type)
{
	return strncmp(type, "timestamp", 9) == 0 || strcmp(type, "date") == 0;
}

/* The length of a varchar, 0 for none: any length. */
static long
length_of(const char *type)
{
	const char *length = strchr(type, '(');

	return length ? strtol(length + 1, NULL, 10) : 0;
}

/* A longer varchar, or text: the values stay as they are. */
static bool
keeps_values(const char *before, const char *after)
{
	if (strcmp(before, after) == 0)
		return true;
	return is_text(before) && is_text(after)
		&& (length_of(after) == 0 || (length_of(before) > 0 && length_of(after) >= length_of(before)));
}

/* What gives a value of the new type, where the server needs to be told: " USING ...". */
static const char *
using_of(const struct change *change, const char *column, const char *before, const char *after)
{
	if (is_text(after) || (is_number(before) && is_number(after)) || (is_time(before) && is_time(after)))
		return "";
	return arena_format(change->arena, " USING %s%s::%s", column, is_text(before) ? "" : "::text", after);
}

/* The default goes before the type changes, and comes after it, in one statement. */
static void
change_column_type(struct sql_list *list, const struct change *change, const char *table, const char *column)
{
	const char *before = change_old_value(change, "type");
	const char *after = change_value(change, "type");
	const char *usual = change_value(change, "default");
	bool		with_default = change_differs(change, "default");
	struct sql *sql = sql_add(list, SQL_PLAIN, "ALTER TABLE %s%s ALTER COLUMN %s TYPE %s%s%s", table,
							  with_default && change_old_value(change, "default")
							  ? arena_format(change->arena, " ALTER COLUMN %s DROP DEFAULT,", column) : "", column,
							  change_type_text(change->arena, change->new), using_of(change, column, before, after),
							  with_default && usual
							  ? arena_format(change->arena, ", ALTER COLUMN %s SET DEFAULT %s", column,
											 sql_bare(change->arena, usual)) : "");

	if (!keeps_values(before, after)) {
		sql_allow(sql, LINT_REWRITE, CHANGE_REWRITE);
		sql->works = true;
	} else if (change_differs(change, "collation"))
		sql->works = true;
}

static bool
alter_column(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"type", "collation", "default", "not null", "identity", NULL};
	struct arena *arena = change->arena;
	const char *table = sql_parent(arena, change->new);
	const char *column = sql_own(arena, change->new);
	const char *usual = change_value(change, "default");
	const char *identity = change_value(change, "identity");

	if (!change_only(change, labels)
		|| (identity && change_old_value(change, "identity") && change_differs(change, "identity")))
		return false;
	if (change_differs(change, "identity") && !identity)
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY IF EXISTS", table, column);
	if (change_differs(change, "type") || change_differs(change, "collation"))
		change_column_type(list, change, table, column);
	else if (change_differs(change, "default"))
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s ALTER COLUMN %s %s%s", table, column,
				usual ? "SET DEFAULT " : "DROP DEFAULT", usual ? sql_bare(arena, usual) : "");
	/* The check before SET NOT NULL has a permission of its own. */
	if (list->count > 0 && repair_has(change->old, "not null") && is_required(change))
		sql_allow(&list->items[list->count - 1], LINT_REQUIRED_COLUMN, REQUIRED);
	if (change_differs(change, "not null") && !repair_has(change->new, "not null"))
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", table, column);
	else if (change_differs(change, "not null"))
		set_not_null(list, change, table, column);
	if (change_differs(change, "identity") && identity)
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s ALTER COLUMN %s ADD%s", table, column,
				change_generated(change, change->new));
	return true;
}

bool
change_column(struct sql_list *list, const struct change *change)
{
	if (change->old && change->new)
		return alter_column(list, change);
	if (change->new)
		return add_column(list, change);
	sql_allow(sql_add(list, SQL_PLAIN, "ALTER TABLE %s DROP COLUMN IF EXISTS %s",
					  sql_parent(change->arena, change->old), sql_own(change->arena, change->old)),
			  LINT_DROP_OR_RENAME, LOSS);
	return true;
}
