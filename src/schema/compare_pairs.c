/* Join the facts of two sides. */
#include "schema/compare_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "history/history.h"
#include "schema/compare_privileges.h"
#include "schema/compare_text.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/leftovers.h"

#include "base/banned.h"

/* --- names --- */

const char *
compare_grantee(const char *name)
{
	const char *role = name;

	for (const char *at = name; (at = strstr(at, " to ")); at++)
		role = at + 4;
	return role;
}

bool
compare_privilege(const char *name, struct compare_object *object, const char **role)
{
	const char *grantee = compare_grantee(name);
	size_t		end = grantee > name ? (size_t) (grantee - name) - strlen(" to ") : 0;
	size_t		length = fact_kind_parse(name, end, &object->kind);

	if (length == 0)
		return false;
	*role = grantee;
	object->name = name + length + 1;
	/* "database to apache": the database has no name. */
	object->length = length < end ? end - length - 1 : 0;
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

size_t
compare_pairs_from(const struct compare_pairs *pairs, enum fact_kind kind, const char *name, size_t length)
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
	size_t		at = compare_pairs_from(pairs, kind, name, length);

	return at < pairs->count && compare_key(kind, name, length, &pairs->pairs[at]) == 0 ? &pairs->pairs[at] : NULL;
}

/* --- making them --- */

const struct compare_pair *
compare_pairs_container(const struct compare_pairs *pairs, const char *name, size_t length)
{
	for (size_t i = 0; i < FACT_CONTAINER_COUNT; i++) {
		const struct compare_pair *pair = compare_pairs_find(pairs, fact_containers[i], name, length);

		if (pair)
			return pair;
	}
	return NULL;
}

bool
compare_owned_by(const char *definition, struct fact_property *owner)
{
	struct fact sequence = {FACT_SEQUENCE, "", definition};

	return fact_property(&sequence, "owned by", owner) || fact_property(&sequence, "identity of", owner);
}

size_t
compare_owner_table(const char *definition, struct fact_property *owner)
{
	/* The definition may go on behind the value. */
	size_t		schema = compare_owned_by(definition, owner) ? fact_schema(owner->value, owner->value_length) : 0;

	return schema ? schema - 1 : 0;
}

bool
compare_is_of_table(const struct fact *fact, const char *table)
{
	struct fact_property owner;
	size_t		length;

	if (fact->kind != FACT_SEQUENCE)
		return fact->kind == FACT_TABLE ? strcmp(fact->name, table) == 0
			: fact_parent_kind(fact->kind) == FACT_TABLE && fact_is_part(fact, table);
	length = compare_owner_table(fact->definition, &owner);
	return length > 0 && length == strlen(table) && strncmp(owner.value, table, length) == 0;
}

static const char *
definition_of(const struct compare_pair *pair)
{
	return pair->is ? pair->is->definition : pair->should ? pair->should->texts[0].definition : "";
}

static const struct history_ignore *
match(const struct compare_sides *sides, int version, enum fact_kind kind, const char *name)
{
	for (size_t i = 0; i < sides->ignore_count; i++)
		if (fact_is_ignored(&sides->ignores[i], version, kind, name))
			return &sides->ignores[i];
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
		return compare_pairs_container(pairs, pair->name, length);
	if (pair->kind == FACT_SEQUENCE && compare_owned_by(definition_of(pair), &owner))
		return compare_pairs_find(pairs, FACT_COLUMN, owner.value, owner.value_length);
	if (pair->kind == FACT_PRIVILEGE && compare_privilege(pair->name, &object, &role))
		return compare_pairs_find(pairs, object.kind, object.name, object.length);
	return NULL;
}

static void
find_ignored(const struct compare_pairs *pairs, const struct compare_sides *sides, int version)
{
	for (size_t i = 0; i < pairs->count && sides->ignore_count > 0; i++) {
		const struct compare_pair *whole = &pairs->pairs[i];
		const struct history_ignore *ignore = NULL;
		struct compare_pair *pair = &pairs->pairs[i];

		/* A privilege on a column is three steps from its table. */
		for (int depth = 0; depth < 4 && (whole = whole_of(pairs, whole)) && !ignore; depth++)
			ignore = match(sides, version, whole->kind, whole->name);
		if (!ignore) {
			ignore = match(sides, version, pair->kind, pair->name);
			pair->top = ignore != NULL;
		}
		pair->ignore = ignore;
	}
}

/* What later versions' downs leave: facts that are there as they leave them, or missing, and replaced. */
static void
find_left(const struct compare_pairs *pairs, const struct fact_history *known, const struct fact_set *live, int version)
{
	for (size_t i = known->claim_count; i > 0; i--) {
		const struct fact_claim *claim = &known->claims[i - 1];
		struct compare_pair *pair;

		if (claim->version <= version)
			break;
		if (claim->kind != FACT_LEAVES && claim->kind != FACT_LACKS)
			continue;
		pair = compare_pairs_find(pairs, claim->fact.kind, claim->fact.name, strlen(claim->fact.name));
		if (pair && (claim->kind == FACT_LEAVES ? pair->is && compare_text_same(pair->is, &claim->fact)
					 : !pair->is && leftovers_replaced(known, live, &claim->fact, claim->version)))
			pair->left = claim;
	}
}

/* --- foreign keys --- */

size_t
compare_name_length(const char *text)
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

const char *
compare_referred(const struct fact *constraint)
{
	const char *table = strstr(constraint->definition, " REFERENCES ");

	if (!table)
		return NULL;
	table += strlen(" REFERENCES ");
	return strncmp(table, "public.", 7) == 0 ? table + 7 : table;
}

bool
compare_can_refer(const struct fact_set *facts, const struct fact *constraint)
{
	const char *table = constraint->kind == FACT_CONSTRAINT ? compare_referred(constraint) : NULL;
	char	   *name = table ? mem_copy(table, compare_name_length(table)) : NULL;
	bool		there = !name || fact_find(facts, FACT_TABLE, name);

	mem_free(name);
	return there;
}

/* --- what is there early --- */

/* The version that creates a table or type which is there already; 0: it is not there, or `version` has it. */
static int
created_later(const struct compare_sides *sides, const struct compare_object *object, int version)
{
	char	   *name = mem_copy(object->name, object->length);
	int			later = 0;

	for (size_t i = 0; fact_find(&sides->live->facts, object->kind, name) && i < sides->history->run_count; i++) {
		const struct fact_run *run = &sides->history->runs[i];

		if (run->kind != object->kind || strcmp(run->name, name) != 0 || run->to <= version)
			continue;
		later = run->from > version ? run->from : 0;
		break;
	}
	mem_free(name);
	return later;
}

/* The table or type that a fact of a run is, is a part of, or is about; false: none that is created with it. */
static bool
object_of(const struct fact_run *run, struct compare_object *object)
{
	struct fact fact = {run->kind, run->name, run->texts[0].definition};
	struct fact_property owner;
	const char *role;

	*object = (struct compare_object) {fact_parent_kind(run->kind), run->name, fact_parent(&fact)};
	switch (run->kind) {
		case FACT_TABLE:
		case FACT_TYPE:
			*object = (struct compare_object) {run->kind, run->name, strlen(run->name)};
			return true;
		case FACT_COLUMN:
		case FACT_CONSTRAINT:
		case FACT_LABEL:
		case FACT_ATTRIBUTE:
		case FACT_DOMAIN_CONSTRAINT:
			return true;
		case FACT_SEQUENCE:
			object->length = compare_owner_table(fact.definition, &owner);
			if (object->length > 0)
				object->name = owner.value;
			return object->length > 0;
		case FACT_PRIVILEGE:
			return compare_privilege(run->name, object, &role)
				&& (object->kind == FACT_TABLE || object->kind == FACT_SEQUENCE);
		default:
			return false;
	}
}

/* Is a run that begins after the version the first one of an object, or of its part, that is there early? */
static bool
is_early(const struct compare_sides *sides, size_t at, int version)
{
	const struct fact_history *known = sides->history;
	const struct fact_run *run = &known->runs[at];
	const struct fact_run *next;
	struct compare_object object;

	if (!sides->early || run->from <= version || !object_of(run, &object) || fact_history_gives(known, run)
		|| !compare_can_refer(&sides->live->facts, &(struct fact) {run->kind, run->name, run->texts[0].definition})
		|| created_later(sides, &object, version) != run->from)
		return false;
	while ((next = fact_run_after(known, run)))
		run = next;
	/* A fact that is ignored from a version on ends there, but the object does not. */
	return run->to >= known->version_count || match(sides, run->to, run->kind, run->name);
}

/* The first run from `at` on that the version has, or that is early. */
static const struct fact_run *
next_run(const struct compare_sides *sides, size_t *at, int version)
{
	const struct fact_history *known = sides->history;

	while (*at < known->run_count && (known->runs[*at].from > version || known->runs[*at].to <= version)
		   && !is_early(sides, *at, version))
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
	while ((run = next_run(sides, &k, version)) || i < facts->count) {
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
		/* What is there early may have another form than at first. */
		if (pair.is && pair.should && pair.should->from > version)
			continue;
		/* A server that may do without it may have it, too. */
		if (pair.is || (pair.should && !(pair.should->absent & server)))
			pairs->pairs[pairs->count++] = pair;
	}
	find_left(pairs, sides->history, facts, version);
	find_ignored(pairs, sides, version);
}

void
compare_pairs_clear(struct compare_pairs *pairs)
{
	mem_free(pairs->pairs);
	*pairs = (struct compare_pairs) {0};
}
