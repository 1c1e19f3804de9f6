/*
 * An old build reverts the migrations of a newer one by their stored down statements.
 *
 * The newer build has the migrations of tests/histories/steps, the older one their versions 0 to 3.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/facts.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"

static char *conninfo;
static PGconn *connection;

/* The newer build has upgraded the database to version 6. From then on the older build runs. */
static void
begin(void)
{
	build_run("steps");
	conninfo = build_database(6);
	connection = sql_connect(conninfo);
	build_run("steps-3");
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* The facts of version 3, as the newer build makes it. */
static void
read_version_3(struct lines *facts)
{
	build_run("steps");
	conninfo = build_database(3);
	connection = sql_connect(conninfo);
	facts_read(connection, facts);
	end();
}

START_TEST(goes_back_by_the_record)
{
	struct lines expected = {0};

	read_version_3(&expected);
	begin();
	tool_expect(conninfo, ARGS("status"), 2, "ahead: database fitsdata at version 6, this build has 3;"
				" can go back: yes", "downgrade 3");
	tool_expect(conninfo, ARGS("status", "--short"), 2,
				"AHEAD - fitsdata at version 6, this build has 3; can go back: yes | version=6 latest=3 pending=0",
				NULL);
	tool_expect(conninfo, ARGS("status", "--json"), 2, "\"can_go_back\": true\n\"missing_downs\": []", NULL);
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "ahead");
	tool_expect(conninfo, ARGS("init"), 3, "", "at version 6\nhint: Use the newer build, or go back with\ndowngrade 3");
	tool_expect(conninfo, ARGS("list"), 0, "make_temporary_table\nnot in this build", "");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "downgrading to 3\nis at version 3", "");
	facts_expect(connection, &expected);
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	tool_expect(conninfo, ARGS("status", "--json"), 0, "\"can_go_back\": null\n\"missing_downs\": []", NULL);
	sql_expect(connection,
			   "SELECT string_agg(version_from || '>' || version_to, ' ' ORDER BY id) FROM fitsdb_schema.change"
			   " WHERE command = 'downgrade' AND state = 'done'", "6>5 5>4 4>3");
	sql_expect(connection, "SELECT string_agg(version::text, ' ' ORDER BY version) FROM fitsdb_schema.migration",
			   "0 1 2 3");

	/* The newer build upgrades it again. */
	build_run("steps");
	tool_expect(conninfo, ARGS("upgrade", "6"), 0, "is at version 6", "");
	lines_clear(&expected);
	end();
}
END_TEST

/* A stamp deletes records that only the newer build has. */
START_TEST(stamp_needs_consent)
{
	begin();
	tool_expect(conninfo, ARGS("stamp", "2"), 3, NULL,
				"error: stamping version 2 deletes the records of versions that this build does not have\n"
				"The database is at version 6; this build has versions up to 3.\n"
				": 4 \"add_d\", 5 \"make_temporary_table\", 6 \"add_column\".\nNothing was changed.\n"
				"downgrade 2\nrepeat with --yes.");
	sql_expect(connection, VERSION, "6");
	tool_expect(conninfo, ARGS("downgrade", "5"), 0, "is at version 5", "");
	tool_expect(conninfo, ARGS("stamp", "3", "--yes"), 0, "is stamped with version 3 instead of 5",
				"records deleted: 4 \"add_d\", 5 \"make_temporary_table\"");
	sql_expect(connection, "SELECT max(version) FROM fitsdb_schema.migration", "3");
	/* Records that this build has can be made again. */
	tool_must(conninfo, ARGS("stamp", "2"));
	sql_exec(connection, "UPDATE migrate_version SET version = 5");
	tool_expect(conninfo, ARGS("stamp", "3"), 3, NULL, "is at version 5; this build has versions up to 3\n"
				"The down statements of versions 4 and 5 are not stored.\n"
				"If the version was set by hand, repeat with --yes.");
	tool_expect(conninfo, ARGS("stamp", "3", "--yes"), 0, "stamped", "no records of versions 4 to 5 existed\n");
	end();
}
END_TEST

/* A reverted migration is named as it was when it was applied. */
START_TEST(names_of_the_record)
{
	begin();
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET name = 'of_another_branch', checksum = 'x'"
			 " WHERE version = 3");
	tool_expect(conninfo, ARGS("downgrade", "2"), 0, "    3  of_another_branch (down)\nis at version 2", "");
	end();
}
END_TEST

START_TEST(failure_in_the_record)
{
	begin();
	sql_exec(connection, "ALTER TABLE base DROP COLUMN real_one");
	tool_expect(conninfo, ARGS("downgrade", "3"), 2, "downgrading to 3",
				"stored down of migration 6 \"add_column\" failed: \n(42703)\nthe database stays at version 6");
	sql_expect(connection, VERSION, "6");
	sql_exec(connection, "ALTER TABLE base ADD COLUMN real_one integer");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	end();
}
END_TEST

START_TEST(incomplete_stored_down)
{
	begin();
	sql_exec(connection, "CREATE VIEW depends AS SELECT d2 FROM base");
	tool_expect(conninfo, ARGS("downgrade", "3"), 2, "add_column",
				"stored down of migration 4 \"add_d\" failed: \n(2BP01)\n1 of its 3 statements is committed\nthe database stays at version 4");
	tool_expect(conninfo, ARGS("status"), 2, "incomplete\ndown migration 4 stopped after 1 of its statements",
				"Use the newer build\ndowngrade 3");
	tool_expect(conninfo, ARGS("status", "--short"), 2, "HALF-WAY - \nmigration 4 is incomplete\n"
				"version=4 latest=3 pending=0",
				"");
	tool_expect(conninfo, ARGS("status", "--json"), 2,
				"\"half-way\"\n\"down\"\n\"statements_done\": 1\n\"running\": false", "");
	tool_expect(conninfo, ARGS("list"), 0, "incomplete", "");
	sql_exec(connection, "DROP VIEW depends");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('d1', 'd3')", "0");
	end();
}
END_TEST

/* The older build cannot finish an up migration of the newer one, but it can revert it. */
static void
stop_in_the_middle(void)
{
	PGconn	   *blocker;

	build_run("steps");
	conninfo = build_database(3);
	connection = sql_connect(conninfo);
	blocker = block_begin(conninfo, "LOCK TABLE base IN ACCESS SHARE MODE");
	tool_expect(conninfo, ARGS("upgrade", "4", "--lock-timeout=100ms", "--lock-retries=0"), 2, "",
				"lock timeout\n1 of its 3 statements is committed");
	block_end(blocker);

	build_run("steps-3");
}

START_TEST(incomplete_migration_of_a_newer_build)
{
	stop_in_the_middle();
	tool_expect(conninfo, ARGS("status"), 2, "incomplete\nmigration 4",
				"Use the newer build, or revert migration 4 with \ndowngrade 3");
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "incomplete migration 4, which this build does not have\n"
				"downgrade 3");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('d1', 'd3')", "0");
	end();
}
END_TEST

START_TEST(stamp_discards_progress)
{
	stop_in_the_middle();
	tool_expect(conninfo, ARGS("stamp", "3", "--yes"), 0, "is stamped with version 3", "records deleted: 4 \"add_d\"\n"
				"the progress of migration 4, which is"
				" incomplete, is discarded\n");
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	end();
}
END_TEST

#define BY_HAND \
	"hint: If the version was set by hand, run \"fitsdb-schema stamp VERSION --yes\"; \"fitsdb-schema identify\"" \
	" reports the version."

/* A change of the records or of the version; then the messages of status and of the downgrade. */
static const struct {
	const char *sql;
	const char *status;
	const char *json;
	const char *downgrade;
}			gaps[] = {
	{"DELETE FROM fitsdb_schema.migration WHERE version = 5",
		"can go back: no, the down statements of 5 are not available",
		"\"missing_downs\": [\n5\n\"can_go_back\": false",
		"cannot downgrade to version 3\nThe down statements of version 5 are not stored.\n"
		"0 to 3. Nothing was changed\nUse a build that has version 5"},
	{"DELETE FROM fitsdb_schema.migration WHERE version >= 5",
		"can go back: no, the down statements of 5 and 6 are not available", "\"missing_downs\": [\n5,\n6\n"
		"\"can_go_back\": false",
		"The down statements of versions 5 and 6 are not stored.\nUse a build that has version 6"},
	{"UPDATE migrate_version SET version = 9",
		"can go back: no, the down statements of 7 to 9 are not available", "\"missing_downs\": [\n7,\n8,\n9\n",
		"The down statements of versions 7 to 9 are not stored.\n"
		"The last recorded change led to version 6.\n" BY_HAND},
	{"UPDATE fitsdb_schema.migration SET down = '[{\"sql\":\"DROP TABLE c CASCADE\"}]', build = '7.7'"
	" WHERE version = 5",
		"can go back: no, the down statements of 5 are not available", "\"missing_downs\": [\n5\n",
		"stored down statements of version 5 do not match their checksum. They were changed after build 7.7 stored"
		" them\n"
		"Use build 7.7, or another build that has version 5 and its down statements"},
	{"UPDATE fitsdb_schema.migration SET down = '[1]', build = '8.8', down_checksum ="
		" '080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22' WHERE version = 6;"
		" DELETE FROM fitsdb_schema.migration WHERE version = 4",
		"can go back: no, the down statements of 4, 6 are not available", "\"missing_downs\": [\n4,\n6\n",
		"The down statements of version 4 are not stored\n"
		"This build does not support the stored down statements of version 6. Build 8.8 stored them.\nUse build 8.8"},
	{"ALTER TABLE fitsdb_schema.migration DROP down_checksum", "can go back: unknown", "\"can_go_back\": null",
		"could not read the stored down statements: \ndown_checksum does not exist"},
};

START_TEST(gaps_in_the_way)
{
	struct process process;

	begin();
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "is ahead\nUse the newer build, or go back with \ndowngrade 3");
	sql_exec(connection, gaps[_i].sql);
	tool_run(&process, conninfo, ARGS("upgrade"));
	tool_wrote(&process, 3, "", "is ahead\nhint: Use the newer build");
	/* Unknown: the downgrade may be possible. */
	ck_assert((strstr(process.err, "downgrade 3") != NULL) == (strstr(gaps[_i].status, "unknown") != NULL));
	process_clear(&process);
	tool_expect(conninfo, ARGS("status"), 2, gaps[_i].status, "hint: Use the newer build");
	tool_expect(conninfo, ARGS("status", "--json"), 2, gaps[_i].json, NULL);
	tool_expect(conninfo, ARGS("downgrade", "3"), 3, NULL, gaps[_i].downgrade);
	if (strstr(gaps[_i].downgrade, "do not match their checksum"))
		tool_expect(conninfo, ARGS("stamp", "3"), 3, NULL, "statements of version 5 do not match their checksum\n"
					"Nothing was changed.");
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.change WHERE command = 'downgrade'", "0");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('c', 'd1', 'd3')", "3");
	end();
}
END_TEST

/* A version that no migration has made: no message suggests a command that is refused. */
START_TEST(version_set_by_hand)
{
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	begin();
	tool_must(conninfo, ARGS("downgrade", "3", "--quiet"));
	if (_i == 1)
		sql_exec(connection, "DROP SCHEMA fitsdb_schema CASCADE");
	sql_exec(connection, "UPDATE migrate_version SET version = 50");
	tool_expect(conninfo, ARGS("status"), 2, "ahead: ", "hint: Use the newer build.\n" BY_HAND);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "hint: Use the newer build.\n" BY_HAND);
	tool_expect(conninfo, ARGS("init"), 3, NULL, "hint: Use the newer build.\n" BY_HAND);
	tool_expect(conninfo, ARGS("downgrade", "3"), 3, NULL, "versions 4 to 50 are not stored.\n" BY_HAND);
	tool_expect(conninfo, ARGS("stamp", "3"), 3, NULL, "error: database \"fitsdata\" is ahead of this build\n"
				"The down statements of versions 4 to 50 are not stored.\nNothing was changed.\n"
				"hint: If the version was set by hand, repeat with --yes.");
	tool_expect(conninfo, ARGS("stamp", "3", "--yes"), 0, "stamped with version 3 instead of 50",
				"no records of versions 4 to 50 existed\n");
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	tool_expect(conninfo, ARGS("downgrade", "45"), 3, NULL, "error: there is no version 45 in this build\n"
				"hint: It has versions 0 to 3.");
	mem_free(superuser);
	end();
}
END_TEST

/* The down statements of versions that are not reverted may be missing. */
START_TEST(gaps_beside_the_way)
{
	begin();
	sql_exec(connection, "DELETE FROM fitsdb_schema.migration WHERE version IN (2, 4)");
	tool_expect(conninfo, ARGS("downgrade", "4"), 0, "is at version 4", "");
	tool_expect(conninfo, ARGS("downgrade", "3"), 3, NULL, "version 4 are not stored");
	end();
}
END_TEST

/* A kill while it waits for each of these tables in turn; a rerun goes on from there. */
START_TEST(killed_at_every_step)
{
	static const char *const tables[] = {"base", "d3", "base", "d1"};
	struct lines expected = {0};

	read_version_3(&expected);
	begin();
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		char	   *lock = mem_format("LOCK TABLE %s IN ACCESS SHARE MODE", tables[i]);
		PGconn	   *blocker = block_begin(conninfo, lock);
		struct process process;

		tool_start(&process, conninfo, ARGS("downgrade", i == 0 ? "5" : "3", "--lock-timeout=30s"));
		sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'"
				  " AND wait_event_type = 'Lock'", "1");
		process_signal(&process, SIGKILL);
		process_wait(&process);
		tool_ended(&process, 128 + SIGKILL);
		block_end(blocker);
		sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'", "0");
		tool_expect(conninfo, ARGS("status"), 2, "; can go back: yes", "downgrade 3");
		if (i == 0)
			tool_must(conninfo, ARGS("downgrade", "4"));
		mem_free(lock);
	}
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	facts_expect(connection, &expected);
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	lines_clear(&expected);
	end();
}
END_TEST

/* The record also says what stored down statements drop; without that, the names in them must do. */
START_TEST(data_of_unknown_versions)
{
	begin();
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET drops = CASE version WHEN 4 THEN"
			 " '[\"drops table d1\", \"drops table d3\", \"drops column base.d2\"]'::json"
			 " WHEN 6 THEN '[\"drops column base.real_one\"]' ELSE '[]' END");
	sql_exec(connection, "INSERT INTO base (id, d2) VALUES (1, 7), (2, NULL); INSERT INTO d1 VALUES (1), (2);"
			 " INSERT INTO c VALUES (1)");
	tool_expect(conninfo, ARGS("downgrade", "3"), 3, NULL, "to 3 destroys data\n"
				"column d2 of table base is dropped: a value in 1 row\ntable d1 is dropped: 2 rows\n"
				"Nothing was changed\n--yes");
	sql_expect(connection, VERSION, "6");
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET drops = NULL");
	tool_expect(conninfo, ARGS("downgrade", "3"), 3, NULL, "table base may lose columns or rows\ntable d1 may lose");
	tool_expect(conninfo, ARGS("downgrade", "3", "--yes"), 0, "is at version 3", NULL);
	sql_expect(connection, "SELECT count(*) FROM c", "1");
	end();
}
END_TEST

/* The script of a deployment asks the old build for its latest version. */
START_TEST(latest_of_a_build)
{
	struct process process;

	build_run("steps-3");
	tool_run(&process, NULL, ARGS("version", "--latest"));
	tool_wrote(&process, 0, "3", NULL);
	ck_assert_str_eq(process.out, "3\n");
	process_clear(&process);
	tool_expect(NULL, ARGS("status", "--latest"), 3, NULL, "takes no option --latest");
}
END_TEST

Suite *
old_build_suite(void)
{
	Suite	   *suite = suite_create("old_build");
	TCase	   *tcase = tcase_create("old_build");

	tcase_add_unchecked_fixture(tcase, build_steps, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, goes_back_by_the_record);
	tcase_add_test(tcase, stamp_needs_consent);
	tcase_add_test(tcase, names_of_the_record);
	tcase_add_test(tcase, failure_in_the_record);
	tcase_add_test(tcase, incomplete_stored_down);
	tcase_add_test(tcase, incomplete_migration_of_a_newer_build);
	tcase_add_test(tcase, stamp_discards_progress);
	tcase_add_loop_test(tcase, gaps_in_the_way, 0, sizeof(gaps) / sizeof(gaps[0]));
	tcase_add_loop_test(tcase, version_set_by_hand, 0, 2);
	tcase_add_test(tcase, gaps_beside_the_way);
	tcase_add_test(tcase, killed_at_every_step);
	tcase_add_test(tcase, data_of_unknown_versions);
	tcase_add_test(tcase, latest_of_a_build);
	suite_add_tcase(suite, tcase);
	return suite;
}
