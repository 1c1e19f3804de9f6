/* Batches shrink if they take too long, and grow again; the remaining time is estimated. */
#include <check.h>

#include "base/progress.h"
#include "migrate/batch.h"
#include "unit/suites.h"

static const struct {
	int			rows;
	int			milliseconds;
	int			next;			/* of at most 20000 */
}			steps[] = {
	/* as it should be, or a little over */
	{20000, 0, 20000},
	{20000, 300, 20000},
	{20000, 1000, 20000},
	{20000, 1499, 20000},
	{5000, 1200, 5000},
	/* too long */
	{20000, 2000, 10000},
	{20000, 4000, 5000},
	{20000, 1000000, 2000},
	{5, 4000, 1},
	{1, 100000, 1},
	/* grows again, as far as the aim allows */
	{5000, 100, 10000},
	{5000, 0, 10000},
	{5000, 800, 6250},
	{19000, 100, 20000},
	{1, 900, 2},
	{3, 999, 4},
};

START_TEST(test_next)
{
	ck_assert_int_eq(batch_next_size(steps[_i].rows, 20000, steps[_i].milliseconds), steps[_i].next);
}
END_TEST

/* Each row takes so long: from any start, the batches reach the aimed time. */
START_TEST(test_it_settles)
{
	static const double each[] = {0.001, 0.3, 1, 40, 999};
	int			rows = 1000000;

	for (int i = 0; i < 100; i++)
		rows = batch_next_size(rows, 1000000, rows * each[_i]);
	ck_assert(rows * each[_i] < 1.5 * BATCH_AIM);
	ck_assert(rows == 1000000 || rows * each[_i] >= 0.5 * BATCH_AIM);
}
END_TEST

START_TEST(test_left)
{
	ck_assert_double_eq(progress_left(500, 2000, 10), 30);
	ck_assert_double_eq(progress_left(2500, 2000, 10), 0);
	ck_assert_double_lt(progress_left(0, 2000, 10), 0);
	ck_assert_double_lt(progress_left(500, 0, 10), 0);
	ck_assert_double_lt(progress_left(500, 2000, 0), 0);
}
END_TEST

Suite *
batch_suite(void)
{
	Suite	   *suite = suite_create("batch");
	TCase	   *tcase = tcase_create("pace");

	tcase_add_loop_test(tcase, test_next, 0, (int) (sizeof(steps) / sizeof(steps[0])));
	tcase_add_loop_test(tcase, test_it_settles, 0, 5);
	tcase_add_test(tcase, test_left);
	suite_add_tcase(suite, tcase);
	return suite;
}
