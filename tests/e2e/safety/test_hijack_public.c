/* Other roles may create objects in schema public: not while a superuser runs scripts. */
#include <string.h>

#include "base/mem.h"
#include "e2e/safety/hijack.h"
#include "support/lineage.h"
#include "support/plant.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static char *owner;
static char *superuser;
static struct process process;

static const char refused[] = "error: role \"evil\" may create objects in schema public\nNothing was changed\n"
	"REVOKE CREATE ON SCHEMA public FROM evil;";

#define CLOSED "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO fitsdata"

/* PUBLIC may create objects in public, as it may before PostgreSQL 15; and evil has no privilege of his own. */
static void
begin(int version)
{
	owner = lineage_current("fitsdata", version);
	superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	plant_trap("fitsdata");
	server_execute("fitsdata", "REVOKE CREATE ON SCHEMA public FROM evil; GRANT CREATE ON SCHEMA public TO PUBLIC");
}

static PGconn *
connect_evil(void)
{
	char	   *conninfo = server_conninfo(server_main(), "evil", "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	mem_free(conninfo);
	return connection;
}

static void
end(void)
{
	plant_expect_none("fitsdata");
	mem_free(superuser);
	mem_free(owner);
}

static void
expect_public(const char *may)
{
	PGconn	   *connection = sql_connect(superuser);

	sql_expect(connection, "SELECT count(*) > 0 FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'public'"
			   " AND a.grantee = 0 AND a.privilege_type = 'CREATE'", may);
	PQfinish(connection);
}

START_TEST(named_role)
{
	begin(36);
	server_execute("fitsdata", CLOSED ", evil");
	tool_expect(superuser, ARGS("upgrade"), 3, "", refused);
	tool_expect(superuser, ARGS("upgrade", "--sql"), 3, "", refused);
	tool_expect(superuser, ARGS("downgrade", "35", "--yes"), 3, "", refused);
	/* Without the right to revoke it, the owner is on his own. */
	if (server_version(server_main()) < 15)
		tool_expect(owner, ARGS("upgrade"), 0, "the latest of this build", "");
	else
		tool_expect(owner, ARGS("upgrade"), 3, "", refused);
	server_execute("fitsdata", "REVOKE CREATE ON SCHEMA public FROM evil");
	tool_expect(superuser, ARGS("upgrade"), 0, "the latest of this build", "");
	end();
}
END_TEST

/* grants.sql revokes it from apache, if it may. */
START_TEST(role_of_grants)
{
	begin(36);
	server_execute("fitsdata", CLOSED ", apache");
	if (server_version(server_main()) < 15)
		tool_expect(superuser, ARGS("upgrade"), 3, "", "role \"apache\" may create objects in schema public");
	else
		tool_expect(superuser, ARGS("upgrade"), 0, "CREATE on schema public was revoked from apache; to grant it again: GRANT"
					" CREATE ON SCHEMA public TO apache;\nat version 39", "");
	end();
}
END_TEST

START_TEST(revoked_from_public)
{
	begin(36);
	if (server_version(server_main()) < 15) {
		tool_expect(owner, ARGS("upgrade", "37"), 0, "at version 37", "");
		expect_public("t");
	}
	tool_expect(superuser, ARGS("upgrade"), 0, "CREATE on schema public was revoked from PUBLIC; to grant it again:"
				" GRANT CREATE ON SCHEMA public TO PUBLIC;\nat version 39", "");
	expect_public("f");
	tool_must(owner, ARGS("downgrade", "36", "--yes"));
	tool_expect(owner, ARGS("upgrade"), 0, "the latest of this build", "");
	end();
}
END_TEST

#define FUNCTION \
	"SET ROLE evil; CREATE FUNCTION public.mine(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN" \
	" evil.note(''operator''); END'"

#define OPERATOR(name) \
	"CREATE OPERATOR public." name " (PROCEDURE = public.mine, LEFTARG = varchar, RIGHTARG = varchar)"

/*
 * A transaction that has begun before, and commits while the run is at work. SQL of migration 10 would find the
 * operator in the place of the system's. The second one uses the privileges that its session has read before they were
 * revoked.
 */
static const struct {
	const char *sql;
	const char *then;			/* when the run waits */
	int			status;
	const char *out;
	const char *err;
}			begun[] = {
	{"BEGIN; " OPERATOR("="), "COMMIT", 2, "", "not trusted: operator public.=(character varying,character varying)"},
	{"BEGIN; " OPERATOR("===") "; ROLLBACK; BEGIN; SELECT has_schema_privilege('public', 'CREATE')",
		OPERATOR("=") "; COMMIT", 2, "", "not trusted: operator public.=(character varying,character varying)"},
	{"BEGIN; SELECT 1", "COMMIT", 0, "CREATE on schema public was revoked from PUBLIC\nat version 10", ""},
};

START_TEST(transaction_that_was_first)
{
	PGconn	   *evil;

	begin(9);
	server_execute("fitsdata", "INSERT INTO file (id, name) VALUES (1, 'x'); INSERT INTO diskfile (id, file_id,"
				   " filename, path) VALUES (1, 1, 'x', ''); INSERT INTO header (id, diskfile_id, procsci) VALUES (1, 1,"
				   " 'sq')");
	server_execute("fitsdata", FUNCTION);
	evil = connect_evil();
	sql_exec(evil, begun[_i].sql);
	tool_expect(superuser, ARGS("upgrade", "10", "--lock-timeout=100ms", "--lock-retries=0"), 3, "",
				"error: a transaction began before CREATE on schema public was revoked\nuser \"evil\"\n"
				"detail: Nothing was changed.\npg_terminate_backend");
	expect_public("t");
	tool_start(&process, superuser, ARGS("upgrade", "10", "--lock-timeout=1min"));
	process_expect(&process, "waiting for a transaction that may still create objects in schema public: PID");
	sql_exec(evil, begun[_i].then);
	process_wait(&process);
	tool_wrote(&process, begun[_i].status, begun[_i].out, begun[_i].err);
	process_clear(&process);
	PQfinish(evil);
	end();
}
END_TEST

/* Who revokes it by hand does not wait. */
START_TEST(revoked_by_hand)
{
	PGconn	   *evil;

	begin(9);
	evil = connect_evil();
	sql_exec(evil, "BEGIN; CREATE TYPE public.procsci AS ENUM ('x')");
	server_execute("fitsdata", CLOSED);
	tool_expect(superuser, ARGS("upgrade", "10", "--lock-timeout=100ms", "--lock-retries=0"), 3, "",
				"error: a transaction began before CREATE on schema public was revoked\nNothing was changed");
	sql_exec(evil, "ROLLBACK; BEGIN; SELECT txid_current()");
	tool_expect(superuser, ARGS("upgrade", "10"), 0, "at version 10", "");
	PQfinish(evil);
	end();
}
END_TEST

/* Created while an index is built concurrently: the next try must not use it. Somebody has granted CREATE meanwhile. */
START_TEST(concurrent_statement)
{
	PGconn	   *holder;

	begin(34);
	server_execute("fitsdata", FUNCTION);
	server_execute("fitsdata", CLOSED);
	holder = sql_connect(owner);
	sql_exec(holder, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
	tool_start(&process, superuser, ARGS("upgrade", "35", "--lock-timeout=1s", "--lock-retries=1"));
	sql_await(holder, "SELECT count(*) FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted", "1");
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO evil; SET ROLE evil; " OPERATOR("="));
	process_wait(&process);
	tool_wrote(&process, 2, "", "trying again in\nmigration 35 \"add_gmos_array_name_index\" failed: not trusted:"
			   " operator public.=(character varying,character varying) belongs to role \"evil\"");
	process_clear(&process);
	PQfinish(holder);
	end();
}
END_TEST

/* A function of the owner's calls it, which no script names. */
START_TEST(function_of_a_trigger)
{
	begin(37);
	server_execute("fitsdata", "SET ROLE evil; CREATE FUNCTION public.concat(text, text) RETURNS text LANGUAGE"
				   " plpgsql AS 'BEGIN PERFORM evil.note(''concat''); RETURN NULL; END'");
	tool_expect(superuser, ARGS("upgrade"), 3, "", "function public.concat(text,text) belongs to role \"evil\"\n"
				"DROP FUNCTION public.concat");
	tool_expect(owner, ARGS("upgrade"), 3, "", "function public.concat(text,text) belongs to role \"evil\"");
	server_execute("fitsdata", "DROP FUNCTION public.concat(text, text); CREATE FUNCTION public.mine(text) RETURNS text"
				   " LANGUAGE sql AS 'SELECT $1'; ALTER FUNCTION public.mine(text) OWNER TO fitsdata; SET ROLE evil;"
				   " CREATE FUNCTION public.mine(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1'");
	tool_expect(owner, ARGS("upgrade"), 3, "", "function public.mine(character varying) belongs to role \"evil\"");
	server_execute("fitsdata", "DROP FUNCTION public.mine(varchar)");
	tool_expect(superuser, ARGS("upgrade"), 0, "the latest of this build", "");
	end();
}
END_TEST

/* A printed script does the same when it is run. */
START_TEST(printed_script)
{
	const char *argv[] = {"psql", "-X", "-q", "-d", NULL, NULL};
	struct process script;

	begin(36);
	argv[4] = superuser;
	tool_run(&script, superuser, ARGS("upgrade", "--sql"));
	tool_wrote(&script, 0, "REVOKE CREATE ON SCHEMA public FROM PUBLIC", NULL);
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO evil");
	process_run(&process, argv, &(struct process_options) {.input = script.out});
	tool_wrote(&process, 3, "", "not trusted: role \"evil\" may create objects in schema public");
	process_clear(&process);
	server_execute("fitsdata", "REVOKE CREATE ON SCHEMA public FROM evil");
	process_must(argv, &(struct process_options) {.input = script.out});
	process_clear(&script);
	tool_expect(superuser, ARGS("status"), 0, "at version 39", NULL);
	expect_public("f");
	end();
}
END_TEST

TCase *
hijack_public(void)
{
	TCase	   *tcase = tcase_create("public");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, named_role);
	tcase_add_test(tcase, role_of_grants);
	tcase_add_test(tcase, revoked_from_public);
	tcase_add_loop_test(tcase, transaction_that_was_first, 0, sizeof(begun) / sizeof(begun[0]));
	tcase_add_test(tcase, revoked_by_hand);
	tcase_add_test(tcase, concurrent_statement);
	tcase_add_test(tcase, function_of_a_trigger);
	tcase_add_test(tcase, printed_script);
	return tcase;
}
