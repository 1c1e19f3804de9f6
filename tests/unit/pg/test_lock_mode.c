/* Lock modes of tables: their names and conflicts. */
#include <check.h>

#include "pg/lock_mode.h"
#include "unit/suites.h"

START_TEST(test_names)
{
	enum lock_mode mode = (enum lock_mode) _i;

	ck_assert_int_eq(lock_mode_of(lock_mode_view(mode)), mode);
	ck_assert(lock_mode_name(mode)[0] != '\0');
}
END_TEST

START_TEST(test_other_names)
{
	ck_assert_int_eq(lock_mode_of("SIReadLock"), MODE_NONE);
	ck_assert_int_eq(lock_mode_of(""), MODE_NONE);
	ck_assert_str_eq(lock_mode_name(MODE_NONE), "");
	ck_assert_str_eq(lock_mode_name(MODE_SHARE_UPDATE_EXCLUSIVE), "SHARE UPDATE EXCLUSIVE");
}
END_TEST

START_TEST(test_conflicts_are_mutual)
{
	for (enum lock_mode a = MODE_NONE; a < MODE_COUNT; a++)
		for (enum lock_mode b = MODE_NONE; b < MODE_COUNT; b++)
			ck_assert_msg(lock_mode_conflicts(a, b) == lock_mode_conflicts(b, a), "%s, %s", lock_mode_name(a),
						  lock_mode_name(b));
}
END_TEST

static const struct {
	enum lock_mode wanted;
	enum lock_mode held;
	bool		conflicts;
}			conflicts[] = {
	{MODE_ACCESS_EXCLUSIVE, MODE_ACCESS_SHARE, true},
	{MODE_EXCLUSIVE, MODE_ACCESS_SHARE, false},
	{MODE_EXCLUSIVE, MODE_ROW_SHARE, true},
	{MODE_SHARE, MODE_ROW_EXCLUSIVE, true},
	{MODE_SHARE, MODE_SHARE, false},
	{MODE_SHARE_ROW_EXCLUSIVE, MODE_SHARE, true},
	{MODE_SHARE_UPDATE_EXCLUSIVE, MODE_ROW_EXCLUSIVE, false},
	{MODE_SHARE_UPDATE_EXCLUSIVE, MODE_SHARE_UPDATE_EXCLUSIVE, true},
	{MODE_ROW_EXCLUSIVE, MODE_ROW_EXCLUSIVE, false},
	{MODE_NONE, MODE_ACCESS_EXCLUSIVE, false},
};

START_TEST(test_conflict)
{
	ck_assert_int_eq(lock_mode_conflicts(conflicts[_i].wanted, conflicts[_i].held), conflicts[_i].conflicts);
}
END_TEST

Suite *
lock_mode_suite(void)
{
	Suite	   *suite = suite_create("lock_mode");
	TCase	   *tcase = tcase_create("lock_mode");

	tcase_add_loop_test(tcase, test_names, MODE_ACCESS_SHARE, MODE_COUNT);
	tcase_add_test(tcase, test_other_names);
	tcase_add_test(tcase, test_conflicts_are_mutual);
	tcase_add_loop_test(tcase, test_conflict, 0, sizeof(conflicts) / sizeof(conflicts[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
