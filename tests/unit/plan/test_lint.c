/* The lint rules, with made-up measurements of migrations. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "plan/lint.h"
#include "unit/suites.h"

#include "base/banned.h"

#define TEXT "SELECT 1;"

enum {
	MOST_STATEMENTS = 3
};

/* A case: the effects of up to three statements on a table each, and the expected findings. */
struct lint_case {
	struct effects_table tables[MOST_STATEMENTS];
	struct effects_change changes[MOST_STATEMENTS];
	char	   *settings[1];
	char	   *cut;
	struct history_allow allows[MOST_STATEMENTS];
	struct history_allow head;
	const char *text;			/* of each statement; NULL: one that tells nothing */
	struct effects_loss losses[2];
	const char *found;			/* statement and rule of each finding, "!" for allowed; "?" and rule: not needed */
	enum lock_mode blocks[MOST_STATEMENTS];
	bool		loops;			/* the first statement does */
	bool		replica;
	bool		single;			/* transaction:false */
	bool		batched;		/* the first statement is */
};

#define AEX MODE_ACCESS_EXCLUSIVE
#define SUE MODE_SHARE_UPDATE_EXCLUSIVE
#define A .name = name_a
#define B .name = name_b

static char name_a[] = "public.a";
static char name_b[] = "public.b";
static char thing[] = "thing";

static struct lint_case cases[] = {
	/* a scan */
	{.tables = {{A,.scanned = true}},.found = ""},
	{.tables = {{A,.scanned = true,.lock = SUE}},.found = ""},
	{.tables = {{A,.scanned = true,.lock = MODE_SHARE}},.found = "0 locked-scan",.blocks = {MODE_SHARE}},
	{.tables = {{A,.scanned = true,.held = MODE_SHARE}},.found = "0 locked-scan"},
	{.tables = {{A,.lock = MODE_SHARE}, {B,.scanned = true}},.found = "",.blocks = {0, MODE_SHARE}},
	/* an index */
	{.tables = {{A,.scanned = true,.lock = MODE_SHARE}},.changes = {{.kind = EFFECTS_INDEX,.name = thing}},
		.found = "0 create-index",.blocks = {MODE_SHARE}},
	{.tables = {{A,.lock = MODE_SHARE}},.changes = {{.kind = EFFECTS_INDEX,.name = thing}},.found = ""},
	{.single = true,.tables = {{A,.scanned = true,.lock = SUE}},.changes = {{.kind = EFFECTS_INDEX,.name = thing}},
		.found = ""},
	/* constraints */
	{.tables = {{A,.scanned = true,.lock = AEX}},
		.changes = {{.kind = EFFECTS_CONSTRAINT,.name = thing,.type = 'c',.validated = true}},
		.found = "0 validated-constraint",.blocks = {AEX}},
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_CONSTRAINT,.name = thing,.type = 'c'}},.found = ""},
	/* a new column without values: validated, but nothing was read */
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_CONSTRAINT,.name = thing,.type = 'f',.validated = true}},
		.found = ""},
	{.tables = {{A,.lock = AEX}},
		.changes = {{.kind = EFFECTS_CONSTRAINT,.name = thing,.type = 'u',.validated = true,.using_index = true}},
		.found = ""},
	{.tables = {{A,.lock = MODE_SHARE_ROW_EXCLUSIVE}},
		.changes = {{.kind = EFFECTS_CONSTRAINT,.name = thing,.type = 'f',.unindexed = true}},
		.found = "0 unindexed-foreign-key"},
	/* NOT NULL; before 12 a check does not keep the server from reading */
	{.tables = {{A,.scanned = true,.lock = AEX}},.changes = {{.kind = EFFECTS_NOT_NULL,.name = thing}},
		.found = "0 set-not-null",.blocks = {AEX}},
	{.tables = {{A,.scanned = true,.lock = AEX}},.changes = {{.kind = EFFECTS_NOT_NULL,.name = thing,.checked = true}},
		.found = "",.blocks = {AEX}},
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_NOT_NULL,.name = thing,.checked = true}},.found = ""},
	/* rewritten, emptied, changed */
	{.tables = {{A,.scanned = true,.rewritten = true,.lock = AEX}},.found = "0 rewrite",.blocks = {AEX}},
	{.tables = {{A,.truncated = true,.lock = AEX}},.found = "0 truncate"},
	{.tables = {{A,.updated = true,.scanned = true,.lock = MODE_ROW_EXCLUSIVE}},.found = "0 unbatched-rows"},
	{.tables = {{A,.deleted = true,.scanned = true,.lock = MODE_ROW_EXCLUSIVE}},.found = "0 unbatched-rows"},
	{.single = true,.batched = true,.tables = {{A,.updated = true,.lock = MODE_ROW_EXCLUSIVE}},.found = ""},
	{.single = true,.batched = true,.tables = {{B,.deleted = true,.lock = MODE_ROW_EXCLUSIVE}},.found = "0 unbatched-rows"},
	{.single = true,.batched = true,.tables = {{A,.updated = true}, {A,.deleted = true}},.found = "1 unbatched-rows"},
	{.tables = {{A,.inserted = true,.updated = true}},
		.text = "INSERT INTO a VALUES (1) ON CONFLICT (x) DO UPDATE SET x = 1",.found = ""},
	{.tables = {{A,.updated = true}},.text = "INSERT INTO b VALUES (1)",.found = "0 unbatched-rows"},
	{.tables = {{A,.inserted = true,.updated = true}},.text = "DO $$BEGIN INSERT INTO a VALUES (1); END$$",
		.found = "0 unbatched-rows"},
	/* behind an earlier lock */
	{.tables = {{A,.lock = AEX}, {B,.scanned = true,.lock = SUE}},.found = "1 work-after-exclusive",.blocks = {0, AEX}},
	{.single = true,.tables = {{A,.lock = AEX}, {B,.scanned = true,.lock = SUE}},.found = ""},
	{.tables = {{A,.lock = AEX}, {A,.scanned = true,.held = AEX}},.found = "1 work-after-exclusive",.blocks = {0, AEX}},
	{.tables = {{A,.lock = AEX}, {A,.updated = true,.held = AEX}},
		.found = "1 unbatched-rows, 1 work-after-exclusive",.blocks = {0, AEX}},
	/* single rows */
	{.tables = {{A,.lock = AEX}, {A,.scanned = true,.updated = true,.by_key = true,.held = AEX}},.found = ""},
	{.tables = {{A,.lock = AEX}, {B,.lock = AEX}},.found = ""},
	/* lost */
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_TABLE_DROPPED,.name = thing}},.found = "0 drop-or-rename"},
	{.tables = {{A}},.changes = {{.kind = EFFECTS_TABLE_RENAMED,.name = thing,.new_name = thing}},
		.found = "0 drop-or-rename"},
	{.tables = {{A}},.changes = {{.kind = EFFECTS_COLUMN_DROPPED,.name = thing}},.found = "0 drop-or-rename"},
	{.tables = {{A}},.changes = {{.kind = EFFECTS_COLUMN_RENAMED,.name = thing,.new_name = thing}},
		.found = "0 drop-or-rename"},
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_REQUIRED,.name = thing}},.found = "0 required-column"},
	{.tables = {{A,.scanned = true,.lock = AEX}},.changes = {{.kind = EFFECTS_REQUIRED,.name = thing}},
		.found = "0 required-column",.blocks = {AEX}},
	{.tables = {{A}},.losses = {{.object = thing}, {.object = thing,.along = true}},
		.found = "0 dropped-dependency, 0 dropped-dependency"},
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_INDEX_DROPPED,.name = thing}},.found = "0 plain-drop-index"},
	{.tables = {{A,.held = AEX}},.changes = {{.kind = EFFECTS_INDEX_DROPPED,.name = thing}},.found = "0 plain-drop-index"},
	{.single = true,.tables = {{A,.lock = SUE}},.changes = {{.kind = EFFECTS_INDEX_DROPPED,.name = thing}},.found = ""},
	/* disabled */
	{.tables = {{A,.lock = MODE_SHARE_ROW_EXCLUSIVE}},.changes = {{.kind = EFFECTS_DISABLED,.name = thing}},
		.found = "0 disabled-trigger"},
	{.tables = {{A}},.replica = true,.found = "0 disabled-trigger"},
	{.tables = {{A,.lock = AEX}},.changes = {{.kind = EFFECTS_BLOCKED,.name = thing}},.found = "0 blocked-statement"},
	/* copied */
	{.tables = {{A,.scanned = true}},.text = "INSERT INTO c SELECT * FROM a",.found = "0 whole-table-write"},
	{.tables = {{A,.lock = MODE_ACCESS_SHARE}},.text = "INSERT INTO c SELECT * FROM a WHERE id = 1",.found = ""},
	{.tables = {{B,.scanned = true}},.text = "INSERT INTO c SELECT * FROM a",.found = ""},
	{.single = true,.batched = true,.tables = {{A,.scanned = true}},.text = "INSERT INTO c SELECT * FROM a",.found = ""},
	/* locked; with a weak lock, or with none that was not held before */
	{.tables = {{A,.lock = AEX}},.text = "LOCK TABLE a",.found = "0 explicit-lock"},
	{.tables = {{A,.lock = AEX}},.text = "LOCK TABLE b",.found = ""},
	{.tables = {{A,.lock = MODE_ROW_SHARE}},.text = "LOCK TABLE a IN ROW SHARE MODE",.found = ""},
	{.tables = {{A,.held = AEX}},.text = "LOCK TABLE a",.found = ""},
	/* loops: over rows, or not */
	{.tables = {{A,.scanned = true}},.loops = true,.found = "0 unmeasured-work"},
	{.tables = {{A,.updated = true}},.batched = true,.single = true,.loops = true,.found = "0 unmeasured-work"},
	{.tables = {{A,.inserted = true,.lock = MODE_ROW_EXCLUSIVE}},.loops = true,.found = ""},
	{.tables = {{A,.lock = MODE_ACCESS_SHARE}},.loops = true,.found = "0 unmeasured-work"},
	{.tables = {{A,.lock = MODE_ACCESS_SHARE}},.loops = true,.text = "DO $$BEGIN PERFORM x FROM b; END$$",.found = ""},
	{.tables = {{A,.lock = MODE_ACCESS_SHARE}},.loops = true,
		.text = "DO $$BEGIN FOR r IN SELECT x FROM a LOOP NULL; END LOOP; END$$",.found = "0 unmeasured-work"},
	{.tables = {{A,.lock = AEX}},.loops = true,.found = ""},
	{.tables = {{A,.scanned = true,.rewritten = true,.lock = AEX}},.loops = true,.found = "0 rewrite",.blocks = {AEX}},
	{.tables = {{A}},.loops = true,.found = ""},
	/* about no table */
	{.tables = {{A}},.settings = {thing},.found = "0 session-settings"},
	{.tables = {{A}},.cut = thing,.found = "0 cut-identifier"},
	/* allowed */
	{.tables = {{A,.truncated = true}},.allows = {{.rule = "truncate",.reason = "r"}},.found = "0 truncate!"},
	{.tables = {{A,.truncated = true}},.allows = {{.rule = "rewrite",.reason = "r"}},.found = "0 truncate, ?rewrite"},
	{.tables = {{A,.truncated = true}},.head = {.rule = "truncate",.reason = "r"},.found = "0 truncate!"},
	{.tables = {{A,.truncated = true}, {B,.truncated = true}},.allows = {{0}, {.rule = "truncate",.reason = "r"}},
		.found = "0 truncate, 1 truncate!"},
	{.tables = {{A}},.head = {.rule = "truncate",.reason = "r"},.found = "?truncate"},
	{.tables = {{A}},.allows = {{.rule = "truncate",.reason = "r"}},.found = "?truncate"},
};

/* The case's measurement; nothing in it is on the heap. */
struct setting {
	struct history_statement statements[MOST_STATEMENTS];
	struct effects_statement measured[MOST_STATEMENTS];
	struct history_migration migration;
	struct effects measurement;
};

static const struct history_batch batch = {.table = name_a,.key = "id",.rows = 1000};

static void
set(struct setting *setting, struct lint_case *from)
{
	const char *text = from->text ? from->text : TEXT;
	size_t		count = 0;

	*setting = (struct setting) {0};
	for (size_t i = 0; i < MOST_STATEMENTS && from->tables[i].name; i++, count++) {
		from->tables[i].change_count = from->changes[i].name ? 1 : 0;
		from->tables[i].changes = &from->changes[i];
		setting->measured[i] = (struct effects_statement) {.table_count = 1,.tables = &from->tables[i]};
		setting->statements[i] = (struct history_statement) {
			.length = strlen(text),.batch = from->batched && i == 0 ? &batch : NULL,
			.allow_count = from->allows[i].rule ? 1 : 0,.allows = &from->allows[i]
		};
	}
	setting->measured[0].cut = from->cut;
	setting->measured[0].setting_count = from->settings[0] ? 1 : 0;
	setting->measured[0].settings = from->settings;
	setting->measured[0].loss_count = from->losses[1].object ? 2 : 0;
	setting->measured[0].losses = from->losses;
	setting->measured[0].loops = from->loops;
	setting->measured[0].replica = from->replica;
	setting->migration = (struct history_migration) {
		.allow_count = from->head.rule ? 1 : 0,.allows = &from->head,
		.source = {.text = (const unsigned char *) text,.length = strlen(text)},
		.up = {.transactional = !from->single,.count = count,.statements = setting->statements},
	};
	setting->measurement = (struct effects) {
		.migration = &setting->migration,.count = count,.statements = setting->measured
	};
}

static char *
describe(const struct lint *lint)
{
	char	   *text;
	size_t		length;
	FILE	   *stream = mem_stream_open(&text, &length);
	const char *comma = "";

	for (size_t i = 0; i < lint->count; i++, comma = ", ")
		fprintf(stream, "%s%zu %s%s", comma, lint->findings[i].statement, lint_rule_name(lint->findings[i].rule),
				lint->findings[i].allow ? "!" : "");
	for (size_t i = 0; i < lint->unneeded_count; i++, comma = ", ")
		fprintf(stream, "%s?%s", comma, lint->unneeded[i]->rule);
	mem_stream_close(stream);
	return text;
}

START_TEST(test_find)
{
	struct setting setting;
	struct lint lint;
	char	   *found;

	set(&setting, &cases[_i]);
	lint = lint_find(&setting.measurement);
	found = describe(&lint);
	ck_assert_str_eq(found, cases[_i].found);
	mem_free(found);
	lint_clear(&lint);
}
END_TEST

START_TEST(test_blocks)
{
	struct setting setting;

	if (cases[_i].found[0] && cases[_i].blocks[0] == MODE_NONE && cases[_i].blocks[1] == MODE_NONE)
		return;
	set(&setting, &cases[_i]);
	for (size_t i = 0; i < setting.measurement.count; i++)
		ck_assert_int_eq(lint_blocks(&setting.measurement, i), cases[_i].blocks[i]);
}
END_TEST

/* Finished statements of an incomplete migration are not judged, nor are their lint:allow lines. */
START_TEST(test_incomplete)
{
	struct lint_case half_way = {.single = true,
		.tables = {{A,.truncated = true}, {B,.truncated = true}},
		.allows = {{.rule = "rewrite",.reason = "r"}}
	};
	struct setting setting;
	struct lint lint;
	char	   *found;

	set(&setting, &half_way);
	setting.measurement.first = 1;
	lint = lint_find(&setting.measurement);
	found = describe(&lint);
	ck_assert_str_eq(found, "1 truncate");
	mem_free(found);
	lint_clear(&lint);
}
END_TEST

Suite *
lint_suite(void)
{
	Suite	   *suite = suite_create("lint");
	TCase	   *tcase = tcase_create("lint");

	tcase_add_loop_test(tcase, test_find, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_loop_test(tcase, test_blocks, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, test_incomplete);
	suite_add_tcase(suite, tcase);
	return suite;
}
