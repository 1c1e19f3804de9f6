/*
 * Each COMMIT but the first of a run is sent together with the statements of the next migration. Its result is reported
 * for the right migration, as soon as it is known.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/proxy.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
#define LOG \
	"SELECT string_agg(version_to || ' ' || state, ', ' ORDER BY id) FROM fitsdb_schema.change" \
	" WHERE command = 'upgrade' AND version_to > version_from AND id > (SELECT max(id) FROM fitsdb_schema.change" \
	" WHERE state = 'done' AND version_to = 5)"

static char *conninfo;
static PGconn *connection;

static void
begin_at(int version)
{
	conninfo = build_database(version);
	connection = sql_connect(conninfo);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* The next migration was not begun, and the message does not name it. */
START_TEST(a_commit_fails)
{
	struct process process;

	begin_at(5);
	tool_run(&process, conninfo, ARGS("upgrade", "8", "--yes"));
	tool_wrote(&process, 2, "add_column",
			   "error: migration 7 \"fail_at_commit\" failed at its commit\ndivision by zero\nstays at version 6");
	ck_assert_ptr_null(strstr(process.out, "fail_at_commit"));
	ck_assert_ptr_null(strstr(process.err, "become_another"));
	process_clear(&process);
	sql_expect(connection, VERSION, "6");
	sql_expect(connection, LOG, "6 done, 7 failed");
	end();
}
END_TEST

/* A commit is reported at once, even if the next migration takes long; and it stays if that is interrupted. */
START_TEST(the_next_is_stopped)
{
	struct process process;

	begin_at(7);
	tool_start(&process, conninfo, ARGS("upgrade", "10"));
	process_expect(&process, "print_settings");
	sql_await(connection, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'"
			  " AND pid <> pg_backend_pid()", "1");
	process_signal(&process, SIGTERM);
	process_wait(&process);
	tool_wrote(&process, 2, "print_settings", "migration 10 \"rest\" was stopped by SIGTERM\nstays at version 9");
	process_clear(&process);
	sql_expect(connection, VERSION, "9");
	end();
}
END_TEST

/* The commit of migration 6, the second with which something new is sent, or the server's answer to it. */
struct point {
	bool		answer;
	int			asked;
};

static bool
is_point(struct proxy_message *message, void *context)
{
	struct point *point = context;

	if (message->fresh && message->type == 'P' && memcmp(message->body, "\0COMMIT", sizeof("COMMIT")) == 0) {
		point->asked++;
		return point->asked == 2 && !point->answer;
	}
	return point->asked == 2 && message->sender == PROXY_SERVER && message->type == 'C';
}

static void
upgrade_struck(struct process *process, bool answer)
{
	struct proxy *proxy = proxy_open(server_main());
	char	   *through = proxy_conninfo(proxy, "fitsdata", "fitsdata");
	struct point point = {.answer = answer};
	const struct proxy_plan plan = {.look = is_point,.context = &point};

	/* Without --yes, the cursor of 7 would be refused before its commit. */
	tool_start(process, through, answer ? ARGS("upgrade", "7", "--yes") : ARGS("upgrade", "7"));
	ck_assert(proxy_serve(proxy, process, &plan));
	process_wait(process);
	proxy_close(proxy);
	mem_free(through);
}

START_TEST(the_connection_is_lost_before)
{
	struct process process;

	begin_at(4);
	upgrade_struck(&process, false);
	tool_wrote(&process, 2, "make_temporary_table", "the connection was lost during the commit\n"
			   "migration 6 \"add_column\" was not committed\nstays at version 5\nRun the same command again");
	ck_assert_ptr_null(strstr(process.out, "add_column"));
	process_clear(&process);
	sql_expect(connection, VERSION, "5");
	tool_must(conninfo, ARGS("upgrade", "6"));
	end();
}
END_TEST

START_TEST(the_connection_is_lost_after)
{
	struct process process;

	begin_at(4);
	upgrade_struck(&process, true);
	tool_wrote(&process, 2, "make_temporary_table\nadd_column", "the connection was lost during the commit\n"
			   "reconnected: \n was committed\nmigration 7 \"fail_at_commit\" failed at its commit");
	process_clear(&process);
	sql_expect(connection, VERSION, "6");
	sql_expect(connection, LOG, "6 done, 7 failed");
	end();
}
END_TEST

Suite *
deferred_commit_suite(void)
{
	Suite	   *suite = suite_create("deferred_commit");
	TCase	   *tcase = tcase_create("lost");
	TCase	   *stopped = tcase_create("stopped");

	tcase_add_unchecked_fixture(tcase, build_steps, build_end);
	tcase_set_timeout(tcase, 180);
	tcase_add_test(tcase, a_commit_fails);
	tcase_add_test(tcase, the_connection_is_lost_before);
	tcase_add_test(tcase, the_connection_is_lost_after);
	suite_add_tcase(suite, tcase);

	tcase_add_unchecked_fixture(stopped, build_failures, build_end);
	tcase_set_timeout(stopped, 180);
	tcase_add_test(stopped, the_next_is_stopped);
	suite_add_tcase(suite, stopped);
	return suite;
}
