/*
 * probe_read.h - read the state of the database: commands that are appended to a pipeline, and their results.
 *
 * They run between the statements of a script, in its transaction and with its search path. So they are functions of a
 * schema of their own, and lock no user's table.
 */
#ifndef MEASURE_PROBE_READ_H
#define MEASURE_PROBE_READ_H

#include "base/arena.h"
#include "measure/probe.h"
#include "pg/pipeline.h"

/* probe_read_add_setup - append the commands that create the functions and what they need; `server` is its version. */
void		probe_read_add_setup(struct pipeline *pipeline, int server);

/* probe_read_add_triggers - append the command that makes it noted which rows of the tables are changed. */
void		probe_read_add_triggers(struct pipeline *pipeline);

/*
 * probe_read_add - append a probe: of all tables, or only of those that the session has locked and that are not newer
 * than the number `newest`, with the notes since number `noted`. probe_read_take - what it has found: *probe is
 * overwritten, *noted is advanced, and names are put into the arena.
 */
void		probe_read_add(struct pipeline *pipeline, bool all, unsigned newest, long noted);
void		probe_read_take(struct probe *probe, struct arena *arena, const struct pipeline_command *command,
							long *noted);

/*
 * probe_read_add_counts, probe_read_take_counts - at the beginning of a transaction, the state of which *probe is: what
 * has been counted already, and no locks.
 */
void		probe_read_add_counts(struct pipeline *pipeline);
void		probe_read_take_counts(struct probe *probe, const struct pipeline_command *command);

/* probe_read_add_locks - append a query for the locks that process $1, a decimal number, holds or waits for. */
void		probe_read_add_locks(struct pipeline *pipeline, const char *pid);

/* probe_read_take_locks - add what it has found to probe->locks. Is the process waiting for a lock? */
bool		probe_read_take_locks(struct probe *probe, const struct pipeline_command *command);

#endif
