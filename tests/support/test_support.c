/*
 * A test that cannot fail proves nothing: the comparisons that the other suites use must notice differences.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/lineage.h"
#include "support/lines.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"

#include "base/banned.h"

#define TABLES \
	"CREATE TYPE colour AS ENUM ('red', 'green');" \
	"CREATE TABLE parent (id serial PRIMARY KEY, name text NOT NULL UNIQUE, taken timestamptz, hue colour);" \
	"CREATE TABLE child (id serial PRIMARY KEY, parent_id integer NOT NULL REFERENCES parent, size numeric(6,3),"\
	" code varchar(4), spot point, area polygon, at time, seen boolean);" \
	"CREATE INDEX child_size ON child (size DESC NULLS LAST)"

/* A statement, and the line that the facts must gain by it. */
static const struct {
	const char *statement;
	const char *line;
}			changes[] = {
	{"CREATE TABLE other (id integer)", "table other"},
	{"ALTER TABLE child ALTER code TYPE varchar(5)", "column child.code character varying(5)"},
	{"ALTER TABLE child ALTER size SET NOT NULL", "column child.size numeric(6,3) not null"},
	{"ALTER TABLE child ALTER seen SET DEFAULT true", "column child.seen boolean default true"},
	{"CREATE UNIQUE INDEX child_code ON child (code)", "index child_code on child unique btree (code)"},
	{"CREATE INDEX child_code ON child (code) WHERE seen", "index child_code on child btree (code) WHERE seen"},
	{"CREATE INDEX child_hash ON child USING hash (code)", "index child_hash on child hash (code)"},
	{"ALTER TABLE child ADD UNIQUE (code, seen)", "constraint child_code_seen_key on child unique (code, seen)"},
	{"ALTER TABLE child ADD CHECK (size > 0)", "constraint child_size_check on child c (size)"},
	{"ALTER TABLE parent ADD FOREIGN KEY (id) REFERENCES child (id) ON DELETE CASCADE",
	"constraint parent_id_fkey on parent foreign key (id) references child (id) with an action"},
	{"ALTER TYPE colour ADD VALUE 'blue'", "label colour blue"},
	{"CREATE SEQUENCE lonely", "sequence lonely of nothing"},
	{"CREATE VIEW seen AS SELECT 1 AS one", "odd relation seen: kind v, persistence p, owner fitsdata"},
	{"CREATE UNLOGGED TABLE quick (id integer)", "odd relation quick: kind r, persistence u, owner fitsdata"},
	{"CREATE DOMAIN small AS integer", "odd type small: kind d, owner fitsdata"},
	{"CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "odd function one"},
	{"CREATE SCHEMA elsewhere", "odd schema elsewhere"},
};

START_TEST(facts_notice)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	struct lines before = {0};
	struct lines after = {0};
	char	   *difference;

	sql_exec(connection, TABLES);
	facts_read(connection, &before);
	ck_assert(!lines_have(&before, changes[_i].line));
	sql_exec(connection, changes[_i].statement);
	facts_read(connection, &after);
	ck_assert_msg(lines_have(&after, changes[_i].line), "no line \"%s\"", changes[_i].line);
	difference = lines_difference(&before, &after, NULL, NULL);
	ck_assert_ptr_nonnull(difference);
	ck_assert_ptr_nonnull(strstr(difference, changes[_i].line));
	mem_free(difference);
	lines_clear(&after);
	lines_clear(&before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(facts_notice_owner_and_invalid_index)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	struct lines lines = {0};

	sql_exec(connection, TABLES);
	server_execute("fitsdata", "ALTER TABLE parent OWNER TO postgres;"
				   "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'child_size'::regclass");
	facts_read(connection, &lines);
	ck_assert(lines_have(&lines, "odd relation parent: kind r, persistence p, owner postgres"));
	ck_assert(lines_have(&lines, "odd index child_size: not valid"));
	lines_clear(&lines);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(facts_leave_out_version_table)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	struct lines lines = {0};

	lineage_forget(connection, 3);
	facts_read(connection, &lines);
	ck_assert_uint_eq(lines.count, 0);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(facts_load_quotes)
{
	struct lines lines = {0};

	facts_load("v037", &lines);
	ck_assert(lines_have(&lines, "index ix_header_dec on header btree (\"dec\")"));
	ck_assert(lines_have(&lines, "column ghost.exposure_time_red numeric(8,4)"));
	ck_assert(lines_have(&lines, "column diskfile.id integer not null default nextval('diskfile_id_seq'::regclass)"));
	ck_assert(lines_have(&lines, "constraint calcache_cal_hid_fkey on calcache foreign key (cal_hid)"
						 " references header (id)"));
	ck_assert(lines_have(&lines, "sequence ghost_id_seq of ghost.id"));
	ck_assert(lines_have(&lines, "label caltype processed_bpm"));
	lines_clear(&lines);
}
END_TEST

/* The CSV files and the catalogs must have the same format: version 0 tests it. */
START_TEST(facts_read_base)
{
	char	   *conninfo = lineage_base("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	facts_expect_version(connection, "v000");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(rows_notice)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	struct lines before = {0};
	struct lines after = {0};
	char	   *difference;

	sql_exec(connection, TABLES);
	rows_fill(connection);
	rows_fill(connection);
	sql_expect(connection, "SELECT count(*) FROM child JOIN parent ON parent.id = parent_id", "3");
	sql_expect(connection, "SELECT count(*) FROM child WHERE code IS NULL", "1");
	rows_read(connection, &before);
	sql_exec(connection, "ALTER TABLE child ADD more text; ALTER TABLE child DROP spot");
	rows_expect(connection, &before, NULL);
	sql_exec(connection, "UPDATE child SET size = 9 WHERE code IS NULL");
	rows_expect(connection, &before, "child.size");
	sql_exec(connection, "DELETE FROM child WHERE code IS NULL");
	rows_read(connection, &after);
	difference = lines_difference(&before, &after, NULL, NULL);
	ck_assert_ptr_nonnull(strstr(difference, "- child rows=3\n"));
	ck_assert_ptr_nonnull(strstr(difference, "+ child rows=2\n"));
	mem_free(difference);
	lines_clear(&after);
	lines_clear(&before);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(rows_fit_base)
{
	char	   *conninfo = lineage_base("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	rows_fill(connection);
	sql_expect(connection, "SELECT count(*) FROM header JOIN diskfile ON diskfile.id = diskfile_id", "3");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(process_collects)
{
	static const char *const environment[] = {"GREETING=hello", NULL};
	const struct process_options options = {.environment = environment,.input = "line\n"};
	struct process process;

	process_run(&process, (const char *const[]) {"sh", "-c", "cat; echo $GREETING >&2; exit 3", NULL}, &options);
	ck_assert_int_eq(process.status, 3);
	ck_assert_str_eq(process.out, "line\n");
	ck_assert_str_eq(process.err, "hello\n");
	process_clear(&process);
	process_start(&process, (const char *const[]) {"sh", "-c", "echo ready; exec cat /dev/zero >/dev/null", NULL},
				  NULL);
	process_expect(&process, "ready");
	ck_assert(process_running(&process));
	process_signal(&process, 15);
	process_wait(&process);
	ck_assert_int_eq(process.status, 128 + 15);
	process_clear(&process);
}
END_TEST

/* Committed rows survive a crash; others, and the sessions, do not. */
START_TEST(server_stops_and_begins)
{
	const struct server *server = server_start(false);
	char	   *conninfo = server_conninfo(server, "postgres", "postgres");
	PGconn	   *connection = sql_connect(conninfo);
	PGresult   *result;

	sql_exec(connection, "CREATE TABLE kept (id integer); CHECKPOINT; SET synchronous_commit = on");
	sql_exec(connection, "INSERT INTO kept VALUES (1)");
	sql_exec(connection, "BEGIN; INSERT INTO kept VALUES (2)");
	ck_assert(server_running(server));
	server_stop(server);
	ck_assert(!server_running(server));
	result = PQexec(connection, "SELECT 1");
	ck_assert_int_eq(PQresultStatus(result), PGRES_FATAL_ERROR);
	PQclear(result);
	PQfinish(connection);
	server_begin(server);
	connection = sql_connect(conninfo);
	sql_expect(connection, "SELECT string_agg(id::text, ' ') FROM kept", "1");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
support_suite(void)
{
	Suite	   *suite = suite_create("support");
	TCase	   *tcase = tcase_create("support");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, process_collects);
	tcase_add_loop_test(tcase, facts_notice, 0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_test(tcase, facts_notice_owner_and_invalid_index);
	tcase_add_test(tcase, facts_leave_out_version_table);
	tcase_add_test(tcase, facts_load_quotes);
	tcase_add_test(tcase, facts_read_base);
	tcase_add_test(tcase, rows_notice);
	tcase_add_test(tcase, rows_fit_base);
	tcase_add_test(tcase, server_stops_and_begins);
	suite_add_tcase(suite, tcase);
	return suite;
}
