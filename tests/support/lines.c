/* Sets of text lines. */
#include "support/lines.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define DIFFERENCE_LIMIT 20

void
lines_add(struct lines *lines, char *line)
{
	lines->items = mem_grow(lines->items, lines->count + 1, sizeof(lines->items[0]));
	lines->items[lines->count++] = line;
}

void
lines_split(struct lines *lines, const char *text)
{
	while (*text) {
		size_t		length = strcspn(text, "\n");

		lines_add(lines, mem_copy(text, length));
		text += length + (text[length] == '\n');
	}
}

static int
compare(const void *a, const void *b)
{
	const char *const *first = a;
	const char *const *second = b;

	return strcmp(*first, *second);
}

void
lines_sort(struct lines *lines)
{
	size_t		kept = 0;

	if (lines->count == 0)
		return;
	qsort(lines->items, lines->count, sizeof(lines->items[0]), compare);
	for (size_t i = 1; i < lines->count; i++) {
		if (strcmp(lines->items[kept], lines->items[i]) == 0)
			mem_free(lines->items[i]);
		else
			lines->items[++kept] = lines->items[i];
	}
	lines->count = kept + 1;
}

static char **
find(const struct lines *lines, const char *line)
{
	return lines->count ? bsearch(&line, lines->items, lines->count, sizeof(lines->items[0]), compare) : NULL;
}

bool
lines_have(const struct lines *lines, const char *line)
{
	return find(lines, line) != NULL;
}

void
lines_swap(struct lines *lines, const char *from, const char *to)
{
	if (from) {
		char	  **found = find(lines, from);

		ck_assert_msg(found != NULL, "there is no \"%s\"", from);
		mem_free(*found);
		*found = lines->items[--lines->count];
	}
	if (to)
		lines_add(lines, mem_string(to));
	lines_sort(lines);
}

/* Step to the next line of only one of the sets; false when both are at their end. */
static bool
next_difference(const struct lines *expected, const struct lines *actual, size_t *e, size_t *a, bool *missing)
{
	while (*e < expected->count || *a < actual->count) {
		int			order = *e == expected->count ? 1 : *a == actual->count ? -1 :
			strcmp(expected->items[*e], actual->items[*a]);

		if (order != 0) {
			*missing = order < 0;
			return true;
		}
		++*e;
		++*a;
	}
	return false;
}

char *
lines_difference(const struct lines *expected, const struct lines *actual, lines_tolerance *tolerate,
				 const void *context)
{
	char	   *text = NULL;
	size_t		length = 0;
	size_t		count = 0;
	size_t		e = 0;
	size_t		a = 0;
	bool		missing;
	FILE	   *stream = mem_stream_open(&text, &length);

	while (next_difference(expected, actual, &e, &a, &missing)) {
		const char *line = missing ? expected->items[e++] : actual->items[a++];

		if (tolerate && tolerate(line, missing, context))
			continue;
		if (count++ < DIFFERENCE_LIMIT)
			fprintf(stream, "%c %s\n", missing ? '-' : '+', line);
	}
	if (count > DIFFERENCE_LIMIT)
		fprintf(stream, "... and %zu more\n", count - DIFFERENCE_LIMIT);
	mem_stream_close(stream);
	if (count > 0)
		return text;
	mem_free(text);
	return NULL;
}

void
lines_clear(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		mem_free(lines->items[i]);
	mem_free(lines->items);
	*lines = (struct lines) {0};
}
