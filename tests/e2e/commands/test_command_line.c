/*
 * The command line: valid and invalid arguments, how the database is found, and that output which cannot be written is
 * an error.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/tool.h"

#include "base/banned.h"

static const struct {
	const char *arguments[4];
	const char *says;
}			mistakes[] = {
	{{"frobnicate"}, "frobnicate"},
	{{"--frobnicate", "status"}, "frobnicate"},
	{{"status", "--frobnicate"}, "frobnicate"},
	{{"downgrade"}, "downgrade"},
	{{"upgrade", "abc"}, "abc"},
	{{"upgrade", "-1"}, "-1"},
	{{"upgrade", "1.5"}, "1.5"},
	{{"upgrade", ""}, "\"\""},
	{{"upgrade", "99999999999999999999"}, "99999999999999999999"},
	{{"upgrade", "1", "2"}, "2"},
	{{"status", "--lock-timeout=1s"}, "lock-timeout"},
	{{"upgrade", "--lock-timeout=0"}, "lock-timeout"},
	{{"upgrade", "--lock-timeout=soon"}, "soon"},
	{{"upgrade", "--json"}, "json"},
	{{"status", "--dbname"}, "error: option --dbname needs a value"},
	{{"status", "-p"}, "error: option -p needs a value"},
	{{"status", "-xy"}, "unknown option: -x"},
	{{"status", "--json", "-\303\251"}, "unknown option: -\\xc3"},
	{{"status", "--json=yes"}, "error: option --json takes no value"},
};

START_TEST(usage_is_checked)
{
	struct process process;

	tool_run(&process, NULL, mistakes[_i].arguments);
	tool_wrote(&process, 3, NULL, "fitsdb-schema: error: ");
	tool_wrote(&process, 3, NULL, mistakes[_i].says);
	process_clear(&process);
}
END_TEST

START_TEST(suggestions_for_misspelt_words)
{
	tool_expect(NULL, ARGS("upgarde"), 3, NULL, "unknown command \"upgarde\"\n"
				"hint: Did you mean \"fitsdb-schema upgrade\"?");
	tool_expect(NULL, ARGS("help", "pln"), 3, NULL, "unknown command \"pln\"\nDid you mean \"fitsdb-schema plan\"?");
	tool_expect(NULL, ARGS("upgrade", "--lock-tiemout=5"), 3, NULL,
				"unknown option: --lock-tiemout\nhint: Did you mean --lock-timeout?");
	tool_expect(NULL, ARGS("frobnicate"), 3, NULL, "hint: Try \"fitsdb-schema --help\".");
	tool_expect(NULL, ARGS("status", "--frobnicate"), 3, NULL, "hint: Try \"fitsdb-schema --help\".");
}
END_TEST

/* "help COMMAND" is "COMMAND --help". */
START_TEST(help_of_a_command)
{
	struct process one;
	struct process other;

	tool_run(&one, NULL, ARGS("help", "upgrade"));
	tool_run(&other, NULL, ARGS("upgrade", "--help"));
	ck_assert_str_eq(one.out, other.out);
	tool_wrote(&one, 0, "upgrade [VERSION]\n--lock-timeout", NULL);
	process_clear(&one);
	process_clear(&other);
	tool_expect(NULL, ARGS("help"), 0, "Usage:\nupgrade", NULL);
	tool_expect(NULL, ARGS("help", "upgrade", "plan"), 3, NULL, "takes no argument \"plan\"");
}
END_TEST

START_TEST(help_is_there)
{
	tool_expect(NULL, ARGS("--help"), 0, "Usage:\nupgrade\n--dbname\nstatus", NULL);
	tool_expect(NULL, ARGS("upgrade", "--help"), 0, "--lock-timeout\n--sql", NULL);
	tool_expect(NULL, ARGS("upgrade", "--help"), 0, "--yes                  allow data loss without asking\n", NULL);
	tool_expect(NULL, ARGS("downgrade", "--help"), 0, "--yes                  allow data loss without asking\n", NULL);
	tool_expect(NULL, ARGS("stamp", "--help"), 0, "--yes                  delete records of versions not in this build",
				NULL);
	tool_expect(NULL, ARGS("-?"), 0, "Usage:\nupgrade", NULL);
	tool_expect(NULL, ARGS("--no-color", "--help"), 0, "Usage:\nupgrade", NULL);
	tool_expect(NULL, (const char *const[]) {NULL}, 3, NULL, "error: ");
}
END_TEST

/* On a terminal of 80 columns no line is broken. */
START_TEST(help_is_narrow)
{
	static const char *const commands[] = {NULL, "status", "upgrade", "plan", "verify", "show", "version"};
	struct process process;
	int			lines = 0;

	tool_run(&process, NULL, ARGS("help", commands[_i]));
	for (const char *at = process.out; *at; lines++) {
		size_t		length = strcspn(at, "\n");

		ck_assert_msg(length <= 80, "too long: %.*s", (int) length, at);
		at += length + 1;
	}
	ck_assert_int_gt(lines, 10);
	if (!commands[_i])
		tool_wrote(&process, 0,
				   "Exit status:\n  0  success\n  1  status: migrations are pending; verify: the schema is different\n"
				   "  2  begun and not finished\n  3  nothing was changed", NULL);
	process_clear(&process);
}
END_TEST

START_TEST(connects_as_psql_does)
{
	char	   *conninfo = lineage_current("fitsdata", 33);
	const char *folder = server_main()->directory;
	char	   *host = mem_format("PGHOST=%s", folder);
	char	   *uri = mem_format("postgresql://apache@/fitsdata?host=%s", folder);
	const char *const environment[] = {host, "PGUSER=fitsdata", NULL};
	const struct process_options options = {.environment = environment};
	struct process process;

	tool_expect(NULL, ARGS("-h", folder, "-p", "5432", "-U", "apache", "-d", "fitsdata", "-w", "status"), 1, "33",
				NULL);
	tool_expect(NULL, ARGS("status", "-h", folder, "-U", "apache", "--dbname=fitsdata"), 1, "33", NULL);
	tool_expect(NULL, ARGS("status", uri), 1, "33", NULL);
	tool_expect(uri, ARGS("status"), 1, "33", NULL);
	/* The default database is the archive's. */
	tool_run_with(&process, NULL, NULL, ARGS("status"), &options);
	tool_wrote(&process, 1, "33", NULL);
	process_clear(&process);
	mem_free(uri);
	mem_free(host);
	mem_free(conninfo);
}
END_TEST

START_TEST(no_connection)
{
	tool_expect("host=/nonexistent user=nobody", ARGS("status"), 3, "", "/nonexistent");
	tool_expect("host=/nonexistent user=nobody", ARGS("upgrade"), 3, NULL, "error: \n/nonexistent");
	tool_expect("host=/nonexistent user=nobody", ARGS("status", "--wait=1"), 3, "", "/nonexistent");
	tool_expect("host=/nonexistent user=nobody", ARGS("status", "--short"), 3, "UNKNOWN - \n/nonexistent", "");
	tool_expect("host=/nonexistent user=nobody", ARGS("status", "--json"), 3, "\"unknown\"\n\"latest\": 39\n"
				"/nonexistent", "");
	tool_expect("host=/not\344 user=nobody", ARGS("status", "--json"), 3, "\"unknown\"\n/not\\\\xe4/", "/not\\xe4/");
	tool_expect("host=/nonexistent user=nobody", ARGS("log"), 3, NULL, "/nonexistent");
	tool_expect("host=/nonexistent user=nobody", ARGS("list"), 3, NULL, "/nonexistent");
	tool_expect(NULL, ARGS("status", "-h", "postgresql://u:secret@h/d"), 3, "", "URI is in the wrong place");
	tool_expect("no such setting=1", ARGS("status"), 3, "", "error: ");
}
END_TEST

START_TEST(version_is_printed)
{
	json_t	   *json = json_run(NULL, "version", 0);
	const char *checksum;

	tool_expect(NULL, ARGS("version"), 0, "39", NULL);
	tool_expect(NULL, ARGS("--version"), 0, "fitsdb-schema", NULL);
	json_expect_integer(json, "latest", 39);
	checksum = json_string_value(json_object_get(json, "history"));
	ck_assert_ptr_nonnull(checksum);
	ck_assert_uint_eq(strspn(checksum, "0123456789abcdef"), 64);
	json_decref(json);
}
END_TEST

START_TEST(show_prints_the_schema)
{
	struct process process;

	tool_run(&process, NULL, ARGS("show", "17", "--schema"));
	tool_wrote(&process, 0,
			   "-- 017_add_datafile_timestamp.sql, schema\n\n+ column diskfile.datafile_timestamp  timestamp"
			   " with time zone  after: mdready\n+ index ", NULL);
	ck_assert_ptr_null(strchr(process.out, '\t'));
	ck_assert_ptr_null(strstr(process.out, "version"));
	process_clear(&process);
	tool_expect(NULL, ARGS("show", "33", "--schema"), 0, "\n+ label caltype.bpm  after: ", NULL);
	tool_expect(NULL, ARGS("show", "--schema"), 3, NULL, "error: command \"show\" needs a version");
	tool_expect(NULL, ARGS("show", "40", "--schema"), 3, NULL, "error: there is no version 40");
	tool_expect(NULL, ARGS("show", "17", "--schema", "--down"), 3, NULL,
				"error: --down and --schema cannot be combined");
	build_run("steps");
	tool_expect(NULL, ARGS("show", "0", "--schema"), 3, NULL, "error: this build does not have the schemas of its"
				" versions\nhint: In the source tree, run \"make schema\"");
	build_end();
}
END_TEST

START_TEST(show_prints_the_sql)
{
	tool_expect(NULL, ARGS("show", "17"), 0, "ADD COLUMN IF NOT EXISTS datafile_timestamp timestamptz", NULL);
	tool_expect(NULL, ARGS("show", "17", "--down"), 0, "DROP COLUMN IF EXISTS datafile_timestamp", NULL);
	tool_expect(NULL, ARGS("show"), 3, NULL, "error: ");
	tool_expect(NULL, ARGS("show", "40"), 3, NULL, "error: there is no version 40");
}
END_TEST

Suite *
command_line_suite(void)
{
	Suite	   *suite = suite_create("command_line");
	TCase	   *tcase = tcase_create("usage");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, usage_is_checked, 0, sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(tcase, suggestions_for_misspelt_words);
	tcase_add_test(tcase, help_of_a_command);
	tcase_add_test(tcase, help_is_there);
	tcase_add_loop_test(tcase, help_is_narrow, 0, 7);
	tcase_add_test(tcase, connects_as_psql_does);
	tcase_add_test(tcase, no_connection);
	tcase_add_test(tcase, version_is_printed);
	tcase_add_test(tcase, show_prints_the_sql);
	tcase_add_test(tcase, show_prints_the_schema);
	suite_add_tcase(suite, tcase);
	return suite;
}
