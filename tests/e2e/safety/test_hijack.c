/*
 * Objects that another role has planted are not run, and do not mislead the program: in schema public, and in a schema
 * that the database's search path names first.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/safety/hijack.h"
#include "e2e/suites.h"
#include "support/lineage.h"
#include "support/plant.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static const struct {
	const char *login;
	const char *path;			/* a setting of the owner's; NULL: none */
}			settings[] = {
	{"fitsdata", NULL},
	{"postgres", NULL},
	{"fitsdata", "ALTER DATABASE fitsdata SET search_path = evil, public, pg_catalog"},
	{"postgres", "ALTER DATABASE fitsdata SET search_path = evil, public, pg_catalog"},
	{"fitsdata", "ALTER ROLE fitsdata IN DATABASE fitsdata SET search_path = evil, public"},
};

/*
 * Operators and functions in public that SQL may find in the place of the system's: the commands that read call none of
 * them, and those that run migrations refuse. They run once only schema evil has such things.
 */
START_TEST(every_command)
{
	char	   *owner = lineage_migrated("fitsdata", 18);
	char	   *conninfo = server_conninfo(server_main(), settings[_i].login, "fitsdata");

	plant_all("fitsdata");
	plant_works("fitsdata");
	if (settings[_i].path)
		server_execute("fitsdata", settings[_i].path);
	tool_expect(conninfo, ARGS("status"), 1, "behind: database fitsdata at version 18", NULL);
	tool_expect(conninfo, ARGS("log"), 0, NULL, "the change log is empty");
	tool_expect(conninfo, ARGS("init"), 3, NULL, "is not empty");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "belongs to role \"evil\", and SQL may use it instead of\nand \n"
				"DROP OPERATOR");
	tool_expect(conninfo, ARGS("upgrade", "--sql"), 3, NULL, "belongs to role \"evil\", and SQL may use it");
	tool_must(conninfo, ARGS("stamp", "39"));
	tool_must(conninfo, ARGS("status", "--quiet"));
	tool_must(conninfo, ARGS("list"));
	tool_must(conninfo, ARGS("log"));
	tool_expect(conninfo, ARGS("downgrade", "18", "--yes"), 3, NULL, "belongs to role \"evil\", and SQL may use it");
	tool_expect(conninfo, ARGS("status", "--short"), 0, "OK - fitsdata at version 39", NULL);
	plant_expect_none("fitsdata");
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

#define OUR_ROW "'Repository for FitsStorage migration' AS repository_id, "

/* In a database that is not under version control, another role may have created objects with our names. */
static const struct {
	const char *sql;			/* by role evil */
	const char *status;			/* what status says, with which exit status */
	int			exit;
	const char *refusal;		/* of whatever writes */
}			ours[] = {
	{"CREATE VIEW public.migrate_version AS SELECT 39 AS version WHERE evil.note('version')",
		"relation public.migrate_version is not trusted: it is not a table", 3, "is not trusted: it is not a table"},
	{"CREATE TABLE public.migrate_version AS SELECT " OUR_ROW "39 AS version",
		"its owner \"evil\"", 3,
		"table public.migrate_version is not trusted: its owner \"evil\" does not own the database\n"
		"Nothing was changed"},
	{"CREATE TABLE public.migrate_version AS SELECT " OUR_ROW "39 AS version; ALTER TABLE public.migrate_version ENABLE ROW LEVEL"
		" SECURITY; CREATE POLICY p ON public.migrate_version USING (evil.note('policy'))",
		"its owner \"evil\"", 3,
		"its owner \"evil\""},
	{"CREATE TABLE public.migrate_version AS SELECT " OUR_ROW "18 AS version; CREATE FUNCTION evil.f() RETURNS trigger LANGUAGE"
		" plpgsql AS 'BEGIN PERFORM evil.note(''trigger''); RETURN NEW; END'; CREATE TRIGGER t BEFORE UPDATE ON"
		" public.migrate_version FOR EACH STATEMENT EXECUTE PROCEDURE evil.f()", "its owner \"evil\"", 3,
		"its owner \"evil\""},
	{"CREATE SCHEMA fitsdb_schema; GRANT USAGE ON SCHEMA fitsdb_schema TO PUBLIC; CREATE VIEW fitsdb_schema.standing AS"
		" SELECT 39 AS version, 'x'::text AS history, true AS settled WHERE evil.note('standing'); GRANT SELECT ON"
		" fitsdb_schema.standing TO PUBLIC", "relation fitsdb_schema.standing is not trusted: it is not a table", 3, "fitsdb_schema"},
	{"CREATE SCHEMA fitsdb_schema; GRANT USAGE ON SCHEMA fitsdb_schema TO PUBLIC; CREATE TABLE fitsdb_schema.standing"
		" AS SELECT 18 AS version, 'x'::text AS history, false AS settled; CREATE VIEW fitsdb_schema.change AS SELECT"
		" 1::bigint AS"
		" id, 'init'::text AS command, 18 AS version_from, 19 AS version_to, 1 AS statement, 'x'::text AS build,"
		" 'running'::text AS state WHERE evil.note('change'); GRANT SELECT ON ALL TABLES IN SCHEMA fitsdb_schema TO"
		" PUBLIC",
		"relation fitsdb_schema.change is not trusted: it is not a table", 3, "fitsdb_schema"},
	{"CREATE SCHEMA fitsdb_schema; GRANT USAGE ON SCHEMA fitsdb_schema TO PUBLIC; CREATE TYPE fitsdb_schema.t AS (x"
		" text); CREATE FUNCTION fitsdb_schema.cast(fitsdb_schema.t) RETURNS timestamptz LANGUAGE sql AS"
		" $$SELECT now() WHERE evil.note('cast')$$;"
		" CREATE CAST (fitsdb_schema.t AS timestamptz) WITH FUNCTION fitsdb_schema.cast(fitsdb_schema.t) AS IMPLICIT;"
		" CREATE TABLE fitsdb_schema.standing AS SELECT 18 AS version, 'x'::text AS history, true AS settled;"
		" CREATE TABLE fitsdb_schema.migration AS SELECT 18 AS version, 'x'::text AS name, 'x'::text AS checksum,"
		" 'x'::text AS history, ROW('x')::fitsdb_schema.t AS applied_at; CREATE TABLE fitsdb_schema.change (id bigint,"
		" command text, version_from integer, version_to integer, state text, statement integer, build text);"
		" GRANT SELECT ON ALL TABLES IN SCHEMA fitsdb_schema TO PUBLIC", "has a column of a type of its own", 3,
	"fitsdb_schema"},
};

START_TEST(objects_with_our_names)
{
	char	   *owner = _i < 4 ? server_database("fitsdata") : lineage_migrated("fitsdata", 18);
	char	   *logins[] = {owner, server_conninfo(server_main(), "postgres", "fitsdata")};
	char	   *plant = mem_format("SET ROLE evil; %s%s", ours[_i].sql,
								  _i < 4 ? "; GRANT SELECT ON public.migrate_version TO PUBLIC" : "");

	plant_trap("fitsdata");
	if (_i < 4)
		server_execute("fitsdata", "DROP TABLE IF EXISTS migrate_version");
	server_execute("fitsdata", plant);
	for (int i = 0; i < 2; i++) {
		struct process process;

		tool_run(&process, logins[i], ARGS("status"));
		ck_assert_msg(process.status == ours[_i].exit
					  && (strstr(process.out, ours[_i].status) || strstr(process.err, ours[_i].status)),
					  "status %d:\n%s%s", process.status, process.out, process.err);
		process_clear(&process);
		tool_run(&process, logins[i], ARGS("list"));
		process_clear(&process);
		tool_run(&process, logins[i], ARGS("log"));
		process_clear(&process);
		tool_expect(logins[i], ARGS("upgrade"), 3, NULL, ours[_i].refusal);
		tool_expect(logins[i], ARGS("downgrade", "0"), 3, NULL, ours[_i].refusal);
		tool_expect(logins[i], ARGS("stamp", "39"), 3, NULL, ours[_i].refusal);
		tool_expect(logins[i], ARGS("init"), 3, NULL, ours[_i].refusal);
		tool_expect(logins[i], ARGS("upgrade", "--sql"), 3, NULL, "");
	}
	plant_expect_none("fitsdata");
	mem_free(plant);
	mem_free(logins[1]);
	mem_free(owner);
}
END_TEST

/* Any role may hold the advisory lock, and create missing tables while a run waits for it. */
static const struct {
	const char *command[2];
	const char *sql;			/* by role evil, in a database that is not under version control */
}			waits[] = {
	{{"stamp", "39"}, "CREATE TABLE public.migrate_version (repository_id text, repository_path text, version integer);"
		" INSERT INTO public.migrate_version VALUES ('x', 'y', 18); GRANT ALL ON public.migrate_version TO PUBLIC;"
		" CREATE FUNCTION evil.f() RETURNS trigger LANGUAGE plpgsql AS"
		" 'BEGIN PERFORM evil.note(''trigger''); RETURN NEW;"
		" END'; CREATE TRIGGER t BEFORE UPDATE ON public.migrate_version FOR EACH ROW EXECUTE PROCEDURE evil.f()"},
	{{"init", NULL}, "CREATE SCHEMA fitsdb_schema; CREATE VIEW fitsdb_schema.change AS SELECT 1"
	" WHERE evil.note('view')"},
};

START_TEST(planted_during_a_wait)
{
	char	   *owner = server_database("fitsdata");
	char	   *logins[] = {owner, server_conninfo(server_main(), "postgres", "fitsdata")};

	plant_trap("fitsdata");
	for (int i = 0; i < 2; i++) {
		PGconn	   *evil = sql_connect(logins[1]);
		struct process process;

		sql_exec(evil, "SET ROLE evil; SELECT pg_advisory_lock(112603111318626)");
		tool_start(&process, logins[i], ARGS(waits[_i].command[0], waits[_i].command[1]));
		process_expect(&process, "waiting for the lock, held by PID");
		sql_exec(evil, waits[_i].sql);
		sql_exec(evil, "SELECT pg_advisory_unlock_all()");
		process_wait(&process);
		tool_wrote(&process, 3, NULL, "is not trusted\nNothing was changed");
		process_clear(&process);
		sql_exec(evil, "DROP TABLE IF EXISTS public.migrate_version; DROP SCHEMA IF EXISTS fitsdb_schema CASCADE;"
				 " DROP FUNCTION IF EXISTS evil.f()");
		PQfinish(evil);
	}
	plant_expect_none("fitsdata");
	mem_free(logins[1]);
	mem_free(owner);
}
END_TEST

/* A role gives its type, which a column of ours has or is made of, a cast: to count rows would call it. */
static const char *const made_of_a_type[] = {
	"ALTER TABLE tapewrite ADD COLUMN tape_id evil.x NOT NULL",
	"ALTER TABLE tapewrite ADD COLUMN tape_id integer NOT NULL DEFAULT 1, ADD COLUMN more evil.x[]",
	"CREATE DOMAIN d AS evil.x; ALTER TABLE tapewrite ADD COLUMN tape_id d NOT NULL",
	"CREATE DOMAIN d AS evil.x[]; ALTER TABLE tapewrite ADD COLUMN tape_id integer NOT NULL DEFAULT 1, ADD COLUMN more d[]",
	"CREATE TYPE c AS (a evil.x); ALTER TABLE tapewrite ADD COLUMN tape_id integer NOT NULL DEFAULT 1, ADD COLUMN more c",
	"CREATE TYPE r AS RANGE (SUBTYPE = evil.x); ALTER TABLE tapewrite ADD tape_id integer NOT NULL DEFAULT 1, ADD more r",
};

START_TEST(casts_of_a_type)
{
	char	   *owner = lineage_current("fitsdata", 39);
	char	   *login = server_conninfo(server_main(), "postgres", "fitsdata");
	char	   *sql = mem_format("SET ROLE fitsdata; ALTER TABLE tapewrite DROP CONSTRAINT tapewrite_tape_id_fkey, DROP COLUMN"
								 " tape_id; %s; INSERT INTO tapewrite (tape_id) VALUES ('1'); INSERT INTO tape (label) VALUES ('a')",
								 made_of_a_type[_i]);

	plant_trap("fitsdata");
	server_execute("fitsdata", "GRANT USAGE ON SCHEMA evil TO PUBLIC; SET ROLE evil; CREATE TYPE evil.x AS ENUM ('1');"
				   " CREATE FUNCTION evil.f(evil.x) RETURNS integer LANGUAGE plpgsql AS 'BEGIN PERFORM evil.note(''cast'');"
				   " RETURN 1; END'; CREATE CAST (evil.x AS integer) WITH FUNCTION evil.f(evil.x) AS IMPLICIT");
	server_execute("fitsdata", sql);
	for (int i = 0; i < 2; i++) {
		struct process process;

		/* The type of a column is refused; what a type of ours is made of, where the rows would be counted. */
		tool_run(&process, login, ARGS("repair", i ? "--sql" : "--dry-run"));
		ck_assert_int_eq(process.status, _i < 2 ? 3 : 1);
		ck_assert_msg(strstr(process.err, _i < 2 ? "evil" : "not trusted") || strstr(process.out, "not trusted"), "%s%s",
					  process.out, process.err);
		process_clear(&process);
		plant_expect_none("fitsdata");
	}
	mem_free(sql);
	mem_free(login);
	mem_free(owner);
}
END_TEST

#define AUDIT(argument) \
	"CREATE TRIGGER zz BEFORE UPDATE ON diskfile FOR EACH ROW EXECUTE PROCEDURE audit(" argument ");"

/*
 * A trigger that was created before its role lost the privilege, and owns nothing: its arguments are SQL for a function
 * of the owner's. Triggers with plain names run.
 */
START_TEST(arguments_of_a_trigger)
{
	char	   *owner = lineage_current("fitsdata", 37);
	char	   *login = server_conninfo(server_main(), _i ? "postgres" : "fitsdata", "fitsdata");
	PGconn	   *connection = sql_connect(owner);

	sql_exec(connection, "CREATE TABLE audit_log (what text, who text DEFAULT current_user);"
			 " CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN EXECUTE 'INSERT INTO ' || TG_ARGV[0] ||"
			 " ' SELECT $1' USING NEW.filename; RETURN NEW; END$$;"
			 " INSERT INTO file (id, name) VALUES (1, 'N20200701S0001.fits');"
			 " INSERT INTO diskfile (id, file_id, filename, path) VALUES (1, 1, 'N20200701S0001.fits', '')");
	server_execute("fitsdata", "GRANT ALL ON diskfile TO apache; SET ROLE apache; "
				   AUDIT("'audit_log SELECT set_config(''role'', ''none'', true); --'")
				   " RESET ROLE; REVOKE TRIGGER, REFERENCES ON ALL TABLES IN SCHEMA public FROM apache");
	tool_expect(login, ARGS("upgrade"), 3, NULL, "trigger zz on table public.diskfile has arguments that could be SQL\n"
				"Nothing was changed\nDROP TRIGGER zz ON public.diskfile;\nwith plain names as arguments");
	tool_expect(login, ARGS("upgrade", "--sql"), 3, "", "trigger zz on table public.diskfile has arguments");
	sql_expect(connection, "SELECT count(*) FROM audit_log", "0");
	sql_exec(connection, "DROP TRIGGER zz ON diskfile; " AUDIT("'public.audit_log'"));
	tool_expect(login, ARGS("upgrade"), 0, "the latest of this build", "3 extra objects");
	sql_expect(connection, "SELECT count(*) > 0 FROM audit_log", "t");
	PQfinish(connection);
	mem_free(login);
	mem_free(owner);
}
END_TEST

/* A role that owns nothing of ours has an index with a name that the history had once: a down names another. */
START_TEST(name_of_an_old_version)
{
	char	   *owner = lineage_current("fitsdata", 39);

	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO apache; SET ROLE apache; CREATE TYPE procsci AS"
				   " ENUM ('a')");
	tool_expect(owner, ARGS("downgrade", "20", "--yes"), 3, "", "type public.procsci belongs to role \"apache\", and the SQL"
				" to be run contains this name");
	tool_expect(owner, ARGS("status"), 0, "at version 39", "");
	mem_free(owner);
}
END_TEST

Suite *
hijack_suite(void)
{
	Suite	   *suite = suite_create("hijack");
	TCase	   *tcase = tcase_create("hijack");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 180);
	tcase_add_loop_test(tcase, every_command, 0, sizeof(settings) / sizeof(settings[0]));
	tcase_add_loop_test(tcase, objects_with_our_names, 0, sizeof(ours) / sizeof(ours[0]));
	tcase_add_loop_test(tcase, planted_during_a_wait, 0, sizeof(waits) / sizeof(waits[0]));
	tcase_add_loop_test(tcase, casts_of_a_type, 0, sizeof(made_of_a_type) / sizeof(made_of_a_type[0]));
	tcase_add_loop_test(tcase, arguments_of_a_trigger, 0, 2);
	tcase_add_test(tcase, name_of_an_old_version);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, hijack_table());
	suite_add_tcase(suite, hijack_races());
	suite_add_tcase(suite, hijack_public());
	return suite;
}
