/* Objects that migrations drop: the lines of this build and of the record. */
#include "history/drops.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "history/history.h"

#include "base/banned.h"

static const struct {
	const char *words;
	enum drops_kind kind;
	bool		of_column;
	bool		renamed;
}			forms[] = {
	{"drops table ", DROPS_TABLE, false, false},
	{"drops column ", DROPS_COLUMN, true, false},
	{"empties table ", DROPS_ROWS, false, false},
	{"rewrites table ", DROPS_REWRITTEN, false, false},
	{"renames table ", DROPS_TABLE_RENAMED, false, true},
	{"renames column ", DROPS_COLUMN_RENAMED, true, true},
};

static const char to[] = "\tto: ";

void
drops_clear(struct drops *drops)
{
	for (size_t i = 0; i < drops->count; i++) {
		mem_free(drops->items[i].name);
		mem_free(drops->items[i].to);
	}
	mem_free(drops->items);
	*drops = (struct drops) {0};
}

/* The length of the identifier, as facts have it, that a text begins with; 0: none. */
static size_t
identifier_length(const char *text)
{
	if (*text >= '0' && *text <= '9')
		return 0;
	if (*text != '"')
		return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	for (size_t length = 1; text[length]; length++) {
		char		next = text[length + 1];

		if (text[length] == '\\' && (!next || !strchr("\\tnr", next)))
			return 0;
		if (text[length] == '"' && next != '"')
			return length > 1 ? length + 1 : 0;
		length += text[length] == '\\' || text[length] == '"';
	}
	return 0;
}

/* Is it that many identifiers, with dots in between? The names go into SQL, and anybody may have written the record. */
static bool
is_name(const char *text, int least, int most)
{
	int			count = 0;

	for (bool more = true; more; count++) {
		size_t		length = identifier_length(text);

		if (length == 0)
			return false;
		more = text[length] == '.';
		text += length + more;
	}
	return !*text && count >= least && count <= most;
}

/* Add what a line of `length` bytes says. False: it is not one about drops, or has no proper names. */
static bool
add_line(struct drops *drops, const char *line, size_t length)
{
	char	   *text = mem_copy(line, length);
	char	   *separator = strstr(text, to);
	bool		known = false;

	for (size_t i = 0; !known && i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t		words = strlen(forms[i].words);
		int			least = 1 + forms[i].of_column;	/* the table's schema may be before it */
		struct drops_item item = {.kind = forms[i].kind};

		if (strncmp(text, forms[i].words, words) != 0 || forms[i].renamed != (separator != NULL))
			continue;
		item.name = separator ? mem_copy(text + words, (size_t) (separator - text) - words)
			: mem_string(text + words);
		item.to = separator ? mem_string(separator + strlen(to)) : NULL;
		known = is_name(item.name, least, least + 1) && (!item.to || is_name(item.to, 1, forms[i].of_column ? 1 : 2));
		if (!known) {
			mem_free(item.name);
			mem_free(item.to);
			break;
		}
		drops->items = mem_grow(drops->items, drops->count + 1, sizeof(*drops->items));
		drops->items[drops->count++] = item;
	}
	mem_free(text);
	return known;
}

bool
drops_from_json(struct drops *drops, const char *json)
{
	json_error_t error;
	json_t	   *array = json ? json_loads(json, 0, &error) : NULL;
	bool		known = json_is_array(array);

	if (json && !array && (!error.text[0] || json_error_code(&error) == json_error_out_of_memory))
		mem_fail();
	*drops = (struct drops) {0};
	for (size_t i = 0; known && i < json_array_size(array); i++) {
		const json_t *line = json_array_get(array, i);

		known = json_is_string(line) && add_line(drops, json_string_value(line), json_string_length(line));
	}
	json_decref(array);
	if (!known)
		drops_clear(drops);
	return known;
}

bool
drops_of_migration(struct drops *drops, int version, bool up)
{
	const struct history_migration *migration =
		version >= 0 && version <= history.latest ? history_migration(version) : NULL;

	return drops_from_json(drops, !migration ? NULL : up ? migration->up_drops : migration->down_drops);
}

char *
drops_to_json(const struct drops *drops)
{
	json_t	   *array = json_array();
	char	   *text;

	for (size_t i = 0; i < drops->count; i++) {
		const struct drops_item *item = &drops->items[i];
		size_t		form = 0;
		char	   *line;

		while (forms[form].kind != item->kind)
			form++;
		line = mem_format("%s%s%s%s", forms[form].words, item->name, item->to ? to : "", item->to ? item->to : "");
		if (json_array_append_new(array, json_string(line)) != 0)
			mem_fail();
		mem_free(line);
	}
	text = json_output_string(array, JSON_COMPACT);
	json_decref(array);
	return text;
}
