/*
 * The lint rules. For each rule the folder lint_bad has a migration that breaks it and no other rule, and lint_good has
 * the migration to write instead; see docs/lint.
 */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "e2e/suites.h"
#include "support/build.h"
#include "support/process.h"
#include "support/server.h"
#include "support/sql.h"
#include "support/tool.h"

#include "base/banned.h"

/* All findings in lint_bad, from migration 1 on. */
static const char *const findings[] = {
	"001_locked_scan.sql:5: locked-scan: header is read under SHARE",
	"002_create_index.sql:4: create-index: index ix_header_object is built on header under SHARE",
	"003_validated_constraint.sql:4: validated-constraint: check header_exposure_time_check on header is validated at"
	" once, under ACCESS EXCLUSIVE",
	"004_set_not_null.sql:4: set-not-null: column object of header is set NOT NULL without a validated check, under"
	" ACCESS EXCLUSIVE",
	"005_rewrite.sql:4: rewrite: preview is rewritten under ACCESS EXCLUSIVE",
	"006_work_after_exclusive.sql:6: work-after-exclusive: preview is read or written while ACCESS EXCLUSIVE on"
	" header is held by an earlier statement",
	"007_drop_or_rename.sql:4: drop-or-rename: column filter_name of header is dropped",
	"008_unindexed_foreign_key.sql:4: unindexed-foreign-key: foreign key preview_header_id_fkey of preview has no index"
	" on its columns",
	"009_unbatched_rows.sql:4: unbatched-rows: rows of header are updated in one statement",
	"010_truncate.sql:4: truncate: previewqueue is truncated",
	"011_session_settings.sql:4: session-settings: setting statement_timeout stays changed at the end",
	"012_cut_identifier.sql:4: cut-identifier: identifier "
	"\"position_angle_of_the_instrument_on_the_sky_at_the_beginning_of_the_exposure\" will be truncated to "
	"\"position_angle_of_the_instrument_on_the_sky_at_the_beginning_of\"",
	"013_enum_value_used.sql:10: enum-value-used: unsafe use of new value \"BPM\" of enum type obstype",
};

enum {
	FINDING_COUNT = sizeof(findings) / sizeof(findings[0]),
	ENUM_IN_TRANSACTION = 12	/* the first server that can add one there at all */
};

/* A throwaway database at version 0. */
static char *
empty_database(void)
{
	char	   *conninfo;

	mem_free(server_database("fitsdata"));
	conninfo = server_conninfo(server_main(), "postgres", "fitsdata");
	tool_expect(conninfo, ARGS("stamp", "0", "--quiet"), 0, NULL, "schema public has no tables");
	return conninfo;
}

START_TEST(each_rule_is_broken_once)
{
	char	   *conninfo = empty_database();
	bool		fails = server_version(server_main()) < ENUM_IN_TRANSACTION;
	char	   *expected;
	size_t		length;
	FILE	   *stream = mem_stream_open(&expected, &length);
	struct process process;

	for (int i = 0; i < FINDING_COUNT - (fails ? 1 : 0); i++)
		fprintf(stream, "lint_bad/%s\n", findings[i]);
	mem_stream_close(stream);
	tool_run(&process, conninfo, ARGS("plan", "--lint"));
	ck_assert_str_eq(process.out, expected);
	tool_wrote(&process, fails ? 2 : 1, "", fails ? "migration 13 \"enum_value_used\" would fail\n(25001)"
			   : "hint: docs/lint/");
	process_clear(&process);
	mem_free(expected);
	mem_free(conninfo);
}
END_TEST

/* Migrations after the target version are not judged. */
START_TEST(a_part_is_judged)
{
	char	   *conninfo = empty_database();

	tool_expect(conninfo, ARGS("stamp", "2", "--quiet"), 0, NULL, "schema public has no tables");
	tool_expect(conninfo, ARGS("plan", "3", "--lint"), 1, "003_validated_constraint.sql:4", "hint: ");
	tool_expect(conninfo, ARGS("plan", "3", "--lint", "--quiet"), 1, NULL, "hint: ");
	tool_expect(conninfo, ARGS("plan", "3", "--lint", "--json"), 1, "\"rule\": \"validated-constraint\"", NULL);
	tool_expect(conninfo, ARGS("plan", "3"), 0,
				"3 validated_constraint: blocks everything\nvalidated-constraint: \ndocs/lint/validated-constraint.md",
				NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(no_rule_is_broken)
{
	char	   *conninfo = empty_database();

	tool_expect(conninfo, ARGS("plan", "--lint"), 0, "checked 20 migrations: no lint violations", NULL);
	tool_expect(conninfo, ARGS("plan", "--lint", "--quiet"), 0, NULL, NULL);
	mem_free(conninfo);
}
END_TEST

START_TEST(the_archives_own_pass)
{
	char	   *conninfo = empty_database();

	tool_expect(conninfo, ARGS("plan", "--lint"), 0, "checked 39 migrations: no lint violations", NULL);
	mem_free(conninfo);
}
END_TEST

Suite *
lint_rules_suite(void)
{
	Suite	   *suite = suite_create("lint_rules");
	TCase	   *bad = tcase_create("bad");
	TCase	   *good = tcase_create("good");
	TCase	   *own = tcase_create("own");

	tcase_add_unchecked_fixture(bad, build_lint_bad, build_end);
	tcase_set_timeout(bad, 120);
	tcase_add_test(bad, each_rule_is_broken_once);
	tcase_add_test(bad, a_part_is_judged);
	suite_add_tcase(suite, bad);

	tcase_add_unchecked_fixture(good, build_lint_good, build_end);
	tcase_set_timeout(good, 120);
	tcase_add_test(good, no_rule_is_broken);
	suite_add_tcase(suite, good);

	tcase_add_unchecked_fixture(own, server_setup, NULL);
	tcase_set_timeout(own, 120);
	tcase_add_test(own, the_archives_own_pass);
	suite_add_tcase(suite, own);
	return suite;
}
