/*
 * What a role must be allowed to: nothing is begun that would fail for want of a privilege, what earlier scripts have left
 * to a superuser is given back or named, and nobody but the owner can write the record.
 */
#include <check.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "image.h"
#include "json.h"
#include "lineage.h"
#include "mem.h"
#include "process.h"
#include "server.h"
#include "sql.h"
#include "suites.h"
#include "tool.h"

#include "banned.h"

/* What a person has made, of every kind that has an owner, and that is not the owner's. */
#define STRANGE_OWNERS \
	"SELECT coalesce(string_agg(what || ' ' || pg_get_userbyid(owner), ', ' ORDER BY what), 'none') FROM (" \
	"SELECT 'class ' || relname AS what, oid, relowner AS owner FROM pg_class" \
	" UNION ALL SELECT 'type ' || typname, oid, typowner FROM pg_type" \
	" UNION ALL SELECT 'function ' || proname, oid, proowner FROM pg_proc" \
	" UNION ALL SELECT 'operator ' || oprname, oid, oprowner FROM pg_operator" \
	" UNION ALL SELECT 'collation ' || collname, oid, collowner FROM pg_collation" \
	" UNION ALL SELECT 'schema ' || nspname, oid, nspowner FROM pg_namespace) o" \
	" WHERE oid >= 16384 AND owner <> 'fitsdata'::regrole"

#define LEAVE_GHOST \
	"ALTER TABLE ghost OWNER TO postgres; ALTER TYPE ghost_read_speed_setting OWNER TO postgres;" \
	" ALTER TYPE ghost_gain_setting OWNER TO postgres; ALTER TYPE ghost_resolution OWNER TO postgres;"
#define LEAVE_MORE \
	"ALTER TABLE migrate_version OWNER TO postgres; CREATE SEQUENCE public.\"Count\"; CREATE TYPE \"a \"\"b\" AS ENUM ('c');"

/* As on real hosts: 30 was run as postgres. Both lineages, from where ghost is new. */
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

static PGconn *
connect_superuser(void)
{
	char	   *conninfo = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	mem_free(conninfo);
	return connection;
}

#define GHOST_NOTES \
	"table ghost belonged to \"postgres\"; it now belongs to \"fitsdata\"\n" \
	"type ghost_read_speed_setting belonged to \"postgres\"; it now belongs to \"fitsdata\"\n" \
	"type ghost_gain_setting belonged to \"postgres\"; it now belongs to \"fitsdata\"\n" \
	"type ghost_resolution belonged to \"postgres\"; it now belongs to \"fitsdata\""

START_TEST(superuser_hands_over)
{
	char	   *owner = host(_i);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = connect_superuser();

	tool_expect(superuser, ARGS("upgrade"), 0, "at version 37", GHOST_NOTES);
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

START_TEST(all_kinds_are_handed_over)
{
	char	   *owner = host(5);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = connect_superuser();

	server_execute("fitsdata", LEAVE_MORE "CREATE VIEW v AS SELECT 1 AS one");
	tool_expect(superuser, ARGS("stamp", "32"), 0, "is stamped with version 32",
				"table migrate_version belonged to \"postgres\"; it now belongs to \"fitsdata\"");
	sql_expect(connection, "SELECT relowner::regrole FROM pg_class WHERE relname = 'ghost'", "postgres");
	tool_expect(superuser, ARGS("downgrade", "30"), 0, "at version 30", GHOST_NOTES
				"\nsequence Count belonged to\ntype a \"b belonged to");
	/* A view is nobody's business here. */
	sql_expect(connection, STRANGE_OWNERS, "class v postgres, type _v postgres, type v postgres");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* The statements that the message has behind `label`, those that begin with `verb`, run as a superuser. */
static void
run_statements(const char *text, const char *label, const char *verb)
{
	char	   *before = mem_format("%s%s", label, verb);
	const char *line = text;

	while ((line = strstr(line, before))) {
		size_t		length = strcspn(line += strlen(label), "\n");
		char	   *statement = mem_copy(line, length);

		server_execute("fitsdata", statement);
		mem_free(statement);
	}
	mem_free(before);
}

START_TEST(owner_gets_the_statements)
{
	char	   *owner = host(6);
	struct process process;
	PGconn	   *connection = connect_superuser();
	char	   *before;

	server_execute("fitsdata", LEAVE_MORE "GRANT ALL ON migrate_version TO fitsdata");
	before = image_take("fitsdata");
	tool_expect(owner, ARGS("downgrade", "32"), 3, NULL, "7 objects of the database belong to a superuser");
	tool_expect(owner, ARGS("upgrade", "--sql"), 3, NULL, "7 objects of the database belong to a superuser");
	tool_run(&process, owner, ARGS("upgrade"));
	tool_wrote(&process, 3, NULL,
			   "error: 7 objects of the database belong to a superuser, and role \"fitsdata\" may not change them\n"
			   "detail: Nothing was changed.\ndetail: ALTER TABLE public.ghost OWNER TO fitsdata;\n"
			   "detail: ALTER TYPE public.ghost_resolution OWNER TO fitsdata;\n"
			   "detail: ALTER TYPE public.\"a \"\"b\" OWNER TO fitsdata;\n"
			   "detail: ALTER SEQUENCE public.\"Count\" OWNER TO fitsdata;\n"
			   "detail: ALTER TABLE public.migrate_version OWNER TO fitsdata;\nhint: Run these statements as a superuser");
	image_expect("fitsdata", before);
	run_statements(process.err, "detail: ", "ALTER");
	process_clear(&process);
	tool_must(owner, ARGS("upgrade"));
	sql_expect(connection, STRANGE_OWNERS, "none");
	mem_free(owner);
	PQfinish(connection);
}
END_TEST

START_TEST(handover_gives_way)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *blocker = block_begin(superuser, "SELECT count(*) FROM ghost");
	char	   *before = image_take("fitsdata");
	struct process process;

	tool_expect(superuser, ARGS("upgrade", "--lock-timeout=100ms", "--lock-retries=1"), 3, NULL,
				"trying again in\n(1 of 1)\nerror: giving what belongs to a superuser to \"fitsdata\" failed\n(55P03)\n"
				"detail: Rolled back; nothing was changed.\nhint: Run the same command again at a quieter time");
	image_expect("fitsdata", before);
	tool_start(&process, superuser, ARGS("upgrade", "--lock-timeout=200ms", "--lock-retries=100"));
	process_expect(&process, "waiting for a lock held by pid");
	process_expect(&process, "trying again");
	block_end(blocker);
	process_wait(&process);
	tool_wrote(&process, 0, "at version 37", GHOST_NOTES);
	process_clear(&process);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Who acts as a superuser on purpose keeps what is a superuser's; who comes after him is given it. */
START_TEST(superuser_on_purpose)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	PGconn	   *connection = connect_superuser();

	tool_must(superuser, ARGS("upgrade", "--role=postgres"));
	sql_expect(connection, "SELECT relowner::regrole FROM pg_class WHERE relname = 'ghost'", "postgres");
	tool_expect(owner, ARGS("stamp", "37"), 3, NULL, "role \"fitsdata\" may not stamp database \"fitsdata\"\n"
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

/* A printed script gives it back too, before anything else. */
START_TEST(script_hands_over)
{
	char	   *owner = host(3);
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	const char *const arguments[] = {"psql", "-X", "-q", "-d", superuser, NULL};
	char	   *before = image_take("fitsdata");
	PGconn	   *connection = connect_superuser();
	struct process script;

	tool_run(&script, superuser, ARGS("upgrade", "--sql"));
	tool_wrote(&script, 0, "ALTER TABLE public.ghost OWNER TO fitsdata", NULL);
	image_expect("fitsdata", before);
	process_must(arguments, &(struct process_options) {.input = script.out});
	process_clear(&script);
	sql_expect(connection, STRANGE_OWNERS, "none");
	facts_expect_version(connection, "v037");
	PQfinish(connection);
	mem_free(superuser);
	mem_free(owner);
}
END_TEST

/* Make a role anew; what an earlier test has given it was in a database that is gone. */
static void
create_role(const char *name)
{
	char	   *sql = mem_format("DROP ROLE IF EXISTS %s; CREATE ROLE %s LOGIN", name, name);

	server_execute("postgres", sql);
	mem_free(sql);
}

#define CLOSE_PUBLIC "REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO fitsdata; GRANT SELECT ON migrate_version TO apache;"

START_TEST(stranger_is_told_all)
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
	tool_expect(conninfo, ARGS("stamp", "37"), 3, NULL, "\"apache\" may not stamp database\nlacks UPDATE on table");
	tool_expect(conninfo, ARGS("upgrade", "--sql"), 3, NULL, "\"apache\" may not upgrade database");
	image_expect("fitsdata", before);

	tool_must(owner, ARGS("upgrade", "33"));
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL,
				"lacks DELETE, INSERT, UPDATE on table fitsdb_schema.migration.\n"
				"lacks INSERT, UPDATE on table fitsdb_schema.change.\nlacks UPDATE on table fitsdb_schema.standing.");
	image_expect("fitsdata", before);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* What the owner himself lacks is for a superuser to grant; the statements are in the hint. */
START_TEST(owner_is_told_what_to_be_granted)
{
	char	   *owner = _i ? lineage_migrated("fitsdata", 30) : server_database("fitsdata");
	char	   *superuser = server_conninfo(server_main(), "postgres", "fitsdata");
	const char *command = _i ? "upgrade" : "init";
	struct process process;
	char	   *before;

	server_execute("fitsdata", "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC, fitsdata;"
				   " REVOKE CREATE ON DATABASE fitsdata FROM fitsdata");
	before = image_take("fitsdata");
	tool_expect(superuser, ARGS(command), 3, NULL, "lacks CREATE on schema public\nlacks CREATE on database fitsdata");
	tool_run(&process, owner, ARGS(command));
	tool_wrote(&process, 3, NULL, "role \"fitsdata\" may not\nhint: As a superuser: GRANT CREATE ON SCHEMA public TO fitsdata;\n"
			   "hint: As a superuser: GRANT CREATE ON DATABASE fitsdata TO fitsdata;");
	image_expect("fitsdata", before);
	run_statements(process.err, "hint: As a superuser: ", "GRANT");
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
				"error: role \"apache\" may not act as \"fitsdata\"\nNothing was changed.\n"
				"hint: Make it a member with GRANT \"fitsdata\" TO \"apache\"");
	tool_expect(owner, ARGS("upgrade", "--role=postgres"), 3, NULL, "role \"fitsdata\" may not act as \"postgres\"");
	tool_expect(owner, ARGS("upgrade", "--role=none"), 3, NULL, "there is no role \"none\" to act as");
	tool_expect(owner, ARGS("upgrade", "--role=x\"; DROP TABLE ghost"), 3, NULL, "there is no role \"x\"; DROP TABLE ghost\"");
	image_expect("fitsdata", before);
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

#define HIDDEN "schema fitsdb_schema may not be read by this role, so its record was not compared"

START_TEST(status_needs_little)
{
	char	   *owner = server_database("fitsdata");
	char	   *conninfo = server_conninfo(server_main(), "monitor", "fitsdata");
	json_t	   *json;

	create_role("monitor");
	tool_must(owner, ARGS("init"));
	server_execute("fitsdata", "REVOKE ALL ON DATABASE fitsdata FROM PUBLIC; GRANT CONNECT ON DATABASE fitsdata TO monitor;"
				   " REVOKE ALL ON SCHEMA fitsdb_schema FROM PUBLIC; GRANT SELECT ON migrate_version TO monitor");
	tool_expect(conninfo, ARGS("status"), 0, "current: database fitsdata at version 37\n  note: " HIDDEN, NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 0, "OK - fitsdata at version 37\nversion=37 latest=37 pending=0", NULL);
	json = json_run(conninfo, "status", 0);
	json_expect_string(json, "status", "current");
	json_expect_integer(json, "version", 37);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "notes")), 1);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "notes"), 0)), HIDDEN);
	json_decref(json);
	tool_expect(conninfo, ARGS("list"), 0, "reconcile_with_data_models\napplied", NULL);
	tool_expect(conninfo, ARGS("log"), 3, NULL, "schema fitsdb_schema may not be read by this role");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "may not read it\nhint: Run as the database's owner");
	tool_must(owner, ARGS("downgrade", "36"));
	tool_expect(conninfo, ARGS("status"), 1, "behind: database fitsdata at version 36\n" HIDDEN, NULL);
	tool_expect(conninfo, ARGS("status", "--short"), 1, "BEHIND - ", NULL);

	server_execute("fitsdata", "REVOKE SELECT ON migrate_version FROM monitor");
	tool_expect(conninfo, ARGS("status"), 3, NULL, "permission denied\n(42501)\nhint: Grant SELECT on table public.migrate_version");
	tool_expect(conninfo, ARGS("status", "--short"), 3, "UNKNOWN - the version could not be read", "permission denied");
	server_execute("fitsdata", "REVOKE CONNECT ON DATABASE fitsdata FROM monitor");
	tool_expect(conninfo, ARGS("status"), 3, NULL, "could not connect\npermission denied for database\n"
				"hint: Grant CONNECT on the database to this role.");
	tool_expect(conninfo, ARGS("status", "--short"), 3, "UNKNOWN - could not connect\npermission denied for database", NULL);
	tool_expect(conninfo, ARGS("list"), 3, NULL, "hint: Grant CONNECT on the database");
	mem_free(conninfo);
	mem_free(owner);
}
END_TEST

/* What apache must not get done, whatever it has been granted on schema public and on the database. */
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
	tool_must(owner, ARGS("upgrade"));
	server_execute("fitsdata", GRANT_MUCH);
	before = image_take("fitsdata");
	connection = sql_connect(user);
	expect_forbidden(connection);
	image_expect("fitsdata", before);
	sql_expect(connection, "SELECT max(version) FROM fitsdb_schema.migration", "37");

	/* The archive's tables, new ones too, are there to be used. */
	sql_exec(connection, "INSERT INTO publication (bibcode) VALUES ('2020A&A...640A...1P');"
			 " UPDATE publication SET author = 'P'; DELETE FROM publication");
	sql_exec(connection, "INSERT INTO ghost (header_id) SELECT id FROM header LIMIT 0; SELECT nextval('ghost_id_seq');"
			 " UPDATE ghost SET prepared = true; DELETE FROM ghost");
	PQfinish(connection);
	mem_free(user);
	mem_free(owner);
}
END_TEST

/* A trigger runs as whoever writes to the table. */
START_TEST(trigger_of_a_stranger)
{
	char	   *owner = server_database("fitsdata");
	char	   *before;

	tool_must(owner, ARGS("init"));
	tool_must(owner, ARGS("downgrade", "36"));
	server_execute("fitsdata", "CREATE SCHEMA apache AUTHORIZATION apache; SET ROLE apache;"
				   " CREATE FUNCTION apache.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
				   " CREATE TRIGGER t BEFORE UPDATE ON migrate_version FOR EACH ROW EXECUTE PROCEDURE apache.f();"
				   " CREATE TRIGGER \"T\" AFTER INSERT ON diskfile EXECUTE PROCEDURE apache.f()");
	before = image_take("fitsdata");
	tool_expect(owner, ARGS("upgrade"), 3, NULL,
				"error: trigger \"t\" of table public.migrate_version runs a function of role \"apache\"\n"
				"error: trigger \"T\" of table public.diskfile runs\ndetail: It would run as \"fitsdata\". Nothing was changed.\n"
				"hint: See what it is for; to be rid of it: DROP TRIGGER t ON public.migrate_version;\n"
				"DROP TRIGGER \"T\" ON public.diskfile;");
	tool_expect(owner, ARGS("downgrade", "35"), 3, NULL, "trigger \"t\"");
	tool_expect(owner, ARGS("stamp", "37"), 3, NULL, "trigger \"t\"");
	image_expect("fitsdata", before);
	tool_expect(owner, ARGS("status"), 1, "behind", NULL);
	server_execute("fitsdata", "DROP TRIGGER t ON public.migrate_version; DROP TRIGGER \"T\" ON diskfile");
	tool_must(owner, ARGS("upgrade"));
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
	tcase_add_loop_test(tcase, superuser_hands_over, 0, HOSTS);
	tcase_add_test(tcase, all_kinds_are_handed_over);
	tcase_add_test(tcase, owner_gets_the_statements);
	tcase_add_test(tcase, handover_gives_way);
	tcase_add_test(tcase, superuser_on_purpose);
	tcase_add_test(tcase, script_hands_over);
	tcase_add_test(tcase, stranger_is_told_all);
	tcase_add_loop_test(tcase, owner_is_told_what_to_be_granted, 0, 2);
	tcase_add_test(tcase, role_that_may_not_be_acted_as);
	tcase_add_test(tcase, status_needs_little);
	tcase_add_test(tcase, record_cannot_be_tampered_with);
	tcase_add_test(tcase, trigger_of_a_stranger);
	suite_add_tcase(suite, tcase);
	return suite;
}
