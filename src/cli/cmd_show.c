/* show: the SQL of a migration of this build, or what it changes in the schema. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/mem.h"
#include "base/printable.h"
#include "base/report.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "history/history.h"
#include "schema/built_facts.h"
#include "schema/fact_history.h"

#include "base/banned.h"

static void
print_sql(const struct history_migration *migration, bool down)
{
	const struct history_section *section = down ? &migration->down : &migration->up;

	printf("-- %s, %s%s\n", migration->source.file, down ? "down" : "up",
		   section->transactional ? "" : ", non-transactional");
	fwrite(migration->source.text + section->offset, 1, section->length, stdout);
}

/* The version's lines of SCHEMA, with two spaces for each tab. */
static void
print_lines(const struct fact_version *version)
{
	char	   *lines = mem_copy(history.schema->text + version->start, version->end - version->start);
	char	   *safe = printable_lines(lines);
	size_t		length = strlen(safe);

	while (length > 0 && safe[length - 1] == '\n')
		safe[--length] = '\0';
	for (const char *at = safe; *at; at++)
		fputs(*at == '\t' ? "  " : (const char[]) {*at, '\0'}, stdout);
	puts(length > 0 ? "" : "-- no change");
	mem_free(safe);
	mem_free(lines);
}

int
cmd_show(const struct options *options)
{
	struct fact_history facts = {0};
	int			version = options_known_version(options);
	bool		done = version >= 0;

	if (done && options->schema && options->down) {
		report_error("--down and --schema cannot be combined");
		report_hint("The output of --schema includes the objects that the down section leaves.");
		done = false;
	} else if (done && options->schema) {
		done = built_facts_load(&facts);
		if (done) {
			printf("-- %s, schema\n", history_migration(version)->source.file);
			print_lines(&facts.versions[version]);
		}
	} else if (done)
		print_sql(history_migration(version), options->down);
	fact_history_clear(&facts);
	return done ? STATUS_OK : STATUS_UNKNOWN;
}
