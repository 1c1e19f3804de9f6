/* How the parts of the reader make a fact, and notes. */
#include "schema/live_fact.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/pipeline.h"
#include "schema/fact.h"
#include "schema/live_reader.h"

#include "base/banned.h"

static void
append(struct live_reader *reader, const char *text)
{
	size_t		length = strlen(text);

	if (reader->length + length + 1 > reader->capacity) {
		reader->capacity = 2 * (reader->length + length) + 256;
		reader->text = mem_grow(reader->text, reader->capacity, 1);
	}
	memcpy(reader->text + reader->length, text, length + 1);
	reader->length += length;
}

void
live_begin(struct live_reader *reader, enum fact_kind kind, const char *name)
{
	reader->kind = kind;
	reader->name = name;
	reader->length = 0;
	append(reader, "");
}

void
live_main(struct live_reader *reader, const char *format,...)
{
	va_list		args;
	char	   *text;

	va_start(args, format);
	text = mem_format_list(format, args);
	va_end(args);
	append(reader, fact_escape(reader->arena, text));
	mem_free(text);
}

void
live_property(struct live_reader *reader, const char *label, const char *value)
{
	if (!value)
		return;
	live_flag(reader, label, true);
	append(reader, ": ");
	append(reader, fact_escape(reader->arena, value));
}

void
live_flag(struct live_reader *reader, const char *label, bool set)
{
	const char *colon;

	if (!set)
		return;
	/* A name in the label may have what ends it. */
	while ((colon = strstr(label, ": ")) != NULL)
		label = arena_format(reader->arena, "%.*s\\\\x3a%s", (int) (colon - label), label, colon + 1);
	if (reader->length > 0)
		append(reader, "\t");
	append(reader, label);
}

void
live_end(struct live_reader *reader)
{
	fact_add(&reader->live->facts, reader->kind, reader->name, arena_copy(reader->arena, reader->text, reader->length));
}

void
live_owner(struct live_reader *reader, unsigned owner)
{
	if (owner != reader->owner)
		live_property(reader, "owner", live_role(reader, owner));
}

static int
compare_comments(const void *left, const void *right)
{
	const struct live_comment *a = left;
	const struct live_comment *b = right;

	if (a->class_oid != b->class_oid)
		return a->class_oid < b->class_oid ? -1 : 1;
	if (a->oid != b->oid)
		return a->oid < b->oid ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

void
live_read_comments(struct live_reader *reader)
{
	const struct pipeline_command *rows = live_rows(reader, LIVE_COMMENTS);

	reader->comment_count = (size_t) pipeline_row_count(rows);
	reader->comments = mem_alloc((reader->comment_count + 1) * sizeof(*reader->comments));
	for (int i = 0; i < pipeline_row_count(rows); i++)
		reader->comments[i] = (struct live_comment) {
			live_oid(rows, i, 0), live_oid(rows, i, 1), (int) pipeline_number(rows, i, 2), pipeline_text(rows, i, 3)
		};
	qsort(reader->comments, reader->comment_count, sizeof(*reader->comments), compare_comments);
}

const char *
live_comment_text(const struct live_reader *reader, unsigned class_oid, unsigned oid, int column)
{
	struct live_comment key = {.class_oid = class_oid,.oid = oid,.column = column};
	const struct live_comment *comment = reader->comment_count == 0 ? NULL
		: bsearch(&key, reader->comments, reader->comment_count, sizeof(key), compare_comments);

	return comment ? comment->text : NULL;
}

void
live_comment(struct live_reader *reader, unsigned class_oid, unsigned oid, int column)
{
	live_labelled_comment(reader, "comment", class_oid, oid, column);
}

void
live_labelled_comment(struct live_reader *reader, const char *label, unsigned class_oid, unsigned oid, int column)
{
	live_property(reader, label, live_comment_text(reader, class_oid, oid, column));
}

/* Append a formatted text to a list. */
static void
append_text(struct live_reader *reader, size_t *count, const char ***list, const char *format, va_list args)
{
	char	   *text = mem_format_list(format, args);

	*list = mem_grow(*list, *count + 1, sizeof(**list));
	(*list)[(*count)++] = arena_string(reader->arena, text);
	mem_free(text);
}

void
live_uncompared(struct live_reader *reader, long count, const char *what)
{
	if (count > 0)
		live_not_compared(reader, "%ld %s%s", count, what, count == 1 ? "" : "s");
}

void
live_not_compared(struct live_reader *reader, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	append_text(reader, &reader->live->uncompared_count, &reader->live->uncompared, format, args);
	va_end(args);
}

void
live_note(struct live_reader *reader, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	append_text(reader, &reader->live->note_count, &reader->live->notes, format, args);
	va_end(args);
}
