/* One fact of a schema: its kind, its name and its properties. */
#include "schema/fact.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "history/history.h"

#include "base/banned.h"

static const struct {
	const char *word;
	const char *main_label;
}			kinds[FACT_KIND_COUNT] = {
	[FACT_DATABASE] = {"database", NULL},
	[FACT_SCHEMA] = {"schema", NULL},
	[FACT_EXTENSION] = {"extension", "schema"},
	[FACT_LANGUAGE] = {"language", NULL},
	[FACT_ACCESS_METHOD] = {"access method", "definition"},
	[FACT_COLLATION] = {"collation", "definition"},
	[FACT_CONVERSION] = {"conversion", "definition"},
	[FACT_TYPE] = {"type", "kind"},
	[FACT_LABEL] = {"label", NULL},
	[FACT_ATTRIBUTE] = {"attribute", "type"},
	[FACT_DOMAIN_CONSTRAINT] = {"domain constraint", "definition"},
	[FACT_FUNCTION] = {"function", "definition"},
	[FACT_AGGREGATE] = {"aggregate", "definition"},
	[FACT_OPERATOR] = {"operator", "definition"},
	[FACT_OPERATOR_FAMILY] = {"operator family", NULL},
	[FACT_OPERATOR_CLASS] = {"operator class", "definition"},
	[FACT_CAST] = {"cast", "definition"},
	[FACT_TRANSFORM] = {"transform", "definition"},
	[FACT_TEXT_SEARCH_PARSER] = {"text search parser", "definition"},
	[FACT_TEXT_SEARCH_TEMPLATE] = {"text search template", "definition"},
	[FACT_TEXT_SEARCH_DICTIONARY] = {"text search dictionary", "definition"},
	[FACT_TEXT_SEARCH_CONFIGURATION] = {"text search configuration", "definition"},
	[FACT_FOREIGN_DATA_WRAPPER] = {"foreign data wrapper", NULL},
	[FACT_SERVER] = {"server", "definition"},
	[FACT_USER_MAPPING] = {"user mapping", NULL},
	[FACT_SEQUENCE] = {"sequence", "definition"},
	[FACT_TABLE] = {"table", NULL},
	[FACT_COLUMN] = {"column", "type"},
	[FACT_INDEX] = {"index", "definition"},
	[FACT_CONSTRAINT] = {"constraint", "definition"},
	[FACT_VIEW] = {"view", "definition"},
	[FACT_MATERIALIZED_VIEW] = {"materialized view", "definition"},
	[FACT_RULE] = {"rule", "definition"},
	[FACT_TRIGGER] = {"trigger", "definition"},
	[FACT_POLICY] = {"policy", "definition"},
	[FACT_STATISTICS] = {"statistics", "definition"},
	[FACT_EVENT_TRIGGER] = {"event trigger", "definition"},
	[FACT_PUBLICATION] = {"publication", "definition"},
	[FACT_SUBSCRIPTION] = {"subscription", "definition"},
	[FACT_SETTING] = {"setting", "value"},
	[FACT_DEFAULT_PRIVILEGE] = {"default privilege", "privileges"},
	[FACT_PRIVILEGE] = {"privilege", "privileges"},
};

/* The keywords that quote_ident() quotes, in order: all but the unreserved ones. NULL for an unreserved one. */
#define UNRESERVED_KEYWORD 0
#define COL_NAME_KEYWORD 1
#define TYPE_FUNC_NAME_KEYWORD 1
#define RESERVED_KEYWORD 1
#define PG_KEYWORD(name, value, category, label) {name, category},

static const struct fact_keyword {
	/* cppcheck-suppress unusedStructMember; it does not see the included list */
	const char *word;
	bool		quoted;
}			keywords[] = {
#include <parser/kwlist.h>
};

const char *
fact_kind_word(enum fact_kind kind)
{
	return kinds[kind].word;
}

const char *
fact_main_label(enum fact_kind kind)
{
	return kinds[kind].main_label;
}

int
fact_order(const struct fact *a, const struct fact *b)
{
	int			order = (a->kind > b->kind) - (a->kind < b->kind);

	return order ? order : strcmp(a->name, b->name);
}

/* Up to the last dot outside quotes and before any parenthesis. */
size_t
fact_schema(const char *name, size_t length)
{
	bool		quoted = false;
	size_t		schema = 0;

	for (size_t i = 0; i < length && (quoted || name[i] != '('); i++)
		if (name[i] == '"')
			quoted = !quoted;
		else if (name[i] == '.' && !quoted)
			schema = i + 1;
	return schema;
}

size_t
fact_parent(const struct fact *fact)
{
	size_t		parent;

	switch (fact->kind) {
		case FACT_LABEL:
		case FACT_ATTRIBUTE:
		case FACT_DOMAIN_CONSTRAINT:
		case FACT_COLUMN:
		case FACT_INDEX:
		case FACT_CONSTRAINT:
		case FACT_RULE:
		case FACT_TRIGGER:
		case FACT_POLICY:
			parent = fact_schema(fact->name, strlen(fact->name));
			return parent ? parent - 1 : 0;
		default:
			return 0;
	}
}

enum fact_kind
fact_parent_kind(enum fact_kind kind)
{
	return kind == FACT_LABEL || kind == FACT_ATTRIBUTE || kind == FACT_DOMAIN_CONSTRAINT ? FACT_TYPE : FACT_TABLE;
}

bool
fact_is_part(const struct fact *fact, const char *container)
{
	size_t		parent = fact_parent(fact);

	return parent > 0 && parent == strlen(container) && strncmp(fact->name, container, parent) == 0;
}

bool
fact_next_property(const struct fact *fact, const char **at, struct fact_property *property)
{
	const char *start = *at;
	size_t		length = strcspn(start, "\t");
	const char *main_label = start == fact->definition ? kinds[fact->kind].main_label : NULL;
	const char *colon;

	if (!*start)
		return false;
	*at = start + length + (start[length] == '\t');
	if (main_label) {
		*property = (struct fact_property) {main_label, strlen(main_label), start, length};
		return true;
	}
	colon = memmem(start, length, ": ", 2);
	if (colon)
		*property = (struct fact_property) {start, (size_t) (colon - start), colon + 2,
			length - (size_t) (colon - start) - 2
		};
	else
		*property = (struct fact_property) {start, length, start + length, 0};
	return true;
}

bool
fact_property_is(const struct fact_property *property, const char *label)
{
	return property->label_length == strlen(label) && memcmp(property->label, label, property->label_length) == 0;
}

bool
fact_property(const struct fact *fact, const char *label, struct fact_property *property)
{
	const char *at = fact->definition;

	while (fact_next_property(fact, &at, property))
		if (fact_property_is(property, label))
			return true;
	return false;
}

size_t
fact_kind_parse(const char *text, size_t length, enum fact_kind *kind)
{
	size_t		longest = 0;

	for (int i = 0; i < FACT_KIND_COUNT; i++) {
		size_t		size;

		if (*kinds[i].word != *text)
			continue;
		size = strlen(kinds[i].word);
		/* "text search parser" begins with no shorter kind, but "operator class" does. */
		if (size > longest && size <= length && memcmp(text, kinds[i].word, size) == 0
			&& (size == length || text[size] == ' ')) {
			*kind = (enum fact_kind) i;
			longest = size;
		}
	}
	return longest;
}

bool
fact_parse(char *text, struct fact *fact)
{
	size_t		length = strcspn(text, "\t");
	size_t		kind = fact_kind_parse(text, length, &fact->kind);

	if (kind == 0)
		return false;
	fact->definition = text[length] ? text + length + 1 : "";
	text[length] = '\0';
	fact->name = text + kind + (text[kind] == ' ');
	return true;
}

void
fact_write(FILE *stream, const struct fact *fact)
{
	fprintf(stream, "%s%s%s%s%s\n", fact_kind_word(fact->kind), fact->name[0] ? " " : "", fact->name,
			fact->definition[0] ? "\t" : "", fact->definition);
}

void
fact_add(struct fact_set *set, enum fact_kind kind, const char *name, const char *definition)
{
	set->facts = mem_room(set->facts, set->count, sizeof(*set->facts));
	set->facts[set->count++] = (struct fact) {kind, name, definition};
}

static int
compare_facts(const void *left, const void *right)
{
	return fact_order(left, right);
}

void
fact_set_sort(struct fact_set *set)
{
	if (set->count > 0)
		qsort(set->facts, set->count, sizeof(*set->facts), compare_facts);
}

const struct fact *
fact_find(const struct fact_set *set, enum fact_kind kind, const char *name)
{
	struct fact key = {kind, name, ""};

	return set->count ? bsearch(&key, set->facts, set->count, sizeof(*set->facts), compare_facts) : NULL;
}

bool
fact_set_same(const struct fact_set *a, const struct fact_set *b)
{
	bool		same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = fact_order(&a->facts[i], &b->facts[i]) == 0
			&& strcmp(a->facts[i].definition, b->facts[i].definition) == 0;
	return same;
}

const enum fact_kind fact_containers[FACT_CONTAINER_COUNT] = {
	FACT_TABLE, FACT_VIEW, FACT_MATERIALIZED_VIEW, FACT_TYPE
};

const struct fact *
fact_container(const struct fact_set *set, const char *name)
{
	const struct fact *found = NULL;

	for (size_t i = 0; i < FACT_CONTAINER_COUNT && !found; i++)
		found = fact_find(set, fact_containers[i], name);
	return found;
}

void
fact_set_clear(struct fact_set *set)
{
	mem_free(set->facts);
	arena_clear(&set->arena);
	*set = (struct fact_set) {0};
}

static int
compare_keyword(const void *word, const void *keyword)
{
	return strcmp(word, ((const struct fact_keyword *) keyword)->word);
}

/* The number of characters that need no quotes. */
static size_t
word_length(const char *name)
{
	size_t		length = 0;

	while ((name[length] >= 'a' && name[length] <= 'z') || (name[length] >= '0' && name[length] <= '9')
		   || name[length] == '_')
		length++;
	return length;
}

const char *
fact_identifier(struct arena *arena, const char *name)
{
	size_t		length = word_length(name);
	bool		safe = length > 0 && name[length] == '\0' && !(name[0] >= '0' && name[0] <= '9');
	const struct fact_keyword *keyword = safe ? bsearch(name, keywords, sizeof(keywords) / sizeof(*keywords),
														sizeof(*keywords), compare_keyword) : NULL;
	char	   *quoted;
	char	   *end;

	if (safe && !(keyword && keyword->quoted))
		return arena_copy(arena, name, length);
	end = quoted = arena_alloc(arena, 2 * strlen(name) + 3);
	*end++ = '"';
	for (; *name; name++) {
		if (*name == '"')
			*end++ = '"';
		*end++ = *name;
	}
	*end = '"';
	return fact_escape(arena, quoted);
}

const char *
fact_escape(struct arena *arena, const char *text)
{
	char	   *copy;
	char	   *end;

	if (!text[strcspn(text, "\\\t\n\r")])
		return text;
	end = copy = arena_alloc(arena, 2 * strlen(text) + 1);
	for (; *text; text++) {
		static const char escaped[] = "\\\t\n\r";
		static const char letters[] = "\\tnr";
		const char *at = strchr(escaped, *text);

		if (at)
			*end++ = '\\';
		*end++ = *(at ? letters + (at - escaped) : text);
	}
	return copy;
}

char *
fact_unescape(const char *text, size_t length)
{
	char	   *copy = mem_copy(text, length);
	char	   *end = copy;

	for (size_t i = 0; i < length; i++) {
		char		c = copy[i];

		if (c == '\\' && i + 1 < length) {
			c = copy[++i];
			if (c == 't')
				c = '\t';
			else if (c == 'n')
				c = '\n';
			else if (c == 'r')
				c = '\r';
		}
		*end++ = c;
	}
	*end = '\0';
	return copy;
}

char *
fact_plain(const char *identifier, size_t length)
{
	char	   *name = mem_copy(identifier, length);
	char	   *end = name;

	if (name[0] != '"')
		return name;
	for (size_t i = 1; i + 1 < length; i++) {
		if (name[i] == '"' && name[i + 1] == '"')
			i++;
		*end++ = name[i];
	}
	*end = '\0';
	return name;
}

char *
fact_sql_name(const char *name, size_t length)
{
	char	   *plain = fact_unescape(name, length);
	char	   *text;

	if (fact_schema(name, length))
		return plain;
	text = mem_format("public.%s", plain);
	mem_free(plain);
	return text;
}

char *
fact_value(const struct fact *fact, const char *label)
{
	struct fact_property property;

	return fact_property(fact, label, &property) ? fact_unescape(property.value, property.value_length) : NULL;
}

bool
fact_is_ignored(const struct history_ignore *ignore, int version, enum fact_kind kind, const char *name)
{
	return version >= ignore->first
		&& (strcmp(ignore->kind, "*") == 0 || strcmp(ignore->kind, fact_kind_word(kind)) == 0)
		&& fnmatch(ignore->name, name, 0) == 0;
}
