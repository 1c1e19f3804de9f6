/* List what down migrations leave. */
#include "schema/leftovers.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

/* A column in another place, or an object with another property, is not left over. */
static bool
is_left(const struct fact_set *target, const struct fact *fact)
{
	char	   *parent = mem_copy(fact->name, fact_parent(fact));
	bool		there = !*parent || fact_container(target, parent);

	mem_free(parent);
	return there && !fact_find(target, fact->kind, fact->name);
}

/* Is what the down of version `from` leaves removed by one below it, down to that of `to` + 1, which runs later? */
static bool
is_removed(const struct fact_history *facts, const struct fact *fact, int from, int to)
{
	int			last = from;
	bool		removed = false;

	for (size_t i = 0; i < facts->down_count; i++) {
		const struct fact_down *down = &facts->downs[i];

		if (down->version <= to || down->version > last || down->version == from || fact_order(&down->fact, fact) != 0)
			continue;
		/* A fact that a statement changes is removed and added. */
		removed = !down->adds && (last != down->version || removed);
		last = down->version;
	}
	return removed;
}

static bool
same_parent(const struct fact *a, const struct fact *b)
{
	return fact_parent(a) == fact_parent(b) && memcmp(a->name, b->name, fact_parent(a)) == 0;
}

/* A label without the quotes of an identifier, unless there are others in it: a new string. */
static char *
plain_label(const struct fact *label)
{
	const char *name = label->name + fact_parent(label) + 1;
	const char *quote = *name == '"' ? strchr(name + 1, '"') : NULL;

	return quote && !quote[1] ? mem_copy(name + 1, (size_t) (quote - name) - 1) : mem_string(name);
}

/* All labels of the type of the first one, in the order of versions. */
static void
append_type(char **text, const struct fact *first, const struct fact *end)
{
	char	   *type = mem_format("%.*s: ", (int) fact_parent(first), first->name);

	mem_append(text, "; ", type);
	for (const struct fact *label = first; label < end; label++)
		if (same_parent(label, first)) {
			char	   *plain = plain_label(label);

			mem_append(text, label == first ? "" : ", ", plain);
			mem_free(plain);
		}
	mem_free(type);
}

static char *
list_labels(const struct fact_set *left)
{
	char	   *text = NULL;

	for (size_t i = 0; i < left->count; i++) {
		size_t		before = 0;

		while (before < i && !same_parent(&left->facts[before], &left->facts[i]))
			before++;
		if (before == i)
			append_type(&text, &left->facts[i], left->facts + left->count);
	}
	return text;
}

static char *
list_objects(const struct fact_set *left)
{
	char	   *text = NULL;

	for (size_t i = 0; i < left->count; i++) {
		char	   *object = mem_format("%s %s", fact_kind_word(left->facts[i].kind), left->facts[i].name);

		mem_append(&text, ", ", object);
		mem_free(object);
	}
	return text;
}

char *
leftovers_text(const struct fact_history *facts, int from, int to, bool labels)
{
	struct fact_set target;
	struct fact_set left = {0};
	char	   *text;

	fact_history_at(&target, facts, to, FACT_SERVERS_ALL);
	for (size_t i = 0; i < facts->claim_count; i++) {
		const struct fact_claim *claim = &facts->claims[i];

		if (claim->kind == FACT_LEAVES && claim->version > to && claim->version <= from
			&& (claim->fact.kind == FACT_LABEL) == labels && is_left(&target, &claim->fact)
			&& !is_removed(facts, &claim->fact, claim->version, to))
			fact_add(&left, claim->fact.kind, claim->fact.name, claim->fact.definition);
	}
	text = labels ? list_labels(&left) : list_objects(&left);
	fact_set_clear(&target);
	fact_set_clear(&left);
	return text;
}

bool
leftovers_replaced(const struct fact_history *facts, const struct fact_set *live, const struct fact *missing,
				   int version)
{
	bool		lacking = false;
	bool		replaced = false;

	if (missing->kind != FACT_INDEX && missing->kind != FACT_CONSTRAINT)
		return false;
	for (size_t i = 0; i < facts->claim_count; i++) {
		const struct fact_claim *claim = &facts->claims[i];
		const struct fact *fact;

		if (claim->version != version || claim->fact.kind != missing->kind || !same_parent(&claim->fact, missing))
			continue;
		lacking |= claim->kind == FACT_LACKS && strcmp(claim->fact.name, missing->name) == 0;
		if (claim->kind != FACT_LEAVES)
			continue;
		fact = fact_find(live, claim->fact.kind, claim->fact.name);
		if (!fact || !compare_text_same(fact, &claim->fact))
			return false;
		replaced = true;
	}
	return lacking && replaced;
}
