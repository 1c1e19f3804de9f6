/* Measure the effects of a migration in a scratch database. */
#include "shadow/measure.h"

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "plan/effects.h"
#include "shadow/look.h"
#include "shadow/measure_private.h"
#include "shadow/measure_read.h"
#include "shadow/shadow.h"

#include "base/banned.h"

/* A batch that is not the migration's own, and so must not fail. With `look`, it ends with one. */
static enum run_outcome
run_own(struct run *run, struct pipeline *pipeline, struct look *look)
{
	size_t		first = look ? measure_read_add(pipeline) : 0;
	const struct pipeline_command *failed;
	enum run_outcome outcome = measure_run(run->session, pipeline, &failed);

	if (outcome == RUN_FAILED) {
		report_error("could not measure in the scratch database: %s", failed->error.message);
		outcome = RUN_OVER;
	} else if (outcome == RUN_DONE && look) {
		look_clear(look);
		measure_read_take(look, pipeline, first);
	}
	pipeline_clear(pipeline);
	return outcome;
}

static enum run_outcome
begin(struct run *run)
{
	struct pipeline pipeline = {0};

	measure_add_settings(run, &pipeline);
	pipeline_add(&pipeline, "BEGIN", 0);
	return run_own(run, &pipeline, &run->before);
}

static enum run_outcome
roll_back(struct run *run)
{
	struct pipeline pipeline = {0};

	pipeline_add(&pipeline, "ROLLBACK", 0);
	return run_own(run, &pipeline, NULL);
}

/*
 * One statement in the open transaction; which is rolled back where it fails. *apart, unless NULL: it fails because of
 * the transaction, and that is not noted.
 */
static enum run_outcome
statement_within(struct run *run, size_t number, bool *apart)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	enum run_outcome outcome;
	size_t		first;

	measure_add_statement(run, &pipeline, number);
	first = measure_read_add(&pipeline);
	outcome = measure_run(run->session, &pipeline, &failed);
	if (outcome == RUN_DONE) {
		struct look	after;

		measure_read_take(&after, &pipeline, first);
		measure_compare(run, number, &after);
	} else if (outcome == RUN_FAILED) {
		if (apart && pipeline_error_is(&failed->error, SQLSTATE_ACTIVE_SQL_TRANSACTION))
			*apart = true;
		else
			measure_note_failure(run, &failed->error);
		if (roll_back(run) != RUN_DONE)
			outcome = RUN_OVER;
	}
	pipeline_clear(&pipeline);
	return outcome;
}

/* Commit what is open, and look what the statements from `first` on have left of the session's settings. */
static enum run_outcome
commit(struct run *run, size_t first)
{
	struct effects *measurement = run->measurement;
	struct pipeline pipeline = {0};
	struct look end = {0};
	const struct pipeline_command *failed;
	enum run_outcome outcome;

	pipeline_add(&pipeline, "COMMIT", 0);
	outcome = measure_run(run->session, &pipeline, &failed);
	if (outcome == RUN_FAILED)
		measure_note_failure(run, &failed->error);
	pipeline_clear(&pipeline);
	if (outcome == RUN_DONE)
		outcome = run_own(run, &pipeline, &end);
	for (size_t i = first; outcome == RUN_DONE && i < measurement->count; i++)
		measure_keep_settings(&measurement->statements[i], &run->start, &end);
	look_clear(&end);
	return outcome;
}

/* Room for the next statement, which from now on is listened to. */
static size_t
next_statement(struct run *run)
{
	size_t		number = run->measurement->count++;

	connection_set_notice_handler(run->session->connection, measure_hear, &run->measurement->statements[number]);
	return number;
}

/* Begin with the first statement, and look only then: SET TRANSACTION must come before any query. */
static enum run_outcome
begin_with_first(struct run *run)
{
	struct pipeline pipeline = {0};
	const struct pipeline_command *failed;
	enum run_outcome outcome;
	size_t		first;

	measure_add_settings(run, &pipeline);
	pipeline_add(&pipeline, "BEGIN", 0);
	measure_add_statement(run, &pipeline, 0);
	first = measure_read_add(&pipeline);
	outcome = measure_run(run->session, &pipeline, &failed);
	if (outcome == RUN_DONE) {
		look_clear(&run->before);
		measure_read_take(&run->before, &pipeline, first);
	} else if (outcome == RUN_FAILED) {
		measure_note_failure(run, &failed->error);
		if (roll_back(run) != RUN_DONE)
			outcome = RUN_OVER;
	}
	pipeline_clear(&pipeline);
	return outcome;
}

static enum run_outcome
in_one_transaction(struct run *run, size_t count)
{
	enum run_outcome outcome = begin(run);
	bool		unlike = false;

	if (outcome == RUN_DONE && count > 0)
		outcome = statement_within(run, next_statement(run), &unlike);
	if (outcome == RUN_FAILED && unlike)
		outcome = begin_with_first(run);
	while (outcome == RUN_DONE && run->measurement->count < count)
		outcome = statement_within(run, next_statement(run), NULL);
	return outcome == RUN_DONE ? commit(run, 0) : outcome;
}

/* Each by itself: in a transaction, where more is to be seen, unless it cannot be in one. */
static enum run_outcome
in_single_statements(struct run *run, size_t count)
{
	enum run_outcome outcome = RUN_DONE;

	while (outcome == RUN_DONE && run->measurement->count < count) {
		size_t		number = next_statement(run);
		bool		apart = false;

		outcome = begin(run);
		if (outcome == RUN_DONE)
			outcome = statement_within(run, number, &apart);
		if (outcome == RUN_FAILED && apart)
			outcome = measure_apart(run, number);
		else if (outcome == RUN_DONE)
			outcome = commit(run, number);
	}
	return outcome;
}

/* Look how it is where the migration begins. */
static enum run_outcome
start(struct run *run)
{
	struct pipeline pipeline = {0};

	pipeline_add(&pipeline, "BEGIN", 0);
	session_add_own_settings(&pipeline);
	measure_read_add_triggers(&pipeline);
	pipeline_add(&pipeline, "COMMIT", 0)->sync_point = true;
	measure_add_settings(run, &pipeline);
	return run_own(run, &pipeline, &run->start);
}

/* Scans are what the server counts. */
static bool
warn_of_blindness(struct run *run)
{
	struct pipeline pipeline = {0};
	bool		looked;

	pipeline_add(&pipeline, "SELECT pg_catalog.current_setting('track_counts') = 'off'", 0);
	looked = session_query(run->session, &pipeline, "read the settings of the server");
	if (looked && pipeline_bool(&pipeline.commands[0], 0, 0)) {
		report_warning("table scans cannot be measured on this server, since its setting track_counts is off");
		report_hint("Give --shadow=CONNINFO with another server.");
	}
	pipeline_clear(&pipeline);
	return looked;
}

bool
measure_open(struct measure *measure, struct shadow *shadow)
{
	struct pipeline pipeline = {0};
	struct run	run = {.measure = measure,.session = &shadow->session};

	*measure = (struct measure) {.shadow = shadow};
	shadow_add_settings(shadow, &pipeline);
	pipeline_add(&pipeline, "BEGIN", 0);
	measure_read_add_setup(&pipeline);
	pipeline_add(&pipeline, "COMMIT", 0)->sync_point = true;
	if (run_own(&run, &pipeline, &measure->origin) != RUN_DONE)
		return false;
	return warn_of_blindness(&run);
}

bool
measure_step(struct measure *measure, const struct steps_item *step, struct effects *measurement)
{
	const struct history_section *up = &history_migration(step->version)->up;
	struct run	run = {.measure = measure,.session = &measure->shadow->session,.measurement = measurement};
	enum run_outcome outcome;

	*measurement = (struct effects) {
		.migration = history_migration(step->version),
		.first = step->done > 0 && (size_t) step->done <= up->count ? (size_t) step->done : 0,
		.statements = mem_alloc((up->count + 1) * sizeof(*measurement->statements)),
	};
	outcome = start(&run);
	if (outcome == RUN_DONE)
		outcome = up->transactional ? in_one_transaction(&run, up->count) : in_single_statements(&run, up->count);
	connection_set_notice_handler(run.session->connection, NULL, NULL);
	if (outcome == RUN_DONE && !shadow_grant(measure->shadow))
		outcome = RUN_OVER;
	if (outcome == RUN_DONE) {
		/* Behind the last statement nothing but privileges has changed. */
		look_find_unindexed(measurement, &run.before);
		measure->shadow->version = step->version;
	}
	for (size_t i = 0; i < measurement->first && i < measurement->count; i++)
		effects_statement_clear(&measurement->statements[i]);
	look_clear(&run.start);
	look_clear(&run.before);
	return outcome != RUN_OVER;
}

void
measure_close(struct measure *measure)
{
	session_close(&measure->observer);
	look_clear(&measure->origin);
}
