/* repair names what it leaves to a person, and what waits for that. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static char *conninfo;
static char *superuser;
static PGconn *connection;

static void
begin(int version)
{
	conninfo = lineage_current("fitsdata", version);
	superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "database fitsdata", "");
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(conninfo);
}

#define RENAME "ALTER TABLE public.gmos RENAME COLUMN arrayname TO array_name;"
#define ADD "ALTER TABLE public.gmos ADD COLUMN array_name text;"

static void
expect_choice(const char *const *command, const char *list)
{
	struct process process;
	json_t	   *json;

	tool_run(&process, conninfo, command);
	ck_assert_int_eq(process.status, 1);
	json = json_loads(process.out, 0, NULL);
	json_expect_string(json_array_get(json_object_get(json, list), 0), "choice", RENAME "\n" ADD);
	json_decref(json);
	process_clear(&process);
}

/* No empty twin is made of a column that may have been renamed, nor is its index built anew. */
START_TEST(a_renamed_column)
{
	begin(LATEST);
	sql_exec(connection, "ALTER TABLE gmos RENAME array_name TO arrayname");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "column array_name is missing: type text; arrayname may be it, renamed:\n"
				"run the first statement if it is, otherwise the second one\n    " RENAME "\n    " ADD "\nwaiting for that:\n"
				"  build index gmos.ix_gmos_array_name again\n0 steps done, the repair is not complete", "");
	expect_choice(ARGS("repair", "--dry-run", "--json"), "left");
	expect_choice(ARGS("verify", "--json"), "differences");
	tool_expect(conninfo, ARGS("verify"), 1, "array_name is missing: type text; arrayname may be it, renamed", "");
	sql_exec(connection, RENAME);
	end();
	begin(33);
	sql_exec(connection, "ALTER TABLE gmos RENAME array_name TO arrayname");
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 3, "arrayname may be it, renamed",
				"cannot be upgraded: 1 object\nThe repair has not added it: do what it says above");
	sql_exec(connection, ADD "ALTER TABLE gmos DROP arrayname");
	end();
}
END_TEST

/* Foreign keys wait for the key that rows contradict. */
START_TEST(foreign_keys_wait)
{
	struct process process;
	json_t	   *json;

	begin(33);
	sql_exec(connection, "ALTER TABLE header DROP CONSTRAINT header_pkey CASCADE; INSERT INTO file (name) VALUES ('a');"
			 " INSERT INTO diskfile (file_id, filename, path, present, canonical) SELECT id, '', '', true, true FROM file;"
			 " INSERT INTO header (id, diskfile_id) SELECT 1, id FROM diskfile, generate_series(1, 2)");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "add constraint header.header_pkey: 1 value is in more than one row\n"
				"waiting for that:\n  add constraint calcache.calcache_cal_hid_fkey\n  add constraint niri.niri_header_id_fkey",
				"");
	tool_run(&process, conninfo, ARGS("repair", "--dry-run", "--json"));
	json = json_loads(process.out, 0, NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "waiting")), 14);
	json_decref(json);
	process_clear(&process);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "\"fitsdb-schema upgrade --repair\"; it says what a person must do.");
	sql_exec(connection, "DELETE FROM header");
	end();
}
END_TEST

/* Another kind of object has the name: it is named, and nothing is done to it. */
START_TEST(names_are_taken)
{
	begin(LATEST);
	sql_exec(connection, "DROP TABLE ghost; CREATE VIEW ghost AS SELECT 1 AS id");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "table ghost is missing: view ghost has that name: rename or drop it\n"
				"waiting for that:\n  add constraint ghost.ghost_header_id_fkey\n0 steps done", "");
	sql_expect(connection, "SELECT to_regclass('ghost_id_seq') IS NULL", "t");
	sql_exec(connection, "DROP VIEW ghost");
	end();
}
END_TEST

/* A column and its index wait for the type. */
START_TEST(another_form_of_a_type)
{
	begin(LATEST);
	sql_exec(connection, "ALTER TABLE gnirs DROP read_mode; DROP TYPE gnirs_read_mode; CREATE DOMAIN gnirs_read_mode AS text"
			 " CHECK (value <> '')");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "type gnirs_read_mode: kind is domain, should be enum: no statement\n"
				"waiting for that:\n  add column gnirs.read_mode\n  add index gnirs.ix_gnirs_read_mode\n0 steps done", "");
	sql_exec(connection, "DROP DOMAIN gnirs_read_mode");
	end();
}
END_TEST

/* Only a superuser can enable the triggers of a constraint. */
START_TEST(triggers_of_constraints)
{
	begin(LATEST);
	server_execute("fitsdata", "ALTER TABLE gmos DISABLE TRIGGER ALL");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "its triggers on gmos are disabled: only a superuser can do it: as one,"
				" repeat with --role=ROLE", "");
	tool_expect(superuser, ARGS("repair", "--yes"), 1, "only a superuser can do it", "");
	tool_expect(superuser, ARGS("repair", "--yes", "--role=postgres"), 0, "the repair is complete", NULL);
	end();
}
END_TEST

/* From PostgreSQL 18 on NOT NULL can be there without being valid. */
START_TEST(not_null_is_not_valid)
{
	begin(LATEST);
	if (server_version(server_main()) >= 180000) {
		sql_exec(connection, "ALTER TABLE archiveuser ALTER username DROP NOT NULL; ALTER TABLE archiveuser ADD CONSTRAINT n NOT"
				 " NULL username NOT VALID");
		tool_expect(conninfo, ARGS("repair", "--yes"), 0, "change column archiveuser.username: not null", "");
	}
	end();
}
END_TEST

START_TEST(two_values)
{
	begin(LATEST);
	tool_expect(conninfo, ARGS("repair", "--yes", "--set", "gmos.id=1", "--set", "public.gmos.id=2"), 3, NULL,
				"--set is given twice for column gmos.id\nNothing was changed.");
	end();
}
END_TEST

/* A version that was typed. */
START_TEST(ahead_of_this_build)
{
	begin(LATEST);
	sql_exec(connection, "UPDATE migrate_version SET version = 999");
	tool_expect(conninfo, ARGS("repair", "--yes"), 3, NULL, "is ahead: it is at version 999, this build has 39\n"
				"Use the newer build.\nIf the version was set by hand, run \"fitsdb-schema stamp VERSION --yes\"");
	sql_exec(connection, "UPDATE migrate_version SET version = 39");
	end();
}
END_TEST

Suite *
repair_left_suite(void)
{
	Suite	   *suite = suite_create("repair_left");
	TCase	   *tcase = tcase_create("repair_left");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, a_renamed_column);
	tcase_add_test(tcase, foreign_keys_wait);
	tcase_add_test(tcase, names_are_taken);
	tcase_add_test(tcase, another_form_of_a_type);
	tcase_add_test(tcase, triggers_of_constraints);
	tcase_add_test(tcase, not_null_is_not_valid);
	tcase_add_test(tcase, two_values);
	tcase_add_test(tcase, ahead_of_this_build);
	suite_add_tcase(suite, tcase);
	return suite;
}
