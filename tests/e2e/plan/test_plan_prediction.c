/* How plan says that an upgrade would end: the summary, and what it predicts. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/plan/planned.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/json.h"
#include "support/lineage.h"
#include "support/process.h"
#include "support/rows.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

enum {
	SUMMARY_LINES = 24			/* at most */
};

START_TEST(refusals_of_upgrade_are_predicted)
{
	planned_begin(lineage_base("fitsdata"));
	tool_expect(planned.conninfo, ARGS("plan"), 3, NULL,
				"error: database \"fitsdata\" is not under version control\nhint: ");
	tool_must(planned.conninfo, ARGS("stamp", "33"));
	tool_expect(planned.conninfo, ARGS("plan", "20"), 1, "", "error: \nat version 33, which is above\nhint: ");
	tool_expect(planned.conninfo, ARGS("plan", "40"), 3, NULL, "error: there is no version 40\nhint: ");
	tool_expect(planned.conninfo, ARGS("plan", "x"), 3, NULL, "error: \nnot a schema version\nhint: ");
	sql_exec(planned.connection, "UPDATE migrate_version SET version = 50");
	tool_expect(planned.conninfo, ARGS("plan", "--json"), 1, "\"version\": 50,\n\"outcome\": \"refused\",\n"
				"\"reason\": \"database \\\"fitsdata\\\" is ahead: it is at version 50, this build has 39\"",
				"error: database \"fitsdata\" is ahead");
	planned_end();
}
END_TEST

/* Objects of other roles, and what of the plan's output names the refusal; upgrade refuses as well. */
static const struct {
	const char *sql;
	const char *refusal;
}			of_others[] = {
	{"ALTER TABLE ghost OWNER TO postgres; ALTER TYPE ghost_gain_setting OWNER TO postgres",
	"2 objects of the database belong to a superuser"},
	{"ALTER TABLE ghost OWNER TO apache", "table public.ghost of role \"apache\" and table public.header"},
	{"ALTER TABLE exportqueue OWNER TO apache", "public.exportqueue"},
	{"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; ALTER FUNCTION f() OWNER TO apache;"
	" CREATE TRIGGER t BEFORE UPDATE ON gmos FOR EACH ROW EXECUTE PROCEDURE f()", "uses function public.f()"},
};

START_TEST(objects_of_other_roles)
{
	planned_begin_at(33);
	server_execute("fitsdata", of_others[_i].sql);
	tool_expect(planned.owner, ARGS("upgrade"), 3, NULL, of_others[_i].refusal);
	tool_expect(planned.owner, ARGS("plan"), 1, "an upgrade to 39 would be refused\n", of_others[_i].refusal);
	tool_expect(planned.owner, ARGS("plan", "--json"), 1, "\"outcome\": \"refused\",\n\"reason\": \"", of_others[_i].refusal);
	if (_i == 0) {
		/* A superuser's run transfers the ownership. */
		tool_expect(planned.owner, ARGS("repair", "--dry-run"), 3, "", of_others[_i].refusal);
		tool_expect(planned.conninfo, ARGS("plan"), 0, "end\ncomplete\n", "");
		tool_expect(planned.conninfo, ARGS("upgrade"), 0, "the latest of this build", "it now belongs to");
	}
	planned_end();
}
END_TEST

/* The archive may lack a table that its version should have. */
START_TEST(a_need_is_missing)
{
	json_t	   *json;
	const json_t *prediction;
	const json_t *failure;

	planned_begin_at(33);
	sql_exec(planned.connection, "DROP TABLE tapefile CASCADE");
	tool_expect(planned.conninfo, ARGS("plan"), 1,
				"an upgrade to 39 would be refused\n  table tapefile; needed by migration 37\n"
				"37 reconcile_with_data_models: blocks everything, not fully measured; would fail\n"
				"  migration 37 needs table tapefile, which is missing\n"
				"tapefile: ACCESS EXCLUSIVE; is rewritten; does not exist in this database", "");
	json = json_run(planned.conninfo, "plan", 1);
	prediction = json_object_get(json, "prediction");
	json_expect_string(prediction, "outcome", "refused");
	json_expect_string(prediction, "reason", "1 object of version 33 is missing, and no pending migration creates it");
	failure = json_array_get(json_object_get(prediction, "failures"), 0);
	json_expect_integer(failure, "migration", 37);
	json_expect_string(failure, "kind", "table");
	json_expect_string(failure, "name", "tapefile");
	json_expect_string(json_array_get(json_object_get(prediction, "missing"), 0), "name", "tapefile");
	failure = json_object_get(json_array_get(json_object_get(json, "migrations"), 3), "failure");
	json_expect_string(failure, "message", "migration 37 needs table tapefile, which is missing");
	json_decref(json);
	/* It is not needed up to 36, but missing. */
	tool_expect(planned.conninfo, ARGS("plan", "36"), 1, "an upgrade to 36 would be refused\n  table tapefile", "");
	tool_expect(planned.conninfo, ARGS("upgrade", "--yes", "--quiet"), 3, NULL, "table tapefile; needed by migration 37");
	planned_end();
}
END_TEST

START_TEST(the_end_would_be_incomplete)
{
	planned_begin_at(29);
	sql_exec(planned.connection, "CREATE TABLE ix_userprogram_path (a integer); ALTER TABLE gmos ALTER grating_order TYPE bigint");
	tool_expect(planned.conninfo, ARGS("plan"), 1,
				"10 migrations and\n  end incomplete: 1 object missing, 1 different\n"
				"  migration 37 creates index userprogram.ix_userprogram_path, but table\n"
				"  and 1 more that would be missing or different\n34 add_missing_enum_labels: harmless", "");
	sql_exec(planned.connection, "DROP TABLE ix_userprogram_path; ALTER TABLE gmos ALTER grating_order TYPE integer");
	tool_expect(planned.conninfo, ARGS("plan"), 0, "end complete", "");
	planned_end();
}
END_TEST

/* Extra objects in a database at version 9, and the outcome that plan predicts; the upgrade has that outcome. */
static const struct {
	const char *sql;
	const char *outcome;
	const char *line;
	int			upgrade;
}			surprises[] = {
	{"CREATE TYPE ghost AS (a integer)", "refused", "migration 30 creates table ghost, but type ghost has that name", 3},
	{"CREATE VIEW ghost AS SELECT 1 AS a", "refused", "migration 30 creates table ghost, but view ghost has that name",
	3},
	{"CREATE TABLE ix_gmos_array_name (a integer)", "refused",
	"migration 35 creates index gmos.ix_gmos_array_name, but table"
	" ix_gmos_array_name has that name", 3},
	/* The server would choose another name, and 37 would not drop the constraint. */
	{"CREATE INDEX exportqueue_filename_path_destination_key ON exportqueue (id)", "refused",
		"migration 11 creates constraint exportqueue.exportqueue_filename_path_destination_key, but index"
	" exportqueue.exportqueue_filename_path_destination_key has that name", 3},
	/* Created only where the name is free, and without a word. */
	{"SET ROLE fitsdata; CREATE TABLE ix_userprogram_path (a integer); RESET ROLE", "incomplete",
	"migration 37 creates index userprogram.ix_userprogram_path, but table ix_userprogram_path has that name", 1},
	/* Migration 10 would create it, with its labels. */
	{"SET ROLE fitsdata; CREATE TYPE procsci AS ENUM ('sq'); RESET ROLE", "refused", "label procsci.ql would be missing",
	3},
	{"SET ROLE fitsdata; CREATE DOMAIN procsci AS text; RESET ROLE", "refused",
	"type procsci is different, and the upgrade would not change it", 3},
	{"CREATE VIEW users AS SELECT procsci FROM header", "refused", "migration 10 changes or drops column header.procsci,"
	" which view users uses", 3},
	{"ALTER TABLE header ADD twice text GENERATED ALWAYS AS (procsci || 'a') STORED", "refused",
	 "migration 10 changes or drops column header.procsci, which column header.twice uses", 3},
	{"CREATE MATERIALIZED VIEW tapes AS SELECT * FROM tapefile", "refused", "migration 37 changes or drops column"
	" tapefile.size, which materialized view tapes uses", 3},
};

START_TEST(surprises_are_told)
{
	json_t	   *json;
	static const char *const lists[] = {"failures", "missing", "different"};
	const json_t *prediction;
	bool		told = false;

	planned_begin_at(9);
	/* Since PostgreSQL 12. */
	if (strstr(surprises[_i].sql, "GENERATED") && PQserverVersion(planned.connection) < 120000) {
		planned_end();
		return;
	}
	sql_exec(planned.connection, surprises[_i].sql);
	json = json_run(planned.conninfo, "plan", 1);
	prediction = json_object_get(json, "prediction");
	json_expect_string(prediction, "outcome", surprises[_i].outcome);
	for (int list = 0; list < 3; list++) {
		const json_t *items = json_object_get(prediction, lists[list]);

		for (size_t i = 0; i < json_array_size(items); i++) {
			const json_t *item = json_array_get(items, i);

			if (strcmp(json_string_value(json_object_get(item, "text")), surprises[_i].line) == 0) {
				ck_assert_int_eq(json_is_integer(json_object_get(item, "migration")),
								 strncmp(surprises[_i].line, "migration", 9) == 0);
				told = true;
			}
		}
	}
	ck_assert_msg(told, "%s", surprises[_i].line);
	json_decref(json);
	tool_expect(planned.conninfo, ARGS("plan"), 1, strcmp(surprises[_i].outcome, "refused") == 0 ? "would be refused"
				: "end incomplete: ", "");
	tool_expect(planned.conninfo, ARGS("upgrade", "--yes", "--quiet"), surprises[_i].upgrade, NULL, "");
	planned_end();
}
END_TEST

/* Migration 21 renames the column, and its type. */
START_TEST(a_rename_is_no_obstacle)
{
	planned_begin_at(12);
	sql_exec(planned.connection, "CREATE VIEW users AS SELECT procsci FROM header");
	tool_expect(planned.conninfo, ARGS("plan"), 0, "end complete", "");
	tool_expect(planned.conninfo, ARGS("upgrade"), 0, "", "1 extra object or privilege, not part of version 39");
	planned_end();
}
END_TEST

/* The number of lines before the first empty one. */
static int
count_summary(const char *out)
{
	const char *at = out;
	int			count = 0;

	for (; *at && *at != '\n'; count++) {
		at = strchr(at, '\n');
		ck_assert_ptr_nonnull(at);
		at++;
	}
	return count;
}

/* The summary has at most 24 lines, whichever faults the database has. */
START_TEST(the_summary_is_short)
{
	static const char *const damage[] = {
		"SELECT",
		"DROP TABLE header, diskfile, gmos, tapefile, archiveuser, exportqueue, userprogram CASCADE",
		"DO $$ DECLARE name text; BEGIN FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
		" AND tablename <> 'migrate_version' LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', name);"
		" END LOOP; END $$"
	};
	struct process process;

	planned_begin_at(0);
	/* Without statistics. */
	sql_exec(planned.connection, "CREATE TABLE more AS SELECT * FROM header; DELETE FROM pg_statistic");
	sql_exec(planned.connection, damage[_i]);
	tool_run(&process, planned.conninfo, ARGS("plan"));
	tool_wrote(&process, _i == 0 ? 0 : 1, _i == 0
			   ? "fitsdata is at version 0; an upgrade to 39 would run 39 migrations and\n10 change_procsci_to_enum\nblocks everything for"
			   : "fitsdata is at version 0; an upgrade to 39 would be refused\nmore tables or types", "");
	ck_assert_int_le(count_summary(process.out), SUMMARY_LINES);
	process_clear(&process);
	planned_end();
}
END_TEST

Suite *
plan_prediction_suite(void)
{
	Suite	   *suite = suite_create("plan_prediction");
	TCase	   *tcase = tcase_create("prediction");

	tcase_add_unchecked_fixture(tcase, server_setup, NULL);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, refusals_of_upgrade_are_predicted);
	tcase_add_loop_test(tcase, objects_of_other_roles, 0, sizeof(of_others) / sizeof(of_others[0]));
	tcase_add_test(tcase, a_need_is_missing);
	tcase_add_test(tcase, the_end_would_be_incomplete);
	tcase_add_loop_test(tcase, surprises_are_told, 0, sizeof(surprises) / sizeof(surprises[0]));
	tcase_add_loop_test(tcase, the_summary_is_short, 0, 3);
	tcase_add_test(tcase, a_rename_is_no_obstacle);
	suite_add_tcase(suite, tcase);
	return suite;
}
