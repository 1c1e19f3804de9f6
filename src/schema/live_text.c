/* Texts of catalogs, as facts have them: arrays, options, parts of definitions. */
#include "schema/live_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "schema/array.h"
#include "schema/fact.h"
#include "schema/live_reader.h"

#include "base/banned.h"

const char *
live_child(struct live_reader *reader, const struct live_object *table, const char *name)
{
	return arena_format(reader->arena, "%s.%s", table->name, fact_identifier(reader->arena, name));
}

const char *
live_state(char enabled)
{
	return enabled == 'D' ? "disabled" : enabled == 'R' ? "replica" : enabled == 'A' ? "always" : NULL;
}

/* The length of a quoted part, with which `text` begins; 1 if it does not begin with a quote. */
static size_t
skip(const char *text)
{
	const char *end = *text == '\'' || *text == '"' ? strchr(text + 1, *text) : NULL;

	return end ? (size_t) (end - text) + 1 : 1;
}

const char *
live_unquoted(const char *text, const char *part)
{
	size_t		length = strlen(part);

	for (; *text; text += skip(text))
		if (strncmp(text, part, length) == 0)
			return text;
	return NULL;
}

const char *
live_requoted(struct live_reader *reader, const char *text)
{
	const char *result = "";
	size_t		length;

	for (; *text; text += length) {
		const char *part = arena_copy(reader->arena, text, length = skip(text));

		if (*part == '"' && length > 1) {
			char	   *name = arena_copy(reader->arena, part + 1, length - 2);

			/* A quote in the name is two: the next part begins with the second. */
			while (text[length] == '"') {
				size_t		more = skip(text + length);

				name = arena_format(reader->arena, "%s%.*s", name, (int) more - 1, text + length);
				length += more;
			}
			part = fact_identifier(reader->arena, name);
		}
		result = arena_format(reader->arena, "%s%s", result, part);
	}
	return result;
}

size_t
live_balanced(const char *text)
{
	const char *at = text;
	int			depth = 0;

	for (; *at; at += skip(at)) {
		depth += (*at == '(') - (*at == ')');
		if (depth == 0)
			return (size_t) (at - text) + 1;
	}
	return (size_t) (at - text);
}

/* "name=value", with the value as a literal unless it is a word or a number. */
static const char *
show_option(struct live_reader *reader, const char *option)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	const char *value = strchr(option, '=');
	char	   *quoted;
	char	   *end;

	if (!value || value[1 + strspn(value + 1, plain)] == '\0')
		return option;
	end = quoted = arena_alloc(reader->arena, 2 * strlen(option) + 3);
	memcpy(end, option, (size_t) (value + 1 - option));
	end += value + 1 - option;
	*end++ = '\'';
	for (value++; *value; value++) {
		if (*value == '\'')
			*end++ = '\'';
		*end++ = *value;
	}
	*end = '\'';
	return quoted;
}

/* A text appended to a list with commas; NULL: it is empty. */
static const char *
append(struct live_reader *reader, const char *list, const char *text)
{
	return list ? arena_format(reader->arena, "%s, %s", list, text) : text;
}

const char *
live_options(struct live_reader *reader, const char *array, const char *known)
{
	size_t		count;
	const char **options = array_sorted(reader->arena, array, &count);
	const char *list = NULL;

	for (size_t i = 0; i < count; i++)
		if (strncmp(options[i], "pg_", 3) == 0 || strncmp(options[i], known, strlen(known)) != 0)
			/* Debian's servers keep pg_attver. */
			reader->unknown_options += strncmp(options[i], "pg_attver=", strlen("pg_attver=")) != 0;
		else
			list = append(reader, list, show_option(reader, options[i]));
	return list;
}

const char *
live_roles(struct live_reader *reader, const char *array)
{
	size_t		count;
	const char **roles = array_sorted(reader->arena, array, &count);
	const char *list = NULL;

	for (size_t i = 0; i < count; i++)
		roles[i] = live_role(reader, (unsigned) strtoul(roles[i], NULL, 10));
	qsort(roles, count, sizeof(*roles), text_compare);
	for (size_t i = 0; i < count; i++)
		list = append(reader, list, roles[i]);
	return list ? list : "";
}
