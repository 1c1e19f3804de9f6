/*
 * Settings of the database, the role and the environment: those that change the text of catalogs or the objects that a
 * script creates have no effect. Those under which nothing should be changed are refused before any change.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"

static void
forget(void)
{
	server_execute("postgres", "SET default_transaction_read_only = off; COMMIT; ALTER ROLE fitsdata RESET ALL;"
				   " ALTER ROLE ALL RESET ALL");
}

static const char *const texts[] = {
	"quote_all_identifiers = on", "search_path = nowhere", "timezone = 'Pacific/Honolulu'",
	"datestyle = 'German, DMY'", "intervalstyle = iso_8601", "extra_float_digits = -15", "bytea_output = escape",
	"standard_conforming_strings = off",
};

#define TEXTS (int) (sizeof(texts) / sizeof(texts[0]))

static void
set_texts(const char *what)
{
	for (int i = 0; i < TEXTS; i++) {
		char	   *sql = mem_format("ALTER %s SET %s", what, texts[i]);

		server_execute("fitsdata", sql);
		mem_free(sql);
	}
}

/* The columns' defaults have each kind of text; for both sides of a comparison, one is set. */
START_TEST(compared_text_is_the_same)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);
	PGconn	   *connection = sql_connect(conninfo);
	struct process before;
	struct process after;

	sql_exec(connection, "CREATE TABLE \"Mine\" (at timestamptz DEFAULT '2020-01-01 00:00+00', d date DEFAULT"
			 " '2020-02-01', i interval DEFAULT '1 day 2 hours', f float8 DEFAULT 0.1, b bytea DEFAULT '\\x00ff',"
			 " s text DEFAULT 'a\\b', CHECK (at > '2020-01-01 00:00+00'))");
	tool_run(&before, conninfo, ARGS("verify", "--json"));
	ck_assert_int_eq(before.status, 1);
	set_texts(_i == 0 ? "ROLE fitsdata" : "DATABASE fitsdata");
	tool_run(&after, conninfo, ARGS("verify", "--json"));
	ck_assert_str_eq(after.err, "");
	/* The search path of the database is itself a difference. */
	if (_i == 0)
		ck_assert_str_eq(after.out, before.out);
	ck_assert_int_eq(after.status, 1);
	sql_exec(connection, "DROP TABLE \"Mine\"");
	tool_expect(conninfo, ARGS("verify"), _i, _i == 0 ? "same: " : "1 difference\n  setting search_path is not part of"
				" version 39\n  note: no version has setting TimeZone", _i == 0 ? NULL : "");
	tool_expect(conninfo, ARGS("identify"), 0, "matches version 39", NULL);
	tool_expect(conninfo, ARGS("plan"), 0, "nothing is pending", "");
	tool_expect(conninfo, ARGS("status"), 0, "current: ", NULL);
	tool_expect(conninfo, ARGS("log", "--json"), 0, "\"20", "");
	tool_expect(conninfo, ARGS("downgrade", "18", "--yes"), 0, "is at version 18", "");
	tool_expect(conninfo, ARGS("plan"), 0, "upgrade to 39", "");
	tool_expect(conninfo, ARGS("upgrade"), 0, "is at version 39", "");
	tool_expect(conninfo, ARGS("verify"), _i, _i == 0 ? "same: " : "1 difference", _i == 0 ? NULL : "");
	process_clear(&before);
	process_clear(&after);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

#define READ_WRITE(statement) "BEGIN READ WRITE; " statement " COMMIT;"

static const struct {
	const char *set;
	const char *told;			/* the statement in the hint, and before it who must run it */
	const char *says;
}			refused[] = {
	{"ALTER DATABASE fitsdata SET default_transaction_read_only = on",
		": " READ_WRITE("ALTER DATABASE fitsdata RESET default_transaction_read_only;"),
	"error: default_transaction_read_only is \"on\": nothing can be changed"},
	{"ALTER ROLE fitsdata SET default_transaction_read_only = on",
	": " READ_WRITE("ALTER ROLE fitsdata RESET default_transaction_read_only;"),
	"error: default_transaction_read_only"},
	{"ALTER ROLE fitsdata IN DATABASE fitsdata SET default_transaction_read_only = on",
		": " READ_WRITE("ALTER ROLE fitsdata IN DATABASE fitsdata RESET default_transaction_read_only;"),
	"error: default_transaction_read_only"},
	{"ALTER ROLE ALL SET default_transaction_read_only = on",
	" as a superuser, run: " READ_WRITE("ALTER ROLE ALL RESET default_transaction_read_only;"),
	"error: default_transaction_read_only"},
	{"ALTER DATABASE fitsdata SET session_replication_role = replica",
		" as a superuser, run: ALTER DATABASE fitsdata RESET session_replication_role;",
	"error: session_replication_role is \"replica\": triggers would not run"},
};

/* Refused before anything is run, with a hint; reading commands work. */
START_TEST(harmful_settings_are_refused)
{
	char	   *conninfo = lineage_current("fitsdata", 37);
	PGconn	   *connection = sql_connect(conninfo);
	char	   *err = mem_format("%s\nhint: To reset it\n%s\n", refused[_i].says, refused[_i].told);
	struct process process;

	server_execute("postgres", refused[_i].set);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, err);
	tool_expect(conninfo, ARGS("downgrade", "30", "--yes"), 3, NULL, err);
	tool_expect(conninfo, ARGS("stamp", "36"), 3, NULL, err);
	tool_expect(conninfo, ARGS("status"), 1, "behind: ", NULL);
	tool_expect(conninfo, ARGS("list"), 0, "", NULL);
	/* One that the database stores is a difference. */
	if (strstr(refused[_i].set, "DATABASE"))
		tool_expect(conninfo, ARGS("verify"), 1, ": 1 difference\n is not part of version 37",
					"hint: 2 migrations are pending");
	else
		tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	sql_expect(connection, VERSION, "37");
	tool_run(&process, conninfo, ARGS("upgrade"));
	server_execute_told("fitsdata", process.err, "run: ", strstr(refused[_i].told, "BEGIN") ? "BEGIN" : "ALTER");
	process_clear(&process);
	tool_must(conninfo, ARGS("upgrade"));
	PQfinish(connection);
	mem_free(err);
	mem_free(conninfo);
}
END_TEST

START_TEST(options_of_the_client_are_named)
{
	char	   *conninfo = lineage_current("fitsdata", 37);
	char	   *with = mem_format("%s options='-c default_transaction_read_only=on'", conninfo);
	char	   *of_role = mem_format("%s options='-c quote_all_identifiers=on -c timezone=Asia/Tokyo'", conninfo);

	tool_expect(with, ARGS("upgrade"), 3, NULL,
				"default_transaction_read_only is \"on\"\nhint: Remove it from PGOPTIONS");
	tool_must(of_role, ARGS("upgrade"));
	tool_expect(of_role, ARGS("verify"), 0, "same: ", "");
	mem_free(of_role);
	mem_free(with);
	mem_free(conninfo);
}
END_TEST

/* Without counters, lost rows would not be noticed; init has none to lose. */
START_TEST(rows_must_be_counted)
{
	static const char *const set[] = {"ALTER DATABASE fitsdata SET", "ALTER ROLE fitsdata SET"};
	char	   *conninfo = server_database("fitsdata");
	char	   *sql = mem_format("%s track_counts = off", set[_i]);
	struct process process;

	server_execute("postgres", sql);
	tool_must(conninfo, ARGS("init"));
	tool_run(&process, conninfo, ARGS("downgrade", "37"));
	tool_wrote(&process, 3, NULL, "error: track_counts is \"off\": deleted rows could not be counted\n"
			   "Nothing was changed\nhint: To reset it as a superuser, run: ALTER \n"
			   "hint: If data may be lost, repeat with --yes instead.");
	server_execute_told("fitsdata", process.err, "run: ", "ALTER");
	process_clear(&process);
	tool_must(conninfo, ARGS("downgrade", "37"));
	server_execute("postgres", sql);
	tool_must(conninfo, ARGS("stamp", "36"));
	tool_must(conninfo, ARGS("upgrade", "37", "--yes"));
	mem_free(sql);
	mem_free(conninfo);
}
END_TEST

/* A script creates the same objects under any settings of the role and the database. */
START_TEST(scripts_create_the_same)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("fitsdata", "ALTER ROLE fitsdata SET default_transaction_isolation = 'serializable';"
				   " ALTER ROLE fitsdata SET transform_null_equals = on;"
				   " ALTER ROLE fitsdata SET default_transaction_deferrable = on");
	set_texts("ROLE fitsdata");
	if (server_version(server_main()) < 12)
		server_execute("fitsdata", "ALTER ROLE fitsdata SET default_with_oids = on");
	else
		server_execute("fitsdata", "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler;"
					   " ALTER ROLE fitsdata SET default_table_access_method = other");
	tool_must(conninfo, ARGS("init"));
	if (server_version(server_main()) < 12)
		sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relhasoids AND oid >= 16384", "0");
	else
		sql_expect(connection, "SELECT count(*) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
				   " WHERE a.amname = 'other'", "0");
	if (server_version(server_main()) < 12)
		tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	else
		tool_expect(conninfo, ARGS("verify"), 1, ": 1 difference\n  access method other is not part of version 39",
					"");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
settings_suite(void)
{
	Suite	   *suite = suite_create("settings");
	TCase	   *tcase = tcase_create("settings");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_add_checked_fixture(tcase, forget, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, compared_text_is_the_same, 0, 2);
	tcase_add_loop_test(tcase, harmful_settings_are_refused, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_loop_test(tcase, rows_must_be_counted, 0, 2);
	tcase_add_test(tcase, options_of_the_client_are_named);
	tcase_add_test(tcase, scripts_create_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
