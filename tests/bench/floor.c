/*
 * floor.c - the minimal program that "status" is compared with: it connects as the environment says, asks for the
 * version once, prints it, and ends.
 */
#include <stdio.h>

#include <libpq-fe.h>

int
main(void)
{
	PGconn	   *connection = PQconnectdb("");
	PGresult   *result;
	int			failed;

	if (PQstatus(connection) != CONNECTION_OK) {
		fprintf(stderr, "floor: %s", PQerrorMessage(connection));
		PQfinish(connection);
		return 1;
	}
	result = PQexec(connection, "SELECT version FROM public.migrate_version");
	failed = PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1;
	if (failed)
		fprintf(stderr, "floor: %s", PQerrorMessage(connection));
	else
		printf("%s\n", PQgetvalue(result, 0, 0));
	PQclear(result);
	PQfinish(connection);
	return failed;
}
