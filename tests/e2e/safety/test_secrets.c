/*
 * Passwords: given in every way, right and wrong, and on every path that fails, they appear neither in the program's
 * output nor in the server's log, its list of sessions, or the records.
 */
#include <check.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* The password, and its form in a URI; both contain the mark that must not appear. */
#define MARK "Mark3dS3cret"
#define RIGHT "p@:" MARK "/1"
#define RIGHT_ENCODED "p%40%3A" MARK "%2F1"
#define WRONG "w@:" MARK "/2"
#define WRONG_ENCODED "w%40%3A" MARK "%2F2"

static const struct server *server;

static void
setup(void)
{
	char	   *conninfo;
	PGconn	   *connection;

	server = server_start(true);
	connection = server_superuser(server, "postgres");
	sql_exec(connection, "ALTER SYSTEM SET log_statement = 'all'");
	sql_exec(connection, "ALTER SYSTEM SET log_min_messages = 'debug1'");
	sql_exec(connection, "ALTER SYSTEM SET log_connections = on");
	sql_exec(connection, "ALTER SYSTEM SET log_disconnections = on");
	sql_exec(connection, "ALTER SYSTEM SET log_min_error_statement = 'debug1'");
	sql_exec(connection, "ALTER SYSTEM SET log_min_duration_statement = 0");
	sql_exec(connection, "ALTER SYSTEM SET log_error_verbosity = 'verbose'");
	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	/* Not as text: the log would have this form. */
	sql_exec(connection, "SET log_statement = 'none'; SET log_min_messages = 'error';"
			 "ALTER ROLE fitsdata PASSWORD '" RIGHT "'");
	sql_exec(connection, "SELECT pg_reload_conf()");
	PQfinish(connection);
	conninfo = server_conninfo(server, "fitsdata", "fitsdata");
	tool_must(conninfo, ARGS("init"));
	tool_must(conninfo, ARGS("downgrade", "30"));
	mem_free(conninfo);
}

/* How a password reaches the program. */
static const char *const ways[] = {"conninfo", "URI", "URI as last argument", "PGPASSWORD", "password file",
	"service file"};

#define WAYS (int) (sizeof(ways) / sizeof(ways[0]))

static void
write_private(const char *path, const char *text)
{
	FILE	   *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fchmod(fileno(file), 0600), 0);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
}

/* Start a command with the password given in that way; `host` and `database` may be wrong ones. */
static void
start_by(struct process *process, int way, bool right, const char *host, const char *database,
	   const char *const *arguments)
{
	const char *plain = right ? RIGHT : WRONG;
	const char *encoded = right ? RIGHT_ENCODED : WRONG_ENCODED;
	char	   *place = mem_format("host=%s port=%s user=fitsdata dbname=%s", host, server->port, database);
	char	   *uri = mem_format("postgresql://fitsdata:%s@%s:%s/%s", encoded, host, server->port, database);
	char	   *with = mem_format("%s password='%s'", place, plain);
	char	   *variable = mem_format("PGPASSWORD=%s", plain);
	char	   *path = mem_format("%s/secret-%d", server->directory, way);
	char	   *file_variable = mem_format("%s=%s", way == 4 ? "PGPASSFILE" : "PGSERVICEFILE", path);
	char	   *passfile = mem_format("*:*:*:*:%s%s\n", right ? "p@\\:" : "w@\\:", plain + strlen("p@:"));
	char	   *service = mem_format("[archive]\nhost=%s\nport=%s\nuser=fitsdata\ndbname=%s\npassword=%s\n", host,
									 server->port, database, plain);
	const char *const environment[] = {way == 3 ? variable : way >= 4 ? file_variable : NULL, NULL};
	const struct process_options options = {.environment = environment};
	const char *line[8] = {NULL};
	int			count = 0;

	while (arguments[count]) {
		line[count] = arguments[count];
		count++;
	}
	if (way == 2)
		line[count] = uri;
	if (way == 4 || way == 5)
		write_private(path, way == 4 ? passfile : service);
	tool_start_with(process, way == 0 ? with : way == 1 ? uri : way == 2 ? NULL : way == 5 ? "service=archive" : place,
					line, &options);
	mem_free(service);
	mem_free(passfile);
	mem_free(file_variable);
	mem_free(path);
	mem_free(variable);
	mem_free(with);
	mem_free(uri);
	mem_free(place);
}

static void
run_by(struct process *process, int way, bool right, const char *host, const char *database,
	   const char *const *arguments)
{
	start_by(process, way, right, host, database, arguments);
	process_wait(process);
}

static void
expect_no_mark(const char *what, const char *text)
{
	const char *found = strstr(text, MARK);

	ck_assert_msg(!found, "the password is in %s: ...%.100s", what, found ? found - (found > text + 40 ? 40 : 0) : "");
}

static void
expect_silence(struct process *process, int status, const char *err)
{
	expect_no_mark("stdout", process->out);
	expect_no_mark("stderr", process->err);
	tool_wrote(process, status, "", err);
	process_clear(process);
}

/* On the server: its log, the list of sessions, and our records. */
static void
expect_server_silence(void)
{
	char	   *path = mem_format("%s/log", server->directory);
	char	   *log = sql_file(path);
	PGconn	   *connection = server_superuser(server, "fitsdata");
	char	   *sessions = sql_lines(connection, "SELECT application_name, query FROM pg_stat_activity"
									 " WHERE pid <> pg_backend_pid()");
	char	   *record = sql_lines(connection, "SELECT c::text FROM fitsdb_schema.change c UNION ALL"
								   " SELECT m::text FROM fitsdb_schema.migration m");

	ck_assert_ptr_nonnull(strstr(log, "fitsdb-schema"));
	expect_no_mark("the server's log", log);
	expect_no_mark("the list of sessions", sessions);
	expect_no_mark("the record", record);
	PQfinish(connection);
	mem_free(record);
	mem_free(sessions);
	mem_free(log);
	mem_free(path);
}

START_TEST(right_password_works_silently)
{
	static const char *const commands[][3] = {{"status", "--verbose"}, {"status", "--json"}, {"list"},
	{"log", "--json"},
		{"upgrade", "31", "--verbose"}, {"downgrade", "30"}, {"upgrade", "--sql"}, {"stamp", "30"}};
	static const int statuses[] = {1, 1, 0, 0, 0, 0, 0, 0};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct process process;

		run_by(&process, _i, true, "127.0.0.1", "fitsdata",
			   ARGS(commands[i][0], commands[i][1], commands[i][2]));
		expect_silence(&process, statuses[i], "");
	}
	expect_server_silence();
}
END_TEST

START_TEST(failing_paths_are_silent)
{
	static const char *const commands[] = {"status", "upgrade", "downgrade", "init", "stamp", "list", "log"};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		bool		wants = strcmp(commands[i], "downgrade") == 0 || strcmp(commands[i], "stamp") == 0;
		const char *argument = wants ? "30" : "--verbose";
		struct process process;

		run_by(&process, _i, false, "127.0.0.1", "fitsdata", ARGS(commands[i], argument));
		expect_silence(&process, 3, "password authentication failed");
		run_by(&process, _i, true, "127.0.0.1", "nowhere", ARGS(commands[i], argument));
		expect_silence(&process, 3, "\"nowhere\" does not exist");
		run_by(&process, _i, true, "127.0.0.1,127.0.0.2", "fitsdata", ARGS(commands[i], argument, "--frobnicate"));
		expect_silence(&process, 3, "unknown option");
	}
	expect_server_silence();
}
END_TEST

/* No server, or an unknown host: libpq's own message quotes its input. */
START_TEST(missing_server_is_silent)
{
	static const char *const hosts[][2] = {{"127.0.0.1", "Connection refused"}, {"127.0.0.9", "Connection refused"},
		{"no..where", "could not translate host name"}};
	static const char *const commands[] = {"status", "upgrade", "log"};
	PGconn	   *connection = server_superuser(server, "fitsdata");

	sql_exec(connection, "CHECKPOINT");
	PQfinish(connection);
	server_stop(server);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++) {
			struct process process;

			run_by(&process, _i, true, hosts[i][0], "fitsdata", ARGS(commands[k], "--verbose"));
			expect_silence(&process, 3, hosts[i][1]);
		}
	server_begin(server);
	expect_server_silence();
}
END_TEST

/* Later failures: the advisory lock is held, or a table is locked. */
static void
fail_for_locks(int way, PGconn *other)
{
	struct process process;

	sql_exec(other, "SELECT pg_advisory_lock(112603111318626)");
	run_by(&process, way, true, "127.0.0.1", "fitsdata", ARGS("upgrade", "--lock-wait=0", "--verbose"));
	expect_silence(&process, 3, "could not obtain the advisory lock");
	sql_exec(other, "SELECT pg_advisory_unlock_all()");
	sql_exec(other, "BEGIN; LOCK TABLE exportqueue");
	run_by(&process, way, true, "127.0.0.1", "fitsdata", ARGS("upgrade", "--lock-timeout=10ms", "--lock-retries=0"));
	expect_silence(&process, 3, "migration 31 \n(55P03)");
	sql_exec(other, "ROLLBACK");
}

/* A migration that fails: its statement is in the server's log. */
static void
fail_in_migration(int way, PGconn *other)
{
	struct process process;
	char	   *path = mem_format("%s/log", server->directory);
	char	   *log;

	sql_exec(other, "CREATE SCHEMA elsewhere; CREATE FUNCTION elsewhere.refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
			 " 'BEGIN RAISE EXCEPTION ''no''; END'; CREATE EVENT TRIGGER refuse ON ddl_command_start"
			 " WHEN TAG IN ('ALTER TABLE') EXECUTE PROCEDURE elsewhere.refuse()");
	run_by(&process, way, true, "127.0.0.1", "fitsdata", ARGS("upgrade", "--verbose"));
	expect_silence(&process, 2, "migration 31 \n(P0001)");
	sql_exec(other, "DROP EVENT TRIGGER refuse; DROP SCHEMA elsewhere CASCADE");
	log = sql_file(path);
	ck_assert_ptr_nonnull(strstr(log, "STATEMENT:  ALTER TABLE exportqueue"));
	mem_free(log);
	mem_free(path);
}

/* The connection is killed during a statement, together with the second one, which finds the blocker. */
static void
fail_by_killing(int way, PGconn *other)
{
	struct process process;

	sql_exec(other, "BEGIN; LOCK TABLE exportqueue");
	start_by(&process, way, true, "127.0.0.1", "fitsdata", ARGS("upgrade", "--verbose", "--lock-timeout=60s"));
	sql_await(other, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	sql_exec(other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'");
	process_wait(&process);
	expect_silence(&process, 2, "migration 31 \nterminating connection\nstays at version 30\n"
				   "hint: Run the same command again when the server is available");
	sql_exec(other, "ROLLBACK");
}

START_TEST(failing_work_is_silent)
{
	PGconn	   *other = server_superuser(server, "fitsdata");
	struct process process;

	fail_for_locks(_i, other);
	fail_in_migration(_i, other);
	fail_by_killing(_i, other);
	run_by(&process, _i, true, "127.0.0.1", "fitsdata", ARGS("upgrade", "--verbose"));
	expect_silence(&process, 0, "");
	run_by(&process, _i, true, "127.0.0.1", "fitsdata", ARGS("downgrade", "30", "--verbose"));
	expect_silence(&process, 0, "");
	sql_expect(other, "SELECT version FROM migrate_version", "30");
	PQfinish(other);
	expect_server_silence();
}
END_TEST

/* Typed on a terminal: it is not echoed. */
START_TEST(typed_password_is_not_shown)
{
	char	   *path = tool_path();
	char	   *option = mem_format("--dbname=host=127.0.0.1 port=%s user=fitsdata dbname=fitsdata", server->port);
	char		seen[4096] = "";
	size_t		length = 0;
	bool		typed = false;
	ssize_t		got;
	int			master;
	pid_t		pid = forkpty(&master, NULL, NULL, NULL);

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		unsetenv("PGPASSWORD");
		unsetenv("PGPASSFILE");
		execl(path, path, "status", option, (char *) NULL);
		_exit(127);
	}
	while (length < sizeof(seen) - 1 && (got = read(master, seen + length, sizeof(seen) - 1 - length)) > 0) {
		length += (size_t) got;
		seen[length] = '\0';
		if (!typed && strstr(seen, "Password")) {
			const char *answer = _i == 0 ? RIGHT "\n" : WRONG "\n";

			ck_assert_int_eq(write(master, answer, strlen(answer)), (ssize_t) strlen(answer));
			typed = true;
		}
	}
	close(master);
	ck_assert_msg(typed, "it did not ask:\n%s", seen);
	expect_no_mark("what the terminal shows", seen);
	ck_assert_msg(strstr(seen, _i == 0 ? "database fitsdata at version" : "password authentication failed") != NULL,
				  "%s", seen);
	expect_server_silence();
	mem_free(option);
	mem_free(path);
}
END_TEST

/* After it has been read, it is not in the list of processes. */
START_TEST(argument_is_scrubbed)
{
	PGconn	   *other = server_superuser(server, "fitsdata");
	char	   *uri = mem_format("postgresql://fitsdata:%s@127.0.0.1:%s/fitsdata", RIGHT_ENCODED, server->port);
	char	   *words = mem_format("--dbname=host=127.0.0.1 port=%s user=fitsdata dbname=fitsdata password='" RIGHT "'",
								   server->port);
	struct process process;
	char	   *path;
	char		line[4096] = "";
	FILE	   *file;

	sql_exec(other, "SELECT pg_advisory_lock(112603111318626)");
	tool_start(&process, NULL, _i == 0 ? ARGS("upgrade", uri) : ARGS("upgrade", words));
	process_expect(&process, "waiting for the lock, held by PID");
	path = mem_format("/proc/%d/cmdline", (int) process.pid);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(line, 1, sizeof(line) - 1, file), 0);
	fclose(file);
	for (size_t i = 0; i < sizeof(line) - 1; i++)
		if (line[i] == '\0')
			line[i] = ' ';
	expect_no_mark("the list of processes", line);
	ck_assert_ptr_nonnull(strstr(line, "upgrade"));
	process_signal(&process, SIGTERM);
	process_wait(&process);
	expect_silence(&process, 2, "SIGTERM");
	PQfinish(other);
	mem_free(path);
	mem_free(words);
	mem_free(uri);
}
END_TEST

Suite *
secrets_suite(void)
{
	Suite	   *suite = suite_create("secrets");
	TCase	   *tcase = tcase_create("secrets");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 180);
	tcase_add_loop_test(tcase, right_password_works_silently, 0, WAYS);
	tcase_add_loop_test(tcase, failing_paths_are_silent, 0, WAYS);
	tcase_add_loop_test(tcase, missing_server_is_silent, 0, WAYS);
	tcase_add_loop_test(tcase, failing_work_is_silent, 0, WAYS);
	tcase_add_loop_test(tcase, typed_password_is_not_shown, 0, 2);
	tcase_add_loop_test(tcase, argument_is_scrubbed, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
