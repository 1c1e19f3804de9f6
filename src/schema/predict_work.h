/*
 * predict_work.h - the state of a prediction, and what of it concerns the migrations on the way, for predict.c. Pure.
 */
#ifndef PREDICT_WORK_H
#define PREDICT_WORK_H

#include <stdbool.h>

#include "schema/fact_history.h"
#include "schema/predict.h"
#include "schema/predict_facts.h"
#include "schema/predict_names.h"

struct predict_work {
	struct prediction *result;
	struct predict_facts facts;
	struct predict_names names;	/* of the live facts */
	unsigned	server;
	long	   *differences;	/* the change of their number from the version before */
	long	   *notes;			/* the same of the notes */
	/* for each live fact: the versions from the first to the second at which it is another one's, under its own name */
	int		   *taken;			/* both 0: none */
};

/* predict_add - append an item, unless it is about no version. */
void		predict_add(struct predict_work *work, struct predict_item item);

/* predict_is_invalid - is the live fact an invalid index, as an interrupted build leaves it? */
bool		predict_is_invalid(const struct predict_fact *fact);

/* predict_is_rebuilt - is it one, which the migration to `version` builds again? */
bool		predict_is_rebuilt(const struct predict_work *work, const struct predict_fact *fact, int version);

/*
 * predict_taken - append that a migration is to create the fact, whose name is another object's. Returns whether it is
 * missing and its name is taken.
 */
bool		predict_taken(struct predict_work *work, const struct predict_fact *fact);

/* predict_way - append what else of one fact makes a migration fail. */
void		predict_way(struct predict_work *work, const struct predict_fact *fact);

/* predict_needs - append the objects that migrations need and that will be missing then. */
void		predict_needs(struct predict_work *work);

/* predict_hidden - append the tables of which migrations change rows that policies may hide from their owner. */
void		predict_hidden(struct predict_work *work);

/* predict_dependents - append the columns that migrations alter, and on which objects depend that are in no version. */
void		predict_dependents(struct predict_work *work);

#endif
