/* The order of moves. */
#include "difference/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/repair_create.h"

#include "base/banned.h"

/* The table that a foreign key refers to, if only this side has it; NULL: it does not. */
static const struct fact *
new_referred(const struct side *side, const struct side *other, const struct fact *constraint)
{
	const char *referred = constraint->kind == FACT_CONSTRAINT ? compare_referred(constraint) : NULL;
	char	   *name = referred ? mem_copy(referred, compare_name_length(referred)) : NULL;
	const struct fact *table = name && !fact_find(&other->facts, FACT_TABLE, name)
		? fact_find(&side->facts, FACT_TABLE, name) : NULL;

	mem_free(name);
	return table;
}

/* Do foreign keys between tables that only this side has lead from one to the other? Those in `seen` were tried. */
static bool
leads(const struct side *side, const struct side *other, const struct fact *from, const struct fact *to, bool *seen)
{
	bool		found = from == to;

	seen[from - side->facts.facts] = true;
	for (size_t i = 0; i < side->facts.count && !found; i++) {
		const struct fact *fact = &side->facts.facts[i];
		const struct fact *next = fact->kind == FACT_CONSTRAINT && side_is_part(fact, from)
			? new_referred(side, other, fact) : NULL;

		found = next && !seen[next - side->facts.facts] && leads(side, other, next, to, seen);
	}
	return found;
}

bool
order_is_mutual(const struct side *side, const struct side *other, const struct fact *constraint)
{
	const struct fact *referred = new_referred(side, other, constraint);
	char	   *name = referred ? mem_copy(constraint->name, fact_parent(constraint)) : NULL;
	const struct fact *table = name ? fact_find(&side->facts, FACT_TABLE, name) : NULL;
	bool	   *seen = table && table != referred ? mem_alloc(side->facts.count + 1) : NULL;
	bool		mutual = seen && leads(side, other, referred, table, seen);

	mem_free(seen);
	mem_free(name);
	return mutual;
}

/* Is it a part of a type that only this side has, and the name of another one: its fact; or else NULL. */
static const struct fact *
new_type(const struct side *side, const struct side *other, const struct fact *part, const char *label)
{
	char	   *name = fact_value(part, label);
	const struct fact *type;

	if (!name)
		return NULL;
	name[strcspn(name, "[")] = '\0';
	type = fact_find(&other->facts, FACT_TYPE, name) ? NULL : fact_find(&side->facts, FACT_TYPE, name);
	mem_free(name);
	return type;
}

int
order_type_depth(const struct side *side, const struct side *other, const struct fact *type, int most)
{
	int			depth = 0;

	for (size_t i = 0; i < side->facts.count && most > 0; i++) {
		const struct fact *fact = &side->facts.facts[i];
		const struct fact *before = fact == type ? new_type(side, other, fact, "base type")
			: fact->kind == FACT_ATTRIBUTE && side_is_part(fact, type) ? new_type(side, other, fact, "type") : NULL;

		if (before && before != type) {
			int			deeper = 1 + order_type_depth(side, other, before, most - 1);

			depth = deeper > depth ? deeper : depth;
		}
	}
	return depth;
}

bool
order_is_late(const struct side *side, const struct side *other, const struct fact *function)
{
	const struct side_text *text = side_text(side, function);
	bool		checked = text && strstr(text->text, "\n LANGUAGE sql");

	for (size_t i = 0; i < side->facts.count; i++) {
		const struct fact *fact = &side->facts.facts[i];
		bool		relation = fact->kind == FACT_TABLE || fact->kind == FACT_VIEW
			|| fact->kind == FACT_MATERIALIZED_VIEW;

		if ((relation || (fact->kind == FACT_COLUMN && checked)) && !fact_find(&other->facts, fact->kind, fact->name)
			&& (destructive_names(function->definition, compare_name(fact))
				|| destructive_names(function->name, compare_name(fact))
				|| (checked && destructive_names(text->text, compare_name(fact)))))
			return true;
	}
	return false;
}

int
order_depth(const struct side *side, const struct side *other, const struct fact *table, int most)
{
	int			depth = 0;

	for (size_t i = 0; i < side->facts.count && most > 0; i++) {
		const struct fact *fact = &side->facts.facts[i];
		const char *name = fact->kind == FACT_CONSTRAINT && side_is_part(fact, table)
			&& !order_is_mutual(side, other, fact) ? compare_referred(fact) : NULL;
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
