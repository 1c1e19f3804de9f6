/* Names and literals in SQL from facts. */
#include "schema/repair_names.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare.h"
#include "schema/fact.h"

#include "base/banned.h"

const char *const repair_index_labels[] = {"definition", "where", "comment", NULL};
const char *const repair_column_labels[] = {"type", "default", "not null", "after", "comment", NULL};

char *
repair_own_name(const struct fact *fact)
{
	const char *name = compare_name(fact);

	return fact_unescape(name, strlen(name));
}

struct repair_names
repair_names_of(const struct fact *fact)
{
	size_t		length = fact_parent(fact);

	return (struct repair_names) {
		.table = fact_sql_name(fact->name, length ? length : strlen(fact->name)),.name = repair_own_name(fact)
	};
}

void
repair_names_clear(struct repair_names *names)
{
	mem_free(names->table);
	mem_free(names->name);
	*names = (struct repair_names) {0};
}

char *
repair_index_name(const struct repair_names *names)
{
	return mem_format("%.*s%s", (int) fact_schema(names->table, strlen(names->table)), names->table, names->name);
}

char *
repair_literal(const char *value)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);

	if (strchr(value, '\\'))
		fputc('E', stream);
	fputc('\'', stream);
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			fputc(*value, stream);
		fputc(*value, stream);
	}
	fputc('\'', stream);
	mem_stream_close(stream);
	return text;
}

char *
repair_label(const char *identifier)
{
	char	   *label = fact_plain(identifier, strlen(identifier));
	char	   *literal = repair_literal(label);

	mem_free(label);
	return literal;
}

bool
repair_has(const struct fact *fact, const char *label)
{
	struct fact_property property;

	return fact_property(fact, label, &property);
}

bool
repair_has_only(const struct fact *fact, const char *const *labels)
{
	struct fact_property property;

	for (const char *at = fact->definition; fact_next_property(fact, &at, &property);) {
		const char *const *label = labels;

		while (*label && !fact_property_is(&property, *label))
			label++;
		if (!*label)
			return false;
	}
	return true;
}
