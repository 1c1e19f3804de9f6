/* Follow what planned steps drop back to what is there now. */
#include "migrate/loss_forecast.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "history/drops.h"
#include "migrate/loss_guard.h"
#include "schema/fact.h"

#include "base/banned.h"

enum {
	MOST_LEVELS = 100			/* of partitions: a faulty answer must not cause an endless loop */
};

void
loss_forecast_clear(struct loss_forecast *forecast)
{
	for (size_t i = 0; i < forecast->table_count; i++)
		mem_free(forecast->tables[i].columns);
	mem_free(forecast->tables);
	mem_free(forecast->losses);
	arena_clear(&forecast->arena);
	*forecast = (struct loss_forecast) {0};
}

void
loss_forecast_add_table(struct loss_forecast *forecast, unsigned relation, unsigned parent, const char *schema,
						const char *name)
{
	struct arena *arena = &forecast->arena;
	const char *fact = fact_identifier(arena, name);

	if (strcmp(schema, "public") != 0)
		fact = arena_format(arena, "%s.%s", fact_identifier(arena, schema), fact);
	forecast->tables = mem_room(forecast->tables, forecast->table_count, sizeof(*forecast->tables));
	forecast->tables[forecast->table_count++] = (struct loss_forecast_table) {.relation = relation,.parent = parent,
		.name = fact
	};
}

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The table that has this name at this step; NULL: it is none of those that are there now. */
static struct loss_forecast_table *
find_table(struct loss_forecast *forecast, const char *name, size_t length)
{
	for (size_t i = 0; i < forecast->table_count; i++) {
		struct loss_forecast_table *table = &forecast->tables[i];

		if (table->name && strlen(table->name) == length && memcmp(table->name, name, length) == 0)
			return table;
	}
	return NULL;
}

/*
 * The column that has this name at this step: a place that can be changed. NULL: it is none of those that may be there
 * now.
 */
static struct loss_forecast_column *
find_column(struct loss_forecast *forecast, struct loss_forecast_table *table, const char *name)
{
	bool		taken = false;

	for (size_t i = 0; i < table->column_count; i++) {
		if (same(table->columns[i].name, name))
			return &table->columns[i];
		taken = taken || strcmp(table->columns[i].live, name) == 0;
	}
	/* That column has gone or has another name, and this one was made since. */
	if (taken)
		return NULL;
	name = arena_string(&forecast->arena, name);
	table->columns = mem_grow(table->columns, table->column_count + 1, sizeof(*table->columns));
	table->columns[table->column_count] = (struct loss_forecast_column) {.live = name,.name = name};
	return &table->columns[table->column_count++];
}

static void
add_loss(struct loss_forecast *forecast, struct loss_forecast_loss loss)
{
	struct arena *arena = &forecast->arena;

	loss.table_then = arena_string(arena, loss.table_then);
	if (loss.column_then)
		loss.column_then = arena_string(arena, loss.column_then);
	forecast->losses = mem_grow(forecast->losses, forecast->count + 1, sizeof(*forecast->losses));
	forecast->losses[forecast->count++] = loss;
}

/* Partitions go with the partitioned table, and so do rows and columns of theirs. */
static void
drop(struct loss_forecast *forecast, struct loss_forecast_table *table, enum loss_guard_kind kind, const char *column,
	 int version, int level)
{
	struct loss_forecast_column *found = column ? find_column(forecast, table, column) : NULL;
	size_t		place = (size_t) (table - forecast->tables);

	if (found || !column)
		add_loss(forecast, (struct loss_forecast_loss) {.kind = kind,.table = place,.version = version,
				 .column = found ? found->live : NULL,.table_then = table->name,.column_then = column});
	if (found)
		found->name = NULL;
	for (size_t i = 0; i < forecast->table_count && level < MOST_LEVELS; i++)
		if (forecast->tables[i].parent == table->relation && forecast->tables[i].name)
			drop(forecast, &forecast->tables[i], kind, column, version, level + 1);
	if (kind == LOSS_GUARD_TABLE)
		table->name = NULL;
}

/* The item's table, and its column's name, or NULL. */
static struct loss_forecast_table *
table_of(struct loss_forecast *forecast, const struct drops_item *item, const char **column)
{
	bool		of_column = item->kind == DROPS_COLUMN || item->kind == DROPS_COLUMN_RENAMED;
	const struct fact fact = {.kind = of_column ? FACT_COLUMN : FACT_TABLE,.name = item->name};
	size_t		parent = fact_parent(&fact);

	*column = of_column ? item->name + parent + 1 : NULL;
	return find_table(forecast, item->name, of_column ? parent : strlen(item->name));
}

/* New names hold after the whole step: two tables may have changed theirs with each other. */
struct renaming {
	struct loss_forecast_table *table;
	const char *live;			/* the column, or NULL */
	const char *to;
};

static void
rename_all(const struct renaming *renamings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct loss_forecast_table *table = renamings[i].table;

		if (!renamings[i].live)
			table->name = renamings[i].to;
		for (size_t k = 0; renamings[i].live && k < table->column_count; k++)
			if (strcmp(table->columns[k].live, renamings[i].live) == 0)
				table->columns[k].name = renamings[i].to;
	}
}

/* The names that a step gives are set when all of it has been looked at. */
static void
add_item(struct loss_forecast *forecast, const struct drops_item *item, int version, struct renaming *renamings,
		 size_t *count)
{
	const char *column = NULL;
	struct loss_forecast_table *table = table_of(forecast, item, &column);
	const struct loss_forecast_column *found;

	if (!table)
		return;
	switch (item->kind) {
		case DROPS_TABLE:
			drop(forecast, table, LOSS_GUARD_TABLE, column, version, 0);
			break;
		case DROPS_COLUMN:
			drop(forecast, table, LOSS_GUARD_COLUMN, column, version, 0);
			break;
		case DROPS_ROWS:
			drop(forecast, table, LOSS_GUARD_ROWS, column, version, 0);
			break;
		case DROPS_REWRITTEN:
			add_loss(forecast, (struct loss_forecast_loss) {.kind = LOSS_GUARD_ROWS,.rewritten = true,
					 .table = (size_t) (table - forecast->tables),.version = version,.table_then = table->name});
			break;
		default:
			found = column ? find_column(forecast, table, column) : NULL;
			if (item->to && (found || !column))
				renamings[(*count)++] = (struct renaming) {.table = table,.live = found ? found->live : NULL,
					.to = arena_string(&forecast->arena, item->to)
				};
	}
}

void
loss_forecast_add_step(struct loss_forecast *forecast, const struct drops *drops, int version)
{
	struct renaming *renamings = mem_alloc((drops->count + 1) * sizeof(*renamings));
	size_t		count = 0;

	/* Columns and rows before the table that is dropped. */
	for (int last = 0; last < 2; last++)
		for (size_t i = 0; i < drops->count; i++)
			if ((drops->items[i].kind == DROPS_TABLE) == last)
				add_item(forecast, &drops->items[i], version, renamings, &count);
	rename_all(renamings, count);
	mem_free(renamings);
}

bool
loss_forecast_counts(const struct loss_forecast *forecast, const struct loss_forecast_loss *loss)
{
	if (loss->rewritten)
		return false;
	for (const struct loss_forecast_loss *before = forecast->losses; before < loss; before++)
		if (!before->rewritten && before->kind == loss->kind && before->table == loss->table
			&& same(before->column, loss->column))
			return false;
	return loss->kind == LOSS_GUARD_TABLE || forecast->tables[loss->table].name;
}
