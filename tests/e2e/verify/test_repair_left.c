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
static PGconn *connection;

static void
begin(int version)
{
	conninfo = lineage_current("fitsdata", version);
	connection = sql_connect(conninfo);
}

static void
close_all(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* A person has done the remaining work. */
static void
end(void)
{
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "database fitsdata", "");
	tool_must(conninfo, ARGS("upgrade"));
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	close_all();
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
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "column array_name is missing: type text; arrayname may be this"
				" object, renamed:\n"
				"if it was renamed, run the first statement, otherwise the second one\n    " RENAME "\n    " ADD "\nsteps that depend on these:\n"
				"  build index gmos.ix_gmos_array_name again\n0 steps done, the repair is not complete", "");
	expect_choice(ARGS("repair", "--dry-run", "--json"), "left");
	expect_choice(ARGS("verify", "--json"), "differences");
	tool_expect(conninfo, ARGS("verify"), 1, "array_name is missing: type text; arrayname may be this object,"
				" renamed", "");
	sql_exec(connection, RENAME);
	end();
	begin(33);
	sql_exec(connection, "ALTER TABLE gmos RENAME array_name TO arrayname");
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 3, "arrayname may be this object, renamed",
				"cannot be upgraded: 1 object\nThe repair has not added it. Follow its messages above");
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
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "add constraint header.header_pkey: 1 value occurs more than"
				" once\nsteps that depend on these:\n  add constraint calcache.calcache_cal_hid_fkey\n"
				"  add constraint niri.niri_header_id_fkey", "");
	tool_run(&process, conninfo, ARGS("repair", "--dry-run", "--json"));
	json = json_loads(process.out, 0, NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "waiting")), 14);
	json_decref(json);
	process_clear(&process);
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "\"fitsdb-schema upgrade --repair\". It reports the differences"
				" that it cannot repair.");
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
				"steps that depend on these:\n  add constraint ghost.ghost_header_id_fkey\n0 steps done", "");
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
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "type gnirs_read_mode: kind is domain, should be enum: it cannot"
				" be changed without\n"
				"steps that depend on these:\n  add column gnirs.read_mode\n  add index gnirs.ix_gnirs_read_mode\n"
				"0 steps done", "");
	sql_exec(connection, "DROP DOMAIN gnirs_read_mode");
	end();
}
END_TEST

/* Only a superuser can enable the triggers of a constraint. */
START_TEST(triggers_of_constraints)
{
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	begin(LATEST);
	server_execute("fitsdata", "ALTER TABLE gmos DISABLE TRIGGER ALL");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "its triggers on gmos are disabled: only a superuser can do this:"
				" connect as a superuser, and repeat with --role=ROLE, the name", "");
	tool_expect(superuser, ARGS("repair", "--yes"), 1, "only a superuser can do this", "");
	tool_expect(superuser, ARGS("repair", "--yes", "--role=postgres"), 0, "the repair is complete", NULL);
	mem_free(superuser);
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

/* Rows that contradict a constraint are counted. A query shows them. */
START_TEST(rows_contradict)
{
	begin(LATEST);
	sql_exec(connection, "ALTER TABLE ingestqueue DROP CONSTRAINT ingestqueue_filename_path_key;"
			 " INSERT INTO ingestqueue (filename, path) VALUES ('a', 'b'), ('a', 'b'), ('c', 'd');"
			 " ALTER TABLE gmos DROP CONSTRAINT gmos_header_id_fkey; INSERT INTO gmos (header_id) VALUES (7), (8);"
			 " ALTER TABLE archiveuser ALTER username DROP NOT NULL; INSERT INTO archiveuser (username) VALUES (NULL)");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "constraint ingestqueue.ingestqueue_filename_path_key: 1 value"
				" occurs more than once\n    SELECT filename, path, count(*) FROM ONLY public.ingestqueue WHERE\n"
				"constraint gmos.gmos_header_id_fkey: 2 rows contradict it\n    SELECT f.* FROM ONLY\n"
				"archiveuser.username: not null: 1 row needs a value: repeat with --set 'archiveuser.username=EXPRESSION'\n"
				"    SELECT * FROM ONLY public.archiveuser WHERE username IS NULL;", "");
	sql_exec(connection, "DELETE FROM gmos; DELETE FROM ingestqueue; DELETE FROM archiveuser");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "add constraint gmos.gmos_header_id_fkey \n"
				"add constraint ingestqueue.ingestqueue_filename_path_key ", "");
	end();
}
END_TEST

/* A person decides whether a label was renamed, and restores the rows of a table that was missing. */
START_TEST(a_person_decides)
{
	begin(LATEST);
	sql_exec(connection, "INSERT INTO file (name) VALUES ('a'), ('b'); INSERT INTO diskfile (file_id, filename, path,"
			 " present, canonical) SELECT id, name, '', true, true FROM file; INSERT INTO obslog (diskfile_id, program_id)"
			 " SELECT id, 'x' FROM diskfile; ALTER TYPE caltype RENAME VALUE 'domeflat' TO 'dome'; DROP TABLE header CASCADE;"
			 " INSERT INTO gmos (header_id) VALUES (7)");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "constraint gmos.gmos_header_id_fkey: 1 row contradicts it;\n"
				"restore its rows from a backup\nlabel domeflat is missing; dome may be this object, renamed: if it was"
				" renamed, run\n    ALTER TYPE public.caltype RENAME VALUE 'dome' TO 'domeflat';\n"
				"    ALTER TYPE public.caltype ADD VALUE 'domeflat';", NULL);
	sql_exec(connection, "ALTER TYPE public.caltype RENAME VALUE 'dome' TO 'domeflat'; DELETE FROM gmos");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "the repair is complete", "");
	end();
}
END_TEST

/* An extra constraint that refuses rows is left: a person decides whether to drop it. */
START_TEST(an_extra_constraint)
{
	begin(LATEST);
	sql_exec(connection, "CREATE UNIQUE INDEX mine ON exportqueue (filename)");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "not repaired:\nindex mine is not part of version 39: unique btree"
				" (filename): it refuses rows that the version allows", "");
	sql_exec(connection, "DROP INDEX mine; CREATE UNIQUE INDEX mine ON exportqueue (id, filename)");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, "nothing to repair", "");
	close_all();
}
END_TEST

/* Migration 37 changes the type of this column, but not from text. */
START_TEST(a_foreign_type)
{
	begin(33);
	sql_exec(connection, "ALTER TABLE tapefile ALTER size TYPE text");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "not repaired:\ncolumn size: type is text, should be integer", "");
	close_all();
}
END_TEST

/* A policy that hides rows from the owner, too, would leave them without a value. */
START_TEST(policies_hide_rows)
{
	begin(LATEST);
	sql_exec(connection, "INSERT INTO exportqueue (filename, destination, inprogress, failed) VALUES"
			 " ('a', 'd', false, false), ('b', 'd', false, false); CREATE POLICY p ON exportqueue USING (filename = 'a');"
			 " ALTER TABLE exportqueue DROP after, ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "add column exportqueue.after: the step failed",
				"error: add column exportqueue.after failed: query would be affected by row-level security policy\n"
				"hint: To disable the policy for the table's owner, use ALTER TABLE NO FORCE ROW LEVEL SECURITY");
	sql_exec(connection, "ALTER TABLE exportqueue NO FORCE ROW LEVEL SECURITY");
	tool_expect(conninfo, ARGS("repair", "--yes"), 1, "add column exportqueue.after\nrow security should not be set", NULL);
	sql_expect(connection, "SELECT count(after) FROM exportqueue", "2");
	close_all();
}
END_TEST

/* Nothing is done with the objects of an untrusted role. */
START_TEST(untrusted_objects)
{
	begin(LATEST);
	server_execute("fitsdata", "ALTER TABLE ghost OWNER TO apache; DROP INDEX ix_ghost_arm, ix_gmos_array_name");
	/* The rows of tables that it can reach are not even counted. */
	tool_expect(conninfo, ARGS("repair", "--dry-run"), 3, NULL, "table public.ghost of role \"apache\"\nNothing was changed.");
	tool_expect(conninfo, ARGS("repair", "--yes"), 3, NULL, "ghost");
	server_execute("fitsdata", "ALTER TABLE ghost DROP CONSTRAINT ghost_header_id_fkey");
	tool_expect(conninfo, ARGS("repair", "--dry-run"), 1, "  add index gmos.ix_gmos_array_name\nnot repaired:\n"
				"index ix_ghost_arm is missing: btree (arm): it belongs to an untrusted role", "could not compare 1"
				" sequence with its table: permission denied");
	close_all();
}
END_TEST

/* An object that a later version replaces is not added again. Extra objects remain. */
START_TEST(nothing_is_brought_back)
{
	char	   *before;

	conninfo = lineage_fresh("fitsdata", &lineage_kinds[5]);
	connection = sql_connect(conninfo);
	sql_exec(connection, "CREATE TABLE mine (id integer); CREATE INDEX mine_too ON gmos (id, header_id);"
			 " INSERT INTO exportqueue (filename, path, destination) VALUES ('a', 'b', 'c'), ('a', 'b', 'd')");
	before = sql_value(connection, "SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint"
					   " WHERE conrelid = 'exportqueue'::regclass");
	tool_expect(conninfo, ARGS("repair", "--yes"), 0, " extra objects remain\nnothing to repair", NULL);
	sql_expect(connection, "SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint"
			   " WHERE conrelid = 'exportqueue'::regclass", before);
	sql_expect(connection, "SELECT to_regclass('mine') || ' ' || to_regclass('mine_too')", "mine mine_too");
	mem_free(before);
	close_all();
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
	tcase_add_test(tcase, rows_contradict);
	tcase_add_test(tcase, a_person_decides);
	tcase_add_test(tcase, an_extra_constraint);
	tcase_add_test(tcase, a_foreign_type);
	tcase_add_test(tcase, policies_hide_rows);
	tcase_add_test(tcase, untrusted_objects);
	tcase_add_test(tcase, nothing_is_brought_back);
	suite_add_tcase(suite, tcase);
	return suite;
}
