/*
 * measure_private.h - shared by the files measure*.c only.
 */
#ifndef MEASURE_PRIVATE_H
#define MEASURE_PRIVATE_H

#include "pg/pipeline.h"
#include "shadow/measure.h"
#include "shadow/measure_read.h"

/* One migration that is being measured. */
struct run {
	struct measure *measure;
	struct session *session;	/* the shadow's */
	struct effects *measurement;
	struct look start;			/* when the migration began */
	struct look before;			/* the current statement */
};

enum run_outcome {
	RUN_DONE,
	RUN_FAILED,					/* by the server: noted in the measurement */
	RUN_OVER					/* there is no going on; reported */
};

/*
 * measure_run - run a batch in the shadow, which a signal cancels; fills in *failed where the result is not RUN_DONE.
 */
enum run_outcome measure_run(struct session *session, struct pipeline *pipeline,
							 const struct pipeline_command **failed);

/* measure_note_failure - note it in the measurement. */
void		measure_note_failure(struct run *run, const struct pipeline_error *error);

/* measure_add_settings - what a script's session begins with. */
void		measure_add_settings(struct run *run, struct pipeline *pipeline);

/* measure_add_statement - append it. */
void		measure_add_statement(const struct run *run, struct pipeline *pipeline, size_t number);

/*
 * measure_compare - note what the statement has done, from run->before to *after; which then is the next one's before.
 */
void		measure_compare(struct run *run, size_t number, struct look *after);

/* measure_keep_settings - of the settings that a statement has changed, keep those that are still so at the end. */
void		measure_keep_settings(struct effects_statement *statement, const struct look *begin,
								  const struct look *end);

/*
 * measure_hear - for connection_set_notice_handler, with the statement: remember that the server has cut an identifier.
 */
void		measure_hear(void *argument, const char *sqlstate, const char *message);

/* measure_apart - run and measure a statement that cannot be in a transaction. */
enum run_outcome measure_apart(struct run *run, size_t number);

#endif
