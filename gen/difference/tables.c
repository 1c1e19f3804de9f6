/* Tables with all that belongs to them. */
#include <string.h>

#include "base/mem.h"
#include "difference/change.h"
#include "difference/order.h"
#include "schema/repair_names.h"

#include "base/banned.h"

#define LOSS "TODO: Say since when no release uses it. Its rows are lost."

/* --- serial columns --- */

static const char *
serial_of(const char *type)
{
	return strcmp(type, "integer") == 0 ? "serial" : strcmp(type, "bigint") == 0 ? "bigserial"
		: strcmp(type, "smallint") == 0 ? "smallserial" : NULL;
}

/* Is the column a serial, so that its type says what its default and its sequence are? NULL: it is not. */
static const char *
serial_type(struct arena *arena, const struct side *side, const struct fact *column)
{
	const char *table = sql_parent(arena, column);
	const char *type = sql_value(arena, column, "type");
	const char *usual = sql_value(arena, column, "default");
	const char *name = arena_format(arena, "%s_%s_seq", table, sql_own(arena, column));
	const struct fact *sequence = fact_find(&side->facts, FACT_SEQUENCE, name);
	const struct fact *owned = side_sequence(side, column);

	if (!usual || !repair_has(column, "not null") || !sequence || sequence != owned || strpbrk(name, "\".")
		|| strlen(name) > 63
		|| strcmp(usual, arena_format(arena, "nextval('public.%s'::regclass)", name)) != 0
		|| strcmp(sequence->definition, arena_format(arena, "%s\towned by: %s", type, column->name)) != 0)
		return NULL;
	return serial_of(type);
}

/* --- CREATE TABLE --- */

/* The primary key, if it is this column alone and has the usual name; NULL: it is not. */
static const struct fact *
own_key(const struct side *side, const struct fact *table, const struct fact *column)
{
	const char *own_name = table->name + fact_schema(table->name, strlen(table->name));
	char	   *name = mem_format("%s.%s_pkey", table->name, own_name);
	const struct fact *key = fact_find(&side->facts, FACT_CONSTRAINT, name);
	char	   *definition = mem_format("PRIMARY KEY (%s)", column->name + fact_parent(column) + 1);
	bool		own = key && strcmp(key->definition, definition) == 0 && !strchr(name, '"');

	mem_free(definition);
	mem_free(name);
	return own ? key : NULL;
}

static bool
write_column(char **text, const struct change *change, const struct fact *column)
{
	struct arena *arena = change->arena;
	const char *serial = serial_type(arena, change->to, column);
	const char *usual = serial ? NULL : sql_value(arena, column, "default");
	bool		key = own_key(change->to, change->new, column);
	bool		not_null = repair_has(column, "not null") && !serial && !key && !repair_has(column, "identity");

	mem_append(text, ",\n", arena_format(arena, "\t%s %s%s%s%s%s%s", sql_own(arena, column),
										 serial ? serial : change_type_text(arena, column),
										 change_generated(change, column), usual ? " DEFAULT " : "",
										 usual ? sql_bare(arena, usual) : "", not_null ? " NOT NULL" : "",
										 key ? " PRIMARY KEY" : ""));
	return repair_has_only(column, change_column_labels);
}

static bool
write_columns(char **text, const struct change *change)
{
	size_t		count;
	const struct fact **columns = side_parts(change->to, FACT_COLUMN, change->new, &count);
	bool		good = true;

	for (size_t i = 0; i < count && good; i++)
		good = (repair_has(columns[i], "inherited") && !repair_has(columns[i], "local"))
			|| write_column(text, change, columns[i]);
	mem_free(columns);
	return good;
}

/* Is the constraint written in the line of its column? */
static bool
is_own_key(const struct change *change, const struct fact *constraint)
{
	const char *definition = constraint->definition;
	char	   *name;
	const struct fact *column;

	if (strncmp(definition, "PRIMARY KEY (", 13) != 0)
		return false;
	name = mem_copy(definition + 13, strcspn(definition + 13, ")"));
	column = side_column(change->to, change->new, name);
	mem_free(name);
	return column && own_key(change->to, change->new, column) == constraint;
}

static bool
write_constraints(char **text, const struct change *change)
{
	size_t		count;
	const struct fact **parts = side_parts(change->to, FACT_CONSTRAINT, change->new, &count);
	bool		good = true;

	for (size_t i = 0; i < count && good; i++) {
		const char *words = change_constraint_text(change->arena, parts[i]);

		good = words || repair_has(parts[i], "derived");
		if (words && !is_own_key(change, parts[i]) && !order_is_mutual(change->to, change->from, parts[i]))
			mem_append(text, ",\n", arena_format(change->arena, "\tCONSTRAINT %s %s", sql_own(change->arena, parts[i]),
												 words));
	}
	mem_free(parts);
	return good;
}

/* The sequences of columns that are no serials; with `owners`, whose they are. */
static bool
create_sequences(struct sql_list *list, const struct change *change, bool owners)
{
	size_t		count;
	const struct fact **columns = side_parts(change->to, FACT_COLUMN, change->new, &count);
	bool		good = true;

	for (size_t i = 0; i < count && good; i++) {
		const struct fact *sequence = side_sequence(change->to, columns[i]);

		if (!sequence || repair_has(sequence, "identity of") || serial_type(change->arena, change->to, columns[i]))
			continue;
		if (owners)
			change_sequence_owner(list, sequence);
		else
			good = change_create_sequence(list, sequence);
	}
	mem_free(columns);
	return good;
}

static void
set_flag(struct sql_list *list, const struct change *change, const char *label, const char *on, const char *off)
{
	if (change_differs(change, label))
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s %s", sql_parent(change->arena, change->new),
				repair_has(change->new, label) ? on : off);
}

static void
set_row_security(struct sql_list *list, const struct change *change)
{
	size_t		count;

	mem_free(side_parts(change->to, FACT_POLICY, change->new, &count));
	set_flag(list, change, "row security", "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY");
	if (change->old && change_differs(change, "row security") && repair_has(change->new, "row security") && count == 0)
		sql_allow(&list->items[list->count - 1], LINT_BLOCKED_STATEMENT, "TODO: Say why only its owner needs it.");
	set_flag(list, change, "force row security", "FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY");
}

/* What follows the columns; NULL: it has other properties. */
static const char *
table_options(struct arena *arena, const struct fact *table)
{
	static const char *const labels[] = {"unlogged", "inherits", "partitioned by", "options", "row security",
		"force row security", "comment", NULL};
	const char *inherits = sql_value(arena, table, "inherits");
	const char *partitioned = sql_value(arena, table, "partitioned by");
	const char *options = sql_value(arena, table, "options");

	if (!repair_has_only(table, labels))
		return NULL;
	return arena_format(arena, "%s%s%s%s%s%s%s%s", inherits ? " INHERITS (" : "", inherits ? inherits : "",
						inherits ? ")" : "", partitioned ? " PARTITION BY " : "", partitioned ? partitioned : "",
						options ? " WITH (" : "", options ? options : "", options ? ")" : "");
}

static bool
create_partition(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"partition of", "bound", "partitioned by", "row security",
		"force row security", "comment", NULL};
	const char *partitioned = change_value(change, "partitioned by");

	if (!repair_has_only(change->new, labels))
		return false;
	sql_add(list, SQL_PLAIN, "CREATE TABLE IF NOT EXISTS %s PARTITION OF %s %s%s%s",
			sql_parent(change->arena, change->new), change_value(change, "partition of"),
			sql_bare(change->arena, change_value(change, "bound")), partitioned ? " PARTITION BY " : "",
			partitioned ? partitioned : "");
	set_row_security(list, change);
	return change_create_indexes(list, change);
}

static bool
create_table(struct sql_list *list, const struct change *change)
{
	const char *options = table_options(change->arena, change->new);
	char	   *text = NULL;
	bool		good;

	if (repair_has(change->new, "partition of"))
		return create_partition(list, change);
	good = options && create_sequences(list, change, false) && write_columns(&text, change)
		&& write_constraints(&text, change);
	if (good)
		sql_add(list, SQL_PLAIN, "CREATE %sTABLE IF NOT EXISTS %s (%s%s%s)%s",
				repair_has(change->new, "unlogged") ? "UNLOGGED " : "", sql_parent(change->arena, change->new),
				text ? "\n" : "", text ? text : "", text ? "\n" : "", options);
	mem_free(text);
	set_row_security(list, change);
	return good && create_sequences(list, change, true) && change_create_indexes(list, change);
}

/* --- ALTER TABLE --- */

static bool
alter_table(struct sql_list *list, const struct change *change)
{
	static const char *const labels[] = {"unlogged", "inherits", "row security", "force row security", NULL};
	struct arena *arena = change->arena;
	const char *table = sql_parent(arena, change->new);
	const char *before = change_old_value(change, "inherits");
	const char *after = change_value(change, "inherits");

	if (!change_only(change, labels) || (before && strchr(before, ',')) || (after && strchr(after, ',')))
		return false;
	set_row_security(list, change);
	if (change_differs(change, "inherits") && before)
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s NO INHERIT %s", table, before);
	if (change_differs(change, "inherits") && after)
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s INHERIT %s", table, after);
	if (change_differs(change, "unlogged")) {
		set_flag(list, change, "unlogged", "SET UNLOGGED", "SET LOGGED");
		sql_allow(&list->items[list->count - 1], LINT_REWRITE, CHANGE_REWRITE);
		list->items[list->count - 1].works = true;
	}
	return true;
}

bool
change_table(struct sql_list *list, const struct change *change)
{
	if (change->old && change->new)
		return alter_table(list, change);
	if (change->new)
		return create_table(list, change);
	sql_allow(sql_add(list, SQL_PLAIN, "DROP TABLE IF EXISTS %s", sql_parent(change->arena, change->old)),
			  LINT_DROP_OR_RENAME, LOSS);
	return true;
}
