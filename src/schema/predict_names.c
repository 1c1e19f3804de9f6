/* Names of relations and types that are taken. */
#include "schema/predict_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/fact.h"

#include "base/banned.h"

enum {
	RELATION = 1,
	TYPE = 2
};

struct predict_name {
	const char *schema;			/* with its dot */
	size_t		schema_length;
	const char *own;
	unsigned	spaces;			/* in which it is taken */
	const struct fact *fact;
};

static bool
main_begins(const struct fact *fact, const char *word)
{
	return strncmp(fact->definition, word, strlen(word)) == 0;
}

static unsigned
spaces_of(const struct fact *fact)
{
	switch (fact->kind) {
		case FACT_TABLE:
		case FACT_VIEW:
		case FACT_MATERIALIZED_VIEW:
			return RELATION | TYPE;
		case FACT_SEQUENCE:
		case FACT_INDEX:
			return RELATION;
		case FACT_CONSTRAINT:
			return main_begins(fact, "PRIMARY KEY") || main_begins(fact, "UNIQUE") || main_begins(fact, "EXCLUDE")
				? RELATION : 0;
		case FACT_TYPE:
			return main_begins(fact, "composite") ? RELATION | TYPE : TYPE;
		default:
			return 0;
	}
}

/* The length of the schema and its dot, in the first `length` bytes of the name of a table or type. */
static size_t
schema_length(const char *name, size_t length)
{
	size_t		found = 0;
	bool		quoted = false;

	for (size_t i = 0; i < length; i++) {
		quoted ^= name[i] == '"';
		if (name[i] == '.' && !quoted)
			found = i + 1;
	}
	return found;
}

static struct predict_name
name_of(const struct fact *fact)
{
	size_t		parent = fact_parent(fact);
	size_t		schema = schema_length(fact->name, parent > 0 ? parent : strlen(fact->name));

	return (struct predict_name) {fact->name, schema, fact->name + (parent > 0 ? parent + 1 : schema), spaces_of(fact),
		fact
	};
}

static int
compare_names(const void *left, const void *right)
{
	const struct predict_name *a = left;
	const struct predict_name *b = right;
	int			order = strcmp(a->own, b->own);

	if (order == 0)
		order = (a->schema_length > b->schema_length) - (a->schema_length < b->schema_length);
	return order ? order : memcmp(a->schema, b->schema, a->schema_length);
}

void
predict_names_make(struct predict_names *names, const struct fact_set *facts)
{
	*names = (struct predict_names) {.names = mem_alloc((facts->count + 1) * sizeof(*names->names))};
	for (size_t i = 0; i < facts->count; i++)
		if (spaces_of(&facts->facts[i]))
			names->names[names->count++] = name_of(&facts->facts[i]);
	if (names->count > 0)
		qsort(names->names, names->count, sizeof(*names->names), compare_names);
}

void
predict_names_clear(struct predict_names *names)
{
	mem_free(names->names);
	*names = (struct predict_names) {0};
}

const struct fact *
predict_names_next(const struct predict_names *names, const struct fact *fact, size_t *at)
{
	struct predict_name name = name_of(fact);
	size_t		first = 0;
	size_t		end = names->count;

	while (first < end) {
		size_t		middle = first + (end - first) / 2;

		if (compare_names(&name, &names->names[middle]) > 0)
			first = middle + 1;
		else
			end = middle;
	}
	for (first = *at > first ? *at : first; first < names->count; first++) {
		const struct predict_name *other = &names->names[first];

		if (compare_names(&name, other) != 0)
			break;
		*at = first + 1;
		if ((other->spaces & name.spaces) && fact_order(other->fact, fact) != 0)
			return other->fact;
	}
	return NULL;
}
