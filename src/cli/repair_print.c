/* Print the steps of a repair, its result and the remaining differences. */
#include "cli/repair_print.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "schema/repair_list.h"
#include "schema/repair_plan.h"
#include "schema/repair_sql.h"

#include "base/banned.h"

enum {
	MOST_WAITING = 20			/* lines */
};

/* --- for people --- */

static char *
fault_text(const struct repair_fault *fault)
{
	if (fault->error)
		return mem_format("%s: %s", fault->line, fault->error);
	if (fault->needs)
		return mem_format("%s: %ld row%s need%s a value: repeat with --set '%s=EXPRESSION'", fault->line, fault->rows,
						  fault->rows == 1 ? "" : "s", fault->rows == 1 ? "s" : "", fault->needs);
	if (fault->groups)
		return mem_format("%s: %ld value%s more than once", fault->line, fault->rows, fault->rows == 1
						  ? " occurs" : "s occur");
	return mem_format("%s: %ld row%s contradict%s it%s%s%s", fault->line, fault->rows, fault->rows == 1 ? "" : "s",
					  fault->rows == 1 ? "s" : "",
					  fault->empty ? "; table " : "", fault->empty ? fault->empty : "",
					  fault->empty ? " was created empty: restore its rows from a backup" : "");
}

/* Objects that a pending migration replaces are no work for a person. */
static void
print_replaced(const struct repair *repair)
{
	for (size_t i = 0; i < repair->plan.left_count; i++)
		if (repair->plan.left[i].reason == REPAIR_REPLACED) {
			char	   *text = repair_left_text(&repair->plan.left[i], repair->live.server);

			report_wrapped(2, "note: %s", text);
			mem_free(text);
		}
	if (repair->plan.extra > 0)
		report_wrapped(2, "note: %zu extra object%s remain%s", repair->plan.extra,
					   repair->plan.extra == 1 ? "" : "s", repair->plan.extra == 1 ? "s" : "");
}

static void
print_one_left(const struct repair_left *left, int server)
{
	char	   *text = repair_left_text(left, server);
	char	   *choice = repair_choice(left->item);

	report_wrapped(2, "%s", text);
	for (const char *line = choice; line && *line; line += strcspn(line, "\n") + (strchr(line, '\n') != NULL))
		report_line("    %.*s", (int) strcspn(line, "\n"), line);
	mem_free(choice);
	mem_free(text);
}

static void
print_waiting(const struct repair_plan *plan)
{
	if (plan->waiting_count > 0)
		report_line("steps that depend on these:");
	for (size_t i = 0; i < plan->waiting_count && i < MOST_WAITING; i++)
		report_wrapped(2, "%s", plan->waiting[i]);
	if (plan->waiting_count > MOST_WAITING)
		report_line("  and %zu more", plan->waiting_count - MOST_WAITING);
}

void
repair_print_left(const struct repair *repair)
{
	if (repair_is_left(repair))
		report_line("not repaired:");
	for (size_t i = 0; i < repair->fault_count; i++) {
		const struct repair_fault *fault = &repair->faults[i];
		char	   *text = fault_text(fault);

		report_wrapped(2, "%s", text);
		mem_free(text);
		if (fault->query && !fault->error)
			report_line("    %s;", fault->query);
	}
	for (size_t i = 0; i < repair->plan.left_count; i++)
		if (repair->plan.left[i].reason != REPAIR_REPLACED)
			print_one_left(&repair->plan.left[i], repair->live.server);
	print_waiting(&repair->plan);
	print_replaced(repair);
}

void
repair_print_plan(const struct repair *repair, const char *database)
{
	size_t		count = repair_step_count(repair);

	if (count == 0)
		report_line("database %s at version %d: %s", database, repair->wanted.version, repair_is_left(repair)
					? "no step is possible" : "nothing to repair");
	else
		report_line("database %s at version %d: %zu step%s would repair it", database, repair->wanted.version, count,
					count == 1 ? "" : "s");
	for (size_t i = 0; i < repair->plan.step_count; i++) {
		const struct repair_step *step = &repair->plan.steps[i];

		if (!step->blocked)
			report_wrapped(2, "%s%s", step->line, step->locks
						   ? " (on PostgreSQL 10 and 11 all sessions wait while the table is scanned)" : "");
	}
	repair_print_left(repair);
}

/* --- a script --- */

static bool
is_transaction(enum repair_form form)
{
	return form == REPAIR_STATEMENT || form == REPAIR_JOINED || form == REPAIR_FILL;
}

/* The statements that are one transaction, from `first` on; returns the number of the next one. */
static size_t
print_group(const struct repair_list *list, size_t first)
{
	size_t		next = first + 1;
	char	   *text = NULL;

	while (next < list->count && list->statements[next].form == REPAIR_JOINED)
		next++;
	if (next > first + 1)
		mem_append(&text, "", "BEGIN;\n");
	for (size_t i = first; i < next; i++) {
		mem_append(&text, "", list->statements[i].text);
		mem_append(&text, "", i + 1 < next ? ";\n" : ";");
	}
	if (next > first + 1)
		mem_append(&text, "", "\nCOMMIT;");
	report_sql(text);
	mem_free(text);
	return next;
}

void
repair_print_sql(const struct repair *repair, const char *database)
{
	bool		limited = false;
	bool		begun = false;

	report_line("-- Repairs a database at version %d. Run it with psql, but not in one transaction (without -1),",
				repair->wanted.version);
	report_line("-- as the owner of database %s. It grants no privileges on new objects: run \"" PROGRAM " repair\"",
				database);
	report_line("%s", "-- or grants.sql afterwards.");
	for (size_t i = 0; i < repair->plan.step_count; i++) {
		const struct repair_step *step = &repair->plan.steps[i];

		if (step->blocked)
			continue;
		report_line("%s", "");
		report_line("-- %s", step->line);
		for (size_t k = 0; k < step->list.count;) {
			bool		limit = is_transaction(step->list.statements[k].form);

			/* A concurrent build may wait: it blocks no session. */
			if (!begun || limit != limited)
				report_sql(limit ? "SET lock_timeout = '2s';" : "SET lock_timeout = 0;");
			begun = true;
			limited = limit;
			k = print_group(&step->list, k);
		}
	}
}

/* --- JSON --- */

static json_t *
json_step(const char *text, char *sql, const char *state)
{
	json_t	   *object = json_pack("{s:o, s:o, s:s}", "text", json_output_text(text), "sql", json_output_text(sql),
								   "state", state);

	mem_free(sql);
	return object;
}

static json_t *
json_steps(const struct repair *repair, bool ran)
{
	json_t	   *steps = json_output_array();

	for (size_t i = 0; i < repair->tried_count && ran; i++) {
		const struct repair_tried *tried = &repair->tried[i];

		json_output_append(steps, json_step(tried->line, mem_string(tried->sql), tried->done ? "done" : "failed"));
	}
	for (size_t i = 0; i < repair->plan.step_count && !ran; i++) {
		const struct repair_step *step = &repair->plan.steps[i];

		if (!step->blocked)
			json_output_append(steps, json_step(step->line, repair_list_text(&step->list), "planned"));
	}
	return steps;
}

static json_t *
json_left(const struct repair *repair, bool replaced)
{
	json_t	   *left = json_output_array();

	for (size_t i = 0; i < repair->fault_count && !replaced; i++) {
		const struct repair_fault *fault = &repair->faults[i];
		char	   *text = fault_text(fault);

		json_output_append(left, json_pack("{s:o, s:o, s:o, s:o, s:n}", "text", json_output_text(text), "needs",
										   json_output_text(fault->needs), "rows", fault->error
										   ? json_null() : json_integer(fault->rows), "query",
										   json_output_text(fault->query), "choice"));
		mem_free(text);
	}
	for (size_t i = 0; i < repair->plan.left_count; i++) {
		const struct repair_left *one = &repair->plan.left[i];
		char	   *choice = repair_choice(one->item);

		if ((one->reason == REPAIR_REPLACED) == replaced) {
			char	   *text = repair_left_text(one, repair->live.server);

			json_output_append(left, json_pack("{s:o, s:n, s:n, s:n, s:o}", "text", json_output_text(text), "needs",
											   "rows", "query", "choice", json_output_text(choice)));
			mem_free(text);
		}
		mem_free(choice);
	}
	return left;
}

static json_t *
json_waiting(const struct repair_plan *plan)
{
	json_t	   *waiting = json_output_array();

	for (size_t i = 0; i < plan->waiting_count; i++)
		json_output_append(waiting, json_output_text(plan->waiting[i]));
	return waiting;
}

void
repair_print_json(const struct repair *repair, const char *database, bool ran)
{
	const char *status = repair_is_left(repair) ? "left" : ran || repair_step_count(repair) == 0 ? "complete" : "planned";

	json_output_print(json_pack("{s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:I, s:s}", "status", status, "database",
								json_output_text(database), "version", repair->wanted.version, "steps",
								json_steps(repair, ran), "left", json_left(repair, false), "waiting",
								json_waiting(&repair->plan), "replaced", json_left(repair, true), "extra",
								(json_int_t) repair->plan.extra, "build", history.build));
}
