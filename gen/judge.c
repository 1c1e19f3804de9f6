/* The verdict on each migration: that of lint, for all servers together. */
#include "judge.h"

#include <string.h>

#include "base/mem.h"
#include "history/lint_rule.h"
#include "history/sql_lexer.h"
#include "plan/effects.h"
#include "plan/lint.h"

#include "base/banned.h"

/* A rule that is broken, or a permission that is not needed. */
struct judge_fault {
	unsigned	servers;
	unsigned	line;
	const char *rule;
	char	   *text;			/* NULL: the permission in that line is not needed */
};

/* A migration that is judged. */
struct judge {
	struct arena *arena;
	struct errors *errors;
	const char *path;
	unsigned	measured;		/* the servers */
	size_t		count;
	struct judge_fault *faults;
};

/* `text` is copied. The same fault on another server is not another one. */
static void
add_fault(struct judge *judge, unsigned server, unsigned line, const char *rule, const char *text)
{
	struct judge_fault *fault = judge->faults;

	for (size_t i = 0; i < judge->count; i++, fault++)
		if (fault->line == line && strcmp(fault->rule, rule) == 0
			&& (fault->text && text ? strcmp(fault->text, text) == 0 : !fault->text && !text)) {
			fault->servers |= server;
			return;
		}
	judge->faults = mem_grow(judge->faults, judge->count + 1, sizeof(*judge->faults));
	judge->faults[judge->count++] = (struct judge_fault) {
		.servers = server,.line = line,.rule = rule,.text = text ? mem_string(text) : NULL
	};
}

static void
judge_on(struct judge *judge, const struct fact_history *facts, const struct history_migration *migration,
		 unsigned server)
{
	struct effects effects;
	struct lint lint;

	if (!effects_recorded(&effects, facts, migration, server, 0))
		return;
	lint = lint_find(&effects);
	for (size_t i = 0; i < lint.count; i++)
		if (!lint.findings[i].allow)
			add_fault(judge, server, migration->up.statements[lint.findings[i].statement].line,
					  lint_rule_name(lint.findings[i].rule), lint.findings[i].text);
	for (size_t i = 0; i < lint.unneeded_count; i++)
		add_fault(judge, server, lint.unneeded[i]->line, lint.unneeded[i]->rule, NULL);
	lint_clear(&lint);
	effects_clear(&effects);
}

/* --- hidden-drop: the down --- */

/* Does the statement also add such an object, of this name, or (NULL) of any in the same form? */
static bool
is_added(const struct fact_history *facts, const struct fact_down *taken, const char *name)
{
	for (size_t i = 0; i < facts->down_count; i++) {
		const struct fact_down *other = &facts->downs[i];

		if (other->adds && other->version == taken->version && other->statement == taken->statement
			&& other->fact.kind == taken->fact.kind
			&& (name ? strcmp(other->fact.name, name) == 0
				: strcmp(other->fact.definition, taken->fact.definition) == 0))
			return true;
	}
	return false;
}

/*
 * Does the statement drop the object, rather than change or rename it? What becomes of a table or column is recorded;
 * another object has been renamed if there is a new one of the same form. Privileges are no objects.
 */
static bool
is_dropped(const struct fact_history *facts, const struct fact_down *taken)
{
	enum fact_kind kind = taken->fact.kind;

	if (kind == FACT_SETTING || kind == FACT_DEFAULT_PRIVILEGE || kind == FACT_PRIVILEGE
		|| is_added(facts, taken, taken->fact.name))
		return false;
	if (kind != FACT_TABLE && kind != FACT_COLUMN)
		return !is_added(facts, taken, NULL);
	for (size_t i = 0; i < facts->claim_count; i++) {
		const struct fact_claim *claim = &facts->claims[i];

		if (claim->down && claim->kind == FACT_DROPS && claim->version == taken->version
			&& fact_order(&claim->fact, &taken->fact) == 0)
			return true;
	}
	return false;
}

/* The objects that a statement of the down drops, in words; NULL: none. */
static const char *
dropped(const struct judge *judge, const struct fact_history *facts, int version, size_t statement)
{
	const struct fact *first = NULL;
	size_t		more = 0;

	for (size_t i = 0; i < facts->down_count; i++) {
		const struct fact_down *down = &facts->downs[i];

		if (down->version != version || down->statement != statement || down->adds || !is_dropped(facts, down))
			continue;
		if (first)
			more++;
		else
			first = &down->fact;
	}
	if (!first)
		return NULL;
	return arena_format(judge->arena, more == 0 ? "%s %s is dropped" : more == 1 ? "%s %s and 1 more object are dropped"
						: "%s %s and %zu more objects are dropped", fact_kind_word(first->kind), first->name, more);
}

static bool
is_code(const struct history_migration *migration, const struct history_statement *statement)
{
	struct sql_lexer_phrase phrase;
	bool		code;

	phrase_read(&phrase, (const char *) migration->source.text + statement->offset, statement->length);
	code = !statement->text && !phrase_says(&phrase, 0, "drop") && !phrase_says(&phrase, 0, "alter");
	phrase_clear(&phrase);
	return code;
}

static void
judge_down(struct judge *judge, const struct fact_history *facts, const struct history_migration *migration)
{
	const char *rule = lint_rule_name(LINT_HIDDEN_DROP);

	for (size_t i = 0; i < migration->down.count; i++) {
		const struct history_statement *statement = &migration->down.statements[i];
		const char *what = is_code(migration, statement) ? dropped(judge, facts, migration->version, i) : NULL;

		if (what && statement->allow_count == 0)
			add_fault(judge, judge->measured, statement->line, rule,
					  arena_format(judge->arena, "%s in a block of code", what));
		else if (!what && statement->allow_count > 0)
			add_fault(judge, judge->measured, statement->allows->line, rule, NULL);
	}
}

/* --- report --- */

/* " on PostgreSQL 10 to 13", or "" if they are all that were measured. */
static const char *
servers_text(const struct judge *judge, unsigned servers)
{
	const struct fact_servers_class *classes = fact_servers_classes;
	const char *text = "";
	const char *before = " on PostgreSQL ";

	for (size_t i = 0; servers != judge->measured && i < FACT_SERVERS_CLASSES; i++, before = *text ? ", " : before) {
		int			first = classes[i].first;

		if (!(servers & classes[i].bit))
			continue;
		while (i + 1 < FACT_SERVERS_CLASSES && servers & classes[i + 1].bit)
			i++;
		if (classes[i].last == 0)
			text = arena_format(judge->arena, "%s%s%d and later", text, before, first);
		else if (classes[i].last == first)
			text = arena_format(judge->arena, "%s%s%d", text, before, first);
		else
			text = arena_format(judge->arena, "%s%s%d to %d", text, before, first, classes[i].last);
	}
	return text;
}

/* A permission that one server needs is needed. */
static void
report_fault(const struct judge *judge, const struct judge_fault *fault)
{
	if (fault->text)
		errors_add(judge->errors, judge->path, fault->line,
				   arena_format(judge->arena, "See docs/lint/%s.md for the reason and the alternative. A line "
								"\"-- lint:allow %s: REASON\" before the statement allows it.", fault->rule,
								fault->rule),
				   "%s: %s%s", fault->rule, fault->text, servers_text(judge, fault->servers));
	else if (fault->servers == judge->measured)
		errors_add(judge->errors, judge->path, fault->line, judge->measured == FACT_SERVERS_ALL ?
				   "Remove this line." :
				   "Remove this line, unless \"make schema SERVERS=all\" shows that another server needs it.",
				   "%s: allowed, but no statement breaks this rule", fault->rule);
}

bool
judge_migrations(struct arena *arena, struct errors *errors, const struct folder *folder,
				 const struct fact_history *facts, const struct parse_result *result)
{
	size_t		before = errors->count;

	for (int version = 0; version <= result->history.latest; version++) {
		const struct history_migration *migration = &result->migrations[version];
		struct judge judge = {
			.arena = arena,.errors = errors,.path = folder_path(arena, folder, migration->source.file),
			.measured = facts->versions[version].measured
		};

		/* A sealed one cannot be changed any more, and rules may be newer than it is. */
		if (folder->entries[version].sealed)
			continue;
		for (unsigned server = 1; server <= FACT_SERVERS_ALL; server <<= 1)
			if (judge.measured & server)
				judge_on(&judge, facts, migration, server);
		judge_down(&judge, facts, migration);
		for (size_t i = 0; i < judge.count; i++) {
			report_fault(&judge, &judge.faults[i]);
			mem_free(judge.faults[i].text);
		}
		mem_free(judge.faults);
	}
	return errors->count == before;
}
