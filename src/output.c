#include "output.h"

#include <stdio.h>

#include "mem.h"

#include "banned.h"

void
output_json(json_t *value)
{
	if (!value)
		mem_fail();
	/* A failure to write stays with stdout, where report_finish finds it. */
	(void) json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
}

json_t *
output_text(const char *text)
{
	json_t	   *value = text ? json_string(text) : json_null();

	if (!value)
		mem_fail();
	return value;
}
