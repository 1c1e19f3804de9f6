/* Predict how upgrades from every version would end. */
#include "schema/predict.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/leftovers.h"
#include "schema/predict_facts.h"
#include "schema/predict_names.h"

#include "base/banned.h"

struct predict_work {
	struct prediction *result;
	struct predict_facts facts;
	struct predict_names names;	/* of the live facts */
	predict_rebuilds *rebuilds;
	unsigned	server;
	long	   *differences;	/* the change of their number from the version before */
	long	   *notes;			/* the same of the notes */
	int		   *taken;			/* for each live fact: the versions from the first to the second at which it is */
};								/* another one's, under its own name; both 0: none */

/* Add to the number of one kind for the versions from `first` to before `end`. */
static void
add_number(const struct predict_work *work, long *numbers, int first, int end, long number)
{
	int			target = work->result->target;

	if (first < 0)
		first = 0;
	if (end > target + 1)
		end = target + 1;
	if (first >= end)
		return;
	numbers[first] += number;
	numbers[end] -= number;
}

static void
add(struct predict_work *work, struct predict_item item)
{
	struct prediction *result = work->result;

	if (item.first > item.last)
		return;
	result->items = mem_room(result->items, result->item_count, sizeof(*result->items));
	result->items[result->item_count++] = item;
}

/* --- downgrades --- */

/* The version before which a live fact is only noted, as its downgrade leaves it so; 0: it always counts. */
static int
noted_before(const struct predict_work *work, const struct fact *live)
{
	const struct fact_claim *left = predict_last_claim(&work->facts, FACT_LEAVES, live->kind, live->name,
													   work->result->target + 1, live);

	return left ? left->version : 0;
}

/* --- other names --- */

/* Take the versions, from `run`, at which a live index is the same under another name; false: some are taken. */
static bool
take(struct predict_work *work, size_t live, int first, int end)
{
	int		   *taken = &work->taken[2 * live];

	if (taken[0] < taken[1] && first < taken[1] && end > taken[0])
		return false;
	if (taken[0] == taken[1])
		taken[0] = taken[1] = first;
	taken[0] = first < taken[0] ? first : taken[0];
	taken[1] = end > taken[1] ? end : taken[1];
	return true;
}

/*
 * An index or constraint of a run that is missing, but there under a name that these versions do not have. Returns
 * whether the target has it so.
 */
static bool
count_renamed(struct predict_work *work, const struct fact_run *run)
{
	const struct fact_set *facts = &work->facts.live->facts;
	struct fact named = {run->kind, run->name, ""};
	size_t		length = fact_parent(&named) + 1;
	struct compare_text texts[COMPARE_TEXT_MOST];

	if (run->kind != FACT_INDEX && run->kind != FACT_CONSTRAINT)
		return false;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *live = &facts->facts[i];
		struct predict_fact other;
		int			noted;

		if (live->kind != run->kind || strncmp(live->name, run->name, length) != 0
			|| compare_text(live, run, work->facts.live->server, texts) != 0)
			continue;
		other = predict_find(&work->facts, live->kind, live->name);
		/* One that has its place in the same versions is not another's. */
		if ((other.count > 0 && predict_run_at(&other, run->from)) || !take(work, i, run->from, run->to))
			continue;
		/* Counted were the missing one, and the live one, as a note before `noted`. */
		noted = noted_before(work, live);
		noted = noted < run->to ? noted : run->to;
		add_number(work, work->differences, run->from, run->to, run->kind == FACT_INDEX ? -1 : 0);
		add_number(work, work->differences, run->from > noted ? run->from : noted, run->to, -1);
		add_number(work, work->notes, run->from, run->to, run->kind == FACT_INDEX);
		add_number(work, work->notes, run->from, noted, -1);
		return true;
	}
	return false;
}

/* --- one fact --- */

/* An invalid index, as an interrupted build leaves it, which the migration that creates it builds again. */
static bool
is_rebuilt(const struct predict_work *work, const struct predict_fact *fact, int version)
{
	struct fact_property invalid;

	return fact->kind == FACT_INDEX && fact_property(fact->live, "invalid", &invalid)
		&& work->rebuilds(version, fact->name + fact_parent(fact->live) + 1);
}

static void
predict_different(struct predict_work *work, const struct predict_fact *fact, const struct fact_run *run)
{
	int			target = work->result->target;
	struct compare_text texts[COMPARE_TEXT_MOST];
	size_t		count = predict_shape(&work->facts, fact->live, run, texts);
	int			first = target + 1;
	const struct fact_run *start = predict_chain_start(fact, run);

	for (size_t i = 0; i < count; i++) {
		int			at = predict_changed_at(fact, run, &texts[i]);

		first = at < first ? at : first;
	}
	if (start->from > first && is_rebuilt(work, fact, start->from))
		first = start->from;
	add(work, (struct predict_item) {PREDICT_DIFFERENT, first, target, 0, fact->kind, fact->name, NULL, 0});
}

/* A type that no migration creates as it should be, and that has another name in the end. */
static void
predict_stays(struct predict_work *work, const struct predict_fact *fact)
{
	struct compare_text texts[COMPARE_TEXT_MOST];

	for (size_t i = 0; fact->live && fact->kind == FACT_TYPE && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];

		if (run->to <= work->result->target && predict_shape(&work->facts, fact->live, run, texts) > 0)
			add(work, (struct predict_item) {PREDICT_STAYS, predict_end_before(fact, run), run->to - 1, 0, fact->kind,
				fact->name, NULL, 0
			});
	}
}

/* A missing fact, from the first version that has it and after which no migration creates it, to `last`. */
static void
add_missing(struct predict_work *work, enum predict_kind kind, const struct predict_fact *fact,
			const struct fact_run *run, int ensured, int last)
{
	const struct fact_run *start = predict_chain_start(fact, run);
	/* A table that is there is not created with its columns and constraints. */
	int			first = predict_is_early(&work->facts, start) ? predict_end_before(fact, start) : start->from;

	add(work, (struct predict_item) {kind, ensured > first ? ensured : first, last, 0, fact->kind, fact->name, NULL,
		start->from
	});
}

/* A missing label of a type that has another name in the end. */
static void
predict_moves(struct predict_work *work, const struct predict_fact *fact)
{
	for (size_t i = 0; !fact->live && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];

		if (run->to <= work->result->target && !(run->absent & work->server)
			&& predict_part_moves(&work->facts, run))
			add_missing(work, PREDICT_MISSING, fact, run, predict_ensured_at(&work->facts, fact, run->to), run->to - 1);
	}
}

/* Facts of the target that would be missing at the end, or different. */
static void
predict_end(struct predict_work *work, const struct predict_fact *fact, bool renamed, bool taken)
{
	int			target = work->result->target;
	const struct fact_run *run = predict_run_at(fact, target);
	enum fact_kind kind;
	char	   *name = NULL;

	if (!run)
		return;
	if (fact->live) {
		predict_different(work, fact, run);
		return;
	}
	/* The parts of a missing table are missing with it. */
	if ((run->absent & work->server) || (renamed && run->kind == FACT_INDEX)
		|| predict_missing_container(&work->facts, fact, &kind, &name)) {
		mem_free(name);
		return;
	}
	add_missing(work, renamed ? PREDICT_DIFFERENT : PREDICT_MISSING, fact, run,
				taken ? 0 : predict_ensured_at(&work->facts, fact, target + 1), target);
}

/* A migration that creates an object that exists fails, unless it can be repeated. */
static void
predict_exists(struct predict_work *work, const struct predict_fact *fact)
{
	for (size_t i = 0; fact->live && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];

		if (predict_chain_start(fact, run) == run && run->from > 0 && run->from <= work->result->target
			&& !work->facts.known->versions[run->from].repeatable && !is_rebuilt(work, fact, run->from))
			add(work, (struct predict_item) {PREDICT_EXISTS, predict_end_before(fact, run), run->from - 1, run->from,
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
			&& !work->rebuilds(version, fact->name + fact_parent(fact) + 1))
		|| (fact->kind == FACT_SEQUENCE && compare_owned_by(fact->definition, &owner));
}

/* A migration that creates an object whose name is that of another one. Returns whether the name is taken now. */
static bool
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
				add(work, (struct predict_item) {kind, predict_stays_from(&work->facts, other, run->from),
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
			add(work, (struct predict_item) {PREDICT_FOREIGN, 0, fact->runs[i].to - 1, fact->runs[i].to, fact->kind,
				fact->name, NULL, 0
			});
}

static void
predict_fact(struct predict_work *work, const struct predict_fact *fact)
{
	int			target = work->result->target;
	int			noted = fact->live ? noted_before(work, fact->live) : 0;
	struct compare_text texts[COMPARE_TEXT_MOST];
	bool		renamed = false;

	if (fact->live) {
		add_number(work, work->differences, noted, target + 1, 1);
		add_number(work, work->notes, 0, noted, 1);
	}
	for (size_t i = 0; i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];
		const struct fact named = {run->kind, run->name, ""};
		int			from = run->from > noted ? run->from : noted;

		if (fact->live) {
			long		differences = (long) predict_shape(&work->facts, fact->live, run, texts);

			add_number(work, work->differences, from, run->to, differences - 1);
			add_number(work, work->notes, run->from, run->to < noted ? run->to : noted, (differences > 0) - 1);
		} else if (!(run->absent & work->server)) {
			renamed = count_renamed(work, run);
			add_number(work, !renamed && leftovers_replaced(work->facts.known, &work->facts.live->facts, &named, run->to)
					   ? work->notes : work->differences, run->from, run->to, 1);
		}
	}
	predict_end(work, fact, renamed, predict_taken(work, fact));
	predict_exists(work, fact);
	predict_foreign(work, fact);
	predict_stays(work, fact);
	predict_moves(work, fact);
}

static void
predict_needs(struct predict_work *work)
{
	for (size_t i = 0; i < work->facts.known->claim_count; i++) {
		const struct fact_claim *claim = &work->facts.known->claims[i];
		struct predict_fact fact;
		const struct fact_run *run;
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
			|| predict_was_run(&work->facts, run, claim->version))
			continue;
		first = predict_chain_start(&fact, run)->from;
		ensured = predict_ensured_at(&work->facts, &fact, claim->version);
		add(work, (struct predict_item) {PREDICT_NEED, ensured > first ? ensured : first, claim->version - 1,
			claim->version, fact.kind, fact.name, NULL, predict_chain_start(&fact, run)->from
		});
	}
}

/* A column that a pending migration alters, while something depends on it that the migration does not know of. */
static void
predict_dependents(struct predict_work *work)
{
	const struct live *live = work->facts.live;

	for (size_t i = 0; i < live->dependent_count; i++) {
		const struct fact *other = &live->dependents[i].fact;
		struct predict_fact column = predict_find(&work->facts, FACT_COLUMN, live->dependents[i].column);
		bool		known = predict_find(&work->facts, other->kind, other->name).count > 0;

		for (size_t k = 0; !known && column.live && k < column.count; k++)
			if (column.runs[k].to <= work->result->target && predict_alters(&work->facts, &column, k))
				add(work, (struct predict_item) {PREDICT_USED, 0, column.runs[k].to - 1, column.runs[k].to, FACT_COLUMN,
					column.runs[k].name, other, 0
				});
	}
}

/* --- the whole --- */

/* The live facts with the runs of their names. Facts that are not compared are left out. */
static void
predict_facts(struct predict_work *work, const struct compare_sides *sides)
{
	const struct fact_history *known = work->facts.known;
	struct compare_pairs pairs;
	size_t		i = 0;
	size_t		k = 0;

	/* Of the pairs only those of live facts matter. */
	compare_pairs_make(&pairs, sides, work->result->target);
	for (;;) {
		const struct compare_pair *pair;
		struct predict_fact fact;

		while (i < pairs.count && !pairs.pairs[i].is)
			i++;
		pair = i < pairs.count ? &pairs.pairs[i] : NULL;
		if (!pair && k == known->run_count)
			break;
		fact = predict_next_fact(known, pair, &k);
		if (compare_is_shape(fact.kind, NULL, 0) && !(fact.live && pair && pair->ignore))
			predict_fact(work, &fact);
		i += fact.live != NULL;
	}
	compare_pairs_clear(&pairs);
}

static void
sum_up(const struct predict_work *work)
{
	struct prediction *result = work->result;
	size_t		versions = (size_t) result->target + 1;
	long	   *left = mem_alloc((versions + 1) * sizeof(*left));
	long	   *failures = mem_alloc((versions + 1) * sizeof(*failures));
	long		differences = 0;
	long		notes = 0;

	for (size_t i = 0; i < result->item_count; i++) {
		const struct predict_item *item = &result->items[i];
		long	   *counts = predict_fails(item) ? failures : left;

		counts[item->first]++;
		counts[item->last + 1]--;
	}
	for (size_t version = 0; version < versions; version++) {
		differences += work->differences[version];
		notes += work->notes[version];
		left[version] += version > 0 ? left[version - 1] : 0;
		failures[version] += version > 0 ? failures[version - 1] : 0;
		result->versions[version] = (struct predict_version) {
			(size_t) differences, (size_t) notes, (size_t) left[version], (size_t) failures[version]
		};
	}
	mem_free(failures);
	mem_free(left);
}

void
predict(struct prediction *prediction, const struct compare_sides *sides, int target, predict_rebuilds *rebuilds)
{
	struct predict_work work = {.result = prediction,.facts = {.known = sides->history,.live = sides->live},
		.rebuilds = rebuilds,.server = fact_servers_of(sides->live->server)
	};

	*prediction = (struct prediction) {.target = target,
		.versions = mem_alloc(((size_t) target + 1) * sizeof(*prediction->versions))
	};
	work.differences = mem_alloc(((size_t) target + 2) * sizeof(*work.differences));
	work.notes = mem_alloc(((size_t) target + 2) * sizeof(*work.notes));
	work.taken = mem_alloc((2 * sides->live->facts.count + 1) * sizeof(*work.taken));
	predict_facts_sort(&work.facts);
	predict_names_make(&work.names, &sides->live->facts);
	predict_facts(&work, sides);
	predict_needs(&work);
	predict_dependents(&work);
	sum_up(&work);
	predict_names_clear(&work.names);
	predict_facts_clear(&work.facts);
	mem_free(work.taken);
	mem_free(work.notes);
	mem_free(work.differences);
}
