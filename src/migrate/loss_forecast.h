/*
 * loss_forecast.h - which tables, columns and rows that are there now planned steps will destroy. Pure.
 *
 * Each step says by names what it drops and renames (history/drops.h). The forecast follows these names back to the
 * tables and columns that the database has now, so that a column that an earlier step renames is found.
 */
#ifndef LOSS_FORECAST_H
#define LOSS_FORECAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "history/drops.h"
#include "migrate/loss_guard.h"

/* A column that a step has dropped or renamed. Names are those of facts (schema/fact.h). */
struct loss_forecast_column {
	const char *live;			/* its name now */
	const char *name;			/* at this step; NULL: it is dropped */
};

struct loss_forecast_table {
	unsigned	relation;
	unsigned	parent;			/* of a partition: the partitioned table; otherwise 0 */
	const char *name;			/* at this step, as a fact has it; NULL: it is dropped */
	size_t		column_count;
	struct loss_forecast_column *columns;
};

struct loss_forecast_loss {
	enum loss_guard_kind kind;	/* a table, a column, or rows */
	bool		rewritten;		/* rows that are only written anew, which is no loss */
	size_t		table;			/* its place in `tables` */
	const char *column;			/* its name now, as a fact has it; or NULL */
	int			version;		/* of the step */
	const char *table_then;		/* the names at this step */
	const char *column_then;
};

/* Zero has no tables. */
struct loss_forecast {
	struct arena arena;
	size_t		table_count;
	struct loss_forecast_table *tables;
	size_t		count;
	struct loss_forecast_loss *losses;	/* in the order of the steps */
};

/* loss_forecast_add_table - add a table of the database, before the first step. */
void		loss_forecast_add_table(struct loss_forecast *forecast, unsigned relation, unsigned parent,
									const char *schema, const char *name);

/* loss_forecast_add_step - add the losses of the next step, that of `version`, and follow what it renames. */
void		loss_forecast_add_step(struct loss_forecast *forecast, const struct drops *drops, int version);

/* loss_forecast_counts - is it a loss by itself? Not that of columns and rows of a table that is dropped in the end. */
bool		loss_forecast_counts(const struct loss_forecast *forecast, const struct loss_forecast_loss *loss);

/* loss_forecast_clear - free it. */
void		loss_forecast_clear(struct loss_forecast *forecast);

#endif
