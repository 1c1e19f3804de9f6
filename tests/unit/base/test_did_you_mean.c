/* Suggestions for misspelt words. */
#include <check.h>
#include <string.h>

#include "base/did_you_mean.h"
#include "unit/suites.h"

#include "base/banned.h"

static const char *const words[] = {"status", "upgrade", "downgrade", "stamp", "plan", "log", "list", "lock-timeout"};

static const struct {
	const char *word;
	const char *meant;			/* NULL: nothing is near */
}			cases[] = {
	{"upgarde", "upgrade"},		/* swapped */
	{"upgade", "upgrade"},		/* missing */
	{"upgradde", "upgrade"},	/* too much */
	{"upgrabe", "upgrade"},		/* wrong */
	{"donwgrdae", "downgrade"},
	{"lock-tiemout", "lock-timeout"},
	{"locktimeout", "lock-timeout"},
	{"stat", "status"},
	{"lst", "list"},			/* nearer than "log" */
	{"lgo", "log"},
	{"Plan", "plan"},
	{"", NULL},
	{"x", NULL},
	{"xyzzy", NULL},
	{"frobnicate", NULL},
	{"upgrade-the-archive-to-the-latest-version-now", NULL},
};

START_TEST(the_nearest_is_found)
{
	struct did_you_mean similar = {.word = cases[_i].word,.length = strlen(cases[_i].word)};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		did_you_mean_try(&similar, words[i]);
	if (cases[_i].meant)
		ck_assert_pstr_eq(similar.best, cases[_i].meant);
	else
		ck_assert_ptr_null(similar.best);
}
END_TEST

/* Only the name counts: the option's value comes after it. */
START_TEST(a_part_of_a_text)
{
	struct did_you_mean similar = {.word = "jsno=yes",.length = 4};

	did_you_mean_try(&similar, "json");
	ck_assert_pstr_eq(similar.best, "json");
	ck_assert_int_eq(similar.distance, 1);
}
END_TEST

Suite *
did_you_mean_suite(void)
{
	Suite	   *suite = suite_create("did_you_mean");
	TCase	   *tcase = tcase_create("similar");

	tcase_add_loop_test(tcase, the_nearest_is_found, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, a_part_of_a_text);
	suite_add_tcase(suite, tcase);
	return suite;
}
