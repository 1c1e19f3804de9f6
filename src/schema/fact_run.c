/* Find the runs of a history, for fact_history.h. */
#include <stdlib.h>
#include <string.h>

#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

void
fact_history_at(struct fact_set *set, const struct fact_history *history, int version, unsigned servers)
{
	*set = (struct fact_set) {0};
	for (size_t i = 0; i < history->run_count; i++) {
		const struct fact_run *run = &history->runs[i];
		const struct fact_text *text = &run->texts[0];

		if (run->from > version || run->to <= version || (run->absent & servers))
			continue;
		for (size_t k = 0; k < run->count; k++)
			if (run->texts[k].servers & servers) {
				text = &run->texts[k];
				break;
			}
		fact_add(set, run->kind, run->name, text->definition);
	}
}

/* `left` is only a key: a fact, and the version that is looked for. */
static int
compare_with_run(const void *left, const void *right)
{
	const struct fact_run *key = left;
	const struct fact_run *run = right;
	struct fact fact = {run->kind, run->name, ""};
	int			order = fact_order(&(struct fact) {key->kind, key->name, ""}, &fact);

	return order ? order : (key->from >= run->to) - (key->from < run->from);
}

const struct fact_run *
fact_history_run(const struct fact_history *history, enum fact_kind kind, const char *name, int version)
{
	struct fact_run key = {.kind = kind,.name = name,.from = version};

	return history->run_count > 0 ? bsearch(&key, history->runs, history->run_count, sizeof(key), compare_with_run)
		: NULL;
}

/* Is the next run the same fact, without a gap? The runs of a fact are neighbours. */
static bool
goes_on(const struct fact_run *run)
{
	return run[1].from == run->to && run[1].kind == run->kind && strcmp(run[1].name, run->name) == 0;
}

const struct fact_run *
fact_run_before(const struct fact_history *history, const struct fact_run *run)
{
	return run > history->runs && goes_on(run - 1) ? run - 1 : NULL;
}

const struct fact_run *
fact_run_after(const struct fact_history *history, const struct fact_run *run)
{
	return run + 1 < history->runs + history->run_count && goes_on(run) ? run + 1 : NULL;
}

bool
fact_history_gives(const struct fact_history *history, const struct fact_run *run)
{
	bool		gives = false;

	for (size_t i = 0; i < history->claim_count && !gives; i++)
		gives = history->claims[i].kind == FACT_ENSURES && history->claims[i].version == run->from
			&& history->claims[i].fact.kind == run->kind && strcmp(history->claims[i].fact.name, run->name) == 0;
	return gives;
}

const char *
fact_claim_to(const struct fact_claim *claim)
{
	static const char to[] = "to: ";

	return strncmp(claim->fact.definition, to, strlen(to)) == 0 ? claim->fact.definition + strlen(to) : "";
}

bool
fact_history_replaces(const struct fact_history *history, const struct fact_claim *claim, const struct fact_set *facts)
{
	bool		replaces = false;

	for (size_t i = 0; claim->kind == FACT_REPLACES && i < history->claim_count && !replaces; i++) {
		const struct fact_claim *renames = &history->claims[i];

		replaces = renames->kind == FACT_RENAMES && !renames->down && renames->version == claim->version
			&& renames->fact.kind == FACT_TABLE
			&& strcmp(fact_claim_to(renames), claim->fact.name) == 0
			&& fact_find(facts, FACT_TABLE, renames->fact.name) && fact_find(facts, FACT_TABLE, claim->fact.name);
	}
	return replaces;
}
