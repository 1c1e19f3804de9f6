/*
 * A build with the archive's own migrations 0 to 37 reverts what the current build has done.
 */
#include <check.h>
#include <signal.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/facts.h"
#include "support/lineage.h"
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

Suite *
old_build_archive_suite(void)
{
	Suite	   *suite = suite_create("old_build_archive");
	TCase	   *tcase = tcase_create("old_build_archive");

	tcase_add_unchecked_fixture(tcase, server_setup, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_complete_upgrade_is_reverted);
	tcase_add_test(tcase, an_incomplete_batch_is_reverted);
	suite_add_tcase(suite, tcase);
	return suite;
}
