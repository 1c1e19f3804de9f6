/*
 * Objects that earlier scripts left to a superuser: a superuser's run gives them to the owner, any other run names
 * them, before any change.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/facts.h"
#include "support/image.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* Objects of another role, of every kind that has an owner. (Before 14 a sequence has a type.) */
#define STRANGE_OWNERS \
	"SELECT coalesce(string_agg(what || ' ' || pg_get_userbyid(owner), ', ' ORDER BY what), 'none') FROM (" \
	"SELECT 'class ' || relname AS what, oid, relowner AS owner FROM pg_class" \
	" UNION ALL SELECT 'type ' || typname, oid, typowner FROM pg_type" \
	" WHERE typrelid NOT IN (SELECT oid FROM pg_class WHERE relkind = 'S')" \
	" UNION ALL SELECT 'function ' || proname, oid, proowner FROM pg_proc" \
	" UNION ALL SELECT 'operator ' || oprname, oid, oprowner FROM pg_operator" \
	" UNION ALL SELECT 'collation ' || collname, oid, collowner FROM pg_collation" \
	" UNION ALL SELECT 'schema ' || nspname, oid, nspowner FROM pg_namespace) o" \
	" WHERE oid >= 16384 AND owner <> 'fitsdata'::regrole"

#define LEAVE_GHOST \
	"ALTER TABLE ghost OWNER TO postgres; ALTER TYPE ghost_read_speed_setting OWNER TO postgres;" \
	" ALTER TYPE ghost_gain_setting OWNER TO postgres; ALTER TYPE ghost_resolution OWNER TO postgres;"
/* Of which no version knows, but for the table of versions. */
#define LEAVE_MORE \
	"ALTER TABLE migrate_version OWNER TO postgres; CREATE SEQUENCE public.\"Count\";" \
	" CREATE TYPE \"a \"\"b\" AS ENUM ('c'); CREATE VIEW v AS SELECT 1 AS one;"
#define MORE \
	"class Count postgres, class v postgres, type _a \"b postgres, type _v postgres, type a \"b postgres, type v postgres"
#define PRIVATE LEAVE_MORE "CREATE TABLE ledger (id serial); CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;"

/* As on real hosts: migration 30 was run as postgres. Both lineages. */
static const struct {
	bool		fresh;
	int			which;			/* the kind, or the version */
}			hosts[] = {{true, 0}, {true, 2}, {true, 4}, {false, 30}, {false, 31}, {false, 32}, {false, 33}};

enum {
	HOSTS = sizeof(hosts) / sizeof(hosts[0])
};

static char *
host(int number)
{
	char	   *conninfo = hosts[number].fresh ? lineage_fresh("fitsdata", &lineage_kinds[hosts[number].which])
		: lineage_migrated("fitsdata", hosts[number].which);

	server_execute("fitsdata", LEAVE_GHOST);
	return conninfo;
}

/* Run what "upgrade --sql" prints. */
static void
run_script(const char *conninfo)
{
	const char *const arguments[] = {"psql", "-X", "-q", "-d", conninfo, NULL};
	struct process script;

	tool_run(&script, conninfo, ARGS("upgrade", "--sql"));
	process_must(arguments, &(struct process_options) {.input = script.out});
	process_clear(&script);
}

/* apache's privileges on postgres's relations in public. */
#define PRIVILEGES \
	"SELECT coalesce(string_agg(text, ', ' ORDER BY text), '') FROM (SELECT relname || ': ' ||" \
	" string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) AS text FROM pg_class c, aclexplode(c.relacl) a" \
	" WHERE c.relnamespace = 'public'::regnamespace AND c.relowner = 'postgres'::regrole" \
	" AND a.grantee = 'apache'::regrole GROUP BY relname) t"

#define GHOST_NOTES \
	"table ghost belonged to \"postgres\"; it now belongs to \"fitsdata\"\n" \
	"type ghost_read_speed_setting belonged to \"postgres\"; it now belongs to \"fitsdata\"\n" \
	"type ghost_gain_setting belonged to \"postgres\"; it now belongs to \"fitsdata\"\n" \
	"type ghost_resolution belonged to \"postgres\"; it now belongs to \"fitsdata\""

START_TEST(superuser_transfers)
{
	char	   *owner = host(_i);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", GHOST_NOTES);
	sql_expect(connection, STRANGE_OWNERS, "none");
	facts_expect_version(connection, "v037");
	tool_must(superuser, ARGS("downgrade", "30"));
	tool_must(owner, ARGS("upgrade"));
	sql_expect(connection, STRANGE_OWNERS, "none");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

START_TEST(private_objects_stay)
{
	char	   *owner = host(5);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	server_execute("fitsdata", LEAVE_MORE "CREATE TABLE ledger (id serial, kind \"a \"\"b\")");
	tool_expect(superuser, ARGS("stamp", "32"), 0, "is stamped with version 32",
				"table migrate_version belonged to \"postgres\"; it now belongs to \"fitsdata\"");
	sql_expect(connection, "SELECT relowner::regrole FROM pg_class WHERE relname = 'ghost'", "postgres");
	tool_expect(superuser, ARGS("downgrade", "30"), 0, "at version 30", GHOST_NOTES);
	sql_exec(connection, "GRANT SELECT ON ledger TO apache");
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", "4 extra objects");
	tool_must(owner, ARGS("downgrade", "38"));
	sql_expect(connection, PRIVILEGES, "ledger: SELECT");
	sql_exec(connection, "DROP TABLE ledger");
	sql_expect(connection, STRANGE_OWNERS, MORE);
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* A build without facts does not know which objects are the history's. */
START_TEST(without_facts_all_are_transferred)
{
	char	   *owner = host(5);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	server_execute("fitsdata", LEAVE_MORE);
	build_run("first_release-39");
	tool_expect(superuser, ARGS("stamp", "32"), 0, "is stamped with version 32",
				"table migrate_version belonged to \"postgres\"; it now belongs to \"fitsdata\"");
	tool_expect(superuser, ARGS("downgrade", "30", "--yes"), 0, "at version 30", GHOST_NOTES
				"\nsequence \"Count\" belonged to\ntype \"a \"\"b\" belonged to");
	/* Views are left alone. */
	sql_expect(connection, STRANGE_OWNERS, "class v postgres, type _v postgres, type v postgres");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Who acts as a superuser could grant privileges on all of that superuser's tables. */
START_TEST(private_objects_are_not_granted)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	server_execute("fitsdata", PRIVATE " ALTER TABLE exportqueue OWNER TO postgres");
	tool_expect(superuser, ARGS("upgrade", "31", "--role=postgres"), 1, "at version 31", "table ghost: owner is postgres");
	sql_expect(connection, PRIVILEGES, "exportqueue: DELETE INSERT SELECT TRUNCATE UPDATE,"
			   " exportqueue_id_seq: SELECT UPDATE USAGE, ghost: DELETE INSERT SELECT TRUNCATE UPDATE,"
			   " ghost_id_seq: SELECT UPDATE USAGE, migrate_version: SELECT");
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39",
				"table exportqueue belonged to \"postgres\"\n" GHOST_NOTES);
	sql_expect(connection, PRIVILEGES, "");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

START_TEST(private_objects_of_the_databases_owner)
{
	char	   *owner = server_database("fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	server_execute("fitsdata", "ALTER DATABASE fitsdata OWNER TO postgres");
	tool_expect(superuser, ARGS("init", "--quiet"), 0, NULL, "all objects will belong to the superuser \"postgres\"");
	tool_expect(superuser, ARGS("downgrade", "36", "--quiet"), 0, NULL, NULL);
	server_execute("fitsdata", PRIVATE " REVOKE ALL ON ALL TABLES IN SCHEMA public FROM apache");
	if (_i)
		run_script(superuser);
	else
		tool_expect(superuser, ARGS("upgrade", "--quiet"), 0, NULL, NULL);
	sql_expect(connection, "SELECT has_table_privilege('apache', 'gmos', 'TRUNCATE')", "t");
	sql_expect(connection, "SELECT count(*) FROM pg_class WHERE relname IN ('Count', 'v', 'ledger', 'ledger_id_seq', 'm')"
			   " AND relacl::text LIKE '%apache%' IS NOT TRUE", "5");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

START_TEST(owner_gets_the_statements)
{
	char	   *owner = host(6);
	struct process process;
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");
	char	   *before;

	server_execute("fitsdata", LEAVE_MORE "GRANT ALL ON migrate_version TO fitsdata");
	before = image_take("fitsdata");
	tool_expect(owner, ARGS("downgrade", "32"), 3, NULL, "5 objects of the database belong to a superuser");
	tool_expect(owner, ARGS("upgrade", "--sql"), 3, NULL, "5 objects of the database belong to a superuser");
	tool_run(&process, owner, ARGS("upgrade"));
	tool_wrote(&process, 3, NULL,
			   "error: 5 objects of the database belong to a superuser, and role \"fitsdata\" may not change them\n"
			   "detail: Nothing was changed.\ndetail: ALTER TABLE public.ghost OWNER TO fitsdata;\n"
			   "detail: ALTER TABLE public.migrate_version OWNER TO fitsdata;\n"
			   "detail: ALTER TYPE public.ghost_resolution OWNER TO fitsdata;\nhint: Run these statements as a"
			" superuser");
	image_expect("fitsdata", before);
	server_execute_told("fitsdata", process.err, "detail: ", "ALTER");
	process_clear(&process);
	tool_expect(owner, ARGS("upgrade"), 0, "the latest of this build", "not part of version 39");
	sql_expect(connection, STRANGE_OWNERS, MORE);
	mem_free(owner);
	PQfinish(connection);
}
END_TEST

START_TEST(transfer_does_not_block)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *blocker = block_begin(superuser, "SELECT count(*) FROM ghost");
	char	   *before;
	struct process process;

	/* Nothing else is to be changed. */
	server_execute("fitsdata", "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO fitsdata");
	before = image_take("fitsdata");
	tool_expect(superuser, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=1"), 3, NULL,
				"trying again in\n(1 of 1)\nerror: transferring the ownership of objects from a superuser to \"fitsdata\" failed\n(55P03)\n"
				"detail: Rolled back; nothing was changed.\nhint: Run the same command again at a quieter time");
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=100s"));
	sql_await(blocker, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	process_signal(&process, SIGTERM);
	process_wait(&process);
	tool_wrote(&process, 2, NULL,
			   "error: transferring the ownership of objects from a superuser to \"fitsdata\" was stopped by SIGTERM\n"
			   "detail: Rolled back; nothing was changed.\nhint: Run the same command again to continue.");
	process_clear(&process);
	image_expect("fitsdata", before);
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "waiting for a lock held by PID");
	process_expect(&process, "trying again");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, "at version 39", GHOST_NOTES);
	process_clear(&process);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* A run with --role=postgres keeps the superuser's objects; the next run transfers them. */
START_TEST(superuser_on_purpose)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	tool_expect(superuser, ARGS("upgrade", "--role=postgres"), 1, "at version 39", "0 missing, 4 different\n"
				"ghost: table ghost: owner is postgres, should be fitsdata");
	sql_expect(connection, "SELECT relowner::regrole FROM pg_class WHERE relname = 'ghost'", "postgres");
	tool_expect(owner, ARGS("stamp", "39"), 3, NULL, "role \"fitsdata\" may not stamp database \"fitsdata\"\n"
				"It lacks DELETE, INSERT, UPDATE on table fitsdb_schema.migration.\nNothing was changed.\n"
				"hint: As a superuser: GRANT DELETE, INSERT, UPDATE ON TABLE fitsdb_schema.migration TO fitsdata;");
	tool_expect(owner, ARGS("downgrade", "36"), 3, NULL, "ALTER SCHEMA fitsdb_schema OWNER TO fitsdata;\n"
				"ALTER TABLE fitsdb_schema.standing OWNER TO fitsdata;\nALTER TABLE public.ghost OWNER TO fitsdata;");
	tool_expect(superuser, ARGS("downgrade", "36"), 0, "at version 36",
				"schema fitsdb_schema belonged to \"postgres\"\ntable change belonged to\n" GHOST_NOTES);
	sql_expect(connection, STRANGE_OWNERS, "none");
	tool_must(owner, ARGS("upgrade"));
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* A printed script transfers the objects, too, before anything else. */
START_TEST(script_transfers)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	char	   *before = image_take("fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	tool_expect(superuser, ARGS("upgrade", "--sql"), 0, "ALTER TABLE public.ghost OWNER TO fitsdata", NULL);
	image_expect("fitsdata", before);
	run_script(superuser);
	sql_expect(connection, STRANGE_OWNERS, "none");
	facts_expect_version(connection, "v037");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* The database is postgres's and the tables are fitsdata's: every message has the same statement. */
static const char *const found_so[] = {
	"ALTER DATABASE fitsdata OWNER TO postgres",
	"ALTER DATABASE fitsdata OWNER TO postgres; DROP SCHEMA fitsdb_schema CASCADE",
	"ALTER DATABASE fitsdata OWNER TO postgres; DROP SCHEMA fitsdb_schema CASCADE; ALTER TABLE migrate_version OWNER TO"
	" postgres; GRANT ALL ON migrate_version TO fitsdata",
	"ALTER DATABASE fitsdata OWNER TO postgres; ALTER TABLE ghost OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM"
	" PUBLIC; GRANT CREATE ON SCHEMA public TO fitsdata; GRANT CREATE ON DATABASE fitsdata TO fitsdata",
};

#define SOLUTION "ALTER DATABASE fitsdata OWNER TO fitsdata;"

START_TEST(database_of_another)
{
	char	   *owner = lineage_current("fitsdata", 36);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	const char *const logins[] = {superuser, owner};
	struct process process;

	server_execute("fitsdata", found_so[_i]);
	for (size_t i = 0; i < 2; i++) {
		tool_run(&process, logins[i], ARGS("upgrade"));
		/* Up to PostgreSQL 14 every role may create in public. */
		if (i == 1 && process.status == 0) {
			process_clear(&process);
			break;
		}
		tool_wrote(&process, 3, NULL, "tables of schema public belong to \"fitsdata\", but the database belongs to"
				   " \"postgres\".\nhint: To make \"fitsdata\" the owner of the database, run as a superuser: " SOLUTION);
		ck_assert_ptr_null(strstr(process.err, "drop"));
		process_clear(&process);
		tool_expect(logins[i], ARGS("upgrade", "--sql"), 3, NULL, SOLUTION);
		tool_expect(logins[i], ARGS("downgrade", "30", "--yes"), 3, NULL, SOLUTION);
		tool_run(&process, logins[i], ARGS("stamp", "36"));
		ck_assert(process.status == 0 || strstr(process.err, SOLUTION));
		process_clear(&process);
	}
	server_execute("fitsdata", SOLUTION);
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", "");
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

Suite *
ownership_transfer_suite(void)
{
	Suite	   *suite = suite_create("ownership_transfer");
	TCase	   *tcase = tcase_create("handover");

	tcase_add_unchecked_fixture(tcase, server_setup, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, superuser_transfers, 0, HOSTS);
	tcase_add_test(tcase, private_objects_stay);
	tcase_add_test(tcase, without_facts_all_are_transferred);
	tcase_add_test(tcase, private_objects_are_not_granted);
	tcase_add_loop_test(tcase, private_objects_of_the_databases_owner, 0, 2);
	tcase_add_test(tcase, owner_gets_the_statements);
	tcase_add_test(tcase, transfer_does_not_block);
	tcase_add_test(tcase, superuser_on_purpose);
	tcase_add_test(tcase, script_transfers);
	tcase_add_loop_test(tcase, database_of_another, 0, sizeof(found_so) / sizeof(found_so[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
