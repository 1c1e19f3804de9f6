/* Lists of statements, to JSON and back. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "history/statement_list.h"
#include "unit/suites.h"

static const unsigned char text[] = "-- migrate:down\nDROP INDEX CONCURRENTLY ix;\nSELECT '\"\\\xc3\xa9\n';\n";

static const struct history_statement statements[] = {
	{.offset = 16,.length = 26,.line = 2,.concurrent = true,.index = "ix"},
	{.offset = 44,.length = 14,.line = 3,.batch = &(const struct history_batch) {.table = "s.t",.key = "id",.rows = 20000}},
};

static const struct history_source source = {.file = "001_x.sql",.text = text,.length = sizeof(text) - 1,.checksum = ""};
static const struct history_section section = {.offset = 16,.length = 44,.count = 2,.statements = statements};

START_TEST(test_of_section)
{
	struct statement_list list = statement_list_of_section(&source, &section);

	ck_assert_uint_eq(list.count, 2);
	ck_assert(!list.transactional);
	ck_assert_str_eq(list.statements[0].text, "DROP INDEX CONCURRENTLY ix");
	ck_assert_str_eq(list.statements[0].index, "ix");
	ck_assert(list.statements[0].concurrent);
	ck_assert_str_eq(list.statements[1].text, "SELECT '\"\\\xc3\xa9\n'");
	ck_assert_uint_eq(list.statements[1].offset, 44);
	ck_assert_ptr_null(list.statements[1].index);
	ck_assert_ptr_null(list.statements[0].batch.table);
	ck_assert_str_eq(list.statements[1].batch.table, "s.t");
	ck_assert_str_eq(list.statements[1].batch.key, "id");
	ck_assert_int_eq(list.statements[1].batch.rows, 20000);
	statement_list_clear(&list);
	ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(test_there_and_back)
{
	struct statement_list list = statement_list_of_section(&source, &section);
	char	   *json = statement_list_to_json(&list);
	struct statement_list back;
	char	   *again;

	ck_assert(statement_list_from_json(&back, json, false));
	ck_assert_uint_eq(back.count, 2);
	for (size_t i = 0; i < back.count; i++) {
		ck_assert_str_eq(back.statements[i].text, list.statements[i].text);
		ck_assert_pstr_eq(back.statements[i].index, list.statements[i].index);
		ck_assert_int_eq(back.statements[i].concurrent, list.statements[i].concurrent);
		ck_assert_pstr_eq(back.statements[i].batch.table, list.statements[i].batch.table);
		ck_assert_pstr_eq(back.statements[i].batch.key, list.statements[i].batch.key);
		ck_assert_int_eq(back.statements[i].batch.rows, list.statements[i].batch.rows);
	}
	again = statement_list_to_json(&back);
	ck_assert_str_eq(again, json);
	mem_free(again);
	mem_free(json);
	statement_list_clear(&back);
	statement_list_clear(&list);
}
END_TEST

START_TEST(test_empty)
{
	struct statement_list list = {0};
	char	   *json = statement_list_to_json(&list);

	ck_assert_str_eq(json, "[]");
	ck_assert(statement_list_from_json(&list, json, true));
	ck_assert_uint_eq(list.count, 0);
	ck_assert(list.transactional);
	mem_free(json);
	statement_list_clear(&list);
}
END_TEST

/* Lists of later builds, or changed by hand: refused as a whole. */
static const char *const strange[] = {
	"", "null", "{}", "[", "[1]", "[{}]", "[{\"sql\":1}]", "[{\"index\":\"ix\"}]", "[{\"sql\":\"a\",\"batch\":{}}]",
	"[{\"sql\":\"a\"},{\"sql\":\"b\",\"index\":7}]", "[{\"sql\":\"a\",\"sql\":\"b\"}]", "[{\"sql\":\"a\"}] x",
	"[{\"sql\":\"a\",\"batch\":1}]", "[{\"sql\":\"a\",\"batch\":{\"table\":\"t\",\"key\":\"k\"}}]",
	"[{\"sql\":\"a\",\"batch\":{\"table\":\"t\",\"key\":\"k\",\"rows\":0}}]",
	"[{\"sql\":\"a\",\"batch\":{\"table\":\"t\",\"key\":\"k\",\"rows\":2147483647}}]",
	"[{\"sql\":\"a\",\"batch\":{\"table\":null,\"key\":\"k\",\"rows\":1}}]",
	"[{\"sql\":\"a\",\"batch\":{\"table\":\"t\",\"key\":\"k\",\"rows\":1,\"pause\":1}}]",
};

START_TEST(test_strange)
{
	struct statement_list list;

	ck_assert(!statement_list_from_json(&list, strange[_i], true));
	ck_assert_uint_eq(list.count, 0);
	ck_assert_ptr_null(list.statements);
}
END_TEST

Suite *
statement_list_suite(void)
{
	Suite	   *suite = suite_create("statement_list");
	TCase	   *tcase = tcase_create("json");

	tcase_add_test(tcase, test_of_section);
	tcase_add_test(tcase, test_there_and_back);
	tcase_add_test(tcase, test_empty);
	tcase_add_loop_test(tcase, test_strange, 0, sizeof(strange) / sizeof(strange[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
