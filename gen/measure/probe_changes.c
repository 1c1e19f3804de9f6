/* Changes to what software before the migration relies on: columns, indexes, triggers. */
#include "measure/probe_comparison.h"

#include <string.h>

#include "base/banned.h"

/* A column of a table that is new, or is not filled by its default any more. */
static void
compare_required(const struct probe_comparison *comparison, const struct probe_column *column)
{
	const struct probe_column *start = probe_comparison_column(comparison->start, column);
	const struct probe_column *before = probe_comparison_column(comparison->before, column);
	struct effects_change *change;

	if (!column->required || column->dropped || (before && before->required) || (start && !start->filled))
		return;
	change = probe_comparison_add(comparison, column->table, EFFECTS_REQUIRED, column->name);
	if (change)
		change->oid = (unsigned) column->number;
}

/* An index that went with one of its columns was not dropped for itself. */
static void
compare_index(const struct probe_comparison *comparison, const struct probe_relation *index)
{
	if ((index->kind != 'i' && index->kind != 'I') || index->constraint
		|| !probe_relation(comparison->start, index->oid) || probe_relation(comparison->after, index->oid)
		|| !probe_relation(comparison->after, index->table) || probe_comparison_has_index(comparison->after, index)
		|| probe_comparison_drops_column(comparison, index->table))
		return;
	probe_comparison_add(comparison, index->table, EFFECTS_INDEX_DROPPED, index->name);
}

/* A constraint has several triggers. */
static void
add_disabled(const struct probe_comparison *comparison, unsigned table, const char *name)
{
	const struct effects_table *touched = probe_comparison_touch(comparison, table);

	for (size_t i = 0; touched && i < touched->change_count; i++)
		if (touched->changes[i].kind == EFFECTS_DISABLED && strcmp(touched->changes[i].name, name) == 0)
			return;
	probe_comparison_add(comparison, table, EFFECTS_DISABLED, name);
}

static void
compare_disabled(const struct probe_comparison *comparison)
{
	const struct probe *before = comparison->before;
	const struct probe *after = comparison->after;

	for (size_t i = 0; i < after->trigger_count; i++)
		for (size_t k = 0; after->triggers[i].disabled && k < before->trigger_count; k++)
			if (before->triggers[k].oid == after->triggers[i].oid && !before->triggers[k].disabled)
				add_disabled(comparison, after->triggers[i].table, after->triggers[i].name);
	/* NOT ENFORCED. */
	for (size_t i = 0; i < after->constraint_count; i++) {
		const struct probe_constraint *old = probe_constraint(before, after->constraints[i].oid);

		if (old && old->validated && !after->constraints[i].validated)
			add_disabled(comparison, old->table, old->name);
	}
}

/* Statements of other software are replaced, or see no rows. */
static void
compare_blocks(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->block_count; i++) {
		const struct probe_block *block = &comparison->after->blocks[i];
		bool		old = probe_blocks(comparison->before, block->oid) || probe_blocks(comparison->start, block->oid);
		struct effects_change *change = old ? NULL
			: probe_comparison_add(comparison, block->table, EFFECTS_BLOCKED, block->name);

		if (change)
			change->oid = block->oid;
	}
}

void
probe_comparison_more(const struct probe_comparison *comparison)
{
	for (size_t i = 0; i < comparison->after->column_count; i++)
		compare_required(comparison, &comparison->after->columns[i]);
	for (size_t i = 0; i < comparison->before->relation_count; i++)
		compare_index(comparison, &comparison->before->relations[i]);
	compare_disabled(comparison);
	compare_blocks(comparison);
}
