/*
 * An old build takes back what a newer one has done, by the down statements that are on record.
 *
 * The newer build is of tests/e2e/steps, the older one of that folder's versions 0 to 3.
 */
#include <check.h>

#include "block.h"
#include "build.h"
#include "facts.h"
#include "lines.h"
#include "mem.h"
#include "sql.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

#define VERSION "SELECT version FROM migrate_version"

static char *conninfo;
static PGconn *connection;

static void
setup(void)
{
	build_steps();
	build_older("older", "steps", 3);
}

/* A database that the newer build has taken to version 6; from then on the older build runs. */
static void
begin(void)
{
	build_run("steps");
	conninfo = build_database(6);
	connection = sql_connect(conninfo);
	build_run("older");
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

START_TEST(goes_back_by_the_record)
{
	struct lines expected = {0};

	build_run("steps");
	conninfo = build_database(3);
	connection = sql_connect(conninfo);
	facts_read(connection, &expected);
	end();

	begin();
	tool_expect(conninfo, ARGS("status"), 2, "ahead\nversion 6, this build has 3", "downgrade 3");
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "ahead");
	tool_expect(conninfo, ARGS("list"), 0, "make_temporary_table\nnot in this build", "");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "going back to 3\nis at version 3", "");
	facts_expect(connection, &expected);
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	sql_expect(connection,
			   "SELECT string_agg(version_from || '>' || version_to, ' ' ORDER BY id) FROM fitsdb_schema.change"
			   " WHERE command = 'downgrade' AND state = 'done'", "6>5 5>4 4>3");
	sql_expect(connection, "SELECT string_agg(version::text, ' ' ORDER BY version) FROM fitsdb_schema.migration",
			   "0 1 2 3");

	/* And the newer build goes forward again, as if nothing had been. */
	build_run("steps");
	tool_expect(conninfo, ARGS("upgrade", "6"), 0, "is at version 6", "");
	lines_clear(&expected);
	end();
}
END_TEST

START_TEST(failure_in_the_record)
{
	begin();
	sql_exec(connection, "ALTER TABLE base DROP COLUMN real_one");
	tool_expect(conninfo, ARGS("downgrade", "3"), 2, "going back to 3", "down migration 6 \"add_column\", as on record\n"
				"(42703)\nin the statements on record\nthe database stays at version 6");
	sql_expect(connection, VERSION, "6");
	sql_exec(connection, "ALTER TABLE base ADD COLUMN real_one integer");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	end();
}
END_TEST

START_TEST(failure_half_way_in_the_record)
{
	begin();
	sql_exec(connection, "CREATE VIEW depends AS SELECT d2 FROM base");
	tool_expect(conninfo, ARGS("downgrade", "3"), 2, "add_column", "down migration 4 \"add_d\", as on record\n(2BP01)\n"
				"in the statements on record\n1 of its 3 statements are done\nthe database stays at version 4");
	tool_expect(conninfo, ARGS("status"), 2, "half-way\ndown migration 4 stopped after 1 of its statements",
				"Use the newer build\ndowngrade 3");
	tool_expect(conninfo, ARGS("status", "--short"), 2, "HALF-WAY - \nin migration 4\nversion=4 latest=3 pending=0", "");
	tool_expect(conninfo, ARGS("status", "--json"), 2,
				"\"half-way\"\n\"down\"\n\"statements_done\": 1\n\"running\": false", "");
	tool_expect(conninfo, ARGS("list"), 0, "half-way", "");
	sql_exec(connection, "DROP VIEW depends");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('d1', 'd3')", "0");
	end();
}
END_TEST

/* What the newer build has left in the middle of an up is not the older one's to finish, but it can undo it. */
START_TEST(half_way_beyond_the_build)
{
	PGconn	   *blocker;

	build_run("steps");
	conninfo = build_database(3);
	connection = sql_connect(conninfo);
	blocker = block_begin(conninfo, "LOCK TABLE base IN ACCESS SHARE MODE");
	tool_expect(conninfo, ARGS("upgrade", "4", "--lock-timeout=100ms", "--lock-retries=0"), 2, "",
				"lock timeout\n1 of its 3 statements are done");
	block_end(blocker);

	build_run("older");
	tool_expect(conninfo, ARGS("status"), 2, "half-way\nmigration 4", "Use the newer build\ndowngrade 3");
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "half-way in migration 4, which this build does not have\ndowngrade 3");
	tool_expect(conninfo, ARGS("downgrade", "3"), 0, "is at version 3", "");
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('d1', 'd3')", "0");
	end();
}
END_TEST

Suite *
old_build_suite(void)
{
	Suite	   *suite = suite_create("old_build");
	TCase	   *tcase = tcase_create("old_build");

	tcase_add_unchecked_fixture(tcase, setup, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, goes_back_by_the_record);
	tcase_add_test(tcase, failure_in_the_record);
	tcase_add_test(tcase, failure_half_way_in_the_record);
	tcase_add_test(tcase, half_way_beyond_the_build);
	suite_add_tcase(suite, tcase);
	return suite;
}
