/* Which differences follow from others. */
#include <string.h>

#include "base/mem.h"
#include "schema/compare_pairs.h"
#include "schema/fact.h"

#include "base/banned.h"

#define PUBLIC "public."

static bool
is_on_side(const struct compare_pair *pair, enum compare_side side)
{
	return pair && (side == COMPARE_IS_MISSING ? pair->should && !pair->is : pair->is && !pair->should);
}

static bool
is_named(const struct compare_pairs *pairs, enum fact_kind kind, const char *name, size_t length,
		 enum compare_side side)
{
	return is_on_side(compare_pairs_find(pairs, kind, name, length), side);
}

/* A function's name has its arguments. */
static bool
is_function_named(const struct compare_pairs *pairs, const char *name, size_t length, enum compare_side side)
{
	for (size_t i = compare_pairs_from(pairs, FACT_FUNCTION, name, length); i < pairs->count; i++) {
		const struct compare_pair *pair = &pairs->pairs[i];

		if (pair->kind != FACT_FUNCTION || strncmp(pair->name, name, length) != 0)
			return false;
		if (pair->name[length] == '(' && is_on_side(pair, side))
			return true;
	}
	return false;
}

static bool
is_column_named(const struct compare_pairs *pairs, const struct compare_pair *pair, const char *name, size_t length,
				enum compare_side side)
{
	struct fact fact = {pair->kind, pair->name, ""};
	size_t		parent = fact_parent(&fact);
	char	   *column;
	bool		named;

	if (parent == 0)
		return false;
	column = mem_format("%.*s.%.*s", (int) parent, pair->name, (int) length, name);
	named = is_named(pairs, FACT_COLUMN, column, strlen(column), side);
	mem_free(column);
	return named;
}

/* An extra object implies only objects on its own columns. */
static bool
mentions(const struct compare_pairs *pairs, const struct compare_pair *pair, enum compare_side side, const char *name,
		 size_t length)
{
	bool		column = pair->kind == FACT_COLUMN || pair->kind == FACT_ATTRIBUTE;

	if (strncmp(name, PUBLIC, strlen(PUBLIC)) == 0) {
		name += strlen(PUBLIC);
		length -= strlen(PUBLIC);
	}
	if (!column && is_column_named(pairs, pair, name, length, side))
		return true;
	if (side == COMPARE_IS_EXTRA)
		return false;
	return is_named(pairs, FACT_TYPE, name, length, side)
		|| (!column && (is_named(pairs, FACT_TABLE, name, length, side)
						|| is_function_named(pairs, name, length, side)));
}

bool
compare_pairs_mention(const struct compare_pairs *pairs, const struct compare_pair *pair, enum compare_side side,
					  const char *text)
{
	while (*text) {
		size_t		length = *text == '\'' ? 0 : compare_name_length(text);

		if (*text == '\'')
			text += strcspn(text + 1, "'") + 1;
		if (length > 0 && mentions(pairs, pair, side, text, length))
			return true;
		text += length > 0 ? length : *text != '\0';
	}
	return false;
}

static bool
can_mention(enum fact_kind kind)
{
	static const enum fact_kind kinds[] = {FACT_COLUMN, FACT_ATTRIBUTE, FACT_INDEX, FACT_CONSTRAINT, FACT_TRIGGER,
		FACT_RULE, FACT_POLICY, FACT_STATISTICS
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kind == kinds[i])
			return true;
	return false;
}

/* The length of the schema's name that an object's name begins with; 0: it has none. */
static size_t
schema_length(const struct compare_pair *pair)
{
	size_t		length;

	switch (pair->kind) {
		case FACT_SETTING:
		case FACT_CAST:
		case FACT_TRANSFORM:
		case FACT_PRIVILEGE:
		case FACT_DEFAULT_PRIVILEGE:
		case FACT_USER_MAPPING:
			return 0;
		default:
			break;
	}
	length = fact_schema(pair->name, strlen(pair->name));
	return length ? length - 1 : 0;
}

/* Does it belong to an object that is only on this side? */
static bool
is_part(const struct compare_pairs *pairs, const struct compare_pair *pair, enum compare_side side,
		const char *definition)
{
	struct fact fact = {pair->kind, pair->name, definition};
	size_t		length = fact_parent(&fact);
	struct fact_property property;
	struct compare_object object;
	const char *role;

	if (length > 0)
		return is_on_side(compare_pairs_container(pairs, pair->name, length), side);
	length = schema_length(pair);
	if (length > 0 && is_named(pairs, FACT_SCHEMA, pair->name, length, side))
		return true;
	if (pair->kind == FACT_SEQUENCE && compare_owned_by(definition, &property))
		return is_named(pairs, FACT_COLUMN, property.value, property.value_length, side);
	if (pair->kind == FACT_TABLE && fact_property(&fact, "partition of", &property))
		return is_named(pairs, FACT_TABLE, property.value, compare_name_length(property.value), side);
	if (pair->kind == FACT_PRIVILEGE && compare_privilege(pair->name, &object, &role)) {
		struct fact on = {object.kind, object.name, ""};
		size_t		parent = fact_parent(&on);

		return is_named(pairs, object.kind, object.name, object.length, side)
			|| (parent > 0 && is_on_side(compare_pairs_container(pairs, object.name, parent), side));
	}
	return false;
}

/* Is a column of a table missing, of "(a, b)" at `columns`? */
static bool
lacks_column(const struct compare_pairs *pairs, const char *table, size_t length, const char *columns)
{
	while (*columns && *columns != ')') {
		size_t		size = compare_name_length(++columns);
		char	   *name = mem_format("%.*s.%.*s", (int) length, table, (int) size, columns);
		bool		missing = size > 0 && is_named(pairs, FACT_COLUMN, name, strlen(name), COMPARE_IS_MISSING);

		mem_free(name);
		if (missing)
			return true;
		columns += size;
	}
	return false;
}

bool
compare_default_follows(const struct compare_pairs *pairs, const char *text)
{
	const char *name = strstr(text, "nextval('");

	if (!name)
		return false;
	name += strlen("nextval('");
	if (strncmp(name, PUBLIC, strlen(PUBLIC)) == 0)
		name += strlen(PUBLIC);
	return is_named(pairs, FACT_SEQUENCE, name, compare_name_length(name), COMPARE_IS_MISSING);
}

/* Is the key that a foreign key refers to missing, or its column? "FOREIGN KEY (x) REFERENCES public.t(id)" */
static bool
lacks_key(const struct compare_pairs *pairs, const char *definition)
{
	const char *table = compare_referred(&(struct fact) {FACT_CONSTRAINT, "", definition});
	size_t		length;

	if (!table)
		return false;
	length = compare_name_length(table);
	if (lacks_column(pairs, table, length, table + length))
		return true;
	for (size_t i = compare_pairs_from(pairs, FACT_CONSTRAINT, table, length); i < pairs->count; i++) {
		const struct compare_pair *pair = &pairs->pairs[i];
		const char *key;

		if (pair->kind != FACT_CONSTRAINT || strncmp(pair->name, table, length) != 0)
			return false;
		key = pair->should && strncmp(pair->should->texts[0].definition, "FOREIGN KEY ", 12) != 0
			? strchr(pair->should->texts[0].definition, '(') : NULL;
		if (pair->name[length] == '.' && is_on_side(pair, COMPARE_IS_MISSING) && key
			&& strncmp(key, table + length, strcspn(table + length, ")") + 1) == 0)
			return true;
	}
	return false;
}

bool
compare_pairs_follow(const struct compare_pairs *pairs, const struct compare_pair *pair, enum compare_side side,
					 const char *definition)
{
	if (is_part(pairs, pair, side, definition))
		return true;
	if (pair->kind == FACT_CONSTRAINT && side == COMPARE_IS_MISSING && lacks_key(pairs, definition))
		return true;
	return can_mention(pair->kind) && compare_pairs_mention(pairs, pair, side, definition);
}
