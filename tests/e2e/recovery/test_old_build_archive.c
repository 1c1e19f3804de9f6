/*
 * A build with the archive's own migrations 0 to 37 reverts what the current build has done. The current build accepts
 * what release 0.1.0 has done: its migrations 31 and 37 had other SQL.
 */
#include <check.h>
#include <signal.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static char *conninfo;
static PGconn *connection;

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* Version 37, with rows that migration 38 fills in. From then on the newer build runs. */
static void
begin(void)
{
	build_run("migrations-37");
	conninfo = lineage_current("fitsdata", 37);
	connection = sql_connect(conninfo);
	sql_exec(connection, "INSERT INTO file (name) VALUES ('N20200229S0001.fits'), ('N20200229S0002.fits');"
			 " INSERT INTO diskfile (file_id, filename, path, present, canonical)"
			 " SELECT id, name, '', true, true FROM file");
	tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 37", NULL);
	build_end();
}

static void
expect_reverted(void)
{
	build_run("migrations-37");
	tool_expect(conninfo, ARGS("downgrade", "37"), 0, "is at version 37", NULL);
	tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 37", NULL);
	facts_expect_version(connection, "v037");
	/* The filled-in values stay, and are not filled in again. */
	build_end();
	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT string_agg(DISTINCT datafile_timestamp::text, ' ') FROM diskfile",
			   "2020-02-29 00:00:00+00");
	end();
}

START_TEST(a_complete_upgrade_is_reverted)
{
	begin();
	tool_must(conninfo, ARGS("upgrade"));
	build_run("migrations-37");
	tool_expect(conninfo, ARGS("status"), 2,
				"ahead: database fitsdata at version 39, this build has 37; can go back: yes", "downgrade 37");
	expect_reverted();
}
END_TEST

/* The newer build is killed in a batch, at the second row. */
START_TEST(an_incomplete_batch_is_reverted)
{
	PGconn	   *blocker;
	struct process process;

	begin();
	blocker = block_begin(conninfo, "SELECT FROM diskfile ORDER BY id FOR UPDATE LIMIT 1 OFFSET 1");
	block_upgrade(&process, conninfo, "38");
	process_signal(&process, SIGKILL);
	process_wait(&process);
	tool_ended(&process, 128 + SIGKILL);
	block_end(blocker);
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fitsdb-schema'", "0");
	build_run("migrations-37");
	tool_expect(conninfo, ARGS("status"), 2, "incomplete: \nmigration 38\n; can go back: yes", "downgrade 37");
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "incomplete migration 38, which this build does not have");
	expect_reverted();
}
END_TEST

/* A database that 0.1.0 has upgraded; its tables of records are those of that release. */
static void
begin_first_release(int version)
{
	build_run("first_release-39");
	conninfo = lineage_current("fitsdata", version);
	connection = sql_connect(conninfo);
	sql_exec(connection, "ALTER TABLE fitsdb_schema.migration DROP COLUMN drops");
	build_end();
}

#define MISMATCH(versions) "checksum mismatch\nthe SQL applied is not the SQL in this build for version" versions "\n"
#define ACCEPT(version) \
	"hint: If \"fitsdb-schema verify\" reports no differences, run \"fitsdb-schema stamp " version "\""

START_TEST(the_first_release_is_accepted)
{
	struct lines expected = {0};

	begin_first_release(LATEST);
	tool_expect(conninfo, ARGS("status"), 2, MISMATCH(" 31 37"), ACCEPT("39"));
	tool_expect(conninfo, ARGS("list"), 0, "add_exportqueue_after\nchecksum mismatch\n"
				"reconcile_with_data_models\nchecksum mismatch", "");
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "for versions 31 37 is not the SQL in this build\n" ACCEPT("39"));
	tool_expect(conninfo, ARGS("plan"), 1, NULL, "for versions 31 37 is not the SQL in this build\n" ACCEPT("39"));
	tool_expect(conninfo, ARGS("verify"), 0, "same", NULL);
	tool_expect(conninfo, ARGS("stamp", "39"), 0, "is stamped with version 39; no migration was run", "");
	tool_expect(conninfo, ARGS("status"), 0, "current", "");

	/* The down of 37 is now this build's, which leaves everything in place. */
	lineage_facts_33(&expected);
	facts_downgrade(&expected, LATEST, 33);
	tool_must(conninfo, ARGS("downgrade", "33", "--yes"));
	facts_expect(connection, &expected);
	tool_must(conninfo, ARGS("upgrade"));
	facts_expect_version(connection, "v037");
	lines_clear(&expected);
	end();
}
END_TEST

START_TEST(the_first_release_is_accepted_below_37)
{
	begin_first_release(33);
	sql_exec(connection, "INSERT INTO exportqueue (filename, destination) VALUES ('a', 'x')");
	tool_expect(conninfo, ARGS("status"), 2, MISMATCH(" 31"), ACCEPT("33"));
	tool_expect(conninfo, ARGS("upgrade"), 3, "", "for version 31 is not the SQL in this build\n" ACCEPT("33"));
	tool_expect(conninfo, ARGS("verify"), 0, "same", NULL);
	tool_must(conninfo, ARGS("stamp", "33"));
	tool_must(conninfo, ARGS("upgrade"));
	facts_expect_version(connection, "v037");
	sql_expect(connection, "SELECT count(*) FROM exportqueue WHERE after <= localtimestamp", "1");
	end();
}
END_TEST

/* The other way: by the downs of 0.1.0. */
START_TEST(the_first_release_is_reverted)
{
	begin_first_release(LATEST);
	tool_must(conninfo, ARGS("downgrade", "30", "--yes"));
	tool_expect(conninfo, ARGS("verify"), 0, "same", NULL);
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("status"), 0, "current", "");
	facts_expect_version(connection, "v037");
	end();
}
END_TEST

Suite *
old_build_archive_suite(void)
{
	Suite	   *suite = suite_create("old_build_archive");
	TCase	   *tcase = tcase_create("old_build_archive");

	tcase_add_unchecked_fixture(tcase, server_setup, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_complete_upgrade_is_reverted);
	tcase_add_test(tcase, an_incomplete_batch_is_reverted);
	tcase_add_test(tcase, the_first_release_is_accepted);
	tcase_add_test(tcase, the_first_release_is_accepted_below_37);
	tcase_add_test(tcase, the_first_release_is_reverted);
	suite_add_tcase(suite, tcase);
	return suite;
}
