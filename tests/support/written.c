/* Migrations that are written from a database. */
#include "support/written.h"

#include <check.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/live_facts.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* --- writing --- */

char *
written_program(void)
{
	return tool_beside("gen/difference/difference");
}

/* The generator must accept them. */
static void
generate(const struct written *written, const char *title)
{
	char	   *generator = tool_beside("gen/generate");
	char	   *output = mem_format("--output=%s/history.c", written->folder);
	struct process process;

	process_run(&process, ARGS(generator, output, "--build-version=1", "--database=d", "--repository-id=r",
							   "--repository-path=p", "--no-lint", written->folder), NULL);
	ck_assert_msg(process.status == 0, "%s: %s", title, process.err);
	process_clear(&process);
	mem_free(output);
	mem_free(generator);
}

/* In $WRITTEN, with the title in a file; without that variable, one that goes with the server. */
static char *
new_directory(const char *title)
{
	const char *parent = getenv("WRITTEN");
	char	   *directory;
	char	   *path;
	FILE	   *file;

	if (!parent)
		return server_directory("written");
	directory = mem_format("%s/XXXXXX", parent);
	ck_assert_msg(mkdtemp(directory) != NULL, "%s", directory);
	path = mem_format("%s/title", directory);
	file = fopen(path, "w");
	ck_assert_msg(file != NULL, "%s", path);
	fprintf(file, "%s\n", title);
	ck_assert_msg(fclose(file) == 0, "%s", path);
	mem_free(path);
	return directory;
}

void
written_make(struct written *written, int base, const char *conninfo, const char *title)
{
	char	   *directory = new_directory(title);
	char	   *versions = mem_format("migrations-%d", base);
	char	   *option = mem_format("--base=%d", base);
	char	   *difference = written_program();
	struct process process;

	*written = (struct written) {.base = base,.folder = mem_format("%s/migrations", directory)};
	process_must(ARGS("tests/first_versions.sh", versions, directory), NULL);
	process_run(&process, ARGS(difference, "--not-renamed", option, conninfo, written->folder), NULL);
	ck_assert_msg(process.status == 0 || (process.status == 1 && strstr(process.err, "the database has the schema of")),
				  "%s: %d\n%s", title, process.status, process.err);
	lines_split(&written->paths, process.out);
	written->notes = mem_string(process.err);
	process_clear(&process);
	generate(written, title);
	mem_free(difference);
	mem_free(option);
	mem_free(versions);
	mem_free(directory);
}

void
written_clear(struct written *written)
{
	if (!getenv("WRITTEN"))
		process_must(ARGS("rm", "-rf", written->folder), NULL);
	mem_free(written->folder);
	mem_free(written->notes);
	lines_clear(&written->paths);
	*written = (struct written) {0};
}

/* --- running --- */

/* The end of the first statement, behind its semicolon: at the end of a line outside of a dollar-quoted text. */
static const char *
statement_end(const char *text)
{
	bool		quoted = false;

	for (; *text; text++) {
		if (text[0] == '$' && text[1] == '$')
			quoted = !quoted;
		if (!quoted && text[0] == ';' && (text[1] == '\n' || text[1] == '\0'))
			return text + 1;
	}
	return NULL;
}

/* A batched statement for all keys. */
static PGresult *
run_one(PGconn *connection, const char *statement)
{
	static const char *const keys[] = {"-2147483648", "2147483647"};

	if (strstr(statement, "-- migrate:batch "))
		return PQexecParams(connection, statement, 2, NULL, keys, NULL, NULL, 0);
	return PQexec(connection, statement);
}

static void
must(PGconn *connection, const char *statement, const char *path, const char *title)
{
	PGresult   *result = run_one(connection, statement);
	ExecStatusType status = PQresultStatus(result);

	ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY,
				  "%s: %s: %s\n%s", title, path, PQerrorMessage(connection), statement);
	PQclear(result);
}

static void
run_section(PGconn *connection, const char *path, bool up, const char *title)
{
	char	   *text = sql_section(path, up ? "up" : "down");
	char	   *file = sql_file(path);
	bool		apart = strstr(file, up ? "-- migrate:up transaction:false" : "-- migrate:down transaction:false");
	const char *at = text;

	for (const char *end; apart && (end = statement_end(at)); at = end) {
		char	   *statement = mem_copy(at, (size_t) (end - at));

		must(connection, statement, path, title);
		mem_free(statement);
	}
	if (!apart)
		must(connection, text, path, title);
	mem_free(file);
	mem_free(text);
}

void
written_run(const struct written *written, const char *conninfo, bool up, const char *title)
{
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "SET search_path = public");
	for (size_t i = 0; i < written->paths.count; i++)
		run_section(connection, written->paths.items[up ? i : written->paths.count - 1 - i], up, title);
	PQfinish(connection);
}

/* --- facts --- */

static bool
is_compared(const char *line)
{
	static const char *const kinds[] = {"label ", "privilege ", "default privilege ", "setting ", "database", "-- "};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(line, kinds[i], strlen(kinds[i])) == 0)
			return false;
	return true;
}

static bool
is_kept(const char *property)
{
	return strncmp(property, "after: ", 7) != 0 && strncmp(property, "owner: ", 7) != 0
		&& strcmp(property, "invalid") != 0;
}

void
written_facts(const char *conninfo, struct lines *facts)
{
	struct lines all;

	*facts = (struct lines) {0};
	live_facts_read(conninfo, &all);
	for (size_t i = 0; i < all.count; i++) {
		char	   *text = NULL;
		char	   *rest = all.items[i];

		for (char *property; is_compared(all.items[i]) && (property = strsep(&rest, "\t"));)
			if (is_kept(property))
				mem_append(&text, "\t", property);
		if (text)
			lines_add(facts, text);
	}
	lines_sort(facts);
	lines_clear(&all);
}
