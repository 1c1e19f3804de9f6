/* Load the facts that are compiled in. */
#include "schema/built_facts.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/report.h"
#include "history/destructive.h"
#include "history/history.h"
#include "history/statement_list.h"
#include "schema/compare.h"
#include "schema/fact.h"
#include "schema/fact_history.h"
#include "schema/live.h"

#include "base/banned.h"

bool
built_facts_load(struct fact_history *facts)
{
	const struct history_source *schema = history.schema;
	unsigned	line;
	char	   *message;
	bool		good;

	*facts = (struct fact_history) {0};
	if (!schema) {
		report_error("this build does not have the schemas of its versions");
		report_hint("In the source tree, run \"make schema\", then build again.");
		return false;
	}
	good = fact_history_parse(facts, (const char *) schema->text, schema->length, &line, &message);
	if (!good) {
		report_error("%s/%s of this build is not valid: line %u: %s", history.folder, schema->file, line, message);
		report_hint("In the source tree, run \"make schema\", then build again.");
	}
	mem_free(message);
	return good;
}

/* Facts are ordered by kind, name and version. A name is not escaped. */
static char *
names_of(const struct fact_history *facts, const enum fact_kind *kinds, size_t count, bool words)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < facts->run_count; i++) {
		const struct fact_run *run = &facts->runs[i];
		bool		listed = i > 0 && run->kind == run[-1].kind && strcmp(run->name, run[-1].name) == 0;
		char	   *name = fact_unescape(run->name, strlen(run->name));

		for (size_t k = 0; k < count && !listed; k++)
			if (run->kind == kinds[k])
				fprintf(stream, "%s%s%s\n", words ? fact_kind_word(run->kind) : "", words ? " " : "", name);
		mem_free(name);
	}
	mem_stream_close(stream);
	return text;
}

const enum fact_kind built_facts_owned[BUILT_FACTS_OWNED_COUNT] = {
	FACT_SCHEMA, FACT_COLLATION, FACT_CONVERSION, FACT_TYPE, FACT_FUNCTION, FACT_AGGREGATE, FACT_OPERATOR,
	FACT_TEXT_SEARCH_DICTIONARY, FACT_TEXT_SEARCH_CONFIGURATION, FACT_SEQUENCE, FACT_TABLE, FACT_VIEW,
	FACT_MATERIALIZED_VIEW, FACT_STATISTICS
};

bool
built_facts_names(char **relations, char **objects)
{
	static const enum fact_kind of_relations[] = {FACT_TABLE, FACT_SEQUENCE, FACT_VIEW, FACT_MATERIALIZED_VIEW};
	struct fact_history facts;
	bool		good;

	*relations = NULL;
	*objects = NULL;
	if (!history.schema)
		return true;
	good = built_facts_load(&facts);
	if (good) {
		*relations = names_of(&facts, of_relations, sizeof(of_relations) / sizeof(of_relations[0]), false);
		*objects = names_of(&facts, built_facts_owned, BUILT_FACTS_OWNED_COUNT, true);
	}
	fact_history_clear(&facts);
	return good;
}

struct compare_sides
built_facts_sides(const struct live *live, const struct fact_history *facts)
{
	return (struct compare_sides) {
		.live = live,.history = facts,.ignore_count = history.ignore_count,.ignores = history.ignores
	};
}

/* Has a statement of the up section these words, up to the first NULL? Without `code`, DO blocks do not count. */
static bool
up_has(int version, bool code, const char *const words[4])
{
	const struct history_migration *migration = history_migration(version);
	struct statement_list up = statement_list_of_section(&migration->source, &migration->up);
	bool		found = false;

	for (size_t i = 0; i < up.count && !found; i++) {
		found = code || !destructive_is_code(up.statements[i].text);
		for (size_t k = 0; words[k] && found; k++)
			found = destructive_names(up.statements[i].text, words[k]);
	}
	statement_list_clear(&up);
	return found;
}

/* A DO block can check the type of the column first. */
static bool
retypes(int version, const char *column)
{
	struct fact fact = {FACT_COLUMN, column, ""};
	const char *own = compare_name(&fact);
	char	   *table = fact_plain(column, fact_parent(&fact));
	char	   *name = fact_plain(own, strlen(own));
	bool		found = up_has(version, false, (const char *const[]) {"type", table, name, NULL});

	mem_free(name);
	mem_free(table);
	return found;
}

static bool
names(int version, const char *name)
{
	return up_has(version, true, (const char *const[4]) {name});
}

const struct predict_ups built_ups = {history_rebuilds, retypes, names};
