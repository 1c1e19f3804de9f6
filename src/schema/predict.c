/* Predict how upgrades from every version would end. */
#include "schema/predict.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/compare_refuses.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/leftovers.h"
#include "schema/predict_facts.h"
#include "schema/predict_names.h"
#include "schema/predict_work.h"
#include "schema/repair_sql.h"

#include "base/banned.h"

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

/*
 * Does a migration after the target replace or remove what is missing or different (`label`) there? Then an upgrade to
 * the target leaves it, as a repair does.
 */
static bool
is_replaced(const struct predict_work *work, const struct fact *is, const struct fact_run *run, const char *label)
{
	const struct compare_sides sides = {.live = work->facts.live,.history = work->facts.known};
	const struct fact should = {run->kind, run->name,
		compare_text_usual(run, work->facts.live->server)->definition
	};
	const struct compare_item item = {.kind = is ? COMPARE_CHANGED : COMPARE_MISSING,.is = is,.should = &should,
		.version = work->result->target,.until = run->to,.label = label
	};

	return repair_replaced(&item, &sides) > 0;
}

/* The properties that differ from those of the target, and that no later migration replaces. */
static size_t
differing(const struct predict_work *work, const struct predict_fact *fact, const struct fact_run *run,
		  struct compare_text texts[COMPARE_TEXT_MOST])
{
	size_t		count = predict_shape(&work->facts, fact->live, run, texts);
	size_t		kept = 0;

	for (size_t i = 0; i < count; i++) {
		char	   *label = mem_copy(texts[i].label, texts[i].label_length);

		if (!is_replaced(work, fact->live, run, label))
			texts[kept++] = texts[i];
		mem_free(label);
	}
	return kept;
}

static void
predict_different(struct predict_work *work, const struct predict_fact *fact, const struct fact_run *run)
{
	int			target = work->result->target;
	struct compare_text texts[COMPARE_TEXT_MOST];
	size_t		count = differing(work, fact, run, texts);
	int			first = target + 1;
	const struct fact_run *start = predict_chain_start(fact, run);
	int			ensured;

	for (size_t i = 0; i < count; i++) {
		int			at = predict_changed_at(fact, run, &texts[i]);

		first = at < first ? at : first;
	}
	if (start->from > first && predict_is_rebuilt(work, fact, start->from))
		first = start->from;
	ensured = predict_ensured_at(&work->facts, fact, target + 1);
	if (ensured > first && predict_is_rebuilt(work, fact, ensured))
		first = ensured;
	/* An invalid index is as good as none, and so does a repair treat it. */
	if (predict_is_invalid(fact) && first <= target) {
		int			missing = start->from > first ? start->from : first;

		predict_add(work, (struct predict_item) {PREDICT_MISSING, missing, target, 0, fact->kind, fact->name,
			fact->live, start->from
		});
		target = missing - 1;
	}
	predict_add(work, (struct predict_item) {PREDICT_DIFFERENT, first, target, 0, fact->kind, fact->name, NULL, 0});
}

/* A type that no migration creates as it should be, and that has another name in the end. */
static void
predict_stays(struct predict_work *work, const struct predict_fact *fact)
{
	struct compare_text texts[COMPARE_TEXT_MOST];

	for (size_t i = 0; fact->live && fact->kind == FACT_TYPE && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];

		if (run->to <= work->result->target && predict_shape(&work->facts, fact->live, run, texts) > 0)
			predict_add(work, (struct predict_item) {PREDICT_STAYS, predict_end_before(fact, run), run->to - 1, 0, fact->kind,
				fact->name, NULL, 0
			});
	}
}

/* An extra constraint or index that no pending migration drops. */
static void
predict_refuses(struct predict_work *work, const struct predict_fact *fact)
{
	int			target = work->result->target;

	if (fact->live && (fact->kind == FACT_INDEX || fact->kind == FACT_CONSTRAINT) && !predict_run_at(fact, target)
		&& compare_refuses(work->facts.known, fact->live, target))
		predict_add(work, (struct predict_item) {PREDICT_REFUSES, fact->count > 0 ? fact->runs[fact->count - 1].to : 0,
			target, 0, fact->kind, fact->name, NULL, 0
		});
}

/* A missing fact, from the first version that has it and after which no migration creates it, to `last`. */
static void
add_missing(struct predict_work *work, enum predict_kind kind, const struct predict_fact *fact,
			const struct fact_run *run, int ensured, int last)
{
	const struct fact_run *start = predict_chain_start(fact, run);
	const struct fact *other = predict_names_next(&work->names, &(struct fact) {fact->kind, fact->name,
												  run->texts[0].definition}, &(size_t) {0});
	/* A table that is there is not created with its columns and constraints. */
	int			first = predict_is_early(&work->facts, start) ? predict_end_before(fact, start) : start->from;

	predict_add(work, (struct predict_item) {kind, ensured > first ? ensured : first, last, 0, fact->kind, fact->name, other,
		start->from
	});
}

/* Is a missing fact missing under another name at the end, too? A migration renames it, or what it belongs to. */
static bool
is_renamed_missing(const struct predict_work *work, const struct predict_fact *fact, const struct fact_run *run)
{
	const struct fact_run *later = fact_run_renamed(work->facts.known, run);
	enum fact_kind kind;
	char	   *name = NULL;
	bool		implied = predict_missing_container(&work->facts, fact, &kind, &name);

	mem_free(name);
	return later && !implied && !fact_find(&work->facts.live->facts, later->kind, later->name);
}

/* A missing fact that has another name in the end, or a label of a type that has. */
static void
predict_moves(struct predict_work *work, const struct predict_fact *fact)
{
	for (size_t i = 0; !fact->live && i < fact->count; i++) {
		const struct fact_run *run = &fact->runs[i];

		if (run->to <= work->result->target && !(run->absent & work->server)
			&& (predict_part_moves(&work->facts, run) || is_renamed_missing(work, fact, run)))
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
	if ((run->absent & work->server) || (renamed ? run->kind == FACT_INDEX : is_replaced(work, NULL, run, NULL))
		|| predict_missing_container(&work->facts, fact, &kind, &name)) {
		mem_free(name);
		return;
	}
	add_missing(work, renamed ? PREDICT_DIFFERENT : PREDICT_MISSING, fact, run,
				taken ? 0 : predict_ensured_at(&work->facts, fact, target + 1), target);
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
	predict_way(work, fact);
	predict_stays(work, fact);
	predict_refuses(work, fact);
	predict_moves(work, fact);
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

		/* It is so from all versions, so none of them is a better one. */
		if (item->kind == PREDICT_REFUSES)
			continue;
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
predict(struct prediction *prediction, const struct compare_sides *sides, int target, const struct predict_ups *ups)
{
	struct predict_work work = {.result = prediction,.facts = {.known = sides->history,.live = sides->live,.ups = ups},
		.server = fact_servers_of(sides->live->server)
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
	predict_hidden(&work);
	sum_up(&work);
	predict_names_clear(&work.names);
	predict_facts_clear(&work.facts);
	mem_free(work.taken);
	mem_free(work.notes);
	mem_free(work.differences);
}
