/*
 * What is lost in a step was counted before the first one, when somebody was asked. It is looked at again when the step
 * begins. The histories are tests/histories/losses and tests/histories/consent.
 */
#include <check.h>
#include <stdbool.h>

#include "base/mem.h"
#include "e2e/safety/consent.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/terminal.h"
#include "support/tool.h"

#include "base/banned.h"

#define FORCE(table) \
	"ALTER TABLE " table " ENABLE ROW LEVEL SECURITY; ALTER TABLE " table " FORCE ROW LEVEL SECURITY;" \
	" CREATE POLICY nobody ON " table " USING (false) WITH CHECK (true)"

/* Downgrades, and what another session does when the first of the steps, to version 3, is being run. */
static const struct {
	const char *before;
	const char *listed;			/* NULL: no question */
	const char *target;
	const char *meanwhile;
	const char *refused;		/* NULL: it is not */
	const char *kept;
	bool		superuser;
}			losses[] = {
	/*
	 * What was looked at has another name when it is dropped, and what has its name now is empty: by another session,
	 * or as the record says what the down does not do.
	 */
	{
		"DROP TABLE assembled; CREATE TABLE assembled (id integer) PARTITION BY RANGE (id);"
		" CREATE TABLE part PARTITION OF assembled FOR VALUES FROM (0) TO (100)", NULL, "2",
		"ALTER TABLE part RENAME TO old; CREATE TABLE part (id integer);"
		" INSERT INTO assembled SELECT generate_series(1, 50)",
		"table old is dropped: 50 rows", "SELECT count(*) = 50 FROM old", false
	},
	{
		"DROP TABLE assembled; CREATE TABLE assembled (id integer) PARTITION BY RANGE (id);"
		" CREATE TABLE part PARTITION OF assembled FOR VALUES FROM (0) TO (100)", NULL, "2",
		"ALTER TABLE part RENAME TO old; CREATE SEQUENCE part; INSERT INTO assembled SELECT generate_series(1, 50)",
		"table old is dropped: 50 rows", "SELECT count(*) = 50 FROM old", false
	},
	{
		"DROP TABLE assembled; CREATE TABLE assembled (id integer) PARTITION BY RANGE (id);"
		" CREATE TABLE part PARTITION OF assembled FOR VALUES FROM (0) TO (100); INSERT INTO assembled VALUES (1), (2)",
		"table part is dropped: 2 rows\r\n", "2",
		"ALTER TABLE part RENAME TO old; CREATE TABLE part (id integer);"
		" INSERT INTO assembled SELECT generate_series(3, 50)",
		"table old is dropped: 50 rows", "SELECT count(*) = 50 FROM old", false
	},
	{
		"", NULL, "1", "ALTER TABLE typed RENAME of_kind TO was; ALTER TABLE typed ADD of_kind text;"
		" INSERT INTO typed (was) VALUES ('a')",
		"column was of table typed is dropped: a value in 1 row", "SELECT count(was) = 1 FROM typed", false
	},
	{
		"UPDATE fitsdb_schema.migration SET checksum = 'of another build', drops = CASE version"
		" WHEN 3 THEN '[\"drops table child\", \"drops table made\", \"drops table renamed\"]'::json"
		" WHEN 4 THEN '[\"renames table assembled\\tto: child\"]' END", NULL, "2", "INSERT INTO assembled VALUES (1)",
		"table assembled is dropped: 1 row", "SELECT count(*) = 1 FROM assembled", false
	},
	/* The owner does not see the rows. */
	{
		FORCE("assembled"), NULL, "2", "INSERT INTO assembled VALUES (1)",
		"table assembled is dropped: about 81 rows (estimated)", "SELECT pg_relation_size('assembled') > 0", false
	},
	{
		FORCE("assembled"), NULL, "2", "INSERT INTO assembled VALUES (1)",
		"table assembled is dropped: about 81 rows (estimated)", "SELECT pg_relation_size('assembled') > 0", true
	},
	{
		FORCE("typed"), NULL, "1", "INSERT INTO typed VALUES (1, 'a')",
		"column of_kind of table typed is dropped: a value in about 81 rows (estimated)",
		"SELECT count(*) = 2 FROM pg_attribute WHERE attrelid = 'typed'::regclass AND attnum > 0", false
	},
	{
		FORCE("assembled") "; INSERT INTO assembled VALUES (1), (2)", "table assembled is dropped: 2 rows\r\n", "2",
		"INSERT INTO assembled VALUES (1)",
		"table assembled is dropped: about 81 rows (estimated)", "SELECT pg_relation_size('assembled') > 0", true
	},
	{FORCE("assembled"), NULL, "2", "SELECT 1", NULL, "SELECT to_regclass('assembled') IS NULL", false},
};

START_TEST(a_late_loss)
{
	struct process_options options = {0};
	struct terminal terminal;
	struct process process;
	PGconn	   *blocker;
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	tool_must(conninfo, ARGS("init"));
	tool_must(conninfo, ARGS("downgrade", "4"));
	sql_exec(connection, losses[_i].before);
	blocker = block_begin(conninfo, "TABLE kept");
	if (losses[_i].listed) {
		terminal_open(&terminal);
		options.terminal = terminal.path;
	}
	tool_start_with(&process, losses[_i].superuser ? superuser : conninfo,
					ARGS("downgrade", losses[_i].target, "--lock-timeout=30s"), &options);
	if (losses[_i].listed) {
		terminal_expect(&terminal, losses[_i].listed);
		terminal_expect(&terminal, "[y/N] ");
		terminal_type(&terminal, "y\n");
	}
	sql_await(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	sql_exec(connection, losses[_i].meanwhile);
	block_end(blocker);
	process_wait(&process);
	if (losses[_i].listed) {
		terminal_expect(&terminal, "would destroy data");
		terminal_expect(&terminal, losses[_i].refused);
		terminal_close(&terminal);
		tool_ended(&process, 2);
	} else {
		tool_wrote(&process, losses[_i].refused ? 2 : 0, "", losses[_i].refused);
		process_clear(&process);
	}
	sql_expect(connection, losses[_i].kept, "t");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

/* Two migrations delete the rows of a table, and the yes is to as many as it had. */
START_TEST(rows_come_between_two_migrations)
{
	int			version = consent_version("move_elsewhere.sql");
	char	   *target = mem_format("%d", version);
	struct terminal terminal;
	struct process process;
	PGconn	   *blocker;

	consent_begin(version - 2);
	blocker = block_begin(consent_conninfo, "LOCK TABLE more IN SHARE MODE");
	terminal_open(&terminal);
	tool_start_with(&process, consent_conninfo, ARGS("upgrade", target, "--lock-timeout=30s"),
					&(struct process_options) {.terminal = terminal.path});
	terminal_expect(&terminal, "rows of table lone are deleted: it has 20 rows");
	terminal_expect(&terminal, "[y/N] ");
	terminal_type(&terminal, "y\n");
	sql_await(consent_connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	sql_expect(consent_connection, "SELECT count(*) FROM lone", "0");
	if (_i == 1)
		sql_exec(consent_connection, "INSERT INTO lone SELECT i, 'late' FROM generate_series(1, 5) i");
	block_end(blocker);
	process_wait(&process);
	if (_i == 1) {
		terminal_expect(&terminal, "would destroy data");
		terminal_expect(&terminal, "rows of table lone are deleted: it has 5 rows");
		sql_expect(consent_connection, "SELECT count(*) FROM lone", "5");
	}
	tool_ended(&process, _i == 1 ? 2 : 0);
	terminal_close(&terminal);
	mem_free(target);
	consent_end();
}
END_TEST

Suite *
late_losses_suite(void)
{
	Suite	   *suite = suite_create("late_losses");
	TCase	   *tcase = tcase_create("losses");

	tcase_add_unchecked_fixture(tcase, build_losses, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, a_late_loss, 0, sizeof(losses) / sizeof(losses[0]));
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("consent");
	tcase_add_unchecked_fixture(tcase, consent_build, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, rows_come_between_two_migrations, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
