/* verify: compare the schema with that of the version that the database is at, or of another one. */
#include <string.h>

#include "base/arena.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/verify_print.h"
#include "history/history.h"
#include "pg/connection.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/database.h"
#include "record/trust.h"
#include "schema/built_facts.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"
#include "schema/predict.h"

#include "base/banned.h"

/* Another version matches far better if of at least MUCH differences it has one in FAR. */
enum {
	MUCH = 8,
	FAR = 4
};

/* The owner of an object, unless that is the database's owner; false: it is. */
static bool
other_owner(const struct live *live, const char *object, struct fact_property *owner)
{
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		const struct fact *fact = fact_find(&live->facts, (enum fact_kind) kind, object);

		if (fact && fact_property(fact, "owner", owner))
			return true;
	}
	return false;
}

static bool
is_listed(const struct pipeline_command *names, const struct fact_property *role)
{
	struct arena arena = {0};
	bool		listed = false;

	for (int i = 0; i < pipeline_row_count(names) && !listed; i++) {
		const char *name = fact_identifier(&arena, pipeline_text(names, i, 0));

		listed = strlen(name) == role->value_length && memcmp(name, role->value, role->value_length) == 0;
	}
	arena_clear(&arena);
	return listed;
}

/* The objects of an untrusted role that have differences. */
struct untrusted {
	struct fact_property owner;
	const char *group;			/* the first of them */
	size_t		count;
};

struct untrusted_list {
	size_t		count;
	struct untrusted *items;
};

static void
flag_group(struct verify_report *report, size_t first, const struct fact_property *owner, struct untrusted_list *list)
{
	const char *group = report->comparison.items[first].group;

	for (size_t i = first; i < report->comparison.count && strcmp(report->comparison.items[i].group, group) == 0; i++)
		report->comparison.items[i].untrusted = true;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].owner.value_length == owner->value_length
			&& memcmp(list->items[i].owner.value, owner->value, owner->value_length) == 0) {
			list->items[i].count++;
			return;
		}
	list->items = mem_grow(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = (struct untrusted) {*owner, group, 1};
}

/* A line for each role. */
static void
warn_untrusted(const struct untrusted_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct untrusted *item = &list->items[i];
		int			length = (int) item->owner.value_length;

		if (item->count == 1)
			report_warning("%s belongs to untrusted role %.*s: no SQL is printed for it", item->group, length,
						   item->owner.value);
		else
			report_warning("%s and %zu other%s belong to untrusted role %.*s: no SQL is printed for them", item->group,
						   item->count - 1, item->count == 2 ? "" : "s", length, item->owner.value);
	}
}

/*
 * No SQL is printed for objects of an untrusted owner, nor for objects on such a table: a user who runs it would run
 * that role's index expressions, constraints and rules with the rights of the database's owner.
 */
static bool
flag_untrusted(struct session *session, struct verify_report *report)
{
	struct comparison *comparison = &report->comparison;
	struct untrusted_list list = {0};
	struct pipeline pipeline = {0};
	struct fact_property owner;
	bool		read = true;

	for (size_t i = 0; read && i < comparison->count; i++) {
		const char *group = comparison->items[i].group;

		if (comparison->items[i].note || (i > 0 && strcmp(comparison->items[i - 1].group, group) == 0)
			|| !other_owner(&report->live, group, &owner))
			continue;
		if (pipeline.count == 0) {
			session_begin_reading(session, &pipeline);
			pipeline_add(&pipeline, "SELECT r.rolname FROM pg_roles r WHERE " TRUST_ROLE("r.oid", "$1"), 1,
						 session->options->role);
			session_end_reading(&pipeline);
			read = session_query(session, &pipeline, "read the roles");
		}
		if (read && !is_listed(session_result(&pipeline), &owner))
			flag_group(report, i, &owner, &list);
	}
	warn_untrusted(&list);
	mem_free(list.items);
	pipeline_clear(&pipeline);
	return read;
}

/*
 * Does another version match better? If it does exactly, or far better, the recorded version may be wrong: the SQL that
 * makes this one of it would do harm. An incomplete migration is between two versions.
 */
static void
find_better(struct verify_report *report, const struct compare_sides *sides)
{
	struct prediction prediction;
	const struct predict_version *here;
	const struct predict_version *best;

	report->better = -1;
	if (report->comparison.differences == 0 || report->database.record.incomplete.there)
		return;
	predict(&prediction, sides, history.latest, history_rebuilds);
	here = &prediction.versions[report->version];
	best = here;
	for (int version = 0; version <= history.latest; version++) {
		const struct predict_version *its = &prediction.versions[version];

		if (its->differences < here->differences
			&& (best == here || its->differences + its->notes < best->differences + best->notes)) {
			best = its;
			report->better = version;
		}
	}
	report->better_differences = best->differences;
	report->far = best != here && (best->differences == 0 || (here->differences >= MUCH
															  && FAR * best->differences <= here->differences));
	for (size_t i = 0; i < report->comparison.count; i++)
		report->comparison.items[i].withheld |= report->far;
	predict_clear(&prediction);
}

/* The version to compare with; -1, reported: there is none. */
static int
find_version(const struct options *options, struct database *database)
{
	const struct record *record = &database->record;

	if (options->count > 0)
		return options_known_version(options);
	if (!database_versioned(database))
		return -1;
	if (record->version <= history.latest)
		return record->version;
	report_error("database \"%s\" is ahead: it is at version %d, this build has %d",
				 connection_database(database->session.connection), record->version, history.latest);
	report_hint("Use the newer build. If the version was set by hand, \"" PROGRAM " identify\" finds the right one.");
	return -1;
}

static int
verify(const struct options *options, struct verify_report *report)
{
	struct database *database = &report->database;
	struct compare_sides sides;

	report->version = find_version(options, database);
	if (report->version < 0 || !live_read(&report->live, &database->session))
		return STATUS_UNKNOWN;
	sides = built_facts_sides(&report->live, &report->facts);
	sides.database = fact_identifier(&report->live.facts.arena, connection_database(database->session.connection));
	compare(&report->comparison, &sides, report->version);
	find_better(report, &sides);
	if (!flag_untrusted(&database->session, report))
		return STATUS_UNKNOWN;
	verify_print(options, report);
	return report->comparison.differences > 0 ? STATUS_DIFFERENT : STATUS_OK;
}

int
cmd_verify(const struct options *options)
{
	struct verify_report report = {0};
	int			status = STATUS_UNKNOWN;

	signals_init();
	if (options->brief)
		report_hold();
	/* With a version, it does not matter which one is recorded. */
	if (built_facts_load(&report.facts)
		&& database_read_fast(&report.database, &options->session, options->count > 0) == STATUS_OK)
		status = verify(options, &report);
	report_release(false);
	if (status == STATUS_UNKNOWN && signals_stop())
		status = STATUS_FAILED;
	if (options->brief && status > STATUS_DIFFERENT)
		verify_print_unknown(status == STATUS_FAILED ? "FAILED" : "UNKNOWN");
	compare_clear(&report.comparison);
	live_clear(&report.live);
	fact_history_clear(&report.facts);
	database_close(&report.database);
	return status;
}
