/* repair and upgrade: of what an upgrade is refused for, and of versions that were recorded by mistake. */
#include <check.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static char *conninfo;
static PGconn *connection;

static void
begin(int version)
{
	conninfo = lineage_current("fitsdata", version);
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* Nothing but the order of columns is different. */
static void
expect_same(void)
{
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	tool_expect(conninfo, ARGS("status"), 0, "current: ", "");
}

/* An upgrade repairs first, if it is told to. */
START_TEST(before_an_upgrade)
{
	begin(31);
	sql_exec(connection, "DROP TABLE ghost; ALTER TABLE exportqueue DROP COLUMN sortkey");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "");
	tool_expect(conninfo, ARGS("upgrade", "--set", "a.b=1"), 3, NULL, "--set needs --repair");
	tool_expect(conninfo, ARGS("upgrade", "--repair", "--sql"), 3, NULL, "cannot be combined");
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 0, "  add table ghost \n  add column exportqueue.sortkey \n"
				"at version 31: \nis at version 39, the latest of this build", "");
	expect_same();
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 0, "nothing to repair at version 39\nnothing to do at version 39",
				NULL);
	end();
}
END_TEST

/* What an upgrade is refused for, a repair adds; then the upgrade ends complete, or needs another repair. */
static const struct {
	int			version;
	const char *damage;
	int			status;			/* of the upgrade */
}			refused_ones[] = {
	/* a label of a type that a pending migration renames */
	{20, "DELETE FROM pg_enum WHERE enumtypid = 'procsci'::regtype AND enumlabel = 'ql'", 0},
	/* a table that a pending migration creates is there, without columns and without the sequence of its serial */
	{22, "SET ROLE fitsdata; CREATE TABLE miscfile_plus (id serial PRIMARY KEY, folder_id integer, filename text)", 1},
	{22, "SET ROLE fitsdata; CREATE TABLE miscfile_collection (id integer PRIMARY KEY, name text, description text,"
	" program_id text); INSERT INTO miscfile_collection VALUES (7, 'a')", 0},
};

START_TEST(then_upgrades)
{
	begin(refused_ones[_i].version);
	server_execute("fitsdata", refused_ones[_i].damage);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "To add ");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "the repair is complete", NULL);
	tool_expect(conninfo, ARGS("upgrade"), refused_ones[_i].status, "", refused_ones[_i].status == 0 ? NULL
				: "constraint miscfile_plus_folder_id_fkey is missing\nhint: To add the missing objects, run"
				" \"fitsdb-schema repair\"");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, refused_ones[_i].status == 0 ? "nothing to repair" : "complete",
				NULL);
	expect_same();
	end();
}
END_TEST

/* Nothing is done where the version may be wrong, or unknown. */
START_TEST(refused)
{
	begin(20);
	sql_exec(connection, "UPDATE migrate_version SET version = 26");
	tool_expect(conninfo, ARGS("repair", "--yes"), 3, NULL, "matches version 20 exactly, not the recorded version 26\n"
				"Nothing was changed.\nidentify");
	sql_exec(connection, "UPDATE migrate_version SET version = 77");
	tool_expect(conninfo, ARGS("repair", "--yes"), 3, NULL, "database \"fitsdata\" is ahead");
	sql_exec(connection, "DROP TABLE migrate_version");
	tool_expect(conninfo, ARGS("repair", "--yes"), 3, NULL, "not under version control");
	end();
}
END_TEST

/* The stamp is too low. A column that a later migration has renamed is not added again. */
START_TEST(a_stamp_is_too_low)
{
	begin(33);
	lineage_forget(connection, 7);
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "nothing to repair at version 7\nnote: header: column procsci is"
				" missing: type character varying(4): the migration to version 21 replaces or removes it", NULL);
	tool_expect(conninfo, ARGS("upgrade"), 0, "is at version 39, the latest of this build", NULL);
	expect_same();
	end();
}
END_TEST

/* A stamp that is too high: repair refuses, or names the stamp for what it cannot do. */
START_TEST(a_stamp_is_too_high)
{
	begin(36);
	lineage_forget(connection, LATEST);
	tool_expect(conninfo, ARGS("repair", "--yes"), 3, NULL, "matches version 36 exactly, not the recorded version 39\n"
				"Run \"fitsdb-schema stamp 36\", then \"fitsdb-schema upgrade\"");
	tool_must(conninfo, ARGS("stamp", "36"));
	tool_expect(conninfo, ARGS("upgrade"), 0, "is at version 39, the latest of this build", NULL);
	sql_exec(connection, "ALTER TABLE tapefile ALTER COLUMN size TYPE integer; DROP INDEX ix_gmos_array_name");
	for (int again = 0; again <= 1; again++)
		tool_expect(conninfo, ARGS("repair", "--yes"), 1, "it cannot be changed without a rewrite or data loss",
					"hint: A migration makes the remaining changes: run \"fitsdb-schema stamp 36\", then"
					" \"fitsdb-schema upgrade\"");
	tool_must(conninfo, ARGS("stamp", "36"));
	tool_expect(conninfo, ARGS("upgrade"), 0, "is at version 39, the latest of this build", NULL);
	expect_same();
	end();
}
END_TEST

/* After an incomplete repair the exit status is 1, even if there is nothing to upgrade. A failed step ends the command. */
START_TEST(upgrade_after_an_incomplete_repair)
{
	begin(LATEST);
	sql_exec(connection, "ALTER TABLE exportqueue DROP CONSTRAINT exportqueue_filename_inprogress_failed_destination_key;"
			 "INSERT INTO exportqueue (filename, inprogress, failed, destination) VALUES ('a', false, false, 'b'),"
			 " ('a', false, false, 'b')");
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 1, "the repair is not complete\nnothing to do at version 39", NULL);
	end();
	begin(24);
	sql_exec(connection, "INSERT INTO miscfile_folder (release) VALUES (now()); ALTER TABLE miscfile_folder DROP release");
	tool_expect(conninfo, ARGS("upgrade", "--repair", "--set", "miscfile_folder.release=to_timestamp(1 / (id - id))"), 2,
				"not repaired", "division by zero\nthe upgrade was not started, because a step of the repair failed");
	sql_expect(connection, "SELECT version FROM migrate_version", "24");
	end();
}
END_TEST

Suite *
repair_upgrade_suite(void)
{
	Suite	   *suite = suite_create("repair_upgrade");
	TCase	   *tcase = tcase_create("repair_upgrade");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, before_an_upgrade);
	tcase_add_loop_test(tcase, then_upgrades, 0, sizeof(refused_ones) / sizeof(refused_ones[0]));
	tcase_add_test(tcase, refused);
	tcase_add_test(tcase, a_stamp_is_too_low);
	tcase_add_test(tcase, a_stamp_is_too_high);
	tcase_add_test(tcase, upgrade_after_an_incomplete_repair);
	suite_add_tcase(suite, tcase);
	return suite;
}
