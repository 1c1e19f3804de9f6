/*
 * Incomplete non-transactional migrations are finished, reverted or redone by the next command, even if that is
 * interrupted, too. Nothing of them is left over.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/block.h"
#include "support/build.h"
#include "support/counted.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
/* The tables of migrations 1, 2 and 4: "a1 a2 a3". */
#define MADE \
	"SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM (" \
	"SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace" \
	" AND relname ~ '^[a-d][13]$'" \
	" UNION ALL SELECT attname FROM pg_attribute WHERE attrelid = 'base'::regclass AND attname ~ '^[a-d]2$') made"

static char *conninfo;
static PGconn *connection;

/* A database at this version. */
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

/* Run a command that stops at the second statement of a migration: another session has locked table base. */
static void
stopped(const char *command, const char *version)
{
	PGconn	   *blocker = block_begin(conninfo, "LOCK TABLE base IN ACCESS SHARE MODE");

	tool_expect(conninfo, (const char *const[]) {command, version, "--lock-timeout=100ms", "--lock-retries=0", NULL}, 2,
				"", "lock timeout\n1 of its 3 statements is committed");
	block_end(blocker);
}

START_TEST(an_up_goes_on)
{
	begin_at(1);
	stopped("upgrade", "2");
	sql_expect(connection, MADE, "a1 a2 a3 b1");
	tool_expect(conninfo, ARGS("status"), 2, "incomplete\nmigration 2 stopped after 1 of its statements", "hint: ");
	tool_expect(conninfo, ARGS("upgrade", "2"), 0, "add_b", "resumes after statement 1 of 3");
	sql_expect(connection, MADE, "a1 a2 a3 b1 b2 b3");
	end();
}
END_TEST

START_TEST(an_up_is_undone)
{
	begin_at(1);
	stopped("upgrade", "2");
	tool_expect(conninfo, ARGS("downgrade", "1"), 0, "add_b (down)\nat version 1", NULL);
	sql_expect(connection, MADE, "a1 a2 a3");
	tool_expect(conninfo, ARGS("status"), 1, "at version 1", NULL);
	end();
}
END_TEST

START_TEST(a_down_goes_on)
{
	begin_at(2);
	stopped("downgrade", "1");
	sql_expect(connection, MADE, "a1 a2 a3 b1 b2");
	tool_expect(conninfo, ARGS("downgrade", "0"), 0, "at version 0", "resumes after statement 1 of 3");
	sql_expect(connection, MADE, "");
	end();
}
END_TEST

START_TEST(a_down_is_redone)
{
	begin_at(2);
	stopped("downgrade", "1");
	tool_expect(conninfo, ARGS("upgrade", "2"), 0, "add_b\nat version 2", NULL);
	sql_expect(connection, MADE, "a1 a2 a3 b1 b2 b3");
	end();
}
END_TEST

/* The down migration is interrupted, too. */
START_TEST(a_redone_down_is_a_down_again)
{
	begin_at(2);
	stopped("downgrade", "1");
	stopped("upgrade", "2");
	tool_expect(conninfo, ARGS("status"), 2, "down migration 2", "hint: ");
	tool_expect(conninfo, ARGS("downgrade", "1"), 0, "at version 1", NULL);
	sql_expect(connection, MADE, "a1 a2 a3");
	end();
}
END_TEST

START_TEST(an_undone_up_is_undone_for_good)
{
	begin_at(1);
	stopped("upgrade", "2");
	stopped("downgrade", "1");
	tool_expect(conninfo, ARGS("downgrade", "0"), 0, "add_b (down)\nadd_a (down)\nat version 0", NULL);
	sql_expect(connection, MADE, "");
	end();
}
END_TEST

START_TEST(an_undone_up_is_an_up_again)
{
	begin_at(3);
	stopped("upgrade", "4");
	stopped("downgrade", "3");
	tool_expect(conninfo, ARGS("status"), 2, "migration 4 is incomplete", "hint: ");
	tool_expect(conninfo, ARGS("upgrade", "4"), 0, "add_d\nat version 4", NULL);
	sql_expect(connection, MADE, "a1 a2 a3 b1 b2 b3 d1 d2 d3");
	end();
}
END_TEST

START_TEST(a_version_set_by_hand_ends_it)
{
	begin_at(1);
	stopped("upgrade", "2");
	sql_exec(connection, "UPDATE migrate_version SET version = 2");
	tool_expect(conninfo, ARGS("status"), 1, "set by hand", NULL);
	tool_expect(conninfo, ARGS("upgrade", "3"), 0, "at version 3", NULL);
	end();
}
END_TEST

START_TEST(a_temporary_table_hides_nothing)
{
	begin_at(4);
	tool_must(conninfo, ARGS("upgrade", "6"));
	sql_expect(connection, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'public.base'::regclass"
			   " AND attname = 'real_one'", "1");
	end();
}
END_TEST

START_TEST(a_failed_commit_is_reported_and_logged)
{
	begin_at(6);
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 2, "", "at its commit\n22012\nstays at version 6");
	sql_expect(connection, VERSION, "6");
	sql_expect(connection, "SELECT to_regclass('late') IS NULL", "t");
	tool_expect(conninfo, ARGS("log"), 0, "6 -> 7\nfailed", NULL);
	end();
}
END_TEST

START_TEST(the_version_is_recorded_as_the_owner)
{
	begin_at(6);
	tool_must(conninfo, ARGS("stamp", "7"));
	server_execute("fitsdata", "GRANT apache TO fitsdata");
	tool_must(conninfo, ARGS("upgrade", "8"));
	server_execute("fitsdata", "REVOKE apache FROM fitsdata");
	sql_expect(connection, VERSION, "8");
	sql_expect(connection, "SELECT ascii(substr(down->0->>'sql', 9)) FROM fitsdb_schema.migration WHERE version = 8",
			   "246");
	tool_must(conninfo, ARGS("downgrade", "7"));
	end();
}
END_TEST

/* --- hints about an incomplete down --- */

enum {
	FINISH,						/* the first command in a hint finishes the down */
	UP_AGAIN,					/* the second one runs the up section again */
	ENDS
};

/* Run a command, then one of the commands in its hint. After that, no migration is incomplete. */
static void
follow_hint(const char *const *arguments, int status, int end)
{
	struct process process;
	const char *command;
	char	   *name;
	char	   *version;

	tool_run(&process, conninfo, arguments);
	tool_wrote(&process, status, "", "hint: ");
	command = strstr(process.err, "hint: ");
	for (int i = FINISH; command && i <= end; i++)
		command = strstr(command + 1, "\"fitsdb-schema ");
	ck_assert_msg(command != NULL, "no such hint: %s", process.err);
	command += strlen("\"fitsdb-schema ");
	name = mem_copy(command, strcspn(command, " \""));
	command += strcspn(command, " \"") + 1;
	version = mem_copy(command, strcspn(command, "\""));
	tool_expect(conninfo, ARGS(name, version), 0, "", "");
	sql_expect(connection, VERSION, version);
	tool_expect(conninfo, ARGS("status"), 1, "behind", NULL);
	mem_free(version);
	mem_free(name);
	process_clear(&process);
}

START_TEST(hints_for_a_down)
{
	begin_at(2);
	stopped("downgrade", "1");
	if (_i / ENDS == 0)
		follow_hint(ARGS("status"), 2, _i % ENDS);
	else
		follow_hint(ARGS("downgrade", "2"), 0, _i % ENDS);
	sql_expect(connection, MADE, _i % ENDS == FINISH ? "a1 a2 a3" : "a1 a2 a3 b1 b2 b3");
	end();
}
END_TEST

START_TEST(hints_for_a_batched_down)
{
	PGconn	   *blocker;

	conninfo = counted_database();
	connection = sql_connect(conninfo);
	tool_must(conninfo, ARGS("upgrade", "5"));
	blocker = block_begin(conninfo, "UPDATE counted SET n = n WHERE id = 700");
	tool_expect(conninfo, ARGS("downgrade", "4", "--lock-timeout=100ms", "--lock-retries=0"), 2, "",
				"lock timeout\nStatement 1 of 1 is committed for keys below 7\nstays at version 5");
	block_end(blocker);
	follow_hint(ARGS("status"), 2, _i);
	sql_expect(connection, COUNTED("counted"), _i == FINISH ? "1:1000" : "7:1000");
	end();
}
END_TEST

/* Commands that need the recorded schema. */
static const struct {
	const char *command;
	int			status;
}			advisers[] = {{"status", 2}, {"verify", 1}, {"repair", 3}};

START_TEST(hints_for_a_down_of_the_archive)
{
	PGconn	   *blocker;

	conninfo = lineage_current("fitsdata", 35);
	connection = sql_connect(conninfo);
	blocker = block_begin(conninfo, "LOCK TABLE gmos IN ROW EXCLUSIVE MODE");
	tool_expect(conninfo, ARGS("downgrade", "34", "--lock-timeout=100ms", "--lock-retries=0"), 2, "", "lock timeout");
	block_end(blocker);
	follow_hint(ARGS(advisers[_i / ENDS].command), advisers[_i / ENDS].status, _i % ENDS);
	sql_expect(connection, "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid ="
			   " to_regclass('ix_gmos_array_name')", _i % ENDS == FINISH ? "0" : "1");
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	end();
}
END_TEST

Suite *
incomplete_suite(void)
{
	Suite	   *suite = suite_create("incomplete");
	TCase	   *tcase = tcase_create("steps");

	tcase_add_unchecked_fixture(tcase, build_steps, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, an_up_goes_on);
	tcase_add_test(tcase, an_up_is_undone);
	tcase_add_test(tcase, a_down_goes_on);
	tcase_add_test(tcase, a_down_is_redone);
	tcase_add_test(tcase, a_redone_down_is_a_down_again);
	tcase_add_test(tcase, an_undone_up_is_undone_for_good);
	tcase_add_test(tcase, an_undone_up_is_an_up_again);
	tcase_add_test(tcase, a_version_set_by_hand_ends_it);
	tcase_add_test(tcase, a_temporary_table_hides_nothing);
	tcase_add_test(tcase, a_failed_commit_is_reported_and_logged);
	tcase_add_test(tcase, the_version_is_recorded_as_the_owner);
	tcase_add_loop_test(tcase, hints_for_a_down, 0, 2 * ENDS);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("batches");
	tcase_add_unchecked_fixture(tcase, build_batches, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, hints_for_a_batched_down, 0, ENDS);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("archive");
	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, hints_for_a_down_of_the_archive, 0,
						ENDS * (int) (sizeof(advisers) / sizeof(advisers[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
