/* What makes a migration of an upgrade fail, or not do its work. */
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/predict_facts.h"
#include "schema/predict_names.h"
#include "schema/predict_work.h"

#include "base/banned.h"

/* Is the item about this table, something that belongs to it, or a sequence of its columns? */
static bool
is_about(const struct predict_work *work, const struct predict_item *item, const struct fact *table)
{
	const struct fact *live = fact_find(&work->facts.live->facts, item->fact, item->name);

	return compare_is_of_table(live ? live : &(struct fact) {item->fact, item->name, ""}, table->name);
}

/* From which version on is an item about a table that is there? One of that name may be replaced by a migration. */
static int
replaced_until(const struct predict_work *work, const struct predict_item *item)
{
	const struct fact_history *known = work->facts.known;
	int			version = 0;

	for (size_t i = 0; i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];

		if (claim->kind == FACT_REPLACES && claim->version > version && is_about(work, item, &claim->fact)
			&& fact_history_replaces(known, claim, &work->facts.live->facts))
			version = claim->version;
	}
	return version;
}

void
predict_add(struct predict_work *work, struct predict_item item)
{
	struct prediction *result = work->result;
	int			from = replaced_until(work, &item);

	item.first = item.first > from ? item.first : from;
	if (item.first > item.last)
		return;
	result->items = mem_room(result->items, result->item_count, sizeof(*result->items));
	result->items[result->item_count++] = item;
}

bool
predict_is_invalid(const struct predict_fact *fact)
{
	struct fact_property invalid;

	return fact->kind == FACT_INDEX && fact_property(fact->live, "invalid", &invalid);
}

bool
predict_is_rebuilt(const struct predict_work *work, const struct predict_fact *fact, int version)
{
	return predict_is_invalid(fact) && work->facts.ups->rebuilds(version, fact->name + fact_parent(fact->live) + 1);
}

/* A migration that creates an object that exists fails, unless it can be repeated. */
static void
predict_exists(struct predict_work *work, const struct predict_fact *fact)
{
	for (size_t i = 0; fact->live && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];

		if (predict_chain_start(fact, run) == run && run->from > 0 && run->from <= work->result->target
			&& !work->facts.known->versions[run->from].repeatable && !predict_is_rebuilt(work, fact, run->from))
			predict_add(work, (struct predict_item) {PREDICT_EXISTS, predict_end_before(fact, run), run->from - 1, run->from,
				fact->kind, fact->name, NULL, 0
			});
	}
}

/* Is a fact that is missing created under another name, or not at all, where its name is taken? */
static bool
is_skipped(const struct predict_work *work, const struct fact *fact, int version)
{
	struct fact_property owner;

	/* One that is built in an own transaction is looked at when it is built. */
	return (fact->kind == FACT_INDEX && work->facts.known->versions[version].repeatable
			&& !work->facts.ups->rebuilds(version, fact->name + fact_parent(fact) + 1))
		|| (fact->kind == FACT_SEQUENCE && compare_owned_by(fact->definition, &owner));
}

bool
predict_taken(struct predict_work *work, const struct predict_fact *fact)
{
	bool		taken = false;

	for (size_t i = 0; !fact->live && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];
		struct fact created = {fact->kind, fact->name, run->texts[0].definition};
		const struct fact *other;
		size_t		at = 0;

		if (predict_chain_start(fact, run) != run || (run->absent & work->server))
			continue;
		while ((other = predict_names_next(&work->names, &created, &at))) {
			enum predict_kind kind = is_skipped(work, &created, run->from) ? PREDICT_SKIPPED : PREDICT_TAKEN;

			taken = true;
			if (run->from > 0 && run->from <= work->result->target)
				predict_add(work, (struct predict_item) {kind, predict_stays_from(&work->facts, other, run->from),
				run->from - 1, run->from,
					fact->kind, fact->name, other, 0
				});
		}
	}
	return taken;
}

/* A change from another type than the migration knows may be impossible. */
static void
predict_foreign(struct predict_work *work, const struct predict_fact *fact)
{
	if (!fact->live || fact->kind != FACT_COLUMN || !predict_is_foreign(fact))
		return;
	for (size_t i = 0; i + 1 < fact->count; i++)
		if (fact->runs[i].to == fact->runs[i + 1].from && fact->runs[i].to <= work->result->target
			&& predict_alters(&work->facts, fact, i))
			predict_add(work, (struct predict_item) {PREDICT_FOREIGN, 0, fact->runs[i].to - 1, fact->runs[i].to, fact->kind,
				fact->name, NULL, 0
			});
}

/* An index that a migration renames, or drops without its table, by a name that is another object's. */
static void
predict_removed(struct predict_work *work, const struct predict_fact *fact)
{
	for (size_t i = 0; fact->kind == FACT_INDEX && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];
		struct fact removed = {fact->kind, fact->name, run->texts[0].definition};
		const struct fact *other;
		size_t		at = 0;
		char	   *table;
		struct predict_fact whole;

		if (run->to > work->result->target || (i + 1 < fact->count && run[1].from == run->to))
			continue;
		table = mem_copy(fact->name, fact_parent(&removed));
		whole = predict_find(&work->facts, FACT_TABLE, table);
		while (predict_run_at(&whole, run->to) && (other = predict_names_next(&work->names, &removed, &at)))
			predict_add(work, (struct predict_item) {PREDICT_REMOVED, predict_stays_from(&work->facts, other, run->to),
				run->to - 1, run->to, fact->kind, fact->name, other, 0
			});
		mem_free(table);
	}
}

void
predict_way(struct predict_work *work, const struct predict_fact *fact)
{
	predict_exists(work, fact);
	predict_foreign(work, fact);
	predict_removed(work, fact);
}

/* Is there a key like one that a migration needs, but does not name? A foreign key may refer to it. */
static bool
has_other_key(const struct predict_work *work, const struct fact_run *key, int version)
{
	const struct fact_set *live = &work->facts.live->facts;
	const struct fact named = {key->kind, key->name, ""};
	size_t		length = fact_parent(&named) + 1;
	struct compare_text texts[COMPARE_TEXT_MOST];
	bool		found = false;

	for (size_t i = 0; key->kind == FACT_CONSTRAINT && i < live->count && !found; i++)
		found = live->facts[i].kind == FACT_CONSTRAINT && strncmp(live->facts[i].name, key->name, length) == 0
			&& compare_text(&live->facts[i], key, work->facts.live->server, texts) == 0;
	if (found) {
		char	   *name = fact_plain(key->name + length, strlen(key->name + length));

		found = !work->facts.ups->names(version, name);
		mem_free(name);
	}
	return found;
}

void
predict_needs(struct predict_work *work)
{
	for (size_t i = 0; i < work->facts.known->claim_count; i++) {
		const struct fact_claim *claim = &work->facts.known->claims[i];
		struct predict_fact fact;
		const struct fact_run *run;
		const struct fact *other;
		int			first;
		int			ensured;

		if (claim->kind != FACT_NEEDS || claim->version > work->result->target
			|| !compare_is_shape(claim->fact.kind, NULL, 0))
			continue;
		fact = predict_find(&work->facts, claim->fact.kind, claim->fact.name);
		run = fact.live ? NULL : predict_run_at(&fact, claim->version - 1);
		/* It was tried without that alone; without the whole, the migration may create it. */
		if (!run || (run->absent & work->server)
			|| predict_whole_at(&work->facts, &fact, claim->version + 1) == claim->version
			|| predict_was_run(&work->facts, run, claim->version) || has_other_key(work, run, claim->version))
			continue;
		first = predict_chain_start(&fact, run)->from;
		other = predict_names_next(&work->names, &(struct fact) {fact.kind, fact.name, run->texts[0].definition},
								   &(size_t) {0});
		ensured = predict_ensured_at(&work->facts, &fact, claim->version);
		predict_add(work, (struct predict_item) {PREDICT_NEED, ensured > first ? ensured : first, claim->version - 1,
			claim->version, fact.kind, fact.name, other, predict_chain_start(&fact, run)->from
		});
	}
}

/* A rule is none: it goes with its table. */
static bool
is_view(const struct fact *fact)
{
	return fact->kind == FACT_VIEW || fact->kind == FACT_MATERIALIZED_VIEW;
}

/* Does an object that depends on a column go with the views of its table, before a migration changes the column? */
static bool
is_detached(const struct predict_work *work, const struct live_dependent *dependent, int migration)
{
	return is_view(&dependent->fact) && predict_last_claim(&work->facts, FACT_DETACHES, FACT_TABLE, dependent->relation,
														   migration + 1, NULL);
}

/* Does this migration, or a later one, change a column of a table whose views it drops? Otherwise it drops none. */
static bool
detaches(const struct predict_work *work, int migration)
{
	const struct fact_history *known = work->facts.known;
	const struct fact_run *run = known->runs;

	for (size_t i = 0; i < known->run_count; i++, run++) {
		struct predict_fact column = predict_find(&work->facts, run->kind, run->name);
		char	   *table;
		bool		found;

		if (run->kind != FACT_COLUMN || !column.live || run->to < migration || run->to > work->result->target
			|| !predict_alters(&work->facts, &column, (size_t) (run - column.runs)))
			continue;
		table = mem_copy(run->name, fact_parent(column.live));
		found = predict_last_claim(&work->facts, FACT_DETACHES, FACT_TABLE, table, migration + 1, NULL);
		mem_free(table);
		if (found)
			return true;
	}
	return false;
}

/* The dependents that read a table, also by way of other views: *reads, one for each. */
static void
find_readers(const struct live *live, const char *table, bool *reads)
{
	bool		more = true;

	memset(reads, 0, live->dependent_count * sizeof(*reads));
	while (more) {
		more = false;
		for (size_t i = 0; i < live->dependent_count; i++) {
			bool		by_view = false;

			for (size_t k = 0; k < live->dependent_count && !by_view; k++)
				by_view = reads[k] && strcmp(live->dependents[k].fact.name, live->dependents[i].relation) == 0;
			if (!reads[i] && is_view(&live->dependents[i].fact)
				&& (by_view || strcmp(live->dependents[i].relation, table) == 0))
				more = reads[i] = true;
		}
	}
}

/* Views of other roles, which a migration would drop and could not make again. */
static void
add_owned(struct predict_work *work, const struct fact_claim *claim)
{
	const struct live *live = work->facts.live;
	bool	   *reads = mem_alloc((live->dependent_count + 1) * sizeof(*reads));

	find_readers(live, claim->fact.name, reads);
	for (size_t i = 0; i < live->dependent_count; i++) {
		const struct fact *view = &live->dependents[i].fact;
		bool		known = false;

		/* Once, though it may read several columns and tables. */
		for (size_t k = 0; k < work->result->item_count && !known; k++)
			known = work->result->items[k].kind == PREDICT_OWNED
				&& strcmp(work->result->items[k].other->name, view->name) == 0;
		if (reads[i] && !known && live->dependents[i].other_owner)
			predict_add(work, (struct predict_item) {PREDICT_OWNED, 0, claim->version - 1, claim->version, FACT_TABLE,
				claim->fact.name, view, 0
			});
	}
	mem_free(reads);
}

void
predict_dependents(struct predict_work *work)
{
	const struct live *live = work->facts.live;
	const struct fact_history *known = work->facts.known;

	for (size_t i = 0; i < live->dependent_count; i++) {
		const struct live_dependent *dependent = &live->dependents[i];
		const struct fact *other = &dependent->fact;
		struct predict_fact column = predict_find(&work->facts, FACT_COLUMN, dependent->column ? dependent->column : "");
		bool		known_other = predict_find(&work->facts, other->kind, other->name).count > 0;

		for (size_t k = 0; !known_other && column.live && k < column.count; k++)
			if (column.runs[k].to <= work->result->target && predict_alters(&work->facts, &column, k)
				&& !is_detached(work, dependent, column.runs[k].to))
				predict_add(work, (struct predict_item) {PREDICT_USED, 0, column.runs[k].to - 1, column.runs[k].to, FACT_COLUMN,
					column.runs[k].name, other, 0
				});
	}
	for (size_t i = 0; live->dependent_count > 0 && i < known->claim_count; i++)
		if (known->claims[i].kind == FACT_DETACHES && known->claims[i].version <= work->result->target
			&& detaches(work, known->claims[i].version))
			add_owned(work, &known->claims[i]);
}

/* Does a statement with these effects change or delete rows of a table that exist? */
static bool
changes_rows(const struct fact_effect *effect)
{
	struct fact fact = {FACT_TABLE, effect->table, effect->definition};
	const char *at = fact.definition;
	struct fact_property property;

	while (fact_next_property(&fact, &at, &property))
		if (fact_property_is(&property, "updated") || fact_property_is(&property, "deleted"))
			return true;
	return false;
}

/* Do policies apply to the database's owner in a table that belongs to it? */
static bool
hides_rows(const struct live *live, const char *table)
{
	const struct fact *fact = fact_find(&live->facts, FACT_TABLE, table);
	struct fact_property property;

	return fact && !live->unfiltered && fact_property(fact, "row security", &property)
		&& fact_property(fact, "force row security", &property);
}

void
predict_hidden(struct predict_work *work)
{
	const struct fact_history *known = work->facts.known;
	const struct fact_effect *last = NULL;

	for (size_t i = 0; i < known->effect_count; i++) {
		const struct fact_effect *effect = &known->effects[i];

		if (effect->version > work->result->target || !effect->table || !(effect->servers & work->server)
			|| (last && last->version == effect->version && strcmp(last->table, effect->table) == 0)
			|| !changes_rows(effect) || !hides_rows(work->facts.live, effect->table))
			continue;
		last = effect;
		predict_add(work, (struct predict_item) {PREDICT_HIDDEN, 0, effect->version - 1, effect->version, FACT_TABLE,
			effect->table, NULL, 0
		});
	}
}
