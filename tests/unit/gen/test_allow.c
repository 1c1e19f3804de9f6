/*
 * "-- lint:allow RULE: reason": the statement that it belongs to, and where it is refused.
 */
#include <string.h>

#include "base/mem.h"
#include "allow.h"
#include "sections.h"
#include "split.h"
#include "unit/gen_input.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define UP "-- migrate:up\n"
#define DOWN "-- migrate:down\n"
#define NONE DOWN "-- none\n"

/* The allows as "WHOSE LINE RULE: reason" lines: "head", or a statement's number from 0. */
struct allow_case {
	const char *text;
	const char *allows;
};

static const struct allow_case cases[] = {
	{UP "SELECT 1;\n" NONE, ""},
	{UP "-- lint:allow rewrite: it is small\nSELECT 1;\n" NONE, "0 2 rewrite: it is small\n"},
	{UP "SELECT 0;\n\n-- why\n \t--\tlint:allow  rewrite:it is small \t\n\n/* c */ -- d\nSELECT 1;\n" NONE,
	"1 5 rewrite: it is small\n"},
	{UP "--lint:allow truncate: a\n-- lint:allow rewrite: b: c -- d;\n;\n-- lint:allow create-index: e\nSELECT 1;\n"
	"SELECT 2;\n-- lint:allow rewrite: \303\251\nSELECT 3;\n" NONE,
	"0 2 truncate: a\n0 3 rewrite: b: c -- d;\n0 5 create-index: e\n2 8 rewrite: \303\251\n"},
	{"-- why\n-- lint:allow create-index: new\n\n -- lint:allow truncate: empty\n" UP
	"-- lint:allow rewrite: small\nSELECT 1;\n" NONE, "head 2 create-index: new\nhead 4 truncate: empty\n"
	"0 6 rewrite: small\n"},
	{UP "-- lint:allow rewrite: ends at a CR\rSELECT 1;\n" NONE, "0 2 rewrite: ends at a CR\n"},

	/* what is no directive */
	{UP "-- lint\n-- lint allow rewrite: a\n-- see lint:allow\nSELECT 1;\n" NONE, ""},
	{UP "/*\n-- lint:allow rewrite: a\n*/\nSELECT /*\n-- lint:x\n*/ '\n-- lint:allow\n',\n"
	"\"\n-- lint:allow\n\";\n" NONE, ""},
	{UP "SELECT 1;\n" DOWN "-- lint:allow hidden-drop: a\nSELECT 2;\nSELECT 3;\n-- lint:allow  hidden-drop:b\nSELECT 4;\n",
	"down 0 4 hidden-drop: a\ndown 2 7 hidden-drop: b\n"},
	{UP "DO $$ a -- lint:allow\n-- see lint:allow $$;\n" DOWN "SELECT '\n-- lint:allow\n';\n", ""}
};

static const char *
render(struct gen_input *it, const char *before, const char *whose, size_t count, const struct history_allow *allows)
{
	for (size_t i = 0; i < count; i++)
		before = arena_format(&it->arena, "%s%s %u %s: %s\n", before, whose, allows[i].line, allows[i].rule,
							  allows[i].reason);
	return before;
}

START_TEST(allows_are_read)
{
	const struct allow_case *one = &cases[_i];
	struct gen_input it;
	struct history_migration migration = {0};
	const char *found;

	gen_input_start(&it, one->text, strlen(one->text));
	ck_assert(sections_find(&it.input, &migration.up, &migration.down));
	ck_assert(split_section(&it.input, &migration.up) && split_section(&it.input, &migration.down));
	ck_assert(allow_read(&it.input, &migration));
	ck_assert_str_eq(gen_input_errors(&it), "");
	found = render(&it, "", "head", migration.allow_count, migration.allows);
	for (size_t i = 0; i < migration.up.count; i++)
		found = render(&it, found, arena_format(&it.arena, "%zu", i), migration.up.statements[i].allow_count,
					   migration.up.statements[i].allows);
	for (size_t i = 0; i < migration.down.count; i++)
		found = render(&it, found, arena_format(&it.arena, "down %zu", i), migration.down.statements[i].allow_count,
					   migration.down.statements[i].allows);
	ck_assert_str_eq(found, one->allows);
	gen_input_stop(&it);
}
END_TEST

struct refusal {
	const char *text;
	const char *errors;
};

static const struct refusal refusals[] = {
	/* what it says */
	{UP "-- lint:allow no-such-rule: a\n-- lint:allow : a\n-- lint:allow\nSELECT 1;\n" NONE,
	"000_a.sql:2: unknown rule \"no-such-rule\"\n000_a.sql:3: unknown rule \"\"\n000_a.sql:4: unknown rule \"\"\n"},
	{UP "-- lint:allow rewrit: a\n-- lint:allow rewrite_: a\n-- lint:allow Rewrite: a\nSELECT 1;\n" NONE,
	"000_a.sql:2: unknown rule \"rewrit\"\n000_a.sql:3: unknown rule \"rewrite_\"\n"
	"000_a.sql:4: unknown rule \"Rewrite\"\n"},
	{UP "-- lint:allow rewrite\n-- lint:allow truncate:\n-- lint:allow create-index: ...\n"
	"-- lint:allow set-not-null because\n-- lint:allow locked-scan : a\nSELECT 1;\n" NONE,
	"000_a.sql:2: rewrite is allowed without a reason\n000_a.sql:3: truncate is allowed without a reason\n"
	"000_a.sql:4: create-index is allowed without a reason\n000_a.sql:5: set-not-null is allowed without a reason\n"
	"000_a.sql:6: locked-scan is allowed without a reason\n"},
	{UP "-- lint:ignore rewrite: a\n-- Lint:Allow rewrite: a\n-- lint: allow rewrite: a\n-- lint:allow: rewrite\n"
	"SELECT 1;\n" NONE, "000_a.sql:2: unknown directive \"lint:ignore\"\n"
	"000_a.sql:3: unknown directive \"Lint:Allow\"\n000_a.sql:4: unknown directive \"lint:\"\n"
	"000_a.sql:5: unknown directive \"lint:allow:\"\n"},
	{UP "-- lint:allow rewrite: a\n-- lint:allow rewrite: b\nSELECT 1;\n-- lint:allow rewrite: c\nSELECT 2;\n" NONE,
	"000_a.sql:3: rewrite is already allowed (line 2)\n"},
	{"-- lint:allow rewrite: a\n-- lint:allow rewrite: b\n" UP "SELECT 1;\n-- lint:allow rewrite: c\nSELECT 2;\n" NONE,
	"000_a.sql:2: rewrite is already allowed (line 1)\n000_a.sql:5: rewrite is already allowed (line 1)\n"},

	/* where it stands */
	{UP "SELECT 1; -- lint:allow rewrite: a\nSELECT 2;\n/* c */ -- lint:allow truncate: a\n"
	"/* lint:allow truncate: a */\nSELECT 3;\n" NONE, "000_a.sql:2: \"lint:allow\" is not on a line of its own\n"
	"000_a.sql:4: \"lint:allow\" is not on a line of its own\n"
	"000_a.sql:5: \"lint:allow\" is not on a line of its own\n"},
	{UP "SELECT -- lint:allow rewrite: a\n-- lint:allow rewrite: a\n1\n-- lint:allow rewrite: a\n;\n" NONE,
	"000_a.sql:2: \"lint:allow\" inside a statement\n000_a.sql:3: \"lint:allow\" inside a statement\n"
	"000_a.sql:5: \"lint:allow\" inside a statement\n"},
	{UP "DO $$\nBEGIN\n\t-- lint:allow rewrite: a\n-- lint:x\nEND $$;\n" NONE,
	"000_a.sql:4: \"lint:allow\" inside a statement\n000_a.sql:5: \"lint:x\" inside a statement\n"},
	{UP "SELECT 1;\n-- lint:allow rewrite: a\n\n" NONE, "000_a.sql:3: \"lint:allow\" is not followed by a statement\n"},
	{UP "SELECT 1;\n" DOWN "-- lint:allow rewrite: a\nSELECT 2;\nSELECT 3 -- lint:allow\n;\n",
	"000_a.sql:4: \"lint:allow\" in the down section\n000_a.sql:6: \"lint:allow\" in the down section\n"},
	{"-- lint:allow hidden-drop: a\n" UP "-- lint:allow hidden-drop: a\nSELECT 1;\n" DOWN
	"-- lint:allow hidden-drop: a\nSELECT 2;\n-- lint:allow hidden-drop\nSELECT 3;\n-- lint:allow hidden-drop: a\n",
	"000_a.sql:1: hidden-drop is a rule for down sections\n000_a.sql:3: hidden-drop is a rule for down sections\n"
	"000_a.sql:8: hidden-drop is allowed without a reason\n"
	"000_a.sql:10: \"lint:allow\" is not followed by a statement\n"},
	{UP "SELECT 1;\n" DOWN "DO $$\n-- lint:allow rewrite: a\n$$;\n",
	"000_a.sql:5: \"lint:allow\" in the down section\n"},

	/* with other errors: not if statements are missing, to which it may belong */
	{UP "COMMIT;\n-- lint:allow x: a\nSELECT 1;\n" NONE,
	"000_a.sql:2: transaction control: COMMIT\n000_a.sql:3: unknown rule \"x\"\n"},
	{UP "-- lint:allow rewrite: a\nSELECT 'x;\n" NONE, "000_a.sql:3: unterminated quoted string\n"}
};

static void
check_refusal(const struct gen_file *files, size_t count, const char *expected)
{
	char	   *folder = gen_folder_new();
	char	   *err;
	char	   *errors;

	for (size_t i = 0; i < count; i++)
		gen_folder_write(folder, &files[i]);
	ck_assert_int_eq(gen_generate(folder, folder, NULL, &err), 1);
	errors = gen_errors(err, folder);
	ck_assert_str_eq(errors, expected);
	ck_assert_ptr_null(gen_folder_read(folder, "history.c"));
	mem_free(errors);
	mem_free(err);
	gen_folder_remove(folder);
}

START_TEST(allows_are_refused)
{
	check_refusal(&(struct gen_file) {"000_a.sql", refusals[_i].text, 0}, 1, refusals[_i].errors);
}
END_TEST

START_TEST(a_script_has_none)
{
	static const struct gen_file files[] = {
		{"000_a.sql", UP "SELECT 1;\n" NONE, 0},
		{"grants.sql", "-- lint:allow rewrite: a\nGRANT a TO b;\nDO $$\n-- lint:allow rewrite: a\n$$;\n", 0}
	};

	check_refusal(files, 2, "grants.sql:1: \"lint:allow\" in a file without sections\n"
				  "grants.sql:4: \"lint:allow\" in a file without sections\n");
}
END_TEST

Suite *
gen_allow_suite(void)
{
	Suite	   *suite = suite_create("gen_allow");
	TCase	   *tcase = tcase_create("allow");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, allows_are_read, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tcase, allows_are_refused, 0, (int) (sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_test(tcase, a_script_has_none);
	suite_add_tcase(suite, tcase);
	return suite;
}
