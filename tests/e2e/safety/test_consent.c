/*
 * No data is lost unasked: each migration of tests/histories/consent says in its first line what it destroys, or that it
 * destroys nothing. The one must be refused until --yes is given, and name what it would destroy; the other must run.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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

#define FOLDER "tests/histories/consent"
#define VERSION "SELECT version FROM migrate_version"

enum {
	MOST_FORMS = 200
};

static struct form {
	int			version;
	int			server;			/* the oldest that it can be run on */
	bool		down;			/* it is the down that destroys */
	bool		keeps;
	char	   *loses;			/* texts with ", " between them; NULL: nothing */
}			forms[MOST_FORMS];
static int	form_count;

static char *conninfo;
static PGconn *connection;

static int
number_of(const char *text)
{
	return (int) strtol(text, NULL, 10);
}

/* What the first line says: "-- loses (11): table lone". This is before any test, so that none can fail here. */
static void
read_form(const char *name)
{
	char	   *path = mem_format(FOLDER "/%s", name);
	FILE	   *file = fopen(path, "r");
	char	   *line = NULL;
	size_t		room = 0;
	struct form form = {.version = number_of(name)};

	if (file && getline(&line, &room, file) > 0 && strstr(line, ": ")) {
		const char *says = strstr(line, ": ") + 2;
		const char *from = strchr(line, '(');

		if (from && from < says) {
			form.down = strncmp(from, "(down)", 6) == 0;
			form.server = number_of(from + 1);
		}
		form.keeps = strncmp(line, "-- keeps", 8) == 0;
		if (strncmp(line, "-- loses", 8) == 0)
			form.loses = mem_copy(says, strcspn(says, "\n"));
	}
	if (form_count < MOST_FORMS)
		forms[form_count++] = form;
	free(line);
	if (file)
		fclose(file);
	mem_free(path);
}

static void
read_forms(void)
{
	struct dirent **names;
	int			count = scandir(FOLDER, &names, NULL, alphasort);

	form_count = 0;
	for (int i = 0; i < count; i++) {
		if (strstr(names[i]->d_name, ".sql") && number_of(names[i]->d_name) > 0)
			read_form(names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static int
count_of(bool loses)
{
	int			count = 0;

	for (int i = 0; i < form_count; i++)
		count += (forms[i].loses != NULL) == loses;
	return count;
}

/* Number `n`, from 0, of those that destroy something, or that do not. */
static const struct form *
nth(int n, bool loses)
{
	int			i = 0;

	while ((forms[i].loses != NULL) != loses || n-- > 0)
		i++;
	return &forms[i];
}

START_TEST(forms_say_what_they_do)
{
	ck_assert_int_gt(form_count, 80);
	ck_assert_int_lt(form_count, MOST_FORMS);
	for (int i = 0; i < form_count; i++)
		ck_assert_msg(forms[i].version == i + 1 && forms[i].keeps != (forms[i].loses != NULL),
					  "migration %d does not say what it destroys", i + 1);
}
END_TEST

/* The migration of that name. */
static int
version_of(const char *name)
{
	struct dirent **names;
	int			count = scandir(FOLDER, &names, NULL, alphasort);
	int			version = -1;

	for (int i = 0; i < count; i++) {
		if (strlen(names[i]->d_name) > 4 && strcmp(names[i]->d_name + 4, name) == 0)
			version = number_of(names[i]->d_name);
		free(names[i]);
	}
	free(names);
	ck_assert_int_gt(version, 0);
	return version;
}

static void
may_create(bool may)
{
	server_execute("postgres", may ? "ALTER ROLE fitsdata CREATEDB" : "ALTER ROLE fitsdata NOCREATEDB");
}

static void
build(void)
{
	build_consent();
	conninfo = server_database("consent_base");
	mem_free(conninfo);
	conninfo = server_conninfo(server_main(), "fitsdata", "consent_base");
	connection = sql_connect(conninfo);
	sql_exec(connection, sql_section(FOLDER "/000_base.sql", "up"));
	PQfinish(connection);
	tool_must(conninfo, ARGS("stamp", "0"));
	mem_free(conninfo);
}

/* A database with the tables and rows of version 0, recorded to be at another one. */
static void
begin_at(int version)
{
	char	   *number = mem_format("%d", version);

	conninfo = server_copy("fitsdata", "consent_base");
	connection = sql_connect(conninfo);
	tool_must(conninfo, ARGS("stamp", number));
	mem_free(number);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
	may_create(false);
}

static void
expect_named(const struct process *process, const char *loses)
{
	for (const char *at = loses; *at;) {
		size_t		length = strcspn(at, ",");
		char	   *name = mem_copy(at, length);

		ck_assert_msg(strstr(process->err, name) != NULL, "it should have named %s:\n%s%s", name, process->out,
					  process->err);
		mem_free(name);
		at += length + (at[length] ? 2 : 0);
	}
}

static void
expect_refused(const char *const *arguments, const char *loses)
{
	char	   *before = sql_value(connection, "SELECT all_rows()");
	struct process process;

	tool_run(&process, conninfo, arguments);
	ck_assert_msg(process.status == 2 || process.status == 3, "it ended with %d:\n%s%s", process.status, process.out,
				  process.err);
	expect_named(&process, loses);
	ck_assert_msg(strstr(process.err, "--yes") != NULL, "it does not say that --yes allows it:\n%s", process.err);
	process_clear(&process);
	sql_expect(connection, "SELECT all_rows()", before);
	mem_free(before);
}

/* With a scratch database to try it in, and without. */
START_TEST(destroys)
{
	const struct form *form = nth(_i / 2, true);
	const char *command = form->down ? "downgrade" : "upgrade";
	char	   *target = mem_format("%d", form->down ? form->version - 1 : form->version);

	if (form->server <= server_version(server_main())) {
		char	   *before;
		char	   *after;

		begin_at(form->down ? form->version : form->version - 1);
		may_create(_i % 2 == 1);
		expect_refused(ARGS(command, target), form->loses);
		/* Nor the second time: what was begun stays so. */
		if (_i % 2 == 0)
			expect_refused(ARGS(command, target), form->loses);
		before = sql_value(connection, "SELECT all_rows()");
		tool_expect(conninfo, ARGS(command, target, "--yes"), 0, "", "");
		after = sql_value(connection, "SELECT all_rows()");
		ck_assert_msg(strcmp(before, after) != 0, "it destroys nothing");
		sql_expect(connection, VERSION, target);
		mem_free(after);
		mem_free(before);
		end();
	}
	mem_free(target);
}
END_TEST

START_TEST(destroys_nothing)
{
	const struct form *form = nth(_i / 2, false);
	char	   *target = mem_format("%d", form->version);

	if (form->server <= server_version(server_main())) {
		begin_at(form->version - 1);
		may_create(_i % 2 == 1);
		tool_must(conninfo, ARGS("upgrade", target));
		sql_expect(connection, VERSION, target);
		end();
	}
	mem_free(target);
}
END_TEST

/* A deferred constraint is not left to the commit, and says so. */
START_TEST(deferred_to_the_commit)
{
	int			version = version_of("deferred_key.sql");
	char	   *target = mem_format("%d", version);

	begin_at(version - 1);
	sql_exec(connection, "DELETE FROM lone");
	tool_expect(conninfo, ARGS("upgrade", target), 2, "", "failed when deferred constraints were checked\n23503");
	mem_free(target);
	end();
}
END_TEST

/* A yes is for what was listed: migration 15 deletes from three tables, and the trigger from a fourth. */
START_TEST(yes_at_the_terminal)
{
	int			version = version_of("delete_cascades.sql");
	char	   *target = mem_format("%d", version);
	struct terminal terminal;
	struct process process;

	for (int i = 0; i < 2; i++) {
		char	   *before;

		begin_at(version - 1);
		may_create(true);
		if (i == 0)
			sql_exec(connection, "CREATE TRIGGER more AFTER DELETE ON grandchild FOR EACH ROW"
					 " EXECUTE PROCEDURE purge_by_trigger()");
		before = sql_value(connection, "SELECT all_rows()");
		terminal_open(&terminal);
		tool_start_with(&process, conninfo, ARGS("upgrade", target),
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
			sql_expect(connection, "SELECT all_rows()", before);
		}
		tool_ended(&process, i == 0 ? 3 : 0);
		terminal_close(&terminal);
		mem_free(before);
		end();
	}
	mem_free(target);
}
END_TEST

/* And no more rows than were listed. */
START_TEST(rows_come_before_the_yes)
{
	int			version = version_of("delete_with.sql");
	char	   *target = mem_format("%d", version);
	struct terminal terminal;
	struct process process;

	begin_at(version - 1);
	may_create(true);
	terminal_open(&terminal);
	tool_start_with(&process, conninfo, ARGS("upgrade", target),
					&(struct process_options) {.terminal = terminal.path});
	terminal_expect(&terminal, "rows of table lone are deleted: it has 20 rows");
	terminal_expect(&terminal, "[y/N] ");
	sql_exec(connection, "INSERT INTO lone VALUES (0, 'late')");
	terminal_type(&terminal, "y\n");
	process_wait(&process);
	terminal_expect(&terminal, "would destroy data");
	terminal_expect(&terminal, "rows of table lone are deleted: it has 21 rows");
	tool_ended(&process, 2);
	terminal_close(&terminal);
	sql_expect(connection, "SELECT count(*) FROM lone", "21");
	mem_free(target);
	end();
}
END_TEST

/*
 * Transactions that have no statement of the migration's: the version change alone, what comes before the first
 * statement, and grants.sql before the first migration.
 */
START_TEST(without_statements)
{
	static const struct {
		const char *name;
		bool		up;
		const char *sql;
	}			cases[] = {
		{"drop_commented.sql", false, "CREATE TRIGGER purge AFTER UPDATE ON migrate_version FOR EACH ROW"
		" EXECUTE PROCEDURE purge_by_trigger()"},
		{"drop_commented.sql", false, "CREATE CONSTRAINT TRIGGER purge AFTER UPDATE ON migrate_version"
		" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE purge_by_trigger()"},
		{"single_vacuum.sql", true, "CREATE TRIGGER purge AFTER UPDATE ON migrate_version FOR EACH ROW"
		" EXECUTE PROCEDURE purge_by_trigger()"},
		{"only_said.sql", true, "CREATE FUNCTION purge_by_grants() RETURNS void LANGUAGE sql AS"
		" 'DELETE FROM public.lone'; GRANT TRIGGER ON t TO apache"},
	};
	int			version = version_of(cases[_i].name);
	const char *command = cases[_i].up ? "upgrade" : "downgrade";
	char	   *target = mem_format("%d", cases[_i].up ? version : version - 1);

	begin_at(cases[_i].up ? version - 1 : version);
	sql_exec(connection, cases[_i].sql);
	expect_refused(ARGS(command, target), "rows of table lone are deleted: it has 20 rows");
	tool_must(conninfo, ARGS(command, target, "--yes"));
	sql_expect(connection, "SELECT count(*) FROM lone", "0");
	mem_free(target);
	end();
}
END_TEST

START_TEST(counters_are_off)
{
	int			version = version_of("call_function.sql");
	char	   *target = mem_format("%d", version);
	char	   *before;

	begin_at(version - 1);
	before = sql_value(connection, "SELECT all_rows()");
	server_execute("postgres", "ALTER DATABASE fitsdata SET track_counts = off");
	tool_expect(conninfo, ARGS("upgrade", target), 3, NULL, "error: track_counts is \"off\"\nNothing was changed\n"
				"as a superuser, with: ALTER DATABASE fitsdata RESET track_counts;\n--yes");
	sql_expect(connection, "SELECT all_rows()", before);
	tool_expect(conninfo, ARGS("upgrade", target, "--yes"), 0, "", NULL);
	mem_free(before);
	mem_free(target);
	end();
}
END_TEST

/* By a function of a superuser's, say. */
START_TEST(a_script_turns_counters_off)
{
	int			version = version_of("call_function.sql");
	char	   *target = mem_format("%d", version);
	char	   *before;

	begin_at(version - 1);
	server_execute("fitsdata", "CREATE FUNCTION blind() RETURNS void LANGUAGE sql SECURITY DEFINER AS"
				   " 'SELECT set_config(''track_counts'', ''off'', false); DELETE FROM public.lone';"
				   " CREATE OR REPLACE FUNCTION purge() RETURNS void LANGUAGE sql AS 'SELECT blind()'");
	before = sql_value(connection, "SELECT all_rows()");
	tool_expect(conninfo, ARGS("upgrade", target), 3, "", "turns track_counts off\n--yes");
	sql_expect(connection, "SELECT all_rows()", before);
	mem_free(before);
	mem_free(target);
	end();
}
END_TEST

/* A script is not checked when it is run. */
START_TEST(a_script_says_so)
{
	static const char *const names[] = {"drop_commented.sql", "only_said.sql"};
	static const char *const warnings[] = {
		"warning: migration 5 \"drop_commented\" may destroy data, and the script does not ask", NULL
	};

	for (int i = 0; i < 2; i++) {
		int			version = version_of(names[i]);
		char	   *target = mem_format("%d", version);

		begin_at(version - 1);
		tool_expect(conninfo, ARGS("upgrade", target, "--sql"), 0, "Nothing checks before its commits", warnings[i]);
		mem_free(target);
		end();
	}
}
END_TEST

/* What was done before stays done, and --yes goes on from there. */
START_TEST(refused_in_the_middle)
{
	int			version = version_of("single_function.sql");
	char	   *target = mem_format("%d", version);

	begin_at(version - 1);
	tool_expect(conninfo, ARGS("upgrade", target), 2, "", "rows of table lone are deleted: it has 20 rows\n"
				"1 of its 2 statements are done and stay so\nthe next upgrade goes on from there");
	sql_expect(connection, "SELECT obj_description('lone'::regclass)", "purged");
	tool_expect(conninfo, ARGS("log"), 0, "it would destroy data", NULL);
	tool_expect(conninfo, ARGS("upgrade", target, "--yes"), 0, "", "goes on behind statement 1 of 2");
	mem_free(target);
	end();
}
END_TEST

/* A table of somebody else's is not even planned over; what it has is estimated. */
START_TEST(tables_of_others)
{
	int			version = version_of("drop_commented.sql");
	char	   *target = mem_format("%d", version);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	begin_at(version - 1);
	plant_trap("fitsdata");
	server_execute("fitsdata", "SET search_path = pg_catalog; SET ROLE evil;"
				   " CREATE FUNCTION evil.is(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
				   " 'BEGIN RETURN evil.note(''an index''); END';"
				   " CREATE TABLE public.\"table\" (a integer); INSERT INTO public.\"table\" VALUES (1);"
				   " CREATE INDEX ON public.\"table\" (a) WHERE evil.is(1)");
	plant_forget("fitsdata");
	tool_expect(superuser, ARGS("upgrade", target), 3, NULL, "column a of table t is dropped: a value in 3 rows");
	plant_expect_none("fitsdata");
	server_execute("fitsdata", "SET search_path = pg_catalog; SELECT count(*) FROM public.\"table\" WHERE a = 1");
	sql_exec(connection, "SELECT 1 / count(*) FROM evil.caught");
	mem_free(superuser);
	mem_free(target);
	end();
}
END_TEST

/*
 * What the first try has found to be empty may not be so for the second: another session has waited for the table's lock
 * in between, and commits its rows before the second try has it.
 */
START_TEST(rows_come_between)
{
	int			version = version_of("drop_empty.sql");
	char	   *target = mem_format("%d", version);
	struct process process;
	PGconn	   *blocker;
	PGconn	   *writer;

	begin_at(version - 1);
	blocker = block_begin(conninfo, "TABLE more");
	tool_start(&process, conninfo, ARGS("upgrade", target, "--lock-timeout=30s"));
	sql_await(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	writer = sql_connect(conninfo);
	ck_assert_int_eq(PQsendQuery(writer, "BEGIN; INSERT INTO empty VALUES (1, 'x'); SELECT pg_sleep(2); COMMIT"), 1);
	sql_await(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", "2");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 3, "", "would destroy data\ntable empty is dropped: 1 row");
	process_clear(&process);
	for (PGresult *result; (result = PQgetResult(writer)) != NULL;)
		PQclear(result);
	PQfinish(writer);
	sql_expect(connection, "SELECT count(*) FROM empty", "1");
	mem_free(target);
	end();
}
END_TEST

/* A materialized view is not made, nor a trigger, which another role may have put there. */
START_TEST(rehearsal_runs_little)
{
	int			version = version_of("truncate.sql");
	char	   *target = mem_format("%d", version);

	begin_at(version - 1);
	may_create(true);
	sql_exec(connection, "CREATE FUNCTION wait() RETURNS boolean LANGUAGE plpgsql AS"
			 " 'BEGIN IF current_database() <> ''fitsdata'' THEN PERFORM pg_sleep(600); END IF; RETURN true; END';"
			 " CREATE MATERIALIZED VIEW slow AS SELECT wait();"
			 " CREATE FUNCTION wait_long() RETURNS trigger LANGUAGE plpgsql AS"
			 " 'BEGIN PERFORM public.wait(); RETURN NULL; END';"
			 " CREATE TRIGGER wait BEFORE TRUNCATE ON lone FOR EACH STATEMENT EXECUTE PROCEDURE wait_long()");
	tool_expect(conninfo, ARGS("upgrade", target), 3, NULL, "rows of table lone are deleted: it has 20 rows");
	mem_free(target);
	end();
}
END_TEST

/* What goes on for ten minutes is not waited for; then the check before COMMIT has to do. */
START_TEST(rehearsal_takes_too_long)
{
	int			version = version_of("call_function.sql");
	char	   *target = mem_format("%d", version_of("truncate.sql"));

	begin_at(version - 1);
	may_create(true);
	sql_exec(connection, "CREATE OR REPLACE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS 'BEGIN"
			 " IF current_database() <> ''fitsdata'' THEN PERFORM pg_sleep(600); END IF; DELETE FROM lone; END'");
	tool_expect(conninfo, ARGS("upgrade", target), 3, "", "rows of table lone are deleted: it has 20 rows");
	sql_expect(connection, "SELECT count(*) FROM pg_database WHERE datname LIKE 'fitsdb_schema_shadow%'", "0");
	sql_expect(connection, "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'fitsdb_schema_shadow%'", "0");
	mem_free(target);
	end();
}
END_TEST

Suite *
consent_suite(void)
{
	Suite	   *suite = suite_create("consent");
	TCase	   *tcase = tcase_create("consent");

	read_forms();
	tcase_add_unchecked_fixture(tcase, build, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, forms_say_what_they_do);
	tcase_add_loop_test(tcase, destroys, 0, 2 * count_of(true));
	tcase_add_loop_test(tcase, destroys_nothing, 0, 2 * count_of(false));
	tcase_add_test(tcase, deferred_to_the_commit);
	tcase_add_test(tcase, yes_at_the_terminal);
	tcase_add_test(tcase, rows_come_before_the_yes);
	tcase_add_loop_test(tcase, without_statements, 0, 4);
	tcase_add_test(tcase, counters_are_off);
	tcase_add_test(tcase, a_script_turns_counters_off);
	tcase_add_test(tcase, a_script_says_so);
	tcase_add_test(tcase, refused_in_the_middle);
	tcase_add_test(tcase, tables_of_others);
	tcase_add_test(tcase, rows_come_between);
	tcase_add_test(tcase, rehearsal_runs_little);
	tcase_add_test(tcase, rehearsal_takes_too_long);
	suite_add_tcase(suite, tcase);
	return suite;
}
