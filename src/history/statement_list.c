/* Lists of statements to run, and their form as JSON. */
#include "history/statement_list.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

#include "base/banned.h"

static struct statement_list_item *
append_item(struct statement_list *list)
{
	list->statements = mem_grow(list->statements, list->count + 1, sizeof(*list->statements));
	list->statements[list->count] = (struct statement_list_item) {0};
	return &list->statements[list->count++];
}

struct statement_list
statement_list_of_section(const struct history_source *source, const struct history_section *section)
{
	struct statement_list list = {.transactional = section->transactional};

	for (size_t i = 0; i < section->count; i++) {
		const struct history_statement *from = &section->statements[i];
		struct statement_list_item *to = append_item(&list);

		to->text = from->text ? mem_string(from->text) : mem_copy(source->text + from->offset, from->length);
		to->offset = from->offset;
		to->lead = from->lead;
		to->concurrent = from->concurrent;
		to->index = mem_string(from->index);
		if (from->batch)
			to->batch = (struct statement_list_batch) {
				.table = mem_string(from->batch->table),.key = mem_string(from->batch->key),.rows = from->batch->rows
			};
	}
	return list;
}

static json_t *
batch_to_json(const struct statement_list_batch *batch)
{
	return json_pack("{s:s, s:s, s:i}", "table", batch->table, "key", batch->key, "rows", batch->rows);
}

char *
statement_list_to_json(const struct statement_list *list)
{
	json_t	   *array = json_array();
	char	   *text;

	for (size_t i = 0; i < list->count; i++) {
		const struct statement_list_item *statement = &list->statements[i];
		json_t	   *object = json_pack("{s:s}", "sql", statement->text);

		if ((statement->concurrent && json_object_set_new(object, "concurrent", json_true()) != 0)
			|| (statement->index && json_object_set_new(object, "index", json_string(statement->index)) != 0)
			|| (statement->batch.table && json_object_set_new(object, "batch", batch_to_json(&statement->batch)) != 0)
			|| json_array_append_new(array, object) != 0)
			mem_fail();
	}
	text = json_output_string(array, JSON_COMPACT);
	json_decref(array);
	return text;
}

static bool
read_batch(struct statement_list_batch *batch, const json_t *object)
{
	const json_t *table = json_object_get(object, "table");
	const json_t *key = json_object_get(object, "key");
	const json_t *rows = json_object_get(object, "rows");

	if (json_object_size(object) != 3 || !json_is_string(table) || !json_is_string(key) || !json_is_integer(rows)
		|| json_integer_value(rows) < 1 || json_integer_value(rows) > INT_MAX - 1)
		return false;
	*batch = (struct statement_list_batch) {
		.table = mem_string(json_string_value(table)),.key = mem_string(json_string_value(key)),
		.rows = (int) json_integer_value(rows)
	};
	return true;
}

/* Read one statement from its JSON; false if it has members that this build does not know. */
static bool
read_statement(struct statement_list_item *statement, json_t *object)
{
	const char *key;
	json_t	   *value;

	json_object_foreach(object, key, value) {
		if (strcmp(key, "sql") == 0 && json_is_string(value) && !statement->text)
			statement->text = mem_string(json_string_value(value));
		else if (strcmp(key, "concurrent") == 0 && json_is_boolean(value))
			statement->concurrent = json_boolean_value(value);
		else if (strcmp(key, "index") == 0 && json_is_string(value) && !statement->index)
			statement->index = mem_string(json_string_value(value));
		else if (strcmp(key, "batch") == 0 && !statement->batch.table) {
			if (!read_batch(&statement->batch, value))
				return false;
		} else
			return false;
	}
	return statement->text != NULL;
}

bool
statement_list_from_json(struct statement_list *list, const char *json, bool transactional)
{
	json_error_t error;
	json_t	   *array = json_loads(json, JSON_REJECT_DUPLICATES, &error);
	bool		known = json_is_array(array);

	/* jansson describes every error in the text; without a description, memory is exhausted. */
	if (!array && (!error.text[0] || json_error_code(&error) == json_error_out_of_memory))
		mem_fail();
	*list = (struct statement_list) {.transactional = transactional};
	for (size_t i = 0; known && i < json_array_size(array); i++)
		known = read_statement(append_item(list), json_array_get(array, i));
	json_decref(array);
	if (!known)
		statement_list_clear(list);
	return known;
}

void
statement_list_clear(struct statement_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->statements[i].text);
		mem_free(list->statements[i].index);
		mem_free(list->statements[i].batch.table);
		mem_free(list->statements[i].batch.key);
	}
	mem_free(list->statements);
	*list = (struct statement_list) {0};
}
