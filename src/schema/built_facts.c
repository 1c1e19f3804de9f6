/* Load the facts that are compiled in. */
#include "schema/built_facts.h"

#include "base/mem.h"
#include "base/report.h"
#include "history/history.h"
#include "schema/compare.h"
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

struct compare_sides
built_facts_sides(const struct live *live, const struct fact_history *facts)
{
	return (struct compare_sides) {
		.live = live,.history = facts,.ignore_count = history.ignore_count,.ignores = history.ignores
	};
}
