/* Progress as text. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "base/progress.h"
#include "unit/suites.h"

static const struct {
	struct progress_state state;
	int			width;			/* 0: in words */
	const char *text;
}			cases[] = {
	{{"m", "rows", 500, 2000, 10, 0}, 0, "m: 500 of about 2000 rows (25%), 50 rows/s, about 30 s left"},
	{{"m", "rows", 500, 0, 10, 0}, 0, "m: 500 rows, 50 rows/s"},
	{{"m", "rows", 0, 2000, 10, 0}, 0, "m: 0 of about 2000 rows (0%), 0 rows/s"},
	{{"m", "rows", 3000, 2000, 10, 0}, 0, "m: 3000 of about 3000 rows (99%), 300 rows/s, about 0 s left"},
	{{"m", "rows", 0, 0, 0, 0}, 0, "m: 0 rows, 0 rows/s"},
	{{"m", "rows", 5e9, 1e10, 7200, 0}, 0, "m: 5000000000 of about 10000000000 rows (50%), 694444 rows/s,"
	" about 2 h 0 min left"},
	{{"m", "rows", 500, 2000, 10, 0}, 80,
	"[==========                              ] 25%  500 rows, 50/s, about 30 s left"},
	{{"m", "rows", 500, 2000, 10, 0}, 60, "[=====               ] 25%  500 rows, 50/s, about 30 s left"},
	{{"m", "rows", 500, 2000, 10, 0}, 40, "m: 500 rows, 50/s, about 30 s left"},
	{{"m", "rows", 500, 2000, 10, 0}, 12, "500 rows, 5"},
	{{"m", "rows", 500, 0, 10, 0}, 80, "m: 500 rows, 50/s"},
	/* Work of earlier runs, which took no time of this run. */
	{{"m", "rows", 500, 2000, 10, 3000}, 0, "m: 3500 of about 5000 rows (70%), 50 rows/s, about 30 s left"},
	{{"m", "rows", 500, 2000, 10, 3000}, 60, "[=============      ] 70%  3500 rows, 50/s, about 30 s left"},
	{{"m", "rows", 3000, 2000, 10, 1000}, 0, "m: 4000 of about 4000 rows (99%), 300 rows/s, about 0 s left"},
	{{"m", "rows", 500, 0, 10, 3000}, 0, "m: 3500 rows, 50 rows/s"},
	{{"m: waiting", NULL, 1, 2, 10, 0}, 0, "m: waiting"},
	{{"m: waiting", NULL, 1, 2, 10, 0}, 80, "m: waiting"},
	{{"m: waiting", NULL, 1, 2, 10, 0}, 8, "m: wait"},
};

START_TEST(test_text)
{
	char	   *text = progress_text(&cases[_i].state, cases[_i].width);

	ck_assert_str_eq(text, cases[_i].text);
	mem_free(text);
}
END_TEST

/* A line that reached the last column would be broken, and could not be erased. */
START_TEST(test_width)
{
	for (int width = 1; width < 200; width++) {
		char	   *text = progress_text(&(struct progress_state) {"m", "rows", _i * 1e5, 1e6, 77, 1e6}, width);

		ck_assert_uint_lt(strlen(text), (size_t) width);
		mem_free(text);
	}
}
END_TEST

static const struct {
	double		seconds;
	const char *text;
}			durations[] = {
	{0, "0 s"}, {0.6, "1 s"}, {99.4, "99 s"}, {100, "2 min"}, {5999, "100 min"}, {6000, "1 h 40 min"},
	{1e5, "27 h 46 min"}, {1e300, "100000 h 0 min"},
};

START_TEST(test_duration)
{
	char	   *text = progress_duration(durations[_i].seconds);

	ck_assert_str_eq(text, durations[_i].text);
	mem_free(text);
}
END_TEST

static const struct {
	double		done;
	double		total;
	int			percent;
}			percents[] = {
	{0, 10, 0}, {5, 10, 50}, {10, 10, 99}, {20, 10, 99}, {-1, 10, 0}, {5, 0, -1}, {996, 1000, 99}, {1, 1e9, 0},
};

START_TEST(test_percent)
{
	ck_assert_int_eq(progress_percent(percents[_i].done, percents[_i].total), percents[_i].percent);
}
END_TEST

Suite *
progress_suite(void)
{
	Suite	   *suite = suite_create("progress");
	TCase	   *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, test_text, 0, (int) (sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tcase, test_width, 0, 12);
	tcase_add_loop_test(tcase, test_duration, 0, (int) (sizeof(durations) / sizeof(durations[0])));
	tcase_add_loop_test(tcase, test_percent, 0, (int) (sizeof(percents) / sizeof(percents[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
