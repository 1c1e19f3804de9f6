/* Find the data that an upgrade or a downgrade would destroy. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/signals.h"
#include "migrate/data_loss.h"
#include "migrate/loss_forecast.h"
#include "migrate/loss_guard.h"
#include "migrate/loss_intent.h"
#include "migrate/migrator.h"
#include "pg/pipeline.h"
#include "pg/session.h"
#include "record/row_count.h"
#include "schema/fact.h"

#include "base/banned.h"

/* The columns of FIND_TABLES. */
enum {
	FOUND_OID,
	FOUND_SCHEMA,
	FOUND_NAME,
	FOUND_RELATION,				/* both, quoted */
	FOUND_SHOWN,
	FOUND_VIEW,
	FOUND_PARENT
};

/* The query begins with r (oid), whatever that is; views are there for what is deleted through them. */
#define FIND_TABLES \
	" SELECT c.oid::bigint, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname)," \
	" CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind = 'v'," \
	" CASE WHEN c.relispartition THEN (SELECT i.inhparent::bigint FROM pg_inherits i WHERE i.inhrelid = c.oid) END" \
	" FROM r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace" \
	" WHERE c.relkind IN ('r', 'p', 'v') AND c.relpersistence <> 't' AND c.oid >= 16384" \
	" AND n.nspname <> 'fitsdb_schema' AND NOT (n.nspname = 'public' AND c.relname = 'migrate_version')" \
	" ORDER BY n.nspname <> 'public', n.nspname, c.relname"
#define ALL_TABLES "WITH r AS (SELECT oid FROM pg_class)"

/* $1: tables of which rows are deleted; what foreign keys then delete with them. */
#define CASCADED \
	"WITH RECURSIVE r AS (SELECT t.oid::oid AS oid FROM unnest($1::bigint[]) t (oid)" \
	" UNION SELECT k.conrelid FROM r JOIN pg_constraint k ON k.confrelid = r.oid" \
	" WHERE k.contype = 'f' AND k.confdeltype = 'c')"

#define FIND_COLUMNS \
	"SELECT a.attrelid::bigint, a.attnum, a.attname FROM pg_attribute a WHERE a.attrelid = ANY($1::bigint[]::oid[])" \
	" AND a.attnum > 0 AND NOT a.attisdropped"

/* Data that may be lost, with its amount. */
struct search {
	struct session *session;
	struct pipeline pipeline;	/* the tables; FIND_TABLES */
	struct loss_forecast forecast;
	size_t		count;
	struct search_item {
		struct loss_guard_item item;
		const struct loss_forecast_loss *loss;	/* NULL: it is not of the forecast */
	}		   *items;
	struct row_count_item *counts;
};

static void
add_item(struct search *search, struct loss_guard_item item, const char *relation,
		 const struct loss_forecast_loss *loss)
{
	search->items = mem_grow(search->items, search->count + 1, sizeof(*search->items));
	search->counts = mem_grow(search->counts, search->count + 1, sizeof(*search->counts));
	search->items[search->count] = (struct search_item) {.item = item,.loss = loss};
	search->counts[search->count++] = (struct row_count_item) {.relation = mem_string(relation),
		.column = mem_string(item.column)
	};
}

/* Read the tables, and let the forecast know them. Sets intent->any. */
static bool
read_tables(struct search *search, struct loss_intent *intent)
{
	const struct pipeline_command *tables;

	session_add_own_settings(&search->pipeline);
	pipeline_add(&search->pipeline, ALL_TABLES FIND_TABLES, 0);
	if (!session_query(search->session, &search->pipeline, "read the tables"))
		return false;
	tables = &search->pipeline.commands[1];
	for (int i = 0; i < pipeline_row_count(tables); i++) {
		const char *schema = pipeline_text(tables, i, FOUND_SCHEMA);
		const char *name = pipeline_text(tables, i, FOUND_NAME);

		if (!pipeline_bool(tables, i, FOUND_VIEW))
			loss_forecast_add_table(&search->forecast, (unsigned) pipeline_number(tables, i, FOUND_OID),
									(unsigned) pipeline_number(tables, i, FOUND_PARENT), schema, name);
		else if (loss_intent_names(intent, schema, name))
			intent->any = true;
	}
	return true;
}

/* The line of FIND_TABLES about a table that is there; -1: none. */
static int
find_line(const struct search *search, unsigned relation)
{
	const struct pipeline_command *tables = &search->pipeline.commands[1];

	for (int i = 0; i < pipeline_row_count(tables); i++)
		if ((unsigned) pipeline_number(tables, i, FOUND_OID) == relation)
			return i;
	return -1;
}

/* The tables that unknown steps may mean. */
static void
add_meant(struct search *search, const struct loss_intent *intent)
{
	const struct pipeline_command *tables = &search->pipeline.commands[1];

	for (int i = 0; i < pipeline_row_count(tables) && intent->why; i++) {
		const char *schema = pipeline_text(tables, i, FOUND_SCHEMA);

		if (pipeline_bool(tables, i, FOUND_VIEW)
			|| !(intent->any || loss_intent_names(intent, schema, pipeline_text(tables, i, FOUND_NAME))))
			continue;
		add_item(search, (struct loss_guard_item) {
			.kind = LOSS_GUARD_ANYTHING,.relation = (unsigned) pipeline_number(tables, i, FOUND_OID),
			.table = mem_string(pipeline_text(tables, i, FOUND_SHOWN))
		}, pipeline_text(tables, i, FOUND_RELATION), NULL);
	}
}

static bool
is_rewritten(const struct search_item *item)
{
	return item->loss && item->loss->rewritten;
}

/*
 * The numbers of the tables that may lose columns, or of those that may lose rows, as the text of an array; a new
 * string. No table has the number 0.
 */
static char *
relations_of(const struct search *search, bool columns)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	fputs("{0", stream);
	for (size_t i = 0; columns && i < search->forecast.count; i++)
		fprintf(stream, ",%u", search->forecast.tables[search->forecast.losses[i].table].relation);
	for (size_t i = 0; !columns && i < search->count; i++) {
		const struct loss_guard_item *item = &search->items[i].item;

		if ((item->kind == LOSS_GUARD_ROWS || item->kind == LOSS_GUARD_ANYTHING)
			&& !is_rewritten(&search->items[i]) && search->counts[i].count.rows != 0)
			fprintf(stream, ",%u", item->relation);
	}
	fputs("}", stream);
	mem_stream_close(stream);
	return text;
}

/* The number and the name of a column that is there; 0: none. */
static int
find_column(const struct pipeline_command *columns, unsigned relation, const char *live, const char **name)
{
	struct arena arena = {0};
	int			number = 0;

	for (int i = 0; i < pipeline_row_count(columns) && number == 0; i++)
		if ((unsigned) pipeline_number(columns, i, 0) == relation
			&& strcmp(fact_identifier(&arena, pipeline_text(columns, i, 2)), live) == 0) {
			number = (int) pipeline_number(columns, i, 1);
			*name = pipeline_text(columns, i, 2);
		}
	arena_clear(&arena);
	return number;
}

/* Existing objects that the known steps destroy. */
static bool
add_forecast(struct search *search)
{
	const struct loss_forecast *forecast = &search->forecast;
	const struct pipeline_command *tables = &search->pipeline.commands[1];
	struct pipeline pipeline = {0};
	char	   *relations = relations_of(search, true);
	bool		read;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, FIND_COLUMNS, 1, relations);
	read = session_query(search->session, &pipeline, "read the columns");
	for (size_t i = 0; read && i < forecast->count; i++) {
		const struct loss_forecast_loss *loss = &forecast->losses[i];
		struct loss_guard_item item = {.kind = loss->kind,.relation = forecast->tables[loss->table].relation};
		int			line = find_line(search, item.relation);
		const char *column = NULL;

		if (loss->column && !(item.number = find_column(&pipeline.commands[1], item.relation, loss->column, &column)))
			continue;
		item.table = mem_string(pipeline_text(tables, line, FOUND_SHOWN));
		item.column = mem_string(column);
		add_item(search, item, pipeline_text(tables, line, FOUND_RELATION), loss);
	}
	pipeline_clear(&pipeline);
	mem_free(relations);
	return read;
}

/* The tables from which rows go with what is deleted, by their foreign keys. */
static bool
add_cascaded(struct search *search)
{
	struct pipeline pipeline = {0};
	char	   *relations = relations_of(search, false);
	size_t		known = search->count;
	const struct pipeline_command *tables;
	bool		found;

	session_add_own_settings(&pipeline);
	pipeline_add(&pipeline, CASCADED FIND_TABLES, 1, relations);
	found = session_query(search->session, &pipeline, "read the foreign keys");
	tables = &pipeline.commands[1];
	for (int i = 0; found && i < pipeline_row_count(tables); i++) {
		unsigned	relation = (unsigned) pipeline_number(tables, i, FOUND_OID);
		bool		listed = false;

		for (size_t k = 0; k < known; k++)
			listed = listed || (search->items[k].item.relation == relation && search->items[k].item.number == 0
								&& !is_rewritten(&search->items[k]));
		if (!listed)
			add_item(search, (struct loss_guard_item) {
				.kind = LOSS_GUARD_CASCADE,.relation = relation,
				.table = mem_string(pipeline_text(tables, i, FOUND_SHOWN))
			}, pipeline_text(tables, i, FOUND_RELATION), NULL);
	}
	found = found && row_count_read_all(search->session, search->counts + known, search->count - known);
	pipeline_clear(&pipeline);
	mem_free(relations);
	return found;
}

static int
compare_items(const void *left, const void *right)
{
	const struct loss_guard_item *a = left;
	const struct loss_guard_item *b = right;
	int			order = (a->kind == LOSS_GUARD_CASCADE) - (b->kind == LOSS_GUARD_CASCADE);

	order = order ? order : strcmp(a->table, b->table);
	order = order ? order : (a->kind > b->kind) - (a->kind < b->kind);
	return order ? order : strcmp(a->column ? a->column : "", b->column ? b->column : "");
}

/* The list is of what holds something, or may do so. */
static void
make_list(struct loss_guard_list *list, const struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct search_item *found = &search->items[i];
		struct loss_guard_item item = found->item;

		item.count = search->counts[i].count;
		if (item.count.rows == 0 || (found->loss && !loss_forecast_counts(&search->forecast, found->loss)))
			continue;
		item.table = mem_string(item.table);
		item.column = mem_string(item.column);
		loss_guard_list_add(list, item);
	}
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_items);
}

/*
 * What will be gone and was counted: if each step looks whether it holds no more than that, before it begins, it need
 * not be run again.
 */
static void
expect(struct migrator *migrator, const struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct search_item *found = &search->items[i];
		const struct loss_forecast_loss *loss = found->loss;
		struct loss_guard_item item = {.kind = found->item.kind,.relation = found->item.relation,
			.number = found->item.number,.count = {.rows = -1},.limit = search->counts[i].count.rows
		};

		/* A table that is written anew is only looked at if it has no rows: then it looks as if it were emptied. */
		if (!loss || (loss->kind == LOSS_GUARD_ROWS && !(loss->rewritten && item.limit <= 0))
			|| !search->counts[i].trusted || search->counts[i].count.estimated)
			continue;
		item.table = fact_sql_name(loss->table_then, strlen(loss->table_then));
		item.column = loss->column_then ? fact_unescape(loss->column_then, strlen(loss->column_then)) : NULL;
		migrator_expect(migrator, loss->version, item);
	}
}

static void
search_clear(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		mem_free(search->items[i].item.table);
		mem_free(search->items[i].item.column);
		mem_free(search->counts[i].relation);
		mem_free(search->counts[i].column);
	}
	mem_free(search->items);
	mem_free(search->counts);
	loss_forecast_clear(&search->forecast);
	pipeline_clear(&search->pipeline);
}

static bool
find(struct data_loss *loss, struct migrator *migrator, struct loss_intent *intent)
{
	struct search search = {.session = &migrator->database.session};
	bool		found = read_tables(&search, intent);
	bool		deletes = intent->deletes;

	for (size_t i = 0; found && i < intent->count; i++)
		loss_forecast_add_step(&search.forecast, &intent->steps[i].drops, intent->steps[i].task->step.version);
	for (size_t i = 0; i < search.forecast.count; i++)
		deletes = deletes
			|| (search.forecast.losses[i].kind == LOSS_GUARD_ROWS && !search.forecast.losses[i].rewritten);
	if (found && intent->why)
		add_meant(&search, intent);
	if (found && search.forecast.count > 0)
		found = add_forecast(&search);
	found = found && row_count_read_all(search.session, search.counts, search.count)
		&& (!deletes || add_cascaded(&search));
	if (found) {
		make_list(&loss->list, &search);
		if (loss->list.count > 0)
			loss->why = mem_string(intent->why);
		expect(migrator, &search);
	}
	search_clear(&search);
	return found;
}

int
data_loss_find(struct data_loss *loss, struct migrator *migrator)
{
	struct loss_intent intent = {0};
	bool		found = true;

	*loss = (struct data_loss) {0};
	loss_intent_read(&intent, migrator);
	/* What a superuser has left behind may be unreadable to the owner, who is given it only once this is agreed to. */
	if (intent.risky)
		found = session_as_login(&migrator->database.session, true) && find(loss, migrator, &intent)
			&& session_as_login(&migrator->database.session, false);
	loss->single = intent.single;
	loss_intent_clear(&intent);
	if (signals_stop()) {
		report_error("stopped by %s; nothing was changed", signals_stop());
		return STATUS_FAILED;
	}
	return found ? STATUS_OK : STATUS_UNKNOWN;
}
