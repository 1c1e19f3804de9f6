/* Differences that have one cause. */
#include "schema/compare_settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "schema/compare.h"
#include "schema/fact.h"

#include "base/banned.h"

/* --- owners --- */

static bool
is_owner(const struct compare_item *item)
{
	return item->kind == COMPARE_CHANGED && !item->note && strcmp(item->label, "owner") == 0;
}

/* The role that owns all tables of the version, of which there are several; false: there is none. */
static bool
find_owner(const struct compare_pairs *pairs, struct fact_property *owner)
{
	size_t		count = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		const struct compare_pair *pair = &pairs->pairs[i];
		struct fact_property other;

		if (pair->kind != FACT_TABLE || !pair->is || !pair->should || pair->ignore)
			continue;
		if (!fact_property(pair->is, "owner", &other))
			return false;
		if (count++ == 0)
			*owner = other;
		else if (owner->value_length != other.value_length
				 || memcmp(owner->value, other.value, owner->value_length) != 0)
			return false;
	}
	return count > 1;
}

bool
compare_is_superuser(const struct live *live, const char *role)
{
	return live->superuser_count > 0
		&& bsearch(&role, live->superusers, live->superuser_count, sizeof(*live->superusers), text_compare);
}

/*
 * If one role owns all tables, the database should be its, too. A superuser is none that should own it: what has been
 * restored by one gets the database's owner.
 */
static void
settle_owner(struct comparison *comparison, const struct compare_pairs *pairs, const struct compare_sides *sides)
{
	const char *database_owner = sides->live->owner;
	struct fact_property owner = {0};
	struct compare_item item = {.kind = COMPARE_CHANGED,.group = "",.label = "owner",.is_value = database_owner};
	size_t		kept = 0;
	struct fact *database;
	char	   *name;

	if (!find_owner(pairs, &owner))
		return;
	name = fact_unescape(owner.value, owner.value_length);
	item.should_value = arena_string(&comparison->arena, name);
	mem_free(name);
	if (compare_is_superuser(sides->live, item.should_value) && !compare_is_superuser(sides->live, database_owner))
		return;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_item *other = &comparison->items[i];

		if (is_owner(other) && strcmp(other->is_value, item.should_value) == 0
			&& strcmp(other->should_value, database_owner) == 0) {
			item.version = other->version;
			item.objects++;
		} else
			comparison->items[kept++] = *other;
	}
	if (item.objects == 0)
		return;
	database = arena_alloc(&comparison->arena, sizeof(*database));
	*database = (struct fact) {FACT_DATABASE, "", ""};
	item.is = database;
	item.why = sides->database;
	comparison->items[kept++] = item;
	comparison->count = kept;
	comparison->implied += item.objects;
}

/* --- what may have been renamed --- */

/* Is an extra label or column one that a later version adds? What replaces the missing one there may be it, renamed. */
static bool
is_of_later(const struct fact *extra, const struct compare_item *missing, const struct fact_history *known)
{
	for (size_t i = 0; i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];

		if (run->kind == extra->kind && run->from > missing->version && run->from != missing->until
			&& strcmp(run->name, extra->name) == 0)
			return true;
	}
	return false;
}

/* Does a later migration add the label or column where it is missing? */
static bool
is_ensured(const struct compare_item *missing, const struct fact_history *known)
{
	for (size_t i = 0; i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];

		if (claim->kind == FACT_ENSURES && !claim->down && claim->version > missing->version
			&& claim->fact.kind == missing->should->kind && strcmp(claim->fact.name, missing->should->name) == 0)
			return true;
	}
	return false;
}

static bool
same_property(const struct fact *one, const struct fact *other, const char *label)
{
	char	   *values[] = {fact_value(one, label), fact_value(other, label)};
	bool		same = values[0] && values[1] ? strcmp(values[0], values[1]) == 0 : values[0] == values[1];

	mem_free(values[0]);
	mem_free(values[1]);
	return same;
}

/* The column that comes next in the table of a live one; NULL: it is the last one. */
static const struct compare_pair *
next_column(const struct compare_pairs *pairs, const struct fact *column)
{
	for (size_t i = compare_pairs_from(pairs, FACT_COLUMN, column->name, fact_parent(column)); i < pairs->count; i++) {
		const struct compare_pair *pair = &pairs->pairs[i];
		char	   *before;
		bool		next;

		if (pair->kind != FACT_COLUMN || strncmp(pair->name, column->name, fact_parent(column) + 1) != 0)
			break;
		before = pair->is ? fact_value(pair->is, "after") : NULL;
		next = before && strcmp(before, compare_name(column)) == 0;
		mem_free(before);
		if (next)
			return pair;
	}
	return NULL;
}

/*
 * Is an extra column where the missing one was? What is added comes last in its table: so it is, if the version has one
 * of those after it, or if both are the last one.
 */
static bool
is_in_its_place(const struct compare_pairs *pairs, const struct fact *extra, const struct fact *missing)
{
	const struct compare_pair *next = next_column(pairs, extra);

	while (next && !next->should)
		next = next_column(pairs, next->is);
	return next || same_property(extra, missing, "after");
}

static bool
may_be(const struct compare_item *extra, const struct compare_item *missing, const struct compare_pairs *pairs,
	   const struct fact_history *known)
{
	return extra->kind == COMPARE_EXTRA && extra->is && extra->is->kind == missing->should->kind && !extra->note
		&& strcmp(extra->group, missing->group) == 0 && !is_of_later(extra->is, missing, known)
		&& (extra->is->kind == FACT_LABEL || (same_property(extra->is, missing->should, "type")
											  && is_in_its_place(pairs, extra->is, missing->should)));
}

static void
settle_renamed(struct comparison *comparison, const struct compare_pairs *pairs, const struct fact_history *known)
{
	for (size_t i = 0; i < comparison->count; i++) {
		struct compare_item *missing = &comparison->items[i];

		if (missing->kind != COMPARE_MISSING || is_ensured(missing, known)
			|| (missing->should->kind != FACT_LABEL && missing->should->kind != FACT_COLUMN))
			continue;
		for (size_t k = 0; k < comparison->count; k++)
			if (may_be(&comparison->items[k], missing, pairs, known)) {
				missing->withheld = true;
				missing->renamed = comparison->items[k].is;
			}
	}
}

void
compare_settle(struct comparison *comparison, const struct compare_pairs *pairs, const struct compare_sides *sides)
{
	settle_owner(comparison, pairs, sides);
	settle_renamed(comparison, pairs, sides->history);
}
