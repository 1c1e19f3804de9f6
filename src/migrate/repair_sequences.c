/* Find sequences below the largest value of their columns. */
#include "migrate/repair_sequences.h"

#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/row_check.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/repair_create.h"

#include "base/banned.h"

/* The sequences of columns that the version has, and their tables. */
static const struct fact *
owned_sequence(const struct repair_plan *plan, const struct live *live, size_t number, char **table)
{
	const struct fact *fact = &live->facts.facts[number];
	struct fact_property column;
	size_t		length;

	if (fact->kind != FACT_SEQUENCE || !fact_property(fact, "owned by", &column)
		|| !repair_plan_knows(plan, FACT_SEQUENCE, fact->name))
		return NULL;
	length = compare_owner_table(fact->definition, &column);
	*table = fact_sql_name(column.value, length);
	return fact;
}

bool
repair_sequences(struct session *session, struct repair_plan *plan, const struct live *live)
{
	/* There are many, and nothing has been run that deallocates statements. */
	struct pipeline pipeline = {.prepare = session->prepares};
	size_t	   *places = mem_alloc((live->facts.count + 1) * sizeof(*places));
	size_t		unread = 0;
	bool		ran;

	for (size_t i = 0; i < live->facts.count; i++) {
		char	   *table = NULL;
		const struct fact *sequence = owned_sequence(plan, live, i, &table);
		char	   *sql = sequence ? repair_behind(sequence) : NULL;

		if (sql) {
			row_check_begin(session, &pipeline, table, false);
			places[i] = pipeline.count;
			pipeline_add(&pipeline, sql, 0);
			session_end_reading(&pipeline);
		}
		mem_free(sql);
		mem_free(table);
	}
	ran = pipeline.count == 0 || row_check_run(session, &pipeline);
	for (size_t i = 0; ran && i < live->facts.count; i++) {
		const struct pipeline_command *found = places[i] ? &pipeline.commands[places[i]] : NULL;

		if (found && found->outcome != PIPELINE_DONE)
			unread++;
		else if (found && pipeline_row_count(found) == 1)
			repair_plan_add_sequence(plan, &live->facts.facts[i], pipeline_text(found, 0, 0));
	}
	if (unread > 0) {
		char	   *why = row_check_explain(&pipeline_failed(&pipeline)->error);

		report_warning("could not compare %zu sequence%s with %s: %s", unread, unread == 1 ? "" : "s",
					   unread == 1 ? "its table" : "their tables", why);
		mem_free(why);
	}
	pipeline_clear(&pipeline);
	mem_free(places);
	return ran;
}
