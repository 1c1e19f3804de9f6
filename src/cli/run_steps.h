/*
 * run_steps.h - the common part of "upgrade" and "downgrade": check, ask, and run the steps.
 *
 * It does not decide on the steps, and does not print the final result.
 */
#ifndef RUN_STEPS_H
#define RUN_STEPS_H

#include <stdbool.h>

#include "history/steps.h"
#include "migrate/migrator.h"

/*
 * run_steps - make every check that may refuse the run, have the loss of data confirmed, transfer ownership, then run
 * the steps up or down to version `target`. Prints a line before, and a line for each step. Returns an exit status:
 * STATUS_OK; STATUS_UNKNOWN if nothing was changed; STATUS_FAILED otherwise. Errors are reported.
 */
int			run_steps(struct migrator *migrator, const struct steps *steps, bool up, int target);

#endif
