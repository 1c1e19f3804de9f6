/* Plan a repair from what the database has, and run it. */
#include "migrate/repair.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/history.h"
#include "history/sql_lexer.h"
#include "history/statement_list.h"
#include "migrate/repair_sequences.h"
#include "migrate/repair_step.h"
#include "pg/connection.h"
#include "record/row_check.h"
#include "schema/built_facts.h"
#include "schema/compare_pairs.h"
#include "schema/compare_settle.h"
#include "schema/fact.h"
#include "schema/repair_list.h"
#include "schema/repair_plan.h"

#include "base/banned.h"

enum {
	LINE_COLUMNS = 60,
	OTHER_COLUMNS = 15			/* of a step's line */
};

static void
flag(struct comparison *comparison, void *argument)
{
	struct repair *repair = argument;

	if (repair->wanted.flag)
		repair->wanted.flag(comparison, &repair->live, repair->wanted.argument);
}

static bool
was_tried(const struct repair *repair, const char *line)
{
	for (size_t i = 0; i < repair->tried_count; i++)
		if (strcmp(repair->tried[i].line, line) == 0)
			return true;
	return false;
}

/* Has a step failed that was to give a column its values? The next one for it would fail by the same value. */
static bool
has_failed_before(const struct repair *repair, const struct repair_step *step)
{
	const struct fact *should = step->item ? step->item->should : NULL;

	for (size_t i = 0; i < repair->tried_count; i++) {
		const struct repair_tried *tried = &repair->tried[i];

		if (!tried->done && tried->column && should && should->kind == FACT_COLUMN
			&& strcmp(should->name, tried->column) == 0)
			return true;
	}
	return false;
}

static void
add_fault(struct repair *repair, struct repair_fault fault)
{
	repair->faults = mem_grow(repair->faults, repair->fault_count + 1, sizeof(*repair->faults));
	repair->faults[repair->fault_count++] = fault;
}

static void
clear_faults(struct repair *repair)
{
	for (size_t i = 0; i < repair->fault_count; i++) {
		struct repair_fault *fault = &repair->faults[i];

		mem_free(fault->line);
		mem_free(fault->needs);
		mem_free(fault->query);
		mem_free(fault->empty);
		mem_free(fault->error);
	}
	mem_free(repair->faults);
	repair->faults = NULL;
	repair->fault_count = 0;
}

/* The table that a foreign key refers to, if this repair has made it: a new string; or NULL. */
static char *
made_table(const struct repair *repair, const struct fact *should)
{
	const char *table = should && should->kind == FACT_CONSTRAINT ? compare_referred(should) : NULL;
	char	   *name = table ? mem_copy(table, compare_name_length(table)) : NULL;
	char	   *line = name ? mem_format("add table %s", name) : NULL;
	bool		made = line && was_tried(repair, line);

	mem_free(line);
	if (made)
		return name;
	mem_free(name);
	return NULL;
}

/* Count the rows that contradict a step; block it if there are any. False: reported. */
static bool
check_step(struct repair *repair, struct repair_step *step)
{
	struct repair_fault fault = {0};

	if (was_tried(repair, step->line)) {
		step->blocked = true;
		add_fault(repair, (struct repair_fault) {.line = mem_string(step->line),
				  .error = mem_string("the step failed or changed nothing")});
		return true;
	}
	if (has_failed_before(repair, step)) {
		step->blocked = true;
		add_fault(repair, (struct repair_fault) {.line = mem_string(step->line),
				  .error = mem_string("the step that sets the column's values failed")});
		return true;
	}
	if (!step->rows.query)
		return true;
	if (!row_check_count(repair->session, step->rows.query, step->rows.tables, false, &fault.rows, &fault.error))
		return false;
	step->blocked = fault.rows > 0 || fault.error;
	if (!step->blocked)
		return true;
	fault.line = mem_string(step->line);
	fault.needs = mem_string(step->needs);
	fault.query = mem_string(step->rows.query);
	fault.groups = step->rows.groups;
	fault.empty = made_table(repair, step->item->should);
	add_fault(repair, fault);
	return true;
}

/* Not those in batches: they take long, and the table is locked. */
static void
add_writes(struct repair_list *list, int version, const char *words)
{
	for (int i = 0; i <= version && i <= history.latest; i++) {
		const struct history_migration *migration = history_migration(i);
		struct statement_list up = statement_list_of_section(&migration->source, &migration->up);

		for (size_t k = 0; k < up.count; k++) {
			const char *text = up.statements[k].text;
			struct sql_lexer_phrase phrase;

			phrase_read(&phrase, text, strlen(text));
			if (!up.statements[k].batch.table && phrase_says(&phrase, 0, words))
				repair_list_add(list, REPAIR_JOINED, "%s", text);
			phrase_clear(&phrase);
		}
		statement_list_clear(&up);
	}
}

/* Is the role that the repair acts as, by default the database's owner, a superuser? */
static bool
as_superuser(const struct repair *repair)
{
	const struct live *live = &repair->live;
	const char *role = repair->session->options->role;
	struct arena arena = {0};
	const char *name = role ? fact_identifier(&arena, role) : live->owner;
	bool		found = compare_is_superuser(live, name);

	arena_clear(&arena);
	return found;
}

/* Read the schema, and plan the first round. */
static bool
read_first(struct repair *repair, size_t *first)
{
	const struct repair_wanted *wanted = &repair->wanted;

	repair_plan_clear(&repair->plan);
	live_clear(&repair->live);
	clear_faults(repair);
	if (!live_read_waiting(&repair->live, repair->session, "repair"))
		return false;
	repair->sides = built_facts_sides(&repair->live, &repair->facts);
	repair->sides.early = true;
	repair_plan_start(&repair->plan, &repair->sides, wanted->version, wanted->values, wanted->value_count);
	repair->plan.writes = add_writes;
	repair->plan.superuser = as_superuser(repair);
	*first = repair_plan_round(&repair->plan, flag, repair);
	for (size_t i = *first; i < repair->plan.step_count; i++)
		if (!check_step(repair, &repair->plan.steps[i]))
			return false;
	return true;
}

bool
repair_find(struct repair *repair, struct session *session, const struct repair_wanted *wanted)
{
	size_t		first;

	*repair = (struct repair) {.wanted = *wanted,.session = session};
	connection_set_timeout(session->connection, 0);
	if (!built_facts_load(&repair->facts) || !read_first(repair, &first))
		return false;
	while (first < repair->plan.step_count) {
		repair_plan_apply(&repair->plan, first);
		first = repair_plan_round(&repair->plan, flag, repair);
	}
	repair_plan_find_waiting(&repair->plan);
	return repair_sequences(session, &repair->plan, &repair->live);
}

static void
print_done(const struct repair_step *step, long began)
{
	char	   *shown = report_fit(step->line, LINE_COLUMNS, OTHER_COLUMNS);

	report_line("  %s %9ld ms", shown, clock_milliseconds() - began);
	mem_free(shown);
}

static void
report_between(const struct repair *repair)
{
	report_error("stopped by %s between two steps of the repair", signals_stop());
	report_detail("Database \"%s\" is at version %d.", connection_database(repair->session->connection),
				  repair->wanted.version);
	report_hint("Run the same command again to continue.");
}

/* May the run go on after a step has failed? Not without a lock, a connection, or after a signal. */
static bool
may_go_on(const struct repair *repair)
{
	return !repair->session->refused && !signals_stop() && !connection_is_lost(repair->session->connection);
}

/* Run the steps that are not blocked. *ran: was any run? False: it must stop, and that is reported. */
static bool
run_steps(struct repair *repair, struct migrator *migrator, bool *ran)
{
	*ran = false;
	for (size_t i = 0; i < repair->plan.step_count; i++) {
		const struct repair_step *step = &repair->plan.steps[i];
		long		began = clock_milliseconds();
		struct repair_tried *tried;

		if (step->blocked)
			continue;
		if (signals_stop()) {
			report_between(repair);
			return false;
		}
		*ran = true;
		repair->tried = mem_grow(repair->tried, repair->tried_count + 1, sizeof(*repair->tried));
		tried = &repair->tried[repair->tried_count++];
		*tried = (struct repair_tried) {.line = mem_string(step->line),.sql = repair_list_text(&step->list)};
		if (step->item && step->item->should && step->item->should->kind == FACT_COLUMN)
			tried->column = mem_string(step->item->should->name);
		tried->done = repair_step_run(migrator, step, repair->wanted.version, &repair->live);
		if (tried->done && !repair->wanted.silent)
			print_done(step, began);
		if (!tried->done && !may_go_on(repair))
			return false;
	}
	return true;
}

size_t
repair_step_count(const struct repair *repair)
{
	size_t		count = 0;

	for (size_t i = 0; i < repair->plan.step_count; i++)
		count += !repair->plan.steps[i].blocked;
	return count;
}

/* What is still to be done, with the sequences at the end. */
static bool
read_next(struct repair *repair)
{
	size_t		first;

	return read_first(repair, &first)
		&& (repair_step_count(repair) > 0 || repair_sequences(repair->session, &repair->plan, &repair->live));
}

/* Each round reads what the last one has led to. */
static int
run_rounds(struct repair *repair, struct migrator *migrator)
{
	bool		ran = true;

	while (ran) {
		if (!read_next(repair))
			return repair->session->committed || signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
		if (!run_steps(repair, migrator, &ran))
			return migrator_failed(migrator);
	}
	repair_plan_find_waiting(&repair->plan);
	return STATUS_OK;
}

int
repair_run(struct repair *repair, struct migrator *migrator)
{
	int			status;

	repair_step_end_interrupted(migrator);
	/* A column must get its value in every row. */
	repair->session->needs_all_rows = true;
	status = run_rounds(repair, migrator);
	repair->session->needs_all_rows = false;
	return status;
}

bool
repair_is_left(const struct repair *repair)
{
	for (size_t i = 0; i < repair->plan.left_count; i++)
		if (repair->plan.left[i].reason != REPAIR_REPLACED)
			return true;
	return repair->fault_count > 0;
}

void
repair_clear(struct repair *repair)
{
	repair_plan_clear(&repair->plan);
	clear_faults(repair);
	live_clear(&repair->live);
	fact_history_clear(&repair->facts);
	for (size_t i = 0; i < repair->tried_count; i++) {
		mem_free(repair->tried[i].line);
		mem_free(repair->tried[i].column);
		mem_free(repair->tried[i].sql);
	}
	mem_free(repair->tried);
	*repair = (struct repair) {0};
}
