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

/* All of the table or type of the first one; without one, only that. */
static void
append_table(char **text, const struct fact *first, const struct fact *end)
{
	size_t		parent = fact_parent(first);
	char	   *line = parent > 0 ? mem_format("%.*s: ", (int) parent, first->name) : mem_string("");

	for (const struct fact *fact = first; fact < end; fact++)
		if (fact == first || (parent > 0 && same_parent(fact, first))) {
			char	   *object = mem_format("%s%s %s", fact == first ? "" : ", ", fact_kind_word(fact->kind),
											fact->name + (parent > 0 ? parent + 1 : 0));

			mem_append(&line, "", object);
			mem_free(object);
		}
	mem_append(text, "\n", line);
	mem_free(line);
}

static char *
list(const struct fact_set *left, void (*append) (char **text, const struct fact *first, const struct fact *end))
{
	char	   *text = NULL;

	for (size_t i = 0; i < left->count; i++) {
		size_t		before = 0;

		while (before < i && !(fact_parent(&left->facts[i]) && same_parent(&left->facts[before], &left->facts[i])))
			before++;
		if (before == i)
			append(&text, &left->facts[i], left->facts + left->count);
	}
	return text;
}

static bool
is_claimed(const struct fact_history *facts, const struct fact *fact, int from, int to)
{
	for (size_t i = 0; i < facts->claim_count; i++) {
		const struct fact_claim *claim = &facts->claims[i];

		if (claim->kind == FACT_LEAVES && claim->version > to && claim->version <= from
			&& claim->fact.kind == fact->kind && strcmp(claim->fact.name, fact->name) == 0)
			return true;
	}
	return false;
}

/* Is it an object that one of these versions creates? Not the sequence of a column, which goes with that. */
static bool
is_created(const struct fact_history *facts, const struct fact *fact, int from, int to)
{
	struct fact_property owner;

	if (fact->kind == FACT_LABEL || fact->kind == FACT_PRIVILEGE || fact->kind == FACT_DEFAULT_PRIVILEGE
		|| fact_property(fact, "owned by", &owner) || fact_property(fact, "identity of", &owner))
		return false;
	for (size_t i = 0; i < facts->run_count; i++)
		if (facts->runs[i].from > to && facts->runs[i].from <= from && facts->runs[i].kind == fact->kind
			&& strcmp(facts->runs[i].name, fact->name) == 0)
			return true;
	return false;
}

char *
leftovers_text(const struct fact_history *facts, const struct fact_set *live, int from, int to,
			   enum leftovers_kind kind)
{
	struct fact_set target;
	struct fact_set left = {0};
	char	   *text;

	fact_history_at(&target, facts, to, FACT_SERVERS_ALL);
	for (size_t i = 0; kind != LEFTOVERS_EARLIER && i < facts->claim_count; i++) {
		const struct fact_claim *claim = &facts->claims[i];

		if (claim->kind == FACT_LEAVES && claim->version > to && claim->version <= from
			&& (claim->fact.kind == FACT_LABEL) == (kind == LEFTOVERS_LABELS) && is_left(&target, &claim->fact)
			&& !is_removed(facts, &claim->fact, claim->version, to)
			&& (!live || fact_find(live, claim->fact.kind, claim->fact.name)))
			fact_add(&left, claim->fact.kind, claim->fact.name, claim->fact.definition);
	}
	for (size_t i = 0; kind == LEFTOVERS_EARLIER && live && i < live->count; i++)
		if (is_left(&target, &live->facts[i]) && is_created(facts, &live->facts[i], from, to)
			&& !is_claimed(facts, &live->facts[i], from, to))
			fact_add(&left, live->facts[i].kind, live->facts[i].name, live->facts[i].definition);
	text = kind == LEFTOVERS_LABELS ? list(&left, append_type) : list(&left, append_table);
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
