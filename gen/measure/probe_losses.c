/* The objects that a statement drops or renames, besides tables and columns. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "measure/probe_comparison.h"

#include "base/banned.h"

/* With CASCADE a statement takes objects along that it does not name. */
static bool
is_along(const char *sql, const char *name)
{
	return destructive_names(sql, "cascade") && !destructive_names(sql, name);
}

static void
add_loss(struct effects_statement *statement, struct effects_loss loss)
{
	statement->losses = mem_grow(statement->losses, statement->loss_count + 1, sizeof(*statement->losses));
	statement->losses[statement->loss_count++] = loss;
}

static const struct probe_object *
find_object(const struct probe *probe, unsigned class, unsigned oid)
{
	for (size_t i = 0; i < probe->object_count; i++)
		if (probe->objects[i].class == class && probe->objects[i].oid == oid)
			return &probe->objects[i];
	return NULL;
}

/* Have they one name? A function may have got other arguments. */
static bool
is_same_name(const char *one, const char *other)
{
	size_t		length = strcspn(one, "(");

	return length == strcspn(other, "(") && strncmp(one, other, length) == 0;
}

/* Is the object gone, or has it another name? A label goes with its type, or is renamed. */
static bool
is_lost(const struct probe_object *object, const struct probe *after)
{
	const struct probe_object *now = find_object(after, object->class, object->oid);

	if (strcmp(object->kind, "enum value") == 0)
		return now && strcmp(object->name, now->name) != 0;
	return !now || !is_same_name(object->identity, now->identity);
}

/* A constraint of a table that stays, and that does not lose a column. */
static void
compare_constraint(const struct probe_comparison *comparison, const struct probe_constraint *constraint,
				   const char *sql)
{
	const struct probe_relation *table = probe_relation(comparison->after, constraint->table);

	if (table && probe_constraint(comparison->start, constraint->oid)
		&& !probe_constraint(comparison->after, constraint->oid)
		&& !probe_comparison_has_constraint(comparison->after, constraint)
		&& !probe_comparison_drops_column(comparison, constraint->table) && is_along(sql, constraint->name))
		add_loss(comparison->statement, (struct effects_loss) {
			.object = mem_format("constraint %s.%s", effects_shown(table->name), constraint->name),.along = true
		});
}

static bool
has_trigger(const struct probe *probe, unsigned oid)
{
	for (size_t i = 0; i < probe->trigger_count; i++)
		if (probe->triggers[i].oid == oid)
			return true;
	return false;
}

static void
compare_trigger(const struct probe_comparison *comparison, const struct probe_trigger *trigger, const char *sql)
{
	const struct probe_relation *table = probe_relation(comparison->after, trigger->table);

	if (table && !trigger->internal && has_trigger(comparison->start, trigger->oid)
		&& !has_trigger(comparison->after, trigger->oid)
		&& !probe_comparison_drops_column(comparison, trigger->table) && is_along(sql, trigger->name))
		add_loss(comparison->statement, (struct effects_loss) {
			.object = mem_format("trigger %s.%s", effects_shown(table->name), trigger->name),.along = true
		});
}

/* Those named first. Their numbers differ from server to server. */
static int
compare_losses(const void *one, const void *other)
{
	const struct effects_loss *a = one;
	const struct effects_loss *b = other;

	return a->along != b->along ? a->along - b->along : strcmp(a->object, b->object);
}

void
probe_find_losses(struct effects_statement *statement, const struct probe *start, const struct probe *before,
				  const struct probe *after, const char *sql)
{
	const struct probe_comparison comparison = {.statement = statement,.start = start,.before = before,.after = after};

	for (size_t i = 0; i < before->object_count; i++) {
		const struct probe_object *object = &before->objects[i];

		if (find_object(start, object->class, object->oid) && is_lost(object, after))
			add_loss(statement, (struct effects_loss) {
				.object = mem_format("%s %s", object->kind, effects_shown(object->identity)),
				.along = is_along(sql, object->name),.class = object->class,.oid = object->oid
			});
	}
	for (size_t i = 0; i < before->constraint_count; i++)
		compare_constraint(&comparison, &before->constraints[i], sql);
	for (size_t i = 0; i < before->trigger_count; i++)
		compare_trigger(&comparison, &before->triggers[i], sql);
	if (statement->loss_count > 1)
		qsort(statement->losses, statement->loss_count, sizeof(*statement->losses), compare_losses);
}

/* --- the end --- */

/* Has the object been given that name by the migration? */
static bool
takes_name(const struct probe_object *object, const struct probe_object *old, const struct probe *start)
{
	const struct probe_object *before = find_object(start, object->class, object->oid);

	return object->class == old->class && is_same_name(object->identity, old->identity)
		&& (!before || before == old || !is_same_name(before->identity, old->identity));
}

/* Has another object, or a table, the name of the old one at the end, or that one again? */
static bool
is_replaced(const struct effects_loss *loss, const struct probe *start, const struct probe *end)
{
	const struct probe_object *old = loss->oid ? find_object(start, loss->class, loss->oid) : NULL;

	for (size_t i = 0; old && i < end->object_count; i++)
		if (takes_name(&end->objects[i], old, start))
			return true;
	for (size_t i = 0; old && i < end->relation_count; i++)
		if (strcmp(end->relations[i].name, old->identity) == 0)
			return true;
	return false;
}

static void
keep_losses(struct effects_statement *statement, const struct probe *start, const struct probe *end)
{
	size_t		kept = 0;

	for (size_t i = 0; i < statement->loss_count; i++)
		if (is_replaced(&statement->losses[i], start, end))
			mem_free(statement->losses[i].object);
		else
			statement->losses[kept++] = statement->losses[i];
	statement->loss_count = kept;
}

static void
keep_changes(struct effects_table *table, const struct probe *end)
{
	size_t		kept = 0;

	for (size_t i = 0; i < table->change_count; i++) {
		struct effects_change *change = &table->changes[i];
		const struct probe_column *column = probe_comparison_column(end, &(struct probe_column) {
			.table = table->oid,.number = (int) change->oid
		});

		if ((change->kind == EFFECTS_REQUIRED && (!column || column->dropped || !column->required))
			|| (change->kind == EFFECTS_BLOCKED && !probe_blocks(end, change->oid)))
			mem_free(change->name);
		else
			table->changes[kept++] = *change;
	}
	table->change_count = kept;
}

void
probe_keep_lasting(struct effects *effects, const struct probe *start, const struct probe *end)
{
	for (size_t i = 0; i < effects->count; i++) {
		keep_losses(&effects->statements[i], start, end);
		for (size_t k = 0; k < effects->statements[i].table_count; k++)
			keep_changes(&effects->statements[i].tables[k], end);
	}
}
