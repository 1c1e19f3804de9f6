/* The elements of arrays. */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "schema/array.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *array;
	const char *joined;
	const char *rest;
}			cases[] = {
	{"{}", "", "{}"},
	{"{a}", "a", "}"},
	{"{a,b=c,d}", "a, b=c, d", "}"},
	{"{\"DROP TABLE\",x}", "DROP TABLE, x", "}"},
	{"{\"a, \\\"b\\\" \\\\ {c}\",\"\"}", "a, \"b\" \\ {c}, ", "}"},
	/* no arrays */
	{"", "", ""},
	{"a,b", "", "a,b"},
	{"{a", "a", ""},
	{"{\"a", "a", ""},
	{"{a,", "a", ","},
};

START_TEST(elements)
{
	struct arena arena = {0};
	const char *at = cases[_i].array;

	while (array_next(&arena, &at))
		;
	ck_assert_str_eq(at, cases[_i].rest);
	ck_assert_str_eq(array_join(&arena, cases[_i].array), cases[_i].joined);
	arena_clear(&arena);
}
END_TEST

START_TEST(no_array)
{
	ck_assert_ptr_null(array_join(NULL, NULL));
}
END_TEST

Suite *
array_suite(void)
{
	Suite	   *suite = suite_create("array");
	TCase	   *test = tcase_create("cases");

	tcase_add_loop_test(test, elements, 0, (int) (sizeof(cases) / sizeof(*cases)));
	tcase_add_test(test, no_array);
	suite_add_tcase(suite, test);
	return suite;
}
