/*
 * floor.c - the minimal program that "status" and "verify" are compared with: it connects as the environment says, asks
 * for the version once, prints it, and ends. With an argument, a file of SQL, it sends that instead, in one message,
 * and prints how many rows the last statement returned.
 */
#include <stdio.h>
#include <stdlib.h>

#include <libpq-fe.h>

/* The contents of a file, up to `size` - 1 bytes. */
static char *
read_file(const char *path, size_t size)
{
	FILE	   *file = fopen(path, "r");
	char	   *text = calloc(size, 1);

	if (!file || !text || fread(text, 1, size - 1, file) == 0) {
		perror(path);
		exit(1);
	}
	fclose(file);
	return text;
}

int
main(int argc, char **argv)
{
	char	   *sql = argc > 1 ? read_file(argv[1], 1000000) : NULL;
	PGconn	   *connection = PQconnectdb("");
	PGresult   *result;
	int			failed;

	if (PQstatus(connection) != CONNECTION_OK) {
		fprintf(stderr, "floor: %s", PQerrorMessage(connection));
		PQfinish(connection);
		free(sql);
		return 1;
	}
	result = PQexec(connection, sql ? sql : "SELECT version FROM public.migrate_version");
	failed = PQresultStatus(result) != PGRES_TUPLES_OK || (!sql && PQntuples(result) != 1);
	if (failed)
		fprintf(stderr, "floor: %s", PQerrorMessage(connection));
	else if (sql)
		printf("%d\n", PQntuples(result));
	else
		printf("%s\n", PQgetvalue(result, 0, 0));
	PQclear(result);
	PQfinish(connection);
	free(sql);
	return failed;
}
