/*
 * "-- migrate:batch table=... key=... rows=...": its statement and its values, and where it is refused.
 */
#include <string.h>

#include "base/mem.h"
#include "batch_directive.h"
#include "sections.h"
#include "split.h"
#include "unit/gen_input.h"
#include "unit/gen_run.h"
#include "unit/suites.h"

#include "base/banned.h"

#define UP "-- migrate:up transaction:false\n"
#define DOWN "-- migrate:down\n"
#define NONE DOWN "-- none\n"
#define BATCH "-- migrate:batch table=t key=id\n"
#define UPDATE "UPDATE t SET a = 1 WHERE id >= $1 AND id < $2;\n"

/* The batches of the up as "STATEMENT table key rows" lines, statements counted from 0. */
struct batch_case {
	const char *text;
	const char *batches;
};

static const struct batch_case cases[] = {
	{UP "SELECT 1;\n" NONE, ""},
	{UP BATCH UPDATE NONE, "0 t id 20000\n"},
	{UP "-- why\n-- \tmigrate:batch\trows=1  key=k_1\ttable=a_2.b3 \n\n-- and\n" UPDATE NONE, "0 a_2.b3 k_1 1\n"},
	{UP "--migrate:batch table=t key=id rows=1000000\r\n" UPDATE NONE, "0 t id 1000000\n"},
	{UP "SELECT 1;\n" BATCH ";\n" UPDATE "SELECT 2;\n" BATCH "DELETE FROM t WHERE id BETWEEN $1 AND $2 - 1;\n" NONE,
	"1 t id 20000\n3 t id 20000\n"},
	{UP BATCH "INSERT INTO u SELECT id FROM t WHERE id >= $1 AND id<$2 ON CONFLICT DO NOTHING;\n" NONE,
	"0 t id 20000\n"},
	{UP BATCH "WITH x AS (DELETE FROM t WHERE id >= $1 AND id < $2 RETURNING id)\n"
	"SELECT count(*) FROM x;\n" NONE, "0 t id 20000\n"},
	{UP BATCH "-- lint:allow rewrite: a\n" UPDATE NONE, "0 t id 20000\n"},

	/* text that is not a parameter */
	{UP "SELECT '$1', $$ $2 $$, a$1, \"$2\" -- $1\n/* $2 */ FROM t;\n" NONE, ""},
	{UP "PREPARE p AS SELECT $1;\nCREATE OR REPLACE FUNCTION f(int) RETURNS int RETURN $1;\n" NONE, ""}
};

START_TEST(batches_are_read)
{
	const struct batch_case *one = &cases[_i];
	const char *found = "";
	struct history_section up;
	struct history_section down;
	struct gen_input it;

	gen_input_start(&it, one->text, strlen(one->text));
	ck_assert(sections_find(&it.input, &up, &down));
	ck_assert(split_section(&it.input, &up) && split_section(&it.input, &down));
	ck_assert(batch_directive_read(&it.input, &up));
	ck_assert_str_eq(gen_input_errors(&it), "");
	for (size_t i = 0; i < up.count; i++) {
		const struct history_batch *batch = up.statements[i].batch;

		if (batch)
			found = arena_format(&it.arena, "%s%zu %s %s %d\n", found, i, batch->table, batch->key, batch->rows);
	}
	ck_assert_str_eq(found, one->batches);
	gen_input_stop(&it);
}
END_TEST

struct refusal {
	const char *text;
	const char *errors;
};

static const struct refusal refusals[] = {
	/* what it says */
	{UP "-- migrate:batch\n" UPDATE NONE, "000_a.sql:2: migrate:batch without table\n"},
	{UP "-- migrate:batch table=t\n" UPDATE NONE, "000_a.sql:2: migrate:batch without key\n"},
	{UP "-- migrate:batch key=id rows=5\n" UPDATE NONE, "000_a.sql:2: migrate:batch without table\n"},
	{UP "-- migrate:batch table=t key=id size=5 Rows=5 rows\n" UPDATE NONE,
	"000_a.sql:2: unknown option \"size=5\" of migrate:batch\n000_a.sql:2: unknown option \"Rows=5\" of migrate:batch\n"
	"000_a.sql:2: unknown option \"rows\" of migrate:batch\n"},
	{UP "-- migrate:batch table=T key=\"id\"\n" UPDATE NONE, "000_a.sql:2: invalid table \"T\"\n"
	"000_a.sql:2: invalid key \"\"id\"\"\n"},
	{UP "-- migrate:batch table= key=a.b\n" UPDATE NONE,
	"000_a.sql:2: invalid table \"\"\n000_a.sql:2: invalid key \"a.b\"\n"},
	{UP "-- migrate:batch table=a.b.c key=1a\n" UPDATE NONE, "000_a.sql:2: invalid table \"a.b.c\"\n"
	"000_a.sql:2: invalid key \"1a\"\n"},
	{UP "-- migrate:batch table=.c key=a;\n" UPDATE NONE, "000_a.sql:2: invalid table \".c\"\n"
	"000_a.sql:2: invalid key \"a;\"\n"},
	{UP "-- migrate:batch table=t table=t key=id key=id rows=1 rows=1\n" UPDATE NONE,
	"000_a.sql:2: table is given twice\n000_a.sql:2: key is given twice\n000_a.sql:2: rows is given twice\n"},
	{UP "-- migrate:batch table=t key=id rows=0\n" UPDATE NONE, "000_a.sql:2: invalid number of rows \"0\"\n"},
	{UP "-- migrate:batch table=t key=id rows=1000001\n" UPDATE NONE,
	"000_a.sql:2: invalid number of rows \"1000001\"\n"},
	{UP "-- migrate:batch table=t key=id rows=99999999999999999999\n" UPDATE NONE,
	"000_a.sql:2: invalid number of rows \"99999999999999999999\"\n"},
	{UP "-- migrate:batch table=t key=id rows=-1 rows=+1 rows=1k rows=\n" UPDATE NONE,
	"000_a.sql:2: invalid number of rows \"-1\"\n000_a.sql:2: invalid number of rows \"+1\"\n"
	"000_a.sql:2: invalid number of rows \"1k\"\n000_a.sql:2: invalid number of rows \"\"\n"},
	{UP "-- migrate:batches table=t key=id\n" UPDATE NONE, "000_a.sql:2: unknown directive \"migrate:batches\"\n"},
	{UP " " BATCH UPDATE NONE, "000_a.sql:2: directive \"migrate:batch\" is not at the start of its line\n"},

	/* where it stands */
	{BATCH UP UPDATE NONE, "000_a.sql:1: \"migrate:batch\" before the first section\n"},
	{"-- migrate:up\n" BATCH UPDATE NONE, "000_a.sql:2: \"migrate:batch\" in a section that is one transaction\n"},
	{UP "SELECT 1;\n" DOWN BATCH UPDATE, "000_a.sql:4: \"migrate:batch\" in a section that is one transaction\n"},
	{UP UPDATE BATCH NONE, "000_a.sql:3: \"migrate:batch\" is not followed by a statement\n"},
	{UP BATCH BATCH UPDATE NONE, "000_a.sql:3: second \"migrate:batch\" before a statement\n"},
	{UP "UPDATE t\n" BATCH "SET a = 1 WHERE id >= $1 AND id < $2;\n" NONE,
	"000_a.sql:3: \"migrate:batch\" inside a statement\n"},
	{UP "DO $x$\n" BATCH "$x$;\n" NONE, "000_a.sql:3: \"migrate:batch\" inside a statement\n"},
	{UP "SELECT 1; " BATCH UPDATE NONE, "000_a.sql:3: parameters in a statement that is not batched\n"},

	/* before what */
	{UP BATCH "CREATE TABLE IF NOT EXISTS t (a int DEFAULT $1, b int DEFAULT $2);\n" NONE,
	"000_a.sql:3: this statement cannot be batched\n"},
	{UP BATCH "SELECT $1, $2;\n" NONE, "000_a.sql:3: this statement cannot be batched\n"},
	{UP BATCH "UPDATE t SET a = 1 WHERE id >= $1;\n" NONE, "000_a.sql:3: batched statement without $2\n"},
	{UP BATCH "UPDATE t SET a = 1 WHERE id < $2;\n" NONE, "000_a.sql:3: batched statement without $1\n"},
	{UP BATCH "UPDATE t SET a = '$1' WHERE id < $12;\n" NONE, "000_a.sql:3: batched statement without $1\n"},
	{UP BATCH "UPDATE t\nSET a = $3 WHERE id >= $1 AND id < $2;\n" NONE,
	"000_a.sql:4: batched statement with a parameter other than $1 and $2\n"},
	{UP UPDATE NONE, "000_a.sql:2: parameters in a statement that is not batched\n"},
	{"-- migrate:up\n" UPDATE NONE, "000_a.sql:2: parameters in a statement that is not batched\n"}
};

START_TEST(batches_are_refused)
{
	const struct gen_file file = {"000_a.sql", "-- migrate:up\nSELECT 1;\n" NONE, 0};
	const struct gen_file second = {"001_a.sql", refusals[_i].text, 0};
	char	   *folder = gen_folder_new();
	char	   *err;
	char	   *errors;

	gen_folder_write(folder, &file);
	gen_folder_write(folder, &second);
	ck_assert_int_eq(gen_generate(folder, folder, NULL, &err), 1);
	errors = gen_errors(err, folder);
	/* Version 0 must be one transaction, so it is the second file. */
	for (char *at = errors; (at = strstr(at, "001_a.sql")) != NULL; at++)
		at[2] = '0';
	ck_assert_str_eq(errors, refusals[_i].errors);
	mem_free(errors);
	mem_free(err);
	gen_folder_remove(folder);
}
END_TEST

Suite *
gen_ranges_suite(void)
{
	Suite	   *suite = suite_create("gen_ranges");
	TCase	   *tcase = tcase_create("batch");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, batches_are_read, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tcase, batches_are_refused, 0, (int) (sizeof(refusals) / sizeof(refusals[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
