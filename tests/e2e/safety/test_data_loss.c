/*
 * Data loss by a downgrade or an upgrade is listed with the number of rows, and needs consent. Without consent nothing
 * is changed.
 *
 * The history is the archive's, or tests/histories/losses, whose down migrations destroy data in every way there is.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/image.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/terminal.h"
#include "support/tool.h"

#include "base/banned.h"

#define VERSION "SELECT version FROM migrate_version"
#define USER(name, admin) \
	"INSERT INTO archiveuser (username, fullname, email, account_created, user_admin)" \
	" VALUES ('" name "', 'x', 'x', now(), " admin ");"
#define NO_TERMINAL "Nothing was changed.\nhint: To allow this data loss, use --yes."
#define FORGET "UPDATE fitsdb_schema.migration SET drops = NULL"

static char *conninfo;
static PGconn *connection;

/* A database of the archive at this version, with these rows. */
static void
begin(int version, const char *rows)
{
	conninfo = lineage_current("fitsdata", version);
	connection = sql_connect(conninfo);
	sql_expect(connection, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user", "f");
	sql_exec(connection, rows);
}

static void
end(void)
{
	PQfinish(connection);
	mem_free(conninfo);
}

/* The command must be refused, and change nothing. */
static void
refused(const char *const *arguments, const char *says)
{
	char	   *before = image_take("fitsdata");

	tool_expect(conninfo, arguments, 3, NULL, says);
	tool_expect(conninfo, arguments, 3, NULL, NO_TERMINAL);
	image_expect("fitsdata", before);
}

START_TEST(nothing_to_lose)
{
	begin(LATEST, "INSERT INTO file (name) VALUES ('a'), ('b');"
		  USER("one", "NULL") "INSERT INTO exportqueue (filename, path, destination, inprogress, failed)"
		  " VALUES ('a', 'b', 'c', false, false)");
	tool_must(conninfo, ARGS("downgrade", "19"));
	sql_expect(connection, VERSION, "19");
	tool_must(conninfo, ARGS("upgrade"));
	end();
}
END_TEST

START_TEST(data_loss_is_listed)
{
	begin(LATEST, USER("one", "true") USER("two", "NULL") USER("three", "false"));
	refused(ARGS("downgrade", "21"), "error: the downgrade of database \"fitsdata\" to 21 destroys data\n"
			"detail: column user_admin of table archiveuser is dropped: a value in 2 rows\n");
	/* Of the migrations from 39 to 22, none destroys data. */
	tool_must(conninfo, ARGS("downgrade", "22"));
	tool_expect(conninfo, ARGS("downgrade", "21", "--yes"), 0,
				"the downgrade to 21 destroys data:\n"
				"  column user_admin of table archiveuser is dropped: a value in 2 rows\nat version 21", NULL);
	refused(ARGS("downgrade", "4"), "detail: table target is dropped: 9 rows\n");
	tool_expect(conninfo, ARGS("downgrade", "4", "--yes", "--quiet"), 0, NULL, NULL);
	end();
}
END_TEST

/* The column has its current name in the list, although it is renamed before it is dropped. */
START_TEST(column_that_is_renamed_on_the_way)
{
	begin(LATEST, "INSERT INTO file (name) VALUES ('a'); INSERT INTO diskfile (file_id, filename, path,"
		  " present, canonical) SELECT id, name, '', true, true FROM file;"
		  " INSERT INTO header (diskfile_id, procmode) SELECT id, 'sq' FROM diskfile");
	tool_must(conninfo, ARGS("downgrade", "5"));
	tool_must(conninfo, ARGS("upgrade"));
	refused(ARGS("downgrade", "2"), "column procmode of table header is dropped: a value in 1 row");
	end();
}
END_TEST

/* An older build knows it from the record. */
START_TEST(by_an_older_build)
{
	begin(LATEST, USER("one", "true") "INSERT INTO exportqueue (filename, path, destination, inprogress, failed,"
		  " after) VALUES ('a', 'b', 'c', false, false, now())");
	tool_must(conninfo, ARGS("downgrade", "38"));
	tool_must(conninfo, ARGS("upgrade"));
	build_run("migrations-30");
	refused(ARGS("downgrade", "21"), "error: the downgrade of database \"fitsdata\" to 21 destroys data\n"
			"detail: column user_admin of table archiveuser is dropped: a value in 1 row\n"
			"detail: column after of table exportqueue is dropped: a value in 1 row\n");
	/* Where a build before 0.2.0 has made the record, the column is missing. */
	sql_exec(connection, "ALTER TABLE fitsdb_schema.migration DROP COLUMN drops");
	refused(ARGS("downgrade", "30"), "table exportqueue may lose columns or rows, or be dropped: it has 1 row\n"
			"the list may be incomplete: the objects that stored down of migration 3");
	refused(ARGS("downgrade", "21"), "column user_admin of table archiveuser is dropped: a value in 1 row\n"
			"table exportqueue may lose columns");
	tool_expect(conninfo, ARGS("downgrade", "21", "--yes"), 0, "at version 21", NULL);
	sql_expect(connection, "SELECT count(drops) FROM fitsdb_schema.migration", "0");
	/* The older build does not know that 37 has replaced constraints, and that its down does not bring them back. */
	tool_expect(conninfo, ARGS("upgrade", "--repair"), 1, "at version 30", "column size: type is bigint");
	sql_expect(connection, "SELECT drops ->> 0 FROM fitsdb_schema.migration WHERE version = 22",
			   "drops column archiveuser.user_admin");
	build_end();
	end();
}
END_TEST

/* A record that says what no build writes. */
START_TEST(record_that_is_not_understood)
{
	static const char *const values[] = {"'[\"burns table file\"]'", "'{}'", "'[1]'", "'7'"};

	begin(LATEST, "INSERT INTO exportqueue (filename, path, destination, inprogress, failed) VALUES ('a', 'b', 'c',"
		  " false, false)");
	build_run("migrations-30");
	for (size_t i = 0; i < 4; i++) {
		char	   *sql = mem_format("UPDATE fitsdb_schema.migration SET drops = %s", values[i]);

		sql_exec(connection, sql);
		refused(ARGS("downgrade", "30"), "table exportqueue may lose columns or rows, or be dropped: it has 1 row\n");
		mem_free(sql);
	}
	tool_expect(conninfo, ARGS("downgrade", "30", "--yes"), 0, "at version 30", NULL);
	build_end();
	end();
}
END_TEST

START_TEST(large_tables_are_estimated)
{
	begin(LATEST, "INSERT INTO exportqueue (filename, path, destination, inprogress, failed, after)"
		  " SELECT i, '', '', false,"
		  " false, CASE WHEN i % 2 = 0 THEN now() END FROM generate_series(1, 150000) i; ANALYZE exportqueue");
	refused(ARGS("downgrade", "24"), "column after of table exportqueue is dropped: a value in about \n"
			" rows (estimated)");
	sql_exec(connection, "UPDATE exportqueue SET after = NULL");
	/* Nothing in it, whatever the statistics say. */
	tool_must(conninfo, ARGS("downgrade", "24"));
	end();
}
END_TEST

/* Another session holds a lock: the rows cannot be counted, but nothing waits. */
START_TEST(table_that_is_held)
{
	PGconn	   *blocker;

	begin(LATEST, USER("one", "true") "ANALYZE archiveuser");
	blocker = sql_connect(conninfo);
	sql_exec(blocker, "BEGIN; LOCK TABLE archiveuser IN ACCESS EXCLUSIVE MODE");
	tool_expect(conninfo, ARGS("downgrade", "21"), 3, NULL, "archiveuser\nan unknown number of rows\n" NO_TERMINAL);
	sql_exec(blocker, "COMMIT");
	PQfinish(blocker);
	end();
}
END_TEST

static const struct {
	const char *answer;
	int			status;
	const char *version;
}			answers[] = {
	{"y\n", 0, "21"}, {"YES\n", 0, "21"}, {"n\n", 3, "39"}, {"\n", 3, "39"}, {"yesterday\n", 3, "39"},
	{"\004", 3, "39"},
};

/* A downgrade that would destroy data, on a terminal, until it asks. */
static void
start_asking(struct terminal *terminal, struct process *process)
{
	begin(LATEST, USER("one", "true"));
	terminal_open(terminal);
	tool_start_with(process, conninfo, ARGS("downgrade", "21"), &(struct process_options) {.terminal = terminal->path});
	terminal_expect(terminal, "the downgrade of database \"fitsdata\" to 21 destroys data\r\n");
	ck_assert_msg(strstr(terminal->text, "warning") && !strstr(terminal->text, "error"), "%s", terminal->text);
	terminal_expect(terminal, "column user_admin of table archiveuser is dropped: a value in 1 row\r\n");
	terminal_expect(terminal, "Destroy this data and continue? [y/N] ");
}

START_TEST(asked_on_a_terminal)
{
	struct terminal terminal;
	struct process process;

	start_asking(&terminal, &process);
	sql_expect(connection, VERSION, "39");
	terminal_type(&terminal, answers[_i].answer);
	process_wait(&process);
	if (answers[_i].status != 0)
		terminal_expect(&terminal, "Nothing was changed.");
	tool_ended(&process, answers[_i].status);
	sql_expect(connection, VERSION, answers[_i].version);
	terminal_close(&terminal);
	end();
}
END_TEST

START_TEST(stopped_or_killed_while_asking)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGKILL};
	struct terminal terminal;
	struct process process;

	start_asking(&terminal, &process);
	process_signal(&process, signals[_i]);
	process_wait(&process);
	tool_ended(&process, signals[_i] == SIGKILL ? 128 + SIGKILL : 2);
	sql_expect(connection, VERSION, "39");
	tool_must(conninfo, ARGS("downgrade", "21", "--yes"));
	terminal_close(&terminal);
	end();
}
END_TEST

START_TEST(labels_that_stay)
{
	begin(LATEST, "");
	tool_expect(conninfo, ARGS("downgrade", "32"), 0,
				"enum values remain, because PostgreSQL cannot drop them: caltype: bpm, processed_bpm\n", NULL);
	/* Labels of types that go, too, are not listed. */
	tool_expect(conninfo, ARGS("downgrade", "29", "--yes"), 0, "them: detector_gain_setting: standard;"
				" detector_readspeed_setting: medium, standard, unknown\n", NULL);
	end();
}
END_TEST

/* Migration 21 merges two columns, if there are two. */
START_TEST(upgrade_that_destroys)
{
	begin(20, "CREATE TYPE procmode AS ENUM ('sq', 'ql', 'qa'); ALTER TABLE header ADD COLUMN procmode procmode;"
		  " INSERT INTO file (name) VALUES ('a'); INSERT INTO diskfile (file_id, filename, path, present, canonical)"
		  " SELECT id, name, '', true, true FROM file;"
		  " INSERT INTO header (diskfile_id, procsci) SELECT id, 'sq' FROM diskfile");
	/* It is not so in a database of version 20, so that it is not known before: the migration is rolled back. */
	tool_expect(conninfo, ARGS("upgrade"), 3, "at version 20, upgrading to 39", "error: migration 21"
				" \"switch_procsci_to_procmode\" would destroy data\n"
				"column procsci of table header is dropped: a value in"
				" 1 row\nthe database stays at version 20\nuse --yes");
	tool_expect(conninfo, ARGS("log"), 0, "it would destroy data", NULL);
	tool_expect(conninfo, ARGS("upgrade", "--yes"), 0, "at version 39", NULL);
	sql_expect(connection, "SELECT procmode FROM header", "sq");
	end();
}
END_TEST

/* An empty table is dropped without a question. */
START_TEST(upgrade_that_drops_what_is_empty)
{
	begin(20, "CREATE TYPE procmode AS ENUM ('sq', 'ql', 'qa'); ALTER TABLE header ADD COLUMN procmode procmode;"
		  " INSERT INTO file (name) VALUES ('a'); INSERT INTO diskfile (file_id, filename, path, present, canonical)"
		  " SELECT id, name, '', true, true FROM file;"
		  " INSERT INTO header (diskfile_id, procmode) SELECT id, 'sq' FROM diskfile");
	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT procmode FROM header", "sq");
	end();
}
END_TEST

/* --- the history of losses ---------------------------------------------------------------------------------------- */

static void
begin_losses(const char *version)
{
	conninfo = server_database("fitsdata");
	connection = sql_connect(conninfo);
	tool_must(conninfo, ARGS("init"));
	tool_must(conninfo, ARGS("downgrade", version));
	sql_exec(connection, "INSERT INTO deleted VALUES (1), (2); INSERT INTO truncated VALUES (1);"
			 " INSERT INTO parent VALUES (1); INSERT INTO kept VALUES (1)");
}

#define ALL_LOSSES \
	"table assembled is dropped: 1 row\nrows of table deleted are deleted: it has 2 rows\n" \
	"table renamed is dropped: 3 rows\nrows of table truncated are deleted: it has 1 row\n" \
	"column of_kind of table typed is dropped: a value in 1 row\ncolumn first of table kept is dropped:" \
	" a value in 1 row\n"

START_TEST(all_ways_to_destroy)
{
	struct process process;

	begin_losses("4");
	tool_must(conninfo, ARGS("downgrade", "3"));
	tool_expect(conninfo, ARGS("upgrade", "4"), 0, "at version 4",
				"1 object is not as in version 4, and a later migration replaces it");
	sql_exec(connection, "UPDATE kept SET first = 'x'; INSERT INTO typed VALUES (1, 'a'), (2, NULL);"
			 " INSERT INTO assembled VALUES (1); INSERT INTO renamed VALUES (1), (2), (3)");
	refused(ARGS("downgrade", "0"), ALL_LOSSES);
	tool_run(&process, conninfo, ARGS("downgrade", "0"));
	ck_assert_ptr_null(strstr(process.err, "second"));
	ck_assert_ptr_null(strstr(process.err, "note"));
	ck_assert_ptr_null(strstr(process.err, "child"));
	ck_assert_ptr_null(strstr(process.err, "made"));
	process_clear(&process);

	tool_expect(conninfo, ARGS("downgrade", "0", "--yes"), 0, "at version 0", NULL);
	end();
}
END_TEST

START_TEST(an_up_that_drops_a_table)
{
	begin_losses("4");
	refused(ARGS("upgrade"), "table parent is dropped: 1 row");
	sql_exec(connection, "DELETE FROM parent");
	tool_must(conninfo, ARGS("upgrade"));
	end();
}
END_TEST

/* Names in the statements must do, if it is not recorded what they drop: any of them may be concerned. */
START_TEST(losses_that_are_not_recorded)
{
	begin_losses("4");
	tool_must(conninfo, ARGS("downgrade", "3"));
	tool_expect(conninfo, ARGS("upgrade", "4"), 0, "at version 4",
				"1 object is not as in version 4, and a later migration replaces it");
	sql_exec(connection, "INSERT INTO typed VALUES (1, 'a'); INSERT INTO assembled VALUES (1);"
			 " INSERT INTO renamed VALUES (1)");
	sql_exec(connection, FORGET "; UPDATE fitsdb_schema.migration SET checksum = 'of another build'");
	refused(ARGS("downgrade", "0"), "table assembled may lose\ntable deleted may lose\ntable kept may lose\n"
			"table parent may lose\ntable renamed may lose\ntable truncated may lose\ntable typed may lose\n"
			"the list may be incomplete: the objects that stored down of migration");
	tool_expect(conninfo, ARGS("downgrade", "0", "--yes"), 0, "at version 0", NULL);
	end();
}
END_TEST

/* What is not there cannot be lost; the down fails, and is rolled back. */
START_TEST(table_that_is_missing)
{
	begin_losses("1");
	sql_exec(connection, "DROP TABLE truncated; DELETE FROM deleted; ALTER TABLE kept DROP COLUMN first");
	tool_expect(conninfo, ARGS("downgrade", "0"), 2, "downgrading to 0", "relation \"truncated\" does not exist\n"
				"the database stays at version 1");
	end();
}
END_TEST

Suite *
data_loss_suite(void)
{
	Suite	   *suite = suite_create("data_loss");
	TCase	   *tcase = tcase_create("loss");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, nothing_to_lose);
	tcase_add_test(tcase, data_loss_is_listed);
	tcase_add_test(tcase, column_that_is_renamed_on_the_way);
	tcase_add_test(tcase, by_an_older_build);
	tcase_add_test(tcase, record_that_is_not_understood);
	tcase_add_test(tcase, large_tables_are_estimated);
	tcase_add_test(tcase, table_that_is_held);
	tcase_add_loop_test(tcase, asked_on_a_terminal, 0, sizeof(answers) / sizeof(answers[0]));
	tcase_add_loop_test(tcase, stopped_or_killed_while_asking, 0, 3);
	tcase_add_test(tcase, labels_that_stay);
	tcase_add_test(tcase, upgrade_that_destroys);
	tcase_add_test(tcase, upgrade_that_drops_what_is_empty);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("losses");
	tcase_add_unchecked_fixture(tcase, build_losses, build_end);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, all_ways_to_destroy);
	tcase_add_test(tcase, an_up_that_drops_a_table);
	tcase_add_test(tcase, losses_that_are_not_recorded);
	tcase_add_test(tcase, table_that_is_missing);
	suite_add_tcase(suite, tcase);
	return suite;
}
