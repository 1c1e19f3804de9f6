/*
 * predict_names.h - names of relations and types that are taken, for predict.c. Pure.
 *
 * In a schema, tables, views, sequences, composite types and indexes (also those of constraints) share their names; so
 * do types, and tables and views, since these are types, too.
 */
#ifndef PREDICT_NAMES_H
#define PREDICT_NAMES_H

#include <stddef.h>

#include "schema/fact.h"

struct predict_name;

/* Zero is empty. */
struct predict_names {
	size_t		count;
	struct predict_name *names;
};

/*
 * predict_names_make - the names of the facts, which are borrowed. *names is overwritten; predict_names_clear: free it.
 */
void		predict_names_make(struct predict_names *names, const struct fact_set *facts);
void		predict_names_clear(struct predict_names *names);

/*
 * predict_names_next - the next fact whose name prevents the creation of `fact`, from *at on, which begins as 0. Not
 * that of the same kind and name. NULL: there is none.
 */
const struct fact *predict_names_next(const struct predict_names *names, const struct fact *fact, size_t *at);

#endif
