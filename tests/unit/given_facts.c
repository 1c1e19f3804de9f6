/* Catalogs made by hand. */
#include "unit/given_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

/* As the server writes it in SQL. */
static char *
quoted(const char *name)
{
	char	   *text;
	size_t		length;
	FILE	   *stream;

	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_()")] == '\0')
		return mem_string(name);
	stream = mem_stream_open(&text, &length);
	fputc('"', stream);
	for (; *name; name++)
		fprintf(stream, *name == '"' ? "\"\"" : "%c", *name);
	fputc('"', stream);
	mem_stream_close(stream);
	return text;
}

static int
compare(const void *left, const void *right)
{
	return catalog_order(left, right);
}

void
given_facts_make(struct catalog *catalog, const struct given_fact given[MOST_GIVEN])
{
	*catalog = (struct catalog) {.facts = mem_alloc(MOST_GIVEN * sizeof(struct catalog_fact))};
	for (; catalog->count < MOST_GIVEN && given[catalog->count].name; catalog->count++) {
		const struct given_fact *from = &given[catalog->count];
		const char *group = from->group ? from->group : "";
		struct catalog_fact *fact = &catalog->facts[catalog->count];

		*fact = (struct catalog_fact) {.kind = from->kind,.group = mem_string(group),.name = mem_string(from->name),
			.quoted_group = quoted(group),.quoted_name = quoted(from->name),.position = from->position,
			.needs = mem_string(from->needs ? from->needs : ""),.sql = mem_string(from->sql)
		};
		for (int i = 0; i < FACT_PROPERTIES; i++)
			fact->values[i] = mem_string(from->values[i]);
	}
	if (catalog->count > 0)
		qsort(catalog->facts, catalog->count, sizeof(*catalog->facts), compare);
}
