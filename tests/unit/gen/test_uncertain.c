/* Statements whose effects are not certain after a single run. */
#include <check.h>
#include <string.h>

#include "measure/uncertain.h"
#include "unit/suites.h"

#include "base/banned.h"

static const struct {
	const char *sql;
	bool		work;
	bool		settings;
}			statements[] = {
	{"ALTER TABLE a ADD COLUMN b integer", false, false},
	{"UPDATE a SET b = CASE WHEN c THEN 1 END", false, false},
	{"SET lock_timeout = 1", false, true},
	{"select f()", false, true},
	{"CALL p()", true, true},
	{"DO $$BEGIN DROP TABLE IF EXISTS a; END$$", false, true},
	{"DO $x$BEGIN IF true THEN DROP TABLE a; END IF; END$x$", true, true},
	{"/* DO */ Do $$BEGIN /* no loop */ NULL; END$$", false, true},
	{"do language plpgsql $$BEGIN NULL; END$$", true, true},
	{"DO $$BEGIN FOR i IN 1..2 LOOP NULL; END LOOP; END$$", true, true},
	{"DO $$BEGIN EXECUTE 'DROP TABLE a'; END$$", true, true},
	{"DO 'BEGIN NULL; END'", true, true}
};

START_TEST(test_work_and_settings)
{
	const char *sql = statements[_i].sql;

	ck_assert_msg(uncertain_work(sql, strlen(sql)) == statements[_i].work, "%s", sql);
	ck_assert_msg(uncertain_settings(sql, strlen(sql)) == statements[_i].settings, "%s", sql);
}
END_TEST

static const struct {
	const char *sql;
	bool		loop;
}			loops[] = {
	{"DO $$BEGIN FOR i IN 1..2 LOOP NULL; END LOOP; END$$", true},
	{"DO 'BEGIN LOOP EXIT; END LOOP; END'", true},
	{"DO $$BEGIN /* no loop */ NULL; END$$", false},
	{"DO $$BEGIN UPDATE a SET b = 'loop'; END$$", false},
	{"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN LOOP EXIT; END LOOP; END'", false}
};

START_TEST(test_loop)
{
	ck_assert_msg(uncertain_loop(loops[_i].sql, strlen(loops[_i].sql)) == loops[_i].loop, "%s", loops[_i].sql);
}
END_TEST

Suite *
uncertain_suite(void)
{
	Suite	   *suite = suite_create("uncertain");
	TCase	   *tcase = tcase_create("uncertain");

	tcase_add_loop_test(tcase, test_work_and_settings, 0, sizeof(statements) / sizeof(statements[0]));
	tcase_add_loop_test(tcase, test_loop, 0, sizeof(loops) / sizeof(loops[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
