/* The facts of a database as lines of text. */
#include "support/live_facts.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/process.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

void
live_facts_read(const char *conninfo, struct lines *facts)
{
	char	   *measure = tool_beside("measure/measure");
	struct process process;

	process_run(&process, (const char *const[]) {measure, "--facts", conninfo, NULL}, NULL);
	ck_assert_msg(process.status == 0 && !*process.err, "%s --facts \"%s\": %d\n%s", measure, conninfo, process.status,
				  process.err);
	*facts = (struct lines) {0};
	lines_split(facts, process.out);
	lines_sort(facts);
	process_clear(&process);
	mem_free(measure);
}

size_t
live_facts_key(const char *fact)
{
	return strcspn(fact, "\t");
}

const char *
live_facts_find(const struct lines *facts, const char *key, size_t length)
{
	for (size_t i = 0; i < facts->count; i++)
		if (live_facts_key(facts->items[i]) == length && strncmp(facts->items[i], key, length) == 0)
			return facts->items[i];
	return NULL;
}

/* The next line that begins a section; NULL: there is none. */
static const char *
next_section(const char *text)
{
	for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL)
		if (strncmp(text, "-- all\n", 7) == 0 || strncmp(text, "-- from ", 8) == 0
			|| strncmp(text, "-- until ", 9) == 0)
			return text;
	return NULL;
}

static bool
applies(const char *section, int oldest, int newest)
{
	if (strncmp(section, "-- from ", 8) == 0)
		return strtol(section + 8, NULL, 10) <= oldest;
	if (strncmp(section, "-- until ", 9) == 0)
		return strtol(section + 9, NULL, 10) >= newest;
	return true;
}

void
live_facts_run_sections(PGconn *connection, const char *script, int oldest, int newest)
{
	char	   *text = sql_file(script);
	const char *section = next_section(text);

	while (section) {
		const char *body = strchr(section, '\n') + 1;
		const char *next = next_section(body);
		char	   *sql = next ? mem_copy(body, (size_t) (next - body)) : mem_string(body);

		if (applies(section, oldest, newest))
			sql_exec(connection, sql);
		mem_free(sql);
		section = next;
	}
	mem_free(text);
}
