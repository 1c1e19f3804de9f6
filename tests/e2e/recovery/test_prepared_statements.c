/*
 * The statements that record a migration are prepared once for the session. A migration's script may deallocate them at
 * any time.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define LOG \
	"SELECT string_agg(version_to || ' ' || state, ', ' ORDER BY id) FROM fitsdb_schema.change WHERE command = '%s'"
#define COLUMNS \
	"SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'base'::regclass" \
	" AND attnum > 0 AND NOT attisdropped"

static char *conninfo;
static PGconn *connection;

static void
begin(void)
{
	conninfo = build_database(0);
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* Each migration succeeded at the first real try, and the other tries are not reported. */
static void
run_from(const char *command, const char *before, const char *target, const char *log, const char *columns)
{
	struct process process;
	char	   *logged = mem_format(LOG, command);

	if (before)
		tool_must(conninfo, ARGS("upgrade", before));
	sql_exec(connection, "DELETE FROM fitsdb_schema.change");
	tool_run(&process, conninfo, ARGS(command, target));
	tool_wrote(&process, 0, "", "");
	ck_assert_str_eq(process.err, "");
	process_clear(&process);
	sql_expect(connection, logged, log);
	sql_expect(connection, COLUMNS, columns);
	mem_free(logged);
}

START_TEST(they_are_prepared_once)
{
	begin();
	run_from("upgrade", NULL, "2", "1 done, 2 done", "id a");
	/* The trust check; to reset the session, and to set it up; number, migration, standing, log. */
	sql_expect(connection, "SELECT count(*) >= 7 AND count(*) = count(DISTINCT statement) FROM told"
			   " WHERE name LIKE 'fitsdb\\_schema\\_%'", "t");
	/* How our own are planned is nothing to the script. */
	sql_expect(connection, "SELECT count(*) FROM settings WHERE name IN ('plan_cache_mode', 'jit')", "0");
	end();
}
END_TEST

START_TEST(a_script_deallocates_them)
{
	begin();
	run_from("upgrade", NULL, "4", "1 done, 2 done, 3 done, 4 done", "id a c d");
	run_from("downgrade", NULL, "2", "3 done, 2 done", "id a");
	end();
}
END_TEST

START_TEST(it_shows_in_the_next_script)
{
	begin();
	run_from("upgrade", "3", "6", "4 done, 5 done, 6 done", "id a c d f");
	end();
}
END_TEST

START_TEST(a_script_takes_their_names)
{
	begin();
	run_from("upgrade", "6", "8", "7 done, 8 done", "id a c d f h");
	end();
}
END_TEST

Suite *
prepared_statements_suite(void)
{
	Suite	   *suite = suite_create("prepared_statements");
	TCase	   *tcase = tcase_create("scripts");

	tcase_add_unchecked_fixture(tcase, build_prepared, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, they_are_prepared_once);
	tcase_add_test(tcase, a_script_deallocates_them);
	tcase_add_test(tcase, it_shows_in_the_next_script);
	tcase_add_test(tcase, a_script_takes_their_names);
	suite_add_tcase(suite, tcase);
	return suite;
}
