/* Compare the order of the columns of a table, or of the labels of a type. */
#include "schema/compare_order.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_text.h"
#include "schema/fact.h"

#include "base/banned.h"

static size_t
parent_of(const struct compare_pair *pair)
{
	struct fact fact = {pair->kind, pair->name, ""};

	return fact_parent(&fact);
}

size_t
compare_order_end(const struct compare_pairs *pairs, size_t first)
{
	const struct compare_pair *pair = &pairs->pairs[first];
	size_t		parent = parent_of(pair);
	size_t		end = first + 1;

	if (pair->kind != FACT_COLUMN && pair->kind != FACT_LABEL && pair->kind != FACT_ATTRIBUTE)
		return end;
	while (end < pairs->count && pairs->pairs[end].kind == pair->kind && parent_of(&pairs->pairs[end]) == parent
		   && strncmp(pairs->pairs[end].name, pair->name, parent) == 0)
		end++;
	return end;
}

static bool
after(const struct compare_pair *pair, bool is, int server, struct fact_property *property)
{
	struct fact fact = {pair->kind, pair->name, ""};

	if (is ? !pair->is : !pair->should)
		return false;
	fact.definition = is ? pair->is->definition : compare_text_usual(pair->should, server)->definition;
	if (!fact_property(&fact, "after", property))
		*property = (struct fact_property) {"", 0, "", 0};
	return true;
}

static bool
same_value(const struct fact_property *a, const struct fact_property *b)
{
	return a->value_length == b->value_length && memcmp(a->value, b->value, a->value_length) == 0;
}

/* The indexes of the facts that both sides have, in the order of one side; their number. */
static size_t
walk(const struct compare_pair *pairs, size_t count, bool is, int server, size_t *order)
{
	struct fact_property *previous = mem_alloc(count * sizeof(*previous));
	bool	   *there = mem_alloc(count * sizeof(*there));
	struct fact_property last = {"", 0, "", 0};
	size_t		length = 0;
	size_t		steps = 0;

	for (size_t i = 0; i < count; i++)
		there[i] = after(&pairs[i], is, server, &previous[i]);
	for (size_t i = 0; i < count && steps <= count; i++)
		if (there[i] && same_value(&previous[i], &last)) {
			size_t		parent = parent_of(&pairs[i]);

			last.value = pairs[i].name + parent + 1;
			last.value_length = strlen(last.value);
			if (pairs[i].is && pairs[i].should)
				order[length++] = i;
			there[i] = false;
			steps++;
			i = (size_t) -1;
		}
	mem_free(there);
	mem_free(previous);
	return length;
}

bool
compare_order_differs(const struct compare_pairs *pairs, size_t first, size_t end, int server)
{
	const struct compare_pair *from = &pairs->pairs[first];
	size_t		count = end - first;
	struct fact_property a;
	struct fact_property b;
	bool		alike = true;
	size_t	   *order;
	bool		differs;

	if (count < 2 || from->ignore)
		return false;
	for (size_t i = 0; i < count && alike; i++)
		alike = !after(&from[i], true, server, &a) || !after(&from[i], false, server, &b) || same_value(&a, &b);
	if (alike)
		return false;
	order = mem_alloc(2 * count * sizeof(*order));
	differs = walk(from, count, true, server, order) == walk(from, count, false, server, order + count)
		&& memcmp(order, order + count, count * sizeof(*order)) != 0;
	mem_free(order);
	return differs;
}
