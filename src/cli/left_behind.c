/* Report objects that belong to a superuser. */
#include "cli/left_behind.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pg/connection.h"
#include "record/owner_hint.h"
#include "schema/compare_settle.h"
#include "schema/fact.h"

#include "base/banned.h"

static bool
is_of_history(const struct fact_history *facts, const struct fact *fact)
{
	for (size_t i = 0; i < facts->run_count; i++)
		if (facts->runs[i].kind == fact->kind && strcmp(facts->runs[i].name, fact->name) == 0)
			return true;
	return false;
}

/* The keyword for a table, sequence or enum of schema public; NULL: it is another object. */
static const char *
keyword(const struct fact *fact)
{
	if (fact_schema(fact->name, strlen(fact->name)) > 0)
		return NULL;
	switch (fact->kind) {
		case FACT_TABLE:
			return "TABLE";
		case FACT_SEQUENCE:
			return "SEQUENCE";
		case FACT_TYPE:
			return strncmp(fact->definition, "enum", 4) == 0 ? "TYPE" : NULL;
		default:
			return NULL;
	}
}

/* The statement that gives such an object to the owner, a new string; NULL: it does not belong to a superuser. */
static char *
statement_for(const struct fact *fact, const struct live *live, const struct fact_history *facts)
{
	const char *word = keyword(fact);
	struct fact_property column;	/* of which it is the sequence: it belongs to the table's owner */
	char	   *owner = word && !fact_property(fact, "owned by", &column) ? fact_value(fact, "owner") : NULL;
	bool		left = owner && compare_is_superuser(live, owner) && is_of_history(facts, fact);
	char	   *name = left ? fact_sql_name(fact->name, strlen(fact->name)) : NULL;
	char	   *statement = left ? mem_format("ALTER %s %s OWNER TO %s", word, name, live->owner) : NULL;

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
