/* Join the facts of two sides, and find those that follow from others. */
#include "schema/compare_pairs.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "schema/compare_text.h"

#include "base/banned.h"

#define PUBLIC "public."

static const enum fact_kind containers[] = {FACT_TABLE, FACT_VIEW, FACT_MATERIALIZED_VIEW, FACT_TYPE};

enum {
	CONTAINER_COUNT = sizeof(containers) / sizeof(*containers)
};

/* --- names --- */

bool
compare_privilege(const char *name, struct compare_object *object, const char **role)
{
	const char *to = NULL;
	size_t		longest = 0;

	for (const char *at = name; (at = strstr(at, " to ")); at++)
		to = at;
	if (!to)
		return false;
	*role = to + 4;
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		const char *word = fact_kind_word((enum fact_kind) kind);
		size_t		length = strlen(word);

		if (length > longest && strncmp(name, word, length) == 0 && name[length] == ' ') {
			*object = (struct compare_object) {(enum fact_kind) kind, name + length + 1, 0};
			longest = length;
		}
	}
	if (longest == 0)
		return false;
	/* "database to apache": the database has no name. */
	if (object->name <= to)
		object->length = (size_t) (to - object->name);
	return true;
}

static int
compare_key(enum fact_kind kind, const char *name, size_t length, const struct compare_pair *pair)
{
	int			order = (kind > pair->kind) - (kind < pair->kind);

	if (order == 0)
		order = strncmp(name, pair->name, length);
	return order ? order : pair->name[length] ? -1 : 0;
}

/* The first pair that is not before the name. */
static size_t
lower_bound(const struct compare_pairs *pairs, enum fact_kind kind, const char *name, size_t length)
{
	size_t		first = 0;
	size_t		end = pairs->count;

	while (first < end) {
		size_t		middle = first + (end - first) / 2;

		if (compare_key(kind, name, length, &pairs->pairs[middle]) > 0)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

struct compare_pair *
compare_pairs_find(const struct compare_pairs *pairs, enum fact_kind kind, const char *name, size_t length)
{
	size_t		at = lower_bound(pairs, kind, name, length);

	return at < pairs->count && compare_key(kind, name, length, &pairs->pairs[at]) == 0 ? &pairs->pairs[at] : NULL;
}

/* --- making them --- */

static const struct compare_pair *
find_container(const struct compare_pairs *pairs, const char *name, size_t length)
{
	for (size_t i = 0; i < CONTAINER_COUNT; i++) {
		const struct compare_pair *pair = compare_pairs_find(pairs, containers[i], name, length);

		if (pair)
			return pair;
	}
	return NULL;
}

/* The column that a sequence belongs to: "owned by: table.column"; false: there is none. */
static bool
owned_by(const char *definition, struct fact_property *owner)
{
	struct fact sequence = {FACT_SEQUENCE, "", definition};

	return fact_property(&sequence, "owned by", owner) || fact_property(&sequence, "identity of", owner);
}

static const char *
definition_of(const struct compare_pair *pair)
{
	return pair->is ? pair->is->definition : pair->should ? pair->should->texts[0].definition : "";
}

static const struct history_ignore *
match(const struct compare_sides *sides, enum fact_kind kind, const char *name)
{
	for (size_t i = 0; i < sides->ignore_count; i++) {
		const struct history_ignore *ignore = &sides->ignores[i];

		if ((strcmp(ignore->kind, "*") == 0 || strcmp(ignore->kind, fact_kind_word(kind)) == 0)
			&& fnmatch(ignore->name, name, 0) == 0)
			return ignore;
	}
	return NULL;
}

/* The pair of the object that a fact is a part of, as far as patterns for it are concerned; NULL: there is none. */
static const struct compare_pair *
whole_of(const struct compare_pairs *pairs, const struct compare_pair *pair)
{
	struct fact fact = {pair->kind, pair->name, ""};
	size_t		length = fact_parent(&fact);
	struct fact_property owner;
	struct compare_object object;
	const char *role;

	if (length > 0)
		return find_container(pairs, pair->name, length);
	if (pair->kind == FACT_SEQUENCE && owned_by(definition_of(pair), &owner))
		return compare_pairs_find(pairs, FACT_COLUMN, owner.value, owner.value_length);
	if (pair->kind == FACT_PRIVILEGE && compare_privilege(pair->name, &object, &role))
		return compare_pairs_find(pairs, object.kind, object.name, object.length);
	return NULL;
}

static void
find_ignored(const struct compare_pairs *pairs, const struct compare_sides *sides)
{
	for (size_t i = 0; i < pairs->count && sides->ignore_count > 0; i++) {
		const struct compare_pair *whole = &pairs->pairs[i];
		const struct history_ignore *ignore = NULL;
		struct compare_pair *pair = &pairs->pairs[i];

		/* A privilege on a column is three steps from its table. */
		for (int depth = 0; depth < 4 && (whole = whole_of(pairs, whole)) && !ignore; depth++)
			ignore = match(sides, whole->kind, whole->name);
		if (!ignore) {
			ignore = match(sides, pair->kind, pair->name);
			pair->top = ignore != NULL;
		}
		pair->ignore = ignore;
	}
}

/* Later versions' downs leave facts: those that are there as they leave them. */
static void
find_left(const struct compare_pairs *pairs, const struct fact_history *known, int version)
{
	for (size_t i = known->claim_count; i > 0; i--) {
		const struct fact_claim *claim = &known->claims[i - 1];
		struct compare_pair *pair;

		if (claim->version <= version)
			break;
		if (claim->kind != FACT_LEAVES)
			continue;
		pair = compare_pairs_find(pairs, claim->fact.kind, claim->fact.name, strlen(claim->fact.name));
		if (pair && pair->is && compare_text_same(pair->is, &claim->fact))
			pair->left = claim;
	}
}

/* The first run from `at` on that the version has. */
static const struct fact_run *
next_run(const struct fact_history *known, size_t *at, int version)
{
	while (*at < known->run_count && (known->runs[*at].from > version || known->runs[*at].to <= version))
		(*at)++;
	return *at < known->run_count ? &known->runs[*at] : NULL;
}

void
compare_pairs_make(struct compare_pairs *pairs, const struct compare_sides *sides, int version)
{
	const struct fact_set *facts = &sides->live->facts;
	unsigned	server = fact_servers_of(sides->live->server);
	const struct fact_run *run;
	size_t		i = 0;
	size_t		k = 0;

	*pairs = (struct compare_pairs) {.pairs = mem_alloc((facts->count + sides->history->run_count + 1)
														* sizeof(*pairs->pairs))};
	while ((run = next_run(sides->history, &k, version)) || i < facts->count) {
		const struct fact *is = i < facts->count ? &facts->facts[i] : NULL;
		struct compare_pair pair = {0};
		int			order = !is ? 1 : !run ? -1 : fact_order(is, &(struct fact) {run->kind, run->name, ""});

		if (is && order <= 0) {
			pair = (struct compare_pair) {.kind = is->kind,.name = is->name,.is = is};
			i++;
		}
		if (run && order >= 0) {
			pair.kind = run->kind;
			pair.name = run->name;
			pair.should = run;
			k++;
		}
		/* A server that may do without it may have it, too. */
		if (pair.is || (pair.should && !(pair.should->absent & server)))
			pairs->pairs[pairs->count++] = pair;
	}
	find_left(pairs, sides->history, version);
	find_ignored(pairs, sides);
}

void
compare_pairs_clear(struct compare_pairs *pairs)
{
	mem_free(pairs->pairs);
	*pairs = (struct compare_pairs) {0};
}

/* --- what follows from what --- */

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
	for (size_t i = lower_bound(pairs, FACT_FUNCTION, name, length); i < pairs->count; i++) {
		const struct compare_pair *pair = &pairs->pairs[i];

		if (pair->kind != FACT_FUNCTION || strncmp(pair->name, name, length) != 0)
			return false;
		if (pair->name[length] == '(' && is_on_side(pair, side))
			return true;
	}
	return false;
}

/* The length of an SQL name with its qualifiers, "a.\"b\""; 0: there is none. */
static size_t
name_length(const char *text)
{
	size_t		length = 0;

	for (;;) {
		size_t		start = length;

		if (text[length] == '"') {
			length++;
			while (text[length] && (text[length] != '"' || text[length + 1] == '"'))
				length += text[length] == '"' ? 2 : 1;
			length += text[length] == '"';
		} else
			while ((text[length] >= 'a' && text[length] <= 'z') || (text[length] >= 'A' && text[length] <= 'Z')
				   || (text[length] >= '0' && text[length] <= '9') || text[length] == '_' || text[length] == '$'
				   || (unsigned char) text[length] >= 0x80)
				length++;
		if (length == start || text[length] != '.')
			return length;
		length++;
	}
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

/* What is extra hides only what is on its own columns. */
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
		size_t		length = *text == '\'' ? 0 : name_length(text);

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
	size_t		length = 0;

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
	if (pair->name[0] == '"')
		while (pair->name[++length] && pair->name[length] != '"')
			;
	length += strcspn(pair->name + length, ".(");
	return pair->name[length] == '.' ? length : 0;
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
		return is_on_side(find_container(pairs, pair->name, length), side);
	length = schema_length(pair);
	if (length > 0 && is_named(pairs, FACT_SCHEMA, pair->name, length, side))
		return true;
	if (pair->kind == FACT_SEQUENCE && owned_by(definition, &property))
		return is_named(pairs, FACT_COLUMN, property.value, property.value_length, side);
	if (pair->kind == FACT_TABLE && fact_property(&fact, "partition of", &property))
		return is_named(pairs, FACT_TABLE, property.value, name_length(property.value), side);
	if (pair->kind == FACT_PRIVILEGE && compare_privilege(pair->name, &object, &role)) {
		struct fact on = {object.kind, object.name, ""};
		size_t		parent = fact_parent(&on);

		return is_named(pairs, object.kind, object.name, object.length, side)
			|| (parent > 0 && is_on_side(find_container(pairs, object.name, parent), side));
	}
	return false;
}

/* Is a column of a table missing, of "(a, b)" at `columns`? */
static bool
lacks_column(const struct compare_pairs *pairs, const char *table, size_t length, const char *columns)
{
	while (*columns && *columns != ')') {
		size_t		size = name_length(++columns);
		char	   *name = mem_format("%.*s.%.*s", (int) length, table, (int) size, columns);
		bool		missing = size > 0 && is_named(pairs, FACT_COLUMN, name, strlen(name), COMPARE_IS_MISSING);

		mem_free(name);
		if (missing)
			return true;
		columns += size;
	}
	return false;
}

/* Is the key that a foreign key refers to missing, or its column? "FOREIGN KEY (x) REFERENCES public.t(id)" */
static bool
lacks_key(const struct compare_pairs *pairs, const char *definition)
{
	const char *table = strstr(definition, " REFERENCES ");
	size_t		length;

	if (!table)
		return false;
	table += strlen(" REFERENCES ");
	if (strncmp(table, PUBLIC, strlen(PUBLIC)) == 0)
		table += strlen(PUBLIC);
	length = name_length(table);
	if (lacks_column(pairs, table, length, table + length))
		return true;
	for (size_t i = lower_bound(pairs, FACT_CONSTRAINT, table, length); i < pairs->count; i++) {
		const struct compare_pair *pair = &pairs->pairs[i];
		const char *key;

		if (pair->kind != FACT_CONSTRAINT || strncmp(pair->name, table, length) != 0)
			return false;
		key = pair->should ? strchr(pair->should->texts[0].definition, '(') : NULL;
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
