/*
 * Output that cannot be written: stdout or stderr is closed, full, or a pipe whose reader has gone. It is reported as
 * an error, and no signal ends the program; changes of the database are complete.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static const struct {
	const char *arguments[3];
	const char *version;		/* the target version; NULL: it changes nothing */
	int			status;			/* when all is well */
	int			lost;			/* when the results are lost: 3, unless something may have been changed */
}			commands[] = {
	{{"--help"}, NULL, 0, 3},
	{{"upgrade", "--help"}, NULL, 0, 3},
	{{"--version"}, NULL, 0, 3},
	{{"version"}, NULL, 0, 3},
	{{"version", "--json"}, NULL, 0, 3},
	{{"show", "17"}, NULL, 0, 3},
	{{"show", "17", "--down"}, NULL, 0, 3},
	{{"show", "17", "--schema"}, NULL, 0, 3},
	{{"diagram", "17"}, NULL, 0, 3},
	{{"status"}, NULL, 1, 3},
	{{"status", "--short"}, NULL, 1, 3},
	{{"status", "--json"}, NULL, 1, 3},
	{{"list"}, NULL, 0, 3},
	{{"list", "--json"}, NULL, 0, 3},
	{{"log"}, NULL, 0, 3},
	{{"log", "--json"}, NULL, 0, 3},
	{{"upgrade", "--sql"}, NULL, 0, 3},
	{{"upgrade", "20"}, "20", 0, 2},
	{{"downgrade", "18"}, "18", 0, 2},
	{{"stamp", "19"}, "19", 0, 2},
	{{"stamp", "18"}, "18", 0, 2},
	{{"init"}, "39", 0, 2},
};

#define COMMANDS (int) (sizeof(commands) / sizeof(commands[0]))

static const struct {
	enum process_stream kind;
	const char *words;
}			ways[] = {
	{PROCESS_CLOSED, "Bad file descriptor"},
	{PROCESS_UNREAD, "Broken pipe"},
	{PROCESS_FULL, "No space left on device"},
};

#define WAYS (int) (sizeof(ways) / sizeof(ways[0]))

/* An init needs an empty database, others have one at version 18, or (NULL) take none. */
static char *
database_for(int command)
{
	const char *name = commands[command].arguments[0];

	if (strcmp(name, "version") == 0 || strcmp(name, "show") == 0 || strcmp(name, "diagram") == 0)
		return NULL;
	return strcmp(name, "init") == 0 ? server_database("empty")
		: server_conninfo(server_main(), "fitsdata", "fitsdata");
}

static void
run(struct process *process, int command, const struct process_options *options)
{
	const char *const *arguments = commands[command].arguments;
	char	   *conninfo = database_for(command);

	tool_run_with(process, NULL, conninfo, ARGS(arguments[0], arguments[1], arguments[2]), options);
	if (commands[command].version) {
		PGconn	   *connection = sql_connect(conninfo);

		sql_expect(connection, "SELECT version FROM migrate_version", commands[command].version);
		PQfinish(connection);
	}
	mem_free(conninfo);
}

static void
setup(void)
{
	mem_free(lineage_current("fitsdata", 18));
}

START_TEST(lost_results_are_an_error)
{
	for (int i = 0; i < COMMANDS; i++) {
		struct process process;

		run(&process, i, &(struct process_options) {.out = ways[_i].kind});
		tool_wrote(&process, commands[i].lost, NULL, commands[i].lost == 2
				   ? "error: could not write to standard output: \ndetail: The command succeeded"
				   : "error: could not write to standard output: ");
		ck_assert(commands[i].lost == 2 || !strstr(process.err, "succeeded"));
		/* stdio loses the reason of a write that fails because its buffer is full. */
		ck_assert_msg(strstr(process.err, ways[_i].words) || strstr(process.err, "an earlier write failed"), "%s",
					  process.err);
		process_clear(&process);
	}
}
END_TEST

/* A command without messages succeeds. No message may be sent to the server instead. */
START_TEST(lost_messages_change_nothing)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "fitsdata");
	const struct process_options options = {.err = ways[_i].kind};

	for (int i = 0; i < COMMANDS; i++) {
		struct process process;

		run(&process, i, &options);
		tool_wrote(&process, commands[i].status, "", NULL);
		ck_assert_str_ne(process.out, "");
		process_clear(&process);
	}
	for (int i = 0; i < 3; i++) {
		static const char *const failing[][3] = {{"upgrade", "17", "--verbose"}, {"downgrade", "99"},
		{"status", "--bogus"}};
		struct process process;

		tool_run_with(&process, NULL, conninfo, ARGS(failing[i][0], failing[i][1], failing[i][2]), &options);
		tool_wrote(&process, 3, NULL, NULL);
		process_clear(&process);
	}
	mem_free(conninfo);
}
END_TEST

/* With both lost, only the exit status is left. */
START_TEST(status_is_all_that_is_left)
{
	for (int i = 0; i < COMMANDS; i++) {
		struct process process;

		run(&process, i, &(struct process_options) {.out = ways[_i].kind,.err = ways[_i].kind});
		tool_ended(&process, commands[i].lost);
	}
}
END_TEST

Suite *
lost_output_suite(void)
{
	Suite	   *suite = suite_create("lost_output");
	TCase	   *tcase = tcase_create("streams");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, lost_results_are_an_error, 0, WAYS);
	tcase_add_loop_test(tcase, lost_messages_change_nothing, 0, WAYS);
	tcase_add_loop_test(tcase, status_is_all_that_is_left, 0, WAYS);
	suite_add_tcase(suite, tcase);
	return suite;
}
