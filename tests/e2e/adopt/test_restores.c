/*
 * Databases restored from a dump: without the queues, as the daily backup is; the data alone, into the schema that init
 * makes; as another role. An upgrade and a repair end complete, and rows are kept.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/adoption.h"
#include "support/lack.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* Tables of an earlier version, of sqlalchemy-migrate's, or of the latest. */
static const int versions[] = {0, 18, 27, 33, 37, -1};

#define BEHIND \
	"SELECT format('SELECT ''%s'' WHERE (SELECT max(id) FROM %s) > (SELECT last_value FROM %s)', c.oid::regclass," \
	" d.refobjid::regclass, c.oid::regclass) FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'a'" \
	" WHERE c.relkind = 'S'"
#define OTHER_OWNERS \
	"SELECT count(*) FROM (SELECT relnamespace, relowner FROM pg_class" \
	" UNION ALL SELECT typnamespace, typowner FROM pg_type UNION ALL SELECT pronamespace, proowner FROM pg_proc)" \
	" o (space, owner) WHERE space = 'public'::regnamespace AND owner <> 'fitsdata'::regrole"

static int
version_of(int i)
{
	return versions[i] < 0 ? lack_latest() : versions[i];
}

/* PostgreSQL's program of this server or, where the package has none, Debian's; NULL: neither can dump this server. */
static char *
dump_program(const char *name)
{
	char	   *path = server_program(name);
	char	   *debian;

	if (access(path, X_OK) == 0)
		return path;
	mem_free(path);
	debian = server_debian_program(name);
	if (server_version(server_main()) <= 15)
		return debian;
	mem_free(debian);
	return NULL;
}

/* The database "original" as a script, by pg_dump with these options; NULL: it cannot be dumped. */
static char *
dump(const char *option, const char *other)
{
	char	   *program = dump_program("pg_dump");
	char	   *superuser = server_conninfo(server_main(), "postgres", "original");
	struct process process;
	char	   *script;

	if (!program)
		return NULL;
	process_run(&process, (const char *const[]) {program, "--dbname", superuser, option, other, NULL}, NULL);
	ck_assert_msg(process.status == 0, "%s", process.err);
	script = mem_string(process.out);
	process_clear(&process);
	mem_free(superuser);
	mem_free(program);
	return script;
}

/* Settings that this server does not know are errors, and no harm. */
static void
load(const char *conninfo, const char *script)
{
	struct process psql;

	process_run(&psql, (const char *const[]) {"psql", "-X", "-q", "-d", conninfo, NULL},
				&(struct process_options) {.input = script});
	ck_assert_msg(psql.status == 0, "%s", psql.err);
	process_clear(&psql);
}

static void
complete(int version)
{
	struct adoption adoption;

	adoption_begin(&adoption, "restored", version);
	adoption_count(version == lack_latest() ? adoption_repair(&adoption) : adoption_upgrade(&adoption));
	if (version < lack_latest())
		adoption_back(&adoption, false);
	adoption_end(&adoption);
}

START_TEST(without_the_queues)
{
	int			version = version_of(_i);
	char	   *what = mem_format("version %d, restored without the queues", version);
	char	   *superuser = server_conninfo(server_main(), "postgres", "restored");
	char	   *script;

	adoption_database("original", version);
	script = dump("--exclude-table=*queue*", NULL);
	mem_free(server_database("restored"));
	if (script) {
		adoption_name(what);
		load(superuser, script);
		complete(version);
	}
	mem_free(script);
	mem_free(superuser);
	mem_free(what);
}
END_TEST

/* Sequences whose next value is taken already. */
static void
expect_no_sequence_behind(PGconn *connection)
{
	char	   *queries = sql_lines(connection, BEHIND);
	char	   *rest = queries;
	char	   *query;

	while ((query = strsep(&rest, "\n")) && *query) {
		char	   *behind = sql_lines(connection, query);

		ck_assert_msg(!*behind, "the sequence is behind its table: %s", behind);
		mem_free(behind);
	}
	mem_free(queries);
}

/* The script without the calls that set sequences, as tools that copy rows leave them. */
static void
leave_out_sequences(char *script)
{
	char	   *call = script;

	while ((call = strstr(call, "SELECT pg_catalog.setval")))
		call[0] = call[1] = '-';
}

START_TEST(data_alone)
{
	int			version = version_of(_i);
	char	   *target = mem_format("%d", version);
	char	   *what = mem_format("version %d, the data restored alone", version);
	char	   *conninfo = server_conninfo(server_main(), "fitsdata", "restored");
	char	   *superuser = server_conninfo(server_main(), "postgres", "restored");
	char	   *script;

	adoption_database("original", version);
	script = dump("--data-only", "--exclude-schema=fitsdb_schema");
	mem_free(server_database("restored"));
	if (script) {
		PGconn	   *connection = sql_connect(superuser);

		adoption_name(what);
		tool_must(conninfo, ARGS("init"));
		tool_must(conninfo, ARGS("downgrade", target, "--yes"));
		leave_out_sequences(script);
		sql_exec(connection, "TRUNCATE public.migrate_version");
		/* The nine planets of 5; 41 retires them. */
		if (version >= 5 && version < 41)
			sql_exec(connection, "TRUNCATE target CASCADE");
		load(superuser, script);
		complete(version);
		/* An upgrade does not look at them. */
		tool_expect(conninfo, ARGS("repair", "--yes"), 0, "", "");
		expect_no_sequence_behind(connection);
		PQfinish(connection);
	}
	mem_free(script);
	mem_free(superuser);
	mem_free(conninfo);
	mem_free(target);
	mem_free(what);
}
END_TEST

/* Everything belongs to the superuser, and nothing is granted: the owner may not change it, and the superuser may. */
START_TEST(as_another_role)
{
	int			version = version_of(_i);
	char	   *what = mem_format("version %d, restored as the superuser", version);
	char	   *superuser = server_conninfo(server_main(), "postgres", "restored");
	char	   *owner = server_conninfo(server_main(), "fitsdata", "restored");
	struct adoption adoption;
	char	   *script;

	adoption_database("original", version);
	script = dump("--no-owner", "--no-privileges");
	mem_free(server_database("restored"));
	if (script) {
		adoption_name(what);
		load(superuser, script);
		adoption_begin(&adoption, "restored", version);
		/* With nothing to do, an upgrade looks no closer. */
		tool_expect(owner, version < lack_latest() ? ARGS("upgrade") : ARGS("repair", "--yes"), 3, "", "error: ");
		mem_free(adoption.conninfo);
		adoption.conninfo = mem_string(superuser);
		adoption_count(version == lack_latest() ? adoption_repair(&adoption) : adoption_upgrade(&adoption));
		sql_expect(adoption.connection, OTHER_OWNERS, "0");
		adoption_end(&adoption);
	}
	mem_free(script);
	mem_free(owner);
	mem_free(superuser);
	mem_free(what);
}
END_TEST

Suite *
restores_suite(void)
{
	Suite	   *suite = suite_create("restores");
	TCase	   *tcase = tcase_create("restores");
	const int	count = sizeof(versions) / sizeof(versions[0]);

	tcase_add_unchecked_fixture(tcase, adoption_setup, adoption_report);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, without_the_queues, 0, count);
	tcase_add_loop_test(tcase, data_alone, 0, count);
	tcase_add_loop_test(tcase, as_another_role, 0, count);
	suite_add_tcase(suite, tcase);
	return suite;
}
