/* The effects of a statement: the difference of two probes. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "measure/probe_comparison.h"

#include "base/banned.h"

static bool
is_table(const struct probe_relation *relation)
{
	return relation && (relation->kind == 'r' || relation->kind == 'p' || relation->kind == 'm');
}

static bool
is_index(const struct probe_relation *relation)
{
	return relation && (relation->kind == 'i' || relation->kind == 'I');
}

struct effects_table *
probe_comparison_touch(const struct probe_comparison *comparison, unsigned oid)
{
	struct effects_statement *statement = comparison->statement;
	const struct probe_relation *start = probe_relation(comparison->start, oid);
	const struct probe_relation *before = probe_relation(comparison->before, oid);
	struct effects_table *table;

	if (!is_table(start))
		return NULL;
	for (size_t i = 0; i < statement->table_count; i++)
		if (statement->tables[i].oid == oid)
			return &statement->tables[i];
	statement->tables = mem_grow(statement->tables, statement->table_count + 1, sizeof(*statement->tables));
	table = &statement->tables[statement->table_count++];
	*table = (struct effects_table) {.oid = oid,.name = mem_string(before ? before->name : start->name),
		.origin = mem_string(start->name)
	};
	return table;
}

struct effects_change *
probe_comparison_add(const struct probe_comparison *comparison, unsigned oid, enum effects_change_kind kind,
					 const char *name)
{
	struct effects_table *table = probe_comparison_touch(comparison, oid);

	if (!table)
		return NULL;
	table->changes = mem_grow(table->changes, table->change_count + 1, sizeof(*table->changes));
	table->changes[table->change_count] = (struct effects_change) {.kind = kind,.name = mem_string(name)};
	return &table->changes[table->change_count++];
}

static bool
has_note(const struct probe *probe, unsigned table, char operation)
{
	for (size_t i = 0; i < probe->note_count; i++)
		if (probe->notes[i].table == table && probe->notes[i].operation == operation)
			return true;
	return false;
}

/* The strongest lock on a table or on what belongs to it and was there before the migration. */
static enum lock_mode
strongest(const struct probe_comparison *comparison, const struct probe *probe, unsigned table)
{
	enum lock_mode mode = MODE_NONE;

	for (size_t i = 0; i < probe->lock_count; i++) {
		const struct probe_relation *start = probe_relation(comparison->start, probe->locks[i].relation);

		if (start && start->table == table && probe->locks[i].mode > mode)
			mode = probe->locks[i].mode;
	}
	return mode;
}

static void
compare_locks(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->lock_count; i++) {
		const struct probe_relation *start = probe_relation(comparison->start, comparison->after->locks[i].relation);
		enum lock_mode before = start ? strongest(comparison, comparison->before, start->table) : MODE_NONE;
		enum lock_mode after = start ? strongest(comparison, comparison->after, start->table) : MODE_NONE;
		struct effects_table *table = after > before ? probe_comparison_touch(comparison, start->table) : NULL;

		if (table)
			table->lock = after;
	}
}

/* Rows that were read and written. */
static void
compare_counts(const struct probe_comparison *comparison, const struct probe_relation *before,
			   const struct probe_relation *after)
{
	bool		scanned = after->scans > before->scans;
	bool		inserted = after->inserted > before->inserted;
	bool		updated = after->updated > before->updated;
	bool		deleted = after->deleted > before->deleted;
	struct effects_table *table = scanned || inserted || updated || deleted
		? probe_comparison_touch(comparison, before->oid) : NULL;

	if (!table)
		return;
	table->scanned |= scanned;
	table->inserted |= inserted;
	table->updated |= updated;
	table->deleted |= deleted;
}

/* TRUNCATE gives a table a new file too. */
static bool
is_rewritten(const struct probe_comparison *comparison, const struct probe_relation *before,
			 const struct probe_relation *after)
{
	return after && before->filenode != 0 && after->filenode != before->filenode
		&& !has_note(comparison->after, before->oid, 'T');
}

static void
compare_relation(const struct probe_comparison *comparison, const struct probe_relation *before)
{
	const struct probe_relation *after = probe_relation(comparison->after, before->oid);

	if (!is_table(before))
		return;
	if (!after) {
		probe_comparison_add(comparison, before->oid, EFFECTS_TABLE_DROPPED, before->name);
		return;
	}
	if (strcmp(before->name, after->name) != 0) {
		struct effects_change *change = probe_comparison_add(comparison, before->oid, EFFECTS_TABLE_RENAMED, before->name);

		if (change)
			change->new_name = mem_string(after->name);
	}
	/* TRUNCATE builds its indexes on nothing. */
	if (has_note(comparison->after, before->oid, 'T'))
		return;
	compare_counts(comparison, before, after);
	if (is_rewritten(comparison, before, after)) {
		struct effects_table *table = probe_comparison_touch(comparison, before->oid);

		if (table)
			table->rewritten = true;
	}
}

static void
compare_notes(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->note_count; i++) {
		const struct probe_note *note = &comparison->after->notes[i];
		struct effects_table *table = probe_comparison_touch(comparison, note->table);

		if (table && note->operation == 'T')
			table->truncated = true;
		else if (table && note->operation == 'D')
			table->deleted = true;
		else if (table && note->operation == 'I')
			table->inserted = true;
		else if (table)
			table->updated = true;
	}
}

bool
probe_comparison_has_index(const struct probe *probe, const struct probe_relation *index)
{
	for (size_t i = 0; i < probe->relation_count; i++)
		if (is_index(&probe->relations[i]) && probe->relations[i].table == index->table
			&& strcmp(probe->relations[i].name, index->name) == 0)
			return true;
	return false;
}

bool
probe_comparison_has_constraint(const struct probe *probe, const struct probe_constraint *constraint)
{
	for (size_t i = 0; i < probe->constraint_count; i++)
		if (probe->constraints[i].table == constraint->table && probe->constraints[i].type == constraint->type
			&& strcmp(probe->constraints[i].name, constraint->name) == 0)
			return true;
	return false;
}

static void
compare_indexes(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->relation_count; i++) {
		const struct probe_relation *index = &comparison->after->relations[i];

		if (!is_index(index) || index->constraint || probe_relation(comparison->before, index->oid))
			continue;
		/* Behind a partitioned table's there is one of each partition, too. */
		if (!comparison->retyped || !probe_comparison_has_index(comparison->before, index))
			probe_comparison_add(comparison, index->table, EFFECTS_INDEX, index->name);
	}
}

/* A foreign key that is checked through an index, rather than by reading the table, is checked as well. */
static void
count_index_scans(const struct probe_comparison *comparison, unsigned oid)
{
	for (size_t i = 0; i < comparison->after->relation_count; i++) {
		const struct probe_relation *after = &comparison->after->relations[i];
		const struct probe_relation *before = probe_relation(comparison->before, after->oid);

		if (is_index(after) && after->table == oid && before && after->scans > before->scans) {
			struct effects_table *table = probe_comparison_touch(comparison, oid);

			if (table)
				table->scanned = true;
		}
	}
}

static void
compare_constraints(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->constraint_count; i++) {
		const struct probe_constraint *constraint = &comparison->after->constraints[i];
		struct effects_change *change;

		if (probe_constraint(comparison->before, constraint->oid)
			|| (comparison->retyped && probe_comparison_has_constraint(comparison->before, constraint)))
			continue;
		change = probe_comparison_add(comparison, constraint->table, EFFECTS_CONSTRAINT, constraint->name);
		if (!change)
			continue;
		change->type = constraint->type;
		change->oid = constraint->oid;
		change->validated = constraint->validated;
		change->using_index = constraint->type != 'f' && constraint->index != 0
			&& probe_relation(comparison->before, constraint->index);
		if (constraint->type == 'f' && constraint->validated)
			count_index_scans(comparison, constraint->table);
	}
}

static bool
is_checked(const struct probe *probe, const struct probe_column *column)
{
	for (size_t i = 0; i < probe->constraint_count; i++)
		if (probe->constraints[i].table == column->table && probe->constraints[i].not_null == column->number
			&& probe->constraints[i].validated)
			return true;
	return false;
}

static int
compare_columns(const void *one, const void *other)
{
	const struct probe_column *a = one;
	const struct probe_column *b = other;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

const struct probe_column *
probe_comparison_column(const struct probe *probe, const struct probe_column *column)
{
	if (probe->column_count == 0)
		return NULL;
	return bsearch(column, probe->columns, probe->column_count, sizeof(*column), compare_columns);
}

bool
probe_comparison_drops_column(const struct probe_comparison *comparison, unsigned table)
{
	for (size_t i = 0; i < comparison->before->column_count; i++) {
		const struct probe_column *before = &comparison->before->columns[i];
		const struct probe_column *after = before->table == table
			? probe_comparison_column(comparison->after, before) : NULL;

		if (after && after->dropped && !before->dropped)
			return true;
	}
	return false;
}

static bool
is_retyped(const struct probe_column *before, const struct probe_column *after)
{
	return !after->dropped && (before->type != after->type || before->modifier != after->modifier);
}

static void
compare_column(const struct probe_comparison *comparison, const struct probe_column *before,
			   const struct probe_column *after)
{
	struct effects_change *change;

	if (before->dropped)
		return;
	if (after->dropped) {
		probe_comparison_add(comparison, before->table, EFFECTS_COLUMN_DROPPED, before->name);
		return;
	}
	if (strcmp(before->name, after->name) != 0) {
		change = probe_comparison_add(comparison, before->table, EFFECTS_COLUMN_RENAMED, before->name);
		if (change)
			change->new_name = mem_string(after->name);
	}
	if (!before->not_null && after->not_null) {
		change = probe_comparison_add(comparison, before->table, EFFECTS_NOT_NULL, after->name);
		if (change)
			change->checked = is_checked(comparison->before, before);
	}
}

static int
compare_names(const void *one, const void *other)
{
	return strcmp(((const struct effects_table *) one)->name, ((const struct effects_table *) other)->name);
}

/* Has the type of a column changed, or are all of its values computed again (TYPE ... USING)? */
static bool
retypes(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->before->column_count; i++) {
		const struct probe_column *before = &comparison->before->columns[i];
		const struct probe_column *after = probe_comparison_column(comparison->after, before);

		if (after && is_retyped(before, after))
			return true;
	}
	for (size_t i = 0; i < comparison->before->relation_count; i++) {
		const struct probe_relation *before = &comparison->before->relations[i];

		if (is_table(before) && is_rewritten(comparison, before, probe_relation(comparison->after, before->oid)))
			return true;
	}
	return false;
}

void
probe_compare(struct effects_statement *statement, const struct probe *start, const struct probe *before,
			 const struct probe *after)
{
	struct probe_comparison comparison = {.statement = statement,.start = start,.before = before,.after = after};

	comparison.retyped = retypes(&comparison);
	compare_locks(&comparison);
	for (size_t i = 0; i < before->relation_count; i++)
		compare_relation(&comparison, &before->relations[i]);
	compare_notes(&comparison);
	compare_indexes(&comparison);
	compare_constraints(&comparison);
	for (size_t i = 0; i < before->column_count; i++) {
		const struct probe_column *column = probe_comparison_column(after, &before->columns[i]);

		if (column)
			compare_column(&comparison, &before->columns[i], column);
	}
	probe_comparison_more(&comparison);
	/* In the order in which they are found are only their numbers, which differ from server to server. */
	if (statement->table_count > 1)
		qsort(statement->tables, statement->table_count, sizeof(*statement->tables), compare_names);
}

/* Had the table a foreign key of the same columns? */
static bool
had_foreign_key(const struct probe *start, const struct probe_constraint *constraint)
{
	for (size_t i = 0; i < start->constraint_count; i++)
		if (start->constraints[i].table == constraint->table && start->constraints[i].type == 'f'
			&& strcmp(start->constraints[i].columns, constraint->columns) == 0)
			return true;
	return false;
}

void
probe_find_unindexed(struct effects *effects, const struct probe *start, const struct probe *end)
{
	for (size_t i = 0; i < effects->count; i++)
		for (size_t k = 0; k < effects->statements[i].table_count; k++) {
			struct effects_table *table = &effects->statements[i].tables[k];

			for (size_t c = 0; c < table->change_count; c++) {
				struct effects_change *change = &table->changes[c];
				const struct probe_constraint *constraint = probe_constraint(end, change->oid);

				change->unindexed = change->kind == EFFECTS_CONSTRAINT && change->type == 'f' && constraint
					&& !constraint->indexed && !had_foreign_key(start, constraint);
			}
		}
}
