/*
 * Missing privileges are reported before any change, and only the owner can write the records.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/image.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* Create a role again; its privileges of earlier tests were in a database that is gone. */
static void
create_role(const char *name)
{
	char	   *sql = mem_format("DROP ROLE IF EXISTS %s; CREATE ROLE %s LOGIN", name, name);

	server_execute("postgres", sql);
	mem_free(sql);
}

#define CLOSE_PUBLIC \
	"REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO fitsdata;" \
	" GRANT SELECT ON migrate_version TO apache"

START_TEST(all_missing_privileges_are_listed)
{
	char	   *owner = lineage_migrated("fitsdata", 30);
	char	   *conninfo = server_conninfo(server_main(), "apache", "fitsdata");
	char	   *before;

	server_execute("fitsdata", CLOSE_PUBLIC);
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL,
				"error: role \"apache\" may not upgrade database \"fitsdata\"\n"
				"detail: It lacks CREATE on schema public.\n"
				"detail: It lacks CREATE on database fitsdata.\n"
				"detail: It lacks membership in role fitsdata, which owns \n"
				"detail: It lacks UPDATE on table public.migrate_version.\n"
				"detail: Nothing was changed.\nhint: Run as the database's owner \"fitsdata\", or as a superuser.");
	tool_expect(conninfo, ARGS("downgrade", "0"), 3, NULL, "\"apache\" may not downgrade database\nmembership in role");
	tool_expect(conninfo, ARGS("stamp", "39"), 3, NULL, "\"apache\" may not stamp database\nlacks UPDATE on table");
	tool_expect(conninfo, ARGS("upgrade", "--sql"), 3, NULL, "\"apache\" may not upgrade database");
	image_expect("fitsdata", before);

	tool_expect(owner, ARGS("upgrade", "33"), 1, "at version 33", "caltype: label processed_standard is missing");
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL,
				"lacks DELETE, INSERT, UPDATE on table fitsdb_schema.migration.\n"
				"lacks INSERT, UPDATE on table fitsdb_schema.change.\nlacks UPDATE on table fitsdb_schema.standing.");
	image_expect("fitsdata", before);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* Privileges that the owner lacks: the hint has the statements for a superuser. */
START_TEST(owner_gets_the_grants)
{
	char	   *owner = _i ? lineage_migrated("fitsdata", 30) : server_database("fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	const char *command = _i ? "upgrade" : "init";
	struct process process;
	char	   *before;

	server_execute("fitsdata", "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC,"
		" fitsdata;"
				   " REVOKE CREATE ON DATABASE fitsdata FROM fitsdata");
	before = image_take("fitsdata");
	tool_expect(superuser, ARGS(command), 3, NULL, "lacks CREATE on schema public\nlacks CREATE on database fitsdata");
	tool_run(&process, owner, ARGS(command));
	tool_wrote(&process, 3, NULL, "role \"fitsdata\" may not\nhint: As a superuser: GRANT CREATE ON SCHEMA public TO"
		" fitsdata;\n"
			   "hint: As a superuser: GRANT CREATE ON DATABASE fitsdata TO fitsdata;");
	image_expect("fitsdata", before);
	server_execute_told("fitsdata", process.err, "hint: As a superuser: ", "GRANT");
	process_clear(&process);
	tool_must(owner, ARGS(command));
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

START_TEST(role_that_may_not_be_acted_as)
{
	char	   *owner = lineage_migrated("fitsdata", 30);
	char	   *conninfo = server_conninfo(server_main(), "apache", "fitsdata");
	char	   *before = image_take("fitsdata");

	tool_expect(conninfo, ARGS("upgrade", "--role=fitsdata"), 3, NULL,
				"error: permission denied to set role \"fitsdata\"\nThe login role is \"apache\". Nothing was changed.\n"
				"hint: Connect as \"fitsdata\" (-U fitsdata), or as a superuser.\n");
	tool_expect(owner, ARGS("upgrade", "--role=postgres"), 3, NULL, "permission denied to set role \"postgres\"");
	tool_expect(owner, ARGS("upgrade", "--role=none"), 3, NULL, "role \"none\" (--role) does not exist");
	tool_expect(owner, ARGS("upgrade", "--role=x\"; DROP TABLE ghost"), 3, NULL, "role \"x\"; DROP TABLE"
		" ghost\"");
	image_expect("fitsdata", before);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* Each reading command prints the statements that grant it what it needs, and they work. */
static void
expect_granted(const char *reader, const char *role)
{
	static const char *const commands[] = {"status", "list", "log", "plan", "verify", "identify"};
	char	   *says = mem_format("permission denied\n(42501)\nhint: As the database's owner, run: GRANT SELECT ON TABLE"
								  " public.migrate_version TO %s;", role);
	struct process process;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		tool_expect(reader, ARGS(commands[i]), 3, NULL, says);
	tool_run(&process, reader, ARGS("status"));
	server_execute_told("fitsdata", process.err, "run: ", "GRANT");
	process_clear(&process);
	tool_expect(reader, ARGS("status"), 1, "behind: ", NULL);
	mem_free(says);
}

/* A command that writes needs more privileges, and does not warn of reading alone. */
START_TEST(writer_gets_the_privileges)
{
	char	   *owner = lineage_migrated("fitsdata", 30);
	char	   *conninfo = server_conninfo(server_main(), "apache", "fitsdata");
	static const char *const commands[][3] = {{"upgrade"}, {"downgrade", "3"}, {"stamp", "3"}, {"init"}};
	struct process process;

	server_execute("fitsdata", "REVOKE SELECT ON migrate_version FROM apache");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		tool_run(&process, conninfo, commands[i]);
		ck_assert_ptr_null(strstr(process.err, "warning: "));
		tool_wrote(&process, 3, NULL, "error: could not read the version: permission denied\n(42501)\n"
					"detail: Nothing was changed.\nhint: Run as the database's owner \"fitsdata\", or as a superuser.\n");
		process_clear(&process);
	}
	server_execute("fitsdata", "ALTER TABLE migrate_version OWNER TO postgres; REVOKE ALL ON migrate_version FROM"
				   " fitsdata");
	tool_expect(owner, ARGS("upgrade"), 3, NULL, "Nothing was changed.\nhint: Run as a superuser.");
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* A database that postgres created: the message has the statement that helps. */
START_TEST(init_in_a_database_of_the_superuser)
{
	char	   *owner = server_database("fitsdata");
	struct process process;

	server_execute("fitsdata", "ALTER DATABASE fitsdata OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
	tool_run(&process, owner, ARGS("init"));
	tool_wrote(&process, 3, NULL, "error: role \"fitsdata\" may not init database\nNothing was changed.\n"
			   "hint: To make \"fitsdata\" the owner of the database, run as a superuser: ALTER DATABASE fitsdata OWNER TO"
			   " fitsdata;");
	ck_assert_ptr_null(strstr(process.err, "warning: "));
	server_execute_told("fitsdata", process.err, "superuser: ", "ALTER");
	process_clear(&process);
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO fitsdata");
	tool_must(owner, ARGS("init"));
	mem_free(owner);
}
END_TEST

/* Only if something is done. */
START_TEST(owner_of_new_objects)
{
	char	   *owner = server_database("fitsdata");
	char	   *conninfo = server_conninfo(server_main(), "apache", "fitsdata");

	server_execute("fitsdata", "GRANT CREATE ON DATABASE fitsdata TO apache; GRANT CREATE ON SCHEMA public TO apache");
	tool_expect(conninfo, ARGS("init"), 0, "is at version 39", "warning: permission denied to set role \"fitsdata\","
				" the owner of the database\ndetail: New objects will belong to \"apache\".");
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

#define HIDDEN "this role may not read schema fitsdb_schema, so the record was not compared"

START_TEST(status_needs_little)
{
	char	   *owner = server_database("fitsdata");
	char	   *conninfo = server_conninfo(server_main(), "monitor", "fitsdata");
	json_t	   *json;

	create_role("monitor");
	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "REVOKE ALL ON DATABASE fitsdata FROM PUBLIC; GRANT CONNECT ON DATABASE fitsdata TO"
		" monitor;"
				   " REVOKE ALL ON SCHEMA fitsdb_schema FROM PUBLIC; GRANT SELECT ON migrate_version TO monitor");
	tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 39\n  note: " HIDDEN, NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 0, "OK - fitsdata at version 39\nversion=39 latest=39"
		" pending=0", NULL);
	json = json_run(conninfo, "status", 0);
	json_expect_string(json, "status", "current");
	json_expect_integer(json, "version", 39);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "notes")), 1);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "notes"), 0)), HIDDEN);
	json_decref(json);
	tool_expect(conninfo, ARGS("list"), 0, "reconcile_with_data_models\napplied", NULL);
	tool_expect(conninfo, ARGS("log"), 3, NULL, "permission denied for schema fitsdb_schema");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "permission denied for schema fitsdb_schema\nhint: Run as the database's owner");
	tool_must(owner, ARGS("downgrade", "36"));
	tool_expect(conninfo, ARGS("status"), 1, "behind: database fitsdata at version 36\n" HIDDEN, NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 1, "BEHIND - ", NULL);

	server_execute("fitsdata", "REVOKE SELECT ON migrate_version FROM monitor");
	expect_granted(conninfo, "monitor");
	server_execute("fitsdata", "REVOKE SELECT ON migrate_version FROM monitor");
	tool_expect(conninfo, ARGS("status", "--short"), 3,
				"UNKNOWN - could not read the version: permission denied", "permission denied");
	server_execute("fitsdata", "REVOKE CONNECT ON DATABASE fitsdata FROM monitor");
	tool_expect(conninfo, ARGS("status"), 3, NULL, "could not connect\npermission denied for database\n"
				"hint: Grant CONNECT on the database to this role.");
	tool_expect(conninfo, ARGS("status", "--short"), 3, "UNKNOWN - could not connect\npermission denied for"
		" database", NULL);
	tool_expect(conninfo, ARGS("list"), 3, NULL, "hint: Grant CONNECT on the database");
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* Attempts by apache that must fail, with any privileges on schema public and on the database. */
static const char *const forbidden[] = {
	"INSERT INTO fitsdb_schema.migration SELECT 99, 'x', 'x', 'x', '[]', true, 'x', 'x', now()",
	"UPDATE fitsdb_schema.migration SET down = '[]'",
	"UPDATE fitsdb_schema.migration SET down_checksum = ''",
	"DELETE FROM fitsdb_schema.migration",
	"TRUNCATE fitsdb_schema.migration",
	"ALTER TABLE fitsdb_schema.migration ADD x integer",
	"DROP TABLE fitsdb_schema.migration",
	"CREATE TRIGGER t BEFORE INSERT ON fitsdb_schema.migration EXECUTE PROCEDURE suppress_redundant_updates_trigger()",
	"CREATE INDEX ON fitsdb_schema.migration (name)",
	"CREATE RULE r AS ON INSERT TO fitsdb_schema.migration DO INSTEAD NOTHING",
	"CREATE POLICY p ON fitsdb_schema.migration",
	"CREATE TABLE public.child () INHERITS (fitsdb_schema.migration)",
	"CREATE TABLE public.referring (version integer REFERENCES fitsdb_schema.migration)",
	"DO $$BEGIN LOCK TABLE fitsdb_schema.migration IN SHARE MODE; END$$",
	"INSERT INTO fitsdb_schema.change (command, version_to, state, build, from_host) VALUES ('x', 1, 'done', 'x', 'x')",
	"UPDATE fitsdb_schema.change SET state = 'done'",
	"DELETE FROM fitsdb_schema.change",
	"TRUNCATE fitsdb_schema.change",
	"UPDATE fitsdb_schema.standing SET version = 99",
	"INSERT INTO fitsdb_schema.standing VALUES (99, 'x', true)",
	"DELETE FROM fitsdb_schema.standing",
	"TRUNCATE fitsdb_schema.standing",
	"CREATE TABLE fitsdb_schema.mine ()",
	"CREATE FUNCTION fitsdb_schema.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
	"ALTER SCHEMA fitsdb_schema RENAME TO other",
	"DROP SCHEMA fitsdb_schema CASCADE",
	"ALTER TABLE migrate_version ADD x integer",
	"DROP TABLE migrate_version",
};

#define GRANT_MUCH \
	"GRANT ALL ON DATABASE fitsdata TO apache; GRANT ALL ON SCHEMA public TO apache;" \
	" GRANT ALL ON ALL TABLES IN SCHEMA public TO apache; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO apache;" \
	" ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata GRANT ALL ON TABLES TO apache, PUBLIC;" \
	" ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata GRANT ALL ON SEQUENCES TO apache, PUBLIC;" \
	" ALTER DEFAULT PRIVILEGES FOR ROLE fitsdata GRANT ALL ON SCHEMAS TO apache;"

static void
expect_forbidden(PGconn *connection)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		PGresult   *result = PQexec(connection, forbidden[i]);
		const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

		ck_assert_msg(sqlstate && strcmp(sqlstate, "42501") == 0, "%s: %s", forbidden[i],
					  sqlstate ? PQresultErrorMessage(result) : "was done");
		PQclear(result);
	}
}

START_TEST(record_cannot_be_tampered_with)
{
	char	   *owner = lineage_migrated("fitsdata", 18);
	char	   *user = server_conninfo(server_main(), "apache", "fitsdata");
	PGconn	   *connection;
	char	   *before;

	server_execute("fitsdata", GRANT_MUCH);
	tool_expect(owner, ARGS("upgrade"), 0, "the latest of this build", "extra objects or privileges");
	server_execute("fitsdata", GRANT_MUCH);
	before = image_take("fitsdata");
	connection = sql_connect(user);
	expect_forbidden(connection);
	image_expect("fitsdata", before);
	sql_expect(connection, "SELECT max(version) FROM fitsdb_schema.migration", "39");

	/* apache can use all tables of the archive, new ones too. */
	sql_exec(connection, "INSERT INTO publication (bibcode) VALUES ('2020A&A...640A...1P');"
			 " UPDATE publication SET author = 'P'; DELETE FROM publication");
	sql_exec(connection, "INSERT INTO ghost (header_id) SELECT id FROM header LIMIT 0; SELECT nextval('ghost_id_seq');"
			 " UPDATE ghost SET prepared = true; DELETE FROM ghost");
	PQfinish(connection);
	mem_free(user);
	mem_free(owner);
}
END_TEST

/* A trigger runs as the role that writes to the table. */
START_TEST(trigger_of_an_untrusted_owner)
{
	char	   *owner = server_database("fitsdata");
	char	   *before;

	tool_must(owner, ARGS("init"));
	tool_must(owner, ARGS("downgrade", "36"));
	server_execute("fitsdata", "GRANT TRIGGER ON migrate_version, diskfile TO apache;"
				   " CREATE SCHEMA apache AUTHORIZATION apache; SET ROLE apache;"
				   " CREATE FUNCTION apache.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
				   " CREATE TRIGGER t BEFORE UPDATE ON migrate_version FOR EACH ROW EXECUTE PROCEDURE apache.f();"
				   " CREATE TRIGGER \"T\" AFTER INSERT ON diskfile EXECUTE PROCEDURE apache.f()");
	before = image_take("fitsdata");
	tool_expect(owner, ARGS("upgrade"), 3, NULL,
				"error: trigger t on table public.migrate_version uses function apache.f(), which belongs to role \"apache\"\n"
				"error: trigger T on table public.diskfile uses function\n"
				"detail: This code would run with the privileges of this session. Nothing was changed.\n"
				"hint: Check its purpose. To remove it, run: DROP TRIGGER t on public.migrate_version;\n"
				"DROP TRIGGER \"T\" on public.diskfile;");
	tool_expect(owner, ARGS("downgrade", "35"), 3, NULL, "trigger t on table public.migrate_version");
	tool_expect(owner, ARGS("stamp", "39"), 3, NULL, "trigger t on table public.migrate_version");
	image_expect("fitsdata", before);
	tool_expect(owner, ARGS("status"), 1, "behind", NULL);
	server_execute("fitsdata", "DROP TRIGGER t ON public.migrate_version; DROP TRIGGER \"T\" ON diskfile");
	tool_expect(owner, ARGS("upgrade"), 0, "the latest of this build", "1 extra object or privilege");
	mem_free(owner);
}
END_TEST

/* Only this check refuses it if a superuser owns the database. */
START_TEST(trigger_on_another_table)
{
	char	   *owner = server_database("fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	server_execute("fitsdata", "ALTER DATABASE fitsdata OWNER TO postgres");
	tool_expect(superuser, ARGS("init"), 0, "at version 39",
				"warning: all objects will belong to the superuser \"postgres\", who owns the database\n"
				"hint: If the objects should belong to \"fitsdata\", drop this database, run CREATE DATABASE fitsdata"
				" OWNER fitsdata; and then run \"fitsdb-schema init\" again.");
	tool_must(superuser, ARGS("downgrade", "4", "--yes"));
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO apache; SET ROLE apache;"
				   " CREATE TABLE target (id serial, name text UNIQUE, ephemeris_name text);"
				   " CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
				   " CREATE TRIGGER t BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE f()");
	tool_expect(superuser, ARGS("upgrade"), 3, NULL,
				"error: table public.target belongs to role \"apache\", and the SQL to be run contains this name\n"
				"detail: Nothing was changed.\nhint: Check its purpose. Then drop or rename it");
	tool_expect(superuser, ARGS("status"), 1, "at version 4", NULL);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* The privileges of apache on relations in public, with grant options. */
#define HAS(relation) \
	"SELECT string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '+' ELSE '' END, ' ' ORDER BY a.privilege_type)" \
	" FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = '" relation "'::regclass AND a.grantee = 'apache'::regrole"

#define NOT_REVOKED \
	"0 missing, 2 different\nfile: apache should not have references with grant option\n" \
	"photstandard: apache should not have trigger"

/* apache keeps the privileges that it needs; other roles keep all of theirs. */
START_TEST(grants_are_put_right)
{
	char	   *owner = lineage_current("fitsdata", 36);
	PGconn	   *connection = sql_connect(owner);
	char	   *before;

	create_role("other");
	server_execute("fitsdata", "GRANT ALL ON ALL TABLES IN SCHEMA public TO apache WITH GRANT OPTION;"
				   " GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO apache; GRANT ALL ON SCHEMA public TO apache;"
				   " GRANT REFERENCES (id), UPDATE (id) ON header TO apache; GRANT UPDATE (version) ON migrate_version TO"
				   " apache; CREATE VIEW v AS SELECT 1 AS one; ALTER VIEW v OWNER TO fitsdata; GRANT ALL ON v TO apache;"
				   " CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (x integer)"
				   " SERVER s; ALTER TABLE f OWNER TO fitsdata; GRANT ALL ON f TO apache; GRANT ALL ON diskfile TO other;"
				   " GRANT SELECT ON gmos TO PUBLIC; GRANT TRIGGER ON photstandard TO other WITH GRANT OPTION;"
				   " SET ROLE other; GRANT TRIGGER ON photstandard TO apache; RESET ROLE; SET ROLE apache;"
				   " GRANT REFERENCES ON file TO other");
	tool_expect(owner, ARGS("upgrade"), 1, "grants.sql has revoked the right of other roles to create triggers or"
				" foreign keys on", NOT_REVOKED);
	sql_expect(connection, HAS("header"), "DELETE INSERT SELECT TRUNCATE UPDATE");
	sql_expect(connection, HAS("v"), "DELETE INSERT SELECT TRUNCATE UPDATE");
	sql_expect(connection, HAS("f"), "DELETE INSERT SELECT TRUNCATE UPDATE");
	sql_expect(connection, HAS("migrate_version"), "SELECT");
	sql_expect(connection, HAS("header_id_seq"), "SELECT UPDATE USAGE");
	sql_expect(connection, "SELECT has_column_privilege('apache', 'header', 'id', 'REFERENCES')", "f");
	sql_expect(connection, "SELECT has_any_column_privilege('apache', 'migrate_version', 'UPDATE')", "f");
	sql_expect(connection, "SELECT has_table_privilege('other', 'diskfile', 'TRIGGER')", "t");
	/* Privileges that depend on others, or that another role has granted, stay; the tables are locked then. */
	sql_expect(connection, "SELECT has_table_privilege('other', 'file', 'REFERENCES')", "t");
	sql_expect(connection, HAS("photstandard"), "DELETE INSERT SELECT TRIGGER TRUNCATE UPDATE");
	if (server_version(server_main()) >= 15)
		sql_expect(connection, "SELECT has_schema_privilege('apache', 'public', 'CREATE')", "f");

	/* Nothing is written twice. */
	before = sql_lines(connection, "SELECT oid, xmin FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind"
					   " IN ('r', 'S', 'v', 'f') AND relname NOT IN ('gmos') ORDER BY oid");
	tool_expect(owner, ARGS("downgrade", "38"), 0, "at version 38", NULL);
	tool_expect(owner, ARGS("upgrade"), 1, "at version 39", NOT_REVOKED);
	ck_assert_str_eq(before, sql_lines(connection, "SELECT oid, xmin FROM pg_class WHERE relnamespace ="
									   " 'public'::regnamespace AND relkind IN ('r', 'S', 'v', 'f') AND relname NOT IN"
									   " ('gmos') ORDER BY oid"));
	mem_free(before);
	server_execute("fitsdata", "DROP OWNED BY other");
	PQfinish(connection);
	mem_free(owner);
}
END_TEST

Suite *
privileges_suite(void)
{
	Suite	   *suite = suite_create("privileges");
	TCase	   *tcase = tcase_create("privileges");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, all_missing_privileges_are_listed);
	tcase_add_loop_test(tcase, owner_gets_the_grants, 0, 2);
	tcase_add_test(tcase, role_that_may_not_be_acted_as);
	tcase_add_test(tcase, status_needs_little);
	tcase_add_test(tcase, writer_gets_the_privileges);
	tcase_add_test(tcase, init_in_a_database_of_the_superuser);
	tcase_add_test(tcase, owner_of_new_objects);
	tcase_add_test(tcase, record_cannot_be_tampered_with);
	tcase_add_test(tcase, trigger_of_an_untrusted_owner);
	tcase_add_test(tcase, trigger_on_another_table);
	tcase_add_test(tcase, grants_are_put_right);
	suite_add_tcase(suite, tcase);
	return suite;
}
