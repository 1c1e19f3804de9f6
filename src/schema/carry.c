/* Carry the facts of a database forward through an upgrade, and leave statements out of the downs. */
#include "schema/carry.h"

#include <string.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/compare_text.h"

#include "base/banned.h"

/* --- what is there --- */

/* An object as it is before the migration: live, or as a version has it. Neither: it is not there. */
struct carry_state {
	const struct fact *live;
	const struct fact_run *run;
};

static struct carry_state
state_of(const struct carry *carry, enum fact_kind kind, const char *name)
{
	for (size_t i = carry->count; i > 0; i--) {
		const struct carry_change *change = &carry->changes[i - 1];

		if (change->kind == kind && strcmp(change->name, name) == 0)
			return (struct carry_state) {.run = change->run};
	}
	return (struct carry_state) {.live = fact_find(&carry->live->facts, kind, name)};
}

static bool
is_there(const struct carry *carry, enum fact_kind kind, const char *name)
{
	struct carry_state state = state_of(carry, kind, name);

	return state.live || state.run;
}

/* Is the object there in a form: that of a run, or, if that is NULL, a definition? */
static bool
has_form(const struct carry *carry, enum fact_kind kind, const char *name, const struct fact_run *run,
		 const char *definition)
{
	struct carry_state state = state_of(carry, kind, name);
	struct compare_text texts[COMPARE_TEXT_MOST];
	struct fact is = state.live ? *state.live
		: (struct fact) {kind, name, state.run ? state.run->texts[0].definition : ""};
	size_t		count;

	if (!state.live && !state.run)
		return false;
	if (!run)
		return compare_text_same(&is, &(struct fact) {kind, name, definition});
	if (state.run == run)
		return true;
	count = compare_text(&is, run, carry->live->server, texts);
	for (size_t i = 0; i < count; i++)
		if (!texts[i].unknown && compare_is_shape(kind, texts[i].label, texts[i].label_length))
			return false;
	return true;
}

/* --- forward --- */

static void
add_change(struct carry *carry, enum fact_kind kind, const char *name, const struct fact_run *run)
{
	carry->changes = mem_room(carry->changes, carry->count, sizeof(*carry->changes));
	carry->changes[carry->count++] = (struct carry_change) {.kind = kind,.name = name,.run = run};
}

/* A table that a migration is to replace by another one counts as gone: it is not what has its name afterwards. */
static void
leave_replaced(struct carry *carry, const struct fact *table)
{
	const struct fact_set *facts = &carry->live->facts;

	for (size_t i = 0; i < facts->count; i++)
		if (compare_is_of_table(&facts->facts[i], table->name))
			add_change(carry, facts->facts[i].kind, facts->facts[i].name, NULL);
}

void
carry_begin(struct carry *carry, const struct live *live, const struct fact_history *known,
			const struct prediction *prediction, int version)
{
	*carry = (struct carry) {.live = live,.known = known,.prediction = prediction,.start = version,
		.version = version
	};
	for (size_t i = 0; i < known->claim_count; i++)
		if (known->claims[i].version > version && fact_history_replaces(known, &known->claims[i], &live->facts))
			leave_replaced(carry, &known->claims[i].fact);
}

/* Is it predicted that another object is in the place of what an item is about, from the version of the reading on? */
static bool
is_in_place(const struct carry *carry, const struct predict_item *item)
{
	/* The server chooses another name for a constraint that has none in the statement. */
	return (item->kind == PREDICT_SKIPPED || (item->kind == PREDICT_TAKEN && item->fact != FACT_CONSTRAINT))
		&& item->first <= carry->start && carry->start <= item->last;
}

/* Does the migration to `version` not create an object, because another one is in its place, or in its table's? */
static bool
is_skipped(const struct carry *carry, const struct fact *object, int version)
{
	for (size_t i = 0; carry->prediction && i < carry->prediction->item_count; i++) {
		const struct predict_item *item = &carry->prediction->items[i];
		bool		same = item->fact == object->kind && strcmp(item->name, object->name) == 0;
		bool		whole = (item->fact == FACT_TABLE || item->fact == FACT_TYPE) && fact_is_part(object, item->name);

		if (is_in_place(carry, item) && ((same && item->migration == version) || (whole && item->migration <= version)))
			return true;
	}
	return false;
}

static void
begin_run(struct carry *carry, const struct fact_run *run)
{
	const struct fact_run *before = fact_run_before(carry->known, run);
	bool		there = is_there(carry, run->kind, run->name);
	struct fact object = {run->kind, run->name, run->texts[0].definition};

	if (before ? there && has_form(carry, run->kind, run->name, before, NULL)
		: !there && !is_skipped(carry, &object, run->from))
		add_change(carry, run->kind, run->name, run);
}

static void
end_run(struct carry *carry, const struct fact_run *run)
{
	if (!fact_run_after(carry->known, run))
		add_change(carry, run->kind, run->name, NULL);
}

static void ensure_run(struct carry *carry, const struct fact_run *run);

static void
ensure_whole(struct carry *carry, const struct fact_run *whole)
{
	const struct fact_history *known = carry->known;

	add_change(carry, whole->kind, whole->name, whole);
	for (size_t i = 0; i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];
		struct fact part = {run->kind, run->name, run->texts[0].definition};

		if (run->from <= carry->version && carry->version < run->to && fact_is_part(&part, whole->name)
			&& fact_parent_kind(run->kind) == whole->kind && !is_there(carry, run->kind, run->name))
			ensure_run(carry, run);
	}
}

/* Objects that are created in a version's form: a table or type with all that belongs to it, a column with its type. */
static void
ensure_run(struct carry *carry, const struct fact_run *run)
{
	const char *definition = run->texts[0].definition;
	char	   *type = run->kind == FACT_COLUMN ? mem_copy(definition, strcspn(definition, "\t")) : NULL;
	const struct fact_run *of_type = type ? fact_history_run(carry->known, FACT_TYPE, type, carry->version) : NULL;

	if (of_type && !is_there(carry, FACT_TYPE, type))
		ensure_whole(carry, of_type);
	if (run->kind == FACT_TABLE || run->kind == FACT_TYPE)
		ensure_whole(carry, run);
	else
		add_change(carry, run->kind, run->name, run);
	mem_free(type);
}

/* What the migration creates where it is missing, although the version before has it as well. */
static void
ensure(struct carry *carry, const struct fact_claim *claim)
{
	const struct fact_run *run = fact_history_run(carry->known, claim->fact.kind, claim->fact.name, claim->version);

	if (run && !is_there(carry, run->kind, run->name))
		ensure_run(carry, run);
}

void
carry_forward(struct carry *carry)
{
	const struct fact_history *known = carry->known;

	carry->version++;
	for (size_t i = 0; i < known->run_count; i++) {
		if (known->runs[i].to == carry->version)
			end_run(carry, &known->runs[i]);
		if (known->runs[i].from == carry->version)
			begin_run(carry, &known->runs[i]);
	}
	for (size_t i = 0; i < known->claim_count; i++)
		if (known->claims[i].version == carry->version && known->claims[i].kind == FACT_ENSURES)
			ensure(carry, &known->claims[i]);
}

void
carry_clear(struct carry *carry)
{
	mem_free(carry->changes);
	*carry = (struct carry) {0};
}

/* --- the statements of a down --- */

/* What is recorded of the statements of one down. */
struct carry_facts {
	size_t		count;
	const struct fact_down *facts;
};

static struct carry_facts
facts_of(const struct carry *carry)
{
	const struct fact_history *known = carry->known;
	size_t		first = 0;
	size_t		end;

	while (first < known->down_count && known->downs[first].version <= carry->version)
		first++;
	end = first;
	while (end < known->down_count && known->downs[end].version == carry->version + 1)
		end++;
	return (struct carry_facts) {.count = end - first,.facts = known->downs + first};
}

/* What the whole down does to the object of a fact: from its first form to its last one; NULL: not there. */
static void
whole_change(const struct carry_facts *facts, const struct fact_down *of, const struct fact_down **from,
			 const struct fact_down **to)
{
	const struct fact_down *first = NULL;
	const struct fact_down *last = NULL;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact_down *fact = &facts->facts[i];

		if (fact_order(&fact->fact, &of->fact) != 0)
			continue;
		if (!first || (fact->statement == first->statement && first->adds))
			first = fact;
		/* Of one statement that takes it and adds it, in either order, it is the added one that is there afterwards. */
		if (!last || fact->statement > last->statement || fact->adds)
			last = fact;
	}
	*from = first && !first->adds ? first : NULL;
	*to = last && last->adds ? last : NULL;
}

/* Does the object belong to one that the statement takes or adds, too? */
static bool
is_part(const struct carry_facts *facts, const struct fact_down *fact)
{
	struct fact_property owner;
	bool		dependent = fact->fact.kind == FACT_INDEX || fact->fact.kind == FACT_CONSTRAINT
		|| (fact->fact.kind == FACT_SEQUENCE && compare_owned_by(fact->fact.definition, &owner));

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact_down *other = &facts->facts[i];
		bool		whole = other->fact.kind == FACT_TABLE || other->fact.kind == FACT_TYPE
			|| other->fact.kind == FACT_VIEW || other->fact.kind == FACT_MATERIALIZED_VIEW;

		if (other == fact || other->statement != fact->statement || other->adds != fact->adds)
			continue;
		if (dependent && (whole || other->fact.kind == FACT_COLUMN))
			return true;
		if (whole && fact_is_part(&fact->fact, other->fact.name))
			return true;
	}
	return false;
}

/* Must the database keep an object as it is, so that the statement with this fact is left out? */
static bool
is_kept(const struct carry *carry, const struct carry_facts *facts, const struct fact_down *fact)
{
	const struct fact *object = &fact->fact;
	const struct fact_down *from;
	const struct fact_down *to;

	if (!compare_is_shape(object->kind, NULL, 0) || is_part(facts, fact))
		return false;
	whole_change(facts, fact, &from, &to);
	if (!from && !to)
		return false;
	/* Its DROP may go by a name that is another one's. */
	if (!to)
		return is_there(carry, object->kind, object->name) || is_skipped(carry, object, carry->version + 1);
	if (!from && object->kind != FACT_CONSTRAINT)
		return !is_there(carry, object->kind, object->name);
	if (from && from->fact.definition && to->fact.definition && compare_text_same(&from->fact, &to->fact))
		return false;
	return !has_form(carry, object->kind, object->name, to->run, to->fact.definition);
}

/* Does a statement, of which nothing is recorded, drop an object that is kept? */
static bool
drops_kept(const char *text, const struct fact *object)
{
	const char *last = compare_name(object);
	size_t		parent = fact_parent(object);
	size_t		skip = strspn(text, " \t\n");
	char	   *name = fact_plain(last, strlen(last));
	char	   *table = fact_plain(object->name, parent);
	bool		drops = strncasecmp(text + skip, "DROP ", 5) == 0 && destructive_names(text, name)
		&& (parent == 0 || destructive_names(text, table));

	mem_free(table);
	mem_free(name);
	return drops;
}

/* Is it only statements that are left out which do what `item` says? */
static bool
is_left_out(const struct carry_facts *facts, const bool *left_out, const struct drops_item *item)
{
	bool		of_column = item->kind == DROPS_COLUMN || item->kind == DROPS_COLUMN_RENAMED;
	bool		found = false;

	for (size_t i = 0; i < facts->count && item->kind != DROPS_ROWS; i++) {
		const struct fact_down *fact = &facts->facts[i];
		bool		same = item->kind == DROPS_REWRITTEN
			? fact->fact.kind == FACT_COLUMN && fact_is_part(&fact->fact, item->name)
			: fact->fact.kind == (of_column ? FACT_COLUMN : FACT_TABLE) && strcmp(fact->fact.name, item->name) == 0;

		if (fact->adds || !same)
			continue;
		if (!left_out[fact->statement])
			return false;
		found = true;
	}
	return found;
}

static void
filter_drops(struct drops *drops, const struct carry_facts *facts, const bool *left_out)
{
	size_t		kept = 0;

	for (size_t i = 0; i < drops->count; i++)
		if (is_left_out(facts, left_out, &drops->items[i])) {
			mem_free(drops->items[i].name);
			mem_free(drops->items[i].to);
		} else
			drops->items[kept++] = drops->items[i];
	drops->count = kept;
}

static size_t
filter_statements(struct statement_list *down, const bool *left_out)
{
	struct statement_list removed = {0};
	size_t		kept = 0;

	removed.statements = mem_alloc((down->count + 1) * sizeof(*removed.statements));
	for (size_t i = 0; i < down->count; i++)
		if (left_out[i])
			removed.statements[removed.count++] = down->statements[i];
		else
			down->statements[kept++] = down->statements[i];
	down->count = kept;
	kept = removed.count;
	statement_list_clear(&removed);
	return kept;
}

size_t
carry_down(const struct carry *carry, struct statement_list *down, struct drops *drops)
{
	struct carry_facts facts = facts_of(carry);
	bool	   *left_out = mem_alloc((down->count + 1) * sizeof(*left_out));
	bool	   *recorded = mem_alloc((down->count + 1) * sizeof(*recorded));
	bool	   *kept = mem_alloc((facts.count + 1) * sizeof(*kept));
	size_t		removed;

	for (size_t i = 0; i < facts.count; i++) {
		size_t		statement = facts.facts[i].statement;

		if (statement >= down->count)
			continue;
		recorded[statement] = true;
		kept[i] = is_kept(carry, &facts, &facts.facts[i]);
		left_out[statement] = left_out[statement] || kept[i];
	}
	for (size_t i = 0; i < down->count; i++)
		for (size_t k = 0; k < facts.count && !recorded[i] && !left_out[i]; k++)
			left_out[i] = kept[k] && drops_kept(down->statements[i].text, &facts.facts[k].fact);
	filter_drops(drops, &facts, left_out);
	removed = filter_statements(down, left_out);
	mem_free(kept);
	mem_free(recorded);
	mem_free(left_out);
	return removed;
}
