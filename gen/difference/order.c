#include "difference/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/repair_create.h"

#include "base/banned.h"

int
order_depth(const struct side *side, const struct side *other, const struct fact *table, int most)
{
	int			depth = 0;

	for (size_t i = 0; i < side->facts.count && most > 0; i++) {
		const struct fact *fact = &side->facts.facts[i];
		const char *name = fact->kind == FACT_CONSTRAINT && side_is_part(fact, table) ? compare_referred(fact) : NULL;
		struct fact_property parent;
		char	   *referred;
		const struct fact *before;

		if (fact == table && (fact_property(fact, "inherits", &parent) || fact_property(fact, "partition of", &parent)))
			name = parent.value;
		if (!name)
			continue;
		referred = mem_copy(name, compare_name_length(name));
		before = fact_find(&side->facts, FACT_TABLE, referred);
		if (before && before != table && !fact_find(&other->facts, FACT_TABLE, referred)) {
			int			deeper = 1 + order_depth(side, other, before, most - 1);

			depth = deeper > depth ? deeper : depth;
		}
		mem_free(referred);
	}
	return depth;
}

/* Is it a relation, or a constraint with an index of its name? These names are those of a schema. */
static bool
is_named_globally(const struct fact *fact)
{
	return fact->kind == FACT_INDEX || fact->kind == FACT_TABLE || fact->kind == FACT_VIEW
		|| fact->kind == FACT_MATERIALIZED_VIEW || fact->kind == FACT_SEQUENCE || fact->kind == FACT_TYPE
		|| (fact->kind == FACT_CONSTRAINT && strncmp(fact->definition, "FOREIGN", 7) != 0
			&& strncmp(fact->definition, "CHECK", 5) != 0);
}

bool
order_is_in_the_way(const struct sides *sides, const struct fact *table)
{
	for (size_t i = 0; i < sides->base.facts.count; i++) {
		const struct fact *part = &sides->base.facts.facts[i];

		if (!is_named_globally(part)
			|| !(part == table || side_is_part(part, table) || repair_belongs_to(part, table)))
			continue;
		for (size_t k = 0; k < sides->target.facts.count; k++) {
			const struct fact *fact = &sides->target.facts.facts[k];

			if (is_named_globally(fact) && strcmp(compare_name(fact), compare_name(part)) == 0)
				return true;
		}
	}
	return false;
}

static int
compare_moves(const void *left, const void *right)
{
	const struct move *a = left;
	const struct move *b = right;

	if (a->phase != b->phase)
		return a->phase < b->phase ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

void
order_sort(struct moves *moves)
{
	if (moves->count > 0)
		qsort(moves->items, moves->count, sizeof(*moves->items), compare_moves);
}
