/* Objects that make a migration fail for certain, or that it would harm. */
#include "schema/taken.h"

#include <string.h>

#include "base/mem.h"
#include "history/destructive.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "schema/compare.h"
#include "schema/fact.h"

#include "base/banned.h"

/* Is a run that of a part of the kind of an object? */
static bool
is_part_of(const struct fact_run *run, enum fact_kind kind, const char *name)
{
	return run->kind == kind && fact_is_part(&(struct fact) {kind, run->name, ""}, name);
}

/* Does the migration that creates a table create an index of it, in its own statement? */
static bool
has_index(const struct fact_history *known, const struct predict_item *table)
{
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].from == table->migration && is_part_of(&known->runs[i], FACT_INDEX, table->name))
			return true;
	return false;
}

/* The first migration after the one that creates a type which adds a label to it; 0: none does. */
static int
adds_label(const struct fact_history *known, const struct predict_item *type)
{
	int			first = 0;

	for (size_t i = 0; i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];

		/* Another form of a label is no new one. */
		if (is_part_of(run, FACT_LABEL, type->name) && !fact_run_before(known, run) && run->from > type->migration
			&& (first == 0 || run->from < first))
			first = run->from;
	}
	return first;
}

/* The migration that fails for certain because a name is taken; 0: none does. */
static int
failing(const struct fact_history *known, const struct predict_item *item)
{
	enum fact_kind other = item->other->kind;

	switch (item->fact) {
		case FACT_INDEX:
			return known->versions[item->migration].repeatable && other != FACT_INDEX && other != FACT_CONSTRAINT
				? item->migration : 0;
		case FACT_TABLE:
			if (other == FACT_TYPE && strncmp(item->other->definition, "composite", strlen("composite")) != 0)
				return item->migration;
			/* A materialized view can have indexes. */
			return other != FACT_MATERIALIZED_VIEW && has_index(known, item) ? item->migration : 0;
		case FACT_TYPE:
			return adds_label(known, item);
		case FACT_CONSTRAINT:
			return item->migration;
		default:
			return 0;
	}
}

/* Does one of the statements from `done` on name the object of an item? Those before are done, and not run again. */
static bool
is_to_come(const struct predict_item *item, int done)
{
	const struct history_migration *migration = history_migration(item->migration);
	struct statement_list up = statement_list_of_section(&migration->source, &migration->up);
	const char *own = compare_name(&(struct fact) {item->fact, item->name, ""});
	char	   *name = fact_plain(own, strlen(own));
	bool		named = false;

	for (size_t i = (size_t) done; i < up.count; i++)
		named |= destructive_names(up.statements[i].text, name);
	mem_free(name);
	statement_list_clear(&up);
	return named;
}

const struct predict_item *
taken_next(const struct prediction *prediction, const struct fact_history *known, const struct steps *steps,
		   size_t *at)
{
	const struct steps_item *first = &steps->steps[0];
	const struct predict_item *item;

	while ((item = predict_next(prediction, first->version - 1, at))) {
		int			version = item->kind == PREDICT_TAKEN ? failing(known, item)
			: item->kind == PREDICT_USED || item->kind == PREDICT_OWNED || item->kind == PREDICT_REMOVED
			|| item->kind == PREDICT_HIDDEN
			|| (item->kind == PREDICT_NEED && item->other) ? item->migration : 0;

		if ((item->kind == PREDICT_MISSING && predict_in_place(item))
			|| (version > 0 && version <= steps->steps[steps->count - 1].version
				&& (first->done == 0 || version != first->version || is_to_come(item, first->done))))
			return item;
	}
	return NULL;
}

char *
taken_advice(const struct predict_item *item, const char *owner)
{
	char	   *table;
	char	   *advice;

	if (item->kind == PREDICT_OWNED) {
		char	   *view = fact_sql_name(item->other->name, strlen(item->other->name));

		advice = mem_format("run \"ALTER %s %s OWNER TO %s\"",
							item->other->kind == FACT_VIEW ? "VIEW" : "MATERIALIZED VIEW", view, owner);
		mem_free(view);
		return advice;
	}
	if (item->other)
		return mem_format(item->kind == PREDICT_USED ? "drop %s %s (and create it again after the upgrade)"
						  : "rename or drop %s %s", fact_kind_word(item->other->kind), item->other->name);
	table = fact_sql_name(item->name, strlen(item->name));
	advice = mem_format("run \"ALTER TABLE %s NO FORCE ROW LEVEL SECURITY\"", table);
	mem_free(table);
	return advice;
}
