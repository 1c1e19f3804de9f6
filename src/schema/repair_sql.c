/* The SQL that repairs a difference. */
#include "schema/repair_sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_create.h"
#include "schema/repair_list.h"
#include "schema/repair_names.h"
#include "schema/repair_privileges.h"

#include "base/banned.h"

enum {
	LENGTH_MOST = 10485761		/* more than a varchar can have */
};

/* A repair that is being made. */
struct repair_work {
	struct repair_list *list;
	const struct compare_item *item;
	const struct repair_with *with;
	struct repair_names names;	/* of what should be, or else of what is */
};

/* --- missing objects --- */

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

static void
create_index(const struct repair_work *work)
{
	char	   *sql = repair_create_index(work->item->should, &work->names, true);

	if (sql)
		add_index(work, sql);
}

/* DROP INDEX for an index of a table, whose schema is the index's, too. */
static void
drop_index(const struct repair_work *work)
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
		drop_index(work);
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
static void
set_not_null(const struct repair_work *work)
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

static void
fill(const struct repair_work *work, const char *value)
{
	repair_list_add(work->list, REPAIR_FILL, "UPDATE ONLY %s SET %s = (%s) WHERE %s IS NULL", work->names.table,
					work->names.name, value, work->names.name);
}

/*
 * A constant default is stored with the table from PostgreSQL 11 on, so no row is written. Otherwise the column is added
 * without values, and rows that need one are updated.
 */
static void
create_column(const struct repair_work *work)
{
	static const char *const labels[] = {"type", "default", "not null", "after", "comment", NULL};
	const struct fact *should = work->item->should;
	const struct repair_names *names = &work->names;
	const struct repair_with *with = work->with;
	char	   *type = fact_value(should, "type");
	char	   *usual = fact_value(should, "default");
	bool		not_null = repair_has(should, "not null");
	bool		simple = !with->value && (!usual || (!strchr(usual, '(') && with->sides->live->server >= 110000));
	const char *value = with->value ? with->value : usual;

	if (!repair_has_only(should, labels))
		;
	else if (simple && (usual || !not_null || with->empty))
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ADD COLUMN %s %s%s%s%s", names->table,
						names->name, type, usual ? " DEFAULT " : "", usual ? usual : "", not_null ? " NOT NULL" : "");
	else if (value) {
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ADD COLUMN %s %s%s%s%s%s", names->table,
						names->name, type, usual ? ", ALTER COLUMN " : "", usual ? names->name : "",
						usual ? " SET DEFAULT " : "", usual ? usual : "");
		if (not_null || with->value || !strchr(value, '('))
			fill(work, value);
		if (not_null)
			set_not_null(work);
	}
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

/* --- changed properties --- */

static void
repair_default(const struct repair_work *work)
{
	const char *value = work->item->should_value;

	repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ALTER COLUMN %s %s%s", work->names.table,
					work->names.name, value ? "SET DEFAULT " : "DROP DEFAULT", value ? value : "");
}

static void
repair_not_null(const struct repair_work *work)
{
	const struct compare_item *item = work->item;
	char	   *usual = item->should ? fact_value(item->should, "default") : NULL;
	const char *value = work->with->value ? work->with->value : usual;

	if (!item->should_value)
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL",
						work->names.table, work->names.name);
	else if (!item->is_value && !*item->should_value) {
		if (value && work->with->fills)
			fill(work, value);
		set_not_null(work);
	}
	mem_free(usual);
}

/* The greatest length of a varchar, LENGTH_MOST for text and varchar without one; 0: another type. */
static long
text_length(const char *type)
{
	static const char varying[] = "character varying";

	if (strcmp(type, "text") == 0 || strcmp(type, varying) == 0)
		return LENGTH_MOST;
	return strncmp(type, varying, sizeof(varying) - 1) == 0 && type[sizeof(varying) - 1] == '('
		? strtol(type + sizeof(varying), NULL, 10) : 0;
}

/* A longer varchar, or text: no row is written, and none can be too long. */
static void
repair_type(const struct repair_work *work)
{
	const char *should = work->item->should_value;
	long		is = text_length(work->item->is_value ? work->item->is_value : "");

	if (is > 0 && should && text_length(should) >= is)
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ALTER COLUMN %s TYPE %s", work->names.table,
						work->names.name, should);
}

/* The word for ALTER and COMMENT; NULL for kinds that are not repaired. */
static const char *
object_word(enum fact_kind kind)
{
	switch (kind) {
		case FACT_TABLE:
			return "TABLE";
		case FACT_VIEW:
			return "VIEW";
		case FACT_MATERIALIZED_VIEW:
			return "MATERIALIZED VIEW";
		case FACT_SEQUENCE:
			return "SEQUENCE";
		case FACT_TYPE:
			return "TYPE";
		default:
			return NULL;
	}
}

static void
repair_owner(const struct repair_work *work)
{
	const char *word = object_word(work->item->should->kind);

	if (word)
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER %s %s OWNER TO %s", word, work->names.table,
						work->item->should_value);
}

static void
repair_comment(const struct repair_work *work)
{
	const struct compare_item *item = work->item;
	const char *word = object_word(item->should->kind);
	char	   *value = item->should_value ? repair_literal(item->should_value) : mem_string("NULL");

	if (word)
		repair_list_add(work->list, REPAIR_STATEMENT, "COMMENT ON %s %s IS %s", word, work->names.table, value);
	else if (item->should->kind == FACT_COLUMN)
		repair_list_add(work->list, REPAIR_STATEMENT, "COMMENT ON COLUMN %s.%s IS %s", work->names.table,
						work->names.name, value);
	mem_free(value);
}

static void
repair_trigger(const struct repair_work *work)
{
	const char *value = work->item->should_value;
	const char *enabling = strcmp(value, "enabled") == 0 ? "ENABLE" : strcmp(value, "disabled") == 0 ? "DISABLE"
		: strcmp(value, "always") == 0 ? "ENABLE ALWAYS" : strcmp(value, "replica") == 0 ? "ENABLE REPLICA" : NULL;

	if (enabling)
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s %s TRIGGER %s", work->names.table, enabling,
						work->names.name);
}

/* The triggers of a constraint have no names of their own; so all of the table are enabled, if all should be. */
static void
repair_constraint_triggers(const struct repair_work *work)
{
	const struct compare_item *item = work->item;
	const struct fact_history *known = work->with->sides->history;
	size_t		length = strlen(item->group);
	char	   *table;

	if (strcmp(item->should_value, "enabled") != 0)
		return;
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].kind == FACT_TRIGGER && strncmp(known->runs[i].name, item->group, length) == 0
			&& known->runs[i].name[length] == '.' && strstr(known->runs[i].texts[0].definition, "state: "))
			return;
	table = fact_sql_name(item->group, length);
	repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s ENABLE TRIGGER ALL", table);
	mem_free(table);
}

/* Does the item say that this property should be absent? */
static bool
should_lack(const struct compare_item *item, const char *label)
{
	return strcmp(item->label, label) == 0 && !item->should_value;
}

/* An index is built anew: it is not valid, or another one. */
static void
repair_index(const struct repair_work *work)
{
	static const char *const labels[] = {"definition", "where", "comment", NULL};
	const struct compare_item *item = work->item;

	if (!repair_has_only(item->should, labels)
		|| !(repair_has_only(item->is, labels) || should_lack(item, "invalid")))
		return;
	drop_index(work);
	create_index(work);
}

static void
repair_changed(const struct repair_work *work)
{
	const struct compare_item *item = work->item;
	const char *label = item->label;

	if (strcmp(label, "owner") == 0) {
		repair_owner(work);
		return;
	}
	if (strcmp(label, "comment") == 0) {
		repair_comment(work);
		return;
	}
	switch (item->should->kind) {
		case FACT_COLUMN:
			if (strcmp(label, "default") == 0)
				repair_default(work);
			else if (strcmp(label, "not null") == 0)
				repair_not_null(work);
			else if (strcmp(label, "type") == 0)
				repair_type(work);
			break;
		case FACT_INDEX:
			if (strcmp(label, "definition") == 0 || strcmp(label, "where") == 0 || strcmp(label, "invalid") == 0)
				repair_index(work);
			break;
		case FACT_CONSTRAINT:
			if (strcmp(label, "checks") == 0 || strcmp(label, "actions") == 0)
				repair_constraint_triggers(work);
			else if (should_lack(item, "not valid"))
				repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s VALIDATE CONSTRAINT %s",
								work->names.table, work->names.name);
			break;
		case FACT_TRIGGER:
			if (strcmp(label, "state") == 0)
				repair_trigger(work);
			break;
		case FACT_SEQUENCE:
			if (strcmp(label, "owned by") == 0)
				repair_sequence_owner(work->list, item->should);
			break;
		default:
			break;
	}
}

/* --- all --- */

static void
repair_missing(const struct repair_work *work)
{
	switch (work->item->should->kind) {
		case FACT_TYPE:
			repair_create_type(work->list, work->item, work->with->sides);
			break;
		case FACT_SEQUENCE:
			repair_create_sequence(work->list, work->item->should, work->with->sides->live);
			break;
		case FACT_TABLE:
			repair_create_table(work->list, work->item, work->with->sides);
			break;
		case FACT_INDEX:
			create_index(work);
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

/* An object that no version has may belong to somebody: only objects that can be created again are dropped. */
static void
repair_extra(const struct repair_work *work)
{
	const struct fact_history *known = work->with->sides->history;
	const struct fact *is = work->item->is;

	for (size_t i = 0; i < known->run_count; i++) {
		const struct fact_run *run = &known->runs[i];

		/* An index with the name of a key is what the key will use. */
		if ((run->kind == is->kind || (is->kind == FACT_INDEX && run->kind == FACT_CONSTRAINT))
			&& strcmp(run->name, is->name) == 0 && run->to > known->version_count)
			return;
	}
	if (is->kind == FACT_CONSTRAINT)
		repair_list_add(work->list, REPAIR_STATEMENT, "ALTER TABLE %s DROP CONSTRAINT %s", work->names.table,
						work->names.name);
	else if (is->kind == FACT_INDEX)
		drop_index(work);
}

/* Does a migration from the item's version to `end` need the object, or a part of it? */
static bool
is_needed(const struct compare_item *item, const struct fact_history *known, int end)
{
	const struct fact *fact = item->should;
	size_t		length = strlen(fact->name);

	for (size_t i = 0; i < known->claim_count; i++) {
		const struct fact_claim *claim = &known->claims[i];

		if (claim->kind != FACT_NEEDS || claim->down || claim->version <= item->version || claim->version > end)
			continue;
		if ((claim->fact.kind == fact->kind && strcmp(claim->fact.name, fact->name) == 0)
			|| (strncmp(claim->fact.name, fact->name, length) == 0 && claim->fact.name[length] == '.'))
			return true;
	}
	return false;
}

/* The run of a fact that begins with a version; NULL: there is none. */
static const struct fact_run *
run_from(const struct fact_history *known, const struct fact *fact, int version)
{
	for (size_t i = 0; i < known->run_count; i++)
		if (known->runs[i].from == version && known->runs[i].kind == fact->kind
			&& strcmp(known->runs[i].name, fact->name) == 0)
			return &known->runs[i];
	return NULL;
}

/* Tables, columns and the like stay the same objects when a migration changes them. */
static bool
is_kept(const struct compare_item *item, const struct fact *then)
{
	return (item->kind == COMPARE_MISSING && item->should->kind != FACT_INDEX && item->should->kind != FACT_CONSTRAINT)
		|| compare_text_same(item->should, then);
}

int
repair_replaced(const struct compare_item *item, const struct compare_sides *sides)
{
	const struct fact_history *known = sides->history;
	int			end = item->until;
	const struct fact_run *next;

	if (!item->should)
		return 0;
	while (end <= known->version_count && (next = run_from(known, item->should, end))) {
		const struct fact then = {next->kind, next->name,
			compare_text_usual(next, sides->live->server)->definition
		};

		if (!is_kept(item, &then))
			break;
		end = next->to;
	}
	return end > known->version_count || is_needed(item, known, end) ? 0 : end;
}

void
repair_statements(struct repair_list *list, const struct compare_item *item, const struct repair_with *with)
{
	struct repair_work work = {.list = list,.item = item,.with = with};

	if (item->note || item->untrusted || item->withheld || !(item->is || item->should)
		|| repair_replaced(item, with->sides))
		return;
	if (item->is && item->is->kind == FACT_DATABASE && item->objects > 0) {
		if (item->why)
			repair_list_add(list, REPAIR_STATEMENT, "ALTER DATABASE %s OWNER TO %s", item->why, item->should_value);
		return;
	}
	if ((item->is ? item->is : item->should)->kind == FACT_PRIVILEGE) {
		repair_privileges(list, item);
		return;
	}
	work.names = repair_names_of(item->should ? item->should : item->is);
	if (item->kind == COMPARE_MISSING && item->should)
		repair_missing(&work);
	else if (item->kind == COMPARE_EXTRA && item->is)
		repair_extra(&work);
	else if (item->kind == COMPARE_CHANGED && item->is && item->should)
		repair_changed(&work);
	else if (item->kind == COMPARE_RENAMED && item->is) {
		char	   *name = repair_own_name(item->is);

		repair_list_add(list, REPAIR_STATEMENT, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s", work.names.table, name,
						work.names.name);
		mem_free(name);
	}
	repair_names_clear(&work.names);
}

char *
repair_sql(const struct compare_item *item, const struct compare_sides *sides)
{
	struct repair_list list = {0};
	bool		fills = false;
	char	   *sql;

	repair_statements(&list, item, &(struct repair_with) {.sides = sides});
	for (size_t i = 0; i < list.count; i++)
		fills = fills || list.statements[i].form == REPAIR_FILL;
	sql = fills ? NULL : repair_list_text(&list);
	repair_list_clear(&list);
	return sql;
}
