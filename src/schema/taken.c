/* Names that are taken, so that a migration fails for certain. */
#include "schema/taken.h"

#include <string.h>

#include "schema/fact.h"

#include "base/banned.h"

/* Is a run that of a part of the kind of an object? */
static bool
is_part_of(const struct fact_run *run, enum fact_kind kind, const char *name)
{
	size_t		length = strlen(name);

	return run->kind == kind && fact_parent(&(struct fact) {kind, run->name, ""}) == length
		&& strncmp(run->name, name, length) == 0;
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
		/* The runs of an object are neighbours: another form of a label is no new one. */
		bool		goes_on = i > 0 && run[-1].kind == run->kind && strcmp(run[-1].name, run->name) == 0
			&& run[-1].to == run->from;

		if (is_part_of(run, FACT_LABEL, type->name) && !goes_on && run->from > type->migration
			&& (first == 0 || run->from < first))
			first = run->from;
	}
	return first;
}

/* The migration that fails for certain; 0: none does. */
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
		default:
			return 0;
	}
}

const struct predict_item *
taken_next(const struct prediction *prediction, const struct fact_history *known, const struct steps *steps,
		   size_t *at)
{
	const struct steps_item *first = &steps->steps[0];
	const struct predict_item *item;

	while ((item = predict_next(prediction, first->version - 1, at))) {
		int			version = item->kind == PREDICT_TAKEN ? failing(known, item) : 0;

		/* Its statements that are done are not run again. */
		if (version > 0 && version <= steps->steps[steps->count - 1].version
			&& !(first->done > 0 && version == first->version))
			return item;
	}
	return NULL;
}
