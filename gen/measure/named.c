/* Which objects does a script name? */
#include "measure/named.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static bool
is_word(char c)
{
	return isalnum((unsigned char) c) || c == '_' || c == '$' || (unsigned char) c >= 0x80;
}

/* Does `text` have the `length` bytes at `word` as a whole word? */
static bool
has_word(const char *text, const char *word, size_t length)
{
	const char *end = text + strlen(text);

	for (const char *at = text; length > 0 && (at = memmem(at, (size_t) (end - at), word, length)) != NULL; at++)
		if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
			return true;
	return false;
}

void
named_read(struct named *named, const struct statement_list *list)
{
	*named = (struct named) {.text = mem_string("")};
	for (size_t i = 0; i < list->count; i++)
		mem_append(&named->text, "\n", list->statements[i].text);
	named->lower = mem_string(named->text);
	for (char *c = named->lower; *c; c++)
		*c = (char) tolower((unsigned char) *c);
	named->keys = has_word(named->lower, "references", 10) || has_word(named->lower, "conflict", 8);
}

void
named_clear(struct named *named)
{
	mem_free(named->text);
	mem_free(named->lower);
	*named = (struct named) {0};
}

/* The last part of a name: after the last dot outside quotes, and before any parenthesis. */
static size_t
last_part(const char *name, size_t length, size_t *start)
{
	bool		quoted = false;
	size_t		end = *start = fact_schema(name, length);

	for (; end < length && (quoted || name[end] != '('); end++)
		quoted ^= name[end] == '"';
	return end - *start;
}

/* A name in the first `length` bytes of `name`, by its last part. */
static bool
has_name(const struct named *named, const char *name, size_t length)
{
	size_t		start;
	size_t		size = last_part(name, length, &start);
	char	   *word = fact_plain(name + start, size);
	char	   *written = mem_copy(name + start, size);
	bool		has = name[start] == '"' ? has_word(named->text, word, strlen(word)) || strstr(named->text, written)
		: has_word(named->lower, word, strlen(word));

	mem_free(written);
	mem_free(word);
	return has;
}

/* A text as an SQL literal; a new string. */
static char *
literal(const char *identifier)
{
	char	   *name = fact_plain(identifier, strlen(identifier));
	char	   *quoted = mem_alloc(2 * strlen(name) + 3);
	char	   *end = quoted;

	*end++ = '\'';
	for (const char *c = name; *c; c++) {
		if (*c == '\'')
			*end++ = '\'';
		*end++ = *c;
	}
	*end = '\'';
	mem_free(name);
	return quoted;
}

bool
named_has(const struct named *named, const struct fact *fact)
{
	size_t		parent = fact_parent(fact);
	const char *child = fact->name + (parent ? parent + 1 : 0);

	if (fact->kind == FACT_LABEL) {
		char	   *label = literal(child);
		bool		has = strstr(named->text, label) != NULL;

		mem_free(label);
		return has;
	}
	/* Without schema public there is nothing. */
	if (fact->kind == FACT_SCHEMA && strcmp(fact->name, "public") == 0)
		return false;
	if (fact->kind == FACT_COLUMN || fact->kind == FACT_ATTRIBUTE)
		return has_name(named, fact->name, parent) && has_name(named, child, strlen(child));
	if (has_name(named, child, strlen(child)))
		return true;
	return named->keys && has_name(named, fact->name, parent)
		&& ((fact->kind == FACT_CONSTRAINT
			 && (strncmp(fact->definition, "PRIMARY KEY", 11) == 0 || strncmp(fact->definition, "UNIQUE", 6) == 0))
			|| (fact->kind == FACT_INDEX && strncmp(fact->definition, "unique", 6) == 0));
}

/* An index is in the schema of its table. */
static char *
drop_index(const char *table, const char *index)
{
	return mem_format("DROP INDEX %.*s%s CASCADE", (int) fact_schema(table, strlen(table)), table, index);
}

static char *
rename_label(const char *type, const char *label)
{
	char	   *quoted = literal(label);
	char	   *sql = mem_format("ALTER TYPE %s RENAME VALUE %s TO 'taken away'", type, quoted);

	mem_free(quoted);
	return sql;
}

static char *
drop_part(const struct fact *fact, const char *owner, const char *part)
{
	switch (fact->kind) {
		case FACT_LABEL:
			return rename_label(owner, part);
		case FACT_COLUMN:
			return mem_format("ALTER TABLE %s DROP COLUMN %s CASCADE", owner, part);
		case FACT_CONSTRAINT:
			return mem_format("ALTER TABLE %s DROP CONSTRAINT %s CASCADE", owner, part);
		case FACT_DOMAIN_CONSTRAINT:
			return mem_format("ALTER DOMAIN %s DROP CONSTRAINT %s CASCADE", owner, part);
		case FACT_ATTRIBUTE:
			return mem_format("ALTER TYPE %s DROP ATTRIBUTE %s CASCADE", owner, part);
		case FACT_INDEX:
			return drop_index(owner, part);
		case FACT_RULE:
		case FACT_TRIGGER:
		case FACT_POLICY:
			return mem_format("DROP %s %s ON %s", fact_kind_word(fact->kind), part, owner);
		default:
			return NULL;
	}
}

char *
named_drop(const struct fact *fact)
{
	size_t		parent = fact_parent(fact);

	switch (fact->kind) {
		case FACT_SCHEMA:
		case FACT_EXTENSION:
		case FACT_TYPE:
		case FACT_SEQUENCE:
		case FACT_TABLE:
		case FACT_VIEW:
		case FACT_MATERIALIZED_VIEW:
		case FACT_COLLATION:
			return mem_format("DROP %s %s CASCADE", fact_kind_word(fact->kind), fact->name);
		case FACT_FUNCTION:
		case FACT_AGGREGATE:
			return mem_format("DROP ROUTINE %s CASCADE", fact->name);
		default:
			break;
	}
	if (parent > 0) {
		char	   *owner = mem_copy(fact->name, parent);
		char	   *sql = drop_part(fact, owner, fact->name + parent + 1);

		mem_free(owner);
		return sql;
	}
	return NULL;
}
