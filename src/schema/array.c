/* The elements of an array. */
#include "schema/array.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#include "base/banned.h"

/* The text after the quote at *at, up to the next one. */
static const char *
unquote(struct arena *arena, const char **at)
{
	char	   *text = arena_alloc(arena, strlen(*at) + 1);
	char	   *end = text;
	const char *c = *at + 1;

	for (; *c && *c != '"'; c++) {
		if (*c == '\\' && c[1])
			c++;
		*end++ = *c;
	}
	*at = c + (*c == '"');
	return text;
}

const char *
array_next(struct arena *arena, const char **at)
{
	const char *start = *at + 1;

	if ((**at != '{' && **at != ',') || *start == '}' || *start == '\0')
		return NULL;
	*at = start;
	if (*start == '"')
		return unquote(arena, at);
	*at += strcspn(start, ",}");
	return arena_copy(arena, start, (size_t) (*at - start));
}

const char **
array_sorted(struct arena *arena, const char *array, size_t *count)
{
	const char **elements;
	const char *element;

	*count = 0;
	if (!array)
		return NULL;
	elements = arena_alloc(arena, (strlen(array) + 1) * sizeof(*elements));
	while ((element = array_next(arena, &array)) != NULL)
		elements[(*count)++] = element;
	qsort(elements, *count, sizeof(*elements), text_compare);
	return elements;
}

const char *
array_join(struct arena *arena, const char *array)
{
	const char *joined = "";
	const char *element;

	if (!array)
		return NULL;
	while ((element = array_next(arena, &array)) != NULL)
		joined = arena_format(arena, "%s%s%s", joined, *joined ? ", " : "", element);
	return joined;
}
