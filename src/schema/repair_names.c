/* Names and values for SQL. */
#include "schema/repair_private.h"

#include <stdbool.h>

#include "base/mem.h"

#include "base/banned.h"

char *
repair_qualified(const char *name, size_t length)
{
	char	   *plain = fact_unescape(name, length);
	bool		quoted = false;
	char	   *text;

	for (const char *c = plain; *c; c++)
		if (*c == '"')
			quoted = !quoted;
		else if (*c == '.' && !quoted)
			return plain;
	text = mem_format("public.%s", plain);
	mem_free(plain);
	return text;
}

char *
repair_value(const struct fact *fact, const char *label)
{
	struct fact_property property;

	return fact_property(fact, label, &property) ? fact_unescape(property.value, property.value_length) : NULL;
}
