/* Carry the facts of a schema over the steps of a repair. */
#include "schema/repair_apply.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_create.h"
#include "schema/repair_names.h"

#include "base/banned.h"

static struct fact *
find(struct live *live, enum fact_kind kind, const char *name)
{
	for (size_t i = 0; i < live->facts.count; i++)
		if (live->facts.facts[i].kind == kind && strcmp(live->facts.facts[i].name, name) == 0)
			return &live->facts.facts[i];
	return NULL;
}

static void
take_away(struct live *live, enum fact_kind kind, const char *name)
{
	struct fact *fact = find(live, kind, name);
	size_t		after = fact ? live->facts.count - (size_t) (fact - live->facts.facts) - 1 : 0;

	if (!fact)
		return;
	memmove(fact, fact + 1, after * sizeof(*fact));
	live->facts.count--;
}

/* Add it, or give it this definition. */
static void
put(struct live *live, const struct fact *fact)
{
	struct fact *there = find(live, fact->kind, fact->name);

	if (there)
		there->definition = fact->definition;
	else
		fact_add(&live->facts, fact->kind, fact->name, fact->definition);
}

/* Is it the privilege of a role on this object? */
static bool
is_privilege_on(const struct fact *privilege, const struct fact *object)
{
	struct compare_object on;
	const char *role;

	return privilege->kind == FACT_PRIVILEGE && compare_privilege(privilege->name, &on, &role)
		&& on.kind == object->kind && on.length == strlen(object->name)
		&& memcmp(on.name, object->name, on.length) == 0;
}

/* Does `fact` come into being with `object`? grants.sql grants the privileges. */
static bool
comes_with(const struct fact *fact, const struct fact *object)
{
	bool		part = fact_is_part(fact, object->name);

	if (is_privilege_on(fact, object))
		return true;
	switch (object->kind) {
		case FACT_TABLE:
			return (part && repair_comes_with_table(fact)) || repair_belongs_to(fact, object);
		case FACT_COLUMN:
			return repair_belongs_to(fact, object);
		case FACT_TYPE:
			return part && fact->kind == FACT_LABEL;
		default:
			return false;
	}
}

static void
put_all(struct live *live, const struct compare_item *item, const struct compare_sides *sides)
{
	struct fact_set set;

	fact_history_at(&set, sides->history, item->version, fact_servers_of(live->server));
	for (size_t i = 0; i < set.count; i++) {
		const struct fact *fact = &set.facts[i];

		if (!comes_with(fact, item->should))
			continue;
		put(live, fact);
		/* Of the table's sequences. */
		for (size_t k = 0; fact->kind == FACT_SEQUENCE && k < set.count; k++)
			if (is_privilege_on(&set.facts[k], fact))
				put(live, &set.facts[k]);
	}
	fact_set_clear(&set);
}

/* Append a property as it is written in a definition. */
static void
append_property(char **text, enum fact_kind kind, const struct fact_property *property)
{
	const char *main_label = fact_main_label(kind);
	bool		labelled = !main_label || !fact_property_is(property, main_label);
	char	   *written = mem_format("%.*s%s%.*s", labelled ? (int) property->label_length : 0, property->label,
									 labelled && property->value_length > 0 ? ": " : "", (int) property->value_length,
									 property->value);

	mem_append(text, "\t", written);
	mem_free(written);
}

/* The property that differs becomes what it should be; the others stay. */
static void
change(struct live *live, const struct compare_item *item)
{
	struct fact *fact = item->is ? find(live, item->is->kind, item->is->name) : NULL;
	struct fact_property should;
	bool		has = fact_property(item->should, item->label, &should);
	char	   *text = NULL;
	struct fact_property property;

	if (!fact)
		return;
	for (const char *at = fact->definition; fact_next_property(fact, &at, &property);)
		if (!fact_property_is(&property, item->label))
			append_property(&text, fact->kind, &property);
		else if (has) {
			append_property(&text, fact->kind, &should);
			has = false;
		}
	if (has)
		append_property(&text, fact->kind, &should);
	fact->definition = arena_string(&live->facts.arena, text ? text : "");
	mem_free(text);
}

void
repair_apply(struct live *live, const struct compare_item *item, const struct compare_sides *sides)
{
	const struct fact *should = item->should;

	if ((item->is ? item->is : should)->kind == FACT_PRIVILEGE)
		if (should)
			put(live, should);
		else
			take_away(live, FACT_PRIVILEGE, item->is->name);
	else if (item->kind == COMPARE_CHANGED)
		change(live, item);
	else if (item->is) {
		if (item->kind == COMPARE_RENAMED)
			put(live, &(struct fact) {item->is->kind, should->name, item->is->definition});
		take_away(live, item->is->kind, item->is->name);
	} else {
		put(live, should);
		put_all(live, item, sides);
		/* The index with which a key was built. */
		if (should->kind == FACT_CONSTRAINT)
			take_away(live, FACT_INDEX, should->name);
	}
	fact_set_sort(&live->facts);
}
