/* Indexes, and constraints of tables. */
#include <string.h>

#include "base/mem.h"
#include "difference/change.h"
#include "schema/compare_pairs.h"
#include "schema/repair_names.h"

#include "base/banned.h"

#define UNIQUE "\nNo two rows may be the same in these columns (docs/migrations.md: rows/NNN.sql)."

/* --- indexes --- */

const char *
change_index_text(struct arena *arena, const struct fact *index)
{
	static const char *const labels[] = {"definition", "where", "options", "nulls not distinct", "tablespace",
		"comment", NULL};
	const char *definition = sql_value(arena, index, "definition");
	const char *where = sql_value(arena, index, "where");
	const char *options = sql_value(arena, index, "options");
	const char *space = sql_value(arena, index, "tablespace");
	bool		btree;

	if (!repair_has_only(index, labels))
		return NULL;
	if (strncmp(definition, "unique ", 7) == 0)
		definition += 7;
	btree = strncmp(definition, "btree ", 6) == 0;
	return arena_format(arena, "ON %s %s%s%s%s%s%s%s%s%s%s", sql_parent(arena, index), btree ? "" : "USING ",
						sql_bare(arena, definition + (btree ? 6 : 0)),
						repair_has(index, "nulls not distinct") ? " NULLS NOT DISTINCT" : "",
						options ? " WITH (" : "", options ? options : "", options ? ")" : "",
						space ? " TABLESPACE " : "", space ? space : "",
						where ? " WHERE " : "", where ? sql_bare(arena, where) : "");
}

/* The index of a partitioned table cannot be built concurrently. */
static bool
is_partitioned(const struct change *change, const struct fact *part)
{
	const struct side *side = change->new ? change->to : change->from;
	const struct fact table = {FACT_TABLE, arena_copy(change->arena, part->name, fact_parent(part)), ""};
	const struct fact *found = fact_find(&side->facts, FACT_TABLE, table.name);

	return found && repair_has(found, "partitioned by");
}

bool
change_index(struct sql_list *list, const struct change *change)
{
	const struct fact *index = change_subject(change);
	bool		whole = is_partitioned(change, index);
	enum sql_form form = whole ? SQL_PLAIN : SQL_CONCURRENT;
	const char *text = change_index_text(change->arena, index);
	struct sql *sql;

	if (!change->new) {
		sql = sql_add(list, form, "DROP INDEX %sIF EXISTS %s", whole ? "" : "CONCURRENTLY ",
					  sql_index(change->arena, index));
		if (whole)
			sql_allow(sql, LINT_PLAIN_DROP_INDEX, "TODO: Confirm that the archive can wait for a moment.");
		return true;
	}
	if (!text)
		return false;
	sql = sql_add(list, form, "CREATE %sINDEX %sIF NOT EXISTS %s %s",
				  strncmp(index->definition, "unique ", 7) == 0 ? "UNIQUE " : "", whole ? "" : "CONCURRENTLY ",
				  sql_own(change->arena, index), text);
	if (strncmp(index->definition, "unique ", 7) == 0)
		sql->note = &UNIQUE[1];
	if (whole) {
		sql_allow(sql, LINT_CREATE_INDEX, "TODO: It blocks writers. Say how many rows the partitions have.");
		sql->works = true;
	}
	return true;
}

bool
change_create_indexes(struct sql_list *list, const struct change *change)
{
	size_t		count;
	const struct fact **parts = side_parts(change->to, FACT_INDEX, change->new, &count);
	bool		good = true;

	for (size_t i = 0; i < count && good; i++) {
		const char *text = change_index_text(change->arena, parts[i]);

		good = text || repair_has(parts[i], "derived");
		if (text)
			sql_add(list, SQL_PLAIN, "CREATE %sINDEX IF NOT EXISTS %s %s",
					strncmp(parts[i]->definition, "unique ", 7) == 0 ? "UNIQUE " : "", sql_own(change->arena, parts[i]),
					text);
	}
	mem_free(parts);
	return good;
}

bool
change_index_name(struct sql_list *list, const struct change *change)
{
	sql_add(list, SQL_PLAIN, "ALTER INDEX IF EXISTS %s RENAME TO %s", sql_index(change->arena, change->old),
			sql_own(change->arena, change->new));
	return true;
}

/* --- constraints --- */

static const char *
constraint_options(struct arena *arena, const struct fact *constraint)
{
	return arena_format(arena, "%s%s%s", repair_has(constraint, "no inherit") ? " NO INHERIT" : "",
						repair_has(constraint, "deferrable") ? " DEFERRABLE" : "",
						repair_has(constraint, "initially deferred") ? " INITIALLY DEFERRED" : "");
}

const char *
change_constraint_text(struct arena *arena, const struct fact *constraint)
{
	static const char *const labels[] = {"definition", "no inherit", "deferrable", "initially deferred", "not valid",
		"where", "comment", NULL};
	const char *where = sql_value(arena, constraint, "where");

	if (!repair_has_only(constraint, labels))
		return NULL;
	return arena_format(arena, "%s%s%s%s%s", sql_bare(arena, sql_value(arena, constraint, "definition")),
						where ? " WHERE (" : "", where ? sql_bare(arena, where) : "", where ? ")" : "",
						constraint_options(arena, constraint));
}

/* The columns of a key, "(a, b)" and what follows, if its index can be built before it; NULL: it is no such key. */
static const char *
key_columns(struct arena *arena, const struct fact *constraint)
{
	const char *definition = sql_value(arena, constraint, "definition");

	if (!change_constraint_text(arena, constraint))
		return NULL;
	if (strncmp(definition, "PRIMARY KEY (", 13) == 0)
		return definition + 12;
	return strncmp(definition, "UNIQUE (", 8) == 0 ? definition + 7 : NULL;
}

/* A new key is built as an index first, which blocks no session. */
bool
change_key_index(struct sql_list *list, const struct change *change)
{
	const struct fact *key = change_subject(change);
	const char *columns = key_columns(change->arena, key);

	if (!columns || is_partitioned(change, key))
		return true;
	if (change->new)
		sql_add(list, SQL_CONCURRENT, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS %s ON %s %s",
				sql_own(change->arena, key), sql_parent(change->arena, key), columns)->note
			= "For the constraint of this name, which is added after it." UNIQUE;
	else
		sql_add(list, SQL_CONCURRENT, "DROP INDEX CONCURRENTLY IF EXISTS %s", sql_index(change->arena, key))->note
			= "Usually the index was dropped with its constraint.";
	return true;
}

/* In the down section at once: a migration of its own for the index would have nothing to revert. */
static bool
add_key(struct sql_list *list, const struct change *change, const char *table, const char *name, const char *text)
{
	const char *columns = key_columns(change->arena, change->new);
	struct sql *sql;

	if (columns && !change->down && !is_partitioned(change, change->new)) {
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s%s", table, name,
				text[0] == 'P' ? "PRIMARY KEY" : "UNIQUE", name, constraint_options(change->arena, change->new));
		return true;
	}
	sql = sql_add(list, SQL_PLAIN, "ALTER TABLE %s ADD CONSTRAINT %s %s", table, name, text);
	sql_allow(sql, LINT_VALIDATED_CONSTRAINT, "TODO: It is checked for all rows at once. Say how many there are.");
	sql->works = true;
	return true;
}

enum {
	MOST_COLUMNS = 32			/* of an index */
};

/* The columns in the first bracket of a definition: their number. */
static size_t
columns_of(struct arena *arena, const char *definition, const char *columns[MOST_COLUMNS])
{
	const char *at = strchr(definition, '(');
	size_t		count = 0;

	while (at && *at && *at != ')' && count < MOST_COLUMNS) {
		size_t		length;

		at += strspn(at, "(, ");
		length = compare_name_length(at);
		columns[count++] = arena_copy(arena, at, length);
		at += length + strcspn(at + length, ",)");
	}
	return count;
}

/* Are the first `count` ones all among the others? */
static bool
are_among(const char *const *columns, size_t count, const char *const *others, size_t other_count)
{
	for (size_t i = 0; i < count; i++) {
		size_t		k = 0;

		while (k < other_count && strcmp(columns[i], others[k]) != 0)
			k++;
		if (k == other_count)
			return false;
	}
	return true;
}

/* Does an index serve a foreign key: by its first columns, or because it is unique and has no other ones? */
static bool
serves(struct arena *arena, const struct fact *index, const struct fact *foreign_key)
{
	const char *own[MOST_COLUMNS];
	const char *keys[MOST_COLUMNS];
	size_t		own_count = columns_of(arena, index->definition, own);
	size_t		key_count = columns_of(arena, foreign_key->definition, keys);
	bool		unique = strncmp(index->definition, "unique ", 7) == 0 || index->kind == FACT_CONSTRAINT;

	if (repair_has(index, "where")
		|| (index->kind == FACT_CONSTRAINT && strncmp(index->definition, "PRIMARY KEY", 11) != 0
			&& strncmp(index->definition, "UNIQUE", 6) != 0))
		return false;
	return are_among(keys, key_count, own, own_count < key_count ? own_count : key_count)
		|| (unique && are_among(own, own_count, keys, key_count));
}

static bool
is_indexed(const struct change *change, const struct fact *constraint)
{
	const struct fact table = {FACT_TABLE, arena_copy(change->arena, constraint->name, fact_parent(constraint)), ""};
	bool		found = false;

	for (size_t i = 0; i < change->to->facts.count && !found; i++) {
		const struct fact *fact = &change->to->facts.facts[i];

		found = (fact->kind == FACT_INDEX || fact->kind == FACT_CONSTRAINT) && side_is_part(fact, &table)
			&& serves(change->arena, fact, constraint);
	}
	return found;
}

/* First for new rows, then for the others, which blocks no session; but for the next statement it must be committed. */
static void
add_check(struct sql_list *list, const struct change *change, const char *table, const char *name, const char *text)
{
	bool		not_valid = repair_has(change->new, "not valid");
	struct sql *sql;

	if (not_valid)
		sql = sql_add(list, SQL_PLAIN, "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", table, name, text);
	else
		sql = change_add_check(list, table, name, text);
	if (strncmp(text, "FOREIGN KEY", 11) == 0 && !is_indexed(change, change->new))
		sql_allow(sql, LINT_UNINDEXED_FOREIGN_KEY,
				  "TODO: Add an index, or say why none is needed when rows are deleted.");
	if (!not_valid)
		sql_add(list, SQL_APART, "ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name);
}

/* Only what has been added as NOT VALID becomes valid without being made anew. */
static bool
becomes_valid(const struct change *change)
{
	static const char *const labels[] = {"not valid", NULL};

	return change->old && change->new && change_only(change, labels) && repair_has(change->old, "not valid");
}

bool
change_constraint(struct sql_list *list, const struct change *change)
{
	const struct fact *constraint = change_subject(change);
	const char *table = sql_parent(change->arena, constraint);
	const char *name = sql_own(change->arena, constraint);
	const char *text = change->new ? change_constraint_text(change->arena, change->new) : NULL;

	if (becomes_valid(change)) {
		sql_add(list, SQL_PLAIN, "ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name);
		return true;
	}
	if (change->old) {
		struct sql *sql = sql_add(list, SQL_PLAIN, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", table, name);

		if (key_columns(change->arena, change->old))
			sql->note = "Its index goes with it.";
	}
	if (!change->new)
		return true;
	if (!text)
		return false;
	if (strncmp(text, "FOREIGN KEY", 11) != 0 && strncmp(text, "CHECK", 5) != 0)
		return add_key(list, change, table, name, text);
	add_check(list, change, table, name, text);
	return true;
}

bool
change_constraint_name(struct sql_list *list, const struct change *change)
{
	sql_add(list, SQL_PLAIN, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", sql_parent(change->arena, change->old),
			sql_own(change->arena, change->old), sql_own(change->arena, change->new));
	return true;
}
