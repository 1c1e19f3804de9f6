/*
 * dbmate runs the same folder of migrations, and ends at the same schema. It does not know batched statements:
 * migrations 38 and 39 are left out, which do not change the schema.
 *
 * The environment variable DBMATE names the program. Without it, and on servers before PostgreSQL 12 (which refuse a
 * new enum label in the way dbmate sends a file), the tests report that they were not run.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

enum {
	LAST = 37					/* before the first batched statement */
};

static bool
can_run(const char *test)
{
	const char *why = !getenv("DBMATE") ? "DBMATE is not set" :
		server_version(server_main()) < 12 ? "dbmate needs PostgreSQL 12" : NULL;

	if (why)
		fprintf(stderr, "not run: %s (%s)\n", test, why);
	return !why;
}

static void
dbmate(const char *command)
{
	const char *folder = server_main()->directory;
	char	   *url = mem_format("postgres:///fitsdata?host=%s&user=fitsdata&sslmode=disable", folder);
	char	   *migrations = mem_format("%s/migrations", folder);

	process_must((const char *const[]) {getenv("DBMATE"), "--url", url, "--migrations-dir", migrations,
		"--no-dump-schema", command, NULL}, NULL);
	mem_free(migrations);
	mem_free(url);
}

/* The migrations that dbmate can run, in a folder of their own. */
static void
setup(void)
{
	char	   *copy;

	server_setup();
	copy = mem_format("mkdir -p %s/migrations && cp migrations/0[0-2]?_*.sql migrations/03[0-7]_*.sql %s/migrations",
					  server_main()->directory, server_main()->directory);
	process_must((const char *const[]) {"sh", "-c", copy, NULL}, NULL);
	mem_free(copy);
}

/* dbmate's own table is not part of the schema. */
static void
forget_dbmate(PGconn *connection)
{
	sql_exec(connection, "DROP TABLE schema_migrations");
}

START_TEST(up_is_latest)
{
	char	   *conninfo;
	PGconn	   *connection;

	if (!can_run("up_is_latest"))
		return;
	conninfo = server_database("fitsdata");
	connection = sql_connect(conninfo);
	dbmate("migrate");
	forget_dbmate(connection);
	facts_expect_version(connection, "v037");
	sql_expect(connection, "SELECT count(*) FROM target", "9");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(down_is_base)
{
	char	   *conninfo;
	PGconn	   *connection;
	struct lines rows = {0};

	if (!can_run("down_is_base"))
		return;
	conninfo = server_database("fitsdata");
	connection = sql_connect(conninfo);
	dbmate("migrate");
	rows_fill(connection);
	rows_read(connection, &rows);
	for (int version = LAST; version > 0; version--)
		dbmate("rollback");
	sql_expect(connection, "SELECT string_agg(version, ',') FROM schema_migrations", "000");
	forget_dbmate(connection);
	rows_expect(connection, &rows, NULL);
	facts_expect_base(connection, LAST);
	lines_clear(&rows);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
dbmate_suite(void)
{
	Suite	   *suite = suite_create("dbmate");
	TCase	   *tcase = tcase_create("dbmate");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, up_is_latest);
	tcase_add_test(tcase, down_is_base);
	suite_add_tcase(suite, tcase);
	return suite;
}
