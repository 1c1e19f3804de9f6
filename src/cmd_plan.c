/* plan: what an upgrade would do to those who use the archive meanwhile. */
#include "commands.h"
#include "measure.h"
#include "mem.h"
#include "plan_report.h"
#include "signals.h"
#include "work.h"

#include "banned.h"

/* That a migration fails in the shadow is a result, unless a rule says all there is to say of it. */
static bool
report_failure(const struct planned *planned, bool lint)
{
	const struct measurement *measurement = &planned->measurement;
	const struct migration *migration = measurement->migration;

	if (!measurement->failed || (lint && plan_report_breaks(planned, LINT_ENUM_VALUE_USED)))
		return false;
	report_error("migration %d \"%s\" would fail: %s (%s)", migration->version, migration->name, measurement->message,
				 measurement->sqlstate);
	if (measurement->count > 0)
		report_detail("%s/%s, line %u. That was in a scratch database; nothing was changed.", history.folder,
					  migration->source.file, migration->up.statements[measurement->count - 1].line);
	return true;
}

/* Measure the steps in the shadow, up to one that fails. False, and reported, when that could not be done. */
static bool
measure_all(struct plan_report *report, struct shadow *shadow, const struct plan *steps)
{
	struct measure measure = {0};
	/* A down that stopped half-way is made good by the whole up, so that goes for it as well. */
	bool		done = shadow_build(shadow, steps->steps[0].version - 1) && measure_open(&measure, shadow);

	report->migrations = mem_alloc((steps->count + 1) * sizeof(*report->migrations));
	for (size_t i = 0; done && i < steps->count; i++) {
		struct planned *planned = &report->migrations[report->count++];

		done = measure_step(&measure, &steps->steps[i], &planned->measurement);
		planned->lint = lint_find(&planned->measurement);
		if (planned->measurement.failed)
			break;
	}
	measure_close(&measure);
	return done;
}

struct wishes {
	size_t		count;
	struct lock_wish *wishes;
};

/* What one statement needs of a table. Concurrently, one waits for who writes to it, or who uses it at all. */
static void
add_wishes(struct wishes *wishes, const struct measured_table *table, bool concurrent)
{
	bool		builds = false;

	for (size_t i = 0; i < table->change_count; i++)
		if (table->changes[i].kind == CHANGE_INDEX)
			builds = true;
	wishes->wishes = mem_grow(wishes->wishes, wishes->count + 2, sizeof(*wishes->wishes));
	if (table->origin && (table->lock != MODE_NONE || concurrent))
		wishes->wishes[wishes->count++] = (struct lock_wish) {
			.table = table->origin,
			.mode = !concurrent ? table->lock : builds ? MODE_SHARE : MODE_ACCESS_EXCLUSIVE
		};
	if (concurrent && builds)
		wishes->wishes[wishes->count++] = (struct lock_wish) {0};
}

/* What there is to know of the archive's own tables, and which locks are needed on them, as far as they are there. */
static void
collect(struct plan_report *report, const struct measurement *measurement, struct wishes *wishes)
{
	for (size_t i = measurement->first; i < measurement->count; i++) {
		const struct measured_statement *statement = &measurement->statements[i];
		bool		concurrent = statement->apart && measurement->migration->up.statements[i].concurrent;

		for (size_t k = 0; k < statement->table_count; k++) {
			add_wishes(wishes, &statement->tables[k], concurrent);
			if (statement->tables[k].origin)
				figures_add(&report->figures, statement->tables[k].origin);
		}
	}
}

/* How large the archive's own tables are, and who is at work on them. */
static bool
look_at_archive(struct plan_report *report, struct session *session)
{
	struct wishes wishes = {0};
	bool		looked;

	for (size_t i = 0; i < report->count; i++)
		collect(report, &report->migrations[i].measurement, &wishes);
	looked = figures_read(&report->figures, session)
		&& lock_find_waits(session, wishes.wishes, wishes.count, &report->waits, &report->wait_count);
	mem_free(wishes.wishes);
	return looked;
}

/* Where a migration in single statements that stopped would go on: its text may have changed since. */
static bool
find_resumption(struct work *work, struct plan *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		struct job	job;

		if (steps->steps[i].done == 0)
			continue;
		if (!work_load(work))
			return false;
		job = job_of_migration("plan", &steps->steps[i]);
		steps->steps[i].done = apply_resume_at(&work->state, &job);
		job_clear(&job);
	}
	return true;
}

static int
make_plan(const struct options *options, struct work *work, struct plan *steps, int target)
{
	struct plan_report report = {
		.database = db_name(work->session.db),.version = work->state.version,.target = target
	};
	struct shadow shadow = {0};
	int			status = STATUS_FAILED;

	signals_init();
	if (!find_resumption(work, steps) || !shadow_open(&shadow, &work->session, options->shadow))
		status = STATUS_UNKNOWN;
	else if (measure_all(&report, &shadow, steps) && (options->lint || look_at_archive(&report, &work->session)))
		status = STATUS_OK;
	shadow_close(&shadow);
	if (signals_stop())
		status = STATUS_FAILED;
	if (status != STATUS_OK)
		goto done;

	if (options->json)
		plan_report_json(&report);
	else if (options->lint)
		plan_report_lint(&report);
	else
		plan_report_print(&report, options->level == REPORT_VERBOSE);
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
	struct work work;
	struct plan steps = {0};
	int			target = options->count > 0 ? options_version_number(options->arguments[0]) : history.latest;
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = work_read(&work, options);
	if (status == STATUS_OK && !work_versioned(&work))
		status = STATUS_UNKNOWN;
	if (status != STATUS_OK)
		goto done;
	switch (work_plan_upgrade(&work, &steps, target)) {
		case PLAN_STEPS:
			status = make_plan(options, &work, &steps, target);
			break;
		case PLAN_NOTHING: {
			struct plan_report nothing = {
				.database = db_name(work.session.db),.version = work.state.version,.target = target
			};

			work_warn_of_partial(&work);
			if (options->json)
				plan_report_json(&nothing);
			else
				report_line("database %s is at version %d: nothing is pending", db_name(work.session.db),
							work.state.version);
			break;
		}
		default:
			status = STATUS_UNKNOWN;
			break;
	}
done:
	plan_clear(&steps);
	work_end(&work);
	return status;
}
