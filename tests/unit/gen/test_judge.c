/*
 * Lint at build time: what the generator reports of the effects that SCHEMA records. For each rule the folder lint_bad
 * has a migration that breaks it and no other rule, and lint_good has the migration to write instead; see docs/lint.
 */
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define BASE "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"
#define DOWN "-- migrate:down\nSELECT 2;\n"
#define TWO "-- migrate:up\nSELECT 1;\nSELECT 2;\n" DOWN
#define ALLOWED "-- migrate:up\n-- lint:allow truncate: it is empty\nSELECT 1;\n" DOWN
#define ALLOWED_HEAD "-- lint:allow truncate: it is empty\n-- migrate:up\nSELECT 1;\n" DOWN
#define UP "-- migrate:up\nSELECT 1;\n"
#define CODE UP "-- migrate:down\nDO $$BEGIN END$$;\n"
#define CODE_ALLOWED UP "-- migrate:down\n-- lint:allow hidden-drop: why\nDO $$BEGIN END$$;\n"

struct judge_case {
	const char *migration;		/* its statements are in lines 2 and 3, or in line 3 */
	const char *effects;
	const char *errors;			/* "": none */
};

static const struct judge_case cases[] = {
	{TWO, "", "SCHEMA:4: the effects of the statements of 001_a.sql are not recorded\n"},
	{TWO, "measured\n", ""},
	{TWO, "measured\n! 2:1 t\tlock: ACCESS EXCLUSIVE\n", ""},
	{TWO, "measured\n! 2:1 t\ttruncated\n", "001_a.sql:2: truncate: t is truncated\n"},
	{TWO, "measured\n! 3:1 t\ttruncated\n! 2:1 u\ttruncated\n",
		"001_a.sql:2: truncate: u is truncated\n001_a.sql:3: truncate: t is truncated\n"},
	{TWO, "measured\n! 2:1 -\tcut: a \\t b\tsetting: c\n",
		"001_a.sql:2: session-settings: setting c remains set in the session\n001_a.sql:2: cut-identifier: a \t b\n"},
	{TWO, "measured\n! 2:1 t\tlock: ACCESS EXCLUSIVE\n! 3:1 u\tscanned\n",
		"001_a.sql:3: work-after-exclusive: u is read or written while an earlier statement holds ACCESS"
		" EXCLUSIVE on t\n"},
	{TWO, "measured\n! 2:1 -\tunmeasured\tloops\treplica\tlost: view v\ttaken along: function f(integer)\n",
		"001_a.sql:2: dropped-dependency: view v is dropped or renamed\n"
		"001_a.sql:2: dropped-dependency: CASCADE drops function f(integer)\n"
		"001_a.sql:2: disabled-trigger: session_replication_role disables triggers and foreign keys\n"},
	{TWO, "measured\n! 2:1 t\tlock: SHARE\trequired: c\tindex dropped: s.i\tdisabled: x\tblocked: rule r\n",
		"001_a.sql:2: required-column: column c of t is NOT NULL without a default\n"
		"001_a.sql:2: plain-drop-index: index s.i of t is dropped under SHARE\n"
		"001_a.sql:2: disabled-trigger: x of t is disabled\n"
		"001_a.sql:2: blocked-statement: rule r blocks statements on t\n"},
	/* servers */
	{TWO, "measured\n!10 2:1 t\ttruncated\n", "001_a.sql:2: truncate: t is truncated on PostgreSQL 10\n"},
	{TWO, "measured\n!10,11,12 2:1 t\ttruncated\n", "001_a.sql:2: truncate: t is truncated on PostgreSQL 10 to 13\n"},
	{TWO, "measured\n!15,18 2:1 t\ttruncated\n", "001_a.sql:2: truncate: t is truncated on PostgreSQL 14 and later\n"},
	{TWO, "measured\n!10,12,18 2:1 t\ttruncated\n",
		"001_a.sql:2: truncate: t is truncated on PostgreSQL 10, 12 to 13, 16 and later\n"},
	{TWO, "measured\n!10,11,12 2:1 t\tlock: EXCLUSIVE\trewritten\n!15,18 2:1 t\tlock: SHARE\trewritten\n",
		"001_a.sql:2: rewrite: t is rewritten under EXCLUSIVE on PostgreSQL 10 to 13\n"
		"001_a.sql:2: rewrite: t is rewritten under SHARE on PostgreSQL 14 and later\n"},
	{TWO, "measured 15\n!15 2:1 t\ttruncated\n", "001_a.sql:2: truncate: t is truncated\n"},
	{TWO, "measured 10,15\n!15 2:1 t\ttruncated\n", "001_a.sql:2: truncate: t is truncated on PostgreSQL 14 to 15\n"},
	/* permissions */
	{ALLOWED, "measured\n! 3:1 t\ttruncated\n", ""},
	{ALLOWED, "measured\n!10 3:1 t\ttruncated\n", ""},
	{ALLOWED_HEAD, "measured\n!18 3:1 t\ttruncated\n", ""},
	{ALLOWED, "measured\n", "001_a.sql:2: truncate: allowed, but no statement breaks this rule\n"},
	{ALLOWED_HEAD, "measured 15\n", "001_a.sql:1: truncate: allowed, but no statement breaks this rule\n"},
	{ALLOWED, "measured\n! 3:1 t\tlock: SHARE\trewritten\n",
		"001_a.sql:2: truncate: allowed, but no statement breaks this rule\n"
		"001_a.sql:3: rewrite: t is rewritten under SHARE\n"},
	/* the down */
	{CODE, "measured\n+ index t.i\ta\ndown 1 - index t.i\n",
		"001_a.sql:4: hidden-drop: index t.i is dropped in a block of code\n"},
	{CODE, "measured 15\n+ view v\tx\ndown 1 - view v\ndown 1 - index t.i\ta\ndown 1 - constraint t.c\tb\n",
		"001_a.sql:4: hidden-drop: view v and 2 more objects are dropped in a block of code\n"},
	/* changed, renamed, replaced */
	{CODE, "measured\n+ index t.i\ta\ndown 1 - index t.i\ndown 1 + index t.i\tb\n", ""},
	{CODE, "measured\n+ index t.i\ta\ndown 1 - index t.i\ndown 1 + index t.k\ta\n", ""},
	{CODE, "measured\n+ index t.i\ta\ndown 1 - index t.i\ndown 1 + index t.k\tb\n",
		"001_a.sql:4: hidden-drop: index t.i is dropped in a block of code\n"},
	{CODE, "measured\n+ column t.a\tb\ndown renames column t.a\tto: c\ndown 1 - column t.a\ndown 1 + column t.c\td\n",
		""},
	{CODE, "measured\n+ column t.a\tb\ndown drops column t.a\ndown 1 - column t.a\ndown 1 + column t.c\tb\n",
		"001_a.sql:4: hidden-drop: column t.a is dropped in a block of code\n"},
	{CODE, "measured\n+ privilege table t to a\tx\ndown 1 - privilege table t to a\n", ""},
	/* statements of their own */
	{UP "-- migrate:down\nDROP INDEX i, k;\n",
		"measured\n+ index t.i\ta\n+ index t.k\tb\ndown 1 - index t.i\ndown 2 - index t.k\n", ""},
	{UP "-- migrate:down\nALTER TABLE t DROP a, ALTER b TYPE text USING a;\n",
		"measured\n+ column t.a\tb\ndown drops column t.a\ndown 1 - column t.a\n", ""},
	/* permissions */
	{CODE_ALLOWED, "measured\n+ index t.i\ta\ndown 1 - index t.i\n", ""},
	{CODE_ALLOWED, "measured\n", "001_a.sql:4: hidden-drop: allowed, but no statement breaks this rule\n"},
};

/* Its SCHEMA. */
static char *
schema_text(const struct judge_case *one)
{
	char		base[SHA256_SIZE];
	char		migration[SHA256_SIZE];

	sha256_hex(BASE, strlen(BASE), base);
	sha256_hex(one->migration, strlen(one->migration), migration);
	return mem_format("version 0 base %s\nmeasured\nversion 1 a %s\n%s", base, migration, one->effects);
}

/* Run the generator on the case. Returns its messages, to be freed; *folder is removed by the caller. */
static char *
judge(const struct judge_case *one, int status, char **folder)
{
	char	   *text = schema_text(one);
	const struct gen_file files[] = {
		{"000_base.sql", BASE, 0}, {"001_a.sql", one->migration, 0}
	};
	char	   *option;
	char	   *err;

	*folder = gen_folder_new();
	option = mem_format("--schema=%s/SCHEMA", *folder);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		gen_folder_write(*folder, &files[i]);
	gen_folder_schema(*folder, "SCHEMA", text);
	ck_assert_int_eq(gen_generate_with(*folder, *folder, option, &err), status);
	mem_free(option);
	mem_free(text);
	return err;
}

START_TEST(effects_are_judged)
{
	char	   *folder;
	char	   *err = judge(&cases[_i], cases[_i].errors[0] ? 1 : 0, &folder);
	char	   *errors = gen_errors(err, folder);

	ck_assert_str_eq(errors, cases[_i].errors);
	mem_free(errors);
	mem_free(err);
	gen_folder_remove(folder);
}
END_TEST

/* Where a rule is explained, and when a permission may be removed. */
static const struct {
	struct judge_case one;
	const char *hint;
}			hints[] = {
	{{TWO, "measured\n! 2:1 t\ttruncated\n", NULL},
	"001_a.sql:2: hint: See docs/lint/truncate.md for the reason and the"
		" alternative. A line \"-- lint:allow truncate: REASON\" before the statement allows it.\n"},
	{{ALLOWED, "measured\n", NULL}, "001_a.sql:2: hint: Remove this line.\n"},
	{{ALLOWED, "measured 15\n", NULL},
	"001_a.sql:2: hint: Remove this line, unless \"make schema SERVERS=all\" shows that"
		" another server needs it.\n"},
};

/* A released migration cannot be changed any more: neither its up, nor its down, nor what it allows. */
static const struct judge_case sealed[] = {
	{TWO, "measured\n! 2:1 t\ttruncated\n", NULL},
	{ALLOWED, "measured\n", NULL},
	{CODE, "measured\n+ index t.i\ta\ndown 1 - index t.i\n", NULL},
};

START_TEST(a_sealed_migration_is_not_judged)
{
	char	   *folder;
	char	   *err = judge(&sealed[_i], 1, &folder);
	char	   *option = mem_format("--schema=%s/SCHEMA", folder);
	char		sum[SHA256_SIZE];
	char	   *seal;

	mem_free(err);
	sha256_hex(sealed[_i].migration, strlen(sealed[_i].migration), sum);
	seal = mem_format("%s  001_a.sql\n", sum);
	gen_folder_write(folder, &(struct gen_file) {"SHA256SUMS", seal, 0});
	ck_assert_int_eq(gen_generate_with(folder, folder, option, &err), 0);
	ck_assert_str_eq(err, "");
	mem_free(err);
	mem_free(seal);
	mem_free(option);
	gen_folder_remove(folder);
}
END_TEST

START_TEST(hints_are_given)
{
	char	   *folder;
	char	   *err = judge(&hints[_i].one, 1, &folder);

	ck_assert_ptr_nonnull(strstr(err, hints[_i].hint));
	mem_free(err);
	gen_folder_remove(folder);
}
END_TEST

/* All findings in lint_bad, from migration 1 on. */
static const char findings[] =
	"001_locked_scan.sql:6: locked-scan: header is read under SHARE ROW EXCLUSIVE\n"
	"002_create_index.sql:4: create-index: index ix_header_object is built on header under SHARE\n"
	"003_validated_constraint.sql:4: validated-constraint: check header_exposure_time_check on header is"
	" validated at once, under ACCESS EXCLUSIVE\n"
	"004_set_not_null.sql:4: set-not-null: column object of header is set NOT NULL without a validated"
	" check, under ACCESS EXCLUSIVE\n"
	"005_rewrite.sql:4: rewrite: preview is rewritten under ACCESS EXCLUSIVE\n"
	"006_work_after_exclusive.sql:6: work-after-exclusive: preview is read or written while an"
	" earlier statement holds ACCESS EXCLUSIVE on header\n"
	"007_drop_or_rename.sql:4: drop-or-rename: column filter_name of header is dropped\n"
	"008_unindexed_foreign_key.sql:4: unindexed-foreign-key: foreign key preview_header_id_fkey of"
	" preview has no index on its columns\n"
	"009_unbatched_rows.sql:4: unbatched-rows: rows of header are updated in one statement\n"
	"010_truncate.sql:4: truncate: previewqueue is truncated\n"
	"011_session_settings.sql:4: session-settings: setting statement_timeout remains set in the session\n"
	"012_cut_identifier.sql:4: cut-identifier: identifier"
	" \"position_angle_of_the_instrument_on_the_sky_at_the_beginning_of_the_exposure\" will be truncated to"
	" \"position_angle_of_the_instrument_on_the_sky_at_the_beginning_of\"\n"
	"013_hidden_drop.sql:8: hidden-drop: table site and 1 more object are dropped in a block of code\n"
	"014_dropped_dependency.sql:4: dropped-dependency: view bias is dropped or renamed\n"
	"015_plain_drop_index.sql:4: plain-drop-index: index ix_header_object of header is dropped under"
	" ACCESS EXCLUSIVE\n"
	"016_whole_table_write.sql:5: whole-table-write: rows of header are copied in one statement\n"
	"017_required_column.sql:4: required-column: column priority of previewqueue is NOT NULL without a default\n"
	"018_unmeasured_work.sql:4: unmeasured-work: code loops over rows of preview\n"
	"019_explicit_lock.sql:4: explicit-lock: preview is locked in mode ACCESS EXCLUSIVE\n"
	"020_disabled_trigger.sql:4: disabled-trigger: preview_unchanged of preview is disabled\n"
	"021_blocked_statement.sql:4: blocked-statement: rule preview_closed blocks statements on preview\n";

/* The errors that the generator finds in a folder with a SCHEMA; to be freed. */
static char *
errors_in(const char *path)
{
	char	   *output = gen_folder_new();
	char	   *option = mem_format("--schema=%s/SCHEMA", path);
	char	   *err;
	int			status = gen_generate_with(path, output, option, &err);
	char	   *errors = gen_errors(err, path);

	ck_assert_int_eq(status, errors[0] ? 1 : 0);
	mem_free(err);
	mem_free(option);
	gen_folder_remove(output);
	return errors;
}

START_TEST(each_rule_is_broken_once)
{
	char	   *errors = errors_in("tests/histories/lint_bad");

	ck_assert_str_eq(errors, findings);
	mem_free(errors);
}
END_TEST

/* The good examples, and the archive's own migrations. */
START_TEST(no_rule_is_broken)
{
	static const char *const paths[] = {"tests/histories/lint_good", "migrations"};
	char	   *errors = errors_in(paths[_i]);

	ck_assert_str_eq(errors, "");
	mem_free(errors);
}
END_TEST

Suite *
gen_judge_suite(void)
{
	Suite	   *suite = suite_create("gen_judge");
	TCase	   *tcase = tcase_create("judge");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, effects_are_judged, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tcase, hints_are_given, 0, (int) (sizeof(hints) / sizeof(hints[0])));
	tcase_add_loop_test(tcase, a_sealed_migration_is_not_judged, 0, (int) (sizeof(sealed) / sizeof(sealed[0])));
	tcase_add_test(tcase, each_rule_is_broken_once);
	tcase_add_loop_test(tcase, no_rule_is_broken, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
