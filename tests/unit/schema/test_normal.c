/* Definitions as hashes, and in their normal form. */
#include <check.h>

#include "base/mem.h"
#include "schema/normal.h"
#include "unit/suites.h"

static const struct {
	const char *definition;
	const char *form;
}			forms[] = {
	{"", ""},
	{" SELECT gmos.id,\n    gmos.name\n   FROM gmos;", "SELECTid,nameFROMgmos;"},
	{" SELECT id,\n    name\n   FROM gmos;", "SELECTid,nameFROMgmos;"},
	{"((other.t.a > 1.5) AND (b < .5))", "a>1.5ANDb<.5"},
	{"(x = 'a (b.c) it''s'::text)", "x='a (b.c) it''s'::text"},
	{"E'a\\\\' || (t.b)", "E'a\\\\'||b"},
	{"\"A b\".\"c\"\"(d\" = t.\"e.f\"", "\"c\"\"(d\"=\"e.f\""},
	{"(t.composite).field", "composite.field"},
	{"count(t.*)", "count*"},
	{"\xc3\xa9t\xc3\xa9.x", "x"},
	{"'open", "'open"},
	{"a.", ""},
};

START_TEST(test_form)
{
	char	   *form = normal_form(forms[_i].definition);

	ck_assert_str_eq(form, forms[_i].form);
	mem_free(form);
}
END_TEST

START_TEST(test_hashes)
{
	char		hash[NORMAL_HASH_SIZE];
	char		pair[NORMAL_PAIR_SIZE];

	normal_hash("abc", hash);
	ck_assert_str_eq(hash, "ba7816bf8f01cfea");
	normal_pair("(t.abc)", pair);
	ck_assert_str_eq(pair + NORMAL_HASH_SIZE, "ba7816bf8f01cfea");
	normal_hash("(t.abc)", hash);
	ck_assert_mem_eq(pair, hash, NORMAL_HASH_SIZE - 1);
	ck_assert_int_eq(pair[NORMAL_HASH_SIZE - 1], '/');
}
END_TEST

Suite *
normal_suite(void)
{
	Suite	   *suite = suite_create("normal");
	TCase	   *tcase = tcase_create("definitions");

	tcase_add_loop_test(tcase, test_form, 0, (int) (sizeof(forms) / sizeof(*forms)));
	tcase_add_test(tcase, test_hashes);
	suite_add_tcase(suite, tcase);
	return suite;
}
