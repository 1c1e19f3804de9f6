/* Another role plants objects while a run is at work. */
#include <string.h>

#include "base/mem.h"
#include "e2e/safety/hijack.h"
#include "support/block.h"
#include "support/lineage.h"
#include "support/plant.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* The grants of older deployments, and rows for several batches. */
#define OPENED "GRANT ALL ON ALL TABLES IN SCHEMA public TO apache"
#define FILLED \
	"INSERT INTO file (id, name) SELECT n, 'N20200701S' || n || '.fits' FROM generate_series(1, 1200) n;" \
	" INSERT INTO diskfile (id, file_id, filename, path) SELECT n, n, 'N20200701S' || n || '.fits', ''" \
	" FROM generate_series(1, 1200) n"

/* A function in a temporary schema: a role that may create nothing elsewhere can create it. */
#define MAKE_FUNCTION \
	"CREATE FUNCTION pg_temp.row() RETURNS trigger LANGUAGE plpgsql AS" \
	" 'BEGIN PERFORM evil.note(''temporary''); RETURN NEW; END'"
#define MAKE_TRIGGER(table) \
	"CREATE TRIGGER t BEFORE UPDATE ON public." table " FOR EACH ROW EXECUTE PROCEDURE pg_temp.row()"

/* The run tries again while another session holds a lock, or waits for it. */
#define SHORT "--lock-timeout=200ms"
#define LONG "--lock-timeout=1min"

static char *owner;
static char *superuser;
static struct process process;

/* The attacker's session, and one that makes the run wait. */
static PGconn *attacker;
static PGconn *holder;

static PGconn *
connect_as(const char *role)
{
	char	   *conninfo = server_conninfo(server_main(), role, "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	mem_free(conninfo);
	return connection;
}

/* Otherwise a superuser's run is refused; before PostgreSQL 15 it would wait for the attacker's transactions first. */
#define CLOSED "REVOKE CREATE ON SCHEMA public FROM PUBLIC, evil; GRANT CREATE ON SCHEMA public TO fitsdata"

/* A database at a version, with a session of the attacker's; `grants` may be NULL. */
static void
begin(int version, const char *role, const char *grants)
{
	owner = lineage_current("fitsdata", version);
	superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	plant_trap("fitsdata");
	server_execute("fitsdata", CLOSED);
	if (version >= 37)
		server_execute("fitsdata", FILLED);
	server_execute("fitsdata", OPENED);
	if (grants)
		server_execute("fitsdata", grants);
	attacker = connect_as(role);
	sql_exec(attacker, MAKE_FUNCTION);
	holder = NULL;
}

/* Run an upgrade that waits for a lock of `role`: it has to try again, unless its own lock timeout is long. */
static void
upgrade_behind(const char *role, const char *lock, const char *lock_timeout)
{
	holder = connect_as(role);
	sql_exec(holder, "BEGIN");
	sql_exec(holder, lock);
	tool_start(&process, superuser, ARGS("upgrade", lock_timeout, "--lock-retries=100"));
	if (strcmp(lock_timeout, LONG) == 0)
		sql_await(holder, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	else
		process_expect(&process, "trying again");
}

/* The run goes on; its result must be this. */
static void
expect_end(PGconn *committer, int status, const char *out, const char *err)
{
	if (committer)
		sql_exec(committer, "COMMIT");
	process_wait(&process);
	tool_wrote(&process, status, out, err);
}

static void
end(void)
{
	process_clear(&process);
	PQfinish(holder);
	PQfinish(attacker);
	plant_expect_none("fitsdata");
	mem_free(superuser);
	mem_free(owner);
}

static void
expect_refused(const char *sql, const char *sqlstate)
{
	PGresult   *result = PQexec(attacker, sql);
	const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	ck_assert_msg(found && strcmp(found, sqlstate) == 0, "%s: %s", sql,
				  found ? PQresultErrorMessage(result) : "was done");
	PQclear(result);
}

START_TEST(apache_during_a_batch)
{
	begin(37, "apache", NULL);
	upgrade_behind("apache", "SELECT id FROM diskfile WHERE id = 600 FOR UPDATE", SHORT);
	expect_refused(MAKE_TRIGGER("diskfile"), "42501");
	expect_refused("CREATE TRIGGER t BEFORE UPDATE ON gmos EXECUTE PROCEDURE pg_temp.row()", "42501");
	expect_refused("UPDATE migrate_version SET version = 12", "42501");
	expect_end(holder, 0, "at version 39\ngrants.sql has revoked the right of other roles to create triggers", "");
	sql_expect(attacker, "SELECT count(*) FROM diskfile WHERE datafile_timestamp IS NULL", "0");
	end();
}
END_TEST

START_TEST(apache_during_a_retry)
{
	begin(24, "apache", NULL);
	upgrade_behind("apache", "SELECT count(*) FROM exportqueue", SHORT);
	expect_refused("SET lock_timeout = '5s'; " MAKE_TRIGGER("exportqueue"), "42501");
	expect_end(holder, 0, "at version 39", "");
	end();
}
END_TEST

/* The trigger was created before the privilege was revoked, and its transaction commits after that. */
START_TEST(apache_was_first)
{
	begin(37, "apache", NULL);
	sql_exec(attacker, "BEGIN; " MAKE_TRIGGER("diskfile"));
	tool_start(&process, superuser, ARGS("upgrade", SHORT, "--lock-retries=100"));
	process_expect(&process, "trying again");
	expect_end(attacker, 3, NULL, "running grants.sql before the first migration failed: not trusted: trigger t on"
			   " table public.diskfile uses function pg_temp_\nwhich belongs to role \"apache\"\n"
			   "Rolled back; nothing was changed\nDROP TRIGGER t on public.diskfile;");
	end();
}
END_TEST

/* Another role keeps its privilege. Its CREATE TRIGGER waits; a trigger created between two batches is refused. */
START_TEST(other_role_between_batches)
{
	PGconn	   *observer;

	begin(37, "evil", "GRANT TRIGGER, SELECT ON diskfile TO evil");
	observer = sql_connect(superuser);
	tool_start(&process, superuser, ARGS("upgrade", "--batch-pause=2s"));
	sql_await(observer, "SELECT count(*) FROM fitsdb_schema.change WHERE position IS NOT NULL", "1");
	sql_exec(attacker, MAKE_TRIGGER("diskfile"));
	expect_end(NULL, 2, "", "migration 38 \"backfill_datafile_timestamp\" failed: not trusted: trigger t on table"
			   " public.diskfile uses function\nfor keys below");
	ck_assert_ptr_null(strstr(process.err, "could not log the failure"));
	sql_exec(observer, "DROP TRIGGER t ON diskfile");
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", "");
	PQfinish(observer);
	end();
}
END_TEST

START_TEST(other_role_during_a_batch)
{
	begin(37, "evil", "GRANT TRIGGER, SELECT ON diskfile TO evil; REVOKE ALL ON diskfile FROM apache");
	upgrade_behind("fitsdata", "SELECT id FROM diskfile WHERE id = 10 FOR UPDATE", LONG);
	expect_refused("SET lock_timeout = '200ms'; " MAKE_TRIGGER("diskfile"), "55P03");
	expect_end(holder, 0, "at version 39", "");
	end();
}
END_TEST

/* A table or a type with the name of one that a later migration creates. */
static const struct {
	const char *sql;
	const char *refusal;
}			names[] = {
	{"CREATE TABLE public.ghost (id serial, header_id integer CHECK (evil.note('check'))); GRANT ALL ON public.ghost TO"
	" PUBLIC", "belongs to role \"evil\", and the SQL to be run contains this name"},
	{"CREATE DOMAIN public.ghost_resolution AS text CHECK (evil.note('domain'))",
	"not trusted: type public.ghost_resolution belongs to role \"evil\""},
	{"CREATE TABLE public.nothing_of_ours (x integer)", NULL},
};

START_TEST(name_in_public)
{
	begin(24, "evil", NULL);
	upgrade_behind("fitsdata", "SELECT count(*) FROM exportqueue", SHORT);
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO evil");
	sql_exec(attacker, names[_i].sql);
	if (names[_i].refusal)
		expect_end(holder, 2, "", names[_i].refusal);
	else
		expect_end(holder, 0, "at version 39", "");
	end();
}
END_TEST

/* Before anything belongs to an untrusted role, so that only the cheap query is asked. */
static void
begin_clean(int version)
{
	owner = lineage_current("fitsdata", version);
	superuser = server_conninfo(server_main(), "postgres", "fitsdata");
}

/* Whoever has created it owns nothing, and has lost the privilege since. */
START_TEST(condition_that_stayed)
{
	begin_clean(37);
	server_execute("fitsdata", "GRANT TRIGGER ON diskfile TO apache; SET ROLE apache; CREATE TRIGGER t BEFORE UPDATE ON"
				   " public.diskfile FOR EACH ROW WHEN (query_to_xml('SELECT 1', true, true, '') IS NOT NULL) EXECUTE"
				   " PROCEDURE suppress_redundant_updates_trigger(); RESET ROLE; REVOKE TRIGGER ON diskfile FROM apache");
	tool_expect(superuser, ARGS("upgrade"), 3, "", "trigger t on table public.diskfile has a condition");
	tool_expect(superuser, ARGS("upgrade", "--sql"), 3, "", "trigger t on table public.diskfile has a condition");
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Committed while a transaction is between two statements that create something. */
START_TEST(name_between_two_statements)
{
	begin_clean(29);
	holder = sql_connect(owner);
	sql_exec(holder, "BEGIN; LOCK TABLE header IN ROW EXCLUSIVE MODE");
	tool_start(&process, superuser, ARGS("upgrade", "30", "--lock-timeout=1min"));
	sql_await(holder, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO apache; SET ROLE apache; CREATE TABLE public.mine (a"
				   " integer); CREATE INDEX ix_ghost_disperser ON public.mine (a)");
	sql_exec(holder, "COMMIT");
	process_wait(&process);
	/* Before PostgreSQL 15 the run has revoked CREATE from PUBLIC. */
	tool_wrote(&process, server_version(server_main()) < 15 ? 2 : 3, "",
			   "migration 30 \"add_ghost_table\" failed: not trusted: index public.ix_ghost_disperser belongs to role \"apache\"\nRolled back");
	process_clear(&process);
	server_execute("fitsdata", "DROP TABLE public.mine; REVOKE CREATE ON SCHEMA public FROM apache");
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", "");
	PQfinish(holder);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* A printed script takes the same locks and runs the same check. */
START_TEST(printed_script)
{
	const char *argv[] = {"psql", "-X", "-q", "-d", NULL, NULL};
	struct process script;

	begin(37, "evil", "GRANT TRIGGER ON diskfile, gmos TO evil");
	argv[4] = superuser;
	tool_run(&script, superuser, ARGS("upgrade", "--sql"));
	tool_wrote(&script, 0, "LOCK TABLE ONLY public.diskfile IN ROW EXCLUSIVE MODE\nEXECUTE fitsdb_schema_untrusted",
			   NULL);
	server_execute("fitsdata", "SET ROLE evil; CREATE FUNCTION evil.row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
				   " PERFORM evil.note(''trigger''); RETURN NEW; END'; CREATE TRIGGER t BEFORE UPDATE ON"
				   " public.diskfile FOR EACH ROW EXECUTE PROCEDURE evil.row()");
	process_run(&process, argv, &(struct process_options) {.input = script.out});
	tool_wrote(&process, 3, "", "not trusted: trigger t on table public.diskfile uses function evil.\"row\"()");
	plant_expect_none("fitsdata");
	server_execute("fitsdata", "DROP TRIGGER t ON public.diskfile");
	process_must(argv, &(struct process_options) {.input = script.out});
	process_clear(&script);
	tool_expect(superuser, ARGS("status"), 0, "at version 39", NULL);
	end();
}
END_TEST

TCase *
hijack_races(void)
{
	TCase	   *tcase = tcase_create("races");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, apache_during_a_batch);
	tcase_add_test(tcase, apache_during_a_retry);
	tcase_add_test(tcase, apache_was_first);
	tcase_add_test(tcase, other_role_between_batches);
	tcase_add_test(tcase, other_role_during_a_batch);
	tcase_add_loop_test(tcase, name_in_public, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_test(tcase, condition_that_stayed);
	tcase_add_test(tcase, name_between_two_statements);
	tcase_add_test(tcase, printed_script);
	return tcase;
}
