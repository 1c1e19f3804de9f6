/*
 * A transaction that destroys more than was listed is rolled back, whatever the statement, and even if the first check
 * found nothing. The executable consent-999 has no SCHEMA, and so does not know what its migrations drop.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/safety/consent.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/plant.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/terminal.h"
#include "support/tool.h"

#include "base/banned.h"

/* Deferred constraints are checked before the commit, with a message of their own. */
START_TEST(deferred_to_the_commit)
{
	int			version = consent_version("deferred_key.sql");
	char	   *target = mem_format("%d", version);

	consent_begin(version - 1);
	sql_exec(consent_connection, "DELETE FROM lone");
	tool_expect(consent_conninfo, ARGS("upgrade", target), 2, "", "failed when deferred constraints were"
				" checked\n23503");
	mem_free(target);
	consent_end();
}
END_TEST

/* Consent is for the listed data: migration 15 deletes from three tables, and the trigger from a fourth. */
START_TEST(yes_at_the_terminal)
{
	int			version = consent_version("delete_cascades.sql");
	char	   *target = mem_format("%d", version);
	struct terminal terminal;
	struct process process;

	for (int i = 0; i < 2; i++) {
		char	   *before;

		consent_begin(version - 1);
		if (i == 0)
			sql_exec(consent_connection, "CREATE TRIGGER more AFTER DELETE ON grandchild FOR EACH ROW"
					 " EXECUTE PROCEDURE purge_by_trigger()");
		before = sql_value(consent_connection, "SELECT all_rows()");
		terminal_open(&terminal);
		tool_start_with(&process, consent_conninfo, ARGS("upgrade", target),
						&(struct process_options) {.terminal = terminal.path});
		terminal_expect(&terminal, "rows of table t are deleted: it has 3 rows");
		terminal_expect(&terminal, "rows of table child may be deleted by ON DELETE CASCADE: it has 2 rows");
		terminal_expect(&terminal, "rows of table grandchild may be deleted by ON DELETE CASCADE: it has 1 row");
		terminal_expect(&terminal, "[y/N] ");
		terminal_type(&terminal, "y\n");
		process_wait(&process);
		if (i == 0) {
			terminal_expect(&terminal, "would destroy data");
			terminal_expect(&terminal, "rows of table lone are deleted: it has 20 rows");
			ck_assert_ptr_null(strstr(strstr(terminal.text, "would destroy data"), "table child"));
			sql_expect(consent_connection, "SELECT all_rows()", before);
		}
		tool_ended(&process, i == 0 ? 3 : 0);
		terminal_close(&terminal);
		mem_free(before);
		consent_end();
	}
	mem_free(target);
}
END_TEST

/* And no more rows than were listed. The last round has none. */
START_TEST(rows_come_before_the_yes)
{
	static const struct {
		const char *name;
		const char *listed;
		const char *late;
		const char *refused;
	}			cases[] = {
		{"delete_with.sql", "rows of table lone are deleted: it has 20 rows", "INSERT INTO lone VALUES (0, 'late')",
		"rows of table lone are deleted: it has 21 rows"},
		{"truncate.sql", "rows of table lone are deleted: it has 20 rows", "INSERT INTO lone VALUES (0, 'late')",
		"rows of table lone are deleted: it has 21 rows"},
		{"drop_table.sql", "table Odd name is dropped: 1 row", "INSERT INTO \"Odd name\" VALUES ('late')",
		"table Odd name is dropped: 2 rows"},
		{"drop_commented.sql", "column a of table t is dropped: a value in 3 rows", "INSERT INTO t VALUES (9, 'late')",
		"column a of table t is dropped: a value in 4 rows"},
		{"drop_commented.sql", "column a of table t is dropped: a value in 3 rows", "INSERT INTO t VALUES (9, NULL)",
		NULL},
		{"truncate.sql", "rows of table lone are deleted: it has 20 rows", "DELETE FROM lone WHERE id < 5", NULL},
	};
	int			version = consent_version(cases[_i].name);
	char	   *target = mem_format("%d", version);
	char	   *before;
	struct terminal terminal;
	struct process process;

	consent_begin(version - 1);
	terminal_open(&terminal);
	tool_start_with(&process, consent_conninfo, ARGS("upgrade", target),
					&(struct process_options) {.terminal = terminal.path});
	terminal_expect(&terminal, cases[_i].listed);
	terminal_expect(&terminal, "[y/N] ");
	sql_exec(consent_connection, cases[_i].late);
	before = sql_value(consent_connection, "SELECT all_rows()");
	terminal_type(&terminal, "y\n");
	process_wait(&process);
	if (cases[_i].refused) {
		terminal_expect(&terminal, "would destroy data");
		terminal_expect(&terminal, cases[_i].refused);
		sql_expect(consent_connection, "SELECT all_rows()", before);
	} else
		sql_expect(consent_connection, "SELECT version FROM migrate_version", target);
	tool_ended(&process, cases[_i].refused ? 3 : 0);
	terminal_close(&terminal);
	mem_free(before);
	mem_free(target);
	consent_end();
}
END_TEST

/* A table that another session has made after the upgrade began, and so after each look at what tables there are. */
START_TEST(a_table_comes_meanwhile)
{
	static const struct {
		const char *name;
		int			status;
		const char *refused;
	}			cases[] = {
		{"drop_late.sql", 3, "table late is dropped: 9 rows"},
		{"truncate_late.sql", 3, "rows of table late are deleted: it has 9 rows"},
		{"delete_late.sql", 3, "rows of table late are deleted: it has 9 rows"},
		{"drop_column_late.sql", 3, "column a of table late is dropped: a value in 9 rows"},
		{"single_drop_late.sql", 2, "table late is dropped: 9 rows"},
		{"single_drop_late_at_once.sql", 2, "table late is dropped: 9 rows"},
	};
	int			version = consent_version(cases[_i].name);
	char	   *target = mem_format("%d", version);
	struct process process;
	PGconn	   *blocker;

	consent_begin(version - 1);
	blocker = block_begin(consent_conninfo, "TABLE more");
	tool_start(&process, consent_conninfo, ARGS("upgrade", target, "--lock-timeout=30s"));
	sql_await(consent_connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	sql_exec(consent_connection, "CREATE TABLE late (id serial PRIMARY KEY, a text)");
	sql_exec(consent_connection, "INSERT INTO late (a) SELECT 'x' FROM generate_series(1, 9)");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, cases[_i].status, "", cases[_i].refused);
	process_clear(&process);
	sql_expect(consent_connection, "SELECT count(a) FROM late", "9");
	tool_expect(consent_conninfo, ARGS("upgrade", target, "--yes"), 0, "", "");
	mem_free(target);
	consent_end();
}
END_TEST

START_TEST(counters_are_off)
{
	int			version = consent_version("call_function.sql");
	char	   *target = mem_format("%d", version);
	char	   *before;

	consent_begin(version - 1);
	before = sql_value(consent_connection, "SELECT all_rows()");
	server_execute("postgres", "ALTER DATABASE fitsdata SET track_counts = off");
	tool_expect(consent_conninfo, ARGS("upgrade", target), 3, NULL, "error: track_counts is \"off\"\nNothing was"
				" changed\n"
				"as a superuser, run: ALTER DATABASE fitsdata RESET track_counts;\n--yes");
	sql_expect(consent_connection, "SELECT all_rows()", before);
	tool_must(consent_conninfo, ARGS("upgrade", target, "--yes", "--quiet"));
	mem_free(before);
	mem_free(target);
	consent_end();
}
END_TEST

/* For example by a function of a superuser. */
START_TEST(a_script_turns_counters_off)
{
	int			version = consent_version("call_function.sql");
	char	   *target = mem_format("%d", version);
	char	   *before;

	consent_begin(version - 1);
	build_run("consent-999");
	server_execute("fitsdata", "CREATE FUNCTION blind() RETURNS void LANGUAGE sql SECURITY DEFINER AS"
				   " 'SELECT set_config(''track_counts'', ''off'', false); DELETE FROM public.lone';"
				   " CREATE OR REPLACE FUNCTION purge() RETURNS void LANGUAGE sql AS 'SELECT blind()'");
	before = sql_value(consent_connection, "SELECT all_rows()");
	tool_expect(consent_conninfo, ARGS("upgrade", target), 3, "", "turns track_counts off\n--yes");
	sql_expect(consent_connection, "SELECT all_rows()", before);
	mem_free(before);
	mem_free(target);
	consent_end();
}
END_TEST

/* It is on again when the function is left. */
START_TEST(a_function_turns_counters_off)
{
	int			version = consent_version("call_function.sql");
	char	   *target = mem_format("%d", version);
	char	   *before;

	consent_begin(version - 1);
	build_run("consent-999");
	server_execute("fitsdata", "CREATE FUNCTION blind() RETURNS void LANGUAGE sql SECURITY DEFINER"
				   " SET track_counts = off AS 'DELETE FROM public.lone';"
				   " CREATE OR REPLACE FUNCTION purge() RETURNS void LANGUAGE sql AS 'SELECT blind()'");
	before = sql_value(consent_connection, "SELECT all_rows()");
	tool_expect(consent_conninfo, ARGS("upgrade", target), 3, "", "may run function public.blind(), which sets"
				" track_counts: data loss\n--yes");
	sql_expect(consent_connection, "SELECT all_rows()", before);
	tool_must(consent_conninfo, ARGS("upgrade", target, "--yes"));
	mem_free(before);
	mem_free(target);
	consent_end();
}
END_TEST

/* A script is not checked when it is run. */
START_TEST(a_script_says_so)
{
	static const char *const names[] = {"drop_commented.sql", "call_function.sql", "test_for_rows.sql", "only_said.sql"};
	static const char *const warnings[] = {
		"warning: migration 5 \"drop_commented\" may destroy data; the script does not ask for consent",
		"warning: migration 10 \"call_function\" may destroy data; the script does not ask for consent",
		"warning: migration 18 \"test_for_rows\" may destroy data; the script does not ask for consent", NULL
	};

	for (int i = 0; i < 4; i++) {
		int			version = consent_version(names[i]);
		char	   *target = mem_format("%d", version);

		consent_begin(version - 1);
		tool_expect(consent_conninfo, ARGS("upgrade", target, "--sql"), 0, "It does not check for lost data",
					warnings[i]);
		mem_free(target);
		consent_end();
	}
}
END_TEST

/* Statements before the refused one stay done, and --yes goes on from there. */
START_TEST(refused_in_the_middle)
{
	int			version = consent_version("single_function.sql");
	char	   *target = mem_format("%d", version);

	consent_begin(version - 1);
	build_run("consent-999");
	tool_expect(consent_conninfo, ARGS("upgrade", target), 2, "", "rows of table lone are deleted: it has 20 rows\n"
				"1 of its 2 statements is committed\nThe next upgrade resumes there");
	sql_expect(consent_connection, "SELECT obj_description('lone'::regclass)", "purged");
	tool_expect(consent_conninfo, ARGS("log"), 0, "it would destroy data", NULL);
	tool_expect(consent_conninfo, ARGS("upgrade", target, "--yes"), 0, "", "resumes after statement 1 of 2");
	mem_free(target);
	consent_end();
}
END_TEST

/* No query on a table of an untrusted owner is planned; its rows are estimated. */
START_TEST(tables_of_others)
{
	int			version = consent_version("drop_commented.sql");
	char	   *target = mem_format("%d", version);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	consent_begin(version - 1);
	plant_trap("fitsdata");
	server_execute("fitsdata", "SET search_path = pg_catalog; SET ROLE evil;"
				   " CREATE FUNCTION evil.is(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
				   " 'BEGIN RETURN evil.note(''an index''); END';"
				   " CREATE TABLE public.\"table\" (a integer); INSERT INTO public.\"table\" VALUES (1);"
				   " CREATE INDEX ON public.\"table\" (a) WHERE evil.is(1)");
	server_execute("fitsdata", "REVOKE CREATE ON SCHEMA public FROM evil");
	plant_forget("fitsdata");
	tool_expect(superuser, ARGS("upgrade", target), 3, NULL, "column a of table t is dropped: a value in 3 rows");
	plant_expect_none("fitsdata");
	server_execute("fitsdata", "SET search_path = pg_catalog; SELECT count(*) FROM public.\"table\" WHERE a = 1");
	sql_exec(consent_connection, "SELECT 1 / count(*) FROM evil.caught");
	mem_free(superuser);
	mem_free(target);
	consent_end();
}
END_TEST

/*
 * A table that was empty in the first try may have rows in the second: another session has waited for its lock
 * meanwhile, and commits its rows before the second try gets the lock.
 */
START_TEST(rows_come_between)
{
	int			version = consent_version("drop_empty.sql");
	char	   *target = mem_format("%d", version);
	struct process process;
	PGconn	   *blocker;
	PGconn	   *writer;

	consent_begin(version - 1);
	build_run("consent-999");
	blocker = block_begin(consent_conninfo, "TABLE more");
	tool_start(&process, consent_conninfo, ARGS("upgrade", target, "--lock-timeout=30s"));
	sql_await(consent_connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	writer = sql_connect(consent_conninfo);
	ck_assert_int_eq(PQsendQuery(writer, "BEGIN; INSERT INTO empty VALUES (1, 'x'); SELECT pg_sleep(2); COMMIT"), 1);
	sql_await(consent_connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "2");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 3, "", "would destroy data\ntable empty is dropped: 1 row");
	process_clear(&process);
	for (PGresult *result; (result = PQgetResult(writer)) != NULL;)
		PQclear(result);
	PQfinish(writer);
	sql_expect(consent_connection, "SELECT count(*) FROM empty", "1");
	mem_free(target);
	consent_end();
}
END_TEST

Suite *
loss_guard_suite(void)
{
	Suite	   *suite = suite_create("loss_guard");
	TCase	   *tcase = tcase_create("loss_guard");

	tcase_add_unchecked_fixture(tcase, consent_build, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, deferred_to_the_commit);
	tcase_add_test(tcase, yes_at_the_terminal);
	tcase_add_loop_test(tcase, rows_come_before_the_yes, 0, 6);
	tcase_add_loop_test(tcase, a_table_comes_meanwhile, 0, 6);
	tcase_add_test(tcase, counters_are_off);
	tcase_add_test(tcase, a_script_turns_counters_off);
	tcase_add_test(tcase, a_function_turns_counters_off);
	tcase_add_test(tcase, a_script_says_so);
	tcase_add_test(tcase, refused_in_the_middle);
	tcase_add_test(tcase, tables_of_others);
	tcase_add_test(tcase, rows_come_between);
	suite_add_tcase(suite, tcase);
	return suite;
}
