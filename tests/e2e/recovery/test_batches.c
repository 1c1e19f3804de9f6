/*
 * Batched statements: each row is changed once, in batches of limited size; progress is reported; unsuitable keys are
 * refused. test_interrupted_batches.c tests interruptions.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/counted.h"
#include "support/json.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/terminal.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"

static char *conninfo;
static PGconn *connection;

static void
begin(void)
{
	conninfo = counted_database();
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

START_TEST(each_row_is_done_once)
{
	begin();
	sql_exec(connection, "INSERT INTO large (id) SELECT i * 1000000000000 FROM generate_series(-500, 500) i;"
			 " INSERT INTO moment (at) SELECT '2020-10-25 00:00+00'::timestamptz + i / 25 * interval '1 minute'"
			 " FROM generate_series(0, 499) i; INSERT INTO moment (at) VALUES ('-infinity'), ('0044-03-15 BC')");
	/* A change of daylight saving time, another date style, and serializable transactions. */
	server_execute("fitsdata", "ALTER ROLE fitsdata SET datestyle = 'German';"
				   " ALTER ROLE fitsdata SET timezone = 'Europe/Berlin';"
				   " ALTER ROLE fitsdata SET default_transaction_isolation = 'serializable'");
	tool_expect(conninfo, ARGS("upgrade", "4"), 0, "count_large\ncount_moments\nat version 4", NULL);
	server_execute("fitsdata", "ALTER ROLE fitsdata RESET ALL");
	sql_expect(connection, COUNTED("counted"), "1:1000");
	sql_expect(connection, COUNTED("large"), "1:1001");
	sql_expect(connection, COUNTED("moment"), "1:502");
	sql_expect(connection, COUNTED("copied"), "1:250");
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.change WHERE position IS NOT NULL", "0");
	/* No batch had more rows than it should. */
	sql_expect(connection, "SELECT max(count) FROM (SELECT count(*) FROM counted GROUP BY xmin::text) r", "100");
	tool_expect(conninfo, ARGS("downgrade", "0"), 3, NULL, "destroys data\ntable copied may lose\nit has 250 rows");
	tool_expect(conninfo, ARGS("downgrade", "0", "--yes"), 0, "count (down)", NULL);
	sql_expect(connection, COUNTED("counted"), "0:1000");
	end();
}
END_TEST

START_TEST(nothing_to_go_through)
{
	conninfo = build_database(0);
	connection = sql_connect(conninfo);
	tool_must(conninfo, ARGS("upgrade", "5"));
	sql_expect(connection, VERSION, "5");
	end();
}
END_TEST

START_TEST(rows_that_come_in_meanwhile)
{
	struct process process;

	begin();
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--batch-pause=200ms"));
	sql_await(connection, COUNTED_RUNNING, "t");
	sql_exec(connection, "INSERT INTO counted (id) SELECT i FROM generate_series(1000001, 1000250) i");
	process_wait(&process);
	tool_wrote(&process, 0, "count", NULL);
	process_clear(&process);
	sql_expect(connection, COUNTED("counted"), "1:1250");
	end();
}
END_TEST

/* It ends even if another session never stops inserting, slower or faster than batches of 100 rows. */
static const char *const inserted[] = {"1", "150"};

START_TEST(an_end_is_found)
{
	char	   *sql = mem_format("CREATE FUNCTION add() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
								 " INSERT INTO counted (id) SELECT c.max + i FROM (SELECT max(id) FROM counted) c,"
								 " generate_series(1, %s) i; RETURN NULL; END$$;"
								 " CREATE TRIGGER add AFTER UPDATE ON counted EXECUTE PROCEDURE add()", inserted[_i]);

	begin();
	sql_exec(connection, sql);
	mem_free(sql);
	tool_must(conninfo, ARGS("upgrade", "1"));
	sql_expect(connection, "SELECT count(*) > 1000 FROM counted WHERE n = 1", "t");
	sql_expect(connection, "SELECT count(*) FROM counted WHERE n > 1", "0");
	end();
}
END_TEST

START_TEST(seen_from_another_session)
{
	struct process process;
	json_t	   *json;
	json_t	   *half_way;

	begin();
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--batch-pause=300ms"));
	sql_await(connection, COUNTED_RUNNING, "t");
	json = json_run(conninfo, "status", 1);
	half_way = json_object_get(json, "half_way");
	json_expect_string(json, "status", "behind");
	json_expect_integer(half_way, "version", 1);
	json_expect_integer(half_way, "statements_done", 0);
	json_expect_string(half_way, "position", NULL);
	ck_assert(json_is_true(json_object_get(half_way, "running")));
	/* The planner knows nothing of the table yet. */
	ck_assert(json_is_null(json_object_get(half_way, "percent")));
	ck_assert(json_is_null(json_object_get(half_way, "seconds_left")));
	json_decref(json);
	tool_expect(conninfo, ARGS("status"), 1, "is being run by PID\nis at statement 1; rows with keys below ", "");
	tool_expect(conninfo, ARGS("log"), 0, "running\nin statement 1, rows with keys below ", "");
	tool_expect(conninfo, ARGS("log", "--json"), 0, "\"position\": \"", "");
	process_wait(&process);
	tool_ended(&process, 0);
	end();
}
END_TEST

/* This number in status --json's half_way must be between these. */
static void
expect_progress(const char *key, double least, double most)
{
	json_t	   *json = json_run(conninfo, "status", 1);
	const json_t *value = json_object_get(json_object_get(json, "half_way"), key);
	double		number = json_number_value(value);

	ck_assert_msg(json_is_number(value) && number >= least && number <= most, "%s is %f", key, number);
	json_decref(json);
}

/* The last half of the rows is locked: it stays at 500 of 1000 until the lock is released. */
START_TEST(progress_and_remaining_time)
{
	struct process process;
	PGconn	   *blocker;

	begin();
	sql_exec(connection, "ANALYZE counted");
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=1min"));
	sql_await(connection, "SELECT count(*) FROM fitsdb_schema.change WHERE position = '7'", "1");
	expect_progress("percent", 48, 52);
	/* As long again as it has taken so far. */
	sql_exec(connection, "UPDATE fitsdb_schema.change SET started_at = clock_timestamp() - interval '30 min'"
			 " WHERE position = '7'");
	expect_progress("seconds_left", 1600, 2000);
	tool_expect(conninfo, ARGS("status"), 1, "rows with keys below 7 are done: about \n% done, about \n min left", "");
	tool_expect(conninfo, ARGS("log"), 0, "keys below 7 are done: about \n% done, about \n min left", "");
	tool_expect(conninfo, ARGS("log", "--json"), 0, "\"percent\": \n\"seconds_left\": 1", "");
	process_signal(&process, SIGINT);
	process_wait(&process);
	tool_ended(&process, 2);
	block_end(blocker);

	/* No run is active: the progress is known, the remaining time is not. */
	tool_expect(conninfo, ARGS("status"), 2, "stopped in statement 1; rows with keys below 7 are done: about \n% done\n",
				"");
	tool_expect(conninfo, ARGS("status", "--json"), 2, "\"percent\": \n\"seconds_left\": null", NULL);
	end();
}
END_TEST

/* The next run's speed is measured by its own batches only. */
START_TEST(remaining_time_after_an_interruption)
{
	struct process process;
	PGconn	   *blocker;

	begin();
	sql_exec(connection, "ANALYZE counted");
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "lock timeout");
	block_end(blocker);
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 2100");
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=1min"));
	/* 200 of the 500 that were left are done. */
	sql_await(connection, "SELECT count(*) FROM fitsdb_schema.change WHERE position = '1407'", "1");
	sql_exec(connection, "UPDATE fitsdb_schema.change SET started_at = clock_timestamp() - interval '200 s'"
			 " WHERE position = '1407'");
	expect_progress("percent", 68, 72);
	expect_progress("seconds_left", 250, 350);
	block_end(blocker);
	process_wait(&process);
	tool_ended(&process, 0);
	end();
}
END_TEST

/* status does not wait for a lock, and needs no SELECT on the table: only the estimate is missing. */
START_TEST(unknown_progress)
{
	PGconn	   *blocker;
	char	   *reader;

	begin();
	sql_exec(connection, "ANALYZE counted");
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "lock timeout");
	block_end(blocker);
	sql_exec(connection, "GRANT SELECT ON migrate_version TO apache");
	reader = server_conninfo(server_main(), "apache", "fitsdata");
	tool_expect(reader, ARGS("status"), 2, "rows with keys below 7 are done\n", "");
	blocker = block_begin(conninfo, "LOCK TABLE counted IN ACCESS EXCLUSIVE MODE");
	tool_expect(conninfo, ARGS("status"), 2, "rows with keys below 7 are done\n", "");
	block_end(blocker);
	mem_free(reader);
	end();
}
END_TEST

/* A slow batch makes the next one smaller; then they grow again. */
START_TEST(it_yields)
{
	begin();
	sql_exec(connection, "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
			 " PERFORM pg_sleep(0.03); RETURN NEW; END$$; CREATE TRIGGER wait BEFORE UPDATE ON counted FOR EACH ROW"
			 " WHEN (OLD.id <= -401000000) EXECUTE PROCEDURE wait()");
	tool_must(conninfo, ARGS("upgrade", "1"));
	sql_expect(connection, COUNTED("counted"), "1:1000");
	sql_expect(connection, "SELECT rows[1] = 100 AND rows[2] BETWEEN 10 AND 40 AND rows[3] BETWEEN 20 AND 80"
			   " AND 100 = ANY (rows[3:]) FROM (SELECT array_agg(count ORDER BY least) AS rows"
			   " FROM (SELECT count(*), min(id) AS least FROM counted GROUP BY xmin::text) r) a", "t");
	end();
}
END_TEST

/* Without a terminal, a line every ten seconds. */
START_TEST(progress_in_lines)
{
	struct process process;

	begin();
	sql_exec(connection, "ANALYZE counted");
	tool_start(&process, conninfo, ARGS("upgrade", "1", "--batch-pause=1300ms"));
	process_wait(&process);
	tool_wrote(&process, 0, "count", "migration 1 \"count\": 900 of about 1000 rows (90%)\nrows/s, about \n s left");
	ck_assert_ptr_null(strchr(process.err, '\r'));
	process_clear(&process);
	end();
}
END_TEST

/* On a terminal, a progress bar, which is removed at the end. */
START_TEST(progress_on_a_terminal)
{
	char	   *tool = tool_path();
	char	   *command;
	struct process process;

	begin();
	sql_exec(connection, "ANALYZE counted");
	command = mem_format("stty cols 100; %s '--dbname=%s' upgrade 1 --batch-pause=100ms", tool, conninfo);
	process_run(&process, ARGS("env", "TERM=xterm", "script", "-qec", command, "/dev/null"), NULL);
	ck_assert_msg(process.status == 0, "%s", process.out);
	ck_assert_msg(strstr(process.out, "[====") && strstr(process.out, "%  ") && strstr(process.out, "rows, "), "%s",
				  process.out);
	ck_assert_msg(strstr(process.out, "\r\033[K    1  count"), "%s", process.out);
	process_clear(&process);
	mem_free(command);
	mem_free(tool);
	end();
}
END_TEST

/* After an interruption the bar does not start at zero. */
START_TEST(the_bar_goes_on)
{
	const char *const environment[] = {"TERM=xterm", NULL};
	struct terminal terminal;
	struct process process;
	PGconn	   *blocker;

	begin();
	sql_exec(connection, "ANALYZE counted");
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_expect(conninfo, ARGS("upgrade", "1", "--lock-timeout=1ms", "--lock-retries=0"), 2, "", "for keys below 7");
	block_end(blocker);
	terminal_open(&terminal);
	terminal_resize(&terminal, 70);
	tool_start_with(&process, conninfo, ARGS("upgrade", "1", "--batch-pause=250ms"),
					&(struct process_options) {.environment = environment,.terminal = terminal.path});
	terminal_expect(&terminal, "%  ");
	process_wait(&process);
	ck_assert_int_ge(strtol(strstr(terminal.text, "] ") + 2, NULL, 10), 50);
	tool_ended(&process, 0);
	terminal_close(&terminal);
	end();
}
END_TEST

static const struct {
	const char *type;
	const char *greatest;
	bool		script;
}			greatest[] = {
	{"smallint", "32767", false}, {"integer", "2147483647", false},
	{"smallint", "32767", true}, {"integer", "2147483647", true},
};

static void
run_script(void)
{
	struct process tool;
	struct process psql;

	tool_run(&tool, conninfo, ARGS("upgrade", "1", "--sql"));
	process_run(&psql, ARGS("psql", "-X", "-q", "-d", conninfo), &(struct process_options) {.input = tool.out});
	tool_wrote(&psql, 0, "", NULL);
	process_clear(&psql);
	process_clear(&tool);
}

/* No range of the key's own type ends behind it. */
START_TEST(greatest_key_is_done)
{
	char	   *prepare = mem_format("DELETE FROM counted WHERE id NOT BETWEEN -30000 AND 30000;"
									 " ALTER TABLE counted ALTER COLUMN id TYPE %s; INSERT INTO counted VALUES (%s)",
									 greatest[_i].type, greatest[_i].greatest);

	begin();
	sql_exec(connection, prepare);
	if (greatest[_i].script)
		run_script();
	else
		tool_must(conninfo, ARGS("upgrade", "1"));
	sql_expect(connection, "SELECT string_agg(DISTINCT n::text, ' ') FROM counted", "1");
	sql_expect(connection, VERSION, "1");
	mem_free(prepare);
	end();
}
END_TEST

static const struct {
	const char *version;
	const char *prepare;
	const char *refusal;
}			unfit[] = {
	{"1", "ALTER TABLE counted ALTER COLUMN id TYPE bigint; INSERT INTO counted VALUES (9223372036854775807)",
		"the maximum of key id of table counted is the largest value of its type\nfor keys below 9223372036854775807"},
	{"3", "INSERT INTO moment (at) VALUES ('infinity')", "the maximum of key at of table moment is the largest"},
	{"6", "INSERT INTO loose (at) VALUES (now()), (NULL)", "table loose has rows with a null in key column at"},
	{"7", "SELECT 1", "table loose has no index whose first column is id"},
	{"8", "SELECT 1", "cannot run batches: column word of table loose is of type text"},
	{"9", "SELECT 1", "there is no table nowhere"},
};

START_TEST(unfit_keys_are_refused)
{
	char	   *before = mem_format("%d", unfit[_i].version[0] - '1');

	begin();
	tool_expect(conninfo, ARGS("stamp", before), 0, "", NULL);
	sql_exec(connection, unfit[_i].prepare);
	tool_expect(conninfo, ARGS("upgrade", unfit[_i].version), 2, "", unfit[_i].refusal);
	sql_expect(connection, VERSION, before);
	tool_expect(conninfo, ARGS("log"), 0, "failed", NULL);
	mem_free(before);
	end();
}
END_TEST

Suite *
batches_suite(void)
{
	Suite	   *suite = suite_create("batches");
	TCase	   *tcase = tcase_create("batch");

	tcase_add_unchecked_fixture(tcase, build_batches, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, each_row_is_done_once);
	tcase_add_test(tcase, nothing_to_go_through);
	tcase_add_test(tcase, rows_that_come_in_meanwhile);
	tcase_add_loop_test(tcase, an_end_is_found, 0, 2);
	tcase_add_test(tcase, seen_from_another_session);
	tcase_add_test(tcase, progress_and_remaining_time);
	tcase_add_test(tcase, remaining_time_after_an_interruption);
	tcase_add_test(tcase, unknown_progress);
	tcase_add_test(tcase, it_yields);
	tcase_add_test(tcase, progress_in_lines);
	tcase_add_test(tcase, progress_on_a_terminal);
	tcase_add_test(tcase, the_bar_goes_on);
	tcase_add_loop_test(tcase, greatest_key_is_done, 0, (int) (sizeof(greatest) / sizeof(greatest[0])));
	tcase_add_loop_test(tcase, unfit_keys_are_refused, 0, (int) (sizeof(unfit) / sizeof(unfit[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
