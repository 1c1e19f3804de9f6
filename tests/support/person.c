/* What a person does for a repair. */
#include "support/person.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/adoption.h"
#include "support/lack.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	VALUES = 32,				/* at most so many values are given */
	TRIES = 8					/* and a repair is tried so often */
};

struct values {
	size_t		count;
	char	   *items[VALUES];	/* "TABLE.COLUMN=EXPRESSION" */
};

/* The type of a column, in any version. */
static const char *
type_of(const char *column, size_t length)
{
	const struct fact_history *history = lack_history();

	for (size_t i = 0; i < history->run_count; i++)
		if (history->runs[i].kind == FACT_COLUMN && strncmp(history->runs[i].name, column, length) == 0 &&
			!history->runs[i].name[length])
			return history->runs[i].texts[0].definition;
	ck_abort_msg("there is no column %.*s", (int) length, column);
}

/* What a person gives: of the rows that rows_fill has made, each refers to the one with its own id. */
static char *
value_of(const char *column, size_t length)
{
	static const char *const values[][2] = {
		{"integer", "id"}, {"bigint", "id"}, {"boolean", "false"}, {"timestamp", "now()"}, {"numeric", "1"},
		{"text", "'x' || id"}, {"character", "'x'"}, {"cidr", "cidr('10.0.0.' || id)"}
	};
	const struct fact_history *history = lack_history();
	const char *type = type_of(column, length);
	size_t		size = strcspn(type, "\t");

	/* It is unique, and rows refer to it. */
	if (strncmp(column, "target.name=", length + 1) == 0)
		return mem_string("coalesce((SELECT target_name FROM target_presence p WHERE p.id = target.id), 'x' || id)");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strncmp(type, values[i][0], strlen(values[i][0])) == 0)
			return mem_string(values[i][1]);
	for (size_t i = 0; i < history->run_count; i++) {
		const struct fact_run *run = &history->runs[i];

		if (run->kind == FACT_LABEL && strncmp(run->name, type, size) == 0 && run->name[size] == '.') {
			char	   *label = fact_plain(run->name + size + 1, strlen(run->name + size + 1));
			char	   *value = mem_format("'%s'", label);

			mem_free(label);
			return value;
		}
	}
	ck_abort_msg("no value is known for %.*s, of type %s", (int) length, column, type);
}

static void
forget_values(struct values *values)
{
	for (size_t i = 0; i < values->count; i++)
		mem_free(values->items[i]);
	values->count = 0;
}

/* The values that the output asks for. */
static void
add_values(struct values *values, const char *text)
{
	while ((text = strstr(text, "--set '"))) {
		const char *column = text += strlen("--set '");
		size_t		length = strcspn(column, "=");
		bool		given = false;

		for (size_t i = 0; i < values->count; i++)
			given |= strncmp(values->items[i], column, length + 1) == 0;
		if (!given) {
			char	   *value = value_of(column, length);

			ck_assert_msg(values->count < VALUES, "too many values are needed:\n%s", text);
			values->items[values->count++] = mem_format("%.*s=%s", (int) length, column, value);
			mem_free(value);
		}
	}
}

/* Copy the rows of a table from the original. */
static void
restore_rows(const struct adoption *adoption, const char *table)
{
	PGconn	   *from = server_superuser(server_main(), adoption->original);
	char	   *columns = mem_format("SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid ="
									 " '%s'::regclass AND attnum > 0 AND NOT attisdropped", table);
	char	   *names = sql_value(adoption->connection, columns);
	char	   *out = mem_format("COPY %s (%s) TO STDOUT", table, names);
	char	   *in = mem_format("COPY %s (%s) FROM STDIN", table, names);
	PGresult   *result;
	char	   *row;
	int			length;

	PQclear(PQexec(from, out));
	PQclear(PQexec(adoption->connection, in));
	while ((length = PQgetCopyData(from, &row, 0)) > 0) {
		ck_assert_int_eq(PQputCopyData(adoption->connection, row, length), 1);
		PQfreemem(row);
	}
	ck_assert_msg(length == -1 && PQputCopyEnd(adoption->connection, NULL) == 1, "%s%s", PQerrorMessage(from),
				  PQerrorMessage(adoption->connection));
	result = PQgetResult(adoption->connection);
	ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(adoption->connection));
	PQclear(result);
	PQclear(PQgetResult(adoption->connection));
	PQfinish(from);
	mem_free(in);
	mem_free(out);
	mem_free(names);
	mem_free(columns);
}

/* Rows refer to those of a table that was missing. True: they were restored. */
static bool
add_rows(const struct adoption *adoption, const char *text)
{
	static const char before[] = "NOT EXISTS (SELECT FROM ONLY public.";
	bool		added = false;

	while (adoption->original && (text = strstr(text, before))) {
		char	   *table = mem_copy(text + strlen(before), strcspn(text + strlen(before), " "));
		char	   *query = mem_format("SELECT count(*) FROM public.%s", table);
		char	   *count = sql_value(adoption->connection, query);

		text += strlen(before);
		if (strcmp(count, "0") == 0) {
			restore_rows(adoption, table);
			added = true;
		}
		mem_free(count);
		mem_free(query);
		mem_free(table);
	}
	return added;
}

static bool
is_in_line(const char *line, const char *text)
{
	const char *found = strstr(line, text);

	return found && found < line + strcspn(line, "\n");
}

/* An extra label or column is none that was renamed. True: the missing one was added. */
static bool
add_missing(const struct adoption *adoption, const char *text)
{
	bool		added = false;

	for (const char *line = text; (line = strstr(line, "\n    ALTER T")); line++)
		if (is_in_line(line + 1, " ADD VALUE ") || is_in_line(line + 1, " ADD COLUMN ")) {
			char	   *sql = mem_copy(line + 1, strcspn(line + 1, "\n"));

			sql_exec(adoption->connection, sql);
			mem_free(sql);
			added = true;
		}
	return added;
}

static void
run_repair(struct process *process, const struct adoption *adoption, const char *const *command,
		   const struct values *values)
{
	const char *arguments[4 + 2 * VALUES + 1] = {0};
	size_t		count = 0;

	for (; command[count]; count++)
		arguments[count] = command[count];
	for (size_t i = 0; i < values->count; i++) {
		arguments[count++] = "--set";
		arguments[count++] = values->items[i];
	}
	tool_run(process, adoption->conninfo, arguments);
}

char *
person_advised(const char *text, const char *advice)
{
	const char *found = strstr(text, advice);

	return found ? mem_copy(found + strlen(advice), strspn(found + strlen(advice), "0123456789")) : NULL;
}

void
person_stamp(struct adoption *adoption, const char *version)
{
	tool_expect(adoption->conninfo, ARGS("stamp", version, "--yes"), 0, "", "");
	adoption->version = (int) strtol(version, NULL, 10);
}

/* A migration makes the changes that the repair cannot make. True: the repair said so, and it was run. */
static bool
run_migration(const struct adoption *adoption, const struct process *process)
{
	char	   *stamp = person_advised(process->err, "A migration makes the remaining changes: run \"fitsdb-schema stamp ");
	bool		advised = process->status == 1 && stamp;

	if (advised) {
		tool_expect(adoption->conninfo, ARGS("stamp", stamp, "--yes"), 0, "", "");
		tool_expect(adoption->conninfo, ARGS("upgrade", "--yes"), 0, "", "");
	}
	mem_free(stamp);
	return advised;
}

/* The recorded version is wrong. True: the repair was refused because of this, and the version was corrected. */
static bool
correct_version(struct adoption *adoption, const struct process *process)
{
	char	   *stamp = person_advised(process->err, "Run \"fitsdb-schema stamp ");
	bool		refused = process->status > 1 && stamp;

	if (refused)
		person_stamp(adoption, stamp);
	mem_free(stamp);
	return refused;
}

enum adoption_outcome
person_repair(struct adoption *adoption, const char *const *command)
{
	struct values values = {0};
	enum adoption_outcome outcome = ADOPTION_REPAIRED;
	bool		again = true;

	adoption->repaired = true;
	for (int i = 0; again; i++) {
		struct process process;

		run_repair(&process, adoption, command, &values);
		/* A value that was given and used must not be given again. */
		forget_values(&values);
		add_values(&values, process.out);
		if (run_migration(adoption, &process) || correct_version(adoption, &process))
			outcome = ADOPTION_STAMPED;
		else if (process.status != 0 && add_rows(adoption, process.out))
			outcome = ADOPTION_ROWS;
		else if (process.status != 0 && (add_missing(adoption, process.out) || values.count > 0))
			outcome = outcome == ADOPTION_REPAIRED ? ADOPTION_VALUE : outcome;
		else
			again = false;
		ck_assert_msg(process.status == 0 || (again && i < TRIES), "%s ended with status %d\n--- stdout:\n%s"
					  "--- stderr:\n%s", command[0], process.status, process.out, process.err);
		process_clear(&process);
	}
	forget_values(&values);
	return outcome;
}
