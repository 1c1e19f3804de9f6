/*
 * measure.h - run a migration in a scratch database, and measure the effects of each statement on existing tables.
 *
 * Nothing is guessed from the SQL: the server reports locks, scans and rewrites. The tables are empty, so it is fast.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>

#include "history/steps.h"
#include "plan/effects.h"
#include "shadow/look.h"
#include "shadow/shadow.h"

struct measure {
	struct shadow *shadow;
	struct session observer;	/* a second session in it, for what cannot be in a transaction */
	struct look origin;			/* how it was before the first migration that was measured */
};

/* measure_open - get ready to measure in the shadow, which has a schema. False, and reported, on failure. */
bool		measure_open(struct measure *measure, struct shadow *shadow);

/*
 * measure_step - run the step's migration up, the grants behind it included, and measure it. Of a migration in single
 * statements so many as step->done are run, but not measured. False, and reported, when that was not possible, or on a
 * stop; that a statement fails is a measurement too. *measurement is overwritten; clear it in any case.
 */
bool		measure_step(struct measure *measure, const struct steps_item *step, struct effects *measurement);

void		measure_close(struct measure *measure);

#endif
