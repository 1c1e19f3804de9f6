/* The errors of one run: collected, sorted and printed. */
#include "errors.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

void
errors_add(struct errors *errors, const char *file, unsigned line, const char *hint, const char *format,...)
{
	struct errors_entry *one;
	va_list		args;
	char	   *error = NULL;

	va_start(args, format);
	if (vasprintf(&error, format, args) < 0)
		mem_fail();
	va_end(args);

	errors->list = mem_grow(errors->list, errors->count + 1, sizeof(*errors->list));
	one = &errors->list[errors->count];
	one->file = arena_string(&errors->arena, file);
	one->line = line;
	one->error = arena_string(&errors->arena, error);
	one->hint = arena_string(&errors->arena, hint);
	one->order = errors->count++;
	mem_free(error);
}

static int
compare_entries(const void *left, const void *right)
{
	const struct errors_entry *a = left;
	const struct errors_entry *b = right;
	int			files = strcmp(a->file, b->file);

	if (files != 0)
		return files;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void
print_line(FILE *stream, const struct errors_entry *one, const char *kind, const char *text)
{
	if (one->line > 0)
		fprintf(stream, "%s:%u: %s: %s\n", one->file, one->line, kind, text);
	else
		fprintf(stream, "%s: %s: %s\n", one->file, kind, text);
}

void
errors_print(struct errors *errors, FILE *stream)
{
	if (errors->count > 1)
		qsort(errors->list, errors->count, sizeof(*errors->list), compare_entries);
	for (size_t i = 0; i < errors->count; i++) {
		print_line(stream, &errors->list[i], "error", errors->list[i].error);
		print_line(stream, &errors->list[i], "hint", errors->list[i].hint);
	}
}

void
errors_clear(struct errors *errors)
{
	mem_free(errors->list);
	errors->list = NULL;
	errors->count = 0;
	arena_clear(&errors->arena);
}
