/*
 * predict_facts.h - the runs and claims of a fact, for predict.c. Pure.
 */
#ifndef PREDICT_FACTS_H
#define PREDICT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/compare_pairs.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

/* The runs of one fact, and the live fact. */
struct predict_fact {
	enum fact_kind kind;
	const char *name;
	const struct fact *live;	/* NULL: it is not there */
	size_t		count;
	const struct fact_run *runs;
};

struct predict_facts {
	const struct fact_history *known;
	const struct live *live;
	const struct predict_ups *ups;
	size_t		claim_count;
	const struct fact_claim **claims;	/* all but FACT_NEEDS, ordered by kind, name and version */
};

/* predict_facts_sort - sort the claims. predict_facts_clear: free that. */
void		predict_facts_sort(struct predict_facts *facts);
void		predict_facts_clear(struct predict_facts *facts);

/*
 * predict_last_claim - the last claim about a fact before version `end`; if `live` is not NULL, one that leaves the
 * fact as that is. NULL: there is none.
 */
const struct fact_claim *predict_last_claim(const struct predict_facts *facts, enum fact_claim_kind claim,
											enum fact_kind kind, const char *name, int end, const struct fact *live);

/*
 * predict_missing_container - is the table or type that a fact belongs to missing? *kind and *name, a new string or
 * NULL, are those of it.
 */
bool		predict_missing_container(const struct predict_facts *facts, const struct predict_fact *fact,
									  enum fact_kind *kind, char **name);

/*
 * predict_whole_at - the last version before `end` whose migration creates the missing table or type that the fact
 * belongs to, or all tables with columns of the missing type that it is; 0: none does.
 */
int			predict_whole_at(const struct predict_facts *facts, const struct predict_fact *fact, int end);

/*
 * predict_ensured_at - the last version before `end` whose migration creates the fact where it is missing, by itself or
 * with the whole; 0: none does.
 */
int			predict_ensured_at(const struct predict_facts *facts, const struct predict_fact *fact, int end);

/* predict_find - the runs of the fact with this name. */
struct predict_fact predict_find(const struct predict_facts *facts, enum fact_kind kind, const char *name);

/* predict_shape - the properties of the shape that differ, as far as they can be compared: how many. */
size_t		predict_shape(const struct predict_facts *facts, const struct fact *live, const struct fact_run *run,
						  struct compare_text texts[COMPARE_TEXT_MOST]);

/* predict_run_at - the run that a version has; NULL: none. */
const struct fact_run *predict_run_at(const struct predict_fact *fact, int version);

/* predict_chain_start - the first of the runs that are without a gap before this one. */
const struct fact_run *predict_chain_start(const struct predict_fact *fact, const struct fact_run *run);

/* predict_end_before - the version at which the run before the chain ended; 0: there is none. */
int			predict_end_before(const struct predict_fact *fact, const struct fact_run *start);

/*
 * predict_changed_at - the version from which on the property that differs has been as it is in `run`; the end of the
 * run before the chain: since the fact was created.
 */
int			predict_changed_at(const struct predict_fact *fact, const struct fact_run *run,
							   const struct compare_text *text);

/*
 * predict_stays_from - from which version on is a live object still there when the migration to `version` runs, as far
 * as the history says? It can be dropped by itself or with its table. From `version` on, it is not there.
 */
int			predict_stays_from(const struct predict_facts *facts, const struct fact *live, int version);

/*
 * predict_was_run - is a fact missing because the migration to `version`, which takes it away and can be repeated, has
 * been run already? Then all that the migration adds is there.
 */
bool		predict_was_run(const struct predict_facts *facts, const struct fact_run *ended, int version);

/*
 * predict_is_early - is a fact whose first run this is a column, constraint, label or the like of a table or type that
 * is created with it, but is there already? Then the migration does not create either.
 */
bool		predict_is_early(const struct predict_facts *facts, const struct fact_run *start);

/*
 * predict_part_moves - is a part of a live type to have the type's new name at the end of its run? The type ends then,
 * and another one, which is not there, begins.
 */
bool		predict_part_moves(const struct predict_facts *facts, const struct fact_run *part);

/*
 * predict_alters - does the migration at the end of a run drop the live column, or change its type, even to the current
 * type? A rename does neither.
 */
bool		predict_alters(const struct predict_facts *facts, const struct predict_fact *column, size_t run);

/* predict_is_foreign - has a live column a type that no version gives it? */
bool		predict_is_foreign(const struct predict_fact *column);

/*
 * predict_next_fact - the next name in the order of both: of the live fact of `pair`, unless that is NULL, and of the
 * history's runs from *k on, which is advanced. One of them exists.
 */
struct predict_fact predict_next_fact(const struct fact_history *known, const struct compare_pair *pair, size_t *k);

#endif
