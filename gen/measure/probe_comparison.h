/*
 * probe_comparison.h - a comparison of probes, and what it adds to a statement's effects: shared by probe_*.c only.
 */
#ifndef MEASURE_PROBE_COMPARISON_H
#define MEASURE_PROBE_COMPARISON_H

#include "measure/probe.h"

/* The snapshots of a comparison: start of the migration, start and end of the statement. */
struct probe_comparison {
	struct effects_statement *statement;
	const struct probe *start;
	const struct probe *before;
	const struct probe *after;
	bool		retyped;		/* columns have another type or other values: what depends on them was made anew, under
								 * its old name */
};

/*
 * probe_comparison_touch - the entry of a table that was there before the migration; NULL where it was not. Good until
 * the next call.
 */
struct effects_table *probe_comparison_touch(const struct probe_comparison *comparison, unsigned oid);

/* probe_comparison_add - add a change to that entry, which is returned; NULL as above. `name` is copied. */
struct effects_change *probe_comparison_add(const struct probe_comparison *comparison, unsigned oid,
											enum effects_change_kind kind, const char *name);

/* probe_comparison_column - the column of the same table and number in a probe, or NULL. */
const struct probe_column *probe_comparison_column(const struct probe *probe, const struct probe_column *column);

/* probe_comparison_has_index - is there an index of the same name on the same table in a probe? */
bool		probe_comparison_has_index(const struct probe *probe, const struct probe_relation *index);

/* probe_comparison_has_constraint - is there a constraint of the same name and type on the same table? */
bool		probe_comparison_has_constraint(const struct probe *probe, const struct probe_constraint *constraint);

/* probe_comparison_drops_column - has the statement dropped a column of the table? */
bool		probe_comparison_drops_column(const struct probe_comparison *comparison, unsigned table);

/* probe_comparison_more - add the columns that are now required, dropped indexes, and what was disabled. */
void		probe_comparison_more(const struct probe_comparison *comparison);

#endif
