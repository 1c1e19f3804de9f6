/*
 * measure_read.h - take a snapshot (look.h): queries that are appended to a pipeline, and their results.
 *
 * They run between the statements of a script, in its transaction and with its search path: so they lock no user table,
 * and name every schema.
 */
#ifndef MEASURE_READ_H
#define MEASURE_READ_H

#include "pg/pipeline.h"
#include "shadow/look.h"

/* measure_read_add - append the queries; returns where in the batch they begin. */
size_t		measure_read_add(struct pipeline *pipeline);

/* measure_read_take - what they have found; *look is overwritten, and to be cleared. */
void		measure_read_take(struct look *look, const struct pipeline *pipeline, size_t first);

/* measure_read_add_locks - append a query for the locks that process $1, a decimal number, holds or waits for. */
void		measure_read_add_locks(struct pipeline *pipeline, const char *pid);

/*
 * measure_read_take_locks - add what it has found to look->locks. Is the process waiting for a lock?
 */
bool		measure_read_take_locks(struct look *look, const struct pipeline_command *command);

/* measure_read_add_setup - append what the queries need: that it is noted which rows are changed and tables emptied. */
void		measure_read_add_setup(struct pipeline *pipeline);

/* measure_read_add_triggers - append the same for the tables that have come since. */
void		measure_read_add_triggers(struct pipeline *pipeline);

#endif
