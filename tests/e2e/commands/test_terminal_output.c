/*
 * Output on a terminal is no wider than the terminal, and coloured. Elsewhere nothing is cut or coloured.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/terminal.h"
#include "support/tool.h"

#include "base/banned.h"

#define ESCAPE "\033["
#define LONG_NAME "add_publication_and_programpublication"

static char *conninfo;
static struct terminal terminal;

static void
set_up(void)
{
	conninfo = lineage_current("fitsdata", 33);
	terminal_open(&terminal);
}

static void
tear_down(void)
{
	terminal_close(&terminal);
	mem_free(conninfo);
}

/* Run a command on a terminal of so many columns, and wait for so many lines. */
static void
show(const char *const *arguments, int columns, int lines, const char *setting)
{
	const char *const environment[] = {"TERM=xterm", setting, NULL};
	const struct process_options options = {.environment = environment,.output = terminal.path};
	struct process process;

	terminal_resize(&terminal, columns);
	tool_start_with(&process, conninfo, arguments, &options);
	terminal_expect_lines(&terminal, lines);
	process_wait(&process);
	tool_wrote(&process, 0, NULL, NULL);
	process_clear(&process);
}

/* The width of the widest line, without its colours; all is ASCII. */
static int
widest_line(void)
{
	int			widest = 0;
	int			columns = 0;

	for (const char *c = terminal.text; *c; c++) {
		if (strncmp(c, ESCAPE, strlen(ESCAPE)) == 0) {
			c += strcspn(c, "m");
			continue;
		}
		columns = *c == '\n' ? 0 : columns + (*c != '\r');
		widest = columns > widest ? columns : widest;
	}
	return widest;
}

static const struct {
	const char *command;
	int			columns;
	const char *shows;
	const char *hides;
}			widths[] = {
	{"list", 140, LONG_NAME "  applied  20", "..."},
	{"list", 80, "add_publication_and_progra...  applied  20", LONG_NAME},
	{"list", 60, "add_publication...  applied  20", LONG_NAME},
	{"list", 48, "...  applied\r\n", "applied at"},
	{"log", 140, "0.2.0\r\n", "..."},
	{"log", 80, "  fitsdata  ", "fitsd..."},
	{"log", 60, "->", "from host"},
};

/* The titles, and a line for each of 40 versions; in the log, for each migration that was run. */
START_TEST(a_row_is_a_line)
{
	int			lines = strcmp(widths[_i].command, "list") == 0 ? 41 : 34;

	set_up();
	show(ARGS(widths[_i].command), widths[_i].columns, lines, NULL);
	ck_assert_int_le(widest_line(), widths[_i].columns);
	ck_assert_msg(strstr(terminal.text, widths[_i].shows) != NULL, "no \"%s\" in:\n%s", widths[_i].shows,
				  terminal.text);
	ck_assert_msg(!strstr(terminal.text, widths[_i].hides), "\"%s\" in:\n%s", widths[_i].hides, terminal.text);
	tear_down();
}
END_TEST

START_TEST(a_plan_is_as_wide)
{
	set_up();
	/* As narrow as the longest name in it allows. */
	show(ARGS("plan", "37"), 64, 40, NULL);
	terminal_expect(&terminal, "No session would block the upgrade now.\r\n");
	ck_assert_int_le(widest_line(), 64);
	tear_down();
}
END_TEST

START_TEST(an_upgrade_is_as_wide)
{
	set_up();
	show(ARGS("upgrade"), 60, 8, NULL);
	ck_assert_int_le(widest_line(), 60);
	terminal_expect(&terminal, "   36  add_missing_nulls_last_index   ");
	tear_down();
}
END_TEST

/* Labels left by a downgrade, and a version that was set by hand. */
START_TEST(differences_and_notes_are_as_wide)
{
	set_up();
	tool_must(conninfo, ARGS("downgrade", "27", "--yes"));
	show(ARGS("verify"), 50, 2, NULL);
	ck_assert_int_le(widest_line(), 50);
	terminal_expect(&terminal, "note: label \"BPM\" belongs to a later version;\r\n    PostgreSQL cannot drop it\r\n");
	show(ARGS("identify"), 50, 60, NULL);
	ck_assert_int_le(widest_line(), 50);
	terminal_expect(&terminal, "matches version 27,\r\n  \"add_nulls_last_index\"\r\n"
					"the database is stamped with this version\r\n");
	tear_down();
}
END_TEST

START_TEST(status_is_as_wide)
{
	PGconn	   *connection;

	set_up();
	connection = sql_connect(conninfo);
	sql_exec(connection, "UPDATE migrate_version SET version = 39");
	show(ARGS("status"), 48, 4, NULL);
	ck_assert_int_le(widest_line(), 48);
	terminal_expect(&terminal, "39, the\r\n  latest of this build\r\n"
					"  note: the version was set by hand: the last\r\n");
	PQfinish(connection);
	tear_down();
}
END_TEST

static const struct {
	const char *arguments[3];
	const char *setting;
	bool		colored;
}			colors[] = {
	{{"list"}, NULL, true},
	{{"log"}, NULL, true},
	{{"list"}, "NO_COLOR=", true},
	{{"list"}, "NO_COLOR=1", false},
	{{"log"}, "NO_COLOR=1", false},
	{{"list", "--no-color"}, NULL, false},
	{{"list"}, "TERM=dumb", false},
};

START_TEST(colour_is_for_those_who_want_it)
{
	set_up();
	show(colors[_i].arguments, 80, 34, colors[_i].setting);
	if (colors[_i].colored) {
		ck_assert_ptr_nonnull(strstr(terminal.text, ESCAPE "01m"));
		if (strcmp(colors[_i].arguments[0], "list") == 0)
			terminal_expect(&terminal, ESCAPE "33m     39  ");
	} else
		ck_assert_ptr_null(strstr(terminal.text, ESCAPE));
	tear_down();
}
END_TEST

START_TEST(elsewhere_all_is_there)
{
	static const char *const commands[] = {"list", "log"};
	const char *const environment[] = {"TERM=xterm", "COLUMNS=20", NULL};
	struct process_options options = {.environment = environment};
	struct process process;

	set_up();
	terminal_resize(&terminal, 40);
	options.terminal = terminal.path;
	for (int i = 0; i < 2; i++) {
		tool_run_with(&process, NULL, conninfo, ARGS(commands[i]), &options);
		tool_wrote(&process, 0, i == 0 ? LONG_NAME "  applied  20" : "from host\nbuild\n 32 -> 33", NULL);
		ck_assert_ptr_null(strstr(process.out, "..."));
		ck_assert_ptr_null(strstr(process.out, ESCAPE));
		process_clear(&process);
	}
	tear_down();
}
END_TEST

Suite *
terminal_output_suite(void)
{
	Suite	   *suite = suite_create("terminal_output");
	TCase	   *tcase = tcase_create("terminal");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, a_row_is_a_line, 0, sizeof(widths) / sizeof(widths[0]));
	tcase_add_test(tcase, a_plan_is_as_wide);
	tcase_add_test(tcase, an_upgrade_is_as_wide);
	tcase_add_test(tcase, differences_and_notes_are_as_wide);
	tcase_add_test(tcase, status_is_as_wide);
	tcase_add_loop_test(tcase, colour_is_for_those_who_want_it, 0, sizeof(colors) / sizeof(colors[0]));
	tcase_add_test(tcase, elsewhere_all_is_there);
	suite_add_tcase(suite, tcase);
	return suite;
}
