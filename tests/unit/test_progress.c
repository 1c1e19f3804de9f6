/* What is said of how far something has got. */
#include <check.h>
#include <string.h>

#include "base/mem.h"
#include "base/progress.h"
#include "pg/lock_watch.h"
#include "record/batch_estimate.h"
#include "suites.h"

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
	/* Behind what was done before it stopped; that took no time of this run. */
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

/* A line that reaches the last column of the terminal would be broken, and could not be taken back. */
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
	const char *phase;
	long		done;
	long		total;
	const char *text;			/* NULL: nobody is waited for */
}			waits[] = {
	{"waiting for old snapshots", 0, 1, "waiting for 1 session that holds an old snapshot"},
	{"waiting for old snapshots", 1, 3, "waiting for 2 sessions that hold old snapshots"},
	{"waiting for writers before build", 0, 1, "waiting for 1 session that writes to the table"},
	{"waiting for writers before validation", 0, 12, "waiting for 12 sessions that write to the table"},
	{"waiting for readers before marking dead", 0, 1, "waiting for 1 session that reads the table"},
	{"waiting for readers before dropping", 0, 2, "waiting for 2 sessions that read the table"},
	{"waiting for old snapshots", 1, 1, NULL},
	{"waiting for old snapshots", 0, 0, NULL},
	{"building index: scanning table", 0, 1, NULL},
	{"", 0, 1, NULL},
};

START_TEST(test_wait)
{
	char	   *text = lock_watch_index_wait(waits[_i].phase, waits[_i].done, waits[_i].total);

	if (waits[_i].text)
		ck_assert_pstr_eq(text, waits[_i].text);
	else
		ck_assert_ptr_null(text);
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

static const struct {
	struct batch_estimate half_way;
	const char *text;
}			half_ways[] = {
	{{43, 720}, "about 43% done, about 12 min left"},
	{{43, 0}, "about 43% done, about 0 s left"},
	{{0, -1}, "about 0% done"},
	{{-1, 720}, NULL},
};

START_TEST(test_half_way)
{
	char	   *text = batch_estimate_text(&half_ways[_i].half_way);

	if (half_ways[_i].text)
		ck_assert_pstr_eq(text, half_ways[_i].text);
	else
		ck_assert_ptr_null(text);
	mem_free(text);
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
	tcase_add_loop_test(tcase, test_wait, 0, (int) (sizeof(waits) / sizeof(waits[0])));
	tcase_add_loop_test(tcase, test_percent, 0, (int) (sizeof(percents) / sizeof(percents[0])));
	tcase_add_loop_test(tcase, test_half_way, 0, (int) (sizeof(half_ways) / sizeof(half_ways[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
