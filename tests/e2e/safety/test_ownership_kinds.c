/*
 * Objects of every kind that a superuser owns, as after a restore (tests/histories/owners): those of the history are
 * given to the owner, and no others.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/*
 * A superuser's objects that have a name of the history, but other arguments, another kind or another schema; or are
 * none that the owner could have created; and those of a role that is no superuser.
 */
#define TAKE_NONE \
	"CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 2 * n';" \
	" CREATE FUNCTION annex.twice(n integer) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 2 * n';" \
	" CREATE AGGREGATE total(bigint) (SFUNC = int8pl, STYPE = bigint);" \
	" CREATE OPERATOR @+ (PROCEDURE = int8pl, LEFTARG = bigint, RIGHTARG = bigint);" \
	" CREATE VIEW annex.heavy AS SELECT rolname FROM pg_authid; CREATE TABLE annex.item (id integer);" \
	" CREATE TYPE annex.colour AS ENUM ('red');"
#define NONE_TAKEN \
	"class heavy postgres, class item postgres, function total postgres, function twice postgres," \
	" function twice postgres, operator @+ postgres, type _colour postgres, type _heavy postgres," \
	" type _item postgres, type colour postgres, type heavy postgres, type item postgres"

/* Of another role, but what is a part of a range. (Before 14 a sequence has a type.) */
#define STRANGE_OWNERS \
	"SELECT coalesce(string_agg(what || ' ' || pg_get_userbyid(owner), ', ' ORDER BY what), 'none') FROM (" \
	"SELECT 'class ' || relname AS what, oid, relowner AS owner FROM pg_class" \
	" UNION ALL SELECT 'type ' || typname, oid, typowner FROM pg_type" \
	" WHERE typrelid NOT IN (SELECT oid FROM pg_class WHERE relkind = 'S')" \
	" UNION ALL SELECT 'function ' || proname, oid, proowner FROM pg_proc" \
	" UNION ALL SELECT 'operator ' || oprname, oid, oprowner FROM pg_operator" \
	" UNION ALL SELECT 'collation ' || collname, oid, collowner FROM pg_collation" \
	" UNION ALL SELECT 'conversion ' || conname, oid, conowner FROM pg_conversion" \
	" UNION ALL SELECT 'statistics ' || stxname, oid, stxowner FROM pg_statistic_ext" \
	" UNION ALL SELECT 'dictionary ' || dictname, oid, dictowner FROM pg_ts_dict" \
	" UNION ALL SELECT 'configuration ' || cfgname, oid, cfgowner FROM pg_ts_config" \
	" UNION ALL SELECT 'schema ' || nspname, oid, nspowner FROM pg_namespace) o" \
	" WHERE oid >= 16384 AND owner <> 'fitsdata'::regrole AND what !~ 'span'"

/* A database at version 0 whose objects belong to the owner or, as after a restore, to postgres. */
static char *
base_of(bool superuser)
{
	char	   *owner = server_database("fitsdata");
	char	   *base = sql_section("tests/histories/owners/000_base.sql", "up");
	PGconn	   *connection = superuser ? server_superuser(server_main(), "fitsdata") : sql_connect(owner);

	sql_exec(connection, base);
	PQfinish(connection);
	mem_free(base);
	tool_must(owner, ARGS("stamp", "0"));
	return owner;
}

/* Version 2 adds a procedure, which servers before 11 do not have. */
static bool
has_procedures(void)
{
	return server_version(server_main()) >= 11;
}

START_TEST(every_kind_is_transferred)
{
	char	   *owner = base_of(true);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");

	server_execute("fitsdata", TAKE_NONE);
	tool_expect(superuser, ARGS("upgrade", has_procedures() ? "2" : "1"), 0, "at version",
				"schema annex belonged to \"postgres\"; it now belongs to \"fitsdata\"\n"
				"function annex.now() belonged to\ntable annex.\"Odd name\" belonged to\n"
				"aggregate number_of() belonged to\ncollation plain belonged to\n"
				"conversion latin belonged to\nfunction twice(colour,character varying) belonged to\n"
				"function twice(integer) belonged to\nmaterialized view counted belonged to\n"
				"operator @+(integer,integer) belonged to\nstatistics item_statistics belonged to\n"
				"text search dictionary words belonged to\ntype weight belonged to\nview heavy belonged to");
	sql_expect(connection, STRANGE_OWNERS, NONE_TAKEN);
	if (has_procedures())
		server_execute("fitsdata", "ALTER PROCEDURE count_again() OWNER TO postgres");
	tool_expect(superuser, ARGS("downgrade", "0", "--yes"), 0, "at version 0",
				has_procedures() ? "procedure count_again() belonged to" : "");
	tool_expect(owner, ARGS("upgrade", "1"), 0, "at version 1", "7 extra");
	sql_expect(connection, STRANGE_OWNERS, NONE_TAKEN);
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Both ways of finding them: in the catalogs, and in the facts that were read. */
START_TEST(owner_gets_statements_for_every_kind)
{
	static const char *const commands[][3] = {{"upgrade"}, {"repair", "--dry-run"}};
	char	   *owner = base_of(true);
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");
	struct process process;

	server_execute("fitsdata", TAKE_NONE);
	tool_run(&process, owner, commands[_i]);
	tool_wrote(&process, 3, NULL, "22 objects of the database belong to a superuser");
	server_execute_told("fitsdata", process.err, "detail: ", "ALTER");
	process_clear(&process);
	sql_expect(connection, STRANGE_OWNERS, NONE_TAKEN);
	tool_expect(owner, ARGS("upgrade", "1"), 0, "at version 1", "7 extra");
	PQfinish(connection);
	mem_free(owner);
}
END_TEST

/* With these the owner could become superuser; or they are another role's. */
static const char *const kept[][2] = {
	{"DROP FUNCTION twice(integer); CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE internal"
	" AS 'int4abs'", "function twice postgres"},
	{"DROP FUNCTION item_set_grams() CASCADE; CREATE FUNCTION item_set_grams() RETURNS event_trigger LANGUAGE plpgsql"
	" AS 'BEGIN END'", "function item_set_grams postgres"},
	{"DROP TABLE item CASCADE; CREATE VIEW item AS SELECT rolname, rolpassword FROM pg_authid",
	"class item postgres, type _item postgres, type item postgres"},
	{"ALTER FUNCTION twice(integer)"
	" OWNER TO apache", "function twice apache"},
	{"ALTER VIEW heavy OWNER TO apache",
	"class heavy apache, type _heavy apache, type heavy apache"},
};

START_TEST(not_transferred)
{
	char	   *owner = base_of(false);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = server_superuser(server_main(), "fitsdata");
	struct process process;

	server_execute("fitsdata", kept[_i][0]);
	tool_run(&process, superuser, ARGS("upgrade"));
	ck_assert_int_ne(process.status, 0);
	ck_assert_ptr_null(strstr(process.err, "it now belongs to"));
	process_clear(&process);
	sql_expect(connection, STRANGE_OWNERS, kept[_i][1]);
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Whoever calls it has the owner's rights, no longer a superuser's. */
START_TEST(transferred_code_loses_rights)
{
	char	   *owner = base_of(true);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = sql_connect(owner);

	server_execute("fitsdata", "CREATE OR REPLACE VIEW heavy AS SELECT id FROM item, pg_authid; CREATE OR REPLACE"
				   " FUNCTION annex.now() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';"
				   " GRANT SELECT ON heavy TO fitsdata; GRANT USAGE ON SCHEMA annex TO fitsdata");
	sql_expect(connection, "SELECT count(*) FROM heavy", "0");
	tool_expect(superuser, ARGS("stamp", "0", "--quiet"), 0, NULL, NULL);
	sql_expect(connection, "SELECT annex.now()", "postgres");
	tool_expect(superuser, ARGS("upgrade", "1", "--quiet"), 1, NULL, "annex.now()");
	sql_expect(connection, "SELECT annex.now()", "fitsdata");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

static void
use_owners(void)
{
	build_use("owners");
}

Suite *
ownership_kinds_suite(void)
{
	Suite	   *suite = suite_create("ownership_kinds");
	TCase	   *tcase = tcase_create("kinds");

	tcase_add_unchecked_fixture(tcase, use_owners, build_end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_kind_is_transferred);
	tcase_add_loop_test(tcase, owner_gets_statements_for_every_kind, 0, 2);
	tcase_add_loop_test(tcase, not_transferred, 0, sizeof(kept) / sizeof(kept[0]));
	tcase_add_test(tcase, transferred_code_loses_rights);
	suite_add_tcase(suite, tcase);
	return suite;
}
