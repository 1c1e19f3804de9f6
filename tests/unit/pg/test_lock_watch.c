/* The phases of an index build, as text. */
#include <check.h>

#include "base/mem.h"
#include "pg/lock_watch.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *phase;
	long		done;
	long		total;
	const char *text;			/* NULL: nobody is waited for */
}			phases[] = {
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

START_TEST(test_index_build_wait)
{
	char	   *text = lock_watch_index_wait(phases[_i].phase, phases[_i].done, phases[_i].total);

	if (phases[_i].text)
		ck_assert_pstr_eq(text, phases[_i].text);
	else
		ck_assert_ptr_null(text);
	mem_free(text);
}
END_TEST

Suite *
lock_watch_suite(void)
{
	Suite	   *suite = suite_create("lock_watch");
	TCase	   *tcase = tcase_create("index_build");

	tcase_add_loop_test(tcase, test_index_build_wait, 0, (int) (sizeof(phases) / sizeof(phases[0])));
	suite_add_tcase(suite, tcase);
	return suite;
}
