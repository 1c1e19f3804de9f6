/*
 * state.h - the facts of one version as each class of servers prints them; what migrations/SCHEMA says of a version,
 * and how that is brought up to date and written. Pure.
 */
#ifndef MEASURE_STATE_H
#define MEASURE_STATE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

/* The definition by each class of servers that prints facts its own way. NULL: not known; STATE_ABSENT: not there. */
struct state_fact {
	enum fact_kind kind;
	const char *name;
	const char *texts[FACT_SERVERS_CLASSES];
};

extern const char STATE_ABSENT[];

/* Ordered by kind and name. Zero is empty. */
struct state {
	struct arena arena;
	size_t		count;
	struct state_fact *facts;
};

/* state_of_history - the facts of a version; borrows the strings. */
void		state_of_history(struct state *state, const struct fact_history *history, int version);

/*
 * state_merge - what is known after the class of servers with the bit `servers` has printed the facts `live` at a
 * version. Of other classes it is what `old` knows of this version, or else `previous` of the one before, in facts that
 * servers 15 print as they did; either may be NULL. The strings are copied.
 */
void		state_merge(struct state *state, const struct fact_set *live, unsigned servers, const struct state *old,
						const struct state *previous);

/* state_write - write the lines "-", "+" and "~" that lead from one state to another. */
void		state_write(FILE *stream, const struct state *before, const struct state *after);

/*
 * state_check - do the facts that a class of servers prints agree with the state? Prints a line for each that does not,
 * and returns their number.
 */
size_t		state_check(const struct state *state, const struct fact_set *live, unsigned servers, int version);

/*
 * state_check_forms - can the forms of other servers be right? Those of servers 15 and 18 differ in no plain property,
 * and only in parentheses and names of tables where an expression is printed. Of others nothing is known: *unchecked
 * is set. Prints a line for each form that is wrong, and returns their number.
 */
size_t		state_check_forms(const struct state *state, const struct fact_set *live, unsigned servers, int version,
							  bool *unchecked);

/* state_clear - free it. */
void		state_clear(struct state *state);

#endif
