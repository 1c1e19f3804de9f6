/* plan: show what an upgrade would do: locks, rewrites, sizes of tables, blocking sessions, and how it would end. */
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/left_behind.h"
#include "cli/options.h"
#include "history/history.h"
#include "history/release.h"
#include "history/statement_list.h"
#include "history/steps.h"
#include "pg/connection.h"
#include "pg/lock_mode.h"
#include "plan/blockers.h"
#include "plan/effects.h"
#include "plan/plan_report.h"
#include "plan/table_sizes.h"
#include "record/database.h"
#include "record/record.h"
#include "record/row_check.h"
#include "record/untrusted.h"
#include "schema/built_facts.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/missing.h"
#include "schema/predict.h"

#include "base/banned.h"

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
	if (table->lock != MODE_NONE || concurrent)
		requests->items[requests->count++] = (struct blockers_request) {
			.table = table->origin,
			.mode = !concurrent ? table->lock : builds ? MODE_SHARE : MODE_ACCESS_EXCLUSIVE
		};
	if (concurrent && builds)
		requests->items[requests->count++] = (struct blockers_request) {0};
}

static void
collect(const struct effects *effects, struct plan_requests *requests)
{
	for (size_t i = effects->first; i < effects->count; i++) {
		const struct effects_statement *statement = &effects->statements[i];
		bool		concurrent = statement->apart && effects->migration->up.statements[i].concurrent;

		for (size_t k = 0; k < statement->table_count; k++)
			add_requests(requests, &statement->tables[k], concurrent);
	}
}

/* Read the sizes of the tables, and the sessions that block their locks. */
static bool
read_database(struct plan_report *report, struct session *session)
{
	struct plan_requests requests = {0};
	bool		read;

	for (size_t i = 0; i < report->count; i++)
		collect(&report->migrations[i].effects, &requests);
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
		struct steps_item *step = &steps->steps[i];
		const struct history_migration *migration = history_migration(step->version);

		if (step->done == 0)
			continue;
		if (!database_load(database))
			return false;
		if ((size_t) step->done > migration->up.count || !record_holds(&database->record, migration))
			step->done = 0;
	}
	return true;
}

/* Say which effects this build does not know. */
static void
warn_unrecorded(const struct plan_report *report)
{
	size_t		count = 0;
	size_t		elsewhere = 0;
	int			first = 0;

	for (size_t i = report->count; i > 0; i--)
		if (!report->migrations[i - 1].recorded) {
			first = report->migrations[i - 1].effects.migration->version;
			count++;
		}
	if (count > 0) {
		report_warning("%zu of %zu migrations are not measured; the first is %d", count, report->count, first);
		report_hint("In the source tree, run \"make schema\", then build again.");
	}
	for (size_t i = report->count; i > 0; i--)
		if (report->migrations[i - 1].elsewhere) {
			first = report->migrations[i - 1].effects.migration->version;
			elsewhere++;
		}
	if (elsewhere > 0) {
		report_warning("%zu of %zu migrations were measured only on other PostgreSQL versions; the first is %d",
					   elsewhere, report->count, first);
		report_hint("In the source tree, run \"make schema SERVERS=all\", then build again.");
	}
}

/* Predict how it would end, and whether it would be refused before it begins, as upgrade does: schema_check_before. */
static bool
make_prediction(struct plan_report *report, struct session *session, const struct steps *steps,
				const struct fact_history *facts, bool applied)
{
	struct compare_sides sides = built_facts_sides(&report->live, facts);
	struct prediction whole;

	predict(&report->prediction, &sides, report->target, &built_ups);
	report->predicted = true;
	if (report->target == history.latest)
		missing_find(&report->missing, &report->prediction, &sides, steps, applied);
	else if (facts->version_count > history.latest) {
		predict(&whole, &sides, history.latest, &built_ups);
		missing_find(&report->missing, &whole, &sides, steps, applied);
		predict_clear(&whole);
	}
	return missing_find_unfit(&report->missing, &report->prediction, &sides, steps, row_check_count, session);
}

/* Does the SQL of a pending migration name an object of an untrusted role? Then it is reported. */
static bool
names_untrusted(struct session *session, const struct steps *steps)
{
	bool		named = false;

	for (size_t i = 0; i < steps->count && untrusted_any(session) && !named; i++) {
		const struct history_migration *migration = history_migration(steps->steps[i].version);
		struct statement_list up = statement_list_of_section(&migration->source, &migration->up);

		named = untrusted_named(session, &up);
		statement_list_clear(&up);
	}
	return named;
}

/* If an upgrade by the owner would be refused for objects of other roles, report it. False: they could not be read. */
static bool
find_refusal(struct plan_report *report, struct session *session, const struct steps *steps,
			 const struct fact_history *facts)
{
	if (!untrusted_read(session, true))
		return false;
	if (left_behind_report(session, &report->live, facts) || untrusted_report(session)
		|| names_untrusted(session, steps))
		report->refusal = report_last_error();
	return true;
}

/* Without the facts of this build, `facts` is NULL, and only the rest is planned. */
static bool
make_report(struct plan_report *report, struct database *database, struct steps *steps,
			const struct fact_history *facts)
{
	struct session *session = &database->session;
	unsigned	servers = fact_servers_of(connection_server_version(session->connection));
	bool		read;

	if (!find_resumption(database, steps))
		return false;
	for (size_t i = 0; i < steps->count; i++)
		plan_report_add(report, facts, history_migration(steps->steps[i].version), servers,
						(size_t) steps->steps[i].done);
	/* An incomplete down is undone by the whole up. */
	report->from = steps->steps[0].version - 1;
	read = !facts || live_read(&report->live, session);
	if (read && facts)
		read = make_prediction(report, session, steps, facts, record_was_applied(&database->record,
																				 database->record.version));
	read = read && read_database(report, session) && (!facts || find_refusal(report, session, steps, facts));
	plan_report_judge(report);
	return read;
}

static int
print_plan(const struct options *options, const struct plan_report *report)
{
	bool		complete = report->predicted && !predict_next(&report->prediction, report->from, &(size_t) {0});

	if (options->json)
		plan_json_print(report);
	else
		plan_text_print(report, options->level == REPORT_VERBOSE);
	return !report->predicted ? STATUS_UNKNOWN
		: !report->refusal && report->missing.count == 0 && complete ? STATUS_OK : STATUS_INCOMPLETE;
}

static int
make_plan(const struct options *options, struct database *database, struct steps *steps, struct plan_report *report)
{
	struct fact_history facts;
	bool		loaded = built_facts_load(&facts) && facts.version_count > report->target;
	int			status = STATUS_UNKNOWN;

	signals_init();
	if (make_report(report, database, steps, loaded ? &facts : NULL)) {
		if (loaded)
			warn_unrecorded(report);
		status = print_plan(options, report);
	}
	if (signals_stop())
		status = STATUS_FAILED;
	fact_history_clear(&facts);
	return status;
}

/* For programs, that nothing is pending or why an upgrade would be refused is a plan too. */
static int
print_none(const struct options *options, const struct database *database, struct plan_report *report, bool refused)
{
	if (refused)
		report->refusal = report_last_error();
	else
		database_warn_incomplete(database);
	if (options->json)
		plan_json_print(report);
	else if (!refused)
		report_line("database %s is at version %d: nothing is pending", report->database, report->version);
	return refused ? STATUS_INCOMPLETE : STATUS_OK;
}

static int
plan(const struct options *options, struct database *database, int target)
{
	struct steps steps = {0};
	struct plan_report report = {.target = target};
	enum steps_verdict verdict = database_plan_upgrade(database, &steps, target);
	int			status;

	report.database = connection_database(database->session.connection);
	report.version = database->record.version;
	report.ends = verdict == STEPS_PENDING && release_ends(&history, report.version, target, &report.end);
	if (verdict == STEPS_PENDING)
		status = make_plan(options, database, &steps, &report);
	else if (verdict == STEPS_UNKNOWN_TARGET)
		status = STATUS_UNKNOWN;
	else
		status = print_none(options, database, &report, verdict != STEPS_NONE);
	plan_report_clear(&report);
	steps_clear(&steps);
	return status;
}

int
cmd_plan(const struct options *options)
{
	struct database database;
	int			target = options_version_or_latest(options);
	int			status;

	if (target < 0)
		return STATUS_UNKNOWN;
	status = database_read(&database, &options->session);
	if (status == STATUS_OK)
		status = database_versioned(&database) ? plan(options, &database, target) : STATUS_UNKNOWN;
	untrusted_clear(&database.session);
	database_close(&database);
	return status;
}
