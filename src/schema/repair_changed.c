/* The SQL that changes a property of an object. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/repair_create.h"
#include "schema/repair_list.h"
#include "schema/repair_names.h"
#include "schema/repair_work.h"

#include "base/banned.h"

enum {
	LENGTH_MOST = 10485761		/* more than a varchar can have */
};

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
	/* From PostgreSQL 18 on it may be there, but not valid. */
	else if ((!item->is_value || strcmp(item->is_value, "not valid") == 0) && !*item->should_value) {
		if (value && work->with->fills)
			repair_fill(work, value);
		repair_set_not_null(work);
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
	char	   *value = repair_literal(item->should_value);

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
	const struct compare_item *item = work->item;

	if (!repair_has_only(item->should, repair_index_labels)
		|| !(repair_has_only(item->is, repair_index_labels) || should_lack(item, "invalid")))
		return;
	repair_drop_index(work);
	repair_build_index(work);
}

void
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
