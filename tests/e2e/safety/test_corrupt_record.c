/*
 * Records in schema fitsdb_schema that are lost, changed by hand or owned by another role: missing tables are created
 * again; changed records are reported or refused.
 */
#include <check.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/image.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* Versions that no build writes, with a checksum mismatch: reported, and not used as an index. */
START_TEST(record_of_impossible_versions)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET checksum = 'x' WHERE version = 3;"
			 " UPDATE fitsdb_schema.migration SET version = v FROM (VALUES (1, -1), (2, 2147483647), (4,"
			 " -2147483648)) o (u, v) WHERE version = u; UPDATE fitsdb_schema.standing SET history = 'x'");
	tool_expect(conninfo, ARGS("status"), 2, "checksum mismatch\nnot the SQL in this build for version 3\n", "");
	tool_expect(conninfo, ARGS("list"), 0, "checksum mismatch", "");
	/* Only the history checksum. */
	sql_exec(connection, "DELETE FROM fitsdb_schema.migration WHERE checksum = 'x'");
	tool_expect(conninfo, ARGS("status"), 2, "checksum mismatch\nhistory checksum differs\nno recorded version differs",
				"");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

START_TEST(record_of_an_untrusted_owner)
{
	char	   *conninfo = server_database("fitsdata");

	server_execute("fitsdata", "CREATE SCHEMA fitsdb_schema AUTHORIZATION apache");
	tool_expect(conninfo, ARGS("stamp", "0"), 3, NULL, "schema fitsdb_schema is not trusted: its owner"
				" \"apache\"\nhint: ");
	mem_free(conninfo);
}
END_TEST

/* Each missing table is created again by the next change. */
START_TEST(record_is_made_anew)
{
	static const char *const lost[] = {"migrate_version", "fitsdb_schema.change", "fitsdb_schema.migration",
	"fitsdb_schema.standing"};
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *drop = mem_format("DROP TABLE %s", lost[_i]);

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, drop);
	tool_must(conninfo, ARGS("stamp", "39"));
	tool_expect(conninfo, ARGS("status"), 0, "current", NULL);
	tool_must(conninfo, ARGS("downgrade", "36"));
	tool_must(conninfo, ARGS("upgrade"));
	sql_expect(connection, "SELECT count(*) FROM fitsdb_schema.migration", "40");
	mem_free(drop);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

#define NEWER(version) \
	" UPDATE fitsdb_schema.migration SET checksum = repeat('" version "', 32) WHERE version = " version ";"

/* A change of the record of version 35, which has a checksum mismatch, and the message. */
static const struct {
	const char *sql;
	const char *message;
}			tampered[] = {
	{"UPDATE fitsdb_schema.migration SET down = '[{\"sql\":\"DROP TABLE diskfile CASCADE\"}]' WHERE version = 35",
		"do not match their checksum"},
	{"UPDATE fitsdb_schema.migration SET down_checksum = '' WHERE version = 35", "do not match their checksum"},
	{"ALTER TABLE fitsdb_schema.migration ALTER down_checksum DROP NOT NULL; UPDATE fitsdb_schema.migration SET"
		" down_checksum = NULL WHERE version = 35", "do not match their checksum"},
	{"ALTER TABLE fitsdb_schema.migration ALTER down DROP NOT NULL; UPDATE fitsdb_schema.migration SET"
		" down = NULL WHERE version = 35", "do not match their checksum"},
	{"ALTER TABLE fitsdb_schema.migration ALTER checksum DROP NOT NULL, ALTER name DROP NOT NULL,"
		" ALTER build DROP NOT NULL, ALTER history DROP NOT NULL, ALTER down_checksum DROP NOT NULL;"
		" UPDATE fitsdb_schema.migration SET checksum = NULL, name = NULL, history = NULL, build = NULL,"
		" down_checksum = NULL WHERE version = 35", "checksum"},
	{"UPDATE fitsdb_schema.migration SET down = '{\"sql\":1}', down_checksum ="
		" 'f6f6f57796c77ea87ea7d093cbb12ecfee164490990203d85e21b04956ef56ad' WHERE version = 35",
		"This build does not support the stored down statements of version 35."},
	{"UPDATE fitsdb_schema.migration SET down = '[1]', down_checksum ="
		" '080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22' WHERE version = 35",
		"This build does not support the stored down statements of version 35."},
	{"ALTER TABLE fitsdb_schema.migration DROP down_checksum", "down_checksum does not exist"},
};

/* All steps are checked before the first one is run. */
START_TEST(tampered_down)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *before;

	tool_must(conninfo, ARGS("init", "--quiet"));
	sql_exec(connection, NEWER("35") NEWER("36") NEWER("37"));
	sql_exec(connection, tampered[_i].sql);
	PQfinish(connection);
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("downgrade", "34"), 3, NULL, tampered[_i].message);
	image_expect("fitsdata", before);
	mem_free(conninfo);
}
END_TEST

/* An upgrade is refused after the SQL of another build, even if the versions after it are not recorded. */
START_TEST(foreign_text_is_not_forgotten)
{
	char	   *conninfo = server_database("fitsdata");
	PGconn	   *connection = sql_connect(conninfo);
	char	   *before;

	tool_must(conninfo, ARGS("init", "--quiet"));
	tool_must(conninfo, ARGS("downgrade", "36", "--quiet"));
	sql_exec(connection, "UPDATE fitsdb_schema.migration SET checksum = repeat('0', 64), history = repeat('0', 64)"
			 " WHERE version = 10; DELETE FROM fitsdb_schema.migration WHERE version > 10;"
			 "UPDATE fitsdb_schema.standing SET version = 10, history = repeat('0', 64)");
	before = image_take("fitsdata");
	tool_expect(conninfo, ARGS("upgrade"), 3, NULL, "checksum mismatch: \nversion 10 \nstamp 36\ndowngrade 9\n"
				"This drops everything that versions 10 to 36 added");
	tool_expect(conninfo, ARGS("upgrade", "10"), 3, NULL, "checksum mismatch");
	tool_expect(conninfo, ARGS("upgrade", "--sql"), 3, NULL, "checksum mismatch");
	tool_expect(conninfo, ARGS("plan"), 1, NULL, "checksum mismatch");
	image_expect("fitsdata", before);
	tool_must(conninfo, ARGS("stamp", "36"));
	tool_must(conninfo, ARGS("upgrade", "--quiet"));
	tool_must(conninfo, ARGS("status", "--quiet"));
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

Suite *
corrupt_record_suite(void)
{
	Suite	   *suite = suite_create("corrupt_record");
	TCase	   *tcase = tcase_create("corrupt_record");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, record_of_impossible_versions);
	tcase_add_test(tcase, record_of_an_untrusted_owner);
	tcase_add_loop_test(tcase, record_is_made_anew, 0, 4);
	tcase_add_loop_test(tcase, tampered_down, 0, sizeof(tampered) / sizeof(tampered[0]));
	tcase_add_test(tcase, foreign_text_is_not_forgotten);
	suite_add_tcase(suite, tcase);
	return suite;
}
