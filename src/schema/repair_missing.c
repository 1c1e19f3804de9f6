/* The SQL that adds what is missing. */
#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_create.h"
#include "schema/repair_list.h"
#include "schema/repair_names.h"
#include "schema/repair_work.h"

#include "base/banned.h"

/* Is there an index with the name of a missing key? A repair that was interrupted has built it. */
static const struct fact *
live_index(const struct repair_work *work)
{
	return fact_find(&work->with->sides->live->facts, FACT_INDEX, work->item->should->name);
}

static void
add_index(const struct repair_work *work, char *sql)
{
	repair_list_add(work->list, REPAIR_CONCURRENT, "%s", sql);
	work->list->statements[work->list->count - 1].index = repair_index_name(&work->names);
	mem_free(sql);
}

void
repair_build_index(const struct repair_work *work)
{
	char	   *sql = repair_create_index(work->item->should, &work->names, true);

	if (sql)
		add_index(work, sql);
}

/* DROP INDEX for an index of a table, whose schema is the index's, too. */
void
repair_drop_index(const struct repair_work *work)
{
	char	   *name = repair_index_name(&work->names);

	repair_list_add(work->list, REPAIR_CONCURRENT, "DROP INDEX CONCURRENTLY %s", name);
	mem_free(name);
}

/* A key is built as an index first, which blocks no session. */
static void
create_key(const struct repair_work *work, const char *definition, const char *what)
{
	const struct repair_names *names = &work->names;
	const char *columns = definition + strlen(what) + 1;
	const struct fact *index = live_index(work);
	char	   *usual = mem_format("unique btree %s", columns);
	bool		there = index && strcmp(index->definition, usual) == 0;

	/* Another index has the name. */
	if (index && !there && !repair_has(index, "invalid")) {
		mem_free(usual);
		return;
	}
	if (index && !there)
		repair_drop_index(work);
	if (!there)
		add_index(work, mem_format("CREATE UNIQUE INDEX CONCURRENTLY %s ON %s USING btree %s", names->name,
								   names->table, columns));
	repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s", names->table,
					names->name, what, names->name);
	mem_free(usual);
}

static void
create_constraint(const struct repair_work *work)
{
	static const char *const labels[] = {"definition", "not valid", "comment", NULL};
	const struct fact *should = work->item->should;
	const struct repair_names *names = &work->names;
	char	   *definition = fact_value(should, "definition");

	if (!repair_has_only(should, labels))
		;
	else if (strncmp(definition, "PRIMARY KEY (", 13) == 0)
		create_key(work, definition, "PRIMARY KEY");
	else if (strncmp(definition, "UNIQUE (", 8) == 0)
		create_key(work, definition, "UNIQUE");
	else if (strncmp(definition, "FOREIGN KEY ", 12) == 0 || strncmp(definition, "CHECK ", 6) == 0) {
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", names->table,
						names->name, definition);
		if (!repair_has(should, "not valid"))
			repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s VALIDATE CONSTRAINT %s", names->table,
							names->name);
	}
	mem_free(definition);
}

/* Validating the check blocks no session, and from PostgreSQL 12 on SET NOT NULL then needs no scan. */
void
repair_set_not_null(const struct repair_work *work)
{
	const char *table = work->names.table;
	const char *column = work->names.name;
	char	   *left = mem_format("%.*s." REPAIR_NOT_NULL_CHECK, (int) fact_parent(work->item->should),
								  work->item->should->name);
	/* A repair that was interrupted has left it. */
	bool		there = fact_find(&work->with->sides->live->facts, FACT_CONSTRAINT, left);

	repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s %sADD CONSTRAINT " REPAIR_NOT_NULL_CHECK
					" CHECK (%s IS NOT NULL) NOT VALID", table,
					there ? "DROP CONSTRAINT IF EXISTS " REPAIR_NOT_NULL_CHECK ", " : "", column);
	repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s VALIDATE CONSTRAINT " REPAIR_NOT_NULL_CHECK, table);
	repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", table, column);
	repair_list_add(work->list, REPAIR_JOINED, "ALTER TABLE %s DROP CONSTRAINT " REPAIR_NOT_NULL_CHECK, table);
	mem_free(left);
}

void
repair_fill(const struct repair_work *work, const char *value)
{
	repair_list_add(work->list, REPAIR_FILL, "UPDATE ONLY %s SET %s = (%s) WHERE %s IS NULL", work->names.table,
					work->names.name, value, work->names.name);
}

/* Rows get what the migrations give them. */
static void
repeat_writes(const struct repair_work *work, const char *format,...)
{
	va_list		args;
	char	   *words;

	if (!work->with->writes)
		return;
	va_start(args, format);
	words = mem_format_list(format, args);
	va_end(args);
	work->with->writes(work->list, work->item->version, words);
	mem_free(words);
}

/* Added without values; then the rows that need one are updated. */
static void
create_filled_column(const struct repair_work *work, const char *type, const char *usual, bool not_null)
{
	const struct repair_names *names = &work->names;
	const char *value = work->with->value ? work->with->value : usual;

	if (!value || !repair_column_sequences(work->list, work->item, work->with->sides, false))
		return;
	repair_list_add(work->list, REPAIR_JOINED, "ALTER TABLE %s ADD COLUMN %s %s%s%s%s%s", names->table, names->name,
					type, usual ? ", ALTER COLUMN " : "", usual ? names->name : "", usual ? " SET DEFAULT " : "",
					usual ? usual : "");
	repair_column_sequences(work->list, work->item, work->with->sides, true);
	if (not_null || work->with->value || !strchr(value, '('))
		repair_fill(work, value);
	if (not_null)
		repair_set_not_null(work);
}

/* A constant default is stored with the table from PostgreSQL 11 on, so no row is written. */
static void
create_column(const struct repair_work *work)
{
	const struct fact *should = work->item->should;
	const struct repair_with *with = work->with;
	char	   *type = fact_value(should, "type");
	char	   *usual = fact_value(should, "default");
	bool		not_null = repair_has(should, "not null");
	bool		constant = !usual || (!strchr(usual, '(') && with->sides->live->server >= 110000);

	if (!repair_has_only(should, repair_column_labels))
		;
	else if (!with->value && constant && (usual || !not_null || with->empty)) {
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ADD COLUMN %s %s%s%s%s", work->names.table,
						work->names.name, type, usual ? " DEFAULT " : "", usual ? usual : "",
						not_null ? " NOT NULL" : "");
		if (!usual)
			repeat_writes(work, "update %.*s set %s", (int) fact_parent(should), should->name, compare_name(should));
	} else
		create_filled_column(work, type, usual, not_null);
	mem_free(usual);
	mem_free(type);
}

/* A label's name is an identifier; in SQL it is a literal. */
static void
create_label(const struct repair_work *work)
{
	char	   *literal = repair_label(work->names.name);

	repair_list_add(work->list, REPAIR_ALONE, "ALTER TYPE %s ADD VALUE %s", work->names.table, literal);
	mem_free(literal);
}

/* In a table that is there before the version that creates it, the column of a sequence is not compared. */
static void
give_early_default(const struct repair_work *work)
{
	const struct compare_sides *sides = work->with->sides;
	struct fact_property owner;
	const struct fact *column;
	char	   *name;

	if (work->list->count == 0 || !compare_owned_by(work->item->should->definition, &owner))
		return;
	name = mem_copy(owner.value, owner.value_length);
	column = fact_find(&sides->live->facts, FACT_COLUMN, name);
	for (size_t i = 0; column && !repair_has(column, "default") && i < sides->history->run_count; i++) {
		const struct fact_run *run = &sides->history->runs[i];
		const struct fact then = {run->kind, run->name, run->texts[0].definition};
		char	   *usual = run->kind == FACT_COLUMN && run->from > work->item->version && strcmp(run->name, name) == 0
			? fact_value(&then, "default") : NULL;

		if (usual) {
			struct repair_names names = repair_names_of(&then);

			repair_list_add(work->list, REPAIR_JOINED, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", names.table,
							names.name, usual);
			repair_names_clear(&names);
			column = NULL;
		}
		mem_free(usual);
	}
	mem_free(name);
}

void
repair_missing(const struct repair_work *work)
{
	switch (work->item->should->kind) {
		case FACT_TYPE:
			repair_create_type(work->list, work->item, work->with->sides);
			break;
		case FACT_SEQUENCE:
			repair_create_sequence(work->list, work->item->should, work->with->sides->live);
			give_early_default(work);
			break;
		case FACT_TABLE:
			repair_create_table(work->list, work->item, work->with->sides);
			if (work->list->count > 0)
				repeat_writes(work, "insert into %s", work->item->should->name);
			break;
		case FACT_INDEX:
			repair_build_index(work);
			break;
		case FACT_CONSTRAINT:
			create_constraint(work);
			break;
		case FACT_COLUMN:
			create_column(work);
			break;
		case FACT_LABEL:
			create_label(work);
			break;
		default:
			break;
	}
}
