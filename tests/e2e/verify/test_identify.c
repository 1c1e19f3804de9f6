/*
 * Databases without a version, or with a wrong one: identify finds the version, and after that stamp an upgrade
 * succeeds.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/facts.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

static int
number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_integer(value), "there is no number \"%s\"", key);
	return (int) json_integer_value(value);
}

static int
differences_of(const json_t *json, int version)
{
	const json_t *all = json_object_get(json, "versions");

	ck_assert_uint_eq(json_array_size(all), LATEST + 1);
	json_expect_integer(json_array_get(all, (size_t) version), "version", version);
	return number(json_array_get(all, (size_t) version), "differences")
		+ number(json_array_get(all, (size_t) version), "notes");
}

/* Take it out of version control. */
static void
forget(const char *conninfo)
{
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "DROP SCHEMA IF EXISTS fitsdb_schema CASCADE; DROP TABLE migrate_version");
	PQfinish(connection);
}

static const int versions[] = {18, 33, 0, 10, 29, 37, LATEST};

enum {
	LAST_CHANGE = 37,			/* later migrations do not change the schema */
	VERSION_COUNT = sizeof(versions) / sizeof(versions[0])
};

/* Is the schema of both the same? Migration 34 adds objects that only other databases lack. */
static bool
is_alike(int one, int other)
{
	return one == other || (one == 33 && other == 34) || (one >= LAST_CHANGE && other >= LAST_CHANGE);
}

START_TEST(each_version_is_known)
{
	int			version = versions[_i];
	char	   *conninfo = lineage_current("fitsdata", version);
	json_t	   *json = json_run(conninfo, "identify", 0);

	json_expect_string(json, "database", "fitsdata");
	json_expect_integer(json, "version", version);
	json_expect_integer(json, "best", version);
	json_expect_integer(json, "stamp", version);
	for (int v = 0; v <= LATEST; v++)
		ck_assert_msg((differences_of(json, v) == 0) == is_alike(version, v), "%d is %d away from %d", v,
					  differences_of(json, v), version);
	json_decref(json);

	/* The same without the stamp: the lowest of the versions with the same schema. */
	forget(conninfo);
	json = json_run(conninfo, "identify", 0);
	ck_assert(json_is_null(json_object_get(json, "version")));
	json_expect_integer(json, "best", version < LAST_CHANGE ? version : LAST_CHANGE);
	json_expect_integer(json, "stamp", version < LAST_CHANGE ? version : LAST_CHANGE);
	json_decref(json);
	mem_free(conninfo);
}
END_TEST

/* Run the suggested command, and upgrade. */
static void
expect_upgradable(const char *conninfo, int best)
{
	json_t	   *json = json_run(conninfo, "identify", 0);
	char	   *stamp = mem_format("%d", number(json, "stamp"));
	PGconn	   *connection = sql_connect(conninfo);

	if (best >= 0)
		json_expect_integer(json, "best", best);
	tool_must(conninfo, ARGS("stamp", stamp));
	tool_must(conninfo, ARGS("upgrade"));
	facts_expect_version(connection, "v037");
	PQfinish(connection);
	mem_free(stamp);
	json_decref(json);
}

START_TEST(fresh_without_a_stamp)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[_i]);

	forget(conninfo);
	expect_upgradable(conninfo, -1);
	mem_free(conninfo);
}
END_TEST

START_TEST(fresh_with_its_stamp)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[_i]);

	expect_upgradable(conninfo, -1);
	mem_free(conninfo);
}
END_TEST

static const int migrated_versions[] = {33, 16, 0, 7, 25, 31};

enum {
	MIGRATED_COUNT = sizeof(migrated_versions) / sizeof(migrated_versions[0])
};

START_TEST(migrated_without_a_stamp)
{
	char	   *conninfo = lineage_migrated("fitsdata", migrated_versions[_i]);

	forget(conninfo);
	expect_upgradable(conninfo, migrated_versions[_i]);
	mem_free(conninfo);
}
END_TEST

START_TEST(in_words)
{
	char	   *conninfo = lineage_current("fitsdata", 18);
	PGconn	   *connection = sql_connect(conninfo);

	tool_expect(conninfo, ARGS("identify"), 0,
				"version  name                                          differences\n"
				"     18  add_filename_to_calcachequeue                           0  complete  best\n"
				"database fitsdata matches version 18, \"add_filename_to_calcachequeue\"\n"
				"the database is stamped with this version", NULL);
	sql_exec(connection, "UPDATE migrate_version SET version = 25");
	tool_expect(conninfo, ARGS("identify"), 0, "matches version 18\nthe database is stamped with version 25\n"
				"to stamp it, run: fitsdb-schema stamp 18", NULL);
	sql_exec(connection, "UPDATE migrate_version SET version = NULL");
	tool_expect(conninfo, ARGS("identify"), 0, "the recorded version is not valid\nrun: fitsdb-schema stamp 18", NULL);
	sql_exec(connection, "UPDATE migrate_version SET repository_id = 'another \"one\"'");
	tool_expect(conninfo, ARGS("identify"), 0, "the database has no version of repository \"Repository for FitsStorage"
				" migration\"; table migrate_version has rows of other repositories only: \"another \"\"one\"\"\"\nstamp 18", NULL);
	forget(conninfo);
	tool_expect(conninfo, ARGS("identify"), 0, "matches version 18\nrun: fitsdb-schema stamp 18", NULL);
	sql_exec(connection, "DROP INDEX ix_diskfile_filename");
	tool_expect(conninfo, ARGS("identify"), 0, "closest to version 18\n"
				"an upgrade from version 18 would not end complete:\n  index diskfile.ix_diskfile_filename would be missing\n"
				"to stamp it, run: fitsdb-schema stamp 18\nthen, to add the missing objects, run:"
				" fitsdb-schema repair", NULL);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* One object that only a far lower version would add, or that none adds: it is repaired, as upgrade says. */
START_TEST(one_object_is_missing)
{
	static const char *const damages[] = {
		"ALTER TABLE userprogram DROP path", "ALTER TABLE header ALTER id TYPE bigint; DROP INDEX ix_diskfile_filename"
	};

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		char	   *conninfo = lineage_current("fitsdata", 33);
		PGconn	   *connection = sql_connect(conninfo);

		sql_exec(connection, damages[i]);
		for (int stamped = 1; stamped >= 0; stamped--) {
			json_t	   *json;

			if (!stamped)
				forget(conninfo);
			json = json_run(conninfo, "identify", 0);
			if (stamped || i > 0) {
				json_expect_integer(json, "stamp", 33);
				ck_assert(json_is_true(json_object_get(json, "repair")));
			} else
				json_expect_integer(json, "stamp", 7);
			json_decref(json);
			tool_expect(conninfo, ARGS("identify"), 0, stamped ? "would not end complete:\nto add the missing objects,"
						" run: fitsdb-schema repair" : i > 0 ? "run: fitsdb-schema stamp 33\nthen, to add the missing"
						" objects, run: fitsdb-schema repair" : "run: fitsdb-schema stamp 7\nor, to add the missing"
						" objects of version 33, run: fitsdb-schema stamp 33, then fitsdb-schema repair", NULL);
		}
		tool_must(conninfo, ARGS("stamp", "33"));
		if (i == 0) {
			tool_must(conninfo, ARGS("repair", "--yes"));
			tool_must(conninfo, ARGS("upgrade"));
		}
		PQfinish(connection);
		mem_free(conninfo);
	}
}
END_TEST

/* A name that another kind of object, or another table's index, has: the upgrade would fail, or end incomplete. */
static const struct {
	const char *sql;
	const char *reason;
}			taken[] = {
	{"CREATE SEQUENCE miscfile_plus",
	"migration 23 creates table miscfile_plus, but sequence miscfile_plus has that name"},
	{"CREATE TYPE miscfile_plus AS ENUM ('x')",
	"migration 23 creates table miscfile_plus, but type miscfile_plus has that name"},
	{"CREATE INDEX ix_header_ut_datetime_nulls_last ON diskfile (id)",
		"migration 27 creates index header.ix_header_ut_datetime_nulls_last, but index "
	"diskfile.ix_header_ut_datetime_nulls_last has that name"},
};

START_TEST(names_that_are_taken)
{
	char	   *conninfo = lineage_current("fitsdata", 20);
	PGconn	   *connection = sql_connect(conninfo);
	json_t	   *json;

	tool_expect(conninfo, ARGS("identify"), 0, "an upgrade from version \n would end complete", NULL);
	sql_exec(connection, taken[_i].sql);
	tool_expect(conninfo, ARGS("identify"), 0, "closest to version 20\nan upgrade from version 20 would not end"
				" complete:\nan upgrade would not end complete from any version", NULL);
	json = json_run(conninfo, "identify", 0);
	ck_assert(json_is_null(json_object_get(json, "stamp")));
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "reasons"), 0)), taken[_i].reason);
	json_decref(json);
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* What uses a column that a pending migration alters. */
START_TEST(columns_that_are_used)
{
	static const struct {
		int			version;
		const char *sql;
		const char *reason;
	}			used[] = {
		{5, "CREATE VIEW v AS SELECT procsci FROM header",
		"migration 10 changes or drops column header.procsci, which view v"
		" uses"},
		{20, "CREATE SCHEMA retired; CREATE MATERIALIZED VIEW retired.v AS SELECT size FROM tapefile",
		"migration 37 changes or drops column tapefile.size, which materialized view retired.v uses"},
		{5, "CREATE POLICY p ON header USING (procsci IS NOT NULL)",
		"migration 10 changes or drops column header.procsci, which policy header.p uses"},
		{5, "CREATE RULE r AS ON UPDATE TO header WHERE NEW.procsci IS NULL DO INSTEAD NOTHING",
		"migration 10 changes or drops column header.procsci, which rule header.r uses"},
		{5, "CREATE TRIGGER x BEFORE UPDATE OF procsci ON header FOR EACH ROW EXECUTE PROCEDURE"
			" suppress_redundant_updates_trigger()",
		"migration 10 changes or drops column header.procsci, which trigger header.x uses"},
	};

	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++) {
		char	   *conninfo = lineage_current("fitsdata", used[i].version);
		PGconn	   *connection = sql_connect(conninfo);

		sql_exec(connection, used[i].sql);
		tool_expect(conninfo, ARGS("identify"), 0, used[i].reason, NULL);
		tool_expect(conninfo, ARGS("upgrade"), 3, NULL, used[i].reason);
		PQfinish(connection);
		mem_free(conninfo);
	}
}
END_TEST

/* An interrupted build leaves an invalid index, and an upgrade drops it and builds it again. */
START_TEST(invalid_index)
{
	char	   *conninfo = lineage_current("fitsdata", 26);
	PGconn	   *connection = sql_connect(conninfo);

	sql_exec(connection, "CREATE INDEX ix_header_ut_datetime_nulls_last ON header (ut_datetime DESC NULLS LAST)");
	server_execute("fitsdata", "UPDATE pg_index SET indisvalid = false"
				   " WHERE indexrelid = 'ix_header_ut_datetime_nulls_last'::regclass");
	tool_expect(conninfo, ARGS("identify"), 0, "the database is stamped with this version\n"
				"an upgrade from version \n would end complete", NULL);
	tool_expect(conninfo, ARGS("upgrade"), 0, "is at version 39", "is invalid; it is dropped and built again");
	tool_expect(conninfo, ARGS("verify"), 0, "same: ", "");
	PQfinish(connection);
	mem_free(conninfo);
}
END_TEST

/* Why is not the latest version advised? */
START_TEST(versions_of_the_same_schema)
{
	char	   *conninfo = lineage_current("fitsdata", LATEST);

	forget(conninfo);
	tool_expect(conninfo, ARGS("identify"), 0,
				"matches version 37\nversions 38 to 39 have the same schema, so it is unknown whether their migrations"
				" were run. After this stamp, an upgrade runs them (again)\nto stamp it, run: fitsdb-schema stamp 37",
				NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(stamped_32_without_ghost)
{
	char	   *conninfo = lineage_fresh("fitsdata", &lineage_kinds[1]);

	/* It lacks the index of 27 besides, which 36 adds. */
	ck_assert_str_eq(lineage_kinds[1].name, "stamped 31, without ghost");
	tool_expect(conninfo, ARGS("identify"), 0, "the database is stamped with version 31\nan upgrade from version 31 would"
				" end complete", NULL);
	server_execute("fitsdata", "UPDATE migrate_version SET version = 32");
	tool_expect(conninfo, ARGS("identify"), 0,
				"database fitsdata is closest to version 29, \"add_gmos_array_name\"\nthe database is stamped with version 32\n"
				"an upgrade from version 32 would not end complete:\n"
				"  migration 34 needs type ghost_gain_setting, which is missing\n"
				"an upgrade from version 31 would end complete\nto stamp it, run: fitsdb-schema stamp 31", NULL);
	mem_free(conninfo);
}
END_TEST

/* Nothing is advised where there is nothing to be stamped, or where a newer build must do it. */
START_TEST(without_advice)
{
	char	   *conninfo = server_database("fitsdata");
	json_t	   *json;

	tool_expect(conninfo, ARGS("identify"), 0, "database fitsdata is empty\nrun: fitsdb-schema init", "");
	json = json_run(conninfo, "identify", 0);
	ck_assert(json_is_true(json_object_get(json, "empty")));
	ck_assert(json_is_null(json_object_get(json, "stamp")));
	json_decref(json);
	mem_free(conninfo);
	conninfo = lineage_current("fitsdata", LATEST);
	server_execute("fitsdata", "UPDATE migrate_version SET version = 99");
	tool_expect(conninfo, ARGS("identify"), 0, "the database is ahead: it is stamped with version 99, this build has 39; use the"
				" newer build", "");
	json = json_run(conninfo, "identify", 0);
	json_expect_integer(json, "version", 99);
	ck_assert(json_is_null(json_object_get(json, "stamp")));
	json_decref(json);
	mem_free(conninfo);
}
END_TEST

Suite *
identify_suite(void)
{
	Suite	   *suite = suite_create("identify");
	TCase	   *tcase = tcase_create("identify");
	bool		thorough = getenv("THOROUGH") != NULL;

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	/* Each takes seconds; the first ones are the most telling. */
	tcase_add_loop_test(tcase, each_version_is_known, 0, thorough ? VERSION_COUNT : 2);
	tcase_add_loop_test(tcase, fresh_without_a_stamp, 0, thorough ? lineage_kind_count : 3);
	tcase_add_loop_test(tcase, fresh_with_its_stamp, 0, thorough ? 3 : 2);
	tcase_add_loop_test(tcase, migrated_without_a_stamp, 0, thorough ? MIGRATED_COUNT : 2);
	tcase_add_test(tcase, in_words);
	tcase_add_test(tcase, one_object_is_missing);
	tcase_add_loop_test(tcase, names_that_are_taken, 0, sizeof(taken) / sizeof(taken[0]));
	tcase_add_test(tcase, columns_that_are_used);
	tcase_add_test(tcase, invalid_index);
	tcase_add_test(tcase, versions_of_the_same_schema);
	tcase_add_test(tcase, stamped_32_without_ghost);
	tcase_add_test(tcase, without_advice);
	suite_add_tcase(suite, tcase);
	return suite;
}
