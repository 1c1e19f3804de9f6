/* Pauses grow, are jittered, and have a limit. */
#include <check.h>
#include <limits.h>

#include "base/backoff.h"
#include "unit/suites.h"

START_TEST(test_pause_is_within_bounds)
{
	for (unsigned random = 0; random < 100000; random += 37) {
		int			pause = backoff_pause(_i, random);

		ck_assert_int_ge(pause, 250);
		ck_assert_int_le(pause, 15000);
	}
}
END_TEST

START_TEST(test_pause_grows_and_is_spread)
{
	ck_assert_int_eq(backoff_pause(1, 0), 250);
	ck_assert_int_eq(backoff_pause(1, 250), 500);
	ck_assert_int_eq(backoff_pause(1, 499), 749);
	ck_assert_int_lt(backoff_pause(1, 0), backoff_pause(4, 0));
	ck_assert_int_eq(backoff_pause(50, 7500), 15000);
}
END_TEST

START_TEST(test_patience)
{
	ck_assert_int_eq(backoff_total(0, 2000), 2000);
	ck_assert_int_eq(backoff_total(1, 2000), 4500);
	ck_assert_int_gt(backoff_total(20, 2000), 40000);
	ck_assert_int_eq(backoff_total(100000, INT_MAX), INT_MAX);
}
END_TEST

Suite *
backoff_suite(void)
{
	Suite	   *suite = suite_create("backoff");
	TCase	   *tcase = tcase_create("pause");

	tcase_add_loop_test(tcase, test_pause_is_within_bounds, 1, 30);
	tcase_add_test(tcase, test_pause_grows_and_is_spread);
	tcase_add_test(tcase, test_patience);
	suite_add_tcase(suite, tcase);
	return suite;
}
