/* The state of the database at a moment. */
#include "measure/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

const struct probe_relation *
probe_relation(const struct probe *probe, unsigned oid)
{
	for (size_t i = 0; i < probe->relation_count; i++)
		if (probe->relations[i].oid == oid)
			return &probe->relations[i];
	return NULL;
}

const struct probe_constraint *
probe_constraint(const struct probe *probe, unsigned oid)
{
	for (size_t i = 0; i < probe->constraint_count; i++)
		if (probe->constraints[i].oid == oid)
			return &probe->constraints[i];
	return NULL;
}

bool
probe_blocks(const struct probe *probe, unsigned oid)
{
	for (size_t i = 0; i < probe->block_count; i++)
		if (probe->blocks[i].oid == oid)
			return true;
	return false;
}

void
probe_clear(struct probe *probe)
{
	mem_free(probe->relations);
	mem_free(probe->columns);
	mem_free(probe->constraints);
	mem_free(probe->triggers);
	mem_free(probe->blocks);
	mem_free(probe->objects);
	mem_free(probe->locks);
	mem_free(probe->notes);
	*probe = (struct probe) {0};
}

/* The tables that were read. */
struct probe_tables {
	size_t		count;
	unsigned   *oids;
};

static bool
has(const struct probe_tables *tables, unsigned oid)
{
	for (size_t i = 0; i < tables->count; i++)
		if (tables->oids[i] == oid)
			return true;
	return false;
}

static void
add(struct probe_tables *tables, unsigned oid)
{
	if (has(tables, oid))
		return;
	tables->oids = mem_grow(tables->oids, tables->count + 1, sizeof(*tables->oids));
	tables->oids[tables->count++] = oid;
}

/* Items begin with their table, and the oid or number is next. */
static int
compare_items(const void *one, const void *other)
{
	const unsigned *a = one;
	const unsigned *b = other;

	return a[0] != b[0] ? (a[0] > b[0]) - (a[0] < b[0]) : (a[1] > b[1]) - (a[1] < b[1]);
}

/* Append the items of other tables to the list of `count` items of `size` bytes. */
static void *
complete(void *list, size_t *count, const struct probe_tables *tables, const void *before, size_t before_count,
		 size_t size)
{
	char	   *items = mem_grow(list, *count + before_count + 1, size);

	for (size_t i = 0; i < before_count; i++) {
		const char *item = (const char *) before + i * size;

		if (!has(tables, *(const unsigned *) (const void *) item))
			memcpy(items + (*count)++ * size, item, size);
	}
	if (*count > 0)
		qsort(items, *count, size, compare_items);
	return items;
}

void
probe_complete(struct probe *part, const struct probe *before)
{
	struct probe_tables tables = {0};

	/* A locked table may be gone. */
	for (size_t i = 0; i < part->lock_count; i++) {
		const struct probe_relation *relation = probe_relation(before, part->locks[i].relation);

		if (relation)
			add(&tables, relation->table);
	}
	for (size_t i = 0; i < part->relation_count; i++)
		add(&tables, part->relations[i].table);
	part->relations = complete(part->relations, &part->relation_count, &tables, before->relations,
							   before->relation_count, sizeof(*part->relations));
	part->columns = complete(part->columns, &part->column_count, &tables, before->columns, before->column_count,
							 sizeof(*part->columns));
	part->constraints = complete(part->constraints, &part->constraint_count, &tables, before->constraints,
								 before->constraint_count, sizeof(*part->constraints));
	part->triggers = complete(part->triggers, &part->trigger_count, &tables, before->triggers, before->trigger_count,
							  sizeof(*part->triggers));
	part->blocks = complete(part->blocks, &part->block_count, &tables, before->blocks, before->block_count,
							sizeof(*part->blocks));
	if (!part->lists_objects) {
		part->objects = complete(part->objects, &part->object_count, &(struct probe_tables) {0}, before->objects,
								 before->object_count, sizeof(*part->objects));
		part->lists_objects = true;
	}
	mem_free(tables.oids);
}
