/* The tests' own connections and queries. */
#include "support/sql.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

#include "base/banned.h"

#define AWAIT_SECONDS 60

static void
ignore_notice(void *context, const PGresult *result)
{
	(void) context;
	(void) result;
}

PGconn *
sql_connect(const char *conninfo)
{
	PGconn	   *connection = PQconnectdb(conninfo);

	ck_assert_msg(PQstatus(connection) == CONNECTION_OK, "%s", PQerrorMessage(connection));
	PQsetNoticeReceiver(connection, ignore_notice, NULL);
	return connection;
}

static PGresult *
run(PGconn *connection, const char *sql)
{
	PGresult   *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);

	ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY,
				  "%s--- in:\n%.2000s", PQerrorMessage(connection), sql);
	return result;
}

void
sql_exec(PGconn *connection, const char *sql)
{
	PQclear(run(connection, sql));
}

char *
sql_lines(PGconn *connection, const char *sql)
{
	PGresult   *result = run(connection, sql);
	char	   *text = NULL;
	size_t		length = 0;
	FILE	   *stream = mem_stream_open(&text, &length);

	for (int row = 0; row < PQntuples(result); row++)
		for (int column = 0; column < PQnfields(result); column++)
			fprintf(stream, "%s%s", PQgetvalue(result, row, column), column + 1 < PQnfields(result) ? "|" : "\n");
	mem_stream_close(stream);
	PQclear(result);
	return text;
}

char *
sql_value(PGconn *connection, const char *sql)
{
	PGresult   *result = run(connection, sql);
	char	   *value;

	ck_assert_msg(PQntuples(result) == 1 && PQnfields(result) == 1, "%d rows instead of one from: %s",
				  PQntuples(result), sql);
	value = mem_string(PQgetvalue(result, 0, 0));
	PQclear(result);
	return value;
}

void
sql_expect(PGconn *connection, const char *sql, const char *expected)
{
	char	   *value = sql_value(connection, sql);

	ck_assert_msg(strcmp(value, expected) == 0, "%s\nis \"%s\", not \"%s\"", sql, value, expected);
	mem_free(value);
}

void
sql_await(PGconn *connection, const char *sql, const char *expected)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	time_t		deadline = time(NULL) + AWAIT_SECONDS;
	char	   *wanted = mem_format("%s\n", expected);

	for (;;) {
		char	   *lines = sql_lines(connection, sql);
		bool		found = strcmp(lines, wanted) == 0;

		ck_assert_msg(found || time(NULL) < deadline, "%s\nis still \"%s\", not \"%s\"", sql, lines, expected);
		mem_free(lines);
		if (found)
			break;
		nanosleep(&pause, NULL);
	}
	mem_free(wanted);
}

char *
sql_file(const char *path)
{
	FILE	   *file = fopen(path, "r");
	char	   *text = NULL;
	size_t		length = 0;

	if (!file)
		ck_abort_msg("could not open %s: %s", path, strerror(errno));
	if (getdelim(&text, &length, '\0', file) < 0)
		ck_abort_msg("could not read %s", path);
	fclose(file);
	return text;
}

char *
sql_section(const char *path, const char *section)
{
	char	   *text = sql_file(path);
	char	   *marker = mem_format("-- migrate:%s", section);
	char	   *start = strstr(text, marker);
	char	   *end;
	char	   *found;

	ck_assert_msg(start != NULL, "%s has no section \"%s\"", path, section);
	start += strcspn(start, "\n");
	end = strstr(start, "\n-- migrate:down");
	found = mem_copy(start, end ? (size_t) (end - start) : strlen(start));
	mem_free(marker);
	mem_free(text);
	return found;
}
