/* How a database stands, and the exit status that says it. */
#include <check.h>

#include "suites.h"
#include "verdict.h"

static const struct {
	struct standing standing;
	const char *word;
	int			status;
}			cases[] = {
	{{.version = 37,.latest = 37}, "current", 0},
	{{.version = 33,.latest = 37}, "behind", 1},
	{{.version = 0,.latest = 37}, "behind", 1},
	{{.version = 39,.latest = 37}, "ahead", 2},
	{{.version = 26,.latest = 37,.half_way = true}, "half-way", 2},
	{{.version = 37,.latest = 37,.half_way = true}, "half-way", 2},
	{{.version = 26,.latest = 37,.half_way = true,.running = true}, "behind", 1},
	{{.version = 37,.latest = 37,.half_way = true,.running = true}, "behind", 1},
	{{.version = 37,.latest = 37,.differs = true}, "differs", 2},
	{{.version = 33,.latest = 37,.differs = true}, "differs", 2},
	{{.version = 39,.latest = 37,.differs = true}, "ahead", 2},
	{{.version = 39,.latest = 37,.half_way = true}, "half-way", 2},
};

START_TEST(test_verdict)
{
	enum verdict verdict = verdict_of(&cases[_i].standing);

	ck_assert_str_eq(verdict_word(verdict), cases[_i].word);
	ck_assert_int_eq(verdict_status(verdict), cases[_i].status);
}
END_TEST

Suite *
verdict_suite(void)
{
	Suite	   *suite = suite_create("verdict");
	TCase	   *tcase = tcase_create("verdict");

	tcase_add_loop_test(tcase, test_verdict, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
