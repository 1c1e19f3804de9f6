/*
 * Migrations run as the database's owner: privileges on new objects, and the settings that a script finds.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define OWNERS \
	"SELECT string_agg(DISTINCT pg_get_userbyid(owner), ' ') FROM (" \
	"SELECT relowner AS owner FROM pg_class WHERE relnamespace = 'fitsdb_schema'::regnamespace" \
	" UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'fitsdb_schema'" \
	" UNION ALL SELECT relowner FROM pg_class WHERE relname = 'migrate_version') o"

static void
expect_owned_by_fitsdata(void)
{
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	facts_expect_version(connection, "v037");
	sql_expect(connection, OWNERS, "fitsdata");
	PQfinish(connection);
}

START_TEST(superuser_acts_as_owner)
{
	char	   *owner = lineage_migrated("fitsdata", 18);
	char	   *conninfo = server_conninfo(server_main(), "postgres", "fitsdata");

	tool_must(conninfo, ARGS("upgrade"));
	expect_owned_by_fitsdata();
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

START_TEST(superuser_inits_as_owner)
{
	char	   *owner = server_database("fitsdata");
	char	   *conninfo = server_conninfo(server_main(), "postgres", "fitsdata");

	tool_must(conninfo, ARGS("init"));
	expect_owned_by_fitsdata();
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

START_TEST(member_acts_as_owner)
{
	char	   *owner = lineage_migrated("fitsdata", 30);
	char	   *conninfo = server_conninfo(server_main(), "operator", "fitsdata");
	PGconn	   *connection;

	server_execute("postgres", "DROP ROLE IF EXISTS operator; CREATE ROLE operator LOGIN; GRANT fitsdata TO operator");
	tool_must(conninfo, ARGS("upgrade"));
	expect_owned_by_fitsdata();
	connection = sql_connect(owner);
	sql_expect(connection, "SELECT string_agg(DISTINCT by, ' ') FROM fitsdb_schema.change", "operator");
	PQfinish(connection);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

START_TEST(role_can_be_given)
{
	char	   *owner = server_database("fitsdata");
	char	   *conninfo = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("init", "--role=no_such_role"), 3, NULL, "error: \nno_such_role");
	tool_must(conninfo, ARGS("init", "--role=postgres"));
	sql_expect(connection, "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'diskfile'", "postgres");
	PQfinish(connection);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

START_TEST(other_role_is_refused)
{
	char	   *owner = lineage_migrated("fitsdata", 30);
	char	   *conninfo = server_conninfo(server_main(), "apache", "fitsdata");
	struct process process;

	tool_run(&process, conninfo, ARGS("upgrade"));
	ck_assert_int_ge(process.status, 2);
	ck_assert_ptr_nonnull(strstr(process.err, "error: "));
	ck_assert_ptr_nonnull(strstr(process.err, "hint: "));
	process_clear(&process);
	tool_expect(owner, ARGS("status"), 1, "30", NULL);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* A statement for superusers fails as the owner; a superuser is told to use --role. */
START_TEST(superuser_gets_a_hint)
{
	char	   *owner = lineage_current("fitsdata", 24);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");

	server_execute("fitsdata", "SET ROLE fitsdata; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE"
				   " insufficient_privilege; END'; CREATE TRIGGER t BEFORE UPDATE ON exportqueue EXECUTE PROCEDURE f()");
	tool_expect(superuser, ARGS("upgrade"), 2, "", "(42501)\nhint: The migration was run as \"fitsdata\", the"
				" database's owner. If a superuser owns the object, give --role=LOGIN");
	tool_expect(owner, ARGS("upgrade"), 2, "", "(42501)\nhint: Objects that a migration changes must belong to the database's"
				" owner");
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* How many of the privileges to write a table apache has. */
#define MAY_WRITE(table) \
	"SELECT count(*) FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p" \
	" WHERE has_table_privilege('apache', '" table "', p)"

START_TEST(record_is_the_owners)
{
	char	   *conninfo = lineage_migrated("fitsdata", 18);
	char	   *reader = server_conninfo(server_main(), "apache", "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO apache;"
			 "ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO apache;"
			 "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO apache;"
			 "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC");
	tool_expect(conninfo, ARGS("upgrade"), 0, "the latest of this build", "extra objects or privileges");
	sql_expect(connection, MAY_WRITE("public.ghost"), "6");
	sql_expect(connection, MAY_WRITE("fitsdb_schema.migration"), "0");
	sql_expect(connection, MAY_WRITE("fitsdb_schema.change"), "0");
	sql_expect(connection, "SELECT has_schema_privilege('apache', 'fitsdb_schema', 'CREATE')", "f");
	sql_expect(connection, "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE relkind = 'S'"
			   " AND relnamespace = 'fitsdb_schema'::regnamespace AND a.grantee <> c.relowner", "0");
	PQfinish(connection);
	connection = sql_connect(reader);
	sql_expect(connection, "SELECT max(version) FROM fitsdb_schema.migration", "39");
	sql_expect(connection, "SELECT count(*) > 0 FROM fitsdb_schema.change", "t");
	PQfinish(connection);
	mem_free(reader);
	mem_free(conninfo);
}
END_TEST

START_TEST(grants_reach_new_tables)
{
	char	   *conninfo = lineage_migrated("fitsdata", 0);
	char	   *user = server_conninfo(server_main(), "apache", "fitsdata");
	PGconn	   *connection;

	tool_must(conninfo, ARGS("upgrade", "4"));
	connection = sql_connect(user);
	sql_exec(connection, "INSERT INTO publication (bibcode) VALUES ('2020A&A...640A...1P')");
	sql_expect(connection, "SELECT version FROM migrate_version", "4");
	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT count(*) FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
			   " AND relkind = 'r' AND relname <> 'migrate_version' AND NOT has_table_privilege(c.oid, 'INSERT')", "0");
	sql_expect(connection, "SELECT count(*) FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
			   " AND CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'USAGE') END", "0");
	PQfinish(connection);
	mem_free(user);
	mem_free(conninfo);
}
END_TEST

START_TEST(grants_do_without_the_role)
{
	const struct server *server = server_start(false);
	char	   *conninfo = server_conninfo(server, "fitsdata", "fitsdata");
	PGconn	   *connection = server_superuser(server, "postgres");

	sql_exec(connection, "DROP ROLE apache");
	sql_exec(connection, "CREATE DATABASE fitsdata OWNER fitsdata TEMPLATE template0");
	PQfinish(connection);
	tool_must(conninfo, ARGS("init"));
	connection = sql_connect(conninfo);
	facts_expect_version(connection, "v037");
	PQfinish(connection);
	tool_must(conninfo, ARGS("downgrade", "37"));
	tool_expect(conninfo, ARGS("upgrade"), 0, "the latest of this build", "role apache does not exist here: nothing was granted");
	mem_free(conninfo);
}
END_TEST

/* Settings of one script do not reach the next one, nor do those of the server. */
START_TEST(settings_are_put_back)
{
	char	   *conninfo = build_database(7);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	server_execute("postgres", "ALTER DATABASE fitsdata SET search_path = elsewhere;"
				   "ALTER DATABASE fitsdata SET statement_timeout = '20s';"
				   "ALTER DATABASE fitsdata SET client_encoding = 'LATIN1'");
	tool_must(superuser, ARGS("upgrade", "9", "--lock-timeout=3s"));
	sql_expect(connection,
			   "SELECT string_agg(name || '=' || value, E'\\n' ORDER BY name COLLATE \"C\") FROM public.told",
			   "DateStyle=ISO, MDY\napplication_name=fitsdb-schema\nclient_encoding=UTF8\n"
			   "default_transaction_read_only=off\nfitsdb.test=\nidle_in_transaction_session_timeout=0\n"
			   "lock_timeout=3s\n"
			   "role=fitsdata\nsearch_path=public\nstatement_timeout=0");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(conninfo);
}
END_TEST

#define APACHE_MAY(privilege) "SELECT has_table_privilege('apache', 'migrate_version', '" privilege "')"

/* Default privileges of an older deployment: each change revokes them, a stamp too, and an upgrade without any tells. */
START_TEST(only_the_owner_writes_the_version)
{
	char	   *owner = lineage_base("fitsdata");
	PGconn	   *connection = sql_connect(owner);
	struct process process;

	sql_exec(connection, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO apache");
	for (int i = 0; i < 2; i++) {
		tool_must(owner, ARGS("stamp", "0"));
		sql_expect(connection, APACHE_MAY("UPDATE"), "f");
		sql_expect(connection, APACHE_MAY("SELECT"), "t");
		sql_exec(connection, "GRANT ALL ON migrate_version TO apache");
	}
	tool_expect(owner, ARGS("upgrade"), 0, "the latest of this build", "extra object");
	tool_expect(owner, ARGS("upgrade"), 0, "nothing to do", "");
	sql_exec(connection, "GRANT UPDATE, DELETE ON migrate_version TO apache; GRANT INSERT ON migrate_version TO PUBLIC");
	tool_run(&process, owner, ARGS("upgrade"));
	tool_wrote(&process, 0, "nothing to do", "warning: every role may write table public.migrate_version\n"
			   "REVOKE INSERT ON public.migrate_version FROM PUBLIC CASCADE;\nwarning: role \"apache\" may write table"
			   " public.migrate_version, which records the version\nREVOKE DELETE, UPDATE ON public.migrate_version FROM"
			   " apache CASCADE;");
	server_execute_told("fitsdata", process.err, "owner: ", "REVOKE");
	process_clear(&process);
	sql_expect(connection, APACHE_MAY("DELETE"), "f");
	tool_run(&process, owner, ARGS("upgrade"));
	ck_assert_str_eq(process.err, "");
	process_clear(&process);
	PQfinish(connection);
	mem_free(owner);
}
END_TEST

Suite *
roles_suite(void)
{
	Suite	   *suite = suite_create("roles");
	TCase	   *tcase = tcase_create("roles");
	TCase	   *settings = tcase_create("settings");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, superuser_acts_as_owner);
	tcase_add_test(tcase, superuser_inits_as_owner);
	tcase_add_test(tcase, member_acts_as_owner);
	tcase_add_test(tcase, role_can_be_given);
	tcase_add_test(tcase, other_role_is_refused);
	tcase_add_test(tcase, superuser_gets_a_hint);
	tcase_add_test(tcase, record_is_the_owners);
	tcase_add_test(tcase, grants_reach_new_tables);
	tcase_add_test(tcase, grants_do_without_the_role);
	tcase_add_test(tcase, only_the_owner_writes_the_version);
	suite_add_tcase(suite, tcase);
	tcase_add_unchecked_fixture(settings, build_failures, build_end);
	tcase_set_timeout(settings, 120);
	tcase_add_test(settings, settings_are_put_back);
	suite_add_tcase(suite, settings);
	return suite;
}
