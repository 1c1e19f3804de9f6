/*
 * given_facts.h - a live database and a history made by hand, as lines of migrations/SCHEMA.
 */
#ifndef GIVEN_FACTS_H
#define GIVEN_FACTS_H

#include <stdbool.h>

#include "history/history.h"
#include "schema/compare.h"
#include "schema/fact_history.h"
#include "schema/live.h"

struct given_facts {
	struct live live;
	struct fact_history known;
	const char *roles[2];
	struct live_dependent dependents[1];	/* view user_of_t uses column t.used */
	struct compare_sides sides;
};

/*
 * given_facts_make - `live` has a fact in each line, of a server with roles apache and reader; `known` is a history,
 * in which "version N" is short for the whole line. End it with given_facts_clear.
 */
void		given_facts_make(struct given_facts *given, const char *live, const char *known, int server);
void		given_facts_clear(struct given_facts *given);

/* given_facts_unsaid - for struct predict_ups: no text of an up section says this. */
bool		given_facts_unsaid(int version, const char *name);

#endif
