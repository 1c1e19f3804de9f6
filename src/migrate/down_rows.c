/* Look for rows that contradict the down statements of a downgrade. */
#include "migrate/down_rows.h"

#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "history/destructive.h"
#include "history/forbidden_by_rows.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/row_check.h"
#include "record/trust.h"

#include "base/banned.h"

enum {
	MOST_ROWS = 5				/* that are shown */
};

/* May a statement before this one change rows of the table? */
static bool
is_changed_before(const struct migrator *migrator, const char *table, size_t task, size_t statement)
{
	const char *name = strrchr(table, '.') + 1;

	for (size_t i = 0; i <= task; i++) {
		const struct statement_list *list = &migrator->tasks[i].list;
		size_t		count = i < task ? list->count : statement;

		for (size_t k = 0; k < count; k++) {
			const char *text = list->statements[k].text;

			if (destructive_names(text, name)
				&& (destructive_deletes(text) || destructive_updates(text) || destructive_is_code(text)))
				return true;
		}
	}
	return false;
}

static void
report_rows(const struct task *task, const struct forbidden_item *item, const struct pipeline_command *rows)
{
	report_error("%s would fail: rows of table %s contradict %s", task->title, item->table, item->what);
	for (int i = 0; i < pipeline_row_count(rows) && i < MOST_ROWS; i++)
		report_detail("%s", pipeline_text(rows, i, 0));
	report_hint("To list all of these rows, run: %s;", item->rows);
}

/* Is there such a row? Then it is reported, and *found set. False, reported, if the run should end. */
static bool
find_rows(struct session *session, const struct task *task, const struct forbidden_item *item, bool *found)
{
	struct pipeline pipeline = {0};
	char	   *query = mem_format("SELECT left(q.line, 200) FROM (%s) q (line) LIMIT %d", item->rows, MOST_ROWS);
	bool		ran;

	trust_begin_reading(session, &pipeline, item->table);
	pipeline_add(&pipeline, query, 0);
	session_end_reading(&pipeline);
	ran = row_check_run(session, &pipeline);
	/* The query fails if the table or a column is made by a down before this one. */
	if (ran && !pipeline_failed(&pipeline) && pipeline_row_count(session_result(&pipeline)) > 0) {
		report_rows(task, item, session_result(&pipeline));
		*found = true;
	}
	pipeline_clear(&pipeline);
	mem_free(query);
	return ran;
}

/* The same for each statement of a task that rows may forbid. */
static bool
find_in_task(struct migrator *migrator, size_t task, bool *found)
{
	const struct statement_list *list = &migrator->tasks[task].list;
	struct forbidden forbidden = {0};
	bool		ran = true;

	for (size_t i = 0; i < list->count && ran; i++) {
		forbidden_add(&forbidden, list->statements[i].text);
		for (size_t k = 0; k < forbidden.count && ran; k++)
			ran = is_changed_before(migrator, forbidden.items[k].table, task, i)
				|| find_rows(&migrator->database.session, &migrator->tasks[task], &forbidden.items[k], found);
		forbidden_clear(&forbidden);
	}
	return ran;
}

int
down_rows_check(struct migrator *migrator)
{
	struct session *session = &migrator->database.session;
	bool		found = false;

	if (!session_as_login(session, true))
		return STATUS_UNKNOWN;
	for (size_t i = 0; i < migrator->task_count; i++)
		if (!find_in_task(migrator, i, &found))
			return signals_stop() ? STATUS_FAILED : STATUS_UNKNOWN;
	if (!session_as_login(session, false))
		return STATUS_UNKNOWN;
	if (!found)
		return STATUS_OK;
	report_detail("Nothing was changed.");
	return STATUS_UNKNOWN;
}
