/*
 * downs.h - measure on a throwaway server which facts each statement of a down removes and adds.
 */
#ifndef MEASURE_DOWNS_H
#define MEASURE_DOWNS_H

#include <stdbool.h>
#include <stdio.h>

#include "measure/server.h"
#include "schema/fact.h"
#include "schema/live.h"

struct downs {
	const struct fact_set *now;		/* the facts of the version */
	const struct fact_set *before;	/* and of the version before */
	struct live live;			/* the facts after the last statement; nothing before the first */
	char	   *text;			/* the lines of migrations/SCHEMA; NULL: none */
};

/*
 * downs_read - read the facts after statement `number` of the down, from 0, has been tried, and add what it has changed
 * to the text. Before the first statement the database has the facts `now`. False, and reported, on failure.
 */
bool		downs_read(struct downs *downs, struct server *server, size_t number);

/* downs_clear - free the text and the facts. */
void		downs_clear(struct downs *downs);

#endif
