/* Statements that change single rows. */
#include <check.h>

#include "measure/by_key.h"
#include "unit/suites.h"

#include "base/banned.h"

enum {
	TABLE = 20000, ONE = 20001, TWO = 20002, PARTIAL = 20003
};

static struct probe_relation relations[] = {
	{.oid = TABLE,.table = TABLE,.name = "public.item",.kind = 'r'},
	{.oid = ONE,.table = TABLE,.name = "public.item_pkey",.kind = 'i',.unique = "1"},
	{.oid = TWO,.table = TABLE,.name = "public.item_name",.kind = 'i',.unique = "2 3"},
	{.oid = PARTIAL,.table = TABLE,.name = "public.item_size",.kind = 'i',.unique = ""},
};

static struct probe_column columns[] = {
	{.table = TABLE,.number = 1,.name = "id"},
	{.table = TABLE,.number = 2,.name = "\"Name\""},
	{.table = TABLE,.number = 3,.name = "path"},
	{.table = TABLE,.number = 4,.name = "size"},
};

static const struct {
	const char *sql;
	bool		by_key;
}			cases[] = {
	{"UPDATE item SET size = 2 WHERE id = 1", true},
	{"update only public.ITEM set size = (SELECT max(size) FROM item) where Id = '1';", true},
	{"DELETE FROM item WHERE size > 2 AND id = 1 AND path IS NULL", true},
	{"DELETE FROM item WHERE id IN (1, 2, '3')", true},
	{"DELETE FROM item WHERE path = 'p' AND \"Name\" IN ('a')", true},
	{"DELETE FROM item", false},
	{"DELETE FROM item WHERE size = 1", false},
	{"DELETE FROM item WHERE path = 'p'", false},
	{"DELETE FROM item WHERE id = size", false},
	{"DELETE FROM item WHERE id = 1 + size", false},
	{"DELETE FROM item WHERE id = 1 IS NOT NULL", false},
	{"DELETE FROM item WHERE id > 1", false},
	{"DELETE FROM item WHERE id IN (SELECT id FROM item)", false},
	{"DELETE FROM item WHERE id IN (1, size)", false},
	{"DELETE FROM item WHERE (id = 1 AND false)", false},
	{"DELETE FROM item WHERE NOT id = 1", false},
	{"DELETE FROM item WHERE id = 1 OR size = 2", false},
	{"DELETE FROM item WHERE size BETWEEN 1 AND id = 1", false},
	{"DELETE FROM item USING child WHERE id = 1", false},
	{"UPDATE item SET size = 2 FROM child WHERE id = 1", false},
	{"UPDATE child SET size = 2 WHERE id = 1", false},
	{"UPDATE other.item SET size = 2 WHERE id = 1", false},
	{"UPDATE item AS i SET size = 2 WHERE id = 1", false},
	{"WITH x AS (SELECT 1) DELETE FROM item WHERE id = 1", false},
	{"INSERT INTO item VALUES (1)", false},
	{"", false},
};

START_TEST(test_by_key)
{
	const struct probe probe = {
		.relation_count = sizeof(relations) / sizeof(relations[0]),.relations = relations,
		.column_count = sizeof(columns) / sizeof(columns[0]),.columns = columns
	};

	ck_assert_msg(by_key_changes(cases[_i].sql, &probe, TABLE) == cases[_i].by_key, "%s", cases[_i].sql);
	ck_assert(!by_key_changes(cases[_i].sql, &probe, 1));
}
END_TEST

Suite *
by_key_suite(void)
{
	Suite	   *suite = suite_create("by_key");
	TCase	   *tcase = tcase_create("by_key");

	tcase_add_loop_test(tcase, test_by_key, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
