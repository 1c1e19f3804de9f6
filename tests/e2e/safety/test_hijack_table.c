/* Objects that another role has planted are not run by any command of any role. Each row is a planted object. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/safety/hijack.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/plant.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum base {
	BARE,						/* not under version control, and evil may create in public */
	OLD,						/* at version 24 */
	RECENT						/* at version 37, with rows to fill in */
};

#define AS_EVIL "SET ROLE evil;"
#define AS_OWNER "SET ROLE fitsdata;"

/* Functions in schema evil, for each kind of object. */
#define PREPARED \
	AS_EVIL " CREATE FUNCTION evil.yes(integer) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS" \
	" 'BEGIN RETURN evil.note(''yes''); END'; CREATE FUNCTION evil.same(integer) RETURNS integer IMMUTABLE LANGUAGE" \
	" plpgsql AS 'BEGIN PERFORM evil.note(''same''); RETURN $1; END'; CREATE FUNCTION evil.row() RETURNS trigger" \
	" LANGUAGE plpgsql AS 'BEGIN PERFORM evil.note(''trigger''); RETURN NEW; END'; RESET ROLE;"

#define TABLE "CREATE TABLE public.migrate_version (repository_id text, repository_path text, version integer);"
#define ROW " INSERT INTO public.migrate_version VALUES ('Repository for FitsStorage migration', 'dbmigration', 18);"
#define ALL_MAY " GRANT ALL ON public.migrate_version TO PUBLIC;"
#define SCHEMA \
	"CREATE SCHEMA fitsdb_schema; GRANT USAGE ON SCHEMA fitsdb_schema TO PUBLIC; CREATE TABLE fitsdb_schema.standing" \
	" AS SELECT 18 AS version, 'x'::text AS history, true AS settled; GRANT SELECT ON fitsdb_schema.standing TO PUBLIC;"

/* A built-in trigger function; the attack is in the condition. */
#define QUIET_TRIGGER(when) \
	AS_EVIL " CREATE TRIGGER t BEFORE UPDATE ON public.diskfile FOR EACH ROW WHEN (" when ")" \
	" EXECUTE PROCEDURE suppress_redundant_updates_trigger()"

/* A function of the owner's that runs what it is given; the attack is in the arguments. */
#define AUDITED(arguments) \
	AS_OWNER " CREATE FUNCTION public.audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN EXECUTE ''SELECT '' ||" \
	" TG_ARGV[0]; RETURN NEW; END'; RESET ROLE; GRANT TRIGGER ON diskfile TO evil;" AS_EVIL \
	" CREATE TRIGGER t BEFORE UPDATE ON public.diskfile FOR EACH ROW EXECUTE PROCEDURE public.audit(" arguments ");"

static const struct {
	const char *name;
	enum base	base;
	const char *sql;
	const char *refusal;		/* what an upgrade says; NULL: it is done */
	int			least;			/* the oldest server that has it; 0: all */
	bool		closely;		/* with the slow commands, too, even without HIJACK=all */
}			rows[] = {
	{"migrate_version, index predicate", BARE, AS_EVIL TABLE ROW ALL_MAY
		" CREATE INDEX ON public.migrate_version (version) WHERE evil.yes(1)", "not trusted", 0, true},
	{"migrate_version, index expression", BARE, AS_EVIL TABLE ROW ALL_MAY
		" CREATE INDEX ON public.migrate_version (evil.same(version)); ANALYZE public.migrate_version", "not trusted", 0,
	false},
	{"migrate_version, statistics", BARE, AS_EVIL TABLE ROW ALL_MAY
		" CREATE STATISTICS s ON (evil.same(version)), version FROM public.migrate_version;"
	" ANALYZE public.migrate_version", "not trusted", 14, false},
	{"migrate_version, CHECK and constraint_exclusion", BARE, "ALTER DATABASE fitsdata SET constraint_exclusion = on;"
		AS_EVIL TABLE ALL_MAY "ALTER TABLE public.migrate_version ADD CHECK (evil.yes(1)) NOT VALID;",
	"not trusted", 0, false},
	{"migrate_version, view", BARE, AS_EVIL "CREATE VIEW public.migrate_version AS SELECT 18 AS version WHERE"
	" evil.note('view');" ALL_MAY, "not trusted", 0, false},
	{"migrate_version, row security", BARE, AS_EVIL TABLE ROW ALL_MAY "ALTER TABLE public.migrate_version ENABLE ROW"
		" LEVEL SECURITY; CREATE POLICY p ON public.migrate_version USING (evil.note('policy'))", "not trusted", 0,
	false},
	{"migrate_version, rule", BARE, AS_EVIL TABLE ROW ALL_MAY "CREATE RULE r AS ON UPDATE TO public.migrate_version DO"
	" ALSO SELECT evil.note('rule')", "not trusted", 0, false},
	{"migrate_version, child", BARE, AS_EVIL TABLE ROW ALL_MAY "CREATE TABLE public.child () INHERITS"
		" (public.migrate_version); CREATE INDEX ON public.child (version) WHERE evil.yes(2); GRANT ALL ON public.child"
	" TO PUBLIC", "not trusted", 0, false},
	{"migrate_version, partition", BARE, AS_EVIL "CREATE TABLE public.migrate_version (repository_id text,"
		" repository_path text, version integer) PARTITION BY RANGE (evil.same(version)); CREATE TABLE public.part"
		" PARTITION OF public.migrate_version FOR VALUES FROM (0) TO (99); CREATE INDEX ON public.part (version) WHERE"
	" evil.yes(2);" ALL_MAY, "not trusted", 0, false},
	{"migrate_version, cast", BARE, AS_EVIL "CREATE TYPE evil.t AS (x integer); CREATE FUNCTION evil.cast(evil.t)"
		" RETURNS integer LANGUAGE plpgsql AS 'BEGIN PERFORM evil.note(''cast''); RETURN 18; END'; CREATE CAST (evil.t AS"
		" integer) WITH FUNCTION evil.cast(evil.t) AS IMPLICIT; CREATE TABLE public.migrate_version AS SELECT 'x'::text AS"
	" repository_id, 'y'::text AS repository_path, ROW(18)::evil.t AS version;" ALL_MAY, "not trusted", 0, false},
	{"standing, index predicate", BARE, AS_OWNER TABLE ROW AS_EVIL SCHEMA " CREATE INDEX ON fitsdb_schema.standing"
	" (version) WHERE evil.yes(1)", "not trusted", 0, true},
	{"trigger", RECENT, "GRANT TRIGGER ON diskfile TO evil;" AS_EVIL "CREATE TRIGGER t BEFORE UPDATE ON public.diskfile"
		" FOR EACH ROW EXECUTE PROCEDURE evil.row()",
	"trigger t on table public.diskfile uses function evil.\"row\"()\nDROP TRIGGER t on public.diskfile;", 0, false},
	{"trigger of apache", RECENT, "GRANT ALL ON ALL TABLES IN SCHEMA public TO apache; GRANT evil TO apache; SET ROLE"
		" apache; CREATE TRIGGER t BEFORE UPDATE ON public.gmos FOR EACH ROW EXECUTE PROCEDURE evil.row()",
	"trigger t on table public.gmos", 0, false},
	{"trigger on migrate_version", RECENT, "GRANT TRIGGER ON migrate_version TO evil;" AS_EVIL "CREATE TRIGGER t AFTER"
		" UPDATE ON public.migrate_version FOR EACH ROW EXECUTE PROCEDURE evil.row()",
	"trigger t on table public.migrate_version", 0, false},
	{"trigger on the log", RECENT, "GRANT TRIGGER ON fitsdb_schema.change TO evil;" AS_EVIL "CREATE TRIGGER t AFTER"
		" INSERT OR UPDATE ON fitsdb_schema.change FOR EACH ROW EXECUTE PROCEDURE evil.row()",
	"trigger t on table fitsdb_schema.change", 0, false},
	{"trigger of the owner's on migrate_version", RECENT, AS_OWNER "CREATE TRIGGER t BEFORE UPDATE ON"
		" public.migrate_version FOR EACH ROW EXECUTE PROCEDURE suppress_redundant_updates_trigger()",
	"trigger t is on table public.migrate_version, which records the version\nDROP TRIGGER t ON", 0, false},
	{"trigger of the owner's on the log", RECENT, AS_OWNER "CREATE TRIGGER t BEFORE UPDATE ON fitsdb_schema.standing"
		" FOR EACH ROW EXECUTE PROCEDURE suppress_redundant_updates_trigger()",
	"trigger t is on table fitsdb_schema.standing, which records the version", 0, false},
	{"condition with a function", RECENT, "GRANT TRIGGER ON diskfile TO evil;" QUIET_TRIGGER("evil.yes(NEW.id)"),
	"uses function evil.yes(integer)\nhas a condition that may run any SQL", 0, false},
	{"condition with SQL", RECENT, "GRANT TRIGGER ON diskfile TO evil;" QUIET_TRIGGER("query_to_xml('SELECT"
		" evil.note(''xml'')', true, true, '') IS NOT NULL"),
	"has a condition that may run any SQL\nDROP TRIGGER t ON", 0, false},
	{"condition that leaves the role", RECENT, "GRANT TRIGGER ON diskfile TO evil;" QUIET_TRIGGER("set_config('role',"
		" 'none', true) IS NOT NULL"), "has a condition that may run any SQL", 0, false},
	{"arguments with SQL", RECENT, AUDITED("'evil.note(''argument'')'") "RESET ROLE; REVOKE TRIGGER ON diskfile FROM evil",
	"trigger t on table public.diskfile has arguments that could be SQL\nDROP TRIGGER t ON", 0, true},
	{"arguments with a quote", RECENT, AUDITED("'a', E'\\\\000'"), "has arguments that could be SQL", 0, false},
	{"argument that names a function of evil's", RECENT, AUDITED("'x', 'evil.row'"), "has arguments that could be SQL or"
	" objects of another role", 0, false},
	{"argument in a temporary schema", RECENT, AUDITED("'PG_temp_3.x'"), "has arguments that could be SQL or objects of"
	" another role", 0, false},
	{"arguments that are plain names", RECENT, AUDITED("'1', 'header.name', 'Public.log_2', ''"), NULL, 0, false},
	{"condition of operators", RECENT, "GRANT TRIGGER ON diskfile TO evil;" QUIET_TRIGGER("NEW.id > 0"), NULL, 0, false},
	{"disabled trigger", RECENT, "GRANT TRIGGER ON diskfile TO evil;" AS_EVIL "CREATE TRIGGER t BEFORE UPDATE ON"
		" public.diskfile FOR EACH ROW EXECUTE PROCEDURE evil.row();" AS_OWNER "ALTER TABLE public.diskfile DISABLE TRIGGER"
	" t", NULL, 0, false},
	{"rule", RECENT, AS_OWNER "CREATE RULE r AS ON UPDATE TO public.diskfile DO ALSO SELECT evil.note('rule')",
	"rule r on table public.diskfile\nDROP RULE r on public.diskfile;", 0, false},
	{"rule into a view", RECENT, AS_EVIL "CREATE VIEW evil.v AS SELECT evil.note('view') AS x; GRANT SELECT ON evil.v TO"
	" PUBLIC;" AS_OWNER "CREATE RULE r AS ON UPDATE TO public.diskfile DO ALSO SELECT x FROM evil.v",
	"uses view evil.v", 0, false},
	{"policy", RECENT, AS_OWNER "CREATE POLICY p ON public.diskfile USING (evil.note('policy')); ALTER TABLE"
		" public.diskfile ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
	"policy p on table public.diskfile\nDROP POLICY p on public.diskfile;", 0, false},
	{"index predicate", RECENT, AS_OWNER "CREATE INDEX i ON public.diskfile (id) WHERE evil.yes(id)",
	"index public.i uses function evil.yes(integer)", 0, true},
	{"statistics", RECENT, AS_OWNER "CREATE STATISTICS public.s ON (evil.same(id)), id FROM public.diskfile;",
	"uses function evil.same(integer)", 14, false},
	{"CHECK", RECENT, AS_OWNER "ALTER TABLE public.diskfile ADD CONSTRAINT c CHECK (evil.yes(id)) NOT VALID",
	"constraint c on table public.diskfile", 0, false},
	{"generated column", RECENT, AS_OWNER "ALTER TABLE public.gmos ADD COLUMN g integer GENERATED ALWAYS AS"
	" (evil.same(id)) STORED", "uses function evil.same(integer)", 12, false},
	{"domain", RECENT, AS_EVIL "CREATE DOMAIN evil.d AS integer CHECK (evil.yes(VALUE)); GRANT USAGE ON TYPE evil.d TO"
	" PUBLIC;" AS_OWNER "ALTER TABLE public.gmos ADD COLUMN d evil.d", "uses type evil.d", 0, false},
	{"foreign key", RECENT, "GRANT REFERENCES ON diskfile TO evil;" AS_EVIL "CREATE TABLE evil.child (x integer"
		" REFERENCES public.diskfile); CREATE INDEX ON evil.child (x) WHERE evil.yes(1)",
	"connected by foreign keys\nALTER TABLE evil.child DROP CONSTRAINT child_x_fkey;", 0, false},
	{"foreign key with an action", RECENT, "GRANT REFERENCES ON diskfile TO evil;" AS_EVIL "CREATE TABLE evil.child (x"
		" integer REFERENCES public.diskfile ON UPDATE CASCADE ON DELETE CASCADE); CREATE TRIGGER t AFTER DELETE OR UPDATE"
	" ON evil.child FOR EACH ROW EXECUTE PROCEDURE evil.row()", "connected by foreign keys", 0, false},
	{"a table that a foreign key reaches", RECENT, "CREATE SCHEMA other AUTHORIZATION fitsdata; GRANT USAGE ON SCHEMA"
		" other TO PUBLIC;" AS_OWNER "CREATE TABLE other.child (x integer REFERENCES public.diskfile ON DELETE CASCADE);"
		" GRANT TRIGGER ON other.child TO evil;" AS_EVIL "CREATE TRIGGER t AFTER DELETE ON other.child FOR EACH ROW"
	" EXECUTE PROCEDURE evil.row()", "trigger t on table other.child", 0, false},
	{"child", RECENT, AS_OWNER "CREATE TABLE public.more () INHERITS (public.diskfile); RESET ROLE; ALTER TABLE"
		" public.more OWNER TO evil;" AS_EVIL "CREATE TRIGGER t BEFORE UPDATE ON public.more FOR EACH ROW EXECUTE PROCEDURE"
	" evil.row()", "connected by foreign keys or inheritance\nNO INHERIT", 0, false},
	{"event trigger", RECENT, "CREATE FUNCTION evil.event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM"
		" evil.note(''event''); END'; ALTER FUNCTION evil.event() OWNER TO evil; CREATE EVENT TRIGGER e ON ddl_command_start"
	" EXECUTE PROCEDURE evil.event()", "event trigger e runs function evil.event()\nALTER EVENT TRIGGER e DISABLE;", 0,
	false},
	{"table of evil's", OLD, AS_EVIL "CREATE TABLE public.ghost (id serial PRIMARY KEY, header_id integer CHECK"
		" (evil.yes(1)) DEFAULT evil.same(1)); GRANT ALL ON public.ghost TO PUBLIC",
	"table public.ghost belongs to role \"evil\"", 0, false},
	{"type of evil's", OLD, AS_EVIL "CREATE DOMAIN public.ghost_gain_setting AS text CHECK (evil.note('domain'))",
	"type public.ghost_gain_setting belongs to role \"evil\"", 0, false},
	{"domain over an array", OLD, AS_EVIL "CREATE DOMAIN public.ghost_gain_setting AS text[] CHECK (evil.note('domain'))",
	"type public.ghost_gain_setting belongs to role \"evil\"", 0, false},
	{"operator", OLD, AS_EVIL "CREATE FUNCTION public.cap(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN"
		" RETURN evil.note(''operator''); END'; CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, PROCEDURE ="
	" public.cap)", "operator public.=(character varying,character varying) belongs to role \"evil\"", 0, false},
	{"function", OLD, AS_EVIL "CREATE FUNCTION public.format(text, name) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM"
	" evil.note(''format''); RETURN NULL; END'", "function public.format(text,name) belongs to role \"evil\", and SQL"
	" may use it\nDROP FUNCTION public.format", 0,
	false},
	{"index with a name of ours", OLD, AS_EVIL "CREATE TABLE public.mine (a integer); CREATE INDEX ix_gmos_array_name ON"
	" public.mine (a)", "index public.ix_gmos_array_name belongs to role \"evil\"", 0, false},
	{"name that a migration puts together", OLD, AS_EVIL "CREATE TABLE public.ix_archiveuser_orcid_id (a integer)",
	"table public.ix_archiveuser_orcid_id belongs to role \"evil\"", 0, false},
	{"migrate_version that was evil's", BARE, AS_EVIL TABLE ROW ALL_MAY "CREATE INDEX ON public.migrate_version (version)"
		" WHERE evil.yes(1); RESET ROLE; ALTER TABLE public.migrate_version OWNER TO fitsdata", "not trusted", 0, true},
	{"table of evil's that no migration names", OLD, AS_EVIL "CREATE TABLE public.\"table\" (id integer); CREATE INDEX"
	" ON public.\"table\" (id) WHERE evil.yes(1); INSERT INTO public.\"table\" VALUES (1)", NULL, 0, true},
	{"materialized view of evil's", RECENT, AS_EVIL "CREATE MATERIALIZED VIEW public.m AS SELECT evil.note('m') AS x"
	" WITH NO DATA", NULL, 0, true},
	{"view of the owner's", RECENT, AS_OWNER "CREATE VIEW public.w AS SELECT evil.note('w') AS x FROM"
	" public.diskfile", NULL, 0, false},
};

enum {
	ROWS = sizeof(rows) / sizeof(rows[0])
};

/* In this order: commands that change the database come last. */
static const struct {
	const char *arguments[3];
	bool		slow;
}			commands[] = {
	{{"status"}, false}, {{"list"}, false}, {{"log"}, false}, {{"verify"}, true}, {{"identify"}, true}, {{"plan"}, true},
	{{"upgrade", "--sql"}, false}, {{"init"}, false}, {{"upgrade"}, false}, {{"downgrade", "36", "--yes"}, false},
	{{"stamp", "38"}, false}, {{"stamp", "37"}, false}, {{"upgrade"}, false}, {{"init"}, false},
};

enum {
	UPGRADE = 8					/* the first one that is not printed */
};

/* A copy of each base is made only once. */
static void
make_bases(void)
{
	char	   *old;
	char	   *recent;
	PGconn	   *connection;

	server_setup();
	old = lineage_current("hijack_old", 24);
	recent = lineage_current("hijack_recent", 37);
	connection = sql_connect(recent);
	sql_exec(connection, "INSERT INTO file (id, name) SELECT n, 'N20200701S000' || n || '.fits' FROM generate_series(1, 9)"
			 " n;"
			 " INSERT INTO diskfile (id, file_id, filename, path) SELECT n, n, 'N20200701S000' || n || '.fits', ''"
			 " FROM generate_series(1, 9) n; UPDATE diskfile SET datafile_timestamp = NULL;"
			 " INSERT INTO header (id, diskfile_id) VALUES (1, 1); INSERT INTO gmos (id, header_id, amp_read_area)"
			 " VALUES (1, 1, 'x')");
	PQfinish(connection);
	mem_free(recent);
	mem_free(old);
}

static char *
database_of(enum base base)
{
	return base == BARE ? server_database("fitsdata")
		: server_copy("fitsdata", base == OLD ? "hijack_old" : "hijack_recent");
}

/* Run one cell: no planted code may run, and an upgrade must be refused with the right message, or be done. */
static void
run_cell(int row, const char *login, size_t number)
{
	char	   *conninfo = server_conninfo(server_main(), login, "fitsdata");
	struct process process;
	char	   *caught;
	const char *refusal = rows[row].refusal;

	tool_run(&process, conninfo, commands[number].arguments);
	caught = plant_caught("fitsdata");
	ck_assert_msg(process.status <= 3 && !strstr(process.err, "caught:") && !strstr(process.out, "caught:")
				  && caught[0] == '\0', "%s, %s as %s: status %d, caught %s\n%s%s", rows[row].name,
				  commands[number].arguments[0], login, process.status, caught, process.out, process.err);
	mem_free(caught);
	if (number == UPGRADE && rows[row].base != BARE)
		tool_wrote(&process, refusal ? 3 : 0, "", refusal ? refusal : "");
	process_clear(&process);
	mem_free(conninfo);
}

START_TEST(row)
{
	static const char *const logins[] = {"postgres", "fitsdata"};
	if (server_version(server_main()) < rows[_i].least)
		return;
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		char	   *conninfo = database_of(rows[_i].base);

		plant_trap("fitsdata");
		server_execute("fitsdata", PREPARED);
		server_execute("fitsdata", rows[_i].sql);
		server_execute("fitsdata", "RESET ROLE; REVOKE CREATE ON SCHEMA public FROM evil");
		plant_forget("fitsdata");
		for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++)
			if (rows[_i].closely || !commands[k].slow || getenv("HIJACK"))
				run_cell(_i, logins[i], k);
		server_execute("postgres", "REVOKE evil FROM apache");
		mem_free(conninfo);
	}
}
END_TEST

TCase *
hijack_table(void)
{
	TCase	   *tcase = tcase_create("table");

	tcase_add_unchecked_fixture(tcase, make_bases, NULL);
	tcase_set_timeout(tcase, 180);
	tcase_add_loop_test(tcase, row, 0, ROWS);
	return tcase;
}
