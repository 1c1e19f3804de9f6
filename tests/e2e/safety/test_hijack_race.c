/* What another role plants while a run is at work. */
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

/* As older deploys have left it, with rows for several ranges. */
#define OPENED "GRANT ALL ON ALL TABLES IN SCHEMA public TO apache"
#define FILLED \
	"INSERT INTO file (id, name) SELECT n, 'N20200701S' || n || '.fits' FROM generate_series(1, 1200) n;" \
	" INSERT INTO diskfile (id, file_id, filename, path) SELECT n, n, 'N20200701S' || n || '.fits', ''" \
	" FROM generate_series(1, 1200) n"

/* A function in its own temporary schema, as the web server's role would make one that may create nothing. */
#define MAKE_FUNCTION \
	"CREATE FUNCTION pg_temp.row() RETURNS trigger LANGUAGE plpgsql AS" \
	" 'BEGIN PERFORM evil.note(''temporary''); RETURN NEW; END'"
#define MAKE_TRIGGER(table) \
	"CREATE TRIGGER t BEFORE UPDATE ON public." table " FOR EACH ROW EXECUTE PROCEDURE pg_temp.row()"

static char *owner;
static char *superuser;

static void
begin(int version)
{
	owner = lineage_current("fitsdata", version);
	superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	plant_trap("fitsdata");
	if (version >= 37)
		server_execute("fitsdata", FILLED);
	server_execute("fitsdata", OPENED);
}

static void
end(void)
{
	plant_expect_none("fitsdata");
	mem_free(superuser);
	mem_free(owner);
}

static PGconn *
connect_as(const char *role)
{
	char	   *conninfo = server_conninfo(server_main(), role, "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	mem_free(conninfo);
	return connection;
}

/* It must fail like this. */
static void
expect_refused(PGconn *connection, const char *sql, const char *sqlstate)
{
	PGresult   *result = PQexec(connection, sql);
	const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	ck_assert_msg(found && strcmp(found, sqlstate) == 0, "%s: %s", sql, found ? PQresultErrorMessage(result) : "was done");
	PQclear(result);
}

START_TEST(apache_during_a_batch)
{
	struct process process;
	PGconn	   *apache;
	PGconn	   *holder;

	begin(37);
	apache = connect_as("apache");
	holder = connect_as("apache");
	sql_exec(apache, MAKE_FUNCTION);
	/* He makes the run wait himself. */
	sql_exec(holder, "BEGIN; SELECT id FROM diskfile WHERE id = 600 FOR UPDATE");
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=300ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	expect_refused(apache, MAKE_TRIGGER("diskfile"), "42501");
	expect_refused(apache, "CREATE TRIGGER t BEFORE UPDATE ON gmos EXECUTE PROCEDURE pg_temp.row()", "42501");
	expect_refused(apache, "UPDATE migrate_version SET version = 12", "42501");
	sql_exec(holder, "COMMIT");
	process_wait(&process);
	tool_wrote(&process, 0, "at version 39\nno longer create triggers", "");
	process_clear(&process);
	sql_expect(apache, "SELECT count(*) FROM diskfile WHERE datafile_timestamp IS NULL", "0");
	PQfinish(holder);
	PQfinish(apache);
	end();
}
END_TEST

START_TEST(apache_during_a_retry)
{
	struct process process;
	PGconn	   *apache;
	PGconn	   *holder;

	begin(24);
	apache = connect_as("apache");
	holder = connect_as("apache");
	sql_exec(apache, MAKE_FUNCTION);
	sql_exec(holder, "BEGIN; SELECT count(*) FROM exportqueue");
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	expect_refused(apache, "SET lock_timeout = '5s'; " MAKE_TRIGGER("exportqueue"), "42501");
	sql_exec(holder, "COMMIT");
	process_wait(&process);
	tool_wrote(&process, 0, "at version 39", "");
	process_clear(&process);
	PQfinish(holder);
	PQfinish(apache);
	end();
}
END_TEST

/* Begun before the privilege was revoked, committed after. */
START_TEST(apache_was_first)
{
	struct process process;
	PGconn	   *apache;

	begin(37);
	apache = connect_as("apache");
	sql_exec(apache, MAKE_FUNCTION);
	sql_exec(apache, "BEGIN; " MAKE_TRIGGER("diskfile"));
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	sql_exec(apache, "COMMIT");
	process_wait(&process);
	tool_wrote(&process, 3, NULL, "running grants.sql before the first migration failed: not trusted: trigger t on table"
			   " public.diskfile uses function pg_temp_\nwhich belongs to role \"apache\"\nRolled back; nothing was changed\n"
			   "DROP TRIGGER t on public.diskfile;");
	process_clear(&process);
	PQfinish(apache);
	end();
}
END_TEST

/* Another role keeps its privilege; so it waits, or what it creates between two ranges is refused. */
START_TEST(other_role_during_a_batch)
{
	struct process process;
	PGconn	   *evil;
	PGconn	   *observer;

	begin(37);
	server_execute("fitsdata", "GRANT TRIGGER, SELECT ON diskfile TO evil");
	evil = connect_as("evil");
	observer = sql_connect(superuser);
	sql_exec(evil, MAKE_FUNCTION);
	tool_start(&process, superuser, ARGS("upgrade", "--batch-pause=2s"));
	sql_await(observer, "SELECT count(*) FROM fitsdb_schema.change WHERE position IS NOT NULL", "1");
	sql_exec(evil, MAKE_TRIGGER("diskfile"));
	process_wait(&process);
	tool_wrote(&process, 2, "", "migration 38 \"backfill_datafile_timestamp\" failed: not trusted: trigger t on table"
			   " public.diskfile uses function\nthe keys below");
	ck_assert_ptr_null(strstr(process.err, "could not be logged"));
	process_clear(&process);
	sql_exec(observer, "DROP TRIGGER t ON diskfile");
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", "");
	PQfinish(observer);
	PQfinish(evil);
	end();
}
END_TEST

START_TEST(other_role_during_a_range)
{
	struct process process;
	PGconn	   *evil;
	PGconn	   *holder;

	begin(37);
	server_execute("fitsdata", "GRANT TRIGGER, SELECT ON diskfile TO evil; REVOKE ALL ON diskfile FROM apache");
	evil = connect_as("evil");
	holder = sql_connect(owner);
	sql_exec(evil, MAKE_FUNCTION);
	sql_exec(holder, "BEGIN; SELECT id FROM diskfile WHERE id = 10 FOR UPDATE");
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=1min"));
	sql_await(holder, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	expect_refused(evil, "SET lock_timeout = '200ms'; " MAKE_TRIGGER("diskfile"), "55P03");
	sql_exec(holder, "COMMIT");
	process_wait(&process);
	tool_wrote(&process, 0, "at version 39", "");
	process_clear(&process);
	PQfinish(holder);
	PQfinish(evil);
	end();
}
END_TEST

/* A table or a type of the name that a later migration creates. */
static const struct {
	const char *sql;
	const char *refusal;
}			names[] = {
	{"CREATE TABLE public.ghost (id serial, header_id integer CHECK (evil.note('check'))); GRANT ALL ON public.ghost TO"
	" PUBLIC", "belongs to role \"evil\", and the SQL to be run has that name in it"},
	{"CREATE DOMAIN public.ghost_resolution AS text CHECK (evil.note('domain'))",
	"not trusted: type public.ghost_resolution belongs to role \"evil\""},
	{"CREATE TABLE public.nothing_of_ours (x integer)", NULL},
};

START_TEST(name_in_public)
{
	struct process process;
	PGconn	   *evil;
	PGconn	   *holder;

	begin(24);
	evil = connect_as("evil");
	holder = sql_connect(owner);
	sql_exec(holder, "BEGIN; SELECT count(*) FROM exportqueue");
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "trying again");
	sql_exec(evil, names[_i].sql);
	sql_exec(holder, "COMMIT");
	process_wait(&process);
	if (names[_i].refusal)
		tool_wrote(&process, 2, "", names[_i].refusal);
	else
		tool_wrote(&process, 0, "at version 39", "");
	process_clear(&process);
	PQfinish(holder);
	PQfinish(evil);
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
	tool_expect(superuser, ARGS("upgrade"), 3, "", "trigger t on table public.diskfile has a condition or arguments");
	tool_expect(superuser, ARGS("upgrade", "--sql"), 3, "", "trigger t on table public.diskfile has a condition");
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Committed while a transaction is between two statements that create something. */
START_TEST(name_between_two_statements)
{
	struct process process;
	PGconn	   *holder;

	begin_clean(29);
	holder = sql_connect(owner);
	sql_exec(holder, "BEGIN; LOCK TABLE header IN ROW EXCLUSIVE MODE");
	tool_start(&process, superuser, ARGS("upgrade", "30", "--lock-timeout=1min"));
	sql_await(holder, "SELECT count(*) FROM pg_locks WHERE NOT granted", "1");
	server_execute("fitsdata", "GRANT CREATE ON SCHEMA public TO apache; SET ROLE apache; CREATE TABLE public.mine (a"
				   " integer); CREATE INDEX ix_ghost_disperser ON public.mine (a)");
	sql_exec(holder, "COMMIT");
	process_wait(&process);
	tool_wrote(&process, 2, "", "migration 30 \"add_ghost_table\" failed before it began: not trusted: index"
			   " public.ix_ghost_disperser belongs to role \"apache\"\nRolled back");
	process_clear(&process);
	server_execute("fitsdata", "DROP TABLE public.mine");
	tool_expect(superuser, ARGS("upgrade"), 0, "at version 39", "");
	PQfinish(holder);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* A printed script has the same locks and the same query. */
START_TEST(printed_script)
{
	const char *const arguments[] = {"psql", "-X", "-q", "-d", NULL, NULL};
	const char *argv[6];
	struct process script;
	struct process run;

	begin(37);
	memcpy(argv, arguments, sizeof(argv));
	argv[4] = superuser;
	server_execute("fitsdata", "GRANT TRIGGER ON diskfile, gmos TO evil");
	tool_run(&script, superuser, ARGS("upgrade", "--sql"));
	tool_wrote(&script, 0, "LOCK TABLE ONLY public.diskfile IN ROW EXCLUSIVE MODE\nEXECUTE fitsdb_schema_untrusted", NULL);
	server_execute("fitsdata", "SET ROLE evil; CREATE FUNCTION evil.row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
				   " PERFORM evil.note(''trigger''); RETURN NEW; END'; CREATE TRIGGER t BEFORE UPDATE ON public.diskfile FOR"
				   " EACH ROW EXECUTE PROCEDURE evil.row()");
	process_run(&run, argv, &(struct process_options) {.input = script.out});
	tool_wrote(&run, 3, "", "not trusted: trigger t on table public.diskfile uses function evil.\"row\"()");
	process_clear(&run);
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
	tcase_add_test(tcase, other_role_during_a_batch);
	tcase_add_test(tcase, other_role_during_a_range);
	tcase_add_loop_test(tcase, name_in_public, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_test(tcase, condition_that_stayed);
	tcase_add_test(tcase, name_between_two_statements);
	tcase_add_test(tcase, printed_script);
	return tcase;
}
