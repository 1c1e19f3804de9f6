/* The common part of "repair" and "upgrade --repair". */
#include "cli/repair_database.h"

#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/prompt.h"
#include "base/report.h"
#include "base/signals.h"
#include "cli/repair_print.h"
#include "cli/untrusted_owners.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "history/steps.h"
#include "migrate/loss_guard.h"
#include "migrate/privileges.h"
#include "migrate/repair_step.h"
#include "migrate/repair_value.h"
#include "migrate/schema_public.h"
#include "pg/connection.h"
#include "pg/lock_watch.h"
#include "pg/session.h"
#include "record/database.h"
#include "record/record.h"
#include "record/untrusted.h"
#include "schema/better_version.h"
#include "schema/built_facts.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/predict.h"
#include "schema/repair_plan.h"

#include "base/banned.h"

/* --- what is wanted --- */

/* If the roles cannot be read, no role is trusted. */
static void
flag(struct comparison *comparison, const struct live *live, void *argument)
{
	bool		read = untrusted_owners_flag(argument, comparison, live, false);

	for (size_t i = 0; i < comparison->count && !read; i++)
		comparison->items[i].untrusted = true;
}

/* "TABLE.COLUMN=EXPRESSION"; the equals sign ends the name, also in the option's text. */
static bool
parse_value(struct repair_value *value, char *text)
{
	size_t		length = compare_name_length(text);

	if (length == 0 || text[length] != '=' || !text[length + 1] || !memchr(text, '.', length)) {
		report_error("invalid value for --set: \"%s\"", text);
		report_hint("Give TABLE.COLUMN=EXPRESSION, with an SQL expression.");
		return false;
	}
	if (!repair_value_is_whole(text + length + 1)) {
		report_error("invalid value for --set: \"%s\"", text);
		report_detail("Nothing was changed.");
		report_hint("Give one SQL expression, with balanced parentheses and quotes, without comments and parameters.");
		return false;
	}
	text[length] = '\0';
	*value = (struct repair_value) {.column = text,.expression = text + length + 1};
	return true;
}

static bool
may_repair(struct database *database)
{
	const struct record *record = &database->record;

	if (!database_versioned(database))
		return false;
	if (record->version > history.latest) {
		database_report_ahead(database);
		return false;
	}
	if (record->incomplete.there) {
		char	   *advice = steps_advice(&record->incomplete, history.latest);

		report_error("%smigration %d is incomplete", record->incomplete.up ? "" : "down ", record->incomplete.version);
		report_hint("%s Then repair the schema.", advice);
		mem_free(advice);
		return false;
	}
	return true;
}

/* Are there two values for a column? */
static bool
refuse_twice(const struct repair_wanted *wanted)
{
	for (size_t i = 0; i < wanted->value_count; i++)
		for (size_t k = 0; k < i; k++) {
			const char *column = repair_value_column(&wanted->values[i]);

			if (strcmp(column, repair_value_column(&wanted->values[k])) != 0)
				continue;
			report_error("--set is given twice for column %s", column);
			report_detail("Nothing was changed.");
			return true;
		}
	return false;
}

bool
repair_wanted_from(struct repair_wanted *wanted, const struct options *options, struct database *database)
{
	struct repair_value *values = mem_alloc(((size_t) options->set_count + 1) * sizeof(*values));

	*wanted = (struct repair_wanted) {.version = database->record.version,.silent = options->json,.values = values,
		.flag = flag,.argument = &database->session
	};
	if (!may_repair(database) || !database_load(database))
		return false;
	wanted->applied = record_was_applied(&database->record, wanted->version);
	for (int i = 0; i < options->set_count; i++)
		if (!parse_value(&values[wanted->value_count++], options->sets[i]))
			return false;
	return !refuse_twice(wanted);
}

/* --- refusals --- */

/* Is a value for a column that the version does not have? One that is not needed any more does no harm. */
static bool
refuse_value(const struct repair *repair)
{
	for (size_t i = 0; i < repair->wanted.value_count; i++) {
		const struct repair_value *value = &repair->wanted.values[i];

		if (repair_plan_uses(&repair->plan, value))
			continue;
		if (!repair_plan_knows(&repair->plan, FACT_COLUMN, repair_value_column(value))) {
			report_error("--set %s: version %d has no such column", value->column, repair->wanted.version);
			report_detail("Nothing was changed.");
			report_hint("\"" PROGRAM " repair --dry-run\" names the columns that need a value.");
			return true;
		}
		report_note("--set %s: no row needs a value", value->column);
	}
	return false;
}

/* As the schema is, or as it will be after the steps. */
static struct better_version
find_better(const struct repair *repair, const struct live *live)
{
	struct compare_sides sides = repair->sides;
	struct better_version better;
	struct prediction prediction;

	sides.live = live;
	predict(&prediction, &sides, history.latest, &built_ups);
	better = better_version_find(&prediction, &sides, repair->wanted.version, repair->wanted.applied);
	predict_clear(&prediction);
	return better;
}

bool
repair_refuse(const struct repair *repair)
{
	struct better_version better;

	if (refuse_value(repair))
		return true;
	if (repair_step_count(repair) == 0)
		return false;
	better = find_better(repair, &repair->live);
	/* A repair that was interrupted may have left little that is missing, and that of one migration. */
	if (better.wrong) {
		report_error("database \"%s\" is not repaired: its schema matches version %d %s recorded version %d",
					 connection_database(repair->session->connection), better.stamp,
					 better.exact ? "exactly, not the" : "much better than the", repair->wanted.version);
		report_detail("Nothing was changed.");
		report_hint("The recorded version is wrong. Run \"" PROGRAM " stamp %d\", then \"" PROGRAM " upgrade\". To"
					" compare the versions, run \"" PROGRAM " identify\".", better.stamp);
		return true;
	}
	if (better.stamp >= 0)
		report_warning("the schema matches version %d better; \"" PROGRAM " stamp %d\" and \"" PROGRAM " upgrade\""
					   " would also change rows as the migrations do", better.stamp, better.stamp);
	return false;
}

void
repair_advise(const struct repair *repair)
{
	struct better_version better;
	size_t		left = 0;

	/* Rows that contradict a step would contradict a migration as well. */
	for (size_t i = 0; i < repair->plan.left_count; i++)
		left += repair->plan.left[i].reason == REPAIR_NO_WAY;
	if (left == 0)
		return;
	better = find_better(repair, &repair->plan.live);
	if (better.lower >= 0)
		report_hint("A migration makes the remaining changes: run \"" PROGRAM " stamp %d\", then \"" PROGRAM
					" upgrade\".", better.lower);
}

bool
repair_may_run(const struct repair *repair)
{
	struct statement_list list = {.transactional = true};
	bool		may;

	for (size_t i = 0; i < repair->plan.step_count && untrusted_any(repair->session); i++) {
		const struct repair_list *statements = &repair->plan.steps[i].list;

		list.statements = mem_grow(list.statements, list.count + statements->count + 1, sizeof(*list.statements));
		for (size_t k = 0; k < statements->count && !repair->plan.steps[i].blocked; k++)
			list.statements[list.count++] = (struct statement_list_item) {
				.text = mem_string(statements->statements[k].text)
			};
	}
	may = list.count == 0 || !untrusted_named(repair->session, &list);
	statement_list_clear(&list);
	return may && repair_value_check(repair);
}

/* --- the repair --- */

static int
agree(const struct repair *repair, const struct options *options)
{
	const char *database = connection_database(repair->session->connection);

	/* "upgrade --repair" was asked for by its option; there, --yes agrees to a loss of data. */
	if (options->yes || options->repair)
		return STATUS_OK;
	if (!prompt_possible()) {
		report_error("database \"%s\" was not repaired: there is no terminal for the question", database);
		report_detail("Nothing was changed.");
		report_hint("To repair without a question, use --yes. To list the steps, use --dry-run.");
		return STATUS_UNKNOWN;
	}
	repair_print_plan(repair, database);
	if (prompt_yes("Do this?"))
		return STATUS_OK;
	report_detail("Nothing was changed.");
	return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
}

static void
print_result(const struct repair *repair, bool ran)
{
	const char *database = connection_database(repair->session->connection);
	size_t		done = 0;

	for (size_t i = 0; i < repair->tried_count; i++)
		done += repair->tried[i].done;
	repair_print_left(repair);
	if (ran && done == 0 && !repair_is_left(repair))
		report_line("database %s: nothing else to repair at version %d", database, repair->wanted.version);
	else if (ran || repair_is_left(repair))
		report_line("database %s at version %d: %zu step%s done, the repair is %s", database, repair->wanted.version,
					done, done == 1 ? "" : "s", repair_is_left(repair) ? "not complete" : "complete");
	else
		report_line("database %s: nothing to repair at version %d", database, repair->wanted.version);
}

static int
run(struct repair *repair, struct migrator *migrator, const struct options *options)
{
	struct session *session = repair->session;
	int			status = repair_may_run(repair) ? migrator_may_run(migrator) : STATUS_UNKNOWN;

	if (status == STATUS_OK)
		status = agree(repair, options);
	if (status == STATUS_OK)
		status = migrator_transfer_ownership(migrator);
	if (status != STATUS_OK)
		return status;
	lock_watch_warn_of_old_transactions(session);
	if (!options->json)
		report_line("database %s is at version %d, repairing it", connection_database(session->connection),
					repair->wanted.version);
	return repair_run(repair, migrator);
}

int
repair_database(struct repair *repair, struct migrator *migrator, const struct options *options,
				const struct repair_wanted *wanted)
{
	struct session *session = &migrator->database.session;
	int			status = migrator_may(migrator, "repair", true);
	bool		runs;

	*repair = (struct repair) {0};
	if (status != STATUS_OK)
		return status;
	if (!repair_find(repair, session, wanted))
		return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	if (repair_refuse(repair))
		return STATUS_UNKNOWN;
	runs = repair_step_count(repair) > 0 || migrator->ownership.count > 0;
	if (runs)
		status = run(repair, migrator, options);
	else
		repair_step_end_interrupted(migrator);
	if (status != STATUS_OK)
		return status;
	if (options->json)
		repair_print_json(repair, connection_database(session->connection), runs);
	else
		print_result(repair, runs);
	repair_advise(repair);
	return repair_is_left(repair) ? STATUS_DIFFERENT : STATUS_OK;
}

/* Has a step failed? What is left for other reasons does not stop an upgrade; its own check may. */
static bool
has_failed(const struct repair *repair)
{
	for (size_t i = 0; i < repair->tried_count; i++)
		if (!repair->tried[i].done)
			return true;
	return false;
}

int
repair_first(struct migrator *migrator, const struct options *options)
{
	struct loss_guard_consent consent = migrator->consent;
	struct repair_wanted wanted = {0};
	struct repair repair = {0};
	int			status = STATUS_UNKNOWN;

	if (migrator->database.record.incomplete.there) {
		report_note("no repair before the upgrade: migration %d is incomplete",
					migrator->database.record.incomplete.version);
		return STATUS_OK;
	}
	/* A repair destroys nothing, whatever the upgrade may. */
	migrator->consent = (struct loss_guard_consent) {0};
	if (repair_wanted_from(&wanted, options, &migrator->database))
		status = repair_database(&repair, migrator, options, &wanted);
	if (status == STATUS_DIFFERENT && has_failed(&repair)) {
		report_error("the upgrade was not started, because a step of the repair failed");
		status = STATUS_FAILED;
	}
	migrator->consent = consent;
	migrator->repaired = true;
	repair_clear(&repair);
	mem_free(wanted.values);
	privileges_clear(&migrator->ownership);
	schema_public_clear(&migrator->schema);
	return status;
}
