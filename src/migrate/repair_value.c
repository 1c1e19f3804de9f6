/* Have the server parse the expressions of --set. */
#include "migrate/repair_value.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/sql_lexer.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "pg/sqlstate.h"
#include "record/trust.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/repair_names.h"
#include "schema/repair_plan.h"

#include "base/banned.h"

bool
repair_value_is_whole(const char *expression)
{
	struct sql_lexer words;
	struct sql_lexer_word word = {0};
	size_t		count = 0;
	unsigned	depth = 0;

	sql_lexer_start(&words, expression, strlen(expression));
	/* A comment could hide what comes after the expression. */
	words.comments = true;
	for (; sql_lexer_next(&words, &word); count++) {
		int			c = word.kind == WORD_SYMBOL ? expression[word.offset] : ' ';

		if (word.open || word.kind == WORD_COMMENT || c == ';' || c == '$' || ((c == ')' || c == ']') && depth == 0))
			return false;
		depth = words.depth;
	}
	return count > 0 && depth == 0;
}

/* Does the plan add something else that the expression may name? */
static bool
adds_more(const struct repair *repair, const struct repair_step *but)
{
	for (size_t i = 0; i < repair->plan.step_count; i++) {
		const struct repair_step *step = &repair->plan.steps[i];

		if (step != but && step->item && step->item->kind == COMPARE_MISSING && step->item->should
			&& (step->item->should->kind == FACT_COLUMN || step->item->should->kind == FACT_TYPE))
			return true;
	}
	return false;
}

/* What only the run can tell is no error yet. */
static bool
is_error(const struct repair *repair, const struct repair_step *step, const struct pipeline_error *error)
{
	if (pipeline_error_is(error, SQLSTATE_UNDEFINED_COLUMN) || pipeline_error_is(error, SQLSTATE_UNDEFINED_OBJECT))
		return !adds_more(repair, step);
	return !pipeline_error_is(error, SQLSTATE_INSUFFICIENT_PRIVILEGE);
}

static void
report(const struct repair_value *value, const struct pipeline_error *error)
{
	if (trust_refused(error))
		report_error("--set %s: the table, or an object of an untrusted role that it uses, is not trusted",
					 value->column);
	else
		report_error("--set %s: %s%s%s%s", value->column, error->message, error->sqlstate[0] ? " (" : "", error->sqlstate,
					 error->sqlstate[0] ? ")" : "");
	report_detail("The expression is: %s", value->expression);
	report_detail("Nothing was changed.");
	if (error->hint)
		report_hint("%s", error->hint);
}

/* In WHERE, an aggregate is as wrong as in SET. */
static bool
check(const struct repair *repair, const struct repair_step *step, const struct repair_value *value)
{
	const struct fact *column = step->item->should;
	struct pipeline pipeline = {0};
	struct repair_names names = repair_names_of(column);
	char	   *sql = mem_format("PREPARE fitsdb_schema_value AS SELECT FROM ONLY %s WHERE CAST((%s) AS %.*s) IS NULL",
								 names.table, value->expression, (int) strcspn(column->definition, "\t"),
								 column->definition);
	const struct pipeline_command *failed;
	bool		good;

	trust_begin_reading(repair->session, &pipeline, names.table);
	/* As for the statement that it will be in. */
	pipeline_add(&pipeline, "SELECT pg_catalog.set_config('search_path', 'public', true)", 0);
	pipeline_add(&pipeline, sql, 0);
	pipeline_add(&pipeline, "DEALLOCATE fitsdb_schema_value", 0);
	session_end_reading(&pipeline);
	pipeline_run(repair->session->connection, &pipeline);
	failed = pipeline_failed(&pipeline);
	good = !failed || (!failed->error.lost && !is_error(repair, step, &failed->error));
	if (!good)
		report(value, &failed->error);
	pipeline_clear(&pipeline);
	mem_free(sql);
	repair_names_clear(&names);
	return good;
}

bool
repair_value_check(const struct repair *repair)
{
	for (size_t i = 0; i < repair->wanted.value_count; i++) {
		const struct repair_value *value = &repair->wanted.values[i];

		for (size_t k = 0; k < repair->plan.step_count; k++) {
			const struct repair_step *step = &repair->plan.steps[k];

			if (step->item && step->item->should && step->item->should->kind == FACT_COLUMN
				&& strcmp(step->item->should->name, repair_value_column(value)) == 0 && !check(repair, step, value))
				return false;
		}
	}
	return true;
}
