/* plan: show what an upgrade would do: locks, rewrites, sizes of the tables, blocking sessions. */
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"
#include "history/lint_rule.h"
#include "history/steps.h"
#include "migrate/statements.h"
#include "migrate/task.h"
#include "pg/connection.h"
#include "pg/lock_mode.h"
#include "plan/blockers.h"
#include "plan/effects.h"
#include "plan/lint.h"
#include "plan/plan_report.h"
#include "plan/table_sizes.h"
#include "record/database.h"
#include "shadow/measure.h"
#include "shadow/shadow.h"

#include "base/banned.h"

/* A migration that fails in the scratch database is a result. With --lint, a rule may have reported it already. */
static bool
report_failure(const struct plan_report_migration *planned, bool lint)
{
	const struct effects *effects = &planned->effects;
	const struct history_migration *migration = effects->migration;

	if (!effects->failed || (lint && plan_report_breaks(planned, LINT_ENUM_VALUE_USED)))
		return false;
	report_error("migration %d \"%s\" would fail: %s (%s)", migration->version, migration->name, effects->message,
				 effects->sqlstate);
	if (effects->count > 0)
		report_detail("%s/%s, line %u. It failed in a scratch database; nothing was changed.", history.folder,
					  migration->source.file, migration->up.statements[effects->count - 1].line);
	return true;
}

/* Stops after a migration that fails. Returns false, reported, if measuring is not possible. */
static bool
measure_all(struct plan_report *report, struct shadow *shadow, const struct steps *steps)
{
	struct measure measure = {0};
	/* This holds for an incomplete down too: the whole up repairs it. */
	bool		done = shadow_build(shadow, steps->steps[0].version - 1) && measure_open(&measure, shadow);

	report->migrations = mem_alloc((steps->count + 1) * sizeof(*report->migrations));
	for (size_t i = 0; done && i < steps->count; i++) {
		struct plan_report_migration *planned = &report->migrations[report->count++];

		done = measure_step(&measure, &steps->steps[i], &planned->effects);
		planned->lint = lint_find(&planned->effects);
		if (planned->effects.failed)
			break;
	}
	measure_close(&measure);
	return done;
}

struct plan_requests {
	size_t		count;
	struct blockers_request *items;
};

/* CREATE INDEX CONCURRENTLY waits for all writers of the table, other concurrent statements for all its users. */
static void
add_requests(struct plan_requests *requests, const struct effects_table *table, bool concurrent)
{
	bool		builds = false;

	for (size_t i = 0; i < table->change_count; i++)
		if (table->changes[i].kind == EFFECTS_INDEX)
			builds = true;
	requests->items = mem_grow(requests->items, requests->count + 2, sizeof(*requests->items));
	if (table->origin && (table->lock != MODE_NONE || concurrent))
		requests->items[requests->count++] = (struct blockers_request) {
			.table = table->origin,
			.mode = !concurrent ? table->lock : builds ? MODE_SHARE : MODE_ACCESS_EXCLUSIVE
		};
	if (concurrent && builds)
		requests->items[requests->count++] = (struct blockers_request) {0};
}

/* Only for tables that were there before the first migration. */
static void
collect(struct plan_report *report, const struct effects *effects, struct plan_requests *requests)
{
	for (size_t i = effects->first; i < effects->count; i++) {
		const struct effects_statement *statement = &effects->statements[i];
		bool		concurrent = statement->apart && effects->migration->up.statements[i].concurrent;

		for (size_t k = 0; k < statement->table_count; k++) {
			add_requests(requests, &statement->tables[k], concurrent);
			if (statement->tables[k].origin)
				table_sizes_add(&report->sizes, statement->tables[k].origin);
		}
	}
}

/* Read the sizes of the tables, and the sessions that block their locks. */
static bool
read_database(struct plan_report *report, struct session *session)
{
	struct plan_requests requests = {0};
	bool		read;

	for (size_t i = 0; i < report->count; i++)
		collect(report, &report->migrations[i].effects, &requests);
	read = table_sizes_read(&report->sizes, session)
		&& blockers_find(session, requests.items, requests.count, &report->blockers, &report->blocker_count);
	mem_free(requests.items);
	return read;
}

/* The statement at which an incomplete migration resumes: its text may have changed in the meantime. */
static bool
find_resumption(struct database *database, struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		struct task	task;

		if (steps->steps[i].done == 0)
			continue;
		if (!database_load(database))
			return false;
		task = task_of_migration("plan", &steps->steps[i]);
		steps->steps[i].done = statements_resume_at(&database->record, &task);
		task_clear(&task);
	}
	return true;
}

static int
make_plan(const struct options *options, struct database *database, struct steps *steps, int target)
{
	struct plan_report report = {
		.database = connection_database(database->session.connection),
		.version = database->record.version,.target = target
	};
	struct shadow shadow = {0};
	int			status = STATUS_FAILED;

	signals_init();
	if (!find_resumption(database, steps) || !shadow_open(&shadow, &database->session, options->shadow))
		status = STATUS_UNKNOWN;
	else if (measure_all(&report, &shadow, steps) && (options->lint || read_database(&report, &database->session)))
		status = STATUS_OK;
	shadow_close(&shadow);
	if (signals_stop())
		status = STATUS_FAILED;
	if (status != STATUS_OK)
		goto done;

	if (options->json)
		plan_json_print(&report);
	else if (options->lint)
		plan_report_lint(&report);
	else
		plan_text_print(&report, options->level == REPORT_VERBOSE);
	if (options->lint && !plan_report_passes(&report))
		status = STATUS_RULE_BROKEN;
	if (report.count > 0 && report_failure(&report.migrations[report.count - 1], options->lint))
		status = STATUS_FAILED;
done:
	plan_report_clear(&report);
	return status;
}

int
cmd_plan(const struct options *options)
{
	struct database database;
	struct steps steps = {0};
	int			target = options_version_or_latest(options);
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = database_read(&database, &options->session);
	if (status == STATUS_OK && !database_versioned(&database))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;
	switch (database_plan_upgrade(&database, &steps, target)) {
		case STEPS_PENDING:
			status = make_plan(options, &database, &steps, target);
			break;
		case STEPS_NONE: {
			struct plan_report empty = {
				.database = connection_database(database.session.connection),
				.version = database.record.version,.target = target
			};

			database_warn_incomplete(&database);
			if (options->json)
				plan_json_print(&empty);
			else
				report_line("database %s is at version %d: nothing is pending",
							connection_database(database.session.connection),
							database.record.version);
			break;
		}
		default:
			status = STATUS_UNKNOWN;
			break;
	}
done:
	steps_clear(&steps);
	database_close(&database);
	return status;
}
