/* Find differences that depend on others that remain. */
#include "schema/repair_wait.h"

#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

const struct fact *
repair_wait_taken(const struct repair_wait *wait, const struct compare_item *item)
{
	const struct fact *other = NULL;

	if (item->kind != COMPARE_MISSING)
		return NULL;
	for (size_t at = 0; (other = predict_names_next(&wait->names, item->should, &at));)
		/* A key is built as an index first. */
		if (item->should->kind != FACT_CONSTRAINT || other->kind != FACT_INDEX)
			break;
	return other;
}

/* Does a definition name this type? */
static bool
mentions(const char *text, const char *name)
{
	while (*text) {
		size_t		length = *text == '\'' ? 0 : compare_name_length(text);
		size_t		schema = length > 7 && strncmp(text, "public.", 7) == 0 ? 7 : 0;

		if (length > 0 && length - schema == strlen(name) && strncmp(text + schema, name, length - schema) == 0)
			return true;
		if (*text == '\'')
			text += strcspn(text + 1, "'") + 1;
		text += length > 0 ? length : *text != '\0';
	}
	return false;
}

/* Is the item a missing column of this type, a missing table that has one, or a missing label? */
static bool
has_type(const struct repair_wait *wait, const struct compare_item *item, const char *type)
{
	const struct fact *should = item->should;
	size_t		length = strlen(should->name);

	if (item->kind != COMPARE_MISSING)
		return false;
	for (size_t i = 0; should->kind == FACT_TABLE && i < wait->history->run_count; i++) {
		const struct fact_run *run = &wait->history->runs[i];

		if (run->kind == FACT_COLUMN && run->from <= item->version && run->to > item->version
			&& strncmp(run->name, should->name, length) == 0 && run->name[length] == '.'
			&& mentions(run->texts[0].definition, type))
			return true;
	}
	return (should->kind == FACT_COLUMN && mentions(should->definition, type))
		|| (should->kind == FACT_LABEL && strcmp(item->group, type) == 0);
}

/* Does an item belong to a table, or refer to it? */
static bool
is_of_table(const struct compare_item *item, const char *table)
{
	size_t		length = strlen(table);
	struct fact_property owner;
	const char *referred = item->should && item->should->kind == FACT_CONSTRAINT ? compare_referred(item->should) : NULL;

	if (strcmp(item->group, table) == 0)
		return true;
	if (item->should && item->should->kind == FACT_SEQUENCE && compare_owned_by(item->should->definition, &owner))
		return owner.value_length > length && strncmp(owner.value, table, length) == 0 && owner.value[length] == '.';
	return referred && compare_name_length(referred) == length && strncmp(referred, table, length) == 0;
}

bool
repair_wait_must(const struct repair_wait *wait, const struct compare_item *item)
{
	for (size_t i = 0; i < wait->comparison->count; i++) {
		const struct compare_item *other = &wait->comparison->items[i];

		if (other == item || other->note || compare_is_uncompared(other) || !other->should)
			continue;
		if (other->kind == COMPARE_CHANGED && other->should->kind == FACT_TYPE && item->should
			&& compare_is_shape(FACT_TYPE, other->label, strlen(other->label))
			&& has_type(wait, item, other->should->name))
			return true;
		if (other->kind == COMPARE_MISSING && other->should->kind == FACT_TABLE
			&& is_of_table(item, other->should->name) && repair_wait_taken(wait, other))
			return true;
	}
	return false;
}
