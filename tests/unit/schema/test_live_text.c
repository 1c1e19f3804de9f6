/* Texts of catalogs, as facts have them. */
#include <check.h>
#include <stddef.h>

#include "base/arena.h"
#include "schema/live_parts.h"
#include "schema/live_reader.h"
#include "schema/live_text.h"
#include "unit/suites.h"

static const struct {
	const char *array;
	const char *known;
	const char *options;
	long		unknown;
}			options[] = {
	{NULL, "", NULL, 0},
	{"{}", "", NULL, 0},
	{"{fillfactor=70,autovacuum_enabled=false}", "", "autovacuum_enabled=false, fillfactor=70", 0},
	{"{\"a=it's \\\"1, 2\\\"\",b,c=}", "", "a='it''s \"1, 2\"', b, c=", 0},
	{"{n_distinct=-0.5,pg_attver=0/15A2B3C8}", "n_distinct", "n_distinct=-0.5", 0},
	{"{n_distinct=5,other=1,pg_new=2}", "n_distinct", "n_distinct=5", 2},
	{"{pg_attver=0/15A2B3C8}", "n_distinct", NULL, 0},
};

START_TEST(test_options)
{
	struct arena arena = {0};
	struct live_reader reader = {.arena = &arena};
	const char *shown = live_options(&reader, options[_i].array, options[_i].known);

	if (options[_i].options)
		ck_assert_str_eq(shown, options[_i].options);
	else
		ck_assert_ptr_null(shown);
	ck_assert_int_eq(reader.unknown_options, options[_i].unknown);
	arena_clear(&arena);
}
END_TEST

START_TEST(test_unquoted)
{
	const char *text = "a ' WHEN (' \" WHEN (\" WHEN ('it''s' = x) WHEN (";

	ck_assert_ptr_eq(live_unquoted(text, " WHEN ("), text + 21);
	ck_assert_ptr_eq(live_unquoted(text, "a"), text);
	ck_assert_ptr_null(live_unquoted(text, "s' = "));
	ck_assert_ptr_null(live_unquoted("'open WHEN", "WHEN("));
}
END_TEST

START_TEST(test_requoted)
{
	struct arena arena = {0};
	struct live_reader reader = {.arena = &arena};

	ck_assert_str_eq(live_requoted(&reader, "\"$user\", \"public\", \"other schema\""),
					 "\"$user\", public, \"other schema\"");
	ck_assert_str_eq(live_requoted(&reader, "\"a\" = 'x\"y\"', b = 5"), "a = 'x\"y\"', b = 5");
	ck_assert_str_eq(live_requoted(&reader, "\"a\"\"b\", \"select\", \"\""), "\"a\"\"b\", \"select\", \"\"");
	ck_assert_str_eq(live_requoted(&reader, "8MB"), "8MB");
	ck_assert_str_eq(live_requoted(&reader, "it's \"open"), "it's \"open");
	arena_clear(&arena);
}
END_TEST

START_TEST(test_balanced)
{
	ck_assert_uint_eq(live_balanced("(a, (b)) INCLUDE (c)"), 8);
	ck_assert_uint_eq(live_balanced("(\")\" = ')''(') x"), 14);
	ck_assert_uint_eq(live_balanced("((a)"), 4);
	ck_assert_uint_eq(live_balanced(""), 0);
}
END_TEST

START_TEST(test_keys)
{
	struct arena arena = {0};
	struct live_reader reader = {.arena = &arena};

	ck_assert_str_eq(live_keys(&reader, "CREATE INDEX \"a USING (\" ON public.t USING btree (lower(x), y DESC)"
							   " INCLUDE (z) WITH (fillfactor='50') WHERE (x > 1)"),
					 "btree (lower(x), y DESC) INCLUDE (z)");
	ck_assert_str_eq(live_keys(&reader, "EXCLUDE USING gist (a WITH =) WHERE ((b > 0))"), "gist (a WITH =)");
	ck_assert_str_eq(live_keys(&reader, NULL), "?");
	arena_clear(&arena);
}
END_TEST

Suite *
live_text_suite(void)
{
	Suite	   *suite = suite_create("live_text");
	TCase	   *tcase = tcase_create("texts");

	tcase_add_loop_test(tcase, test_options, 0, (int) (sizeof(options) / sizeof(*options)));
	tcase_add_test(tcase, test_unquoted);
	tcase_add_test(tcase, test_requoted);
	tcase_add_test(tcase, test_balanced);
	tcase_add_test(tcase, test_keys);
	suite_add_tcase(suite, tcase);
	return suite;
}
