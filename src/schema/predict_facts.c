/* The runs and claims of a fact. */
#include "schema/predict_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_harmless.h"
#include "schema/compare_pairs.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

/* --- claims --- */

static int
compare_claims(const void *left, const void *right)
{
	const struct fact_claim *a = *(const struct fact_claim *const *) left;
	const struct fact_claim *b = *(const struct fact_claim *const *) right;
	int			order = fact_order(&a->fact, &b->fact);

	return order ? order : a->version - b->version;
}

void
predict_facts_sort(struct predict_facts *facts)
{
	const struct fact_history *known = facts->known;

	facts->claims = mem_alloc((known->claim_count + 1) * sizeof(const struct fact_claim *));
	for (size_t i = 0; i < known->claim_count; i++)
		if (known->claims[i].kind != FACT_NEEDS)
			facts->claims[facts->claim_count++] = &known->claims[i];
	if (facts->claim_count > 0)
		qsort(facts->claims, facts->claim_count, sizeof(const struct fact_claim *), compare_claims);
}

/* The last claim about a fact before version `end`; a FACT_LEAVES must leave it as it is (`live`). NULL: none. */
const struct fact_claim *
predict_last_claim(const struct predict_facts *facts, enum fact_claim_kind claim, enum fact_kind kind, const char *name,
				   int end,
		   const struct fact *live)
{
	struct fact fact = {kind, name, ""};
	size_t		first = 0;
	size_t		past = facts->claim_count;

	/* The first one that is after the fact, or not before the version. */
	while (first < past) {
		size_t		middle = first + (past - first) / 2;
		int			order = fact_order(&facts->claims[middle]->fact, &fact);

		if (order < 0 || (order == 0 && facts->claims[middle]->version < end))
			first = middle + 1;
		else
			past = middle;
	}
	for (; first > 0 && fact_order(&facts->claims[first - 1]->fact, &fact) == 0; first--)
		if (facts->claims[first - 1]->kind == claim
			&& (!live || compare_text_same(live, &facts->claims[first - 1]->fact)))
			return facts->claims[first - 1];
	return NULL;
}

/* The table or type that a fact belongs to, if that is not there: *name is a new string; otherwise false. */
bool
predict_missing_container(const struct predict_facts *facts, const struct predict_fact *fact, enum fact_kind *kind,
						  char **name)
{
	static const enum fact_kind kinds[] = {FACT_TABLE, FACT_VIEW, FACT_MATERIALIZED_VIEW, FACT_TYPE};
	struct fact named = {fact->kind, fact->name, fact->count ? fact->runs[fact->count - 1].texts[0].definition : ""};
	size_t		length = fact_parent(&named);
	struct fact_property owner;

	*name = NULL;
	if (length > 0)
		*name = mem_copy(fact->name, length);
	else if (fact->kind == FACT_SEQUENCE && (length = compare_owner_table(named.definition, &owner)) > 0)
		*name = mem_copy(owner.value, length);
	*kind = fact_parent_kind(fact->kind);
	for (size_t i = 0; *name && i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((kinds[i] == FACT_TYPE) == (*kind == FACT_TYPE) && fact_find(&facts->live->facts, kinds[i], *name)) {
			mem_free(*name);
			*name = NULL;
		}
	return *name != NULL;
}

static int
ensured_at(const struct predict_facts *facts, enum fact_kind kind, const char *name, int end)
{
	const struct fact_claim *claim = predict_last_claim(facts, FACT_ENSURES, kind, name, end, NULL);

	return claim ? claim->version : 0;
}

/* Is this the type of a column, or that of its elements? */
static bool
is_of_type(const struct fact_run *column, const char *type)
{
	size_t		length = strlen(type);
	const char *definition = column->texts[0].definition;

	return strncmp(definition, type, length) == 0
		&& (strcspn(definition + length, "\t") == 0 || strncmp(definition + length, "[]", 2) == 0);
}

/*
 * The first of the versions whose migrations create the tables that have columns of a type at version `end` - 1, if all
 * those tables are missing: they create the type, too. 0: a table is there, or not created, or there is none.
 */
static int
tables_ensured_at(const struct predict_facts *facts, const char *type, int end)
{
	int			first = 0;

	for (size_t i = 0; i < facts->known->run_count; i++) {
		const struct fact_run *run = &facts->known->runs[i];
		int			ensured = 0;
		char	   *table;

		if (run->kind != FACT_COLUMN || run->from >= end || run->to < end || !is_of_type(run, type))
			continue;
		table = mem_copy(run->name, fact_parent(&(struct fact) {FACT_COLUMN, run->name, ""}));
		if (!fact_find(&facts->live->facts, FACT_TABLE, table))
			ensured = ensured_at(facts, FACT_TABLE, table, end);
		mem_free(table);
		if (ensured == 0)
			return 0;
		first = first == 0 || ensured < first ? ensured : first;
	}
	return first;
}

/* A table is created with its columns, indexes and so on, and with the types of its columns. */
int
predict_whole_at(const struct predict_facts *facts, const struct predict_fact *fact, int end)
{
	enum fact_kind kind;
	char	   *name;
	int			version = 0;

	if (predict_missing_container(facts, fact, &kind, &name)) {
		version = ensured_at(facts, kind, name, end);
		if (version == 0 && kind == FACT_TYPE)
			version = tables_ensured_at(facts, name, end);
	} else if (fact->kind == FACT_TYPE && !fact->live)
		version = tables_ensured_at(facts, fact->name, end);
	mem_free(name);
	return version;
}

int
predict_ensured_at(const struct predict_facts *facts, const struct predict_fact *fact, int end)
{
	int			own = ensured_at(facts, fact->kind, fact->name, end);
	int			whole = predict_whole_at(facts, fact, end);

	return whole > own ? whole : own;
}

/* --- runs --- */

size_t
predict_shape(const struct predict_facts *facts, const struct fact *live, const struct fact_run *run,
			  struct compare_text texts[COMPARE_TEXT_MOST])
{
	size_t		count = compare_text(live, run, facts->live->server, texts);
	size_t		kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!texts[i].unknown && compare_is_shape(run->kind, texts[i].label, texts[i].label_length)
			&& !compare_is_harmless(run->kind, &texts[i]))
			texts[kept++] = texts[i];
	return kept;
}

/* The run that a version has; NULL: none. */
const struct fact_run *
predict_run_at(const struct predict_fact *fact, int version)
{
	for (size_t i = 0; i < fact->count; i++)
		if (fact->runs[i].from <= version && version < fact->runs[i].to)
			return &fact->runs[i];
	return NULL;
}

/* The first of the runs that are without a gap before this one. */
const struct fact_run *
predict_chain_start(const struct predict_fact *fact, const struct fact_run *run)
{
	while (run > fact->runs && run[-1].to == run->from)
		run--;
	return run;
}

/* The version at which the run before the chain ended; 0: there is none. */
int
predict_end_before(const struct predict_fact *fact, const struct fact_run *start)
{
	return start > fact->runs ? start[-1].to : 0;
}

int
predict_changed_at(const struct predict_fact *fact, const struct fact_run *run, const struct compare_text *text)
{
	const struct fact_run *start = predict_chain_start(fact, run);
	struct compare_text texts[COMPARE_TEXT_MOST];

	for (; run > start; run--) {
		struct fact form = {run->kind, run->name, run->texts[0].definition};
		size_t		count = compare_text(&form, run - 1, FACT_NEWEST_MAJOR * 10000, texts);

		for (size_t i = 0; i < count; i++)
			if (texts[i].label_length == text->label_length
				&& memcmp(texts[i].label, text->label, text->label_length) == 0)
				return run->from;
	}
	return predict_end_before(fact, start);
}

/* The runs of the fact with this name. */
struct predict_fact
predict_find(const struct predict_facts *facts, enum fact_kind kind, const char *name)
{
	struct predict_fact fact = {.kind = kind,.name = name};
	size_t		first = 0;
	size_t		end = facts->known->run_count;

	while (first < end) {
		size_t		middle = first + (end - first) / 2;
		const struct fact_run *run = &facts->known->runs[middle];

		if (fact_order(&(struct fact) {kind, name, ""}, &(struct fact) {run->kind, run->name, ""}) > 0)
			first = middle + 1;
		else
			end = middle;
	}
	fact.runs = &facts->known->runs[first];
	while (first + fact.count < facts->known->run_count && fact.runs[fact.count].kind == kind
		   && strcmp(fact.runs[fact.count].name, name) == 0)
		fact.count++;
	fact.live = fact_find(&facts->live->facts, kind, name);
	return fact;
}

int
predict_stays_from(const struct predict_facts *facts, const struct fact *live, int version)
{
	struct predict_fact known = predict_find(facts, live->kind, live->name);
	char	   *table = mem_copy(live->name, fact_parent(live));
	struct predict_fact whole = predict_find(facts, FACT_TABLE, table);
	int			first = 0;

	for (size_t i = 0; i < known.count; i++)
		if (known.runs[i].from < version && known.runs[i].to > first)
			first = known.runs[i].to;
	for (size_t i = 0; i < whole.count; i++)
		if (whole.runs[i].from < version && whole.runs[i].to <= version && whole.runs[i].to > first)
			first = whole.runs[i].to;
	mem_free(table);
	return first;
}

bool
predict_was_run(const struct predict_facts *facts, const struct fact_run *ended, int version)
{
	bool		any = false;

	if (ended->to != version || !facts->known->versions[version].repeatable)
		return false;
	for (size_t i = 0; i < facts->known->run_count; i++) {
		const struct fact_run *run = &facts->known->runs[i];

		if (run->from != version || fact_run_before(facts->known, run) || !compare_is_shape(run->kind, NULL, 0)
			|| (run->absent & fact_servers_of(facts->live->server)))
			continue;
		if (!fact_find(&facts->live->facts, run->kind, run->name))
			return false;
		any = true;
	}
	return any;
}

/* The main property. */
static bool
same_type(const char *one, const char *other)
{
	size_t		length = strcspn(one, "\t");

	return length == strcspn(other, "\t") && memcmp(one, other, length) == 0;
}

/* The table or type that a fact of a run is a part of, with which it may be created; NULL, or a new string. */
static char *
container_of(const struct fact_run *run, enum fact_kind *kind)
{
	const char *definition = run->texts[0].definition;
	struct fact_property owner;
	size_t		length = run->kind == FACT_SEQUENCE ? compare_owner_table(definition, &owner) : 0;

	*kind = fact_parent_kind(run->kind);
	if (length > 0)
		return mem_copy(owner.value, length);
	length = fact_parent(&(struct fact) {run->kind, run->name, definition});
	return length > 0 && (*kind == FACT_TYPE || run->kind == FACT_COLUMN || run->kind == FACT_CONSTRAINT)
		? mem_copy(run->name, length) : NULL;
}

bool
predict_is_early(const struct predict_facts *facts, const struct fact_run *start)
{
	enum fact_kind kind;
	char	   *name = container_of(start, &kind);
	struct predict_fact whole = {0};
	const struct fact_run *run;

	if (name && !fact_history_gives(facts->known, start))
		whole = predict_find(facts, kind, name);
	run = whole.live ? predict_run_at(&whole, start->from) : NULL;
	mem_free(name);
	/* A foreign key to a table that is not there cannot be added before the migration that creates it. */
	return run && predict_chain_start(&whole, run)->from == start->from
		&& compare_can_refer(&facts->live->facts, &(struct fact) {start->kind, start->name, start->texts[0].definition});
}

bool
predict_part_moves(const struct predict_facts *facts, const struct fact_run *part)
{
	enum fact_kind kind;
	char	   *name = container_of(part, &kind);
	bool		ends = false;
	bool		begins = false;

	for (size_t i = 0; name && kind == FACT_TYPE && fact_find(&facts->live->facts, kind, name)
		 && i < facts->known->run_count; i++) {
		const struct fact_run *run = &facts->known->runs[i];

		if (run->kind == FACT_TYPE && run->to == part->to && strcmp(run->name, name) == 0)
			ends = true;
		if (run->kind == FACT_TYPE && run->from == part->to && strcmp(run->name, name) != 0
			&& !fact_find(&facts->live->facts, FACT_TYPE, run->name))
			begins = true;
	}
	mem_free(name);
	return ends && begins;
}

/* The claim of the up to `version` itself; NULL: it makes none. */
static const struct fact_claim *
claim_of_up(const struct predict_facts *facts, enum fact_claim_kind claim, enum fact_kind kind, const char *name,
			int version)
{
	for (size_t i = 0; i < facts->claim_count; i++) {
		const struct fact_claim *found = facts->claims[i];

		if (found->kind == claim && !found->down && found->version == version && found->fact.kind == kind
			&& strcmp(found->fact.name, name) == 0)
			return found;
	}
	return NULL;
}

/*
 * Does the migration to `version` only rename a column of this form? Where it renames the type, too, the column has
 * another one, but the table is not rewritten.
 */
static bool
is_renamed(const struct predict_facts *facts, const struct fact_run *run, int version)
{
	const struct fact_claim *claim = claim_of_up(facts, FACT_RENAMES, FACT_COLUMN, run->name, version);
	char	   *table;
	bool		rewritten;

	if (!claim)
		return false;
	table = mem_copy(run->name, fact_parent(&claim->fact));
	rewritten = claim_of_up(facts, FACT_REWRITES, FACT_TABLE, table, version) != NULL;
	mem_free(table);
	return !rewritten;
}

bool
predict_alters(const struct predict_facts *facts, const struct predict_fact *column, size_t run)
{
	const struct fact_run *old = &column->runs[run];
	const struct fact_run *new = run + 1 < column->count && old[1].from == old->to ? &old[1] : NULL;

	if (!new)
		return !is_renamed(facts, old, old->to);
	return !same_type(old->texts[0].definition, new->texts[0].definition)
		&& (!same_type(column->live->definition, new->texts[0].definition)
			|| facts->ups->retypes(old->to, old->name));
}

bool
predict_is_foreign(const struct predict_fact *column)
{
	for (size_t i = 0; i < column->count; i++)
		if (same_type(column->live->definition, column->runs[i].texts[0].definition))
			return false;
	return true;
}

void
predict_facts_clear(struct predict_facts *facts)
{
	mem_free(facts->claims);
	*facts = (struct predict_facts) {0};
}

struct predict_fact
predict_next_fact(const struct fact_history *known, const struct compare_pair *pair, size_t *k)
{
	int			order = !pair ? 1 : *k == known->run_count ? -1
		: fact_order(pair->is, &(struct fact) {known->runs[*k].kind, known->runs[*k].name, ""});
	struct predict_fact fact = {.runs = known->runs + *k};

	if (order <= 0) {
		fact.kind = pair->kind;
		fact.name = pair->name;
		fact.live = pair->is;
	} else {
		fact.kind = fact.runs->kind;
		fact.name = fact.runs->name;
	}
	while (order >= 0 && *k < known->run_count && known->runs[*k].kind == fact.kind
		   && strcmp(known->runs[*k].name, fact.name) == 0) {
		fact.count++;
		(*k)++;
	}
	return fact;
}
