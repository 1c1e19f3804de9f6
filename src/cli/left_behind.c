/* Report objects that belong to a superuser. */
#include "cli/left_behind.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/connection.h"
#include "record/owner_hint.h"
#include "schema/built_facts.h"
#include "schema/compare_settle.h"
#include "schema/fact.h"

#include "base/banned.h"

#define EVENT "function returns event_trigger"

static bool
is_of_history(const struct fact_history *facts, const struct fact *fact)
{
	for (size_t i = 0; i < facts->run_count; i++)
		if (facts->runs[i].kind == fact->kind && strcmp(facts->runs[i].name, fact->name) == 0)
			return true;
	return false;
}

/* Is it a type that the owner can have created? */
static bool
is_own_type(const struct fact *fact)
{
	static const char *const words[] = {"enum", "domain", "composite", "range"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(fact->definition, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* The same of functions (migrate/privileges.c has the reason). */
static bool
is_own_function(const struct fact *fact)
{
	struct fact_property language;

	return fact_property(fact, "language", &language) && strncmp(fact->definition, EVENT, strlen(EVENT)) != 0
		&& ((language.value_length == 3 && memcmp(language.value, "sql", 3) == 0)
			|| (language.value_length == 7 && memcmp(language.value, "plpgsql", 7) == 0));
}

/* The words for ALTER, in lower case; NULL: it is not to be transferred. */
static const char *
kind_word(const struct fact *fact)
{
	bool		owned = false;

	for (size_t i = 0; i < BUILT_FACTS_OWNED_COUNT; i++)
		owned = owned || fact->kind == built_facts_owned[i];
	if (!owned || (fact->kind == FACT_TYPE && !is_own_type(fact))
		|| (fact->kind == FACT_FUNCTION && !is_own_function(fact))
		|| (fact->kind == FACT_SCHEMA && strcmp(fact->name, "public") == 0))
		return NULL;
	return strncmp(fact->definition, "procedure", 9) == 0 && fact->kind == FACT_FUNCTION ? "procedure"
		: fact_kind_word(fact->kind);
}

/* The name for ALTER, a new string. */
static char *
name_for(const struct fact *fact)
{
	size_t		length = strlen(fact->name);

	if (fact->kind == FACT_SCHEMA)
		return fact_unescape(fact->name, length);
	if (fact->kind == FACT_AGGREGATE && strcmp(fact->name + length - 2, "()") == 0) {
		char	   *name = fact_sql_name(fact->name, length - 2);
		char	   *text = mem_format("%s(*)", name);

		mem_free(name);
		return text;
	}
	return fact_sql_name(fact->name, length);
}

/* The statement that gives such an object to the owner, a new string; NULL: it does not belong to a superuser. */
static char *
statement_for(const struct fact *fact, const struct live *live, const struct fact_history *facts)
{
	const char *word = kind_word(fact);
	struct fact_property column;	/* of which it is the sequence: it belongs to the table's owner */
	char	   *owner = word && !fact_property(fact, "owned by", &column) ? fact_value(fact, "owner") : NULL;
	bool		left = owner && compare_is_superuser(live, owner) && is_of_history(facts, fact);
	char	   *name = left ? name_for(fact) : NULL;
	char	   *statement = left ? mem_format("ALTER %s %s OWNER TO %s", word, name, live->owner) : NULL;

	for (char *letter = statement ? statement + strlen("ALTER ") : NULL; word && letter && *word; word++, letter++)
		*letter = (char) toupper((unsigned char) *letter);

	mem_free(name);
	mem_free(owner);
	return statement;
}

bool
left_behind_report(struct session *session, const struct live *live, const struct fact_history *facts)
{
	struct arena arena = {0};
	char	  **statements = mem_alloc((live->facts.count + 1) * sizeof(*statements));
	size_t		count = 0;
	bool		other = session->options->role || compare_is_superuser(live, live->owner)
		|| compare_is_superuser(live, fact_identifier(&arena, connection_user(session->connection)));

	for (size_t i = 0; !other && i < live->facts.count; i++) {
		statements[count] = statement_for(&live->facts.facts[i], live, facts);
		count += statements[count] != NULL;
	}
	if (count > 0) {
		char	   *owner = fact_plain(live->owner, strlen(live->owner));

		owner_hint_left_behind(session, owner, owner, (const char *const *) statements, count);
		mem_free(owner);
	}
	for (size_t i = 0; i < count; i++)
		mem_free(statements[i]);
	mem_free(statements);
	arena_clear(&arena);
	return count > 0;
}
