/*
 * Names and texts from outside that would deceive a reader: with line ends, terminal escape sequences or invalid
 * encodings; and passwords in the queries of other sessions.
 */
#include <check.h>
#include <jansson.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define SECRET "S3cretOfOthers"
/* A forged line; ESC [ 2 J; the same as C1; reversed text. */
#define BAD "\nsame: all is well\033[2J\302\2332J\342\200\256"
#define SHOWN "\\nsame: all is well\\x1b[2J\\u009b2J\\u202e"

static void
expect_harmless(const char *text, const char *what)
{
	ck_assert_msg(!strstr(text, SECRET), "%s has a password:\n%s", what, text);
	ck_assert_msg(!strstr(text, "\302\233") && !strstr(text, "\342\200\256"), "%s has C1 or bidi controls:\n%s", what,
				  text);
	for (const char *at = text; *at; at++) {
		ck_assert_msg((unsigned char) *at >= ' ' || strchr("\n\t", *at), "%s has control character %d:\n%s",
					  what, *at, text);
		ck_assert_msg((at > text && at[-1] != '\n') || strncmp(at, "same:", 5) != 0,
					  "%s has a forged line:\n%s", what, text);
	}
}

/* Run it: the output is harmless, and contains these texts. */
static void
expect(const char *conninfo, const char *const *arguments, int status, const char *out, const char *err)
{
	struct process process;

	tool_run(&process, conninfo, arguments);
	expect_harmless(process.out, "stdout");
	expect_harmless(process.err, "stderr");
	tool_wrote(&process, status, out, err);
	process_clear(&process);
}

/* Join the lines: where they break depends on the number of digits of a PID. */
static void
unwrap(char *text)
{
	char	   *to = text;

	for (const char *from = text; *from; to++)
		if (*from == '\n') {
			*to = ' ';
			from += 1 + strspn(from + 1, " ");
		} else
			*to = *from++;
	*to = '\0';
}

START_TEST(names_in_the_schema)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);
	json_t	   *json;

	sql_exec(connection, "CREATE TABLE \"t" BAD "\" (a integer); CREATE INDEX \"i" BAD "\" ON diskfile (id);"
			 "ALTER TABLE gmos ADD COLUMN \"c" BAD "\" text; CREATE TABLE \"same: database fitsdata\" ();"
			 "CREATE TABLE \"a is missing, and \"\"b\"\"\" ();"
			 "CREATE VIEW \"v" BAD "\" AS SELECT '" BAD "' AS x");
	expect(conninfo, ARGS("verify"), 1, "  table \"t" SHOWN "\" is not part of\n  index \"i" SHOWN "\" is not\n"
		   "  column \"c" SHOWN "\" is not\nview \"v" SHOWN "\" is not\n\"same: database fitsdata\"\n"
		   "\n\"a is missing, and \"\"b\"\"\"\n  table \"a is missing, and \"\"b\"\"\" is not part of version 39\n"
		   "DROP INDEX CONCURRENTLY public.U&\"i\\000asame: all is well\\001b[2J\\009b2J\\202e\";", "");
	json = json_run(conninfo, "verify", 1);
	json_decref(json);
	/* What is printed is right. */
	sql_exec(connection, "DROP INDEX CONCURRENTLY public.U&\"i\\000asame: all is well\\001b[2J\\009b2J\\202e\"");
	expect(conninfo, ARGS("identify"), 0, "", NULL);
	expect(conninfo, ARGS("plan"), 0, "", NULL);
	expect(conninfo, ARGS("downgrade", "37", "--yes"), 0, "", NULL);
	expect(conninfo, ARGS("upgrade"), 0, "", "5 extra objects or privileges, not part of version 39");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Only the owner can write the records; their texts still cannot move the cursor. */
START_TEST(texts_in_the_record)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);
	struct process process;
	json_t	   *json;

	sql_exec(connection, "UPDATE fitsdb_schema.change SET by = '" BAD "', from_host = 'h" BAD "', build = '" BAD "',"
			 " state = 'failed', error = 'a PASSWORD ''" SECRET "''" BAD "'");
	expect(conninfo, ARGS("log"), 0, SHOWN "\na PASSWORD '***'" SHOWN, NULL);
	tool_run(&process, conninfo, ARGS("log", "--json"));
	ck_assert_ptr_null(strstr(process.out, SECRET));
	json = json_loads(process.out, 0, NULL);
	ck_assert_ptr_nonnull(json);
	json_decref(json);
	process_clear(&process);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(names_of_databases)
{
	char	   *conninfo;

	server_execute("postgres", "DROP DATABASE IF EXISTS \"d" BAD "|\"");
	server_execute("postgres", "CREATE DATABASE \"d" BAD "|\" OWNER fitsdata");
	conninfo = server_conninfo(server_main(), "fitsdata", "'d" BAD "|'");
	expect(conninfo, ARGS("status"), 3, NULL, "error: database \"d" SHOWN "|\" is not");
	expect(conninfo, ARGS("init"), 0, "database d" SHOWN "| is at", "");
	expect(conninfo, ARGS("status"), 0, "database d" SHOWN "| at", NULL);
	expect(conninfo, ARGS("status", "--short"), 0, "OK - d" SHOWN "/ at\n | version=", NULL);
	expect(conninfo, ARGS("downgrade", "37", "--yes"), 0, "database d" SHOWN "|", "");
	expect(conninfo, ARGS("upgrade", "--sql"), 0, "-- Database d" SHOWN "| from", NULL);
	mem_free(conninfo);
	server_execute("postgres", "DROP DATABASE \"d" BAD "|\"");
}
END_TEST

START_TEST(words_of_the_command_line)
{
	expect(NULL, ARGS("sta" BAD), 3, NULL, "\"sta\\nsame");
	expect(NULL, ARGS("status", "--x" BAD), 3, NULL, "--x\\nsame");
	expect("host=/nowhere" BAD, ARGS("status"), 3, NULL, "could not connect");
}
END_TEST

#define QUERY(TABLE) "DO $$BEGIN LOCK TABLE " TABLE "; /* ALTER ROLE x PASSWORD '" SECRET "'" BAD " */ END$$"

START_TEST(queries_of_other_sessions)
{
	char	   *conninfo = build_database(0);
	PGconn	   *blocker = block_begin(conninfo, QUERY("item"));
	struct process process;

	tool_start(&process, conninfo, ARGS("upgrade", "1", "--lock-timeout=1s", "--lock-retries=1"));
	process_wait(&process);
	expect_harmless(process.err, "stderr");
	tool_wrote(&process, 3, "", "LOCK TABLE item; /* ALTER ROLE x PASSWORD '***'\nwaiting for a lock\n"
			   "The lock was held by");
	process_clear(&process);
	block_end(blocker);
	mem_free(conninfo);
}
END_TEST

START_TEST(queries_in_the_plan)
{
	char	   *conninfo = lineage_current("fitsdata", 36);
	PGconn	   *blocker = block_begin(conninfo, QUERY("tapefile"));
	struct process process;

	tool_run(&process, conninfo, ARGS("plan"));
	expect_harmless(process.out, "stdout");
	unwrap(process.out);
	tool_wrote(&process, 0, "PASSWORD '***' same: all is well\\x1b[2J\\u009b2J\\u202e", "");
	process_clear(&process);
	tool_run(&process, conninfo, ARGS("plan", "--json"));
	ck_assert_ptr_null(strstr(process.out, SECRET));
	process_clear(&process);
	block_end(blocker);
	mem_free(conninfo);
}
END_TEST

/* What runs in the way of a migration and fails there, with words of its own. */
START_TEST(messages_of_the_server)
{
	char	   *conninfo = build_database(0);
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("fitsdata", "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $f$BEGIN RAISE"
				   " 'no" "\033" " PASSWORD ''" SECRET "''' USING DETAIL = 'd" BAD "', HINT = 'h" BAD "'; END$f$;"
				   "CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('ALTER TABLE')"
				   " EXECUTE PROCEDURE refuse()");
	expect(conninfo, ARGS("upgrade", "1", "--verbose"), 2, "", "failed: no\\x1b PASSWORD '***' (P0001)\n"
		   "detail: d\nfitsdb-schema: detail:   same: all is well\\x1b\nhint: h" SHOWN);
	expect(conninfo, ARGS("log"), 0, "no\\x1b PASSWORD '***'", NULL);
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.change WHERE error LIKE '%" SECRET "%'", "0");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* In a database of SQL_ASCII a byte is a character to the server, and names may be of any encoding. */
START_TEST(names_that_are_not_utf8)
{
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "bytes");
	PGconn	   *connection;
	json_t	   *json;

	server_execute("postgres", "DROP DATABASE IF EXISTS bytes");
	server_execute("postgres", "CREATE DATABASE bytes OWNER fitsdata TEMPLATE template0 ENCODING 'SQL_ASCII'"
				   " LC_COLLATE 'C' LC_CTYPE 'C'");
	tool_must(conninfo, ARGS("init"));
	connection = sql_connect(conninfo);
	sql_exec(connection, "SET client_encoding = 'SQL_ASCII'; CREATE TABLE \"t\344x\" ();"
			 " CREATE INDEX \"i\344\" ON diskfile (id); ALTER TABLE gmos ADD COLUMN \"\344\" text DEFAULT '\344'");
	expect(conninfo, ARGS("verify"), 1, "  table \"t\\xe4x\" is not part of\n  index \"i\\xe4\" is not part of\n"
		   "  column \"\\xe4\" is not part of version 39: type text, default '\\xe4'::text\n-- A name below has bytes",
		   "");
	json = json_run(conninfo, "verify", 1);
	json_decref(json);
	expect(conninfo, ARGS("identify"), 0, "version 39", NULL);
	expect(conninfo, ARGS("downgrade", "35", "--yes"), 0, "is at version 35", "");
	expect(conninfo, ARGS("upgrade"), 0, "is at version 39", "");
	expect(conninfo, ARGS("status"), 0, "current", NULL);
	sql_exec(connection, "DROP SCHEMA fitsdb_schema CASCADE; DROP TABLE migrate_version");
	expect(conninfo, ARGS("init"), 3, NULL, "is not empty\nIt has");
	PQfinish(connection);
	mem_free(conninfo);
	server_execute("postgres", "DROP DATABASE bytes");
}
END_TEST

Suite *
deceptive_text_suite(void)
{
	Suite	   *suite = suite_create("deceptive_text");
	TCase	   *tcase = tcase_create("archive");
	TCase	   *trouble = tcase_create("failures");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, names_in_the_schema);
	tcase_add_test(tcase, texts_in_the_record);
	tcase_add_test(tcase, names_of_databases);
	tcase_add_test(tcase, words_of_the_command_line);
	tcase_add_test(tcase, names_that_are_not_utf8);
	tcase_add_test(tcase, queries_in_the_plan);
	suite_add_tcase(suite, tcase);
	tcase_add_unchecked_fixture(trouble, build_failures, build_end);
	tcase_set_timeout(trouble, 240);
	tcase_add_test(trouble, queries_of_other_sessions);
	tcase_add_test(trouble, messages_of_the_server);
	suite_add_tcase(suite, trouble);
	return suite;
}
