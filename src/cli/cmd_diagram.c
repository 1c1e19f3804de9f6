/* diagram: draw the schema of a version of this build, or the changes between two versions. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"
#include "schema/built_facts.h"
#include "schema/diagram.h"
#include "schema/fact.h"
#include "schema/fact_history.h"

#include "base/banned.h"

/* The requested versions; `before` is -1 if there is only one. */
struct diagram_range {
	int			before;
	int			version;
};

static bool
parse_range(const struct options *options, struct diagram_range *range)
{
	int			first = options->count > 0 ? options_known_number(options->arguments[0]) : history.latest;
	int			last = options->count > 1 ? options_known_number(options->arguments[1]) : first;

	*range = (struct diagram_range) {.before = options->count > 1 ? first : -1,.version = last};
	if (first < 0 || last < 0)
		return false;
	if (range->before != last)
		return true;
	report_error("the two versions are the same: %d", last);
	report_hint("Give one version to draw its schema, or two different versions to draw the changes between them.");
	return false;
}

/* As servers of the class of Debian's print it: this text is always there. */
static void
print_diagram(const struct diagram_range *range, const struct fact_history *facts)
{
	struct fact_set before = {0};
	struct fact_set set;
	char	   *title;

	if (range->before >= 0)
		fact_history_at(&before, facts, range->before, FACT_SERVERS_15);
	fact_history_at(&set, facts, range->version, FACT_SERVERS_15);
	title = range->before < 0 ? mem_format("%s, schema version %d", history.database, range->version)
		: mem_format("%s, from schema version %d to %d%s", history.database, range->before, range->version,
					 fact_set_same(&before, &set) ? ": no differences" : "");
	diagram_write(stdout, title, range->before < 0 ? NULL : &before, &set);
	fact_set_clear(&before);
	fact_set_clear(&set);
	mem_free(title);
}

int
cmd_diagram(const struct options *options)
{
	struct fact_history facts;
	struct diagram_range range;
	bool		loaded;

	if (!parse_range(options, &range))
		return STATUS_UNKNOWN;
	loaded = built_facts_load(&facts);
	if (loaded)
		print_diagram(&range, &facts);
	fact_history_clear(&facts);
	return loaded ? STATUS_OK : STATUS_UNKNOWN;
}
