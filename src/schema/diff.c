/* Compare two schemas. */
#include "schema/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/catalog.h"

#include "base/banned.h"

/* Keys of facts. Zero is an empty set. */
struct diff_key_set {
	size_t		count;
	char	  **keys;			/* sorted once key_set_sort has been called */
};

static int
compare_keys(const void *left, const void *right)
{
	return strcmp(*(char *const *) left, *(char *const *) right);
}

static void
key_set_add(struct diff_key_set *set, const struct catalog_fact *fact)
{
	set->keys = mem_grow(set->keys, set->count + 1, sizeof(*set->keys));
	set->keys[set->count++] = catalog_key(fact);
}

static void
key_set_sort(struct diff_key_set *set)
{
	if (set->count > 0)
		qsort(set->keys, set->count, sizeof(*set->keys), compare_keys);
}

/* Is the fact a part of the object with this key? */
static bool
is_part_of(const struct catalog_fact *fact, const char *key)
{
	size_t		length = strlen(fact->group);
	const char *group = key + strcspn(key, "\t") + 1;	/* every key has a tab */

	/* A partition is a part of its table, a sequence of the column that owns it. */
	if (length == 0)
		return fact->kind == FACT_TABLE || fact->kind == FACT_SEQUENCE;
	if (*group == '\t')
		return strcmp(group + 1, fact->group) == 0;
	return strncmp(group, fact->group, length) == 0 && group[length] == '\t';
}

/* Does the set contain a key that the fact needs? `as_part`: only of an object that the fact is a part of. */
static bool
find_need(const struct diff_key_set *set, const struct catalog_fact *fact, bool as_part)
{
	bool		found = false;

	for (const char *at = fact->needs; *at && set->count > 0 && !found;) {
		size_t		length = strcspn(at, "\n");
		char	   *key = mem_copy(at, length);

		found = bsearch(&key, set->keys, set->count, sizeof(*set->keys), compare_keys)
			&& (!as_part || is_part_of(fact, key));
		mem_free(key);
		at += at[length] ? length + 1 : length;
	}
	return found;
}

static bool
key_set_needed(const struct diff_key_set *set, const struct catalog_fact *fact)
{
	return find_need(set, fact, false);
}

static bool
key_set_whole(const struct diff_key_set *set, const struct catalog_fact *fact)
{
	return find_need(set, fact, true);
}

static void
key_set_clear(struct diff_key_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		mem_free(set->keys[i]);
	mem_free(set->keys);
	*set = (struct diff_key_set) {0};
}

/* Two facts with the same key, or one without a counterpart. */
struct diff_pair {
	const struct catalog_fact *is;
	const struct catalog_fact *should;
};

struct diff_comparison {
	struct diff *diff;
	enum diff_scope scope;
	const struct catalog *should;
	struct diff_key_set missing;
	struct diff_key_set extra;
	size_t		pair_count;
	struct diff_pair *pairs;
};

static void
pair_up(struct diff_comparison *comparison, const struct catalog *is, const struct catalog *should)
{
	size_t		i = 0;
	size_t		k = 0;

	comparison->pairs = mem_alloc((is->count + should->count) * sizeof(*comparison->pairs));
	while (i < is->count || k < should->count) {
		int			order = i == is->count ? 1 : k == should->count ? -1
			: catalog_order(&is->facts[i], &should->facts[k]);
		struct diff_pair *pair = &comparison->pairs[comparison->pair_count++];

		if (order <= 0)
			pair->is = &is->facts[i++];
		if (order >= 0)
			pair->should = &should->facts[k++];
	}
}

/* Collect the keys of facts on one side only. */
static void
find_keys(struct diff_comparison *comparison)
{
	for (size_t i = 0; i < comparison->pair_count; i++) {
		const struct diff_pair *pair = &comparison->pairs[i];

		if (pair->should && !pair->is)
			key_set_add(&comparison->missing, pair->should);
		else if (pair->is && !pair->should)
			key_set_add(&comparison->extra, pair->is);
	}
	key_set_sort(&comparison->missing);
	key_set_sort(&comparison->extra);
}

static void
add(struct diff *diff, struct diff_item difference)
{
	diff->items = mem_grow(diff->items, diff->count + 1, sizeof(*diff->items));
	diff->items[diff->count++] = difference;
	diff->notes += difference.note;
}

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
same_values(const struct catalog_fact *a, const struct catalog_fact *b)
{
	for (int i = 0; i < FACT_PROPERTIES; i++)
		if (!same(a->values[i], b->values[i]))
			return false;
	return true;
}

/* Privileges of roles that no migration names are not compared. */
static bool
is_grantee(const struct catalog *should, const char *name)
{
	for (size_t i = should->count; i > 0 && should->facts[i - 1].kind == FACT_PRIVILEGE; i--)
		if (strcmp(should->facts[i - 1].name, name) == 0)
			return true;
	return false;
}

static bool
in_scope(const struct diff_comparison *comparison, const struct diff_pair *pair)
{
	const struct catalog_fact *fact = pair->is ? pair->is : pair->should;

	/* claim_renamed has emptied the pair. */
	if (!fact)
		return false;
	if (fact->kind != FACT_PRIVILEGE)
		return true;
	return comparison->scope == DIFF_ALL && (pair->should || is_grantee(comparison->should, fact->name));
}

static bool
has_name_of_its_own(const struct catalog_fact *fact)
{
	return fact->kind == FACT_INDEX || fact->kind == FACT_CONSTRAINT;
}

/* Find a fact that is the same but for the name. Its own pair is emptied. */
static const struct catalog_fact *
claim_renamed(struct diff_comparison *comparison, const struct catalog_fact *should)
{
	for (size_t i = 0; i < comparison->pair_count; i++) {
		struct diff_pair *pair = &comparison->pairs[i];

		if (pair->is && !pair->should && pair->is->kind == should->kind && strcmp(pair->is->group, should->group) == 0
			&& same_values(pair->is, should)) {
			const struct catalog_fact *is = pair->is;

			pair->is = NULL;
			return is;
		}
	}
	return NULL;
}

/* An object with another name is neither missing nor extra, also for the facts that need it. */
static void
pair_renamed(struct diff_comparison *comparison)
{
	for (size_t i = 0; i < comparison->pair_count; i++) {
		struct diff_pair *pair = &comparison->pairs[i];

		if (!pair->should || pair->is || !has_name_of_its_own(pair->should))
			continue;
		pair->is = claim_renamed(comparison, pair->should);
		if (pair->is)
			add(comparison->diff, (struct diff_item) {.kind = DIFF_RENAMED,.is = pair->is,.should = pair->should,
				.note = pair->is->kind == FACT_INDEX
			});
	}
}

static void
add_missing(struct diff *diff, const struct catalog_fact *should)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): it holds pointers */
	diff->missing = mem_grow(diff->missing, diff->missing_count + 1, sizeof(*diff->missing));
	diff->missing[diff->missing_count++] = should;
}

static void
compare_missing(struct diff_comparison *comparison, const struct catalog_fact *should)
{
	add_missing(comparison->diff, should);
	if (key_set_needed(&comparison->missing, should))
		comparison->diff->implied++;
	else
		add(comparison->diff, (struct diff_item) {.kind = DIFF_MISSING,.should = should});
}

/* A trigger that calls an extra function is listed too: it is in a table that is expected. */
static void
compare_extra(struct diff_comparison *comparison, const struct catalog_fact *is)
{
	if (key_set_whole(&comparison->extra, is))
		comparison->diff->implied++;
	else
		add(comparison->diff, (struct diff_item) {.kind = DIFF_EXTRA,.is = is});
}

/* Can the value of a property differ only because another object is missing, as the columns of an index? */
static bool
can_follow(const char *property)
{
	static const char *const properties[] = {"type", "default", "definition", "owned by"};

	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (strcmp(property, properties[i]) == 0)
			return true;
	return false;
}

/* If a column owns a sequence, the owner of the sequence follows from the table. */
static bool
is_compared(const struct diff_comparison *comparison, const struct diff_pair *pair, int i)
{
	const char *property = catalog_property(pair->is->kind, i);

	if (strcmp(property, "owner") == 0)
		return comparison->scope == DIFF_ALL && pair->is->values[i] && pair->should->values[i];
	return !can_follow(property) || !key_set_needed(&comparison->missing, pair->should);
}

static void
compare_values(struct diff_comparison *comparison, const struct diff_pair *pair)
{
	for (int i = 0; i < FACT_PROPERTIES; i++)
		if (!same(pair->is->values[i], pair->should->values[i]) && is_compared(comparison, pair, i))
			add(comparison->diff, (struct diff_item) {.kind = DIFF_CHANGED,.is = pair->is,.should = pair->should,
				.property = i
			});
}

static int
compare_positions(const void *left, const void *right)
{
	const struct catalog_fact *a = ((const struct diff_pair *) left)->should;
	const struct catalog_fact *b = ((const struct diff_pair *) right)->should;

	return (a->position > b->position) - (a->position < b->position);
}

/* Compare the order of the columns of one table, or of the labels of one type, that are on both sides. */
static void
compare_order(struct diff_comparison *comparison, size_t first, size_t end)
{
	struct diff_pair *both = mem_alloc((end - first) * sizeof(*both));
	size_t		count = 0;

	for (size_t i = first; i < end; i++)
		if (comparison->pairs[i].is && comparison->pairs[i].should)
			both[count++] = comparison->pairs[i];
	if (count > 1)
		qsort(both, count, sizeof(*both), compare_positions);
	for (size_t i = 1; i < count; i++)
		if (both[i].is->position < both[i - 1].is->position) {
			add(comparison->diff, (struct diff_item) {.kind = DIFF_ORDER,.note = true,.is = both[i].is,
				.should = both[i].should
			});
			break;
		}
	mem_free(both);
}

static void
compare_orders(struct diff_comparison *comparison)
{
	for (size_t first = 0, end; first < comparison->pair_count; first = end) {
		const struct diff_pair *pair = &comparison->pairs[first];
		const struct catalog_fact *fact = pair->is ? pair->is : pair->should;

		for (end = first + 1; end < comparison->pair_count; end++) {
			const struct diff_pair *next = &comparison->pairs[end];
			const struct catalog_fact *other = next->is ? next->is : next->should;

			if (other->kind != fact->kind || strcmp(other->group, fact->group) != 0)
				break;
		}
		if (fact->kind == FACT_COLUMN || fact->kind == FACT_LABEL)
			compare_order(comparison, first, end);
	}
}

static int
compare_differences(const void *left, const void *right)
{
	const struct diff_item *a = left;
	const struct diff_item *b = right;
	int			order = strcmp(diff_group(a), diff_group(b));

	if (order == 0)
		order = (a->note > b->note) - (a->note < b->note);
	if (order == 0)
		order = catalog_order(a->is ? a->is : a->should, b->is ? b->is : b->should);
	return order ? order : a->property - b->property;
}

void
diff_compare(struct diff *diff, const struct catalog *is, const struct catalog *should, enum diff_scope scope)
{
	struct diff_comparison comparison = {.diff = diff,.scope = scope,.should = should};

	*diff = (struct diff) {0};
	pair_up(&comparison, is, should);
	compare_orders(&comparison);
	pair_renamed(&comparison);
	find_keys(&comparison);
	for (size_t i = 0; i < comparison.pair_count; i++) {
		const struct diff_pair *pair = &comparison.pairs[i];

		if (!in_scope(&comparison, pair))
			continue;
		if (pair->is && pair->should)
			compare_values(&comparison, pair);
		else if (pair->should)
			compare_missing(&comparison, pair->should);
		else
			compare_extra(&comparison, pair->is);
	}
	if (diff->count > 0)
		qsort(diff->items, diff->count, sizeof(*diff->items), compare_differences);
	key_set_clear(&comparison.missing);
	key_set_clear(&comparison.extra);
	mem_free(comparison.pairs);
}

static bool
is_extra_label(const struct diff_item *difference)
{
	return difference->kind == DIFF_EXTRA && difference->is->kind == FACT_LABEL && !difference->note;
}

bool
diff_has_extra_labels(const struct diff *diff)
{
	for (size_t i = 0; i < diff->count; i++)
		if (is_extra_label(&diff->items[i]))
			return true;
	return false;
}

static int
compare_facts(const void *left, const void *right)
{
	return catalog_order(left, right);
}

void
diff_excuse_labels(struct diff *diff, const struct catalog *later)
{
	for (size_t i = 0; i < diff->count; i++) {
		struct diff_item *difference = &diff->items[i];

		if (is_extra_label(difference) && later->count > 0
			&& bsearch(difference->is, later->facts, later->count, sizeof(*later->facts), compare_facts)) {
			difference->note = true;
			diff->notes++;
		}
	}
}

void
diff_clear(struct diff *diff)
{
	mem_free(diff->items);
	mem_free(diff->missing);
	*diff = (struct diff) {0};
}
