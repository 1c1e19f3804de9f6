#include "complain.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

void
complain(struct complaints *complaints, const char *file, unsigned line, const char *hint, const char *format,...)
{
	struct complaint *one;
	va_list		args;
	char	   *error = NULL;

	va_start(args, format);
	if (vasprintf(&error, format, args) < 0)
		mem_fail();
	va_end(args);

	complaints->list = mem_grow(complaints->list, complaints->count + 1, sizeof(*complaints->list));
	one = &complaints->list[complaints->count];
	one->file = arena_string(&complaints->arena, file);
	one->line = line;
	one->error = arena_string(&complaints->arena, error);
	one->hint = arena_string(&complaints->arena, hint);
	one->order = complaints->count++;
	mem_free(error);
}

static int
compare(const void *left, const void *right)
{
	const struct complaint *a = left;
	const struct complaint *b = right;
	int			files = strcmp(a->file, b->file);

	if (files != 0)
		return files;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void
print_line(FILE *stream, const struct complaint *one, const char *kind, const char *text)
{
	if (one->line > 0)
		fprintf(stream, "%s:%u: %s: %s\n", one->file, one->line, kind, text);
	else
		fprintf(stream, "%s: %s: %s\n", one->file, kind, text);
}

void
complaints_print(struct complaints *complaints, FILE *stream)
{
	if (complaints->count > 1)
		qsort(complaints->list, complaints->count, sizeof(*complaints->list), compare);
	for (size_t i = 0; i < complaints->count; i++) {
		print_line(stream, &complaints->list[i], "error", complaints->list[i].error);
		print_line(stream, &complaints->list[i], "hint", complaints->list[i].hint);
	}
}

void
complaints_clear(struct complaints *complaints)
{
	mem_free(complaints->list);
	complaints->list = NULL;
	complaints->count = 0;
	arena_clear(&complaints->arena);
}
