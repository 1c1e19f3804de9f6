#include "look.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

#include "banned.h"

static int
compare_relations(const void *one, const void *other)
{
	unsigned	a = ((const struct look_relation *) one)->oid;
	unsigned	b = ((const struct look_relation *) other)->oid;

	return a < b ? -1 : a > b;
}

const struct look_relation *
look_relation(const struct look *look, unsigned oid)
{
	struct look_relation key = {.oid = oid};

	if (look->relation_count == 0)
		return NULL;
	return bsearch(&key, look->relations, look->relation_count, sizeof(key), compare_relations);
}

const struct look_constraint *
look_constraint(const struct look *look, unsigned oid)
{
	for (size_t i = 0; i < look->constraint_count; i++)
		if (look->constraints[i].oid == oid)
			return &look->constraints[i];
	return NULL;
}

static const char *
value_of(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->setting_count; i++)
		if (strcmp(look->settings[i].name, name) == 0)
			return look->settings[i].value;
	return NULL;
}

bool
look_setting_differs(const struct look *one, const struct look *other, const char *name)
{
	const char *a = value_of(one, name);
	const char *b = value_of(other, name);

	return a && b ? strcmp(a, b) != 0 : a != b;
}

void
look_clear(struct look *look)
{
	for (size_t i = 0; i < look->relation_count; i++)
		mem_free(look->relations[i].name);
	for (size_t i = 0; i < look->column_count; i++)
		mem_free(look->columns[i].name);
	for (size_t i = 0; i < look->constraint_count; i++)
		mem_free(look->constraints[i].name);
	for (size_t i = 0; i < look->setting_count; i++) {
		mem_free(look->settings[i].name);
		mem_free(look->settings[i].value);
	}
	mem_free(look->relations);
	mem_free(look->columns);
	mem_free(look->constraints);
	mem_free(look->locks);
	mem_free(look->notes);
	mem_free(look->settings);
	*look = (struct look) {0};
}
