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

/* The names of a kind; facts are ordered by kind, name and version. */
static void
print_names(FILE *stream, const struct fact_history *facts, enum fact_kind kind)
{
	const char *last = NULL;

	for (size_t i = 0; i < facts->run_count; i++) {
		const struct fact_run *run = &facts->runs[i];

		if (run->kind != kind || (last && strcmp(last, run->name) == 0))
			continue;
		last = run->name;
		fprintf(stream, "%s\n", last);
	}
}

static char *
names_of(const struct fact_history *facts, const enum fact_kind *kinds, size_t count)
{
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (size_t i = 0; i < count; i++)
		print_names(stream, facts, kinds[i]);
	mem_stream_close(stream);
	return text;
}

bool
built_facts_names(char **relations, char **types)
{
	static const enum fact_kind of_relations[] = {FACT_TABLE, FACT_SEQUENCE, FACT_VIEW, FACT_MATERIALIZED_VIEW};
	static const enum fact_kind of_types[] = {FACT_TYPE};
	struct fact_history facts;
	bool		good;

	*relations = NULL;
	*types = NULL;
	if (!history.schema)
		return true;
	good = built_facts_load(&facts);
	if (good) {
		*relations = names_of(&facts, of_relations, sizeof(of_relations) / sizeof(of_relations[0]));
		*types = names_of(&facts, of_types, 1);
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
