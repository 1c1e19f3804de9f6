/*
 * repair_step.h - run one step of a repair: each of its transactions is committed by itself, and logged.
 */
#ifndef REPAIR_STEP_H
#define REPAIR_STEP_H

#include <stdbool.h>

#include "migrate/migrator.h"
#include "schema/live.h"
#include "schema/repair_plan.h"

/*
 * repair_step_run - run the statements of a step for a database at `version`, whose schema before it is `live`. They
 * are retried if a lock timed out. Returns false, reported and logged, on failure: the statements before the one that
 * failed are committed, and the step can be planned again.
 */
bool		repair_step_run(struct migrator *migrator, const struct repair_step *step, int version,
							const struct live *live);

/* repair_step_end_interrupted - log that earlier repairs, which ended without a word, were interrupted. */
void		repair_step_end_interrupted(struct migrator *migrator);

#endif
