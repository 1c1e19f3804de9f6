/* The statements of a repair. */
#include "schema/repair_list.h"

#include <stdarg.h>

#include "base/mem.h"

#include "base/banned.h"

void
repair_list_add(struct repair_list *list, enum repair_form form, const char *format,...)
{
	va_list		args;

	if (form == REPAIR_JOINED && list->count == 0)
		form = REPAIR_STATEMENT;
	va_start(args, format);
	list->statements = mem_grow(list->statements, list->count + 1, sizeof(*list->statements));
	list->statements[list->count++] = (struct repair_statement) {.form = form,.text = mem_format_list(format, args)};
	va_end(args);
}

char *
repair_list_text(const struct repair_list *list)
{
	char	   *text = NULL;

	for (size_t i = 0; i < list->count; i++) {
		mem_append(&text, "\n", list->statements[i].text);
		mem_append(&text, "", ";");
	}
	return text;
}

void
repair_list_clear(struct repair_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->statements[i].text);
		mem_free(list->statements[i].index);
	}
	mem_free(list->statements);
	*list = (struct repair_list) {0};
}
