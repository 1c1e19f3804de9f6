/*
 * Allocations fail: any one, or all from one on, in the program, libpq, jansson or the C library. The run succeeds or
 * ends with an error; no signal ends it, and a rerun succeeds.
 *
 * By default some of the allocations of each command are tested. THOROUGH=1 in the environment tests all of those of
 * reading commands, every seventh of an upgrade, and 400 of each command that builds a throwaway database.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/image.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define OUR_SESSIONS "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"

/* Differences that verify reports, with SQL. */
#define CHANGES \
	"ALTER TABLE ghost ADD COLUMN extra integer; DROP TABLE tapefile CASCADE; DROP INDEX ix_header_camera;" \
	" ALTER TABLE header ALTER COLUMN object TYPE varchar(7), ALTER COLUMN airmass SET NOT NULL"

enum {
	AT_THE_END = 2000			/* so many of a command's allocations make the result, or more */
};

static char *executable;		/* the one whose allocations fail */

static void
setup(void)
{
	char	   *usual = tool_path();
	char	   *conninfo;
	PGconn	   *connection;

	executable = mem_format("%s-oom", usual);
	mem_free(usual);
	ck_assert_msg(access(executable, X_OK) == 0, "there is no %s: make it", executable);
	conninfo = lineage_current("at18", 18);
	connection = sql_connect(conninfo);
	rows_fill(connection);
	PQfinish(connection);
	mem_free(conninfo);
	mem_free(lineage_current("fitsdata", LATEST));
}

/* For the commands that read the schema, too; "different" differs from its version. */
static void
setup_different(void)
{
	setup();
	mem_free(server_copy("different", "fitsdata"));
	server_execute("different", CHANGES);
}

/* Run it with an allocation that fails: "17" or "17+"; "0": none. */
static void
run_failing(struct process *process, const char *conninfo, const char *const *arguments, const char *which)
{
	char	   *variable = mem_format("FAIL_ALLOCATION=%s", which);
	const char *const environment[] = {variable, NULL};

	tool_run_with(process, executable, conninfo, arguments, &(struct process_options) {.environment = environment});
	mem_free(variable);
}

/* The number of its allocations; its exit status and output if all of them succeed. */
static unsigned long
count_allocations(const char *conninfo, const char *const *arguments, int status, char **out)
{
	struct process process;
	const char *told;
	unsigned long count;

	run_failing(&process, conninfo, arguments, "0");
	told = strstr(process.err, "allocations: ");
	ck_assert_msg(process.status == status && told, "%s ended with status %d\n%s%s", arguments[0], process.status,
				  process.out, process.err);
	count = strtoul(told + strlen("allocations: "), NULL, 10);
	*out = mem_string(process.out);
	process_clear(&process);
	return count;
}

/* The result is the usual one, or an error. `out` is the usual output; NULL: that differs each time. */
static void
expect_error_or_result(const struct process *process, const char *which, int status, const char *out)
{
	bool		failed = (process->status == 2 || process->status == 3) && strstr(process->err, "error: ");
	bool		unharmed = process->status == status && (!out || strcmp(process->out, out) == 0);

	ck_assert_msg(failed || unharmed, "without allocation %s it ended with status %d\n--- stdout:\n%s--- stderr:\n%s",
				  which, process->status, process->out, process->err);
}

static const struct {
	const char *arguments[4];
	unsigned long every;		/* only each so many-th, unless THOROUGH */
}			readers[] = {
	{{"version", "--json"}, 1},
	{{"diagram", "18", "37"}, 400},
	{{"status"}, 2},
	{{"status", "--json"}, 4},
	{{"list"}, 20},
	{{"list", "--json"}, 40},
	{{"log"}, 20},
	{{"log", "--json"}, 40},
};

static const char *const modes[] = {"", "+"};

START_TEST(reader_says_so)
{
	const char *const *arguments = readers[_i].arguments;
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "fitsdata");
	unsigned long step = getenv("THOROUGH") ? 1 : readers[_i].every;
	unsigned long tried = 0;
	unsigned long count;
	char	   *out;

	if (strcmp(arguments[0], "version") == 0 || strcmp(arguments[0], "diagram") == 0) {
		mem_free(conninfo);
		conninfo = NULL;
	}
	count = count_allocations(conninfo, arguments, 0, &out);
	for (size_t mode = 0; mode < 2; mode++)
		for (unsigned long n = 1; n <= count; n += step) {
			char	   *which = mem_format("%lu%s", n, modes[mode]);
			struct process process;

			run_failing(&process, conninfo, arguments, which);
			expect_error_or_result(&process, which, 0, out);
			process_clear(&process);
			mem_free(which);
			tried++;
		}
	if (getenv("THOROUGH"))
		printf("%s %s: %lu failing allocations of %lu held\n", arguments[0], arguments[1] ? arguments[1] : "", tried,
			   count);
	mem_free(out);
	mem_free(conninfo);
}
END_TEST

/* The commands that read the schema, and their exit status. */
static const struct {
	const char *database;
	const char *arguments[4];
	int			status;
}			comparers[] = {
	{"at18", {"plan"}, 0},
	{"at18", {"plan", "--json"}, 0},
	{"different", {"verify"}, 1},
	{"different", {"verify", "--json"}, 1},
	{"different", {"identify"}, 0},
	{"different", {"identify", "--json"}, 0},
};

static void
expect_no_trace(const char *conninfo, const char *database, char *image)
{
	PGconn	   *connection = sql_connect(conninfo);

	sql_await(connection, OUR_SESSIONS, "0");
	PQfinish(connection);
	image_expect(database, image);
}

START_TEST(comparer_leaves_nothing)
{
	const char *const *arguments = comparers[_i].arguments;
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", comparers[_i].database);
	char	   *image = image_take(comparers[_i].database);
	unsigned long tried = 0;
	char	   *out;
	unsigned long count = count_allocations(conninfo, arguments, comparers[_i].status, &out);
	unsigned long tries = getenv("THOROUGH") ? 200 : 1;

	for (size_t mode = 0; mode < 2; mode++)
		for (unsigned long n = 0; n < tries; n++) {
			/* Half of them anywhere, which is mostly in libpq; half at the end, where the result is made. */
			bool		anywhere = (n + mode + (unsigned long) _i) % 2 == 0 || count < AT_THE_END;
			unsigned long range = anywhere ? count : AT_THE_END;
			char	   *which = mem_format("%lu%s", count - (2 * n + 1) * range / (2 * tries), modes[mode]);
			struct process process;

			run_failing(&process, conninfo, arguments, which);
			expect_error_or_result(&process, which, comparers[_i].status, out);
			process_clear(&process);
			mem_free(which);
			tried++;
		}
	expect_no_trace(conninfo, comparers[_i].database, image);
	if (getenv("THOROUGH"))
		printf("%s %s: %lu failing allocations of %lu held\n", arguments[0], arguments[1] ? arguments[1] : "", tried,
			   count);
	mem_free(out);
	mem_free(conninfo);
}
END_TEST

/* After an upgrade without memory the status is correct, and a rerun succeeds. */
static void
expect_recovery(const char *conninfo, const struct lines *before)
{
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;

	sql_await(connection, OUR_SESSIONS, "0");
	tool_run(&process, conninfo, ARGS("status"));
	ck_assert_msg(process.status <= 2 && strstr(process.out, "database fitsdata2 "), "status %d: %s%s", process.status,
				  process.out, process.err);
	process_clear(&process);
	tool_expect(conninfo, ARGS("upgrade"), 0, "39", "");
	facts_expect_version(connection, "v037");
	rows_expect(connection, before, "exportqueue.sortkey");
	PQfinish(connection);
}

START_TEST(upgrade_is_finished)
{
	unsigned long tries = 5;
	char	   *conninfo;
	struct lines before = {0};
	PGconn	   *connection;
	unsigned long count;
	char	   *out;

	conninfo = server_copy("fitsdata2", "at18");
	connection = sql_connect(conninfo);
	rows_read(connection, &before);
	PQfinish(connection);
	count = count_allocations(conninfo, ARGS("upgrade"), 0, &out);
	mem_free(out);
	if (getenv("THOROUGH"))
		tries = count / 7;
	for (unsigned long n = 0; n < tries; n++) {
		char	   *which = mem_format("%lu%s", 1 + n * (count / tries), modes[_i]);
		struct process process;

		mem_free(conninfo);
		conninfo = server_copy("fitsdata2", "at18");
		run_failing(&process, conninfo, ARGS("upgrade"), which);
		expect_error_or_result(&process, which, 0, NULL);
		process_clear(&process);
		expect_recovery(conninfo, &before);
		mem_free(which);
	}
	if (getenv("THOROUGH"))
		printf("upgrade: %lu failing allocations of %lu held%s\n", tries, count,
			   _i > 0 ? ", with all behind them" : "");
	lines_clear(&before);
	mem_free(conninfo);
}
END_TEST

Suite *
out_of_memory_suite(void)
{
	Suite	   *suite = suite_create("out_of_memory");
	TCase	   *read = tcase_create("read");
	TCase	   *build = tcase_create("build");
	TCase	   *write = tcase_create("write");

	tcase_add_unchecked_fixture(read, setup, NULL);
	tcase_set_timeout(read, 3600);
	tcase_add_loop_test(read, reader_says_so, 0, sizeof(readers) / sizeof(readers[0]));
	suite_add_tcase(suite, read);
	tcase_add_unchecked_fixture(build, setup_different, NULL);
	tcase_set_timeout(build, 7200);
	tcase_add_loop_test(build, comparer_leaves_nothing, 0, sizeof(comparers) / sizeof(comparers[0]));
	suite_add_tcase(suite, build);
	tcase_add_unchecked_fixture(write, setup, NULL);
	tcase_set_timeout(write, 7200);
	tcase_add_loop_test(write, upgrade_is_finished, 0, 2);
	suite_add_tcase(suite, write);
	return suite;
}
