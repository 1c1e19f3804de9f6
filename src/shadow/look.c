/* Compare two snapshots of a scratch database. */
#include "shadow/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pg/lock_mode.h"
#include "plan/effects.h"

#include "base/banned.h"

static int
compare_relations(const void *one, const void *other)
{
	unsigned	a = ((const struct look_relation *) one)->oid;
	unsigned	b = ((const struct look_relation *) other)->oid;

	return a < b ? -1 : a > b;
}

const struct look_relation *
look_relation(const struct look *look, unsigned oid)
{
	struct look_relation key = {.oid = oid};

	if (look->relation_count == 0)
		return NULL;
	return bsearch(&key, look->relations, look->relation_count, sizeof(key), compare_relations);
}

const struct look_constraint *
look_constraint(const struct look *look, unsigned oid)
{
	for (size_t i = 0; i < look->constraint_count; i++)
		if (look->constraints[i].oid == oid)
			return &look->constraints[i];
	return NULL;
}

static const char *
value_of(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->setting_count; i++)
		if (strcmp(look->settings[i].name, name) == 0)
			return look->settings[i].value;
	return NULL;
}

bool
look_setting_differs(const struct look *one, const struct look *other, const char *name)
{
	const char *a = value_of(one, name);
	const char *b = value_of(other, name);

	return a && b ? strcmp(a, b) != 0 : a != b;
}

void
look_clear(struct look *look)
{
	for (size_t i = 0; i < look->relation_count; i++)
		mem_free(look->relations[i].name);
	for (size_t i = 0; i < look->column_count; i++)
		mem_free(look->columns[i].name);
	for (size_t i = 0; i < look->constraint_count; i++)
		mem_free(look->constraints[i].name);
	for (size_t i = 0; i < look->setting_count; i++) {
		mem_free(look->settings[i].name);
		mem_free(look->settings[i].value);
	}
	mem_free(look->relations);
	mem_free(look->columns);
	mem_free(look->constraints);
	mem_free(look->locks);
	mem_free(look->notes);
	mem_free(look->settings);
	*look = (struct look) {0};
}

/* What a comparison is about: where the migration began, and the statement began and ended. */
struct comparison {
	struct effects_statement *statement;
	const struct look *start;
	const struct look *before;
	const struct look *after;
	bool		retyped;		/* a column's type has changed: what depends on it was made anew, under its old name */
};

static bool
is_table(const struct look_relation *relation)
{
	return relation && (relation->kind == 'r' || relation->kind == 'p' || relation->kind == 'm');
}

static bool
is_index(const struct look_relation *relation)
{
	return relation && (relation->kind == 'i' || relation->kind == 'I');
}

/* The entry of a table that was there before the migration; NULL where it was not. Good until the next call. */
static struct effects_table *
touched(const struct comparison *comparison, unsigned oid)
{
	struct effects_statement *statement = comparison->statement;
	const struct look_relation *start = look_relation(comparison->start, oid);
	const struct look_relation *before = look_relation(comparison->before, oid);
	struct effects_table *table;

	if (!is_table(start))
		return NULL;
	for (size_t i = 0; i < statement->table_count; i++)
		if (statement->tables[i].oid == oid)
			return &statement->tables[i];
	statement->tables = mem_grow(statement->tables, statement->table_count + 1, sizeof(*statement->tables));
	table = &statement->tables[statement->table_count++];
	*table = (struct effects_table) {.oid = oid,.name = mem_string(before ? before->name : start->name)};
	return table;
}

static struct effects_change *
add_change(const struct comparison *comparison, unsigned oid, enum effects_change_kind kind, const char *name)
{
	struct effects_table *table = touched(comparison, oid);

	if (!table)
		return NULL;
	table->changes = mem_grow(table->changes, table->change_count + 1, sizeof(*table->changes));
	table->changes[table->change_count] = (struct effects_change) {.kind = kind,.name = mem_string(name)};
	return &table->changes[table->change_count++];
}

static bool
has_note(const struct look *look, unsigned table, char operation)
{
	for (size_t i = 0; i < look->note_count; i++)
		if (look->notes[i].table == table && look->notes[i].operation == operation)
			return true;
	return false;
}

/* The strongest lock on a table or on what belongs to it and was there before the migration. */
static enum lock_mode
strongest(const struct comparison *comparison, const struct look *look, unsigned table)
{
	enum lock_mode mode = MODE_NONE;

	for (size_t i = 0; i < look->lock_count; i++) {
		const struct look_relation *start = look_relation(comparison->start, look->locks[i].relation);

		if (start && start->table == table && look->locks[i].mode > mode)
			mode = look->locks[i].mode;
	}
	return mode;
}

static void
compare_locks(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->lock_count; i++) {
		const struct look_relation *start = look_relation(comparison->start, comparison->after->locks[i].relation);
		enum lock_mode before = start ? strongest(comparison, comparison->before, start->table) : MODE_NONE;
		enum lock_mode after = start ? strongest(comparison, comparison->after, start->table) : MODE_NONE;
		struct effects_table *table = after > before ? touched(comparison, start->table) : NULL;

		if (table)
			table->lock = after;
	}
}

static void
compare_relation(const struct comparison *comparison, const struct look_relation *before)
{
	const struct look_relation *after = look_relation(comparison->after, before->oid);

	if (!is_table(before))
		return;
	if (!after) {
		add_change(comparison, before->oid, EFFECTS_TABLE_DROPPED, before->name);
		return;
	}
	if (strcmp(before->name, after->name) != 0) {
		struct effects_change *change = add_change(comparison, before->oid, EFFECTS_TABLE_RENAMED, before->name);

		if (change)
			change->new_name = mem_string(after->name);
	}
	/* TRUNCATE gives it a new file too, and builds its indexes on nothing. */
	if (has_note(comparison->after, before->oid, 'T'))
		return;
	if (after->scans > before->scans) {
		struct effects_table *table = touched(comparison, before->oid);

		if (table)
			table->scanned = true;
	}
	if (before->filenode != 0 && after->filenode != before->filenode) {
		struct effects_table *table = touched(comparison, before->oid);

		if (table)
			table->rewritten = true;
	}
}

static void
compare_notes(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->note_count; i++) {
		const struct look_note *note = &comparison->after->notes[i];
		struct effects_table *table = touched(comparison, note->table);

		if (table && note->operation == 'T')
			table->truncated = true;
		else if (table && note->operation == 'D')
			table->deleted = true;
		else if (table)
			table->updated = true;
	}
}

/* Was there an index, or was there a constraint, of that name on the table? */
static bool
had_index(const struct look *look, const struct look_relation *index)
{
	for (size_t i = 0; i < look->relation_count; i++)
		if (is_index(&look->relations[i]) && look->relations[i].table == index->table
			&& strcmp(look->relations[i].name, index->name) == 0)
			return true;
	return false;
}

static bool
had_constraint(const struct look *look, const struct look_constraint *constraint)
{
	for (size_t i = 0; i < look->constraint_count; i++)
		if (look->constraints[i].table == constraint->table && look->constraints[i].type == constraint->type
			&& strcmp(look->constraints[i].name, constraint->name) == 0)
			return true;
	return false;
}

static void
compare_indexes(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->relation_count; i++) {
		const struct look_relation *index = &comparison->after->relations[i];

		if (!is_index(index) || index->constraint || look_relation(comparison->before, index->oid))
			continue;
		/* Behind a partitioned table's there is one of each partition, too. */
		if (!comparison->retyped || !had_index(comparison->before, index))
			add_change(comparison, index->table, EFFECTS_INDEX, index->name);
	}
}

/* A foreign key that is checked through an index, rather than by reading the table, is checked as well. */
static void
count_index_scans(const struct comparison *comparison, unsigned oid)
{
	for (size_t i = 0; i < comparison->after->relation_count; i++) {
		const struct look_relation *after = &comparison->after->relations[i];
		const struct look_relation *before = look_relation(comparison->before, after->oid);

		if (is_index(after) && after->table == oid && before && after->scans > before->scans) {
			struct effects_table *table = touched(comparison, oid);

			if (table)
				table->scanned = true;
		}
	}
}

static void
compare_constraints(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->constraint_count; i++) {
		const struct look_constraint *constraint = &comparison->after->constraints[i];
		struct effects_change *change;

		if (look_constraint(comparison->before, constraint->oid)
			|| (comparison->retyped && had_constraint(comparison->before, constraint)))
			continue;
		change = add_change(comparison, constraint->table, EFFECTS_CONSTRAINT, constraint->name);
		if (!change)
			continue;
		change->type = constraint->type;
		change->oid = constraint->oid;
		change->validated = constraint->validated;
		change->using_index = constraint->type != 'f' && constraint->index != 0
			&& look_relation(comparison->before, constraint->index);
		if (constraint->type == 'f' && constraint->validated)
			count_index_scans(comparison, constraint->table);
	}
}

static bool
is_checked(const struct look *look, const struct look_column *column)
{
	for (size_t i = 0; i < look->constraint_count; i++)
		if (look->constraints[i].table == column->table && look->constraints[i].not_null == column->number
			&& look->constraints[i].validated)
			return true;
	return false;
}

static int
compare_columns(const void *one, const void *other)
{
	const struct look_column *a = one;
	const struct look_column *b = other;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static const struct look_column *
find_column(const struct look *look, const struct look_column *column)
{
	if (look->column_count == 0)
		return NULL;
	return bsearch(column, look->columns, look->column_count, sizeof(*column), compare_columns);
}

static bool
is_retyped(const struct look_column *before, const struct look_column *after)
{
	return !after->dropped && (before->type != after->type || before->modifier != after->modifier);
}

static void
compare_column(const struct comparison *comparison, const struct look_column *before, const struct look_column *after)
{
	struct effects_change *change;

	if (before->dropped)
		return;
	if (after->dropped) {
		add_change(comparison, before->table, EFFECTS_COLUMN_DROPPED, before->name);
		return;
	}
	if (strcmp(before->name, after->name) != 0) {
		change = add_change(comparison, before->table, EFFECTS_COLUMN_RENAMED, before->name);
		if (change)
			change->new_name = mem_string(after->name);
	}
	if (!before->not_null && after->not_null) {
		change = add_change(comparison, before->table, EFFECTS_NOT_NULL, after->name);
		if (change)
			change->checked = is_checked(comparison->before, before);
	}
}

static int
compare_names(const void *one, const void *other)
{
	return strcmp(((const struct effects_table *) one)->name, ((const struct effects_table *) other)->name);
}

void
look_compare(struct effects_statement *statement, const struct look *start, const struct look *before,
			 const struct look *after)
{
	struct comparison comparison = {.statement = statement,.start = start,.before = before,.after = after};

	for (size_t i = 0; i < before->column_count; i++) {
		const struct look_column *column = find_column(after, &before->columns[i]);

		if (column && is_retyped(&before->columns[i], column))
			comparison.retyped = true;
	}
	compare_locks(&comparison);
	for (size_t i = 0; i < before->relation_count; i++)
		compare_relation(&comparison, &before->relations[i]);
	compare_notes(&comparison);
	compare_indexes(&comparison);
	compare_constraints(&comparison);
	for (size_t i = 0; i < before->column_count; i++) {
		const struct look_column *column = find_column(after, &before->columns[i]);

		if (column)
			compare_column(&comparison, &before->columns[i], column);
	}
	for (size_t i = 0; i < statement->table_count; i++)
		statement->tables[i].held = strongest(&comparison, before, statement->tables[i].oid);
	/* In the order in which they are found are only their numbers, which differ from server to server. */
	if (statement->table_count > 1)
		qsort(statement->tables, statement->table_count, sizeof(*statement->tables), compare_names);
}

void
look_find_unindexed(struct effects *measurement, const struct look *end)
{
	for (size_t i = 0; i < measurement->count; i++)
		for (size_t k = 0; k < measurement->statements[i].table_count; k++) {
			struct effects_table *table = &measurement->statements[i].tables[k];

			for (size_t c = 0; c < table->change_count; c++) {
				struct effects_change *change = &table->changes[c];
				const struct look_constraint *constraint = look_constraint(end, change->oid);

				change->unindexed = change->kind == EFFECTS_CONSTRAINT && change->type == 'f' && constraint
					&& !constraint->indexed;
			}
		}
}
